"""The course of a dossier as a picture: a lane for each agency, a stop for each task, what is still to come.

Left to right is the order of work. What is to come is the shortest way from the work at hand to an end at
which the applicant gets what was asked; it is a guess, and drawn as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dossiers.agencies.directory import Directory
from workflows.engine.plan import Plan
from workflows.engine.state import State, Task, TaskStatus
from workflows.views.folded import Folded


@dataclass(frozen=True, slots=True)
class Stop:
    """A task, or a step still to come (``task`` is None then). ``state``: done, cancelled, current, waiting
    (not at its agency yet) or ahead. ``column`` and ``lane`` say where it is drawn."""

    name: str
    agency: str
    state: str
    column: int
    lane: int
    task: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """From one stop to the next, by their places in the list of stops."""

    source: int
    target: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The whole picture. ``lanes`` are the names of the agencies, top to bottom."""

    lanes: list[str]
    stops: list[Stop]
    ways: list[Way]
    columns: int


def course_of(folded: Folded) -> Course:
    """The course of a folded dossier."""
    return _Drawn(folded.state, folded.plan, folded.reference.directory).course()


class _Drawn:
    def __init__(self, state: State, plan: Plan, directory: Directory) -> None:
        self.state, self.plan, self.directory = state, plan, directory
        self.lanes: dict[str, int] = {}
        self.taken: set[tuple[int, int]] = set()
        self.stops: list[Stop] = []
        self.ways: list[Way] = []
        self.at: dict[int, int] = {}

    def course(self) -> Course:
        for task in self.state.tasks.values():
            self._task(task)
        if not self.state.phase.is_closed:
            self._ahead()
        columns = max((stop.column for stop in self.stops), default=-1) + 1
        return Course(list(self.lanes), self.stops, self.ways, columns)

    def _task(self, task: Task) -> None:
        source = self.at.get(task.opened_by or 0)
        step = self.plan.steps.get(task.step)
        name = step.name if step else task.step
        state = {
            TaskStatus.DONE: "done",
            TaskStatus.CANCELLED: "cancelled",
            TaskStatus.OPEN: "current",
        }.get(task.status, "waiting")
        place = self._place(name, self.directory.name(task.agency), state, source, task.no, task.visit > 1)
        self.at[task.no] = place
        if source is not None:
            self.ways.append(Way(source, place, ahead=False))

    def _ahead(self) -> None:
        live = self.state.live_tasks() if self.state.tasks else []
        if not live:
            source, path = None, [self.plan.first.id, *_path(self.plan, self.plan.first.id, self._facts())]
        else:
            last = max(live, key=lambda task: self.stops[self.at[task.no]].column)
            source, path = self.at[last.no], _path(self.plan, last.step, self._facts())
        for step_id in path:
            step = self.plan.steps[step_id]
            bound = self.state.bindings.get(step.agency, [])
            participant = self.plan.definition.participants.get(step.agency)
            agency = self.directory.name(bound[0]) if bound else participant.name if participant else ""
            place = self._place(step.name, agency, "ahead", source)
            if source is not None:
                self.ways.append(Way(source, place, ahead=True))
            source = place

    def _facts(self) -> Mapping[str, Any]:
        state = self.state
        return {**state.facts, "channel": state.channel, "applicant": state.applicant_kind}

    def _place(
        self,
        name: str,
        agency: str,
        state: str,
        source: int | None,
        task: int | None = None,
        again: bool = False,
    ) -> int:
        lane = self.lanes.setdefault(agency, len(self.lanes))
        column = self.stops[source].column + 1 if source is not None else 0
        while (column, lane) in self.taken:
            column += 1
        self.taken.add((column, lane))
        self.stops.append(Stop(name, agency, state, column, lane, task, again))
        return len(self.stops) - 1


def _path(plan: Plan, start: str, facts: Mapping[str, Any]) -> list[str]:
    """The steps after ``start`` on the shortest way to a positive end."""
    before: dict[str, str] = {}
    queue = [start]
    for step_id in queue:
        for target in _targets(plan, step_id, facts):
            end = plan.definition.ends.get(target)
            if end is not None and end.positive:
                return list(reversed(list(_back(before, step_id, start))))
            if target in plan.steps and target not in before and target != start:
                before[target] = step_id
                queue.append(target)
    return []


def _targets(plan: Plan, step_id: str, facts: Mapping[str, Any]) -> Iterator[str]:
    for way in plan.steps[step_id].ways:
        for arc in plan.arcs_taken(way, {**facts, **way.sets}):
            yield arc.to


def _back(before: Mapping[str, str], step_id: str, start: str) -> Iterator[str]:
    while step_id != start:
        yield step_id
        step_id = before[step_id]
