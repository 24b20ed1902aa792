"""The published schema: current, described, and the same law as reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

import workflows.catalogue
from dossiers.agencies.models import Role
from tests.workflows.definitions.base import BASE_YAML, PARALLEL_STEPS
from tests.workflows.definitions.strategies import definitions
from workflows.definitions import model
from workflows.definitions.book import CHAPTERS, fields_page, lint_codes_page
from workflows.definitions.checks.findings import Severity
from workflows.definitions.checks.lint import RULES, lint
from workflows.definitions.conditions import Range
from workflows.definitions.model import Definition
from workflows.definitions.reading import load_definition, read_definition
from workflows.definitions.schema import SCHEMA_FILE, json_schema, schema_text, value_labels, words

SHIPPED = sorted(Path(workflows.catalogue.__path__[0]).glob("*.yaml"))
DOCS = Path(__file__).parents[3] / "docs"


def complaints(data: Any) -> list[str]:
    """What the schema has against the data."""
    validator = Draft202012Validator(json_schema(), format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(data)]


def read_plainly(text: str) -> Any:
    """YAML as any other tool reads it, days as text."""

    class DaysAsText(yaml.SafeLoader):
        pass

    DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)
    return yaml.load(text, Loader=DaysAsText)


def test_the_committed_schema_is_the_current_one() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "run: python -m workflows.definitions.schema"
    )


def test_the_committed_reference_pages_are_the_current_ones() -> None:
    hint = "run: python -m workflows.definitions.book docs"
    assert (DOCS / "lint-codes.md").read_text(encoding="utf-8") == lint_codes_page(), hint
    assert (DOCS / "procedure-fields.md").read_text(encoding="utf-8") == fields_page(), hint


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_definition_is_valid_for_any_tool(path: Path) -> None:
    assert complaints(read_plainly(path.read_text(encoding="utf-8"))) == []
    load_definition(path)


def test_short_forms_are_valid() -> None:
    data = read_plainly(BASE_YAML)
    assert complaints(data) == []
    assert complaints(data | {"steps": read_plainly(PARALLEL_STEPS)}) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": 1.001193},
        {"participants": {"Mot-Cua": {"name": "x", "kind": "y"}}},
        {"effective_from": "2026-02-30"},
        {"unknown": 1},
        {"steps": []},
        {"limits": [{"limit": "3"}]},
        {"papers": [{"id": "a", "name": "A", "when": {"so": {}}}]},
    ],
)
def test_what_reading_refuses_the_schema_refuses(wrong: dict[str, Any]) -> None:
    assert complaints(read_plainly(BASE_YAML) | wrong)


@given(definitions())
def test_what_is_stored_is_valid_too(definition: Definition) -> None:
    assert complaints(definition.model_dump(mode="json")) == []


def test_every_field_and_value_has_vietnamese_words() -> None:
    parts = json_schema()["$defs"] | {"Definition": json_schema()}
    models = {name: part for name, part in parts.items() if "properties" in part}
    assert set(words()) == set(models)
    for name, part in models.items():
        assert set(words()[name]) == {"_", *part["properties"]}
        for node in (part, *part["properties"].values()):
            assert node["title"] and node["description"]
    for name, part in parts.items():
        if "enum" in part:
            assert list(value_labels()[name]) == part["enum"]


def test_the_words_are_about_the_model_as_it_is() -> None:
    of_model = {name: getattr(model, name) for name in words() if name != "Range"} | {"Range": Range}
    for name, fields in words().items():
        assert set(fields) - {"_"} == set(of_model[name].model_fields)
    assert set(value_labels()["Role"]) == set(Role)


def test_every_code_stands_in_the_documentation_once() -> None:
    codes = [rule.code for _, rules in CHAPTERS for rule in rules]
    assert len(codes) == len(set(codes))
    assert set(RULES) <= set(codes)


def test_the_example_of_the_documentation_is_read_and_nothing_grave_is_found() -> None:
    text = (DOCS / "procedures.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    definition = read_definition(text, name="docs/procedures.md")
    assert [finding for finding in lint(definition) if finding.severity is not Severity.INFO] == []
