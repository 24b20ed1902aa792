"""A definition made ready for deciding: steps by id, what can be reached from where, time still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sla.limits import Limit, Unit
from workflows.definitions.conditions import Facts, holds
from workflows.definitions.graph import Graph
from workflows.definitions.model import Arc, CaseLimit, Definition, Outcome, Stage, Step

DEFAULT_STAGE = "main"
_FAR = 1 << 60


class Plan:
    """A compiled definition. Immutable; made once per version and kept."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps: dict[str, Step] = {step.id: step for step in definition.steps}
        self.first = definition.steps[0]
        self.stages: tuple[Stage, ...] = definition.stages or (
            (Stage(id=DEFAULT_STAGE, name=definition.name, limits=definition.limits),)
            if definition.limits
            else ()
        )
        self.stage_order = {stage.id: index for index, stage in enumerate(self.stages)}
        self._upstream = Graph(definition).upstream
        self._to_come: dict[tuple[Any, ...], dict[str, int]] = {}

    def stage_of(self, step: Step) -> str:
        """The stage a step belongs to."""
        return step.stage or (self.stages[0].id if self.stages else DEFAULT_STAGE)

    def stage_limit(self, stage_id: str, facts: Facts) -> Limit | None:
        """The limit of a stage for this case; None when no case of the definition fits."""
        stage = next((stage for stage in self.stages if stage.id == stage_id), None)
        return first_limit(stage.limits, facts) if stage else None

    def step_limit(self, step: Step, facts: Facts) -> Limit | None:
        """The limit of a step for this case."""
        return first_limit(step.limit, facts)

    def may_still_reach(self, steps: Set[str], join: str) -> bool:
        """Whether work at any of these steps may still arrive at the join. Going back to an earlier step to
        do the parallel work again does not count: the join would wait for itself."""
        return not steps.isdisjoint(self._upstream[join])

    def outcome(self, step: Step, outcome_id: str) -> Outcome | None:
        """The outcome of a step by id."""
        return next((way for way in step.ways if way.id == outcome_id), None)

    def arcs_taken(self, outcome: Outcome, facts: Facts) -> list[Arc]:
        """The arcs an outcome takes: every one whose condition holds, else those marked ``otherwise``."""
        taken = [arc for arc in outcome.next if not arc.otherwise and holds(arc.when, facts)]
        return taken or [arc for arc in outcome.next if arc.otherwise]

    def minutes_to_come(self, step_id: str, facts: Mapping[str, Any], day_minutes: int) -> int:
        """Working minutes allotted to the steps after this one, on the shortest way to the stage's end."""
        key = (day_minutes, tuple(sorted((name, str(value)) for name, value in facts.items())))
        if key not in self._to_come:
            self._to_come[key] = self._shortest(facts, day_minutes)
        return self._to_come[key].get(step_id, 0)

    def _shortest(self, facts: Facts, day_minutes: int) -> dict[str, int]:
        """For every step, the minutes after it: the best outcome, of its parallel arcs the longest.

        Relaxed until nothing gets shorter, so that doing a step again never counts as the shortest way.
        """
        own = {step.id: self._own_minutes(step, facts, day_minutes) for step in self.steps.values()}
        ways = {
            step.id: [[arc.to for arc in self.arcs_taken(outcome, facts)] for outcome in step.ways]
            for step in self.steps.values()
        }
        known: dict[str, int] = {}
        changed = True
        while changed:
            changed = False
            for step_id, outcomes in ways.items():
                stage = self.stage_of(self.steps[step_id])
                found = [
                    max((self._through(target, stage, own, known) for target in targets), default=0)
                    for targets in outcomes
                    if all(self._is_known(target, stage, known) for target in targets)
                ]
                if found and min(found) < known.get(step_id, _FAR):
                    known[step_id] = min(found)
                    changed = True
        return known

    def _own_minutes(self, step: Step, facts: Facts, day_minutes: int) -> int:
        limit = self.step_limit(step, facts) if step.counted else None
        return allotted_minutes(limit, day_minutes) if limit else 0

    def _is_known(self, target: str, stage: str, known: Mapping[str, int]) -> bool:
        return target in known or self._leaves(target, stage)

    def _leaves(self, target: str, stage: str) -> bool:
        return target not in self.steps or self.stage_of(self.steps[target]) != stage

    def _through(self, target: str, stage: str, own: Mapping[str, int], known: Mapping[str, int]) -> int:
        return 0 if self._leaves(target, stage) else own[target] + known[target]


def first_limit(limits: Sequence[CaseLimit], facts: Facts) -> Limit | None:
    """The first limit whose condition holds."""
    return next((case.limit for case in limits if holds(case.when, facts)), None)


def allotted_minutes(limit: Limit, day_minutes: int) -> int:
    """An allotment in working minutes; a limit in calendar units counts only the office hours it holds.

    Calendar units are brought to working minutes by the ratio of a five-day week, good enough to compare
    what is left with what is to come; deadlines themselves never use it.
    """
    per_unit = {
        Unit.WORKING_HOUR: 60,
        Unit.WORKING_DAY: day_minutes,
        Unit.SAME_DAY: day_minutes,
        Unit.CLOCK_HOUR: day_minutes * 5 / 7 / 24,
        Unit.CALENDAR_DAY: day_minutes * 5 / 7,
        Unit.WEEK: day_minutes * 5,
        Unit.MONTH: day_minutes * 22,
        Unit.YEAR: day_minutes * 250,
    }[limit.unit]
    return int(limit.amount * int(per_unit * 1000)) // 1000
