"""Exactly one owner of the clock at every instant."""

from __future__ import annotations

from datetime import UTC, datetime

from workflows.engine.state import Owner, OwnerKind, Phase, Span, State, Task, TaskStatus

NOBODY = Owner(OwnerKind.NOBODY)
_APPLICANT = Owner(OwnerKind.APPLICANT)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def owner_of(state: State) -> Owner:
    """Who owns the clock now.

    1. Nobody, once the dossier is closed.
    2. The applicant, while a supplement or a payment is awaited.
    3. Among live tasks whose time counts, the one due last: it is expected to decide when the dossier can
       go on. Ties go to the older task.
    4. Otherwise whoever does the uncounted work; the desk before any step was opened.
    """
    if state.phase is Phase.NEW or state.phase.is_closed:
        return NOBODY
    if state.open_supplement() or state.pausing_payment():
        return _APPLICANT
    live = [task for task in state.live_tasks() if task.asked_by is None]
    counting = [task for task in live if task.counts]
    if counting:
        critical = max(counting, key=lambda task: (task.due_at or _LONG_AGO, -task.no))
        return Owner(OwnerKind.AGENCY, holder_of(state, critical), critical.no, state.clock.running)
    if live:
        return _uncounted_owner(live[0], state)
    return Owner(OwnerKind.AGENCY, state.desk)


def holder_of(state: State, task: Task) -> str:
    """The agency that holds a task: in transit whom the hand-over rule says, else whoever it waits for."""
    if task.status is TaskStatus.READY:
        return task.sender or task.agency
    if task.status is TaskStatus.SENT:
        return (task.sender or task.agency) if task.in_transit == "sender" else task.agency
    consulted = state.opinions_for(task)
    if consulted:
        return max(consulted, key=lambda item: (item.due_at or _LONG_AGO, -item.no)).agency
    return task.agency


def _uncounted_owner(task: Task, state: State) -> Owner:
    if task.owner == "applicant" or task.member_waits:
        return Owner(OwnerKind.APPLICANT, task=task.no)
    if task.owner == "outside":
        return Owner(OwnerKind.OUTSIDE, task.agency, task.no)
    return Owner(OwnerKind.AGENCY, holder_of(state, task), task.no)


def record_owner(state: State, at: datetime) -> None:
    """Append to the spans when the owner changed; what changes twice in one instant leaves one span."""
    owner = owner_of(state)
    spans = state.spans
    if not spans:
        if owner.kind is not OwnerKind.NOBODY:
            spans.append(Span(1, at, owner))
        return
    last = spans[-1]
    if last.until is None and last.owner == owner:
        return
    if last.since == at and last.until is None:
        spans.pop()
        if spans and spans[-1].until == at and spans[-1].owner == owner:
            spans[-1].until = None
            return
    elif last.until is None:
        last.until = at
    if owner.kind is not OwnerKind.NOBODY:
        spans.append(Span(len(spans) + 1, at, owner))
