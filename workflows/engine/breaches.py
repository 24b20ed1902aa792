"""What lateness sets off: broken promises, the apology owed, the heads who answer, the split of minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sla.attribution import Leg, split
from sla.deadline import is_late
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.legs import counted_minutes, way
from workflows.engine.measures import allotment_end, measured, to_minute
from workflows.engine.ownership import holder_of
from workflows.engine.promising import calendar_of
from workflows.engine.state import Fault, Promise, Task


def break_promise(draft: Draft, promise: Promise) -> None:
    """A promise is broken: log the head of the agency that caused it and ask for the apology owed."""
    state = draft.state
    draft.emit(Kind.PROMISE_BROKEN, promise=promise.no, due_at=promise.due_at)
    agency, task = causer(draft, promise)
    if promise.apology is None:
        ask_apology(draft, promise, "broken")
    kind = "late" if promise.judged else "broken_reappointment"
    open_fault(draft, kind, promise, agency, task, promise.due_at, apology=state.promises[promise.no].apology)


def ask_apology(draft: Draft, promise: Promise, because: str) -> None:
    """Ask for the one letter owed for a promise: of the agency that caused it, for the holder to know.

    Asked in good time, it must be signed before the appointment passes; asked when the promise is already
    broken, within one working day. Only a judged promise can be re-appointed, and only once.
    """
    state = draft.state
    calendar = calendar_of(draft)
    agency, task = causer(draft, promise)
    in_time = not is_late(draft.at, promise.due_at)
    sign_by = promise.due_at if in_time else calendar.add(draft.at, minutes=calendar.version.day_minutes)
    again = any(not each.judged for each in state.promises.values() if each.stage == promise.stage)
    draft.emit(
        Kind.APOLOGY_ASKED,
        no=len(state.apologies) + 1,
        promise=promise.no,
        agency=agency,
        holder=_holder(draft),
        task=task.no if task else None,
        because=because,
        sign_by=sign_by,
        can_reappoint=promise.judged and not again,
    )


def withdraw_apologies(draft: Draft, promises: Iterable[int]) -> None:
    """Letters not yet signed for promises that were kept, or replaced, are no longer owed."""
    for apology in list(draft.state.apologies.values()):
        if apology.promise in promises and apology.is_open:
            draft.emit(Kind.APOLOGY_WITHDRAWN, no=apology.no)


def open_fault(
    draft: Draft,
    kind: str,
    promise: Promise,
    agency: str,
    task: Task | None,
    instant: datetime,
    *,
    apology: int | None = None,
    minutes: int | None = None,
) -> None:
    """Enter in the ledger who headed the agency at ``instant``, and who stood above."""
    head = draft.env.directory.head_at(agency, instant)
    above = draft.env.directory.superior_head_at(agency, instant)
    draft.emit(
        Kind.FAULT_OPENED,
        no=len(draft.state.faults) + 1,
        kind=kind,
        promise=promise.no,
        agency=agency,
        task=task.no if task else None,
        step=task.step if task else None,
        instant=instant,
        head=head.official,
        capacity=head.capacity.value,
        up_agency=above.agency if above else None,
        up_head=above.official if above else None,
        apology=apology,
        minutes=minutes,
    )


def settle_lateness(draft: Draft, promise: Promise, last: int | None = None) -> None:
    """Split the lateness of a broken promise, now that it is fulfilled, and settle the ledger by it."""
    if promise.settled_at is not None:
        return
    state, calendar = draft.state, calendar_of(draft)
    since = _window(draft, promise)
    late = counted_minutes(state, calendar, promise.measure, to_minute(promise.due_at), draft.at)
    taken = way(state, calendar, promise.measure, since, draft.at, last)
    shares = [
        {
            "agency": taken.slices[share.leg].agency if share.leg is not None else None,
            "task": taken.slices[share.leg].task if share.leg is not None else None,
            "step": taken.slices[share.leg].step if share.leg is not None else None,
            "minutes": share.minutes,
            "since": _overran_at(draft, taken.slices[share.leg].since, share.after, promise.measure)
            if share.leg is not None
            else None,
        }
        for share in split(taken.legs, late)
    ]
    draft.emit(Kind.LATENESS_SPLIT, promise=promise.no, minutes=late, shares=shares)
    _settle_faults(draft, state.promises[promise.no])


def _settle_faults(draft: Draft, promise: Promise) -> None:
    """One entry per agency with its minutes; an agency named at first that had no part is settled at none."""
    minutes: dict[str, int] = {}
    first: dict[str, dict[str, object]] = {}
    for share in promise.shares:
        if share["agency"] is not None:
            minutes[share["agency"]] = minutes.get(share["agency"], 0) + share["minutes"]
            first.setdefault(share["agency"], share)
    kind = "late" if promise.judged else "broken_reappointment"
    open_ones = _faults_of(draft, promise, kind)
    for fault in open_ones:
        draft.emit(Kind.FAULT_SETTLED, no=fault.no, minutes=minutes.pop(fault.agency, 0))
    for agency, amount in minutes.items():
        share = first[agency]
        task = draft.state.tasks.get(int(str(share["task"])))
        instant = datetime.fromisoformat(str(share["since"]))
        open_fault(draft, kind, promise, agency, task, instant, apology=promise.apology, minutes=amount)


def _faults_of(draft: Draft, promise: Promise, kind: str) -> list[Fault]:
    return [
        fault for fault in draft.state.faults.values() if fault.promise == promise.no and fault.kind == kind
    ]


def causer(draft: Draft, promise: Promise) -> tuple[str, Task | None]:
    """The agency that has the largest part in the lateness to be expected, else whoever holds the file.

    What each has used so far is taken as it is; everything still to come is taken at its allotment.
    """
    state, calendar = draft.state, calendar_of(draft)
    holder = _holder(draft)
    task = _task_at_work(draft)
    since = _window(draft, promise)
    taken = way(state, calendar, promise.measure, since, draft.at)
    ahead = _ahead(draft, task)
    left = measured(calendar, promise.measure, draft.at, promise.due_at)
    past = counted_minutes(state, calendar, promise.measure, to_minute(promise.due_at), draft.at)
    legs = [*taken.legs, Leg(holder, "", ahead, ahead, True)]
    parts: dict[str, int] = {}
    for share in split(legs, past + ahead - left):
        if share.leg is not None and share.leg < len(taken.slices):
            agency = taken.slices[share.leg].agency
            parts[agency] = parts.get(agency, 0) + share.minutes
    if not parts:
        return holder, task
    agency = max(parts, key=lambda code: (parts[code], code == holder))
    own = [item for item in taken.slices if item.agency == agency]
    return agency, state.tasks.get(own[-1].task) if own else task


def _ahead(draft: Draft, task: Task | None) -> int:
    """Minutes still to come at their allotment: the rest of the step at hand and the steps after it."""
    if task is None or task.step not in draft.plan.steps:
        return 0
    calendar = calendar_of(draft)
    to_come = draft.plan.minutes_to_come(task.step, draft.conditions, calendar.version.day_minutes)
    if task.due_at is None or task.due_at <= draft.at:
        return to_come
    return to_come + calendar.between(draft.at, task.due_at)


def _task_at_work(draft: Draft) -> Task | None:
    spans = draft.state.spans
    number = spans[-1].owner.task if spans else None
    return draft.state.tasks.get(number) if number is not None else None


def _holder(draft: Draft) -> str:
    task = _task_at_work(draft)
    if task is not None:
        return holder_of(draft.state, task)
    return draft.state.competent or draft.state.desk


def _window(draft: Draft, promise: Promise) -> datetime:
    return max(promise.base, draft.state.clock.window_from or promise.base)


def _overran_at(draft: Draft, since: datetime, after: int, measure: str) -> datetime:
    """The instant at which a leg had used its allotment."""
    unit = "working_hour" if measure == "working" else "clock_hour"
    return allotment_end(calendar_of(draft), since, f"1 {unit}", after)
