"""The ledger of heads: explain, acknowledge, close, correct. Every word is a new entry."""

from __future__ import annotations

from dossiers.agencies.models import Role
from dossiers.core.errors import Conflict
from dossiers.core.said import Said
from workflows.commands import AcknowledgeFault, CloseFault, CorrectFault, ExplainFault
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.state import Fault

_HEADS = (Role.HEAD, Role.LEADER)


def explain_fault(draft: Draft, command: ExplainFault) -> None:
    """The head of the agency, or who was head at the time, explains."""
    fault = _open_fault(draft, command.fault)
    _require_head(draft, fault, Said("Giải trình"))
    draft.emit(Kind.FAULT_EXPLAINED, no=fault.no, text=draft.text(command.text))


def acknowledge_fault(draft: Draft, command: AcknowledgeFault) -> None:
    """The head takes the entry on."""
    fault = _open_fault(draft, command.fault)
    _require_head(draft, fault, Said("Xác nhận trách nhiệm"))
    if any(entry.kind == "acknowledged" for entry in fault.entries):
        raise Conflict("Mục này đã được xác nhận.", code="already_acknowledged", where=f"fault {fault.no}")
    draft.emit(Kind.FAULT_ACKNOWLEDGED, no=fault.no)


def close_fault(draft: Draft, command: CloseFault) -> None:
    """The superior closes the entry; never before the minutes are known."""
    fault = _open_fault(draft, command.fault)
    _require_superior(draft, fault, Said("Khép lại mục theo dõi"))
    if fault.minutes is None and fault.kind != "unsigned_apology":
        raise Conflict(
            "Hồ sơ chưa xong nên chưa rõ số phút trễ; chưa khép lại được.",
            code="not_settled",
            where=f"fault {fault.no}",
        )
    draft.emit(Kind.FAULT_CLOSED, no=fault.no, text=draft.text(command.text))


def correct_fault(draft: Draft, command: CorrectFault) -> None:
    """The superior corrects the minutes; what was entered before stays to be read."""
    fault = _open_fault(draft, command.fault)
    _require_superior(draft, fault, Said("Đính chính sổ trách nhiệm"))
    draft.emit(Kind.FAULT_CORRECTED, no=fault.no, minutes=command.minutes, text=draft.text(command.text))


def _open_fault(draft: Draft, number: int) -> Fault:
    fault = draft.state.faults.get(number)
    if fault is None:
        raise Conflict(
            Said("Hồ sơ không có mục trách nhiệm số {number}.", number=number),
            code="fault_unknown",
            where=f"fault {number}",
        )
    if fault.closed_at is not None:
        raise Conflict("Mục này đã khép lại.", code="fault_closed", where=f"fault {number}")
    return fault


def _require_head(draft: Draft, fault: Fault, what: str) -> None:
    if draft.actor.kind == "official" and draft.actor.id == fault.head:
        return
    draft.require(_HEADS, fault.agency, what)


def _require_superior(draft: Draft, fault: Fault, what: str) -> None:
    draft.require(_HEADS, fault.up_agency or fault.agency, what)
