"""Noticing that reference data changed, with one cheap query instead of reading it again every time."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from dossiers.core.base import Base

REFERENCE = "reference"
"""The subject under which changes of agencies, officials, tenures, bindings and calendars are counted."""


class RevisionRow(Base):
    """A mark per kind of reference data: a process reloads its copy when the mark is another one.

    The mark is drawn, not counted: a change that was rolled back must never share its mark with a later one.
    """

    __tablename__ = "revisions"

    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    mark: Mapped[str] = mapped_column(String(32))


_MARK = select(RevisionRow.mark).where(RevisionRow.subject == bindparam("wanted"))


def revision(connection: Connection, subject: str) -> str:
    """The present mark; empty before anything was changed."""
    return connection.execute(_MARK, {"wanted": subject}).scalar_one_or_none() or ""


def advance(connection: Connection, subject: str) -> None:
    """Say that the data changed, in the transaction that changes it."""
    mark = secrets.token_hex(16)
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        insert(RevisionRow)
        .values(subject=subject, mark=mark)
        .on_conflict_do_update(index_elements=["subject"], set_={"mark": mark})
    )
