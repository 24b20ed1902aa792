"""A complaint from being sent to its published answer, with the dates the office owes.

Dates are counted on the calendar of the agency complained of. A complaint is refused or asked about within
its date or not at all; an answer and its publication may be late, and are then seen to be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.core.canonical import canonical_json, sha256_hex
from dossiers.core.errors import BadInput, Conflict, NotAllowed, NotFound
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from dossiers.numbering.service import next_number
from dossiers.records.models import DossierRow
from dossiers.records.repository import stored_rows
from dossiers.voices import repository as voices
from dossiers.voices.models import Matter, Standing
from sla.deadline import is_late
from sla.lines import moment
from sla.working_time import WorkingCalendar
from workflows.engine.draft import Actor
from workflows.engine.state import Phase
from workflows.office import Office
from workflows.service import find
from workflows.voices.rules import ComplaintLimits, due_after, limits_on

ANSWERING = (Role.UNIT_HEAD, Role.HEAD, Role.LEADER)
"""Who may decide about a complaint, for the own agency and those below it."""


class NewComplaint(BaseModel):
    """What a citizen sends. The name and phone are kept apart and are never shown to the public."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    matter: Matter = Field(description="Nội dung thuộc loại nào")
    text: str = Field(min_length=10, max_length=4000, description="Nội dung phản ánh, kiến nghị")
    name: str = Field(min_length=2, max_length=200, description="Họ và tên người gửi")
    phone: str = Field(
        max_length=30, description="Số điện thoại; 4 số cuối dùng để xem câu trả lời", examples=["0912345678"]
    )
    email: str = Field(default="", max_length=120, pattern=r"^$|^[^@\s]+@[^@\s]+$")
    agency: str | None = Field(default=None, max_length=35, description="Cơ quan được phản ánh")
    dossier: str | None = Field(default=None, max_length=64, description="Mã hồ sơ có liên quan, nếu có")

    @field_validator("phone")
    @classmethod
    def _digits(cls, value: str) -> str:
        digits = re.sub(r"[ .()+-]", "", value)
        if not re.fullmatch(r"[0-9]{8,15}", digits):
            raise ValueError(Said("Số điện thoại cần từ 8 đến 15 chữ số."))
        return digits


@dataclass(frozen=True, slots=True)
class _Open:
    """A complaint about which an official decides."""

    row: Any
    calendar: WorkingCalendar
    limits: ComplaintLimits


def send(
    office: Office, connection: Connection, new: NewComplaint, at: datetime, *, key: str | None = None
) -> str:
    """Keep a complaint; its number. The same words under the same ``key`` never make a second one.

    Raises ``NotFound`` (``dossier_unknown``, ``agency_unknown``) and ``BadInput`` (``agency_needed``).
    """
    sent_key = sha256_hex(canonical_json([key, new.model_dump(mode="json")])) if key else None
    if sent_key and (known := voices.complaint_sent_as(connection, sent_key)) is not None:
        return str(known.no)
    reference = office.reference(connection)
    dossier_id = find(connection, new.dossier) if new.dossier else None
    agency = _about(connection, reference.directory, new.agency, dossier_id)
    calendar = reference.calendars.processing(reference.directory, agency)
    day = calendar.to_local(at).date()
    limits = limits_on(day)
    complaint_id = uuid7(at, office.bits)
    no = f"PA-{day:%y%m%d}-{next_number(connection, 'complaint', day):04d}"
    fields = {
        "id": complaint_id,
        "no": no,
        "matter": new.matter.value,
        "agency": agency,
        "dossier_id": dossier_id,
        "standing": Standing.RECEIVED.value,
        "received_at": at,
        "refuse_by": due_after(calendar, at, limits.refuse),
        "ask_by": due_after(calendar, at, limits.ask),
        "answer_by": due_after(calendar, at, limits.answer),
        "sent_key": sent_key,
    }
    voices.add_complaint(connection, fields, {"name": new.name, "phone": new.phone, "email": new.email})
    _note(office, connection, complaint_id, "sent", at, None, new.text)
    return no


def refuse(office: Office, connection: Connection, no: str, reason: str, actor: Actor, at: datetime) -> None:
    """Say within the date why the complaint is not taken up. ``Conflict`` (``refusal_too_late``)."""
    found = _deciding(office, connection, no, actor)
    _in_time(found, found.row.refuse_by, at, Said("Đã quá hạn từ chối"), "refusal_too_late")
    _change(connection, found.row, standing=Standing.REFUSED, closed_at=at)
    _note(office, connection, found.row.id, "refused", at, actor, reason)


def ask(office: Office, connection: Connection, no: str, question: str, actor: Actor, at: datetime) -> None:
    """Ask the citizen for more, once and within the date.

    Raises ``Conflict`` (``asked_already``, ``asking_too_late``).
    """
    found = _deciding(office, connection, no, actor)
    if found.row.asked_at is not None:
        raise Conflict(
            Said("Phản ánh {no} đã được yêu cầu bổ sung một lần.", no=no),
            code="asked_already",
            hint="Trả lời với những gì đã có.",
        )
    _in_time(found, found.row.ask_by, at, Said("Đã quá hạn yêu cầu bổ sung"), "asking_too_late")
    _change(connection, found.row, standing=Standing.ASKED, asked_at=at)
    _note(office, connection, found.row.id, "asked", at, actor, question)


def add(office: Office, connection: Connection, row: Any, text: str, at: datetime) -> None:
    """What the citizen adds when asked; the date of the answer is counted anew.

    Raises ``Conflict`` (``not_asked``).
    """
    if row.standing != Standing.ASKED:
        raise Conflict(Said("Phản ánh {row} không chờ bổ sung thông tin.", row=row.no), code="not_asked")
    found = _open(office, connection, row)
    answer_by = due_after(found.calendar, at, found.limits.answer)
    _change(connection, row, standing=Standing.RECEIVED, answer_by=answer_by)
    _note(office, connection, row.id, "added", at, None, text)


def answer(office: Office, connection: Connection, no: str, text: str, actor: Actor, at: datetime) -> None:
    """Answer the citizen; from now the date of publication runs."""
    found = _deciding(office, connection, no, actor)
    publish_by = due_after(found.calendar, at, found.limits.publish)
    _change(connection, found.row, standing=Standing.ANSWERED, closed_at=at, publish_by=publish_by)
    _note(office, connection, found.row.id, "answered", at, actor, text)


def publish(
    office: Office, connection: Connection, no: str, matter: str, text: str, actor: Actor, at: datetime
) -> None:
    """Publish the answer in words that name nobody.

    Raises ``Conflict`` (``not_answered``) and ``BadInput`` (``names_complainant``).
    """
    row = _known(connection, no)
    _may_decide(office, connection, row, actor)
    if row.standing != Standing.ANSWERED:
        raise Conflict(
            Said("Phản ánh {no} chưa có câu trả lời để công khai, hoặc đã công khai.", no=no),
            code="not_answered",
        )
    _names_nobody(connection, row, f"{matter}\n{text}")
    ids = {"public_matter": uuid7(at, office.bits), "public_answer": uuid7(at, office.bits)}
    for text_id, body in zip(ids.values(), (matter, text), strict=True):
        voices.add_text(connection, text_id, body, at)
    _change(connection, row, standing=Standing.PUBLISHED, published_at=at, **ids)
    voices.add_act(
        connection,
        row.id,
        {"kind": "published", "at": at, "official": actor.id, "text": ids["public_answer"]},
    )


def may_decide(directory: Directory, agency: str, actor: Actor) -> bool:
    """Whether the actor may decide about complaints of an agency."""
    heads = any(actor.has(role) for role in ANSWERING)
    return heads and directory.is_within(agency, actor.agency or "")


def _deciding(office: Office, connection: Connection, no: str, actor: Actor) -> _Open:
    """The open complaint about which the actor may decide. ``Conflict`` (``complaint_closed``)."""
    row = _known(connection, no)
    _may_decide(office, connection, row, actor)
    if not Standing(row.standing).is_open:
        raise Conflict(
            Said(
                "Phản ánh {no} đã kết thúc: {standing:small}.", no=no, standing=Standing(row.standing).label
            ),
            code="complaint_closed",
        )
    return _open(office, connection, row)


def _may_decide(office: Office, connection: Connection, row: Any, actor: Actor) -> None:
    directory = office.reference(connection).directory
    if not may_decide(directory, row.agency, actor):
        raise NotAllowed(
            Said(
                "Trả lời phản ánh là việc của thủ trưởng {agency} hoặc cơ quan cấp trên.",
                agency=directory.name(row.agency),
            ),
            hint="Đề nghị thủ trưởng cơ quan trả lời.",
            details={"could": [{"role": role.value, "agency": row.agency} for role in ANSWERING]},
        )


def _open(office: Office, connection: Connection, row: Any) -> _Open:
    reference = office.reference(connection)
    calendar = reference.calendars.processing(reference.directory, row.agency)
    return _Open(row, calendar, limits_on(calendar.to_local(row.received_at).date()))


def _known(connection: Connection, no: str) -> Any:
    row = voices.complaint(connection, no.strip().upper())
    if row is None:
        raise NotFound("Không có phản ánh này.", code="complaint_unknown", where=no)
    return row


def _in_time(found: _Open, by: datetime, at: datetime, what: str, code: str) -> None:
    if is_late(at, by):
        raise Conflict(
            Said(
                "{what} phản ánh {row}: hạn là {by}.",
                what=what,
                row=found.row.no,
                by=moment(found.calendar.to_local(by)),
            ),
            code=code,
            hint="Giải quyết và trả lời người gửi.",
        )


def _change(connection: Connection, row: Any, *, standing: Standing, **fields: Any) -> None:
    """Raises ``Conflict`` (``complaint_changed``) when somebody else was first."""
    was = Standing(row.standing)
    if not voices.change_complaint(connection, row.id, was, {"standing": standing.value, **fields}):
        raise Conflict(
            Said("Phản ánh {row} vừa được người khác xử lý.", row=row.no), code="complaint_changed"
        )


def _note(
    office: Office,
    connection: Connection,
    complaint_id: UUID,
    kind: str,
    at: datetime,
    actor: Actor | None,
    text: str,
) -> None:
    text_id = uuid7(at, office.bits)
    voices.add_text(connection, text_id, text, at)
    official = actor.id if actor else None
    voices.add_act(connection, complaint_id, {"kind": kind, "at": at, "official": official, "text": text_id})


def _about(connection: Connection, directory: Directory, agency: str | None, dossier_id: UUID | None) -> str:
    """The agency complained of: the one named, else the one the dossier lies with."""
    if agency:
        return directory.agency(agency).code
    if dossier_id is None:
        raise BadInput(
            "Chưa nêu cơ quan được phản ánh.",
            code="agency_needed",
            where="agency",
            hint="Chọn cơ quan, hoặc ghi mã hồ sơ có liên quan.",
        )
    row = stored_rows(connection, DossierRow, [dossier_id])[0]
    return answers_for(row.phase, row.desk, row.holder or row.competent)


def answers_for(phase: str, desk: str, holder: str) -> str:
    """Whom a complaint about a dossier goes to: who holds it, or its desk before acceptance and when done."""
    return holder if phase == Phase.PROCESSING else desk


def _names_nobody(connection: Connection, row: Any, text: str) -> None:
    who = voices.complainant(connection, row.id)
    said = "".join(text.split()).casefold()
    for secret in (who.name, who.phone, who.email) if who else ():
        if secret and "".join(secret.split()).casefold() in said:
            raise BadInput(
                "Nội dung công khai còn tên, số điện thoại hoặc thư điện tử của người gửi.",
                code="names_complainant",
                where="text",
                hint="Bỏ thông tin cá nhân của người gửi rồi công khai.",
            )
