"""Queries about applicants."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, or_, select

from dossiers.core.errors import NotFound
from dossiers.core.searching import searchable
from dossiers.core.tables import table_of
from dossiers.people.models import ApplicantRow

_TABLE = table_of(ApplicantRow)
_ADD = insert(table_of(ApplicantRow))
_GET = select(*_TABLE.c).where(_TABLE.c.id == bindparam("wanted"))
_LATEST_ALIKE = (
    select(*_TABLE.c)
    .where(_TABLE.c.identity_no == bindparam("wanted"))
    .order_by(_TABLE.c.created_at.desc(), _TABLE.c.id.desc())
    .limit(1)
)


def add(
    connection: Connection,
    applicant_id: UUID,
    fields: dict[str, Any],
    at: datetime,
    supersedes: UUID | None = None,
) -> None:
    """Keep an applicant as known at ``at``."""
    connection.execute(
        _ADD,
        {
            "id": applicant_id,
            "created_at": at,
            "supersedes": supersedes,
            "search_name": searchable(fields["name"]),
            **fields,
        },
    )


def get(connection: Connection, applicant_id: UUID) -> Any:
    """The applicant's row; ``NotFound`` (``applicant_unknown``) otherwise."""
    row = connection.execute(_GET, {"wanted": applicant_id}).one_or_none()
    if row is None:
        raise NotFound("Không có người nộp này.", code="applicant_unknown", where=str(applicant_id))
    return row


def find(connection: Connection, words: str, limit: int = 20) -> list[Any]:
    """Applicants whose identity number or phone is exactly ``words``; the latest known first."""
    statement = (
        select(*_TABLE.c)
        .where(or_(ApplicantRow.identity_no == words, ApplicantRow.phone == words))
        .order_by(ApplicantRow.created_at.desc())
        .limit(limit)
    )
    return list(connection.execute(statement))


def find_people(connection: Connection, number: str, limit: int = 8) -> list[Any]:
    """Each person with this identity number or phone once, as last known; the latest known first."""
    found: dict[tuple[str, str], Any] = {}
    for row in find(connection, number, limit=50):
        person = ("number", row.identity_no) if row.identity_no else (row.search_name, row.phone)
        found.setdefault(person, row)
    return list(found.values())[:limit]


def latest_alike(connection: Connection, identity_no: str) -> Any | None:
    """The latest row with this identity number."""
    if not identity_no:
        return None
    return connection.execute(_LATEST_ALIKE, {"wanted": identity_no}).one_or_none()
