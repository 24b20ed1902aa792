"""What a case fact can be: a few values that stand for all, so that conditions can be tried out.

Of the whole numbers, those at every threshold and beside it are tried and one is kept of those that all
conditions judge alike. The engine's own ``holds`` judges. None stands for "not known": a fact without a
default may reach a condition unanswered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import floor
from typing import Any

from dossiers.core.said import Said, joined
from workflows.definitions.conditions import Condition, Range, holds
from workflows.definitions.graph import Graph
from workflows.definitions.model import CaseLimit, Channel, Definition, Fact, FactType

Value = bool | Decimal | str | None

MOST_ASSIGNMENTS = 5_000
"""Beyond this many combinations of answers the checks stop trying them all."""

LARGEST_NUMBER = 10**15
"""No fact of a case is larger; a threshold beyond it is never reached."""

APPLICANTS: dict[str, str] = {"person": Said("cá nhân"), "organisation": Said("tổ chức")}
CHANNELS = {
    Channel.DIRECT: Said("trực tiếp"),
    Channel.ONLINE: Said("trực tuyến"),
    Channel.POSTAL: Said("bưu chính"),
    Channel.KIOSK: Said("ki-ốt"),
}
BUILTIN: Mapping[str, Fact] = {
    "channel": Fact(
        label=Said("Kênh nộp"),
        type=FactType.CHOICE,
        choices={key.value: name for key, name in CHANNELS.items()},
    ),
    "applicant": Fact(label=Said("Người nộp"), type=FactType.CHOICE, choices=APPLICANTS),
}
"""Facts every dossier has, usable in conditions beside the definition's own."""


@dataclass(frozen=True, slots=True)
class Use:
    """A condition and where it stands."""

    where: str
    condition: Condition


def facts_of(definition: Definition) -> dict[str, Fact]:
    """The facts a condition may ask for."""
    return {**definition.case, **BUILTIN}


def conditions_of(definition: Definition, graph: Graph) -> Iterator[Use]:
    """Every condition of the definition, where it stands, in the order of the definition."""
    for edge in (*graph.edges, *graph.dangling):
        yield Use(f"{edge.where}.when", edge.arc.when)
    for number, paper in enumerate(definition.papers):
        yield Use(f"papers[{number}].when", paper.when)
    for number, fee in enumerate(definition.fees):
        yield Use(f"fees[{number}].when", fee.when)
    for where, limits in case_limits(definition):
        for number, limit in enumerate(limits):
            yield Use(f"{where}[{number}].when", limit.when)


def case_limits(definition: Definition) -> Iterator[tuple[str, tuple[CaseLimit, ...]]]:
    """Every list of limits with where it stands: of the total, of the stages, of the steps."""
    yield "limits", definition.limits
    for number, stage in enumerate(definition.stages):
        yield f"stages[{number}].limits", stage.limits
    for number, step in enumerate(definition.steps):
        yield f"steps[{number}].limit", step.limit


class Domains:
    """The values that stand for all, per fact."""

    def __init__(self, definition: Definition, graph: Graph) -> None:
        tests: dict[str, list[Any]] = {}
        for use in conditions_of(definition, graph):
            for name, test in use.condition.items():
                tests.setdefault(name, []).append(test)
        for step in definition.steps:
            for way in step.ways:
                for name, value in way.sets.items():
                    tests.setdefault(name, []).append(value)
        self._values: dict[str, tuple[Value, ...]] = {
            name: _values(fact, tests.get(name, []), known=name in BUILTIN)
            for name, fact in facts_of(definition).items()
        }
        channels = tuple(dict.fromkeys(channel.value for channel in definition.channels))
        self._values["channel"] = channels or self._values["channel"]

    def of(self, name: str) -> tuple[Value, ...]:
        """The values of a fact; an unknown name can only be unknown."""
        return self._values.get(name, (None,))

    def size(self, names: Iterable[str]) -> int:
        """How many assignments the facts have together."""
        count = 1
        for name in names:
            count *= len(self.of(name))
        return count

    def assignments(self, names: Iterable[str], known: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
        """Every way to answer the named facts, beside those already known."""
        asked = [name for name in dict.fromkeys(names) if name not in known]
        for values in product(*(self.of(name) for name in asked)):
            yield {**known, **dict(zip(asked, values, strict=True))}

    def left_out(self, conditions: Sequence[Condition]) -> dict[str, Value] | None:
        """Answers for which no condition holds, all known if possible; None when one always does."""
        asked = list(dict.fromkeys(name for condition in conditions for name in condition))
        if any(not condition for condition in conditions) or self.size(asked) > MOST_ASSIGNMENTS:
            return None
        found = None
        for answers in self.assignments(asked, {}):
            if not any(holds(condition, answers) for condition in conditions):
                if None not in answers.values():
                    return answers
                found = found or answers
        return found

    def can_hold(self, condition: Condition) -> bool:
        """Whether the condition holds for some answers."""
        return all(
            any(holds({name: test}, {name: v}) for v in self.of(name)) for name, test in condition.items()
        )


def settle(value: Any) -> Value:
    """A value of a definition in the form the domains use."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def told(definition: Definition, facts: Mapping[str, Value], only: Iterable[str] | None = None) -> str:
    """Facts as a clerk reads them: ``Cần xác minh: có; Kênh nộp: trực tuyến``."""
    known = facts_of(definition)
    parts = []
    for name in dict.fromkeys(facts if only is None else only):
        if name in facts:
            fact = known.get(name)
            label = fact.label if fact is not None else name
            parts.append(Said("{label}: {told}", label=label, told=_told(fact, facts[name])))
    return joined("; ", parts) or Said("mọi trường hợp")


def _told(fact: Fact | None, value: Value) -> str:
    if value is None:
        return Said("chưa biết")
    if isinstance(value, bool):
        return Said("có") if value else Said("không")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    return fact.choices.get(value, value) if fact is not None else value


def _values(fact: Fact, tests: list[Any], *, known: bool) -> tuple[Value, ...]:
    values: tuple[Value, ...]
    match fact.type:
        case FactType.BOOL:
            values = (False, True)
        case FactType.CHOICE:
            values = tuple(fact.choices)
        case FactType.NUMBER:
            values = _whole_numbers(tests)
    if values and (known or fact.default is not None):
        return values
    return (*values, None)


def _whole_numbers(tests: list[Any]) -> tuple[Value, ...]:
    points = sorted({point for test in tests for point in _thresholds(test)})
    tried = sorted({floor(point) + beside for point in points for beside in (-1, 0, 1, 2)} or {0})
    kept: dict[tuple[bool, ...], Decimal] = {}
    for number in map(Decimal, tried):
        kept.setdefault(tuple(holds({"": test}, {"": number}) for test in tests), number)
    return tuple(sorted(kept.values()))


def _thresholds(test: Any) -> Iterator[Decimal]:
    for part in test if isinstance(test, tuple) else (test,):
        if isinstance(part, Range):
            bounds = (bound for bound in (part.at_least, part.below) if bound is not None)
            yield from (bound for bound in bounds if abs(bound) <= LARGEST_NUMBER)
        elif isinstance(part, int) and not isinstance(part, bool) and abs(part) <= LARGEST_NUMBER:
            yield Decimal(part)
