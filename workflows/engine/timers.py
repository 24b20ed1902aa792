"""What time will bring to a dossier: every moment at which the monitor has something to do.

Derived from the state alone, so the next moment can be stored on the dossier's row and found by an index:
the monitor never looks at a dossier before its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from workflows.engine.state import Phase, Promise, State, TaskStatus

LATE_AFTER = timedelta(minutes=1)
"""The whole last minute is in time."""


class Duty(IntEnum):
    """What falls due, in the order in which things due at the same moment are done."""

    NEARLY_DUE = 1
    ASK_APOLOGY = 2
    DEEM_CONSENT = 3
    STEP_OVERDUE = 4
    NOT_ACKNOWLEDGED = 5
    SUPPLEMENT_LAPSE = 6
    BREAK_PROMISE = 7
    UNSIGNED_APOLOGY = 8
    DO_AUTOMATIC = 9


@dataclass(frozen=True, slots=True, order=True)
class Timer:
    """A duty, when it falls due and what it is about; ``key`` is unique in the dossier."""

    at: datetime
    duty: Duty
    ref: int
    rung: int = 0

    @property
    def key(self) -> str:
        """The key under which an alert is recorded once."""
        return f"{self.duty.name.lower()}:{self.ref}" + (f":{self.rung}" if self.rung else "")


def timers(state: State) -> Iterator[Timer]:
    """Every duty still to come, in no order."""
    if state.phase is Phase.PROCESSING:
        yield from _promise_timers(state)
        yield from _task_timers(state)
        yield from _handoff_timers(state)
    supplement = state.open_supplement()
    if supplement is not None and supplement.cap_at is not None and not state.phase.is_closed:
        yield Timer(supplement.cap_at + LATE_AFTER, Duty.SUPPLEMENT_LAPSE, supplement.no)
    for apology in state.apologies.values():
        if apology.is_open and apology.unsigned_fault is None:
            yield Timer(apology.sign_by + LATE_AFTER, Duty.UNSIGNED_APOLOGY, apology.no)


def next_timer(state: State) -> Timer | None:
    """The duty that falls due first."""
    return min(timers(state), default=None)


def _promise_timers(state: State) -> Iterator[Timer]:
    current = state.current_promise()
    if current is not None and current.status == "running":
        for rung, warn_at in enumerate(current.ladder, start=1):
            timer = Timer(warn_at, Duty.NEARLY_DUE, current.no, rung)
            if timer.key not in state.alerts:
                yield timer
        ask_at = _ask_apology_at(state, current)
        if ask_at is not None:
            yield Timer(ask_at, Duty.ASK_APOLOGY, current.no)
    for promise in (state.judged_promise(), state.reappointment()):
        if promise is not None and promise.status == "running":
            yield Timer(promise.due_at + LATE_AFTER, Duty.BREAK_PROMISE, promise.no)


def _ask_apology_at(state: State, promise: Promise) -> datetime | None:
    """When what is left no longer fits, but not before one working day ahead of the appointment."""
    if promise.apology is not None or promise.apology_at is None:
        return None
    fits = [task.fits_until for task in state.live_tasks() if task.counts and task.fits_until is not None]
    if not fits:
        return None
    return promise.apology_at if min(fits) <= promise.apology_at else min(fits) + LATE_AFTER


def _task_timers(state: State) -> Iterator[Timer]:
    waits = state.open_supplement() is not None or state.pausing_payment() is not None
    for task in state.live_tasks():
        if task.kind == "automatic" and not waits:
            yield Timer(task.opened_at, Duty.DO_AUTOMATIC, task.no)
        if task.due_at is None or task.status is TaskStatus.READY:
            continue
        duty = Duty.DEEM_CONSENT if task.silence == "consent" else Duty.STEP_OVERDUE
        timer = Timer(task.due_at + LATE_AFTER, duty, task.no)
        if timer.key not in state.alerts:
            yield timer


def _handoff_timers(state: State) -> Iterator[Timer]:
    for handoff in state.handoffs.values():
        if handoff.received_at or handoff.sent_back_at or handoff.acknowledge_by is None:
            continue
        if state.tasks[handoff.task].status is not TaskStatus.SENT:
            continue
        timer = Timer(handoff.acknowledge_by + LATE_AFTER, Duty.NOT_ACKNOWLEDGED, handoff.no)
        if timer.key not in state.alerts:
            yield timer
