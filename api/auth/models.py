"""Table of access tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant


class ApiTokenRow(Base):
    """A token of an official for one agency. The token itself is never kept, only its digest."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the token")
    official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("officials.id"), index=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, ForeignKey("agencies.code"))
    label: Mapped[str] = mapped_column(String(120), default="", comment="What the token is for")
    scopes: Mapped[str] = mapped_column(String(60), default="", comment="Separated by spaces; empty: all")
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("expires_at IS NULL OR expires_at > created_at", name="expires_after_creation"),
    )
