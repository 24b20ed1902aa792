"""Tables of applicants."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant


class ApplicantKind(StrEnum):
    """Who applies."""

    PERSON = "person"
    ORGANISATION = "organisation"


class ApplicantRow(Base):
    """An applicant as known at one time. A change is a new row that names the one it supersedes."""

    __tablename__ = "applicants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[ApplicantKind] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(200), comment="The name without diacritics, lower case")
    identity_no: Mapped[str] = mapped_column(String(20), index=True, default="")
    phone: Mapped[str] = mapped_column(String(20), index=True, default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    supersedes: Mapped[UUID | None] = mapped_column(ForeignKey("applicants.id"))
