"""Lists over many dossiers, from the derived rows: most urgent first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from dossiers.agencies.directory import Directory
from dossiers.history.models import TextRow
from dossiers.people.models import ApplicantRow
from dossiers.procedures.models import ProcedureVersionRow
from dossiers.records.models import DossierRow, TaskRow
from dossiers.records.statuses import Status
from sla.records.models import AlertRow, ApologyRow, FaultRow
from workflows.engine.measures import measured
from workflows.office import Office, Reference
from workflows.views.models import AlertRead, ApologyRead, DossierLine, FaultRead, LateLine, Named, StatusRead
from workflows.views.paging import Page, read_cursor, write_cursor

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of dossiers is narrowed to; ``agency`` takes in everything below it."""

    agency: str | None = None
    procedure: str | None = None
    status: int | None = None
    open_only: bool = False
    words: str = ""
    registered_from: datetime | None = None
    registered_until: datetime | None = None


def dossiers(
    office: Office,
    connection: Connection,
    at: datetime,
    narrow: Filter | None = None,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[DossierLine]:
    """Dossiers, the latest registered first."""
    reference = office.reference(connection)
    statement = _narrowed(_base(), narrow or Filter(), reference.directory)
    after = read_cursor(cursor)
    if after is not None:
        statement = statement.where(tuple_(DossierRow.registered_at, DossierRow.id) < after[:2])
    statement = statement.order_by(DossierRow.registered_at.desc(), DossierRow.id.desc()).limit(size + 1)
    rows = list(connection.execute(statement))
    items = [DossierLine(**_line(row, reference.directory, at)) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.registered_at, last.id) if last is not None else None)


def late(
    office: Office,
    connection: Connection,
    at: datetime,
    narrow: Filter | None = None,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[LateLine]:
    """Open dossiers past the appointment reports judge by, the longest overdue first."""
    reference = office.reference(connection)
    # A stage without a limit of its own leaves no judged date behind a lateness of the stage before.
    overdue_at = func.coalesce(DossierRow.late_since, DossierRow.judged_due_at, DossierRow.due_at)
    statement = _narrowed(
        _base().add_columns(overdue_at.label("overdue_at")), narrow or Filter(), reference.directory
    ).where(
        DossierRow.closed_at.is_(None),
        or_(
            DossierRow.late_since.is_not(None),
            and_(DossierRow.due_at <= at - _MINUTE, DossierRow.counting.is_(True)),
        ),
    )
    after = read_cursor(cursor)
    if after is not None:
        statement = statement.where(tuple_(overdue_at, DossierRow.id) > after[:2])
    rows = list(connection.execute(statement.order_by(overdue_at, DossierRow.id).limit(size + 1)))
    at_work = _at_work(connection, [row.id for row in rows[:size]])
    letters = _letters(connection, [row.id for row in rows[:size]])
    items = [
        _late_line(office, connection, row, reference, at, at_work.get(row.id), letters.get(row.id))
        for row in rows[:size]
    ]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.overdue_at, last.id) if last is not None else None)


def apologies(
    office: Office,
    connection: Connection,
    *,
    agency: str | None = None,
    to_sign: bool = True,
    size: int = 200,
) -> list[ApologyRead]:
    """Letters still to be signed (or every letter), the most pressing first."""
    directory = office.reference(connection).directory
    statement = (
        select(ApologyRow.__table__, DossierRow.code.label("dossier"))
        .join(DossierRow, DossierRow.id == ApologyRow.dossier_id)
        .order_by(ApologyRow.sign_by, ApologyRow.dossier_id)
        .limit(size)
    )
    if to_sign:
        statement = statement.where(ApologyRow.signed_at.is_(None), ApologyRow.withdrawn_at.is_(None))
    if agency:
        statement = statement.where(ApologyRow.agency.in_(list(directory.below(agency))))
    rows = list(connection.execute(statement))
    reasons = _texts(connection, [row.reason for row in rows if row.reason is not None])
    return [
        ApologyRead(
            **{name: row._mapping[name] for name in ApologyRead.model_fields if name in row._mapping}
            | {
                "agency": _named(directory, row.agency),
                "holder": _named(directory, row.holder),
                "reason": reasons.get(row.reason),
                "signed_by": Named(code=row.signed_by, name=directory.official_name(row.signed_by))
                if row.signed_by
                else None,
            }
        )
        for row in rows
    ]


def ledger(
    office: Office,
    connection: Connection,
    *,
    agency: str | None = None,
    head: str | None = None,
    open_only: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    size: int = 500,
) -> list[FaultRead]:
    """Matters in the ledger of heads, the latest first."""
    directory = office.reference(connection).directory
    statement = (
        select(FaultRow.__table__, DossierRow.code.label("dossier"))
        .join(DossierRow, DossierRow.id == FaultRow.dossier_id)
        .order_by(FaultRow.instant.desc(), FaultRow.dossier_id, FaultRow.no)
        .limit(size)
    )
    if agency:
        statement = statement.where(FaultRow.agency.in_(list(directory.below(agency))))
    if head:
        statement = statement.where(FaultRow.head == head)
    if open_only:
        statement = statement.where(FaultRow.closed_at.is_(None))
    if since:
        statement = statement.where(FaultRow.instant >= since)
    if until:
        statement = statement.where(FaultRow.instant < until)
    return [
        FaultRead(
            **{name: row._mapping[name] for name in FaultRead.model_fields if name in row._mapping}
            | {
                "agency": _named(directory, row.agency),
                "head": Named(code=row.head, name=directory.official_name(row.head)) if row.head else None,
                "up_agency": _named(directory, row.up_agency) if row.up_agency else None,
                "up_head": Named(code=row.up_head, name=directory.official_name(row.up_head))
                if row.up_head
                else None,
            }
        )
        for row in connection.execute(statement)
    ]


def alerts(
    office: Office, connection: Connection, *, agency: str | None = None, since: datetime, size: int = 500
) -> list[AlertRead]:
    """What the monitor noticed since an instant, the latest first."""
    directory = office.reference(connection).directory
    statement = (
        select(AlertRow.__table__, DossierRow.code.label("dossier"))
        .join(DossierRow, DossierRow.id == AlertRow.dossier_id)
        .where(AlertRow.raised_at >= since)
        .order_by(AlertRow.raised_at.desc(), AlertRow.dossier_id, AlertRow.key)
        .limit(size)
    )
    if agency:
        statement = statement.where(AlertRow.agency.in_(list(directory.below(agency))))
    return [
        AlertRead(
            **{name: row._mapping[name] for name in AlertRead.model_fields if name in row._mapping}
            | {"agency": _named(directory, row.agency)}
        )
        for row in connection.execute(statement)
    ]


def _base() -> Select[Any]:
    return (
        select(
            *DossierRow.__table__.c,
            ApplicantRow.name.label("applicant_name"),
            ProcedureVersionRow.name.label("procedure_name"),
        )
        .join(ApplicantRow, ApplicantRow.id == DossierRow.applicant)
        .join(
            ProcedureVersionRow,
            and_(
                ProcedureVersionRow.code == DossierRow.procedure,
                ProcedureVersionRow.version == DossierRow.version,
            ),
        )
    )


def _narrowed(statement: Select[Any], narrow: Filter, directory: Directory) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if narrow.agency:
        below = list(directory.below(narrow.agency))
        conditions.append(
            or_(DossierRow.holder.in_(below), DossierRow.desk.in_(below), DossierRow.competent.in_(below))
        )
    if narrow.procedure:
        conditions.append(DossierRow.procedure == narrow.procedure)
    if narrow.status:
        conditions.append(DossierRow.status == narrow.status)
    if narrow.open_only:
        conditions.append(DossierRow.closed_at.is_(None))
    if narrow.registered_from:
        conditions.append(DossierRow.registered_at >= narrow.registered_from)
    if narrow.registered_until:
        conditions.append(DossierRow.registered_at < narrow.registered_until)
    if narrow.words:
        words = narrow.words.strip()
        conditions.append(
            or_(
                DossierRow.code == words.upper(),
                ApplicantRow.identity_no == words,
                ApplicantRow.phone == words,
                ApplicantRow.name.ilike(f"%{words}%"),
            )
        )
    return statement.where(*conditions)


def _line(row: Any, directory: Directory, at: datetime) -> dict[str, Any]:
    running_late = row.closed_at is None and row.due_at is not None and row.due_at <= at - _MINUTE
    return {
        "code": row.code,
        "procedure": Named(code=row.procedure, name=row.procedure_name),
        "applicant": row.applicant_name,
        "status": StatusRead(code=row.status, name=Status(row.status).label),
        "channel": row.channel,
        "desk": _named(directory, row.desk),
        "holder": _named(directory, row.holder) if row.holder else None,
        "owner": row.owner,
        "registered_at": row.registered_at,
        "due_at": row.due_at,
        "provisional": row.provisional,
        "late": row.late_since is not None or running_late,
        "late_minutes": row.late_minutes,
        "finished_at": row.finished_at,
    }


def _late_line(
    office: Office,
    connection: Connection,
    row: Any,
    reference: Reference,
    at: datetime,
    task: Any | None,
    letter: Any | None,
) -> LateLine:
    calendar = reference.calendars.processing(reference.directory, row.competent)
    step = None
    if task is not None:
        known = office.plan(connection, row.procedure, row.version).steps.get(task.step)
        step = known.name if known else task.step
    return LateLine(
        **_line(row, reference.directory, at),
        judged_due_at=row.judged_due_at,
        minutes_past=measured(calendar, "working", row.overdue_at, at),
        step=step,
        official=reference.directory.official_name(task.official) if task and task.official else None,
        apology=None if letter is None else ("signed" if letter.signed_at else "asked"),
    )


def _at_work(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The live task of each dossier; of several, the one due last."""
    statement = (
        select(TaskRow.__table__)
        .where(TaskRow.dossier_id.in_(ids), TaskRow.status.in_(("ready", "sent", "open")))
        .order_by(TaskRow.due_at)
    )
    return {row.dossier_id: row for row in connection.execute(statement)}


def _letters(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Any]:
    statement = (
        select(ApologyRow.__table__)
        .where(ApologyRow.dossier_id.in_(ids), ApologyRow.withdrawn_at.is_(None))
        .order_by(ApologyRow.no)
    )
    return {row.dossier_id: row for row in connection.execute(statement)}


def _texts(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The free texts with these ids, but for those disposed of."""
    if not ids:
        return {}
    return {
        row.id: row.body
        for row in connection.execute(select(TextRow.id, TextRow.body).where(TextRow.id.in_(ids)))
    }


def _named(directory: Directory, code: str) -> Named:
    return Named(code=code, name=directory.name(code))
