"""Queries about files and attachments. Lists never read the bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from dossiers.core.tables import table_of
from dossiers.documents.models import AttachmentRow, FileRow
from dossiers.people.models import ApplicantRow
from dossiers.records.models import DossierRow

_ATTACHMENTS = table_of(AttachmentRow)


def keep(connection: Connection, fields: dict[str, Any]) -> None:
    """Keep the bytes of a file, unless they are kept already."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(make(FileRow).on_conflict_do_nothing(index_elements=["sha256"]), fields)


def body(connection: Connection, sha256: str) -> bytes:
    """The bytes of a file."""
    return bytes(connection.execute(select(FileRow.body).where(FileRow.sha256 == sha256)).scalar_one())


def bodies(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Every file with its bytes, one at a time."""
    for sha256 in connection.execute(select(FileRow.sha256).order_by(FileRow.sha256)).scalars().all():
        yield sha256, body(connection, sha256)


def add(connection: Connection, fields: dict[str, Any]) -> None:
    """Put a file into a tray."""
    connection.execute(insert(AttachmentRow), fields)


def get(connection: Connection, attachment_id: UUID) -> Any | None:
    """An attachment with the size and type of its file."""
    return connection.execute(_shown().where(AttachmentRow.id == attachment_id)).one_or_none()


def in_tray(connection: Connection, by: str, tray: str) -> list[Any]:
    """What waits in a tray, in the order it came."""
    statement = _shown().where(
        AttachmentRow.dossier_id.is_(None), AttachmentRow.uploaded_by == by, AttachmentRow.tray == tray
    )
    return list(connection.execute(statement.order_by(AttachmentRow.uploaded_at, AttachmentRow.id)))


def of_dossiers(connection: Connection, dossier_ids: Iterable[UUID]) -> list[Any]:
    """Everything ever attached to some dossiers, removed or not, oldest first."""
    statement = _shown().where(AttachmentRow.dossier_id.in_(list(dossier_ids)))
    return list(connection.execute(statement.order_by(AttachmentRow.uploaded_at, AttachmentRow.id)))


def of_person(
    connection: Connection,
    applicant_id: UUID,
    identity_no: str,
    seen: ColumnElement[bool],
    limit: int = 100,
) -> list[Any]:
    """What a person handed in with earlier dossiers, the latest first: by number, or as this very entry.

    ``seen`` says over ``DossierRow`` which dossiers are looked at.
    """
    person = ApplicantRow.identity_no == identity_no if identity_no else ApplicantRow.id == applicant_id
    statement = (
        _shown()
        .add_columns(DossierRow.code, DossierRow.procedure, DossierRow.version)
        .join(DossierRow, DossierRow.id == AttachmentRow.dossier_id)
        .join(ApplicantRow, ApplicantRow.id == DossierRow.applicant)
        .where(person, seen, AttachmentRow.removed_at.is_(None), AttachmentRow.paper.is_not(None))
        .order_by(AttachmentRow.uploaded_at.desc(), AttachmentRow.id.desc())
        .limit(limit)
    )
    return list(connection.execute(statement))


def codes_of_sources(connection: Connection, attachment_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For files taken over from earlier dossiers, the codes of those."""
    source = aliased(AttachmentRow)
    statement = (
        select(AttachmentRow.id, DossierRow.code)
        .join(source, source.id == AttachmentRow.reused_from)
        .join(DossierRow, DossierRow.id == source.dossier_id)
        .where(AttachmentRow.id.in_(list(attachment_ids)))
    )
    return {row.id: row.code for row in connection.execute(statement)}


def hand_over(connection: Connection, attachment_id: UUID, dossier_id: UUID, paper: str | None) -> None:
    """Take a file out of its tray and put it with a paper of a dossier."""
    _change(connection, attachment_id, dossier_id=dossier_id, paper=paper)


def remove(connection: Connection, attachment_id: UUID, at: datetime) -> None:
    """Mark a file of a dossier as taken away; it stays on record."""
    _change(connection, attachment_id, removed_at=at)


def _change(connection: Connection, attachment_id: UUID, **fields: Any) -> None:
    connection.execute(update(AttachmentRow).where(AttachmentRow.id == attachment_id).values(**fields))


def discard(connection: Connection, attachment_id: UUID) -> None:
    """Throw away a file that waits in a tray."""
    _discard(connection, AttachmentRow.id == attachment_id)


def discard_before(connection: Connection, at: datetime) -> int:
    """Throw away what was left in trays before ``at``; how many files."""
    return _discard(connection, AttachmentRow.uploaded_at < at)


def _discard(connection: Connection, which: Any) -> int:
    gone = (
        delete(AttachmentRow).where(AttachmentRow.dossier_id.is_(None), which).returning(AttachmentRow.sha256)
    )
    left = list(connection.execute(gone).scalars())
    hashes = sorted(set(left))
    if not hashes:
        return 0
    # Locked first: somebody who hands in the same bytes now waits, or is seen by the statement after.
    connection.execute(select(FileRow.sha256).where(FileRow.sha256.in_(hashes)).with_for_update()).all()
    used = select(AttachmentRow.sha256).where(AttachmentRow.sha256.in_(hashes))
    connection.execute(delete(FileRow).where(FileRow.sha256.in_(hashes), FileRow.sha256.not_in(used)))
    return len(left)


def _shown() -> Select[Any]:
    return select(*_ATTACHMENTS.c, FileRow.size, FileRow.media_type).join(
        FileRow, FileRow.sha256 == AttachmentRow.sha256
    )
