"""What people do with a message: send it anew, elsewhere or another way; cancel it; post a letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said
from dossiers.outbox import repository as outbox
from dossiers.outbox.models import OutboxState
from dossiers.outbox.webhooks import PREFIX
from dossiers.people import contacts
from workflows.deliveries.channels.base import ChannelName

MOST_REASON = 300
_OPEN = (OutboxState.WAITING, OutboxState.DEAD, OutboxState.TO_PRINT)


def retry(
    connection: Connection,
    outbox_id: UUID,
    *,
    by: str,
    at: datetime,
    channel: ChannelName | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Send a message anew, now, by another way or to another address where one is named.

    It keeps the id receivers know it by, unless it was refused under it or goes elsewhere: then the receiver
    must not take it for the one it knows. Raises ``NotFound`` (``message_unknown``), ``Conflict``
    (``message_settled``, ``message_in_hand``), ``BadInput`` (``recipient_is_a_post``,
    ``webhook_goes_one_way``, ``email_unreadable``, ``phone_unreadable``).
    """
    row = _open(connection, outbox_id, (*_OPEN, OutboxState.CANCELLED))
    if row.recipient.startswith(PREFIX) and (channel or email or phone) is not None:
        raise BadInput(
            "Sự kiện này chỉ gửi tới địa chỉ của nơi nhận webhook.",
            code="webhook_goes_one_way",
            where="channel",
            hint="Gửi lại không kèm cách gửi khác; muốn đổi địa chỉ thì đổi ở nơi nhận webhook.",
        )
    if email is not None or phone is not None:
        if not row.recipient.startswith(("applicant:", "official:")):
            raise BadInput(
                "Thư này gửi người đứng đầu cơ quan, không gửi một người cố định.",
                code="recipient_is_a_post",
                where="email",
                hint="Đặt địa chỉ nhận tin của công chức ấy.",
            )
        contacts.wish(connection, row.recipient, by=by, at=at, email=email, phone=phone)
    done = outbox.attempts(connection, outbox_id)
    tried = [each for each in done if each.outcome in ("accepted", "failed", "refused")]
    refused = bool(tried) and tried[-1].outcome == "refused"
    elsewhere = bool(tried) and (channel is not None or email is not None or phone is not None)
    outbox.change(
        connection,
        outbox_id,
        state=OutboxState.WAITING,
        next_at=at,
        attempts=0,
        claims=0,
        error="",
        settled_at=None,
        chosen=channel.value if channel else row.chosen,
        edition=row.edition + (refused or elsewhere),
    )
    outbox.note(connection, outbox_id, at, "anew", official=by, channel=channel.value if channel else None)


def cancel(connection: Connection, outbox_id: UUID, reason: str, *, by: str, at: datetime) -> None:
    """Let a message not be sent, and say why.

    Raises ``NotFound`` (``message_unknown``), ``Conflict`` (``message_settled``, ``message_in_hand``),
    ``BadInput`` (``reason_missing``).
    """
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput("Ghi lý do huỷ.", code="reason_missing", where="reason")
    _open(connection, outbox_id, _OPEN)
    outbox.change(
        connection, outbox_id, state=OutboxState.CANCELLED, settled_at=at, error=reason[:MOST_REASON]
    )
    outbox.note(connection, outbox_id, at, "cancelled", official=by, answer=reason[:MOST_REASON])


def posted(connection: Connection, outbox_ids: Collection[UUID], *, by: str, at: datetime) -> int:
    """Letters from the list were posted; how many. One that is no longer on the list is passed over."""
    many = 0
    for outbox_id in outbox_ids:
        row = outbox.lock(connection, outbox_id)
        if row.state != OutboxState.TO_PRINT:
            continue
        outbox.change(connection, outbox_id, state=OutboxState.DONE, settled_at=at)
        outbox.note(connection, outbox_id, at, "posted", official=by, channel=ChannelName.LETTER.value)
        many += 1
    return many


def _open(connection: Connection, outbox_id: UUID, allowed: Iterable[OutboxState]) -> Any:
    row = outbox.lock(connection, outbox_id)
    state = OutboxState(row.state)
    if state in tuple(allowed):
        return row
    if state is OutboxState.SENDING:
        raise Conflict(
            "Thư này đang được gửi.",
            code="message_in_hand",
            where=str(outbox_id),
            hint="Xem lại sau ít phút.",
        )
    raise Conflict(
        Said("Thư này {state}.", state=Said(state.label)), code="message_settled", where=str(outbox_id)
    )
