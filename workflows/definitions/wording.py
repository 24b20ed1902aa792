"""Parts of a definition in Vietnamese words: conditions, values, limits by case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from dossiers.core.said import Said, joined, thousands
from sla.limits import Limit
from workflows.definitions.checks.domains import facts_of
from workflows.definitions.conditions import Condition, Range
from workflows.definitions.model import Arc, CaseLimit, Definition, Fact
from workflows.definitions.schema import value_labels


def condition_text(definition: Definition, condition: Condition) -> str:
    """A condition as a clerk says it: ``Cần xác minh: có; Diện tích: từ 100 đến dưới 500``."""
    facts = facts_of(definition)
    return joined(
        "; ",
        (
            Said(
                "{fact}: {test}",
                fact=facts[name].label if name in facts else name,
                test=_test_text(facts.get(name), test),
            )
            for name, test in condition.items()
        ),
    )


def limit_text(definition: Definition, limit: CaseLimit) -> str:
    """A limit with its case: ``5 ngày làm việc (Cần xác minh: có)``."""
    case = condition_text(definition, limit.when)
    return Said("{limit} ({case})", limit=limit.limit.label, case=case) if case else limit.limit.label


def limits_text(definition: Definition, limits: Sequence[CaseLimit]) -> str:
    """Limits by case, the first that fits being taken."""
    return joined("; ", (limit_text(definition, limit) for limit in limits))


def limits_summary(definition: Definition, limits: Sequence[CaseLimit]) -> str:
    """Limits where room is short: of more than two cases only how long they may be."""
    if len(limits) <= 2:
        return limits_text(definition, limits)
    return joined(" / ", dict.fromkeys(limit.limit.label for limit in limits)) + Said(", tùy trường hợp")


def arc_text(definition: Definition, arc: Arc) -> str:
    """The case in which an arc is taken, empty when always."""
    return Said("trường hợp còn lại") if arc.otherwise else condition_text(definition, arc.when)


def target_text(definition: Definition, target: str) -> str:
    """The name of a step or an end."""
    for step in definition.steps:
        if step.id == target:
            return step.name.strip() or target
    end = definition.ends.get(target)
    return (end.name.strip() if end is not None else "") or target


def value_text(value: Any, field: str = "") -> str:
    """A plain value as a clerk reads it. ``field`` tells apart words that are no enumeration."""
    match value:
        case None | "" | ():
            return Said("trống")
        case bool():
            return Said("có") if value else Said("không")
        case Limit():
            return value.label
        case StrEnum():
            return value_labels().get(type(value).__name__, {}).get(value.value, value.value)
        case date():
            return f"{value:%d/%m/%Y}"
        case int() if field == "amount":
            return Said("{amount} đồng", amount=thousands(value))
        case Decimal():
            return format(value.normalize(), "f").replace(".", ",")
        case tuple() | list():
            return joined(", ", (value_text(part, field) for part in value))
        case BaseModel():
            return joined(", ", (value_text(getattr(value, name)) for name in type(value).model_fields))
        case str():
            return value_labels().get(field, {}).get(value, Said("“{value}”", value=value))
    return str(value)


def _test_text(fact: Fact | None, test: Any) -> str:
    if isinstance(test, Range):
        low = Said("từ {low}", low=value_text(test.at_least)) if test.at_least is not None else ""
        high = Said("dưới {high}", high=value_text(test.below)) if test.below is not None else ""
        return joined(Said(" đến "), (part for part in (low, high) if part))
    if isinstance(test, tuple):
        return joined(Said(" hoặc "), (_test_text(fact, part) for part in test))
    if isinstance(test, bool):
        return Said("có") if test else Said("không")
    return fact.choices.get(test, test) if fact is not None and isinstance(test, str) else str(test)
