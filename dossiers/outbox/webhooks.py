"""Queries about webhooks. Every change counts as a change of reference data: decisions ask who is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, true, update

from dossiers.core.errors import NotFound
from dossiers.core.revisions import REFERENCE, advance
from dossiers.core.tables import table_of
from dossiers.outbox.models import WebhookRow

_WEBHOOKS = table_of(WebhookRow)

PREFIX = "webhook:"
"""How a recipient of the outbox that is a webhook begins."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """What decisions ask of a subscription that is on: whose dossiers and which kinds of events."""

    id: UUID
    agency: str
    kinds: frozenset[str]

    @property
    def recipient(self) -> str:
        """Whom its messages are owed to."""
        return f"{PREFIX}{self.id}"

    def wants(self, kind: str) -> bool:
        """Whether it is told of events of a kind."""
        return not self.kinds or kind in self.kinds or f"{kind.partition(':')[0]}:*" in self.kinds


def load(connection: Connection) -> tuple[Webhook, ...]:
    """Every subscription that is on, in order of age."""
    c = _WEBHOOKS.c
    rows = connection.execute(select(c.id, c.agency, c.kinds).where(c.active == true()).order_by(c.id))
    return tuple(Webhook(row.id, row.agency, frozenset(row.kinds.split())) for row in rows)


def add(connection: Connection, **values: Any) -> None:
    """Keep a new subscription."""
    connection.execute(insert(_WEBHOOKS), values)
    advance(connection, REFERENCE)


def change(connection: Connection, webhook_id: UUID, **values: Any) -> None:
    """Change a subscription."""
    connection.execute(update(_WEBHOOKS).where(_WEBHOOKS.c.id == webhook_id).values(**values))
    advance(connection, REFERENCE)


def get(connection: Connection, webhook_id: UUID) -> Any:
    """One subscription; ``NotFound`` (``webhook_unknown``)."""
    row = connection.execute(select(_WEBHOOKS).where(_WEBHOOKS.c.id == webhook_id)).one_or_none()
    if row is None:
        raise unknown(webhook_id)
    return row


def listed(connection: Connection) -> list[Any]:
    """Every subscription, the newest first."""
    return list(connection.execute(select(_WEBHOOKS).order_by(_WEBHOOKS.c.id.desc())))


def unknown(webhook_id: UUID | str) -> NotFound:
    """The answer to an id no subscription has, or none the caller may see."""
    return NotFound("Không có nơi nhận webhook này.", code="webhook_unknown", where=str(webhook_id))
