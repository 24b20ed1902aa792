"""One event made ready for another system: a CloudEvent (1.0, structured JSON) without anything personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.canonical import canonical_json, instant_text
from dossiers.core.errors import NotFound
from dossiers.history import repository as history
from dossiers.history.events import Event
from dossiers.outbox import webhooks
from dossiers.records import repository as records
from workflows.deliveries.channels.base import ChannelName, Message
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.owing import WEBHOOK
from workflows.deliveries.rendering import Text
from workflows.engine.kinds import Kind

TYPE_PREFIX = "vn.motcua."


@dataclass(frozen=True, slots=True)
class PreparedEvent:
    """An event ready to go to ``address``, or ``overtaken``: the subscription was turned off meanwhile.

    Machines have no quiet hours: it is ``allowed_at`` once.
    """

    row: Any
    address: str
    secret: str
    written_at: datetime
    text: Text
    overtaken: bool
    allowed_at: datetime
    channel: ChannelName = ChannelName.WEBHOOK
    language: str = "en"
    leaves: bool = True

    @property
    def message_id(self) -> str:
        """What the receiver knows it by, the same at every try of this edition."""
        return f"{self.row.id}.{self.row.edition}"

    @property
    def lane(self) -> str:
        """What rests when it fails: this receiver and no other."""
        return str(self.row.recipient)

    @property
    def shown_address(self) -> str:
        """The receiver without path and query, which may hold what only it should know."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"[:120]

    @property
    def message(self) -> Message:
        """As it is handed to the channel."""
        return Message(
            id=self.message_id,
            topic=WEBHOOK,
            to=self.address,
            subject="",
            text=self.text.body,
            language=self.language,
            written_at=self.written_at,
            sent_at=self.allowed_at,
            secret=self.secret,
        )


def prepare_event(connection: Connection, row: Any, ways: WaysOut, at: datetime) -> PreparedEvent:
    """Make an event ready. ``NotFound`` (``webhook_unknown``, ``dossier_unknown``)."""
    webhook = webhooks.get(connection, UUID(row.recipient.removeprefix(webhooks.PREFIX)))
    links = history.links_of(connection, row.dossier_id)
    event = next((link.event for link in links if link.event.seq == row.seq), None)
    code = records.code_of(connection, row.dossier_id)
    if event is None or code is None:
        raise NotFound("Không có hồ sơ này.", code="dossier_unknown", where=str(row.dossier_id))
    body = canonical_json(cloud_event(f"{row.id}.{row.edition}", code, event, ways.public_url))
    return PreparedEvent(
        row, webhook.url, webhook.secret, event.at, Text("", body), not webhook.active, allowed_at=at
    )


def cloud_event(message_id: str, code: str, event: Event, public_url: str) -> dict[str, Any]:
    """What is told of an event. ``agency`` acted (null: the machine did); ``to`` gets what is handed over."""
    data: dict[str, Any] = {"dossier": code, "kind": event.kind, "seq": event.seq, "agency": event.agency}
    if event.kind == Kind.SENT:
        data["to"] = event.payload["to"]
    return {
        "specversion": "1.0",
        "id": message_id,
        "source": public_url,
        "type": TYPE_PREFIX + event.kind.replace(":", "."),
        "subject": code,
        "time": instant_text(event.at),
        "datacontenttype": "application/json",
        "data": data,
    }
