"""The reference pages of the documentation, made from the rules and the model.

``python -m workflows.definitions.book docs`` writes ``lint-codes.md`` and ``procedure-fields.md`` into a
folder; a test holds the committed pages to it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sla.limits import Unit
from workflows.definitions import shape_errors, yaml_tree
from workflows.definitions.checks import (
    clarity,
    duration,
    facts,
    kinds,
    law,
    lint,
    parallel,
    people,
    reminders,
    shape,
    stages,
    supplements,
)
from workflows.definitions.checks.findings import Rule
from workflows.definitions.schema import json_schema, value_labels, words

CHAPTERS: tuple[tuple[str, Sequence[Rule]], ...] = (
    ("Reading the text", (*yaml_tree.RULES, *shape_errors.RULES)),
    ("The six clarities (sáu rõ)", clarity.RULES),
    ("Steps, arcs, ends", shape.RULES),
    ("Parallel branches and joins", parallel.RULES),
    ("Conditions and case facts", facts.RULES),
    ("Limits against the total", duration.RULES),
    ("Kinds of step, pauses", kinds.RULES),
    ("Stages", stages.RULES),
    ("Early warnings, handovers", reminders.RULES),
    ("Agencies, roles, decisions", people.RULES),
    ("Basis, sources, papers", law.RULES),
    ("Supplements", supplements.RULES),
    ("Waivers", lint.WAIVER_RULES),
)

_INTRODUCTION = """\
# Lint codes

What reading and checking a definition can find. Codes are stable: they are never given another meaning.

- **error**: the dossier would hang, act twice, or break the arithmetic of the promise. A definition with an
  error cannot be published.
- **warning**: probably a mistake, or a duty of the law that is missed.
- **info**: worth knowing.
- **waivable**: the source text itself may be at fault, so an officer may accept the finding by naming the
  code and a reason under `waived`; it is then shown as info with that reason. Nothing else can be waived.

Messages and hints are shown as the officer reads them; `…` stands for what they are about. This page is
generated: `python -m workflows.definitions.book docs`.
"""


_FIELDS_INTRODUCTION = """\
# Fields of a procedure definition

Every field, by the thing it belongs to; `*` marks those that must be given. How they work together stands in
[procedures.md](procedures.md). This page is generated: `python -m workflows.definitions.book docs`.
"""


def lint_codes_page() -> str:
    """Every code with its words."""
    return "\n".join((_INTRODUCTION, *_chapters()))


def fields_page() -> str:
    """Every field with its words."""
    return "\n".join((_FIELDS_INTRODUCTION, *_models(), "## Values\n", *_values()))


def write(folder: Path) -> None:
    """Write both pages."""
    (folder / "lint-codes.md").write_text(lint_codes_page(), encoding="utf-8")
    (folder / "procedure-fields.md").write_text(fields_page(), encoding="utf-8")


def _models() -> Iterator[str]:
    schema = json_schema()
    for model, fields in words().items():
        part = schema if model == "Definition" else schema["$defs"][model]
        yield f"## {model}: {fields['_'].label}\n\n{fields['_'].english}\n"
        yield "| Field | Nhãn | Ý nghĩa | Meaning |\n|---|---|---|---|"
        for field, of in fields.items():
            if field != "_":
                star = "*" if field in part.get("required", ()) else ""
                yield f"| `{field}`{star} | {of.label} | {_cell(of.text)} | {_cell(of.english)} |"
        yield ""


def _values() -> Iterator[str]:
    yield "| Where | Values |\n|---|---|"
    for name, labels in value_labels().items():
        yield f"| {name} | " + "; ".join(f"`{value}` {label}" for value, label in labels.items()) + " |"
    units = "; ".join(f"`{unit.value}` {unit.label}" for unit in Unit)
    yield f"| limit units | {units} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _chapters() -> Iterator[str]:
    for title, rules in CHAPTERS:
        yield f"## {title}\n"
        for rule in sorted(rules, key=lambda rule: rule.code):
            grade = f"{rule.severity.value}, waivable" if rule.waivable else rule.severity.value
            yield f"### {rule.code}: {rule.title} ({grade})\n"
            yield f"> {_plain(rule.says)}\n>\n> → {_plain(rule.hint)}\n"
            yield f"{_plain(rule.english)}\n"


def _plain(text: str) -> str:
    shown = re.sub(r"\{\w+\}", "…", text).replace("……", "…")
    return re.sub(r"([<*_])", r"\\\1", shown)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
