"""Whether a form somebody holds is genuine.

What proves it is the hash of the event behind it: the token on the form names the dossier, the form and the
beginning of that hash, so no further table is needed.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.core.errors import NotFound
from dossiers.history import repository as history
from dossiers.history.events import Link
from sla.letters.forms import FormKind, form_in_force
from workflows.engine.kinds import Kind
from workflows.office import Office
from workflows.service import find
from workflows.views.dossier import state_of
from workflows.views.issuing import official_behind
from workflows.views.models import Named

HASH_DIGITS = 16
"""Digits of the hash on a form: 64 bits, which nobody guesses and a QR code holds easily."""

_MADE_BY: dict[str, frozenset[str]] = {
    FormKind.RECEIPT: frozenset({Kind.ACCEPTED}),
    FormKind.SUPPLEMENT: frozenset({Kind.SUPPLEMENT_ASKED}),
    FormKind.REFUSAL: frozenset({Kind.REFUSED, Kind.FINISHED}),
    FormKind.STOP_NOTICE: frozenset({Kind.STOPPED, Kind.WITHDRAWN}),
    FormKind.CONTROL_SLIP: frozenset(Kind),
}
"""The events that make each form; a control slip is printed at any of them."""


class FormRead(BaseModel):
    """What a genuine form says, without the person it was given to."""

    code: str = Field(description="Mã hồ sơ")
    form: str = Field(description="Số hiệu biểu mẫu")
    title: str = Field(description="Tên biểu mẫu")
    agency: Named | None = Field(description="Nơi lập; không có khi hệ thống tự lập")
    made_by: str | None = Field(description="Người lập; không có khi hệ thống tự lập")
    made_at: datetime = Field(
        description="Thời điểm lập, hoặc thời điểm của lần ghi cuối trên phiếu kiểm soát"
    )


def token_of(code: str, kind: FormKind, link: Link) -> str:
    """What a form can be verified by: ``<dossier>.<form>.<hash of the event behind it>``."""
    return f"{code}.{kind.value}.{link.hash[:HASH_DIGITS]}"


def verify_form(office: Office, connection: Connection, token: str) -> FormRead:
    """What the form with this token says, when the history knows it.

    Raises ``NotFound`` (``form_unknown``) alike for every other token.
    """
    rest, _, digits = token.rpartition(".")
    code, _, kind = rest.rpartition(".")
    if kind not in _MADE_BY:
        raise _unknown()
    try:
        dossier_id: UUID = find(connection, code)
    except NotFound:
        raise _unknown() from None
    links = history.links_of(connection, dossier_id)
    link = _behind(links, kind, digits.lower())
    if link is None:
        raise _unknown()
    state = state_of(dossier_id, links)
    reference = office.reference(connection)
    calendar = reference.calendars.processing(reference.directory, state.competent)
    definition = office.plan(connection, state.procedure, state.version).definition
    form = form_in_force(FormKind(kind), on=calendar.to_local(link.event.at).date())
    agency = link.event.agency
    return FormRead(
        code=state.code,
        form=definition.forms.get(kind, form.number),
        title=form.title,
        agency=Named(code=agency, name=reference.directory.name(agency)) if agency else None,
        made_by=official_behind(reference.directory, link.event.actor),
        made_at=link.event.at,
    )


def _behind(links: list[Link], kind: str, digits: str) -> Link | None:
    return next(
        (
            link
            for link in links
            if link.event.kind in _MADE_BY[kind]
            and hmac.compare_digest(link.hash[:HASH_DIGITS].encode(), digits.encode())
        ),
        None,
    )


def _unknown() -> NotFound:
    return NotFound(
        "Không có văn bản này.",
        code="form_unknown",
        hint="Quét lại mã QR trên văn bản, hoặc hỏi nơi tiếp nhận hồ sơ.",
    )
