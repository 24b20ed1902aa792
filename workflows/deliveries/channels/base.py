"""What every way out is: it takes a message and says what the other side answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class ChannelName(StrEnum):
    """The ways by which a message can leave. ``letter`` is printed and posted by people; ``pages`` is what
    officials see when they work: nothing leaves the office. ``webhook`` tells other systems, never people."""

    EMAIL = "email"
    SMS = "sms"
    ZALO = "zalo"
    LETTER = "letter"
    PAGES = "pages"
    WEBHOOK = "webhook"

    @property
    def label(self) -> str:
        """The channel in Vietnamese."""
        return _LABELS[self]


_LABELS = {
    ChannelName.EMAIL: "thư điện tử",
    ChannelName.SMS: "tin nhắn SMS",
    ChannelName.ZALO: "Zalo",
    ChannelName.LETTER: "thư in, gửi bưu chính",
    ChannelName.PAGES: "hiện trên các trang làm việc",
    ChannelName.WEBHOOK: "webhook, phần mềm khác",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to a channel. ``id`` is the same at every try, so that a receiver can drop the double.

    ``data`` is the same content as names and values, for receivers that fill in a form of their own.
    ``sent_at`` is the instant of this try; ``secret`` is what a receiver of its own knows the sender by.
    """

    id: str
    topic: str
    to: str
    subject: str
    text: str
    language: str
    written_at: datetime
    data: Mapping[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None
    secret: str = field(default="", repr=False)


class WorldFailed(Exception):
    """The other side could not be reached, or could not take it now: to be tried again.

    ``wait`` is how long it asks to be left alone; ``whole_channel`` when any other message would fare the
    same, so the rest is not even tried.
    """

    def __init__(self, answer: str, *, wait: timedelta | None = None, whole_channel: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.wait = wait
        self.whole_channel = whole_channel


class WeAreWrong(Exception):
    """The other side understood and refuses: trying again the same would be refused again."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Channel(Protocol):
    """A way out."""

    @property
    def name(self) -> ChannelName:
        """Which."""
        ...

    @property
    def per_minute(self) -> int:
        """How many messages a minute the other side is to be given at most."""
        ...

    def send(self, message: Message) -> str:
        """Hand a message over; what the other side answered. Raises ``WorldFailed``, ``WeAreWrong``.

        Must end within ``SECONDS``; whoever is killed meanwhile leaves the message to be sent again.
        """
        ...


SECONDS = 10.0
"""How long another side may take."""
