"""Tables derived from history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant


class DossierRow(Base):
    """A dossier as it stands."""

    __tablename__ = "dossiers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True, comment="TT 03/2025/TT-VPCP, art. 13")
    procedure: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    applicant: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"), index=True)
    representative: Mapped[UUID | None] = mapped_column(ForeignKey("applicants.id"))
    channel: Mapped[str] = mapped_column(String(10))
    desk: Mapped[str] = mapped_column(AGENCY_CODE)
    competent: Mapped[str] = mapped_column(AGENCY_CODE)
    parent: Mapped[UUID | None] = mapped_column(index=True)
    status: Mapped[int] = mapped_column(Integer, comment="The ten national statuses, 1 to 10")
    phase: Mapped[str] = mapped_column(String(12))
    owner: Mapped[str] = mapped_column(String(10), comment="Who owns the clock now")
    holder: Mapped[str | None] = mapped_column(AGENCY_CODE, comment="The agency that owns the clock")
    counting: Mapped[bool] = mapped_column(comment="Whether the time counts against the state")
    registered_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant, comment="The appointment now given")
    judged_due_at: Mapped[datetime | None] = mapped_column(Instant, comment="What reports judge by")
    provisional: Mapped[bool]
    late_since: Mapped[datetime | None] = mapped_column(Instant, comment="When the judged promise broke")
    warned_at: Mapped[datetime | None] = mapped_column(Instant, comment="A running promise is nearly due")
    late_minutes: Mapped[int | None] = mapped_column(Integer)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    return_method: Mapped[str | None] = mapped_column(String(10))
    positive: Mapped[bool | None]
    next_duty_at: Mapped[datetime | None] = mapped_column(Instant, comment="When the monitor must look")
    seq: Mapped[int] = mapped_column(Integer, comment="Number of the last event")
    head_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("status BETWEEN 1 AND 10", name="status_national"),
        CheckConstraint("(holder IS NULL) = (owner IN ('applicant', 'nobody'))", name="holder_is_agency"),
        Index(
            "ix_dossiers_next_duty_at",
            "next_duty_at",
            postgresql_where=text("next_duty_at IS NOT NULL"),
            sqlite_where=text("next_duty_at IS NOT NULL"),
        ),
        Index(
            "ix_dossiers_open_due_at",
            "due_at",
            "id",
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_dossiers_warned",
            "due_at",
            "id",
            postgresql_where=text("closed_at IS NULL AND warned_at IS NOT NULL"),
            sqlite_where=text("closed_at IS NULL AND warned_at IS NOT NULL"),
        ),
        Index("ix_dossiers_desk_registered_at", "desk", "registered_at"),
        Index("ix_dossiers_competent_registered_at", "competent", "registered_at"),
        Index(
            "ix_dossiers_holder_due_at",
            "holder",
            "due_at",
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
        Index("ix_dossiers_registered_at", "registered_at", "id"),
        Index(
            "ix_dossiers_late",
            "closed_at",
            "late_since",
            postgresql_where=text("late_since IS NOT NULL"),
            sqlite_where=text("late_since IS NOT NULL"),
        ),
        Index(
            "ix_dossiers_finished_at",
            "finished_at",
            postgresql_where=text("finished_at IS NOT NULL"),
            sqlite_where=text("finished_at IS NOT NULL"),
        ),
        Index("ix_dossiers_procedure_registered_at", "procedure", "registered_at"),
    )


class DossierAgencyRow(Base):
    """An agency that takes part in a dossier, now or before: it and those above it may see the dossier."""

    __tablename__ = "dossier_agencies"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, primary_key=True)

    __table_args__ = (Index("ix_dossier_agencies_agency_dossier_id", "agency", "dossier_id"),)


class TaskRow(Base):
    """A visit of an agency to a step."""

    __tablename__ = "tasks"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    step: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    agency: Mapped[str] = mapped_column(AGENCY_CODE)
    role: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    visit: Mapped[int] = mapped_column(Integer)
    counted: Mapped[bool]
    allotted: Mapped[str | None] = mapped_column(String(40))
    opened_by: Mapped[int | None] = mapped_column(Integer)
    asked_by: Mapped[int | None] = mapped_column(Integer)
    official: Mapped[str | None] = mapped_column(OFFICIAL_ID)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(60))
    verdict: Mapped[str | None] = mapped_column(String(10), comment="Early, on time or late: form 06")
    left: Mapped[int | None] = mapped_column(Integer, comment="Minutes of the allotment left")

    __table_args__ = (
        Index(
            "ix_tasks_live",
            "agency",
            "due_at",
            postgresql_where=text("status IN ('ready', 'sent', 'open')"),
            sqlite_where=text("status IN ('ready', 'sent', 'open')"),
        ),
        Index(
            "ix_tasks_done",
            "agency",
            "finished_at",
            postgresql_where=text("status = 'done'"),
            sqlite_where=text("status = 'done'"),
        ),
        Index(
            "ix_tasks_ready",
            "dossier_id",
            postgresql_where=text("status = 'ready'"),
            sqlite_where=text("status = 'ready'"),
        ),
        Index(
            "ix_tasks_asked",
            "dossier_id",
            postgresql_where=text("asked_by IS NOT NULL AND status = 'open'"),
            sqlite_where=text("asked_by IS NOT NULL AND status = 'open'"),
        ),
    )


class HandoffRow(Base):
    """A file handed from one agency to another: a line of the control slip (form 06)."""

    __tablename__ = "handoffs"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    task: Mapped[int] = mapped_column(Integer)
    from_task: Mapped[int | None] = mapped_column(Integer)
    from_agency: Mapped[str] = mapped_column(AGENCY_CODE)
    to_agency: Mapped[str] = mapped_column(AGENCY_CODE)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    acknowledge_by: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    received_by: Mapped[str | None] = mapped_column(OFFICIAL_ID)
    sent_back_at: Mapped[datetime | None] = mapped_column(Instant)
    verdict: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        Index(
            "ix_handoffs_waiting",
            "acknowledge_by",
            postgresql_where=text("received_at IS NULL AND sent_back_at IS NULL"),
            sqlite_where=text("received_at IS NULL AND sent_back_at IS NULL"),
        ),
    )


class SupplementRow(Base):
    """A request to the applicant to complete the dossier (form 02)."""

    __tablename__ = "supplements"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE)
    effect: Mapped[str] = mapped_column(String(10))
    content: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    cap_at: Mapped[datetime | None] = mapped_column(Instant)
    at_cap: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    lapsed_at: Mapped[datetime | None] = mapped_column(Instant)


class PaymentRow(Base):
    """A financial obligation of the applicant, in đồng."""

    __tablename__ = "payments"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE)
    task: Mapped[int | None] = mapped_column(Integer)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    pauses: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    receipt: Mapped[str] = mapped_column(String(80))


class SweepFailureRow(Base):
    """A dossier the monitor could not handle: put aside until ``retry_at``, the rest goes on."""

    __tablename__ = "sweep_failures"

    dossier_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer)
    error: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime] = mapped_column(Instant)
    retry_at: Mapped[datetime] = mapped_column(Instant)
