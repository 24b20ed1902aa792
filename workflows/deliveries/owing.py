"""Writing down what a decision owes, in the transaction of the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.canonical import sha256_hex
from dossiers.core.ids import Bits, uuid7
from dossiers.history.events import Event
from dossiers.outbox import repository as outbox
from dossiers.outbox.models import OutboxState
from workflows.engine.decide import Decision
from workflows.engine.effects import Effect
from workflows.engine.parties import agencies_of
from workflows.office import Office, Reference, Telling

WEBHOOK = "webhook"
"""The topic of a message to another system, which is told of the event as such."""


def owe(office: Office, connection: Connection, decisions: Iterable[Decision], reference: Reference) -> None:
    """Write a row for every message the decisions owe; while nobody is told, note that none is owed."""
    rows = list[dict[str, Any]]()
    for decision in decisions:
        dossier_id = decision.state.id
        if office.telling is Telling.NOBODY:
            outbox.begin_after(connection, dossier_id, decision.state.seq, invented=office.invented)
            continue
        if office.invented and decision.events[0].seq == 1:
            outbox.begin_after(connection, dossier_id, 0, invented=True)
        rows += [
            _row(dossier_id, effect, effect.topic.value, effect.recipient, effect.agency)
            for effect in decision.effects
        ]
        rows += _owed_to_webhooks(decision, reference)
    outbox.owe(connection, rows)


def _owed_to_webhooks(decision: Decision, reference: Reference) -> list[dict[str, Any]]:
    """A row for each event and each subscription of an agency that takes part, or is above one that does."""
    if not reference.webhooks:
        return []
    ancestors = reference.directory.ancestors
    line = {above for agency in agencies_of(decision.state) for above in ancestors(agency)}
    return [
        _row(decision.state.id, event, WEBHOOK, webhook.recipient, webhook.agency)
        for webhook in reference.webhooks
        if webhook.agency in line
        for event in decision.events
        if webhook.wants(event.kind)
    ]


def _row(
    dossier_id: UUID, because: Effect | Event, topic: str, recipient: str, agency: str
) -> dict[str, Any]:
    key = key_of(dossier_id, because.seq, topic, recipient)
    return {
        "id": message_of(key, because.at),
        "dossier_id": dossier_id,
        "seq": because.seq,
        "topic": topic,
        "recipient": recipient,
        "agency": agency,
        "state": OutboxState.WAITING.value,
        "created_at": because.at,
        "next_at": because.at,
    }


def key_of(dossier_id: UUID, seq: int, topic: str, recipient: str) -> str:
    """The key under which a message is owed once and for ever."""
    return f"{dossier_id}:{seq}:{topic}:{recipient}"


def message_of(key: str, at: datetime) -> UUID:
    """The id of the message with this key: the same whenever and wherever it is made, in order of time."""
    return uuid7(at, _bits_of(key))


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
