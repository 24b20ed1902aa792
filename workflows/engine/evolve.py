"""Folding events into the state. Every instant and number comes from the event itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.core.canonical import read_instant
from dossiers.history.events import Event
from workflows.engine import evolve_time
from workflows.engine.kinds import Kind
from workflows.engine.ownership import record_owner
from workflows.engine.state import (
    Batch,
    Handoff,
    Payment,
    Phase,
    State,
    Supplement,
    Task,
    TaskStatus,
)

Payload = dict[str, Any]
Folder = Callable[[State, Event, Payload], None]


def fold(dossier_id: UUID, events: Iterable[Event]) -> State:
    """The state after all events of a dossier, in order."""
    state = State(dossier_id)
    for event in events:
        evolve(state, event)
    return state


def evolve(state: State, event: Event) -> State:
    """Fold one event into ``state`` (changed in place) and return it."""
    _FOLDERS[event.kind](state, event, event.payload)
    state.seq = event.seq
    state.last_at = event.at
    record_owner(state, event.at)
    if event.kind == Kind.CLOCK_STARTED:
        evolve_time.reach_back(state, event)
    return state


def instant(value: str | None) -> datetime | None:
    """An instant of a payload."""
    return None if value is None else read_instant(value)


def _registered(state: State, event: Event, payload: Payload) -> None:
    state.phase = Phase.REGISTERED
    state.registered_at = event.at
    state.submitted_at = instant(payload["submitted_at"])
    state.promised_at = instant(payload.get("promised_at"))
    for name in _REGISTERED_AS_IS:
        setattr(state, name, payload[name])


_REGISTERED_AS_IS = (
    "code",
    "procedure",
    "version",
    "channel",
    "applicant",
    "applicant_kind",
    "representative",
    "desk",
    "receiving",
    "competent",
    "bindings",
    "facts",
    "papers",
    "parent",
    "parent_task",
)


def _accepted(state: State, event: Event, payload: Payload) -> None:
    state.phase = Phase.PROCESSING
    state.accepted_at = instant(payload.get("received_at")) or event.at
    state.clock.trigger = payload["trigger"]


def _closed(phase: Phase) -> Folder:
    def folder(state: State, event: Event, payload: Payload) -> None:
        state.phase = phase
        state.closed_at = event.at
        state.end = payload.get("end")
        state.positive = payload.get("positive")
        state.clock.running = False
        if phase is Phase.FINISHED:
            state.finished_at = event.at
        for task in state.live_tasks():
            task.status, task.finished_at = TaskStatus.CANCELLED, event.at
        for pause in state.pauses.values():
            if pause.closed_at is None:
                pause.closed_at = event.at

    return folder


def _returned(state: State, event: Event, payload: Payload) -> None:
    state.phase = Phase.RETURNED
    state.returned_at = event.at
    state.return_method = payload["method"]
    told = {name: payload.get(name) for name in ("receiver", "proxy", "signed")}
    state.handover = told | {"by": event.actor}


def _reopened(state: State, event: Event, payload: Payload) -> None:
    state.phase = Phase.PROCESSING
    state.closed_at = state.finished_at = state.end = state.positive = None
    state.arrivals.clear()
    state.clock.stage_done = False


def _corrected(state: State, event: Event, payload: Payload) -> None:
    for name, value in payload["set"].items():
        setattr(state, name, value)


def _migrated(state: State, event: Event, payload: Payload) -> None:
    state.version = payload["to_version"]


def _noted(state: State, event: Event, payload: Payload) -> None:
    pass


def _step_opened(state: State, event: Event, payload: Payload) -> None:
    task = Task(
        no=payload["task"],
        step=payload["step"],
        kind=payload["kind"],
        agency=payload["agency"],
        role=payload["role"],
        stage=payload["stage"],
        counted=payload["counted"],
        allotted=payload["allotted"],
        opened_at=event.at,
        opened_by=payload["opened_by"],
        status=TaskStatus(payload["status"]),
        visit=payload["visit"],
        batch=payload.get("batch"),
        sender=payload.get("sender"),
        in_transit=payload.get("in_transit", "receiver"),
        due_at=instant(payload.get("due_at")),
        fits_until=instant(payload.get("fits_until")),
        left=payload.get("left"),
        silence=payload.get("silence", "nothing"),
        asked_by=payload.get("asked_by"),
        owner=payload.get("owner", "agency"),
    )
    if task.status is TaskStatus.OPEN:
        task.received_at = event.at
    state.tasks[task.no] = task
    if task.batch is not None:
        batch = state.batches[task.batch]
        batch.tasks.append(task.no)
        if batch.to_come and batch.to_come[0] == task.agency:
            batch.to_come.pop(0)
    if payload.get("joins"):
        state.arrivals.pop(task.step, None)


def _batch_opened(state: State, event: Event, payload: Payload) -> None:
    state.batches[payload["batch"]] = Batch(
        payload["batch"], payload["step"], payload["opened_by"], [], list(payload["agencies"])
    )


def _step_taken(state: State, event: Event, payload: Payload) -> None:
    state.tasks[payload["task"]].official = payload["official"]


def _step_finished(state: State, event: Event, payload: Payload) -> None:
    task = state.tasks[payload["task"]]
    task.status = TaskStatus.DONE
    task.finished_at = event.at
    task.outcome = payload["outcome"]
    task.left = payload.get("left")
    task.verdict = payload.get("verdict")
    if payload.get("official"):
        task.official = payload["official"]
    if payload.get("result"):
        state.result = payload["result"]


def _step_cancelled(state: State, event: Event, payload: Payload) -> None:
    task = state.tasks[payload["task"]]
    task.status = TaskStatus.CANCELLED
    task.finished_at = event.at
    batch = state.batches.get(task.batch) if task.batch is not None else None
    if batch is not None and payload.get("whole_batch"):
        batch.to_come.clear()


def _step_reverted(state: State, event: Event, payload: Payload) -> None:
    for no in payload["cancels"]:
        state.tasks[no].status = TaskStatus.CANCELLED
        state.tasks[no].finished_at = event.at
        state.tasks[no].taken_back = True
    task = state.tasks[payload["task"]]
    task.status = TaskStatus.OPEN
    task.finished_at = task.outcome = task.verdict = None
    task.due_at = instant(payload["due_at"])
    task.fits_until = instant(payload["fits_until"])
    for waiting in state.arrivals.values():
        if task.no in waiting:
            waiting.remove(task.no)


def _join_reached(state: State, event: Event, payload: Payload) -> None:
    state.arrivals.setdefault(payload["step"], []).append(payload["task"])


def _facts_set(state: State, event: Event, payload: Payload) -> None:
    state.facts = {**state.facts, **payload["facts"]}


def _sent(state: State, event: Event, payload: Payload) -> None:
    task = state.tasks[payload["task"]]
    handoff = Handoff(
        no=payload["handoff"],
        task=task.no,
        from_task=payload["from_task"],
        from_agency=payload["from"],
        to_agency=payload["to"],
        sent_at=event.at,
        acknowledge_by=instant(payload["acknowledge_by"]),
    )
    state.handoffs[handoff.no] = handoff
    task.status = TaskStatus.SENT
    task.handoff = handoff.no
    task.due_at = instant(payload["due_at"])
    task.fits_until = instant(payload["fits_until"])


def _received(state: State, event: Event, payload: Payload) -> None:
    handoff = state.handoffs[payload["handoff"]]
    handoff.received_at = event.at
    handoff.received_by = payload["official"]
    handoff.verdict = payload["verdict"]
    task = state.tasks[handoff.task]
    task.status = TaskStatus.OPEN
    task.received_at = event.at
    task.due_at = instant(payload["due_at"])
    task.fits_until = instant(payload["fits_until"])
    if handoff.from_task is not None:
        state.tasks[handoff.from_task].verdict = payload["verdict"]


def _sent_back(state: State, event: Event, payload: Payload) -> None:
    handoff = state.handoffs[payload["handoff"]]
    handoff.sent_back_at = event.at
    handoff.reason = payload["reason"]
    task = state.tasks[handoff.task]
    task.status = TaskStatus.CANCELLED
    task.finished_at = event.at
    task.left = payload.get("left")


def _opinion_asked(state: State, event: Event, payload: Payload) -> None:
    pass


def _opinion_answered(state: State, event: Event, payload: Payload) -> None:
    _step_finished(state, event, payload)


def _supplement_asked(state: State, event: Event, payload: Payload) -> None:
    state.supplements[payload["no"]] = Supplement(
        no=payload["no"],
        asked_at=event.at,
        agency=payload["agency"],
        effect=payload["effect"],
        content=payload["content"],
        cap_at=instant(payload["cap_at"]),
        at_cap=payload["at_cap"],
    )


def _supplement_received(state: State, event: Event, payload: Payload) -> None:
    state.supplements[payload["no"]].received_at = event.at
    state.papers = state.papers + payload["papers"]


def _supplement_lapsed(state: State, event: Event, payload: Payload) -> None:
    state.supplements[payload["no"]].lapsed_at = event.at


def _payment_asked(state: State, event: Event, payload: Payload) -> None:
    state.payments[payload["no"]] = Payment(
        payload["no"],
        event.at,
        payload["amount"],
        payload["pauses"],
        payload["task"],
        payload["agency"],
        fee=payload.get("fee"),
    )


def _payment_confirmed(state: State, event: Event, payload: Payload) -> None:
    payment = state.payments[payload["no"]]
    payment.confirmed_at = event.at
    payment.receipt = payload["receipt"]
    if payload.get("amount") is not None:
        payment.amount = payload["amount"]


def _payment_waived(state: State, event: Event, payload: Payload) -> None:
    payment = state.payments[payload["no"]]
    payment.confirmed_at = event.at
    payment.waived = payload["reason"]


def _member_requested(state: State, event: Event, payload: Payload) -> None:
    pass


def _member_waits(waits: bool) -> Folder:
    def folder(state: State, event: Event, payload: Payload) -> None:
        state.tasks[payload["task"]].member_waits = waits

    return folder


def _files_attached(state: State, event: Event, payload: Payload) -> None:
    for item in payload["files"]:
        state.files[item["file"]] = item


def _file_removed(state: State, event: Event, payload: Payload) -> None:
    del state.files[payload["file"]]


_FOLDERS: dict[str, Folder] = {
    Kind.REGISTERED: _registered,
    Kind.ACCEPTED: _accepted,
    Kind.REFUSED: _closed(Phase.REFUSED),
    Kind.FINISHED: _closed(Phase.FINISHED),
    Kind.WITHDRAWN: _closed(Phase.WITHDRAWN),
    Kind.STOPPED: _closed(Phase.STOPPED),
    Kind.RETURNED: _returned,
    Kind.REOPENED: _reopened,
    Kind.CORRECTED: _corrected,
    Kind.MIGRATED: _migrated,
    Kind.NOTED: _noted,
    Kind.FILES_ATTACHED: _files_attached,
    Kind.FILE_REMOVED: _file_removed,
    Kind.STEP_OPENED: _step_opened,
    Kind.BATCH_OPENED: _batch_opened,
    Kind.STEP_TAKEN: _step_taken,
    Kind.STEP_FINISHED: _step_finished,
    Kind.STEP_CANCELLED: _step_cancelled,
    Kind.STEP_REVERTED: _step_reverted,
    Kind.JOIN_REACHED: _join_reached,
    Kind.FACTS_SET: _facts_set,
    Kind.SENT: _sent,
    Kind.RECEIVED: _received,
    Kind.SENT_BACK: _sent_back,
    Kind.OPINION_ASKED: _opinion_asked,
    Kind.OPINION_ANSWERED: _opinion_answered,
    Kind.OPINION_DEEMED: _opinion_answered,
    Kind.SUPPLEMENT_ASKED: _supplement_asked,
    Kind.SUPPLEMENT_RECEIVED: _supplement_received,
    Kind.SUPPLEMENT_LAPSED: _supplement_lapsed,
    Kind.PAYMENT_ASKED: _payment_asked,
    Kind.PAYMENT_CONFIRMED: _payment_confirmed,
    Kind.PAYMENT_WAIVED: _payment_waived,
    Kind.MEMBER_REQUESTED: _member_requested,
    Kind.MEMBER_WAITING: _member_waits(True),
    Kind.MEMBER_WORKING: _member_waits(False),
    **evolve_time.FOLDERS,
}
