"""The way a dossier really took, as stretches of counted time, for splitting a lateness among agencies.

The way is found backwards: the task that finished last was opened by the end of another, and so on. Of
parallel branches only the one that decided the finish lies on it. Time on the way that does not count for
its own task (an applicant's step while another branch still ran) is carried by whoever owned the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sla.attribution import Leg
from sla.limits import parse_limit
from sla.working_time import WorkingCalendar
from workflows.engine.measures import allotment_minutes, measured
from workflows.engine.plan import allotted_minutes
from workflows.engine.state import Span, State, Task, TaskStatus


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of time one agency had one task, and the minutes allotted to it by opening that task."""

    since: datetime
    until: datetime
    agency: str
    task: int
    step: str


@dataclass(frozen=True, slots=True)
class Way:
    """The legs of the way with the slice each came from."""

    legs: tuple[Leg, ...]
    slices: tuple[Slice, ...]


def counted_spans(state: State, since: datetime, until: datetime) -> list[Span]:
    """The stretches from ``since`` to ``until`` in which the clock counted."""
    spans = []
    for span in state.spans:
        start, end = max(span.since, since), min(span.until or until, until)
        if span.owner.counted and start < end:
            spans.append(Span(span.no, start, span.owner, end))
    return spans


def counted_minutes(
    state: State, calendar: WorkingCalendar, measure: str, since: datetime, until: datetime
) -> int:
    """Minutes that counted from ``since`` to ``until``."""
    return sum(
        measured(calendar, measure, span.since, span.until or until)
        for span in counted_spans(state, since, until)
    )


def way(
    state: State,
    calendar: WorkingCalendar,
    measure: str,
    since: datetime,
    until: datetime,
    last: int | None = None,
) -> Way:
    """The legs of the way taken from ``since`` to ``until``, to the task ``last`` when it decided the end.

    1. Follow the tasks back from the one that decided where the dossier is now.
    2. Cut the time of each into who really had it: sender or receiver in transit, a consulted agency.
    3. Keep only what counted, and give each step its allotment once.
    """
    chain = _chain(state, since, last)
    slices = _clip(_slices(state, chain, until), since, until)
    kept: list[Slice] = []
    for span in counted_spans(state, since, until):
        kept.extend(_within(state, span, slices))
    merged = _merge(kept)
    return Way(_legs(state, calendar, measure, merged), tuple(merged))


def _chain(state: State, since: datetime, last: int | None) -> list[Task]:
    task = state.tasks[last] if last is not None else _at_work(state) or _last_done(state)
    chain: list[Task] = []
    while task is not None:
        chain.append(task)
        reaches_back = task.opened_at > since and task.opened_by is not None
        task = state.tasks[task.opened_by] if reaches_back and task.opened_by is not None else None
    return chain[::-1]


def _at_work(state: State) -> Task | None:
    """The live task that owns the clock, or the oldest one."""
    live = [task for task in state.live_tasks() if task.asked_by is None]
    owner = state.spans[-1].owner.task if state.spans else None
    return next((task for task in live if task.no == owner), next(iter(live), None))


def _last_done(state: State) -> Task | None:
    ended = [task for task in state.tasks.values() if task.finished_at and task.asked_by is None]
    done = [task for task in ended if task.status is TaskStatus.DONE] or ended
    return max(done, key=lambda task: (task.finished_at or task.opened_at, task.no), default=None)


def _slices(state: State, chain: list[Task], until: datetime) -> list[Slice]:
    slices: list[Slice] = []
    for index, task in enumerate(chain):
        end = chain[index + 1].opened_at if index + 1 < len(chain) else until
        before = chain[index - 1] if index else None
        handoff = state.handoffs.get(task.handoff) if task.handoff is not None else None
        start = task.opened_at
        if handoff is not None and before is not None:
            own_from = handoff.sent_at
            if task.in_transit == "sender":
                own_from = handoff.received_at or handoff.sent_back_at or end
            own_from = min(own_from, end)
            slices.append(Slice(start, own_from, before.agency, before.no, before.step))
            start = own_from
        elif task.status is TaskStatus.READY and before is not None:
            slices.append(Slice(start, end, before.agency, before.no, before.step))
            continue
        slices.extend(_with_opinions(state, task, start, end))
    return slices


def _with_opinions(state: State, task: Task, start: datetime, end: datetime) -> list[Slice]:
    """The task's own time, with the time it waited for ad-hoc opinions cut out.

    Of opinions asked together, the one that came last carries the wait.
    """
    slices: list[Slice] = []
    asked = sorted(
        (item for item in state.tasks.values() if item.asked_by == task.no), key=lambda item: item.opened_at
    )
    waits: list[tuple[datetime, datetime, Task]] = []
    for item in asked:
        answered = min(item.finished_at or end, end)
        if waits and item.opened_at <= waits[-1][1]:
            if answered > waits[-1][1]:
                waits[-1] = (waits[-1][0], answered, item)
        else:
            waits.append((item.opened_at, answered, item))
    for opened, answered, item in waits:
        slices.append(Slice(start, opened, task.agency, task.no, task.step))
        slices.append(Slice(opened, answered, item.agency, item.no, item.step))
        start = answered
    slices.append(Slice(start, end, task.agency, task.no, task.step))
    return slices


def _clip(slices: list[Slice], since: datetime, until: datetime) -> list[Slice]:
    clipped = []
    for item in slices:
        start, end = max(item.since, since), min(item.until, until)
        if start < end:
            clipped.append(Slice(start, end, item.agency, item.task, item.step))
    return clipped


def _within(state: State, span: Span, slices: list[Slice]) -> list[Slice]:
    """The slices inside a counted span; gaps and uncounted tasks fall to the span's owner."""
    owner = state.tasks.get(span.owner.task) if span.owner.task is not None else None
    mine: list[Slice] = []
    at, end = span.since, span.until or span.since
    for item in slices:
        start, stop = max(item.since, at), min(item.until, end)
        if start >= stop or not _counts(state, item):
            continue
        if start > at:
            mine.append(_owned(span, owner, at, start))
        mine.append(Slice(start, stop, item.agency, item.task, item.step))
        at = stop
    if at < end:
        mine.append(_owned(span, owner, at, end))
    return mine


def _counts(state: State, item: Slice) -> bool:
    return state.tasks[item.task].counted


def _owned(span: Span, owner: Task | None, since: datetime, until: datetime) -> Slice:
    return Slice(since, until, span.owner.agency or "", owner.no if owner else 0, owner.step if owner else "")


def _merge(slices: list[Slice]) -> list[Slice]:
    merged: list[Slice] = []
    for item in slices:
        last = merged[-1] if merged else None
        if last and last.until == item.since and (last.agency, last.task) == (item.agency, item.task):
            merged[-1] = Slice(last.since, item.until, last.agency, last.task, last.step)
        else:
            merged.append(item)
    return merged


def _legs(state: State, calendar: WorkingCalendar, measure: str, slices: list[Slice]) -> tuple[Leg, ...]:
    last_of = {(item.agency, item.step): index for index, item in enumerate(slices)}
    granted: set[tuple[str, str]] = set()
    lent = _lent(state, calendar, measure, slices)
    legs = []
    for index, item in enumerate(slices):
        key = (item.agency, item.step)
        allotted = 0
        if key not in granted:
            granted.add(key)
            task = state.tasks.get(item.task)
            allotted = _allotted(calendar, measure, task) - lent.get(item.task, 0)
        used = measured(calendar, measure, item.since, item.until)
        legs.append(Leg(item.agency, item.step, used, allotted, last_of[key] == index))
    return tuple(legs)


def _lent(state: State, calendar: WorkingCalendar, measure: str, slices: list[Slice]) -> dict[int, int]:
    """Minutes a task gave from its allotment to the ad-hoc opinions that lie on the way."""
    lent: dict[int, int] = {}
    for number in {item.task for item in slices}:
        task = state.tasks.get(number)
        if task is not None and task.asked_by is not None:
            lent[task.asked_by] = lent.get(task.asked_by, 0) + _allotted(calendar, measure, task)
    return lent


def _allotted(calendar: WorkingCalendar, measure: str, task: Task | None) -> int:
    if task is None or task.allotted is None:
        return 0
    limit = parse_limit(task.allotted)
    if measure == "elapsed":
        minutes = allotment_minutes(calendar, limit)
        if limit.unit.counts_working_time:
            minutes = minutes * 24 * 60 // calendar.version.day_minutes
        return minutes
    return allotted_minutes(limit, calendar.version.day_minutes)
