"""The control slip (form 06) and the register book (form 07) as documents."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.errors import BadInput
from sla.calendars.book import DEFAULT_CALENDAR
from sla.letters.control_slip import ControlSlip, Handover
from sla.letters.forms import FormKind
from sla.letters.register import Entry, RegisterBook
from workflows.office import Office
from workflows.views.case import read_case
from workflows.views.genuine import token_of
from workflows.views.issuing import letterhead_of, signing_as
from workflows.views.models import BookLine, SlipLine
from workflows.views.sight import Sight
from workflows.views.slips import book, control_slip

VERDICTS = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}
METHODS = {"direct": "Trực tiếp", "postal": "Bưu chính", "online": "Trực tuyến"}
MOST_PRINTED_LINES = 2000
"""Of one book: about 150 pages."""


def control_slip_form(office: Office, connection: Connection, dossier_id: UUID, link_to: str) -> ControlSlip:
    """Form 06, as far as the dossier has come. It is dated as the dossier was received."""
    case = read_case(office, connection, dossier_id)
    slip = control_slip(office, connection, dossier_id)
    return ControlSlip(
        letterhead=letterhead_of(case.directory, case.state.desk),
        issued_on=case.day(case.received_at),
        own_form=case.definition.forms.get(FormKind.CONTROL_SLIP),
        verification_link=f"{link_to}/{token_of(slip.code, FormKind.CONTROL_SLIP, case.links[-1])}",
        offset_minutes=case.calendar.version.utc_offset,
        dossier_code=slip.code,
        agency=slip.agency.name,
        coordinating=tuple(agency.name for agency in slip.coordinating),
        received_at=slip.received_at,
        promised_at=slip.due_at,
        handovers=tuple(_handover(line) for line in slip.lines),
    )


def register_book_form(
    office: Office,
    connection: Connection,
    desk: str,
    since: date,
    until: date,
    at: datetime,
    *,
    sight: Sight,
    field: str | None = None,
) -> RegisterBook:
    """Form 07 from one day to another, both included, made at ``at`` and closed by the head in office then.

    Raises ``BadInput`` (``period_too_long``) for more than ``MOST_PRINTED_LINES``.
    """
    reference = office.reference(connection)
    directory = reference.directory
    calendar = reference.calendars.current(DEFAULT_CALENDAR)
    desk = directory.agency(desk).code
    start, end = calendar.local(since), calendar.local(until + timedelta(days=1))
    lines = book(office, connection, desk, start, end, sight=sight, field=field, size=MOST_PRINTED_LINES + 1)
    if len(lines) > MOST_PRINTED_LINES:
        raise BadInput(
            f"Khoảng thời gian này có hơn {MOST_PRINTED_LINES:,} hồ sơ.".replace(",", "."),
            code="period_too_long",
            where="to",
            hint="Chọn khoảng thời gian ngắn hơn, hoặc một lĩnh vực.",
        )
    head = directory.head_at(desk, at)
    return RegisterBook(
        letterhead=letterhead_of(directory, desk),
        issued_on=calendar.to_local(at).date(),
        offset_minutes=calendar.version.utc_offset,
        since=since,
        until=until,
        field=field,
        entries=tuple(_entry(line) for line in lines),
        signatory=signing_as(directory, head.official, head.capacity.value) if head.official else None,
    )


def _handover(line: SlipLine) -> Handover:
    return Handover(
        giver=line.giver.name,
        receiver=line.receiver.name,
        given_at=line.sent_at,
        received_at=line.received_at,
        given_by=line.given_by,
        received_by=line.received_by,
        verdict=VERDICTS.get(line.verdict or ""),
        note=f"Trả lại: {line.note}" if line.note else None,
    )


def _entry(line: BookLine) -> Entry:
    return Entry(
        no=line.no,
        dossier_code=line.code,
        procedure=line.procedure.name,
        applicant=line.applicant,
        address_or_phone=line.address_or_phone,
        agency=line.agency.name,
        received_at=line.received_at,
        promised_at=line.due_at,
        returned_at=line.returned_at,
        return_method=METHODS.get(line.return_method or ""),
    )
