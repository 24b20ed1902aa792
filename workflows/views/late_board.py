"""The published late board: per agency how many dossiers are past their appointment, and their codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from dossiers.records.models import DossierRow
from workflows.office import Office
from workflows.views.models import Named
from workflows.views.paging import Page, read_cursor, write_cursor

_MINUTE = timedelta(minutes=1)
_overdue_at = func.coalesce(DossierRow.late_since, DossierRow.judged_due_at, DossierRow.due_at)
_answering: Any = func.coalesce(DossierRow.holder, DossierRow.competent)
"""Who is to be asked: the agency that holds the dossier, else the one competent for it."""


class LateCount(BaseModel):
    """An agency and how many late dossiers lie with it."""

    agency: Named
    count: int = Field(ge=1)


def late_counts(office: Office, connection: Connection, at: datetime) -> list[LateCount]:
    """Agencies with late dossiers, the most first."""
    directory = office.reference(connection).directory
    statement = (
        select(_answering.label("agency"), func.count().label("count"))
        .where(*_late(at))
        .group_by(_answering)
        .order_by(func.count().desc(), _answering)
    )
    return [
        LateCount(agency=Named(code=row.agency, name=directory.name(row.agency)), count=row[1])
        for row in connection.execute(statement)
    ]


def late_codes(
    office: Office,
    connection: Connection,
    at: datetime,
    agency: str,
    *,
    cursor: str | None = None,
    size: int = 100,
) -> Page[str]:
    """Codes of the late dossiers that lie with an agency, the longest overdue first.

    Raises ``NotFound`` (``agency_unknown``).
    """
    code = office.reference(connection).directory.agency(agency).code
    statement = select(DossierRow.id, DossierRow.code, _overdue_at.label("overdue_at")).where(
        *_late(at), _answering == code
    )
    after = read_cursor(cursor)
    if after is not None:
        statement = statement.where(tuple_(_overdue_at, DossierRow.id) > after[:2])
    rows = list(connection.execute(statement.order_by(_overdue_at, DossierRow.id).limit(size + 1)))
    last = rows[size - 1] if len(rows) > size else None
    return Page(
        [row.code for row in rows[:size]],
        write_cursor(last.overdue_at, last.id) if last is not None else None,
    )


def _late(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Open, and past the appointment reports judge by."""
    return (
        DossierRow.closed_at.is_(None),
        or_(
            DossierRow.late_since.is_not(None),
            and_(DossierRow.due_at <= at - _MINUTE, DossierRow.counting.is_(True)),
        ),
    )
