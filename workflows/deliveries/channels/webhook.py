"""Events handed to another system: CloudEvents 1.0, signed as Standard Webhooks do. See docs/webhooks.md."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

import httpcore

from workflows.deliveries.channels.base import SECONDS, ChannelName, Message, WeAreWrong, WorldFailed
from workflows.deliveries.channels.guarded import Inside, post_guarded
from workflows.deliveries.channels.http import judged

SECRET_PREFIX = "whsec_"  # noqa: S105 - how a secret begins, no secret
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Other systems. ``inside``: those in the own network too; ``plain``: over HTTP without TLS too."""

    inside: bool = False
    plain: bool = False
    per_minute: int = 120
    seconds: float = SECONDS
    name: ChannelName = ChannelName.WEBHOOK

    def send(self, message: Message) -> str:
        """Post an event. What fails is this receiver's alone: the others are not to wait for it."""
        if not message.to.startswith("https://") and not self.plain:
            raise WeAreWrong("https only")
        sent_at = message.sent_at or message.written_at
        stamp = str(int(sent_at.timestamp()))
        headers = {
            "Content-Type": CONTENT_TYPE,
            "User-Agent": "motcua",
            "webhook-id": message.id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(message.secret, message.id, stamp, message.text),
        }
        try:
            answer = post_guarded(
                message.to, message.text.encode(), headers, self.seconds, inside=self.inside
            )
        except Inside as error:
            raise WeAreWrong(f"address of an inner network: {error}") from error
        except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
            raise WeAreWrong(f"{type(error).__name__}: {error}") from error
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise WorldFailed(f"{type(error).__name__}: {error}", whole_channel=True) from error
        return judged(answer.status, answer.text, answer.retry_after)


def signature(secret: str, message_id: str, timestamp: str, body: str) -> str:
    """The signature of a message: ``v1,`` and the HMAC-SHA256 of id, timestamp and body, in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
