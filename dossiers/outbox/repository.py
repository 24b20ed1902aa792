"""Queries about the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.core.errors import NotFound
from dossiers.core.tables import table_of
from dossiers.outbox.models import DUE, UNFINISHED, OutboxAttemptRow, OutboxBeginRow, OutboxRow, OutboxState

_OUTBOX = table_of(OutboxRow)
_ATTEMPTS = table_of(OutboxAttemptRow)
_BEGINS = table_of(OutboxBeginRow)
_OWE = insert(_OUTBOX)


def owe(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write messages owed, all in one statement."""
    if rows:
        connection.execute(_OWE, [dict(row) for row in rows])


def begin_after(connection: Connection, dossier_id: UUID, seq: int, *, invented: bool) -> None:
    """Say that a dossier owes nothing for its events up to ``seq``."""
    into = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"after_seq": seq, "invented": invented}
    connection.execute(
        into(_BEGINS)
        .values(dossier_id=dossier_id, **values)
        .on_conflict_do_update(index_elements=["dossier_id"], set_=values)
    )


def begins(connection: Connection, dossier_ids: Collection[UUID]) -> dict[UUID, int]:
    """After which event dossiers begin to owe messages; those that owe from the first are left out."""
    rows = connection.execute(select(_BEGINS).where(_BEGINS.c.dossier_id.in_(list(dossier_ids))))
    return {row.dossier_id: row.after_seq for row in rows}


def is_invented(connection: Connection, dossier_id: UUID) -> bool:
    """Whether a dossier belongs to people of a demonstration."""
    statement = select(_BEGINS.c.invented).where(_BEGINS.c.dossier_id == dossier_id)
    return bool(connection.execute(statement).scalar_one_or_none())


def keys(connection: Connection, dossier_ids: Collection[UUID]) -> set[tuple[UUID, int, str, str]]:
    """The keys of all messages of some dossiers."""
    c = _OUTBOX.c
    statement = select(c.dossier_id, c.seq, c.topic, c.recipient).where(c.dossier_id.in_(list(dossier_ids)))
    return {tuple(row) for row in connection.execute(statement)}


def is_anything_due(connection: Connection, at: datetime) -> bool:
    """Whether a message waits for now: one probe of one index."""
    statement = select(_OUTBOX.c.id).where(text(DUE), _OUTBOX.c.next_at <= at).limit(1)
    return connection.execute(statement).first() is not None


def claim(
    connection: Connection, at: datetime, most: int, *, lease: UUID, lease_until: datetime
) -> list[Any]:
    """Take messages in hand, those that waited longest first; what others have in hand is passed over.

    A message whose lease is over is taken again: who had it did not live to confirm it.
    """
    statement = (
        select(_OUTBOX)
        .where(text(DUE), _OUTBOX.c.next_at <= at)
        .order_by(_OUTBOX.c.next_at, _OUTBOX.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = list(connection.execute(statement))
    if found:
        connection.execute(
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_([row.id for row in found]))
            .values(state=OutboxState.SENDING, lease=lease, next_at=lease_until, claims=_OUTBOX.c.claims + 1)
        )
    return found


def settle(connection: Connection, outbox_id: UUID, lease: UUID, **values: Any) -> bool:
    """Write what became of a message in hand; False when the lease was lost and somebody else has it."""
    statement = (
        update(_OUTBOX)
        .where(_OUTBOX.c.id == outbox_id, _OUTBOX.c.lease == lease)
        .values(lease=None, **values)
    )
    return connection.execute(statement).rowcount == 1


def lock(connection: Connection, outbox_id: UUID) -> Any:
    """The message, locked until the transaction ends; ``NotFound`` (``message_unknown``)."""
    row = connection.execute(select(_OUTBOX).where(_OUTBOX.c.id == outbox_id).with_for_update()).one_or_none()
    if row is None:
        raise unknown(outbox_id)
    return row


def change(connection: Connection, outbox_id: UUID, **values: Any) -> None:
    """Change a message that was locked."""
    connection.execute(update(_OUTBOX).where(_OUTBOX.c.id == outbox_id).values(**values))


def unknown(outbox_id: UUID | str) -> NotFound:
    """The answer to an id no message has, or none the caller may see."""
    return NotFound("Không có thư, tin này trong hộp gửi đi.", code="message_unknown", where=str(outbox_id))


def note(connection: Connection, outbox_id: UUID, at: datetime, outcome: str, **fields: Any) -> None:
    """Add to what was done with a message. Called with the message locked or in hand."""
    last = connection.execute(
        select(func.max(_ATTEMPTS.c.no)).where(_ATTEMPTS.c.outbox_id == outbox_id)
    ).scalar_one_or_none()
    values = {"outbox_id": outbox_id, "no": (last or 0) + 1, "at": at, "outcome": outcome}
    connection.execute(insert(_ATTEMPTS), {**values, **fields})


def attempts(connection: Connection, outbox_id: UUID) -> list[Any]:
    """Everything done with a message, oldest first."""
    statement = select(_ATTEMPTS).where(_ATTEMPTS.c.outbox_id == outbox_id).order_by(_ATTEMPTS.c.no)
    return list(connection.execute(statement))


def tried_since(connection: Connection, since: datetime) -> dict[str, int]:
    """How many messages each channel was given since an instant."""
    rows = connection.execute(
        select(_ATTEMPTS.c.channel, func.count().label("many"))
        .where(_ATTEMPTS.c.channel.is_not(None), _ATTEMPTS.c.at > since)
        .where(_ATTEMPTS.c.outcome.in_(("accepted", "failed", "refused")))
        .group_by(_ATTEMPTS.c.channel)
    )
    return {row.channel: row.many for row in rows}


def get(connection: Connection, outbox_id: UUID) -> Any:
    """One message; ``NotFound`` (``message_unknown``)."""
    row = connection.execute(select(_OUTBOX).where(_OUTBOX.c.id == outbox_id)).one_or_none()
    if row is None:
        raise unknown(outbox_id)
    return row


def listed(
    connection: Connection,
    *,
    agencies: Collection[str] | None,
    states: Iterable[str] | None = None,
    topic: str | None = None,
    dossier_id: UUID | None = None,
    before: UUID | None = None,
    most: int = 50,
) -> list[Any]:
    """Messages, the newest first (ids are in order of time); ``agencies`` None is the whole office."""
    statement = select(_OUTBOX).order_by(_OUTBOX.c.id.desc()).limit(most)
    if agencies is not None:
        statement = statement.where(_OUTBOX.c.agency.in_(sorted(agencies)))
    if states is not None:
        wanted = list(states)
        statement = statement.where(_OUTBOX.c.state.in_(wanted))
        if not {OutboxState.DONE, OutboxState.CANCELLED} & set(wanted):
            statement = statement.where(text(UNFINISHED))
    if topic is not None:
        statement = statement.where(_OUTBOX.c.topic == topic)
    if dossier_id is not None:
        statement = statement.where(_OUTBOX.c.dossier_id == dossier_id)
    if before is not None:
        statement = statement.where(_OUTBOX.c.id < before)
    return list(connection.execute(statement))


def counts(connection: Connection, *, agencies: Collection[str] | None) -> dict[str, int]:
    """How many messages are unfinished, by state."""
    statement = (
        select(_OUTBOX.c.state, func.count().label("many")).where(text(UNFINISHED)).group_by(_OUTBOX.c.state)
    )
    if agencies is not None:
        statement = statement.where(_OUTBOX.c.agency.in_(sorted(agencies)))
    return {row.state: row.many for row in connection.execute(statement)}
