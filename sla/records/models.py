"""Tables about time, derived from history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant


class PromiseRow(Base):
    """A numbered appointment with the citizen; never overwritten, only superseded."""

    __tablename__ = "promises"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(60))
    limit: Mapped[str | None] = mapped_column(String(40))
    base: Mapped[datetime] = mapped_column(Instant, comment="Where counting began")
    due_at: Mapped[datetime] = mapped_column(Instant)
    provisional: Mapped[bool]
    calendar: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Instant)
    supersedes: Mapped[int | None] = mapped_column(Integer)
    judged: Mapped[bool] = mapped_column(comment="Reports judge by it; a re-appointment never is")
    status: Mapped[str] = mapped_column(String(12))
    broken_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    late_minutes: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        Index(
            "ix_promises_running",
            "due_at",
            "dossier_id",
            postgresql_where=text("status = 'running'"),
            sqlite_where=text("status = 'running'"),
        ),
        Index(
            "ix_promises_split",
            "settled_at",
            postgresql_where=text("late_minutes IS NOT NULL"),
            sqlite_where=text("late_minutes IS NOT NULL"),
        ),
    )


class ShareRow(Base):
    """A part of the lateness of a broken promise; the parts of a promise add up to its late minutes."""

    __tablename__ = "lateness_shares"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    promise: Mapped[int] = mapped_column(Integer, primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    agency: Mapped[str | None] = mapped_column(AGENCY_CODE, index=True, comment="Empty: the plan itself")
    step: Mapped[str | None] = mapped_column(String(60))
    task: Mapped[int | None] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime | None] = mapped_column(Instant, comment="When the allotment had run out")


class PauseRow(Base):
    """A stretch during which the clock stood still: who, why, on what basis, until when."""

    __tablename__ = "pauses"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(80))
    basis: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    expected_until: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class SpanRow(Base):
    """Who owned the clock from when to when."""

    __tablename__ = "clock_spans"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner: Mapped[str] = mapped_column(String(10))
    agency: Mapped[str | None] = mapped_column(AGENCY_CODE)
    task: Mapped[int | None] = mapped_column(Integer)
    counted: Mapped[bool]
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)


class AlertRow(Base):
    """Something the monitor noticed, once: nearly due, not acknowledged, step overdue."""

    __tablename__ = "alerts"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    agency: Mapped[str] = mapped_column(AGENCY_CODE)
    task: Mapped[int | None] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(Instant, comment="When it fell due")
    raised_at: Mapped[datetime] = mapped_column(Instant, comment="When it was noticed")

    __table_args__ = (Index("ix_alerts_agency_raised_at", "agency", "raised_at"),)


class ApologyRow(Base):
    """The one letter owed for a promise (form 04)."""

    __tablename__ = "apologies"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    promise: Mapped[int] = mapped_column(Integer)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, comment="Who caused the lateness apologises")
    holder: Mapped[str] = mapped_column(AGENCY_CODE)
    because: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    sign_by: Mapped[datetime] = mapped_column(Instant)
    can_reappoint: Mapped[bool]
    reason: Mapped[UUID | None]
    new_due_at: Mapped[datetime | None] = mapped_column(Instant)
    drafted_by: Mapped[str | None] = mapped_column(String(80))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_by: Mapped[str | None] = mapped_column(OFFICIAL_ID)
    capacity: Mapped[str | None] = mapped_column(String(10))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("dossier_id", "promise", name="uq_apologies_one_letter_per_promise"),
        Index(
            "ix_apologies_to_sign",
            "agency",
            "sign_by",
            postgresql_where=text("signed_at IS NULL AND withdrawn_at IS NULL"),
            sqlite_where=text("signed_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )


class FaultRow(Base):
    """A matter in the ledger of heads, as its entries leave it."""

    __tablename__ = "faults"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    promise: Mapped[int] = mapped_column(Integer)
    agency: Mapped[str] = mapped_column(AGENCY_CODE)
    step: Mapped[str | None] = mapped_column(String(60))
    task: Mapped[int | None] = mapped_column(Integer)
    instant: Mapped[datetime] = mapped_column(Instant, comment="The head in office then answers")
    head: Mapped[str | None] = mapped_column(OFFICIAL_ID)
    capacity: Mapped[str] = mapped_column(String(10))
    up_agency: Mapped[str | None] = mapped_column(AGENCY_CODE)
    up_head: Mapped[str | None] = mapped_column(OFFICIAL_ID)
    apology: Mapped[int | None] = mapped_column(Integer)
    minutes: Mapped[int | None] = mapped_column(Integer)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_faults_agency_instant", "agency", "instant"),
        Index("ix_faults_head_instant", "head", "instant"),
        Index("ix_faults_instant", "instant", "dossier_id", "no"),
        Index("ix_faults_up_head_instant", "up_head", "instant"),
    )


class LedgerEntryRow(Base):
    """An entry of the ledger; rows are only ever inserted (a trigger refuses the rest)."""

    __tablename__ = "ledger_entries"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    fault: Mapped[int] = mapped_column(Integer, primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    minutes: Mapped[int | None] = mapped_column(Integer)
    text: Mapped[UUID | None]
