"""Parts of a definition in Vietnamese words: conditions, values, limits by case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from sla.limits import Limit
from workflows.definitions.checks.domains import facts_of
from workflows.definitions.conditions import Condition, Range
from workflows.definitions.model import Arc, CaseLimit, Definition, Fact
from workflows.definitions.schema import value_labels


def condition_text(definition: Definition, condition: Condition) -> str:
    """A condition as a clerk says it: ``Cần xác minh: có; Diện tích: từ 100 đến dưới 500``."""
    facts = facts_of(definition)
    return "; ".join(
        f"{facts[name].label if name in facts else name}: {_test_text(facts.get(name), test)}"
        for name, test in condition.items()
    )


def limit_text(definition: Definition, limit: CaseLimit) -> str:
    """A limit with its case: ``5 ngày làm việc (Cần xác minh: có)``."""
    case = condition_text(definition, limit.when)
    return f"{limit.limit.label} ({case})" if case else limit.limit.label


def limits_text(definition: Definition, limits: Sequence[CaseLimit]) -> str:
    """Limits by case, the first that fits being taken."""
    return "; ".join(limit_text(definition, limit) for limit in limits)


def limits_summary(definition: Definition, limits: Sequence[CaseLimit]) -> str:
    """Limits where room is short: of more than two cases only how long they may be."""
    if len(limits) <= 2:
        return limits_text(definition, limits)
    return " / ".join(dict.fromkeys(limit.limit.label for limit in limits)) + ", tùy trường hợp"


def arc_text(definition: Definition, arc: Arc) -> str:
    """The case in which an arc is taken, empty when always."""
    return "trường hợp còn lại" if arc.otherwise else condition_text(definition, arc.when)


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
            return "trống"
        case bool():
            return "có" if value else "không"
        case Limit():
            return value.label
        case StrEnum():
            return value_labels().get(type(value).__name__, {}).get(value.value, value.value)
        case date():
            return f"{value:%d/%m/%Y}"
        case int() if field == "amount":
            return f"{value:,} đồng".replace(",", ".")
        case Decimal():
            return format(value.normalize(), "f").replace(".", ",")
        case tuple() | list():
            return ", ".join(value_text(part, field) for part in value)
        case BaseModel():
            return ", ".join(value_text(getattr(value, name)) for name in type(value).model_fields)
        case str():
            return value_labels().get(field, {}).get(value, f"“{value}”")
    return str(value)


def _test_text(fact: Fact | None, test: Any) -> str:
    if isinstance(test, Range):
        low = f"từ {value_text(test.at_least)}" if test.at_least is not None else ""
        high = f"dưới {value_text(test.below)}" if test.below is not None else ""
        return " đến ".join(part for part in (low, high) if part)
    if isinstance(test, tuple):
        return " hoặc ".join(_test_text(fact, part) for part in test)
    if isinstance(test, bool):
        return "có" if test else "không"
    return fact.choices.get(test, test) if fact is not None and isinstance(test, str) else str(test)
