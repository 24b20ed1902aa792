"""Noticing that reference data changed, with one cheap query instead of reading it again every time."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from dossiers.core.base import Base

REFERENCE = "reference"
"""The subject under which changes of agencies, officials, tenures, bindings and calendars are counted."""


class RevisionRow(Base):
    """A counter per kind of reference data: a process reloads its copy when the number moved."""

    __tablename__ = "revisions"

    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]


def revision(connection: Connection, subject: str) -> int:
    """The present number; zero before anything was changed."""
    number = connection.execute(
        select(RevisionRow.number).where(RevisionRow.subject == subject)
    ).scalar_one_or_none()
    return number or 0


def advance(connection: Connection, subject: str) -> None:
    """Say that the data changed, in the transaction that changes it."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        insert(RevisionRow)
        .values(subject=subject, number=1)
        .on_conflict_do_update(index_elements=["subject"], set_={"number": RevisionRow.number + 1})
    )
