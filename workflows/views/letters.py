"""The apology of a dossier as a letter (form 04), and whether a letter somebody holds is genuine.

What proves a signed letter is the hash of the event that signed it: the code on the letter names the
dossier, the number of the apology and the beginning of that hash, so no further table is needed.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Capacity as Held
from dossiers.core.errors import Conflict, NotFound
from dossiers.core.said import Said
from dossiers.history import repository as history
from dossiers.history.events import Link
from dossiers.people import repository as people
from dossiers.people.models import ApplicantKind
from sla.letters.apology import ApologyLetter
from sla.letters.parts import Signatory, Whom
from workflows.engine.kinds import Kind
from workflows.engine.state import Apology, State
from workflows.office import Office
from workflows.service import find
from workflows.views.case import DISPOSED
from workflows.views.dossier import state_of
from workflows.views.genuine import HASH_DIGITS
from workflows.views.issuing import letterhead_of, signing_as
from workflows.views.models import Named

_NO_REASON = "(chưa soạn lý do)"


class LetterRead(BaseModel):
    """What a genuine letter says, without the person it was written to."""

    code: str = Field(description="Mã hồ sơ")
    apology: int = Field(description="Số thứ tự thư xin lỗi trong hồ sơ")
    agency: Named
    signed_by: str
    signed_at: datetime
    new_due_at: datetime | None = Field(description="Ngày hẹn lại, nếu thư có hẹn lại")
    withdrawn: bool


def apology_letter(
    office: Office, connection: Connection, dossier_id: UUID, number: int, at: datetime, *, link_to: str
) -> ApologyLetter:
    """Form 04 of an apology: a draft until it is signed. ``link_to`` begins the address in the QR code.

    Raises ``NotFound`` (``dossier_unknown``, ``letter_unknown``), ``Conflict`` (``letter_withdrawn``), and
    what the form itself refuses to print.
    """
    links = history.links_of(connection, dossier_id)
    if not links:
        raise NotFound("Không có hồ sơ này.", code="dossier_unknown", where=str(dossier_id))
    state = state_of(dossier_id, links)
    apology = state.apologies.get(number)
    if apology is None:
        raise _unknown(number)
    if apology.withdrawn_at is not None:
        raise Conflict(
            Said("Thư xin lỗi số {number} không còn phải gửi.", number=number),
            code="letter_withdrawn",
            where=f"apology {number}",
        )
    reference = office.reference(connection)
    directory = reference.directory
    calendar = reference.calendars.processing(directory, state.competent)
    applicant = people.get(connection, UUID(state.applicant or ""))
    person = applicant.kind == ApplicantKind.PERSON
    promise = state.promises[apology.promise]
    return ApologyLetter(
        letterhead=letterhead_of(directory, apology.agency),
        issued_on=calendar.to_local(apology.signed_at or at).date(),
        addressee=f"Ông/Bà {applicant.name}" if person else applicant.name,
        whom=Whom.PERSON if person else Whom.ORGANISATION,
        applicant_id=applicant.identity_no or None,
        procedure=office.plan(connection, state.procedure, state.version).definition.name,
        dossier_code=state.code,
        received_at=state.accepted_at or state.registered_at or promise.made_at,
        promised_at=promise.due_at,
        reason=_reason(apology, history.texts_of(connection, dossier_id)),
        new_promise_at=apology.new_due_at,
        signatory=_signatory(directory, apology, at),
        verification_link=f"{link_to.rstrip('/')}/{letter_token(state, apology, links)}",
        draft=apology.signed_at is None,
        offset_minutes=calendar.version.utc_offset,
    )


def letter_token(state: State, apology: Apology, links: list[Link]) -> str:
    """What the letter can be verified by: ``<dossier>.<apology>.<hash of the signing event>``."""
    signing = _signing(links, apology.no)
    return f"{state.code}.{apology.no}.{signing.hash[:HASH_DIGITS] if signing else 'draft'}"


def verify_letter(office: Office, connection: Connection, token: str) -> LetterRead:
    """What the letter with this token says, when the history knows it.

    Raises ``NotFound`` (``letter_unknown``) alike for every other token.
    """
    code, _, rest = token.rpartition(".")[0].rpartition(".")
    digits = token.rpartition(".")[2]
    if not code or not rest.isdecimal() or len(rest) > 4:
        raise _unknown()
    try:
        dossier_id = find(connection, code)
    except NotFound:
        raise _unknown() from None
    links = history.links_of(connection, dossier_id)
    signing = _signing(links, int(rest))
    known = signing.hash[:HASH_DIGITS] if signing is not None else ""
    if signing is None or not hmac.compare_digest(known.encode(), digits.lower().encode()):
        raise _unknown()
    directory = office.reference(connection).directory
    state = state_of(dossier_id, links)
    apology = state.apologies[int(rest)]
    return LetterRead(
        code=state.code,
        apology=apology.no,
        agency=Named(code=apology.agency, name=directory.name(apology.agency)),
        signed_by=directory.official_name(apology.signed_by),
        signed_at=signing.event.at,
        new_due_at=apology.new_due_at,
        withdrawn=apology.withdrawn_at is not None,
    )


def _unknown(number: int | None = None) -> NotFound:
    return NotFound(
        "Không có thư xin lỗi này.",
        code="letter_unknown",
        where=f"apology {number}" if number is not None else "",
        hint="Quét lại mã QR trên thư, hoặc hỏi nơi tiếp nhận hồ sơ.",
    )


def _signing(links: list[Link], number: int) -> Link | None:
    return next(
        (
            link
            for link in links
            if link.event.kind == Kind.APOLOGY_SIGNED and link.event.payload["no"] == number
        ),
        None,
    )


def _signatory(directory: Directory, apology: Apology, at: datetime) -> Signatory:
    """Who signed; of a draft, who is to sign: the head in office now."""
    if not apology.signed_by:
        head = directory.head_at(apology.agency, at)
        if head.official is None:
            return Signatory("(khuyết thủ trưởng)")
        return signing_as(directory, head.official, head.capacity.value)
    return signing_as(directory, apology.signed_by, apology.capacity or Held.HEAD.value)


def _reason(apology: Apology, texts: dict[str, Any]) -> str:
    if apology.reason is None:
        return _NO_REASON
    row = texts.get(apology.reason["text"])
    return str(row.body) if row is not None else DISPOSED
