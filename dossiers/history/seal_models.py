"""Tables of the daily seals; rows are only ever inserted (a trigger refuses the rest)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant


class SealRow(Base):
    """The seal of a day: over the heads of all dossiers changed since the seal before it, and that seal."""

    __tablename__ = "seals"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, unique=True, comment="The local day that it closes")
    until: Mapped[datetime] = mapped_column(Instant, comment="It covers what happened before this instant")
    made_at: Mapped[datetime] = mapped_column(Instant)
    dossiers: Mapped[int] = mapped_column(Integer, comment="How many heads it covers")
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)


class SealHeadRow(Base):
    """The last event of a dossier that a seal covers."""

    __tablename__ = "seal_heads"

    seal: Mapped[int] = mapped_column(ForeignKey("seals.number"), primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_seal_heads_dossier_id_seq", "dossier_id", "seq"),)
