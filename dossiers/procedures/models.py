"""Tables of procedures."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant


class VersionStatus(StrEnum):
    """The life of a procedure version."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class ProcedureVersionRow(Base):
    """One version of a procedure. Once published its definition never changes."""

    __tablename__ = "procedure_versions"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[VersionStatus] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(500))
    field: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(12))
    definition: Mapped[str] = mapped_column(Text, comment="Canonical JSON of the definition")
    digest: Mapped[str] = mapped_column(String(64))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    saved_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class CatalogueRow(Base):
    """An entry of the national catalogue of procedures, as imported; not yet a workflow."""

    __tablename__ = "catalogue"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    decision_no: Mapped[str] = mapped_column(String(60), default="")
    level: Mapped[str] = mapped_column(String(60), default="")
    field: Mapped[str] = mapped_column(String(200), default="")
    executing_agency: Mapped[str] = mapped_column(Text, default="")
    competent_agency: Mapped[str] = mapped_column(Text, default="")
    channels: Mapped[str] = mapped_column(String(60), default="")
    deadlines: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, comment="Code and name without diacritics, lower case")
    source: Mapped[str] = mapped_column(String(200), default="")
    imported_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_catalogue_field", "field"),)
