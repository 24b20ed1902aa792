"""Writing down what a decision owes, in the transaction of the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.canonical import sha256_hex
from dossiers.core.ids import Bits, uuid7
from dossiers.outbox import repository as outbox
from dossiers.outbox.models import OutboxState
from workflows.engine.decide import Decision
from workflows.engine.effects import Effect
from workflows.office import Office, Telling


def owe(office: Office, connection: Connection, decisions: Iterable[Decision]) -> None:
    """Write a row for every message the decisions owe; while nobody is told, note that none is owed."""
    rows = list[dict[str, Any]]()
    for decision in decisions:
        dossier_id = decision.state.id
        if office.telling is Telling.NOBODY:
            outbox.begin_after(connection, dossier_id, decision.state.seq, invented=office.invented)
            continue
        if office.invented and decision.events[0].seq == 1:
            outbox.begin_after(connection, dossier_id, 0, invented=True)
        rows += [_row(dossier_id, effect) for effect in decision.effects]
    outbox.owe(connection, rows)


def _row(dossier_id: UUID, effect: Effect) -> dict[str, Any]:
    return {
        "id": message_of(dossier_id, effect),
        "dossier_id": dossier_id,
        "seq": effect.seq,
        "topic": effect.topic.value,
        "recipient": effect.recipient,
        "agency": effect.agency,
        "state": OutboxState.WAITING.value,
        "created_at": effect.at,
        "next_at": effect.at,
    }


def key_of(dossier_id: UUID, effect: Effect) -> str:
    """The key under which a message is owed once and for ever."""
    return f"{dossier_id}:{effect.seq}:{effect.topic}:{effect.recipient}"


def message_of(dossier_id: UUID, effect: Effect) -> UUID:
    """The id of the message with this key: the same whenever and wherever it is made, in order of time."""
    return uuid7(effect.at, _bits_of(key_of(dossier_id, effect)))


@contextmanager
def telling_nobody(office: Office, *, invented: bool = False) -> Iterator[None]:
    """History put in after the fact: nothing of what happens meanwhile is told to anybody."""
    before = office.telling, office.invented
    office.telling, office.invented = Telling.NOBODY, invented
    try:
        yield
    finally:
        office.telling, office.invented = before


def _bits_of(key: str) -> Bits:
    left = int(sha256_hex(key), 16)

    def bits(many: int) -> int:
        nonlocal left
        drawn, left = left & ((1 << many) - 1), left >> many
        return drawn

    return bits
