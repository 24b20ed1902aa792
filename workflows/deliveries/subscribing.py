"""Webhooks as administrators keep them: made, changed, turned off and on, given another secret."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.errors import BadInput
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from dossiers.outbox import webhooks
from workflows.deliveries.channels.guarded import is_inside
from workflows.deliveries.channels.webhook import SECRET_PREFIX, WebhookChannel
from workflows.engine.kinds import Kind

MOST_URL = 500
SUBJECTS = tuple(dict.fromkeys(kind.partition(":")[0] for kind in Kind))
"""What events are about."""

CHOICES = frozenset(Kind) | {f"{subject}:*" for subject in SUBJECTS}
"""What a subscription can name: a kind of event, or all of a subject."""


def subscribe(
    connection: Connection,
    channel: WebhookChannel,
    url: str,
    *,
    agency: str,
    kinds: Iterable[str],
    by: str,
    at: datetime,
) -> tuple[UUID, str]:
    """A new subscription, from now on: its id and the secret, which nobody is shown again.

    Raises ``BadInput`` (``webhook_url_wrong``, ``webhook_kind_unknown``).
    """
    webhook_id, secret = uuid7(at), new_secret()
    webhooks.add(
        connection,
        id=webhook_id,
        agency=agency,
        url=readable_url(url, channel),
        kinds=kinds_text(kinds),
        secret=secret,
        active=True,
        created_at=at,
        created_by=by,
        changed_at=at,
        changed_by=by,
    )
    return webhook_id, secret


def change(
    connection: Connection,
    channel: WebhookChannel,
    webhook_id: UUID,
    *,
    by: str,
    at: datetime,
    url: str | None = None,
    kinds: Iterable[str] | None = None,
    active: bool | None = None,
) -> None:
    """Change a subscription. Turned off, nothing more is owed to it and what waits is cancelled.

    Raises ``NotFound`` (``webhook_unknown``), ``BadInput`` (``webhook_url_wrong``, ``webhook_kind_unknown``).
    """
    row = webhooks.get(connection, webhook_id)
    webhooks.change(
        connection,
        webhook_id,
        url=row.url if url is None else readable_url(url, channel),
        kinds=row.kinds if kinds is None else kinds_text(kinds),
        active=row.active if active is None else active,
        changed_at=at,
        changed_by=by,
    )


def renew_secret(connection: Connection, webhook_id: UUID, *, by: str, at: datetime) -> str:
    """Another secret, with which everything is signed from now on. ``NotFound`` (``webhook_unknown``)."""
    webhooks.get(connection, webhook_id)
    secret = new_secret()
    webhooks.change(connection, webhook_id, secret=secret, changed_at=at, changed_by=by)
    return secret


def new_secret() -> str:
    """A secret of 256 bits, written as Standard Webhooks do."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def kinds_text(kinds: Iterable[str]) -> str:
    """The kinds as they are kept; empty for every kind."""
    wanted = {kind.strip() for kind in kinds} - {""}
    unknown = sorted(wanted - CHOICES)
    if unknown:
        raise BadInput(
            Said("Không có loại sự kiện “{unknown}”.", unknown=unknown[0]),
            code="webhook_kind_unknown",
            where="kinds",
            hint="Ví dụ: dossier:accepted, handoff:*; xem docs/webhooks.md.",
        )
    covered = {kind for kind in wanted if f"{kind.partition(':')[0]}:*" not in wanted - {kind}}
    return " ".join(sorted(covered))


def readable_url(text: str, channel: WebhookChannel) -> str:
    """An address events may be posted to; ``BadInput`` (``webhook_url_wrong``) otherwise.

    A name is looked up only when something is sent, and then each time.
    """
    url = text.strip()
    schemes = ("https", "http") if channel.plain else ("https",)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        fits = parts.scheme in schemes and host and parts.port != 0 and len(url) <= MOST_URL
    except ValueError:
        raise _wrong("Địa chỉ nhận không đúng cú pháp.") from None
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise _wrong("Địa chỉ nhận phải bắt đầu bằng https:// và không có dấu cách, chữ có dấu.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _wrong("Địa chỉ nhận không được chứa tên đăng nhập, mật khẩu hoặc dấu #.")
    if not channel.inside and _names_inside(host):
        raise _wrong("Địa chỉ nhận nằm trong mạng nội bộ.")
    return url


def _names_inside(host: str) -> bool:
    try:
        return is_inside(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _wrong(message: str) -> BadInput:
    return BadInput(
        message,
        code="webhook_url_wrong",
        where="url",
        hint="Ví dụ: https://phan-mem.example.gov.vn/motcua",
    )
