"""The ways out that an installation has, by its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from dossiers.core.settings import Settings
from workflows.deliveries.channels.base import Channel, ChannelName
from workflows.deliveries.channels.http import SmsChannel, ZaloChannel
from workflows.deliveries.channels.mail import MailChannel
from workflows.deliveries.channels.webhook import WebhookChannel


@dataclass(frozen=True, slots=True)
class WaysOut:
    """The channels that are set up, when they may be used, and what links in messages begin with."""

    channels: Mapping[ChannelName, Channel] = field(default_factory=dict)
    public_url: str = "http://127.0.0.1:8000"
    quiet_from: time = time(21)
    quiet_until: time = time(7)
    most_attempts: int = 8


def ways_out(settings: Settings) -> WaysOut:
    """The channels of an installation; in a demonstration none that tells people, whatever is set.

    Raises ``BadInput`` (``secret_unreadable``) when a file with a password or token cannot be read.
    """
    channels: dict[ChannelName, Channel] = {ChannelName.WEBHOOK: webhook_channel(settings)}
    if settings.smtp_host and settings.smtp_from and not settings.demo:
        channels[ChannelName.EMAIL] = MailChannel(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_from,
            settings.smtp_user,
            _secret(settings.smtp_password_file, "MOTCUA_SMTP_PASSWORD_FILE"),
            settings.smtp_security,
            settings.mail_per_minute,
        )
    if settings.sms_url and not settings.demo:
        token = _secret(settings.sms_token_file, "MOTCUA_SMS_TOKEN_FILE")
        channels[ChannelName.SMS] = SmsChannel(settings.sms_url, token, settings.sms_per_minute)
    if settings.zalo_url and not settings.demo:
        token = _secret(settings.zalo_token_file, "MOTCUA_ZALO_TOKEN_FILE")
        channels[ChannelName.ZALO] = ZaloChannel(settings.zalo_url, token, settings.zalo_per_minute)
    return WaysOut(
        channels,
        settings.public_url,
        settings.quiet_from,
        settings.quiet_until,
        settings.delivery_attempts,
    )


def webhook_channel(settings: Settings) -> WebhookChannel:
    """The way to other systems; in a demonstration too, since nothing of any person goes it."""
    return WebhookChannel(settings.webhook_inside, settings.webhook_plain_http, settings.webhooks_per_minute)


def _secret(path: str, setting: str) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise BadInput(
            Said("Không đọc được tệp nêu ở {setting}.", setting=setting),
            code="secret_unreadable",
            where=setting,
            hint="Kiểm tra đường dẫn và quyền đọc tệp.",
        ) from error
