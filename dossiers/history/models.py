"""Tables of the history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, Base, Instant


class EventRow(Base):
    """An event; rows are only ever inserted (a trigger refuses the rest)."""

    __tablename__ = "events"

    dossier_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(48))
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    agency: Mapped[str | None] = mapped_column(AGENCY_CODE)
    payload: Mapped[str] = mapped_column(Text, comment="Canonical JSON, hashed as it stands")
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("seq > 0", name="seq_positive"), Index("ix_events_at", "at"))


class TextRow(Base):
    """A free text an event refers to by id and salted digest, so that it can be disposed of alone.

    What was disposed of leaves its row behind with neither salt nor body: a row that is gone was taken away.
    """

    __tablename__ = "texts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(index=True)
    salt: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)


class CommandRow(Base):
    """A command that was carried out, under the key it came with: the same key never acts twice."""

    __tablename__ = "commands"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), comment="Of the whole request")
    at: Mapped[datetime] = mapped_column(Instant)
    first_seq: Mapped[int] = mapped_column(Integer)
    last_seq: Mapped[int] = mapped_column(Integer)
