"""Conditions of a definition: plain data that an officer can read and a program can check.

``{verification: true, channel: [online, kiosk], area_m2: {at_least: 100, below: 500}}`` holds when every
named fact holds. A list means "one of". There is no other logic; use two arcs for "or".
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

Scalar = bool | int | Decimal | str
Facts = Mapping[str, Any]


class Range(BaseModel):
    """A number from ``at_least`` (included) to ``below`` (not included)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: Decimal | None = None
    below: Decimal | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Range:
        if self.at_least is None and self.below is None:
            raise ValueError("khoảng số cần at_least hoặc below")
        return self

    def holds(self, value: Any) -> bool:
        """Whether the value lies in the range."""
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return False
        return (self.at_least is None or value >= self.at_least) and (
            self.below is None or value < self.below
        )


Test = Range | bool | int | str | tuple[bool | int | str, ...]
Condition = dict[str, Test]


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether every test of the condition holds; a fact that is not known fails its test."""
    return all(_passes(test, facts.get(name)) for name, test in condition.items())


def _passes(test: Test, value: Any) -> bool:
    if isinstance(test, Range):
        return test.holds(value)
    if isinstance(test, tuple):
        return any(_same(option, value) for option in test)
    return _same(test, value)


def _same(expected: Any, value: Any) -> bool:
    # True == 1 in Python, but "true" and "1" are different answers on a form.
    return isinstance(expected, bool) == isinstance(value, bool) and bool(expected == value)
