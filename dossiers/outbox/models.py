"""Tables of the outbox: messages owed, what was tried, from where on a dossier owes any, and webhooks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant

RECIPIENT = String(80)
"""``applicant:<id>``, ``official:<id>``, ``head:<agency>``, ``superior:<agency>``, ``webhook:<id>``; never a
name."""


class OutboxState(StrEnum):
    """Where a message is. ``to_print``: on the list of letters to be posted."""

    WAITING = "waiting"
    SENDING = "sending"
    TO_PRINT = "to_print"
    DEAD = "dead"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state in Vietnamese."""
        return _LABELS[self]


_LABELS = {
    OutboxState.WAITING: "chờ gửi",
    OutboxState.SENDING: "đang gửi",
    OutboxState.TO_PRINT: "chờ in, gửi thư",
    OutboxState.DEAD: "không gửi được",
    OutboxState.DONE: "đã gửi",
    OutboxState.CANCELLED: "đã huỷ",
}

DUE = "state IN ('waiting', 'sending')"
UNFINISHED = "state NOT IN ('done', 'cancelled')"


class OutboxRow(Base):
    """One message owed, by ids alone. Its key is dossier, event, topic and recipient; its id follows from it.

    ``next_at`` is when it is to be looked at: the next try, or the end of the lease while it is being sent.
    ``edition`` is part of the id receivers see: it changes only when a person sends the message anew.
    """

    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"))
    seq: Mapped[int] = mapped_column(Integer, comment="The event that owes it")
    topic: Mapped[str] = mapped_column(String(30))
    recipient: Mapped[str] = mapped_column(RECIPIENT)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, comment="In whose name it is sent")
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant)
    lease: Mapped[UUID | None] = mapped_column(comment="Who has it in hand")
    claims: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    edition: Mapped[int] = mapped_column(Integer, default=1)
    channel: Mapped[str | None] = mapped_column(String(10), comment="Last used")
    chosen: Mapped[str | None] = mapped_column(String(10), comment="A channel chosen by hand")
    error: Mapped[str] = mapped_column(String(300), default="")
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("dossier_id", "seq", "topic", "recipient"),
        CheckConstraint(
            "state IN ('waiting', 'sending', 'to_print', 'dead', 'done', 'cancelled')", name="state_known"
        ),
        CheckConstraint("(state = 'sending') = (lease IS NOT NULL)", name="leased_while_sending"),
        Index("ix_outbox_next_at", "next_at", "id", postgresql_where=text(DUE), sqlite_where=text(DUE)),
        Index(
            "ix_outbox_unfinished",
            "agency",
            "state",
            "id",
            postgresql_where=text(UNFINISHED),
            sqlite_where=text(UNFINISHED),
        ),
    )


class OutboxAttemptRow(Base):
    """One thing that was done with a message: tried, printed, cancelled, tried anew; only ever added."""

    __tablename__ = "outbox_attempts"

    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(
        String(12), comment="accepted, failed, refused, listed, posted, shown, overtaken, cancelled, anew"
    )
    channel: Mapped[str | None] = mapped_column(String(10))
    message_id: Mapped[str] = mapped_column(String(120), default="", comment="What the receiver knows it by")
    address: Mapped[str] = mapped_column(String(120), default="", comment="Masked")
    answer: Mapped[str] = mapped_column(String(500), default="", comment="What the channel answered")
    sha256: Mapped[str] = mapped_column(String(64), default="", comment="Digest of the text")
    official: Mapped[str | None] = mapped_column(OFFICIAL_ID, comment="None when the machine did it")

    __table_args__ = (
        Index("ix_outbox_attempts_channel_at", "channel", "at"),
        Index(
            "uq_outbox_attempts_accepted",
            "outbox_id",
            "message_id",
            unique=True,
            postgresql_where=text("outcome = 'accepted'"),
            sqlite_where=text("outcome = 'accepted'"),
        ),
    )


class OutboxBeginRow(Base):
    """From which event on a dossier owes messages, where not from its first: what happened before was
    imported, replayed, invented for a demonstration, or happened before there was an outbox."""

    __tablename__ = "outbox_begins"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    after_seq: Mapped[int] = mapped_column(Integer)
    invented: Mapped[bool] = mapped_column(comment="People of a demonstration: nothing is ever sent to them")


class WebhookRow(Base):
    """A subscription of another system: where events of an agency's dossiers are told, and signed with what.

    ``kinds``: kinds of events, and ``subject:*`` for all of a subject, separated by spaces; empty for every
    kind. ``secret`` is kept as it is: a signature is made with it, so a digest would not do.
    """

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, comment="Whose dossiers, and those of agencies below")
    url: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[str] = mapped_column(String(2000), default="")
    secret: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(OFFICIAL_ID)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(OFFICIAL_ID)
