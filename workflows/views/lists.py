"""Lists over many dossiers, from the derived rows: most urgent first, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.elements import ColumnElement

from dossiers.agencies.directory import Directory
from dossiers.core.searching import searchable
from dossiers.people.models import ApplicantRow
from dossiers.people.service import plain_phone
from dossiers.procedures.models import ProcedureVersionRow
from dossiers.records.models import DossierRow
from dossiers.records.statuses import Status
from sla.records.models import AlertRow
from workflows.office import Office
from workflows.views.models import AlertRead, DossierLine, Named, StatusRead
from workflows.views.paging import Page, read_cursor, write_cursor
from workflows.views.sight import Sight

_MINUTE = timedelta(minutes=1)
_START_OF_CODE = re.compile(r"[A-Za-z]\d+(\.\d+)*[.-]\d*(-\d*)?")
_END_OF_CODE = re.compile(r"([0-9A-Za-z.]*-)?(\d{6}-)?\d{4,}")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of dossiers is narrowed to: what ``sight`` sees; ``agency`` takes in everything below it.

    An agency outside the sight is refused (``agency_out_of_sight``).
    """

    sight: Sight
    agency: str | None = None
    procedure: str | None = None
    status: int | None = None
    open_only: bool = False
    desk: str | None = None
    words: str = ""
    registered_from: datetime | None = None
    registered_until: datetime | None = None


def dossiers(
    office: Office,
    connection: Connection,
    at: datetime,
    narrow: Filter,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[DossierLine]:
    """Dossiers, the latest registered first."""
    reference = office.reference(connection)
    chosen = narrowed(select(DossierRow.id), narrow, reference.directory)
    after = read_cursor(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(DossierRow.registered_at, DossierRow.id) < after[:2])
    order = (DossierRow.registered_at.desc(), DossierRow.id.desc())
    page = chosen.order_by(*order).limit(size + 1).subquery()
    rows = list(connection.execute(base().join(page, page.c.id == DossierRow.id).order_by(*order)))
    items = [DossierLine(**line_of(row, reference.directory, at)) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.registered_at, last.id) if last is not None else None)


def lines_of(office: Office, connection: Connection, ids: Sequence[UUID], at: datetime) -> list[DossierLine]:
    """These dossiers as lines, in the order given."""
    directory = office.reference(connection).directory
    rows = {row.id: row for row in connection.execute(base().where(DossierRow.id.in_(ids)))}
    return [DossierLine(**line_of(rows[each], directory, at)) for each in ids]


def alerts(
    office: Office,
    connection: Connection,
    *,
    sight: Sight,
    agency: str | None = None,
    since: datetime,
    size: int = 500,
) -> list[AlertRead]:
    """What the monitor noticed since an instant, the latest first."""
    directory = office.reference(connection).directory
    statement = (
        select(AlertRow.__table__, DossierRow.code.label("dossier"))
        .join(DossierRow, DossierRow.id == AlertRow.dossier_id)
        .where(AlertRow.raised_at >= since, sight.condition())
        .order_by(AlertRow.raised_at.desc(), AlertRow.dossier_id, AlertRow.key)
        .limit(size)
    )
    if agency:
        statement = statement.where(AlertRow.agency.in_(sight.below(directory, agency)))
    return [
        AlertRead(
            **{name: row._mapping[name] for name in AlertRead.model_fields if name in row._mapping}
            | {"agency": named(directory, row.agency)}
        )
        for row in connection.execute(statement)
    ]


def base() -> Select[Any]:
    """Dossiers with the names of applicant and procedure."""
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


def narrowed(statement: Select[Any], narrow: Filter, directory: Directory) -> Select[Any]:
    """The dossiers of a filter only."""
    conditions: list[ColumnElement[bool]] = [narrow.sight.condition()]
    if narrow.agency:
        below = narrow.sight.below(directory, narrow.agency)
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
    if narrow.desk:
        conditions.append(DossierRow.desk == narrow.desk)
    if narrow.words.strip():
        conditions.append(found_by(narrow.words.strip(), DossierRow.id))
    return statement.where(*conditions)


def found_by(words: str, dossier: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a dossier is found by code, its beginning or end, identity number, phone as typed or in digits,
    or every word of a name.

    Each way is a question of its own over an index or one narrow column: together in one condition they
    would read every dossier with its applicant.
    """
    row = aliased(DossierRow)
    ids, people = select(row.id), select(ApplicantRow.id)
    ways = []
    if any(char.isdigit() for char in words):
        phones = {words, plain_phone(words)}
        numbered = people.where(or_(ApplicantRow.identity_no == words, ApplicantRow.phone.in_(phones)))
        ways += [ids.where(row.code == words.upper()), ids.where(row.applicant.in_(numbered))]
    if _START_OF_CODE.fullmatch(words):
        ways.append(ids.where(row.code.startswith(words.upper(), autoescape=True)))
    if _END_OF_CODE.fullmatch(words):
        ways.append(ids.where(row.code.endswith(words.upper(), autoescape=True)))
    else:
        name = ApplicantRow.search_name
        held = (name.contains(word, autoescape=True) for word in searchable(words).split())
        ways.append(ids.where(row.applicant.in_(people.where(*held))))
    return dossier.in_(union_all(*ways))


def line_of(row: Any, directory: Directory, at: datetime) -> dict[str, Any]:
    """What every list shows of a dossier, from its row."""
    running_late = row.closed_at is None and row.due_at is not None and row.due_at <= at - _MINUTE
    return {
        "code": row.code,
        "procedure": Named(code=row.procedure, name=row.procedure_name),
        "applicant": row.applicant_name,
        "status": StatusRead(code=row.status, name=Status(row.status).label),
        "channel": row.channel,
        "desk": named(directory, row.desk),
        "holder": named(directory, row.holder) if row.holder else None,
        "owner": row.owner,
        "registered_at": row.registered_at,
        "due_at": row.due_at,
        "provisional": row.provisional,
        "late": row.late_since is not None or running_late,
        "late_minutes": row.late_minutes,
        "finished_at": row.finished_at,
    }


def named(directory: Directory, code: str) -> Named:
    """An agency with its name."""
    return Named(code=code, name=directory.name(code))
