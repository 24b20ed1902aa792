"""Tables of files and of what they are attached to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant


class FileRow(Base):
    """The bytes of a file, kept once however often they are handed in."""

    __tablename__ = "files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(40), comment="By the content, never by the name")
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Instant)


class AttachmentRow(Base):
    """A file handed in: in somebody's tray until a dossier takes it, then with one paper of that dossier."""

    __tablename__ = "attachments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("files.sha256"), index=True)
    name: Mapped[str] = mapped_column(String(200), comment="File name as given")
    paper: Mapped[str | None] = mapped_column(String(60), comment="None: a paper beside those asked for")
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossiers.id"), index=True)
    tray: Mapped[str] = mapped_column(String(40), comment="The form the file waits in")
    reused_from: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by: Mapped[str] = mapped_column(String(80))
    removed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index(
            "ix_attachments_waiting",
            "uploaded_by",
            "tray",
            postgresql_where=text("dossier_id IS NULL"),
            sqlite_where=text("dossier_id IS NULL"),
        ),
    )
