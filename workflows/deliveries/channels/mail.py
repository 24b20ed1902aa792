"""E-mail by SMTP (RFC 5321, 5322)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from workflows.deliveries.channels.base import SECONDS, ChannelName, Message, WeAreWrong, WorldFailed

_NOT_OF_THIS_MESSAGE = frozenset({530, 534, 535, 538, 454, 421, 452})
"""Answers about who we are, or how the server fares: no other message would fare better."""


@dataclass(frozen=True, slots=True)
class MailChannel:
    """A mail server. ``security`` is ``none``, ``starttls`` or ``tls``."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "starttls"
    per_minute: int = 60
    seconds: float = SECONDS
    name: ChannelName = ChannelName.EMAIL

    def send(self, message: Message) -> str:
        """Hand a mail to the server: accepted when it says 250 to all of it."""
        try:
            letter = compose(message, self.sender)
        except ValueError as error:
            raise WeAreWrong(str(error)) from error
        try:
            with self._connected() as server:
                refused = server.send_message(
                    letter, from_addr=parseaddr(self.sender)[1], to_addrs=[message.to]
                )
                return "250" if not refused else str(refused)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _failure(code, _text(said)) from error
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, _text(error.smtp_error)) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise WeAreWrong(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise WorldFailed(f"{type(error).__name__}: {error}", whole_channel=True) from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.seconds, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except smtplib.SMTPNotSupportedError as error:
            # It offers no login or no TLS: what is set up is wrong, not this message.
            server.close()
            raise WorldFailed(str(error), whole_channel=True) from error
        except BaseException:
            server.close()
            raise
        return server


def compose(message: Message, sender: str) -> EmailMessage:
    """The mail, the same to the byte at every try."""
    letter = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    letter["From"] = sender
    letter["To"] = message.to
    letter["Subject"] = message.subject
    letter["Message-ID"] = message_id(message.id, sender)
    letter["Date"] = format_datetime(message.written_at)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    letter["Content-Language"] = message.language
    return letter


def message_id(of: str, sender: str) -> str:
    """The Message-ID of a message: its id at the sender's domain."""
    return f"<{of}@{parseaddr(sender)[1].rpartition('@')[2] or 'motcua.invalid'}>"


def _failure(code: int, said: str) -> WorldFailed | WeAreWrong:
    answer = f"{code} {said}"
    if code in _NOT_OF_THIS_MESSAGE:
        return WorldFailed(answer, wait=timedelta(minutes=5), whole_channel=True)
    return WeAreWrong(answer) if 500 <= code < 600 else WorldFailed(answer)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
