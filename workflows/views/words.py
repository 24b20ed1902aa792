"""The history of a dossier in a clerk's words: one sentence for every kind of event.

Names of agencies, officials, steps and outcomes are those of today's directory and of the version the
dossier was on; applicants are never named, since history does not know them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.said import capital
from dossiers.records.statuses import Status
from workflows.engine.evolve import evolve
from workflows.engine.projection import status_of
from workflows.engine.state import State
from workflows.office import Office
from workflows.views.folded import Folded, fold_dossier
from workflows.views.models import EventRead, Named
from workflows.views.teller import Teller
from workflows.views.words_of_time import TIME_WORDS
from workflows.views.words_of_waits import WAIT_WORDS
from workflows.views.words_of_work import WORK_WORDS


@dataclass(frozen=True, slots=True)
class Telling:
    """A dossier's history told up to its last event, and where the dossier then stood."""

    code: str
    last_seq: int
    status: Status
    events: list[EventRead]


def tell(
    office: Office,
    connection: Connection,
    dossier_id: UUID,
    *,
    until: datetime | None = None,
    first_seq: int = 1,
    last_seq: int | None = None,
) -> Telling:
    """The events of a dossier in words, oldest first; ``until`` and the numbers leave out the others.

    Raises ``NotFound`` (``dossier_unknown``, ``dossier_unknown_then``).
    """
    folded = fold_dossier(office, connection, dossier_id, until)
    return tell_folded(office, connection, folded, first_seq=first_seq, last_seq=last_seq)


def tell_folded(
    office: Office,
    connection: Connection,
    folded: Folded,
    *,
    first_seq: int = 1,
    last_seq: int | None = None,
) -> Telling:
    """The same of a dossier folded before."""
    reference, texts = folded.reference, folded.texts
    state, told = State(folded.state.id), []
    for event in (link.event for link in folded.links):
        if last_seq is not None and event.seq > last_seq:
            break
        evolve(state, event)
        if event.seq < first_seq:
            continue
        plan = office.plan(connection, state.procedure, state.version)
        teller = Teller(state, event, plan, reference.directory, reference.calendars, texts)
        told.append(
            EventRead(
                seq=event.seq,
                kind=event.kind,
                at=event.at,
                actor=event.actor,
                agency=Named(code=event.agency, name=reference.directory.name(event.agency))
                if event.agency
                else None,
                text=sentence(teller),
                payload=event.payload,
            )
        )
    return Telling(state.code, state.seq, status_of(state), told)


def sentence(teller: Teller) -> str:
    """The event in one or two sentences."""
    text = WORDS[teller.event.kind](teller, teller.event.payload)
    return capital(text)


WORDS: dict[str, Callable[[Teller, Any], str]] = {
    kind.value: words for kind, words in {**WORK_WORDS, **WAIT_WORDS, **TIME_WORDS}.items()
}
"""How each kind of event is told. A test keeps it complete."""
