"""Making promises: numbered appointments, each with the moments at which to warn and to apologise."""

from __future__ import annotations

from datetime import datetime

from sla.deadline import Deadline, Pause, due
from sla.limits import Limit
from sla.working_time import WorkingCalendar
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.measures import allotment_end, allotment_left
from workflows.engine.plan import allotted_minutes
from workflows.engine.state import Promise, State, Task


def calendar_of(draft: Draft) -> WorkingCalendar:
    """The calendar the dossier's own promise is counted by: the competent agency's."""
    return draft.env.working_time(draft.state.competent)


def promise(draft: Draft, kind: str, base: datetime, *, replaces: list[int] | None = None) -> Promise | None:
    """Make the judged promise of the running stage, counted from ``base``; none without a limit."""
    state = draft.state
    limit = draft.plan.stage_limit(state.clock.stage or "", draft.conditions)
    if state.promised_at is not None:
        return _make(draft, kind, base, state.promised_at, replaces=replaces)
    if limit is None:
        return None
    deadline = deadline_of(draft, limit, base)
    if deadline.due_at is None:
        return None
    return _make(
        draft,
        kind,
        base,
        deadline.due_at,
        provisional=deadline.provisional,
        limit=str(limit),
        measure="working" if limit.unit.counts_working_time else "elapsed",
        replaces=replaces,
    )


def recast(draft: Draft, kind: str) -> Promise | None:
    """Compute the running judged promise anew, after the case or the calendar changed.

    A promise that was broken stays broken; when the date does not move there is no new promise.
    """
    judged = draft.state.judged_promise()
    base = draft.state.clock.window_from
    if judged is None or judged.status != "running" or base is None or draft.state.promised_at:
        return None
    limit = draft.plan.stage_limit(judged.stage, draft.conditions)
    if limit is None:
        return None
    deadline = deadline_of(draft, limit, base)
    if deadline.due_at == judged.due_at and deadline.provisional == judged.provisional:
        return None
    return promise(draft, kind, base, replaces=[judged.no])


def repeat(draft: Draft, old: Promise, due_at: datetime, kind: str) -> Promise:
    """A promise in place of ``old`` with another date, otherwise alike."""
    return _make(
        draft,
        kind,
        old.base,
        due_at,
        limit=old.limit,
        measure=old.measure,
        judged=old.judged,
        replaces=[old.no],
    )


def reappoint(draft: Draft, old: Promise, due_at: datetime) -> Promise:
    """The one re-appointment the law allows: a promise beside the judged one, which stays as it was."""
    calendar = calendar_of(draft)
    provisional = calendar.to_local(due_at).date() > calendar.version.official_until
    return _make(
        draft, "reappointment", old.base, due_at, provisional=provisional, measure=old.measure, judged=False
    )


def _make(
    draft: Draft,
    kind: str,
    base: datetime,
    due_at: datetime,
    *,
    provisional: bool = False,
    limit: str | None = None,
    measure: str = "working",
    judged: bool = True,
    replaces: list[int] | None = None,
) -> Promise:
    state = draft.state
    calendar = calendar_of(draft)
    day = calendar.version.day_minutes
    current = state.current_promise()
    number = len(state.promises) + 1
    rungs = [
        calendar.subtract(due_at, minutes=allotted_minutes(warning, day))
        for warning in draft.plan.definition.warnings
    ]
    draft.emit(
        Kind.PROMISE_MADE,
        promise=number,
        kind=kind,
        stage=state.clock.stage,
        limit=limit,
        base=base,
        due_at=due_at,
        provisional=provisional,
        calendar=calendar.id,
        supersedes=current.no if current else None,
        judged=judged,
        measure=measure,
        ladder=sorted(rung for rung in rungs if rung > draft.at),
        apology_at=max(calendar.subtract(due_at, minutes=day), draft.at),
        replaces=replaces or [],
        fits={
            str(task.no): fits_until(draft, task.step, task.due_at, due_at)
            for task in state.live_tasks()
            if task.counts and task.asked_by is None and task.step in draft.plan.steps
        },
    )
    return state.promises[number]


def deadline_of(draft: Draft, limit: Limit, base: datetime) -> Deadline:
    """The deadline of a limit from ``base``, with every pause of the dossier since."""
    rule = draft.plan.definition.clock
    return due(
        base,
        limit,
        rule.rule,
        calendar_of(draft),
        pauses=pauses_since(draft.state, base),
        outside_hours=rule.outside_hours,
        day_end=rule.day_end,
    )


def pauses_since(state: State, base: datetime) -> tuple[Pause, ...]:
    """The closed pauses of the running count, as the calculus wants them."""
    return tuple(
        Pause(max(item.opened_at, base), item.closed_at, reason=item.reason, basis=item.basis)
        for item in state.pauses.values()
        if item.closed_at is not None and item.closed_at > base
    )


def fits_until(draft: Draft, step: str, step_due_at: datetime | None, due_at: datetime) -> datetime:
    """Until when a task may go on and the steps after it still fit before the appointment.

    When even the task's own date leaves no room for them, it does not fit from the start.
    """
    calendar = calendar_of(draft)
    to_come = draft.plan.minutes_to_come(step, draft.conditions, calendar.version.day_minutes)
    latest = calendar.subtract(due_at, minutes=to_come) if to_come else due_at
    if step_due_at is not None and step_due_at > latest:
        return draft.at
    return latest


def step_due(draft: Draft, agency: str, allotted: str | None, left: int | None = None) -> datetime | None:
    """When a step is due at an agency: what is left of its allotment, or all of it, from now."""
    if allotted is None:
        return None
    return allotment_end(draft.env.working_time(agency), draft.at, allotted, left)


def minutes_left(draft: Draft, task: Task) -> int | None:
    """What is left of a task's allotment now, in minutes of its own measure; negative when overrun."""
    if task.due_at is None:
        return task.left
    return allotment_left(draft.env.working_time(task.agency), draft.at, task.due_at, task.allotted)
