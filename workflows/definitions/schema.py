"""The JSON Schema of a definition, made from the model, with its words in Vietnamese.

``python -m workflows.definitions.schema`` writes ``procedure.schema.json`` beside this file; a test holds the
committed file to it. Reading checks a definition against the very same schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from workflows.definitions.model import Definition

SCHEMA_ID = "urn:motcua:procedure:1"
SCHEMA_FILE = Path(__file__).with_name("procedure.schema.json")
_FIELDS = Path(__file__).with_name("fields.yaml")

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What a field is called and what it means."""

    label: str
    text: str
    english: str


@cache
def words() -> Mapping[str, Mapping[str, Words]]:
    """The words of every model and field; ``_`` is the model itself."""
    return {
        model: {field: Words(*entry) for field, entry in fields.items()}
        for model, fields in _read_fields()["models"].items()
    }


@cache
def value_labels() -> Mapping[str, Mapping[str, str]]:
    """What each value of an enumeration means, by the enumeration's or the field's name."""
    labels: dict[str, dict[str, str]] = _read_fields()["values"]
    return labels


@cache
def json_schema() -> Schema:
    """The schema of a definition as it is written, short forms included. Not to be changed by the caller."""
    made = Definition.model_json_schema(mode="validation")
    parts: Schema = made.pop("$defs")
    for name, part in ({"Definition": made} | parts).items():
        _describe(name, part)
        for node in _nodes(part):
            _close_keys(node)
    parts["Range"]["minProperties"] = 1
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **made,
        "$defs": parts,
    }


def schema_text() -> str:
    """The schema as the committed file holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def write(path: Path = SCHEMA_FILE) -> None:
    """Write the schema to its file."""
    path.write_text(schema_text(), encoding="utf-8")


@cache
def _read_fields() -> Schema:
    read: Schema = yaml.safe_load(_FIELDS.read_text(encoding="utf-8"))
    return deepcopy(read)


def _describe(name: str, part: Schema) -> None:
    """Put the Vietnamese words in the place of the generated English ones."""
    if "enum" in part:
        labels = value_labels()[name]
        part["description"] = "; ".join(f"{value}: {labels[value]}" for value in part["enum"])
        part.pop("title", None)
        return
    of = words()[name]
    part["title"], part["description"] = of["_"].label, of["_"].text
    for field, node in part.get("properties", {}).items():
        node["title"], node["description"] = of[field].label, of[field].text


def _close_keys(node: Schema) -> None:
    """Make a map from ids to something refuse keys that are no ids."""
    patterns = node.pop("patternProperties", None)
    if patterns is not None:
        (pattern, of_values) = next(iter(patterns.items()))
        node["propertyNames"] = {"pattern": pattern, "description": node["propertyNames"]["description"]}
        node["additionalProperties"] = of_values


def _nodes(node: Any) -> Iterator[Schema]:
    if isinstance(node, dict):
        yield node
        for value in list(node.values()):
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)


if __name__ == "__main__":
    write()
