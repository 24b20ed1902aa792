"""Tables of calendar changes: what was asked, by whom and why, and what each dossier's date did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant
from dossiers.core.said import Said


class Stage(StrEnum):
    """How far a change has come."""

    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_at_work(self) -> bool:
        """Whether dossiers are still being looked at."""
        return self in (Stage.PREVIEWING, Stage.APPLYING)

    @property
    def label(self) -> str:
        """The stage in Vietnamese."""
        return {
            "previewing": Said("đang tính thử"),
            "previewed": Said("chờ quyết định"),
            "applying": Said("đang áp dụng"),
            "done": Said("đã áp dụng"),
            "dropped": Said("đã bỏ"),
        }[self.value]


class CalendarChangeRow(Base):
    """A change of a calendar, from the what-if to the last dossier moved."""

    __tablename__ = "calendar_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    calendar: Mapped[str] = mapped_column(String(40))
    base: Mapped[str] = mapped_column(String(81), comment="The version in force when it was proposed")
    version: Mapped[str] = mapped_column(String(40), comment="The version it makes")
    content: Mapped[str] = mapped_column(Text, comment="Canonical JSON of the whole new calendar")
    what: Mapped[str] = mapped_column(Text, comment="Canonical JSON of what was asked to change")
    stage: Mapped[Stage] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(OFFICIAL_ID)
    asked_agency: Mapped[str] = mapped_column(AGENCY_CODE)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    applied_by: Mapped[str | None] = mapped_column(OFFICIAL_ID)
    applied_agency: Mapped[str | None] = mapped_column(AGENCY_CODE)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    total: Mapped[int] = mapped_column(Integer, comment="Dossiers to look at in this stage")
    looked_at: Mapped[int] = mapped_column(Integer, comment="Dossiers looked at so far")
    last_seen: Mapped[UUID | None] = mapped_column(comment="The dossier looked at last, in order of id")
    claimed_until: Mapped[datetime | None] = mapped_column(
        Instant, comment="One process works on it till then"
    )

    __table_args__ = (Index("ix_calendar_changes_calendar_asked_at", "calendar", "asked_at"),)


class CalendarMoveRow(Base):
    """What a change does to one dossier; a dossier whose date stays has no row."""

    __tablename__ = "calendar_moves"

    change: Mapped[UUID] = mapped_column(ForeignKey("calendar_changes.id"), primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    competent: Mapped[str] = mapped_column(AGENCY_CODE)
    due_before: Mapped[datetime | None] = mapped_column(Instant)
    due_after: Mapped[datetime | None] = mapped_column(Instant)
    becomes_late: Mapped[bool]
    stops_being_late: Mapped[bool]
    refused: Mapped[str | None] = mapped_column(String(60), comment="Code of the refusal")
    because: Mapped[str | None] = mapped_column(Text, comment="The refusal in words")
