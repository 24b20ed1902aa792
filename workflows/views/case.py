"""A dossier with everything its documents quote, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.core.errors import NotFound
from dossiers.history import repository as history
from dossiers.history.events import Link
from dossiers.people import repository as people
from dossiers.people.models import ApplicantKind
from sla.letters.parts import Party, Whom
from sla.working_time import WorkingCalendar
from workflows.definitions.model import Definition
from workflows.engine.kinds import Kind
from workflows.engine.state import State, TextRef
from workflows.office import Office
from workflows.views.dossier import state_of

DISPOSED = "(nội dung đã được tiêu huỷ theo thời hạn lưu trữ)"
"""Stands for a text that is no longer kept."""


@dataclass(frozen=True, slots=True)
class Case:
    """One dossier: its history, the state that gives, its procedure, the people and texts it refers to."""

    links: tuple[Link, ...]
    state: State
    definition: Definition
    directory: Directory
    calendar: WorkingCalendar
    texts: Mapping[str, Any]
    applicant: Any
    representative: Any | None

    @property
    def whom(self) -> Whom:
        """How a text speaks of the applicant."""
        return Whom.PERSON if self.applicant.kind == ApplicantKind.PERSON else Whom.ORGANISATION

    @property
    def addressee(self) -> str:
        """The applicant after “Kính gửi:”."""
        name = str(self.applicant.name)
        return f"Ông/Bà {name}" if self.whom is Whom.PERSON else name

    @property
    def received_at(self) -> datetime:
        """When the dossier was accepted; before that, when it was registered."""
        received = self.state.accepted_at or self.state.registered_at
        assert received is not None
        return received

    def day(self, at: datetime) -> date:
        """The local day of an instant."""
        return self.calendar.to_local(at).date()

    def last(self, *kinds: Kind) -> Link | None:
        """The last event of these kinds, if there is any."""
        return next((link for link in reversed(self.links) if link.event.kind in kinds), None)

    def text(self, ref: TextRef | None) -> str:
        """A text of the history; empty when there is none."""
        if ref is None:
            return ""
        row = self.texts.get(ref["text"])
        return str(row.body) if row is not None else DISPOSED


def read_case(office: Office, connection: Connection, dossier_id: UUID) -> Case:
    """The dossier with what its documents quote. Raises ``NotFound`` (``dossier_unknown``)."""
    links = history.links_of(connection, dossier_id)
    if not links:
        raise NotFound("Không có hồ sơ này.", code="dossier_unknown", where=str(dossier_id))
    state = state_of(dossier_id, links)
    reference = office.reference(connection)
    assert state.applicant is not None
    return Case(
        links=tuple(links),
        state=state,
        definition=office.plan(connection, state.procedure, state.version).definition,
        directory=reference.directory,
        calendar=reference.calendars.processing(reference.directory, state.competent),
        texts=history.texts_of(connection, dossier_id),
        applicant=people.get(connection, UUID(state.applicant)),
        representative=people.get(connection, UUID(state.representative)) if state.representative else None,
    )


def party(row: Any) -> Party:
    """An applicant as forms name them."""
    return Party(row.name, row.identity_no, row.address, row.phone, row.email)
