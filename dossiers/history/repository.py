"""Queries about the history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select

from dossiers.core.tables import table_of
from dossiers.history.events import Event, Link
from dossiers.history.models import CommandRow, EventRow, TextRow

_EVENTS = table_of(EventRow)
_COMMANDS = table_of(CommandRow)
_ADD_EVENTS = insert(_EVENTS)
_ADD_COMMAND = insert(_COMMANDS)
_COMMAND_UNDER = select(*_COMMANDS.c).where(_COMMANDS.c.key == bindparam("wanted"))
_LINKS_OF = select(*_EVENTS.c).where(_EVENTS.c.dossier_id == bindparam("wanted")).order_by(_EVENTS.c.seq)


def append(connection: Connection, dossier_id: UUID, links: Sequence[Link]) -> None:
    """Append events to a dossier's history."""
    connection.execute(
        _ADD_EVENTS,
        [
            {
                "dossier_id": dossier_id,
                "seq": link.event.seq,
                "kind": link.event.kind,
                "at": link.event.at,
                "actor": link.event.actor,
                "agency": link.event.agency,
                "payload": link.payload_text,
                "prev_hash": link.prev_hash,
                "hash": link.hash,
            }
            for link in links
        ],
    )


def links_of(connection: Connection, dossier_id: UUID, until: datetime | None = None) -> list[Link]:
    """The chain of a dossier, oldest first; ``until`` leaves out what happened later."""
    statement = _LINKS_OF if until is None else _LINKS_OF.where(EventRow.at <= until)
    return [_link(row) for row in connection.execute(statement, {"wanted": dossier_id})]


def all_chains(connection: Connection) -> Iterator[tuple[UUID, list[Link]]]:
    """Every dossier's chain, one dossier after another."""
    statement = select(*_EVENTS.c).order_by(EventRow.dossier_id, EventRow.seq)
    current: UUID | None = None
    links: list[Link] = []
    for row in connection.execution_options(yield_per=2000).execute(statement):
        if row.dossier_id != current:
            if current is not None:
                yield current, links
            current, links = row.dossier_id, []
        links.append(_link(row))
    if current is not None:
        yield current, links


def _link(row: Any) -> Link:
    event = Event(row.seq, row.kind, row.at, row.actor, row.agency, json.loads(row.payload))
    return Link(event, row.payload, row.prev_hash, row.hash)


def add_texts(connection: Connection, dossier_id: UUID, texts: Sequence[tuple[UUID, str, str]]) -> None:
    """Keep free texts: id, salt and body each."""
    connection.execute(
        insert(TextRow),
        [
            {"id": text_id, "dossier_id": dossier_id, "salt": salt, "body": body}
            for text_id, salt, body in texts
        ],
    )


def texts_of(connection: Connection, dossier_id: UUID) -> dict[str, Any]:
    """The texts of a dossier by id."""
    rows = connection.execute(select(*TextRow.__table__.c).where(TextRow.dossier_id == dossier_id))
    return {str(row.id): row for row in rows}


def command_under(connection: Connection, key: str) -> Any | None:
    """The command carried out under a key, if any."""
    return connection.execute(_COMMAND_UNDER, {"wanted": key}).one_or_none()


def record_command(connection: Connection, fields: dict[str, Any]) -> None:
    """Remember that a command was carried out under its key."""
    connection.execute(_ADD_COMMAND, fields)
