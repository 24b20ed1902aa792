"""What applicants see of their own dossier once they proved it theirs: down to the agency, no officials.

(TT 01/2018/TT-VPCP, art. 16.2.d.) Four characters are a weak proof, so what personal data an official wrote
into a free text is left out of it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.core.errors import MotcuaError, NotFound
from dossiers.history import repository as history
from dossiers.people import repository as people
from workflows.engine.ownership import owner_of
from workflows.engine.plan import Plan
from workflows.engine.projection import status_of
from workflows.engine.state import OwnerKind, Phase, Promise, State
from workflows.office import Office
from workflows.service import find, load
from workflows.views.explaining import explain
from workflows.views.models import Named
from workflows.views.plain_words import in_plain_words
from workflows.views.progress import ProgressRead, percent_done
from workflows.voices.complaints import answers_for
from workflows.voices.rating import invitations

PROOF_DIGITS = 4
_LEFT_OUT = "(…)"


class PlaceRead(BaseModel):
    """An office a citizen may go to or ring."""

    name: str
    address: str
    phone: str


class AskedRead(BaseModel):
    """What the applicant is to add (form 02)."""

    asked_at: datetime
    agency: str
    content: str | None = Field(description="Nội dung cần bổ sung; không có khi đã tiêu huỷ theo quy định")
    until: datetime | None = Field(description="Bổ sung chậm nhất")


class PaymentAskedRead(BaseModel):
    """What the applicant is to pay."""

    asked_at: datetime
    agency: str
    amount: int | None = Field(description="Số tiền, đồng; không có khi do cơ quan khác xác định")
    pauses: bool = Field(description="Thời gian giải quyết tạm dừng đến khi nộp xong")


class RateRead(BaseModel):
    """An occasion the applicant may rate."""

    occasion: Named
    token: str = Field(description="Dùng với POST /public/ratings/{token}")


class LookUpRead(ProgressRead):
    """What the applicant sees of their own dossier."""

    status: str = Field(description="Trạng thái hồ sơ")
    status_code: int = Field(ge=1, le=10)
    procedure: str
    agency: str | None = Field(description="Cơ quan đang giải quyết; không có khi chờ người nộp hoặc đã xong")
    waits_for_you: bool = Field(description="Hồ sơ đang chờ người nộp bổ sung hoặc nộp tiền")
    registered_at: datetime
    due_at: datetime | None = Field(description="Hẹn trả kết quả; không có khi đồng hồ dừng")
    stopped_since: datetime | None = Field(description="Thời hạn tạm dừng từ lúc nào; không có khi đang tính")
    first_due_at: datetime | None = Field(description="Lịch hẹn đầu tiên, ghi trên giấy tiếp nhận")
    provisional: bool
    late: bool
    reappointed: bool = Field(description="Đã xin lỗi và hẹn lại")
    finished_at: datetime | None
    returned_at: datetime | None = Field(description="Đã trả kết quả lúc")
    in_plain_words: list[str] = Field(description="Vì sao hẹn ngày này, bằng lời thường")
    explanation: list[str] = Field(description="Cách tính ngày hẹn, từng dòng")
    supplement: AskedRead | None = Field(description="Giấy tờ đang chờ người nộp bổ sung")
    payments: list[PaymentAskedRead] = Field(description="Khoản đang chờ người nộp")
    result: str | None = Field(description="Kết quả đã có, chờ người nộp nhận")
    desk: PlaceRead = Field(description="Nơi nộp bổ sung và nhận kết quả")
    ratings: list[RateRead] = Field(description="Những lần có thể đánh giá mà chưa đánh giá")
    complaints_go_to: str = Field(description="Cơ quan nhận phản ánh, kiến nghị về hồ sơ này")


def look_up(office: Office, connection: Connection, code: str, proof: str, at: datetime) -> LookUpRead:
    """The dossier of who proves it theirs by the last four of their phone or identity number.

    Raises ``NotFound`` (``look_up_unmatched``), alike for a wrong code and a wrong proof.
    """
    try:
        dossier_id = find(connection, code)
    except NotFound:
        raise _unmatched() from None
    state = load(connection, dossier_id).state
    persons = _persons(connection, state)
    if not _proves(persons, proof):
        raise _unmatched()
    plan = office.plan(connection, state.procedure, state.version)
    directory = office.reference(connection).directory
    owner, status = owner_of(state), status_of(state)
    running, judged = _running(state), _judged(state)
    return LookUpRead(
        code=state.code,
        status=status.label,
        status_code=int(status),
        percent=percent_done(state, plan),
        procedure=plan.definition.name,
        agency=directory.name(owner.agency) if owner.agency and owner.kind is OwnerKind.AGENCY else None,
        waits_for_you=not state.phase.is_closed and owner.kind is OwnerKind.APPLICANT,
        registered_at=_handed_in(state) or at,
        due_at=running.due_at if running else None,
        stopped_since=_stopped_since(state),
        first_due_at=judged[0].due_at if judged else None,
        provisional=running.provisional if running else False,
        late=any(promise.broken_at for promise in judged),
        reappointed=any(not promise.judged for promise in state.promises.values()),
        finished_at=state.finished_at,
        returned_at=state.returned_at,
        **_explained(office, connection, dossier_id),
        supplement=_supplement(connection, directory, state, persons),
        payments=_payments(directory, state),
        result=_result(state, plan, persons),
        desk=_place(directory, state.desk),
        ratings=to_rate(connection, dossier_id),
        complaints_go_to=directory.name(
            answers_for(state.phase, state.desk, owner.agency or state.competent)
        ),
    )


def to_rate(connection: Connection, dossier_id: UUID) -> list[RateRead]:
    """What of a dossier was not rated yet. Raises ``NotFound`` (``dossier_unknown``)."""
    return [
        RateRead(occasion=Named(code=each.occasion.value, name=each.occasion.label), token=each.token)
        for each in invitations(connection, dossier_id)
        if not each.rated
    ]


def _running(state: State) -> Promise | None:
    current = state.current_promise()
    return current if current is not None and current.status != "suspended" else None


def _stopped_since(state: State) -> datetime | None:
    pause = state.open_pause()
    return pause.opened_at if pause is not None and not state.phase.is_closed else None


def _judged(state: State) -> list[Promise]:
    return [promise for promise in state.promises.values() if promise.judged]


def _explained(office: Office, connection: Connection, dossier_id: UUID) -> dict[str, list[str]]:
    try:
        lines = explain(office, connection, dossier_id).lines
    except MotcuaError:
        lines = []
    return {
        "in_plain_words": in_plain_words(lines),
        "explanation": [str(line["text"]) for line in lines],
    }


def _supplement(
    connection: Connection, directory: Directory, state: State, persons: Sequence[Any]
) -> AskedRead | None:
    asked = state.open_supplement()
    if asked is None or state.phase.is_closed:
        return None
    row = history.texts_of(connection, state.id).get(asked.content["text"])
    return AskedRead(
        asked_at=asked.asked_at,
        agency=directory.name(asked.agency),
        content=_without(str(row.body), persons) if row is not None else None,
        until=asked.cap_at,
    )


def _payments(directory: Directory, state: State) -> list[PaymentAskedRead]:
    if state.phase.is_closed:
        return []
    return [
        PaymentAskedRead(
            asked_at=item.asked_at,
            agency=directory.name(item.agency),
            amount=item.amount,
            pauses=item.pauses,
        )
        for item in state.payments.values()
        if item.confirmed_at is None
    ]


def _result(state: State, plan: Plan, persons: Sequence[Any]) -> str | None:
    """What waits to be collected, as it was named when decided, else as the procedure names it."""
    if state.phase is not Phase.FINISHED:
        return None
    end = plan.definition.ends.get(state.end or "")
    name = state.result.get("name") or (end.name if end else "")
    return _without(name, persons) or None


def _place(directory: Directory, code: str) -> PlaceRead:
    """The desk; where it has no address or phone of its own, those of the agency above it."""
    line = [directory.agency(each) for each in directory.ancestors(code)]
    return PlaceRead(
        name=line[0].name,
        address=next((each.address for each in line if each.address), ""),
        phone=next((each.phone for each in line if each.phone), ""),
    )


def _persons(connection: Connection, state: State) -> list[Any]:
    return [
        people.get(connection, UUID(person)) for person in (state.applicant, state.representative) if person
    ]


def _proves(persons: Sequence[Any], proof: str) -> bool:
    """Whether the four characters end the phone or identity number of the applicant or representative."""
    given = proof.upper().encode()
    matched = False
    for row in persons:
        for number in (row.identity_no, row.phone):
            known = "".join(letter for letter in number.upper() if letter.isalnum())[-PROOF_DIGITS:]
            same = hmac.compare_digest(known.encode(), given)
            matched = matched or (same and len(known) == PROOF_DIGITS)
    return matched


def _without(text: str, persons: Sequence[Any]) -> str:
    """The text without what identifies the applicant or representative."""
    known = {
        value.strip()
        for row in persons
        for value in (row.name, row.identity_no, row.phone, row.email, row.address)
        if len(value.strip()) > 1
    }
    for value in sorted(known, key=len, reverse=True):
        text = re.sub(re.escape(value), _LEFT_OUT, text, flags=re.IGNORECASE)
    return text


def _unmatched() -> NotFound:
    return NotFound(
        "Mã hồ sơ hoặc 4 ký tự cuối không khớp.",
        code="look_up_unmatched",
        hint="Xem mã trên giấy tiếp nhận; nhập 4 ký tự cuối của số điện thoại hoặc số định danh đã khai.",
    )


def _handed_in(state: State) -> datetime | None:
    """When the citizen handed it in: what is entered later was received before it was registered."""
    known = [at for at in (state.accepted_at, state.registered_at) if at is not None]
    return min(known, default=None)
