"""Facts about a case: checked against what the definition says they may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dossiers.core.errors import BadInput
from dossiers.core.said import Said, joined
from workflows.definitions.model import Definition, Fact, FactType


def check_facts(definition: Definition, facts: Mapping[str, Any]) -> None:
    """Refuse facts the definition does not know (``fact_unknown``) or of the wrong type (``fact_wrong``)."""
    for name, value in facts.items():
        fact = definition.case.get(name)
        if fact is None:
            raise BadInput(
                Said(
                    "Thủ tục {definition} không có thông tin “{name}”.", definition=definition.code, name=name
                ),
                code="fact_unknown",
                where=f"facts.{name}",
                hint=Said(
                    "Các thông tin có thể nêu: {known}.",
                    known=joined(", ", definition.case) or Said("không có"),
                ),
            )
        if not _fits(fact, value):
            raise BadInput(
                Said("“{fact}” không nhận giá trị {value}.", fact=fact.label, value=repr(value)),
                code="fact_wrong",
                where=f"facts.{name}",
                hint=_expected(fact),
            )


def with_defaults(definition: Definition, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts given, completed by the definition's defaults."""
    defaults = {name: fact.default for name, fact in definition.case.items() if fact.default is not None}
    return {**defaults, **facts}


def _fits(fact: Fact, value: Any) -> bool:
    match fact.type:
        case FactType.BOOL:
            return isinstance(value, bool)
        case FactType.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return value in fact.choices


def _expected(fact: Fact) -> str:
    match fact.type:
        case FactType.BOOL:
            return Said("Nêu true hoặc false.")
        case FactType.NUMBER:
            return Said("Nêu một số nguyên.")
        case _:
            return Said(
                "Chọn một trong: {known}",
                known=joined(", ", (f"{key} ({label})" for key, label in fact.choices.items())),
            )
