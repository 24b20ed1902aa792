"""Letters of apology and the ledger of heads, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select, tuple_

from dossiers.agencies.directory import Directory
from dossiers.history.models import TextRow
from dossiers.people.models import ApplicantRow
from dossiers.procedures.models import ProcedureVersionRow
from dossiers.records.models import DossierRow
from sla.records.models import ApologyRow, FaultRow, LedgerEntryRow, PromiseRow
from workflows.office import Office
from workflows.views.lists import named
from workflows.views.models import ApologyLine, EntryRead, FaultRead, Named
from workflows.views.paging import Page, read_cursor, write_cursor
from workflows.views.sight import Sight


def apologies(
    office: Office,
    connection: Connection,
    *,
    sight: Sight,
    agency: str | None = None,
    to_sign: bool = True,
    cursor: str | None = None,
    size: int = 200,
) -> Page[ApologyLine]:
    """Letters still to be signed (or every letter), the most pressing first."""
    directory = office.reference(connection).directory
    key = (ApologyRow.sign_by, ApologyRow.dossier_id, ApologyRow.no)
    statement = (
        select(
            ApologyRow.__table__,
            DossierRow.code.label("dossier"),
            DossierRow.procedure,
            ProcedureVersionRow.name.label("procedure_name"),
            ApplicantRow.name.label("applicant"),
            PromiseRow.due_at.label("promised_at"),
        )
        .join(DossierRow, DossierRow.id == ApologyRow.dossier_id)
        .where(sight.condition())
        .join(
            ProcedureVersionRow,
            and_(
                ProcedureVersionRow.code == DossierRow.procedure,
                ProcedureVersionRow.version == DossierRow.version,
            ),
        )
        .join(ApplicantRow, ApplicantRow.id == DossierRow.applicant)
        .join(
            PromiseRow,
            and_(PromiseRow.dossier_id == ApologyRow.dossier_id, PromiseRow.no == ApologyRow.promise),
        )
        .order_by(*key)
        .limit(size + 1)
    )
    if to_sign:
        statement = statement.where(ApologyRow.signed_at.is_(None), ApologyRow.withdrawn_at.is_(None))
    if agency:
        statement = statement.where(ApologyRow.agency.in_(sight.below(directory, agency)))
    after = read_cursor(cursor)
    if after is not None:
        statement = statement.where(tuple_(*key) > after)
    rows = list(connection.execute(statement))
    reasons = _texts(connection, [row.reason for row in rows if row.reason is not None])
    items = [_apology(row, directory, reasons) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.sign_by, last.dossier_id, last.no) if last else None)


def _apology(row: Any, directory: Directory, reasons: dict[UUID, str]) -> ApologyLine:
    return ApologyLine(
        **{name: row._mapping[name] for name in ApologyLine.model_fields if name in row._mapping}
        | {
            "agency": named(directory, row.agency),
            "holder": named(directory, row.holder),
            "reason": reasons.get(row.reason),
            "signed_by": _official(directory, row.signed_by),
            "procedure": Named(code=row.procedure, name=row.procedure_name),
        }
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger is narrowed to. ``concerns``: matters this official answers for, or stood above."""

    sight: Sight
    agency: str | None = None
    head: str | None = None
    concerns: str | None = None
    open_only: bool = False
    since: datetime | None = None
    until: datetime | None = None


def ledger(
    office: Office,
    connection: Connection,
    narrow: Ledger,
    *,
    cursor: str | None = None,
    size: int = 500,
) -> Page[FaultRead]:
    """Matters in the ledger of heads with their entries, the latest first."""
    directory = office.reference(connection).directory
    key = (FaultRow.instant, FaultRow.dossier_id, FaultRow.no)
    statement = (
        select(FaultRow.__table__, DossierRow.code.label("dossier"), DossierRow.procedure, DossierRow.version)
        .join(DossierRow, DossierRow.id == FaultRow.dossier_id)
        .where(narrow.sight.condition())
        .order_by(*(column.desc() for column in key))
        .limit(size + 1)
    )
    if narrow.agency:
        statement = statement.where(FaultRow.agency.in_(narrow.sight.below(directory, narrow.agency)))
    if narrow.head:
        statement = statement.where(FaultRow.head == narrow.head)
    if narrow.concerns:
        statement = statement.where(
            or_(FaultRow.head == narrow.concerns, FaultRow.up_head == narrow.concerns)
        )
    if narrow.open_only:
        statement = statement.where(FaultRow.closed_at.is_(None))
    if narrow.since:
        statement = statement.where(FaultRow.instant >= narrow.since)
    if narrow.until:
        statement = statement.where(FaultRow.instant < narrow.until)
    after = read_cursor(cursor)
    if after is not None:
        statement = statement.where(tuple_(*key) < after)
    rows = list(connection.execute(statement))
    entries = _entries(connection, [row.dossier_id for row in rows[:size]])
    items = [
        _fault(office, connection, row, directory, entries.get((row.dossier_id, row.no), []))
        for row in rows[:size]
    ]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.instant, last.dossier_id, last.no) if last else None)


def _fault(
    office: Office, connection: Connection, row: Any, directory: Directory, entries: list[EntryRead]
) -> FaultRead:
    step = office.plan(connection, row.procedure, row.version).steps.get(row.step or "")
    return FaultRead(
        **{name: row._mapping[name] for name in FaultRead.model_fields if name in row._mapping}
        | {
            "step": step.name if step else row.step,
            "agency": named(directory, row.agency),
            "head": _official(directory, row.head),
            "up_agency": named(directory, row.up_agency) if row.up_agency else None,
            "up_head": _official(directory, row.up_head),
            "entries": entries,
        }
    )


def _entries(connection: Connection, ids: Sequence[UUID]) -> dict[tuple[UUID, int], list[EntryRead]]:
    statement = (
        select(LedgerEntryRow.__table__)
        .where(LedgerEntryRow.dossier_id.in_(set(ids)))
        .order_by(LedgerEntryRow.dossier_id, LedgerEntryRow.fault, LedgerEntryRow.no)
    )
    rows = list(connection.execute(statement))
    texts = _texts(connection, [row.text for row in rows if row.text is not None])
    entries: dict[tuple[UUID, int], list[EntryRead]] = {}
    for row in rows:
        entry = EntryRead(
            no=row.no,
            kind=row.kind,
            at=row.at,
            actor=row.actor,
            minutes=row.minutes,
            text=texts.get(row.text) if row.text else None,
        )
        entries.setdefault((row.dossier_id, row.fault), []).append(entry)
    return entries


def _official(directory: Directory, official: str | None) -> Named | None:
    return Named(code=official, name=directory.official_name(official)) if official else None


def _texts(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The free texts with these ids, but for those disposed of."""
    if not ids:
        return {}
    return {
        row.id: row.body
        for row in connection.execute(select(TextRow.id, TextRow.body).where(TextRow.id.in_(ids)))
    }
