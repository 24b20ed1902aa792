"""Apologies: drafted by who holds the file, signed by the head who answers, with the one new date."""

from __future__ import annotations

from datetime import datetime

from dossiers.agencies.models import Capacity, Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said
from sla.lines import moment
from workflows.commands import DraftApology, Reappoint, ReturnApology, SignApology
from workflows.engine import breaches, promising
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.measures import to_minute
from workflows.engine.state import Apology, Promise, TextRef


def draft_apology(draft: Draft, command: DraftApology) -> None:
    """Propose the reason and the new date, from the agency that apologises or the one that holds the file."""
    apology = _owed(draft, command.apology)
    agency = apology.holder if draft.actor.agency == apology.holder else apology.agency
    draft.require((Role.OFFICER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER), agency, Said("Soạn thư xin lỗi"))
    new_due_at = _checked_date(draft, apology, command.new_due_at)
    draft.emit(Kind.APOLOGY_DRAFTED, no=apology.no, reason=draft.text(command.reason), new_due_at=new_due_at)


def sign_apology(draft: Draft, command: SignApology) -> None:
    """Sign: the letter stands, and its date becomes the re-appointment."""
    apology = _owed(draft, command.apology)
    draft.require((Role.HEAD, Role.LEADER), apology.agency, Said("Ký thư xin lỗi"))
    reason = draft.text(command.reason) if command.reason else apology.reason
    if reason is None:
        raise BadInput("Thư xin lỗi phải nêu lý do.", code="reason_needed", where="reason")
    new_due_at = _checked_date(draft, apology, command.new_due_at) or apology.new_due_at
    _sign(draft, apology, reason, new_due_at)


def return_apology(draft: Draft, command: ReturnApology) -> None:
    """Send what was proposed back, with the reason; it is to be proposed anew."""
    apology = _owed(draft, command.apology)
    draft.require((Role.HEAD, Role.LEADER), apology.agency, Said("Trả lại bản soạn thư xin lỗi"))
    if apology.reason is None:
        raise Conflict(
            Said("Thư xin lỗi số {apology} chưa có bản soạn để trả lại.", apology=apology.no),
            code="apology_not_drafted",
            where=f"apology {apology.no}",
        )
    draft.emit(Kind.APOLOGY_RETURNED, no=apology.no, reason=draft.text(command.reason))


def reappoint(draft: Draft, command: Reappoint) -> None:
    """Apologise and give a new date without waiting to be asked."""
    promise = draft.state.judged_promise()
    if promise is None or promise.status != "running":
        raise Conflict("Hồ sơ không có lịch hẹn đang chạy để hẹn lại.", code="no_promise")
    if promise.apology is None:
        breaches.ask_apology(draft, promise, "offered")
    apology = draft.state.apologies[draft.state.promises[promise.no].apology or 0]
    if not apology.is_open:
        raise _already_signed(apology)
    draft.require((Role.HEAD, Role.LEADER), apology.agency, Said("Hẹn lại"))
    new_due_at = _checked_date(draft, apology, command.new_due_at)
    _sign(draft, apology, draft.text(command.reason), new_due_at)


def _sign(draft: Draft, apology: Apology, reason: TextRef, new_due_at: datetime | None) -> None:
    promise = draft.state.promises[apology.promise]
    unfinished = not draft.state.phase.is_closed and promise.settled_at is None
    if apology.can_reappoint and unfinished and new_due_at is None:
        raise BadInput(
            "Hồ sơ chưa xong: thư xin lỗi phải hẹn lại ngày trả kết quả.",
            code="new_date_needed",
            where="new_due_at",
        )
    draft.emit(
        Kind.APOLOGY_SIGNED,
        no=apology.no,
        reason=reason,
        new_due_at=new_due_at if unfinished else None,
        official=draft.actor.id,
        capacity=_capacity(draft, apology.agency),
    )
    if new_due_at is not None and unfinished:
        promising.reappoint(draft, promise, new_due_at)


def _capacity(draft: Draft, agency: str) -> str:
    head = draft.env.directory.head_at(agency, draft.at)
    if head.official == draft.actor.id and head.capacity is not Capacity.VACANT:
        return head.capacity.value
    return "for_head"


def _owed(draft: Draft, number: int) -> Apology:
    apology = draft.state.apologies.get(number)
    if apology is None:
        raise Conflict(
            Said("Hồ sơ không có thư xin lỗi số {number}.", number=number),
            code="apology_unknown",
            where=f"apology {number}",
        )
    if not apology.is_open:
        raise _already_signed(apology)
    return apology


def _already_signed(apology: Apology) -> Conflict:
    what = Said("đã ký") if apology.signed_at else Said("không còn phải gửi")
    return Conflict(
        Said("Thư xin lỗi số {apology} {what}.", apology=apology.no, what=what),
        code="apology_closed",
        where=f"apology {apology.no}",
    )


def _checked_date(draft: Draft, apology: Apology, new_due_at: datetime | None) -> datetime | None:
    """The new date, guarded: allowed at all, later than the old one and than now, within office hours."""
    if new_due_at is None:
        return None
    if not apology.can_reappoint:
        raise Conflict(
            "Chỉ được hẹn lại một lần; thư này không hẹn ngày mới.",
            code="reappointed_already",
            where="new_due_at",
            hint="Ký thư không kèm ngày hẹn; hồ sơ được báo lên cơ quan cấp trên.",
            details={"basis": "NĐ 61/2018/NĐ-CP, Điều 19 khoản 9"},
        )
    promise: Promise = draft.state.promises[apology.promise]
    calendar = promising.calendar_of(draft)
    new_due_at = to_minute(new_due_at)
    if new_due_at <= max(promise.due_at, draft.at):
        raise BadInput(
            "Ngày hẹn lại phải sau ngày hẹn cũ và sau thời điểm hiện tại.",
            code="new_date_too_early",
            where="new_due_at",
        )
    if not calendar.is_working(new_due_at, closing_counts=True):
        local = calendar.to_local(calendar.next_opening(new_due_at))
        raise BadInput(
            "Ngày hẹn lại rơi ngoài giờ làm việc.",
            code="new_date_outside_hours",
            where="new_due_at",
            hint=Said("Giờ làm việc gần nhất sau đó: {at}.", at=moment(local)),
        )
    return new_due_at
