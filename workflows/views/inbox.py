"""The inbox: live tasks of an agency, the most urgent first, with the working time left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection, and_, func, or_, select, tuple_

from dossiers.agencies.models import Role
from dossiers.records.models import DossierRow, TaskRow
from dossiers.records.statuses import Status
from sla.figures import one_of
from workflows.engine.measures import to_minute
from workflows.office import Office, Reference
from workflows.views.models import Named, StatusRead
from workflows.views.paging import Page, read_cursor, write_cursor
from workflows.views.sight import Sight

LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""Tasks without a date (the clock stands still) come last."""


class TaskLine(BaseModel):
    """A task that waits for somebody."""

    dossier: str
    procedure: Named
    dossier_status: StatusRead
    dossier_due_at: datetime | None
    no: int
    step: str
    name: str
    agency: Named
    role: str
    role_name: str
    status: str = Field(description="ready, sent hoặc open")
    official: Named | None
    opened_at: datetime
    due_at: datetime | None
    minutes_left: int | None = Field(
        description="Số phút làm việc còn lại; âm khi quá hạn; phần còn lại khi đồng hồ dừng"
    )


def inbox(
    office: Office,
    connection: Connection,
    at: datetime,
    agency: str,
    *,
    sight: Sight,
    official: str | None = None,
    cursor: str | None = None,
    size: int = 50,
) -> Page[TaskLine]:
    """Live tasks of an agency and of those below it; with ``official`` theirs and those nobody took yet.

    Raises ``NotFound`` (``agency_unknown``) and ``NotAllowed`` (``agency_out_of_sight``).
    """
    reference = office.reference(connection)
    directory = reference.directory
    below = sight.below(directory, agency)
    due = func.coalesce(TaskRow.due_at, LAST).label("urgency")
    chosen = select(TaskRow.dossier_id, TaskRow.no, due).where(
        TaskRow.agency.in_(below), one_of(TaskRow.status, "ready", "sent", "open")
    )
    if official is not None:
        chosen = chosen.where(or_(TaskRow.official == official, TaskRow.official.is_(None)))
    after = read_cursor(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(due, TaskRow.dossier_id, TaskRow.no) > after)
    page = chosen.order_by(due, TaskRow.dossier_id, TaskRow.no).limit(size + 1).subquery()
    statement = (
        select(
            *TaskRow.__table__.c,
            DossierRow.code,
            DossierRow.procedure,
            DossierRow.version,
            DossierRow.status.label("dossier_status"),
            DossierRow.due_at.label("dossier_due_at"),
        )
        .select_from(page)
        .join(TaskRow, and_(TaskRow.dossier_id == page.c.dossier_id, TaskRow.no == page.c.no))
        .join(DossierRow, DossierRow.id == TaskRow.dossier_id)
        .order_by(page.c.urgency, TaskRow.dossier_id, TaskRow.no)
    )
    rows = list(connection.execute(statement))
    items = [TaskLine(**task_line(office, connection, reference, at, row)) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.due_at or LAST, last.dossier_id, last.no) if last else None)


def task_line(
    office: Office, connection: Connection, reference: Reference, at: datetime, row: Any
) -> dict[str, Any]:
    """The fields of a line from a row of a task joined with its dossier."""
    directory = reference.directory
    definition = office.plan(connection, row.procedure, row.version)
    step = definition.steps.get(row.step)
    left = row.left
    if row.due_at is not None:
        left = reference.calendars.processing(directory, row.agency).between(to_minute(at), row.due_at)
    return {
        "dossier": row.code,
        "procedure": Named(code=row.procedure, name=definition.definition.name),
        "dossier_status": StatusRead(code=row.dossier_status, name=Status(row.dossier_status).label),
        "dossier_due_at": row.dossier_due_at,
        "no": row.no,
        "step": row.step,
        "name": step.name if step else row.step,
        "agency": Named(code=row.agency, name=directory.name(row.agency)),
        "role": row.role,
        "role_name": Role(row.role).label,
        "status": row.status,
        "official": Named(code=row.official, name=directory.official_name(row.official))
        if row.official
        else None,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "minutes_left": left,
    }
