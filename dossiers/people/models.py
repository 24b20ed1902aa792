"""Tables of applicants."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import OFFICIAL_ID, Base, Instant


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


class ContactRow(Base):
    """How somebody wishes to be told things: an applicant (what is empty is as declared), or an official.

    ``recipient`` is ``applicant:<id>`` or ``official:<id>``.
    """

    __tablename__ = "contacts"

    recipient: Mapped[str] = mapped_column(String(80), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), default="", comment="Preferred; empty: what there is")
    language: Mapped[str] = mapped_column(String(2), default="vi")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(OFFICIAL_ID)
