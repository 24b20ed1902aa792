"""Messages handed to another system over HTTP: an SMS gateway, a Zalo official account.

Each is posted as JSON with an ``Idempotency-Key``. A 4xx says that we are wrong; 408 and 429, 5xx and no
answer at all, that the world is; 401, 403 and 407 are about our own credentials, not about any message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from workflows.deliveries.channels.base import SECONDS, ChannelName, Message, WeAreWrong, WorldFailed

_BUSY = frozenset({408, 425, 429})
_CREDENTIALS = frozenset({401, 403, 407})
_LONGEST_WAIT = 3600
_MOST_OF_AN_ANSWER = 300


@dataclass(frozen=True, slots=True)
class SmsChannel:
    """An SMS gateway: ``{"to": "84…", "text": "…", "id": "…"}`` with a bearer token."""

    url: str
    token: str = ""
    per_minute: int = 60
    seconds: float = SECONDS
    name: ChannelName = ChannelName.SMS

    def send(self, message: Message) -> str:
        """Hand a text message to the gateway."""
        body = {"to": international(message.to), "text": message.text, "id": message.id}
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return post(self.url, body, message.id, headers, self.seconds)


@dataclass(frozen=True, slots=True)
class ZaloChannel:
    """A Zalo official account that fills in templates registered there, one for each topic.

    The answer is 200 even for a refusal: ``{"error": 0}`` alone is acceptance.
    """

    url: str
    token: str = ""
    per_minute: int = 60
    seconds: float = SECONDS
    name: ChannelName = ChannelName.ZALO

    def send(self, message: Message) -> str:
        """Hand a message to the official account."""
        body = {
            "phone": international(message.to),
            "template_id": message.topic,
            "template_data": dict(message.data),
            "tracking_id": message.id,
        }
        return post(self.url, body, message.id, {"access_token": self.token}, self.seconds, errors=True)


def international(phone: str) -> str:
    """A number as it is dialled from anywhere, without a plus: ``84912345678``."""
    return f"84{phone[1:]}" if phone.startswith("0") else phone.removeprefix("+")


def post(
    url: str,
    body: Mapping[str, Any],
    key: str,
    headers: Mapping[str, str],
    seconds: float,
    *,
    errors: bool = False,
) -> str:
    """Post a message; what was answered. ``errors``: a refusal may hide in a 200 as ``error``."""
    try:
        answer = httpx.post(
            url, json=body, headers={"Idempotency-Key": key, **headers}, timeout=seconds, trust_env=False
        )
    except httpx.InvalidURL as error:
        raise WorldFailed(f"InvalidURL: {error}", whole_channel=True) from error
    except httpx.TransportError as error:
        raise WorldFailed(f"{type(error).__name__}: {error}", whole_channel=True) from error
    if answer.is_success and errors and _error_in(answer) != 0:
        raise WeAreWrong(_said(answer.status_code, answer.text))
    return judged(answer.status_code, answer.text, answer.headers.get("retry-after", ""))


def judged(status: int, text: str, retry_after: str) -> str:
    """What was answered, if it is acceptance. Raises ``WorldFailed``, ``WeAreWrong``."""
    said = _said(status, text)
    if 200 <= status < 300:
        return said
    if status in _CREDENTIALS:
        raise WorldFailed(said, wait=timedelta(minutes=5), whole_channel=True)
    if 400 <= status < 500 and status not in _BUSY:
        raise WeAreWrong(said)
    raise WorldFailed(said, wait=_wait(retry_after), whole_channel=status in (429, 503))


def _said(status: int, text: str) -> str:
    return f"{status} {text[:_MOST_OF_AN_ANSWER]}".strip()


def _error_in(answer: httpx.Response) -> Any:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body.get("error", 0) if isinstance(body, dict) else None


def _wait(text: str) -> timedelta | None:
    """How long we are asked to wait, in seconds; a date is not understood."""
    return timedelta(seconds=min(int(text), _LONGEST_WAIT)) if text.isascii() and text.isdigit() else None
