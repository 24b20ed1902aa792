"""Queries about the history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said
from dossiers.core.tables import table_of
from dossiers.history.events import Event, Link
from dossiers.history.models import CommandRow, EventRow, TextRow

_EVENTS = table_of(EventRow)
_COMMANDS = table_of(CommandRow)
_ADD_EVENTS = insert(_EVENTS)
_ADD_COMMAND = insert(_COMMANDS)
_COMMAND_UNDER = select(*_COMMANDS.c).where(_COMMANDS.c.key == bindparam("wanted"))
_LINKS_OF = select(*_EVENTS.c).where(_EVENTS.c.dossier_id == bindparam("wanted")).order_by(_EVENTS.c.seq)


class HistoryUnreadable(MotcuaError):
    """An event as it is stored cannot be read: it was tampered with, or the disk failed."""

    code = "history_unreadable"
    status = 500


def append(connection: Connection, dossier_id: UUID, links: Sequence[Link]) -> None:
    """Append events to a dossier's history."""
    append_all(connection, [(dossier_id, links)])


def append_all(connection: Connection, histories: Iterable[tuple[UUID, Sequence[Link]]]) -> None:
    """Append events to the histories of several dossiers, by one statement."""
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
            for dossier_id, links in histories
            for link in links
        ],
    )


def links_of(connection: Connection, dossier_id: UUID, until: datetime | None = None) -> list[Link]:
    """The chain of a dossier, oldest first; ``until`` leaves out what happened later."""
    statement = _LINKS_OF if until is None else _LINKS_OF.where(EventRow.at <= until)
    return [_link(row, _payload(row)) for row in connection.execute(statement, {"wanted": dossier_id})]


def chain_of(connection: Connection, dossier_id: UUID) -> list[Link]:
    """The chain of a dossier as it is stored, for checking it: what cannot be read has no payload."""
    return [_as_stored(row) for row in connection.execute(_LINKS_OF, {"wanted": dossier_id})]


def chains_of(
    connection: Connection, dossier_ids: Sequence[UUID], until: datetime | None = None
) -> dict[UUID, list[Link]]:
    """The chains of several dossiers by one question; ``until`` leaves out what happened later."""
    statement = (
        select(*_EVENTS.c)
        .where(EventRow.dossier_id.in_(dossier_ids))
        .order_by(EventRow.dossier_id, EventRow.seq)
    )
    if until is not None:
        statement = statement.where(EventRow.at <= until)
    chains: dict[UUID, list[Link]] = {}
    for row in connection.execute(statement):
        chains.setdefault(row.dossier_id, []).append(_link(row, _payload(row)))
    return chains


def all_chains(connection: Connection) -> Iterator[tuple[UUID, list[Link]]]:
    """Every dossier's chain as it is stored, one dossier after another, for checking them."""
    statement = select(*_EVENTS.c).order_by(EventRow.dossier_id, EventRow.seq)
    current: UUID | None = None
    links: list[Link] = []
    for row in connection.execution_options(yield_per=2000).execute(statement):
        if row.dossier_id != current:
            if current is not None:
                yield current, links
            current, links = row.dossier_id, []
        links.append(_as_stored(row))
    if current is not None:
        yield current, links


def _link(row: Any, payload: dict[str, Any]) -> Link:
    event = Event(row.seq, row.kind, row.at, row.actor, row.agency, payload)
    return Link(event, row.payload, row.prev_hash, row.hash)


def _as_stored(row: Any) -> Link:
    try:
        return _link(row, _payload(row))
    except HistoryUnreadable:
        return _link(row, {})


def _payload(row: Any) -> dict[str, Any]:
    try:
        payload = json.loads(row.payload)
    except (ValueError, TypeError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise HistoryUnreadable(
            Said("Sự kiện số {seq} trong lịch sử hồ sơ không đọc được.", seq=row.seq),
            where=f"{row.dossier_id} · {row.seq}",
            hint="Lịch sử đã bị sửa hoặc hỏng; báo người vận hành kiểm chứng rồi khôi phục từ bản sao lưu.",
            command="motcua verify",
        )
    return payload


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
    """The texts of a dossier by id, without those disposed of."""
    return {key: row for key, row in stored_texts(connection, dossier_id).items() if row.salt}


def stored_texts(connection: Connection, dossier_id: UUID) -> dict[str, Any]:
    """The texts of a dossier by id; of those disposed of, the empty row that is left."""
    rows = connection.execute(select(*TextRow.__table__.c).where(TextRow.dossier_id == dossier_id))
    return {str(row.id): row for row in rows}


def dispose_of_text(connection: Connection, text_id: UUID) -> None:
    """Dispose of a free text for good; the history that refers to it still holds."""
    connection.execute(update(TextRow).where(TextRow.id == text_id).values(salt="", body=""))


def command_under(connection: Connection, key: str) -> Any | None:
    """The command carried out under a key, if any."""
    return connection.execute(_COMMAND_UNDER, {"wanted": key}).one_or_none()


def record_command(connection: Connection, fields: dict[str, Any]) -> None:
    """Remember that a command was carried out under its key."""
    connection.execute(_ADD_COMMAND, fields)
