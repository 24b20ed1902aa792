"""Tables of calendars: versions as published, and who works by which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant


class CalendarVersionRow(Base):
    """A published version of a calendar. Never changed: a correction is a further version."""

    __tablename__ = "calendar_versions"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, comment="Order of publication within the name")
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text, comment="Canonical JSON of the whole calendar")
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")


class CalendarAssignmentRow(Base):
    """Which calendar an agency works by; agencies below without one of their own follow it."""

    __tablename__ = "calendar_assignments"

    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12), primary_key=True)
    calendar: Mapped[str] = mapped_column(String(40))
