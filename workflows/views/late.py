"""What heads look at first: late dossiers now and on any past day, nearly late ones, files not received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from dossiers.agencies.directory import Directory
from dossiers.core.said import Said
from dossiers.history import repository as history
from dossiers.procedures.models import ProcedureVersionRow
from dossiers.records.models import DossierRow, HandoffRow, TaskRow
from sla.figures import LATE_AFTER, late_now, late_promises
from sla.records.models import ApologyRow
from workflows.engine.evolve import fold
from workflows.engine.measures import measured
from workflows.engine.plan import Plan
from workflows.engine.projection import rows as rows_of
from workflows.office import Office, Reference
from workflows.views.durations import length
from workflows.views.holding import Holding, held, holdings, why
from workflows.views.lists import Filter, base, line_of, named, narrowed
from workflows.views.models import BoardCounts, LateLine, Named, NearlyLine, WaitingLine
from workflows.views.paging import Page, read_cursor, write_cursor
from workflows.views.sight import Sight

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_OVERDUE_AT = func.coalesce(DossierRow.late_since, DossierRow.judged_due_at, DossierRow.due_at)
"""A stage without a limit of its own leaves no judged date behind a lateness of the stage before."""


def late(
    office: Office,
    connection: Connection,
    at: datetime,
    narrow: Filter,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[LateLine]:
    """Open dossiers past the appointment reports judge by, the longest overdue first."""
    reference = office.reference(connection)
    chosen = narrowed(select(DossierRow.id), narrow, reference.directory).where(
        DossierRow.closed_at.is_(None), late_now(at)
    )
    rows, following = _paged(connection, chosen, _OVERDUE_AT, cursor, size)
    ids = [row.id for row in rows]
    plans = _plans(office, connection, rows)
    holding = holdings(connection, ids, plans)
    letters = _letters(connection, ids)
    items = [
        _late_line(reference, row, at, holding[row.id], _letter_state(letters.get(row.id))) for row in rows
    ]
    return Page(items, following)


def late_then(
    office: Office,
    connection: Connection,
    then: datetime,
    narrow: Filter,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[LateLine]:
    """The late list as it stood at a past instant: rows find the dossiers, their histories say the rest."""
    reference = office.reference(connection)
    promises = late_promises(then)
    chosen = (
        select(DossierRow.id)
        .join(promises, promises.c.dossier_id == DossierRow.id)
        .where(promises.c.overdue_at.is_not(None), promises.c.held_by.is_not(None))
    )
    chosen = _narrowed_then(chosen, narrow, reference.directory, promises.c.held_by)
    rows, following = _paged(connection, chosen, promises.c.overdue_at, cursor, size)
    chains = history.chains_of(connection, [row.id for row in rows], until=then)
    items = []
    for row in rows:
        links = chains[row.id]
        state = fold(row.id, (link.event for link in links))
        plan = office.plan(connection, state.procedure, state.version)
        stood = rows_of(state, links[-1].hash)
        live = {task["no"]: SimpleNamespace(**task) for task in stood["tasks"].values() if _is_live(task)}
        live = dict(sorted(live.items(), key=_urgency))
        span = SimpleNamespace(**next(reversed(stood["clock_spans"].values())))
        letters = [item for item in state.apologies.values() if item.withdrawn_at is None]
        line = SimpleNamespace(
            **stood["dossiers"][()],
            applicant_name=row.applicant_name,
            procedure_name=plan.definition.name,
            urgency=row.urgency,
        )
        letter = _letter_state(letters[-1] if letters else None)
        items.append(_late_line(reference, line, then, held(span, live, plan), letter))
    return Page(items, following)


def nearly_late(
    office: Office,
    connection: Connection,
    at: datetime,
    narrow: Filter,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[NearlyLine]:
    """Open dossiers that are not late and whose running appointment has been warned of, most urgent first."""
    reference = office.reference(connection)
    chosen = narrowed(select(DossierRow.id), narrow, reference.directory).where(_nearly(at))
    rows, following = _paged(connection, chosen, DossierRow.due_at, cursor, size)
    holding = holdings(connection, [row.id for row in rows], _plans(office, connection, rows))
    items = []
    for row in rows:
        calendar = reference.calendars.processing(reference.directory, row.competent)
        left = measured(calendar, "working", at, row.due_at)
        held_by = holding[row.id]
        items.append(
            NearlyLine(
                **line_of(row, reference.directory, at),
                minutes_left=left,
                **_held_fields(held_by, reference.directory),
                why=why(held_by, reference.directory, calendar, past=None, left=left),
            )
        )
    return Page(items, following)


def not_received(
    office: Office,
    connection: Connection,
    at: datetime,
    narrow: Filter,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[WaitingLine]:
    """Files sent and not received by when they had to be, the longest waiting first. ``agency`` receives."""
    reference = office.reference(connection)
    directory = reference.directory
    statement = _not_received(
        select(
            HandoffRow.__table__,
            TaskRow.step,
            DossierRow.code,
            DossierRow.procedure,
            DossierRow.version,
            ProcedureVersionRow.name.label("procedure_name"),
        ),
        at,
        narrow,
        directory,
    ).join(
        ProcedureVersionRow,
        and_(
            ProcedureVersionRow.code == DossierRow.procedure,
            ProcedureVersionRow.version == DossierRow.version,
        ),
    )
    key = (HandoffRow.acknowledge_by, HandoffRow.dossier_id, HandoffRow.no)
    after = read_cursor(cursor)
    if after is not None:
        statement = statement.where(tuple_(*key) > after)
    rows = list(connection.execute(statement.order_by(*key).limit(size + 1)))
    items = []
    for row in rows[:size]:
        calendar = reference.calendars.processing(directory, row.to_agency)
        past = measured(calendar, "working", row.acknowledge_by, at)
        step = office.plan(connection, row.procedure, row.version).steps.get(row.step)
        items.append(
            WaitingLine(
                dossier=row.code,
                procedure=Named(code=row.procedure, name=row.procedure_name),
                no=row.no,
                step=step.name if step else row.step,
                giver=named(directory, row.from_agency),
                receiver=named(directory, row.to_agency),
                sent_at=row.sent_at,
                acknowledge_by=row.acknowledge_by,
                minutes_past=past,
                why=Said(
                    "{to_agency} chưa nhận bàn giao từ {sent_at:%H:%M ngày %d/%m/%Y}; đã quá hạn nhận "
                    "{length}.",
                    to_agency=directory.name(row.to_agency),
                    sent_at=calendar.to_local(row.sent_at),
                    length=length(past),
                ),
            )
        )
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.acknowledge_by, last.dossier_id, last.no) if last else None)


def counts(
    office: Office, connection: Connection, at: datetime, agency: str | None = None, *, sight: Sight
) -> BoardCounts:
    """How many lines each list of the board has."""
    directory = office.reference(connection).directory
    narrow = Filter(sight, agency=agency)
    dossiers = narrowed(select(func.count()).select_from(DossierRow), narrow, directory)
    letters = (
        select(func.count())
        .select_from(ApologyRow)
        .join(DossierRow, DossierRow.id == ApologyRow.dossier_id)
        .where(ApologyRow.signed_at.is_(None), ApologyRow.withdrawn_at.is_(None), sight.condition())
    )
    if agency:
        letters = letters.where(ApologyRow.agency.in_(sight.below(directory, agency)))
    return BoardCounts(
        late=connection.execute(dossiers.where(DossierRow.closed_at.is_(None), late_now(at))).scalar_one(),
        nearly_late=connection.execute(dossiers.where(_nearly(at))).scalar_one(),
        not_received=connection.execute(
            _not_received(select(func.count()), at, narrow, directory)
        ).scalar_one(),
        to_sign=connection.execute(letters).scalar_one(),
    )


def _nearly(at: datetime) -> ColumnElement[bool]:
    """Warned of: the running promise has an alert."""
    return and_(
        DossierRow.closed_at.is_(None),
        DossierRow.warned_at.is_not(None),
        DossierRow.late_since.is_(None),
        DossierRow.counting.is_(True),
        DossierRow.due_at > at - LATE_AFTER,
    )


def _not_received(statement: Select[Any], at: datetime, narrow: Filter, directory: Directory) -> Select[Any]:
    statement = (
        statement.select_from(HandoffRow)
        .join(TaskRow, and_(TaskRow.dossier_id == HandoffRow.dossier_id, TaskRow.no == HandoffRow.task))
        .join(DossierRow, DossierRow.id == HandoffRow.dossier_id)
        .where(
            HandoffRow.received_at.is_(None),
            HandoffRow.sent_back_at.is_(None),
            HandoffRow.acknowledge_by <= at - LATE_AFTER,
            TaskRow.status == "sent",
            DossierRow.closed_at.is_(None),
            narrow.sight.condition(),
        )
    )
    if narrow.agency:
        below = narrow.sight.below(directory, narrow.agency)
        statement = statement.where(HandoffRow.to_agency.in_(below))
    if narrow.procedure:
        statement = statement.where(DossierRow.procedure == narrow.procedure)
    return statement


def _narrowed_then(
    statement: Select[Any], narrow: Filter, directory: Directory, held_by: ColumnElement[str]
) -> Select[Any]:
    """As ``narrowed``, by who held the dossier then."""
    statement = statement.where(narrow.sight.condition())
    if narrow.agency:
        below = narrow.sight.below(directory, narrow.agency)
        statement = statement.where(
            or_(held_by.in_(below), DossierRow.desk.in_(below), DossierRow.competent.in_(below))
        )
    if narrow.procedure:
        statement = statement.where(DossierRow.procedure == narrow.procedure)
    return statement


def _paged(
    connection: Connection, chosen: Select[Any], urgency: Any, cursor: str | None, size: int
) -> tuple[list[Any], str | None]:
    """A page of the chosen dossiers in order of an instant, and the cursor of the next.

    Only those of the page are read whole, each with that instant as ``urgency``.
    """
    after = read_cursor(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(urgency, DossierRow.id) > after[:2])
    chosen = chosen.add_columns(urgency.label("urgency")).order_by(urgency, DossierRow.id).limit(size + 1)
    page = chosen.subquery()
    statement = base().add_columns(page.c.urgency).join(page, page.c.id == DossierRow.id)
    rows = list(connection.execute(statement.order_by(page.c.urgency, page.c.id)))
    last = rows[size - 1] if len(rows) > size else None
    return rows[:size], write_cursor(last.urgency, last.id) if last is not None else None


def _plans(office: Office, connection: Connection, rows: Sequence[Any]) -> dict[UUID, Plan]:
    return {row.id: office.plan(connection, row.procedure, row.version) for row in rows}


def _late_line(
    reference: Reference, row: Any, at: datetime, holding: Holding, letter: str | None
) -> LateLine:
    calendar = reference.calendars.processing(reference.directory, row.competent)
    past = measured(calendar, "working", row.urgency, at)
    return LateLine(
        **line_of(row, reference.directory, at),
        judged_due_at=row.judged_due_at,
        minutes_past=past,
        **_held_fields(holding, reference.directory),
        apology=letter,
        why=why(holding, reference.directory, calendar, past=past, left=None),
    )


def _held_fields(holding: Holding, directory: Directory) -> dict[str, Any]:
    return {
        "step": holding.step,
        "official": directory.official_name(holding.official) if holding.official else None,
        "held_since": holding.since,
    }


def _letters(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Any]:
    statement = (
        select(ApologyRow.__table__)
        .where(ApologyRow.dossier_id.in_(ids), ApologyRow.withdrawn_at.is_(None))
        .order_by(ApologyRow.dossier_id, ApologyRow.no)
    )
    return {row.dossier_id: row for row in connection.execute(statement)}


def _letter_state(letter: Any | None) -> str | None:
    if letter is None:
        return None
    return "signed" if letter.signed_at else "asked"


def _urgency(item: tuple[int, Any]) -> tuple[datetime, int]:
    return item[1].due_at or _LONG_AGO, item[0]


def _is_live(task: dict[str, Any]) -> bool:
    return task["status"] in ("ready", "sent", "open")
