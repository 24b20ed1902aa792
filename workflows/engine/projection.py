"""Rows a state stands for: a pure function of the state, so they can always be made again and compared."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.records.models import (
    DossierAgencyRow,
    DossierRow,
    HandoffRow,
    PaymentRow,
    SupplementRow,
    TaskRow,
)
from dossiers.records.statuses import Status
from sla.records.models import (
    AlertRow,
    ApologyRow,
    FaultRow,
    LedgerEntryRow,
    PauseRow,
    PromiseRow,
    ShareRow,
    SpanRow,
)
from workflows.engine.ownership import owner_of
from workflows.engine.parties import agencies_of
from workflows.engine.state import OwnerKind, Phase, State
from workflows.engine.timers import Duty, next_timer

Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]
"""Rows by table name and, within a table, by key after the dossier's id."""

DERIVED = (
    DossierRow,
    DossierAgencyRow,
    TaskRow,
    HandoffRow,
    SupplementRow,
    PaymentRow,
    PromiseRow,
    ShareRow,
    PauseRow,
    SpanRow,
    AlertRow,
    ApologyRow,
    FaultRow,
    LedgerEntryRow,
)
"""The tables derived from history; parents before children."""


def rows(state: State, head_hash: str) -> Rows:
    """Every derived row of a dossier. ``head_hash`` is the hash of its last event."""
    if state.phase is Phase.NEW:
        return {}
    return {
        "dossiers": {(): _dossier(state, head_hash)},
        "dossier_agencies": {(agency,): {"agency": agency} for agency in sorted(agencies_of(state))},
        "tasks": {
            (task.no,): _fields(task, _TASK) | {"status": task.status.value} for task in state.tasks.values()
        },
        "handoffs": {(item.no,): _fields(item, _HANDOFF) for item in state.handoffs.values()},
        "supplements": {
            (item.no,): _fields(item, _SUPPLEMENT) | {"content": UUID(item.content["text"])}
            for item in state.supplements.values()
        },
        "payments": {(item.no,): _fields(item, _PAYMENT) for item in state.payments.values()},
        "promises": {(item.no,): _fields(item, _PROMISE) for item in state.promises.values()},
        "lateness_shares": _shares(state),
        "pauses": {
            (item.no,): _fields(item, _PAUSE) | {"owner": item.owner.value} for item in state.pauses.values()
        },
        "clock_spans": {
            (span.no,): {
                "no": span.no,
                "owner": span.owner.kind.value,
                "agency": span.owner.agency,
                "task": span.owner.task,
                "counted": span.owner.counted,
                "since": span.since,
                "until": span.until,
            }
            for span in state.spans
        },
        "alerts": {(key,): _alert(key, alert) for key, alert in state.alerts.items()},
        "apologies": {
            (item.no,): _fields(item, _APOLOGY) | {"reason": _text(item.reason)}
            for item in state.apologies.values()
        },
        "faults": {(item.no,): _fields(item, _FAULT) for item in state.faults.values()},
        "ledger_entries": {
            (fault.no, entry.no): {
                "fault": fault.no,
                "no": entry.no,
                "kind": entry.kind,
                "at": entry.at,
                "actor": entry.by,
                "minutes": entry.minutes,
                "text": _text(entry.text),
            }
            for fault in state.faults.values()
            for entry in fault.entries
        },
    }


def status_of(state: State) -> Status:
    """The national status that follows from where the dossier stands."""
    closed = {
        Phase.REFUSED: Status.NOT_ACCEPTED,
        Phase.WITHDRAWN: Status.WITHDRAWN,
        Phase.STOPPED: Status.STOPPED,
        Phase.FINISHED: Status.FINISHED,
        Phase.RETURNED: Status.RETURNED,
    }.get(state.phase)
    if closed is not None:
        return closed
    if state.open_supplement() is not None:
        return Status.SUPPLEMENT_ASKED
    if state.phase is Phase.REGISTERED:
        return Status.NEW
    live = [task for task in state.live_tasks() if task.asked_by is None]
    if state.pausing_payment() is not None or (live and all(task.kind == "payment" for task in live)):
        return Status.PAYMENT_ASKED
    at_work = any(
        task.received_at is not None and not (task.agency == state.desk and task.role == "receptionist")
        for task in state.tasks.values()
    )
    return Status.PROCESSING if at_work else Status.ACCEPTED


def _dossier(state: State, head_hash: str) -> Row:
    owner = owner_of(state)
    current, judged = state.current_promise(), state.judged_promise()
    timer = next_timer(state)
    shown = current if current is not None and current.status != "suspended" else None
    return {
        "code": state.code,
        "procedure": state.procedure,
        "version": state.version,
        "applicant": UUID(state.applicant) if state.applicant else None,
        "representative": UUID(state.representative) if state.representative else None,
        "channel": state.channel,
        "desk": state.desk,
        "competent": state.competent,
        "parent": UUID(state.parent) if state.parent else None,
        "status": int(status_of(state)),
        "phase": state.phase.value,
        "owner": owner.kind.value,
        "holder": owner.agency if owner.kind in (OwnerKind.AGENCY, OwnerKind.OUTSIDE) else None,
        "counting": owner.counted,
        "registered_at": state.registered_at,
        "accepted_at": state.accepted_at,
        "due_at": shown.due_at if shown else None,
        "judged_due_at": judged.due_at if judged else None,
        "provisional": current.provisional if current else False,
        "late_since": _late_since(state),
        "warned_at": _warned_at(state),
        "late_minutes": _late_minutes(state),
        "finished_at": state.finished_at,
        "closed_at": state.closed_at,
        "returned_at": state.returned_at,
        "return_method": state.return_method,
        "positive": state.positive,
        "next_duty_at": timer.at if timer else None,
        "seq": state.seq,
        "head_hash": head_hash,
    }


def _late_since(state: State) -> Any:
    broken = [item.due_at for item in state.promises.values() if item.judged and item.broken_at]
    return min(broken, default=None)


def _warned_at(state: State) -> Any:
    """When it was first noticed that an appointment which still runs is nearly due."""
    running = tuple(
        f"{Duty.NEARLY_DUE.name.lower()}:{item.no}:"
        for item in state.promises.values()
        if item.status == "running"
    )
    return min((alert["at"] for key, alert in state.alerts.items() if key.startswith(running)), default=None)


def _late_minutes(state: State) -> int | None:
    minutes = [
        item.late_minutes for item in state.promises.values() if item.judged and item.late_minutes is not None
    ]
    return sum(minutes) if minutes else None


def _shares(state: State) -> dict[tuple[Any, ...], Row]:
    return {
        (promise.no, number): {
            "promise": promise.no,
            "no": number,
            "agency": share["agency"],
            "step": share["step"],
            "task": share["task"],
            "minutes": share["minutes"],
            "since": _instant(share["since"]),
        }
        for promise in state.promises.values()
        for number, share in enumerate(promise.shares, start=1)
    }


def _alert(key: str, alert: Row) -> Row:
    return {
        "key": key,
        "kind": alert["kind"],
        "agency": alert["agency"],
        "task": alert["task"],
        "due_at": _instant(alert["due_at"]),
        "raised_at": alert["at"],
    }


def _instant(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _text(ref: dict[str, str] | None) -> UUID | None:
    return UUID(ref["text"]) if ref else None


def _fields(item: Any, names: tuple[str, ...]) -> Row:
    return {name: getattr(item, name) for name in names}


def _columns(model: Any, *leave_out: str) -> tuple[str, ...]:
    return tuple(
        column.name for column in model.__table__.columns if column.name not in ("dossier_id", *leave_out)
    )


_TASK = _columns(TaskRow)
_HANDOFF = _columns(HandoffRow)
_SUPPLEMENT = _columns(SupplementRow, "content")
_PAYMENT = _columns(PaymentRow)
_PROMISE = _columns(PromiseRow)
_PAUSE = _columns(PauseRow, "owner")
_APOLOGY = _columns(ApologyRow, "reason")
_FAULT = _columns(FaultRow)
