"""Queries about calendar changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, delete, distinct, func, insert, or_, select, update

from dossiers.core.errors import NotFound
from sla.records.models import PromiseRow
from workflows.calendars.models import CalendarChangeRow, CalendarMoveRow, Stage

_CHANGES = CalendarChangeRow.__table__
_MOVES = CalendarMoveRow.__table__
Spans = Mapping[str, tuple[datetime, datetime]]
"""By version of a calendar: the instants between which counts on it may come out differently."""

_RUNNING = and_(PromiseRow.status == "running", PromiseRow.judged.is_(True))


def add(connection: Connection, fields: dict[str, Any]) -> None:
    """Keep a new change."""
    connection.execute(insert(CalendarChangeRow), fields)


def get(connection: Connection, change: UUID) -> Any:
    """A change; ``NotFound`` (``calendar_change_unknown``) otherwise."""
    row = connection.execute(select(*_CHANGES.c).where(CalendarChangeRow.id == change)).one_or_none()
    if row is None:
        raise NotFound("Không có lần thay đổi lịch này.", code="calendar_change_unknown", where=str(change))
    return row


def set_fields(connection: Connection, change: UUID, **fields: Any) -> None:
    """Note how far a change has come."""
    connection.execute(update(CalendarChangeRow).where(CalendarChangeRow.id == change).values(**fields))


def changes(connection: Connection, calendar: str | None = None, limit: int = 50) -> list[Any]:
    """Changes, the latest first; those of one calendar when named."""
    statement = select(*_CHANGES.c).order_by(CalendarChangeRow.asked_at.desc(), CalendarChangeRow.id)
    if calendar is not None:
        statement = statement.where(CalendarChangeRow.calendar == calendar)
    return list(connection.execute(statement.limit(limit)))


def at_work(connection: Connection) -> list[UUID]:
    """Changes with dossiers still to be looked at, the oldest first."""
    stages = [stage.value for stage in Stage if stage.is_at_work]
    return list(
        connection.execute(
            select(CalendarChangeRow.id)
            .where(CalendarChangeRow.stage.in_(stages))
            .order_by(CalendarChangeRow.asked_at)
        ).scalars()
    )


def claim(connection: Connection, change: UUID, at: datetime, until: datetime) -> bool:
    """Take a change to work on; false when another process has it."""
    return bool(
        connection.execute(
            update(CalendarChangeRow)
            .where(CalendarChangeRow.id == change)
            .where(or_(CalendarChangeRow.claimed_until.is_(None), CalendarChangeRow.claimed_until <= at))
            .values(claimed_until=until)
        ).rowcount
    )


def calendars_in_use(connection: Connection, name: str) -> list[str]:
    """The versions of a calendar on which running promises were counted."""
    return list(
        connection.execute(
            select(distinct(PromiseRow.calendar)).where(
                _RUNNING, PromiseRow.calendar.startswith(f"{name}@", autoescape=True)
            )
        ).scalars()
    )


def _touched(spans: Spans) -> Any:
    meets = or_(
        False,
        *(
            and_(PromiseRow.calendar == calendar, PromiseRow.due_at >= first, PromiseRow.base < last)
            for calendar, (first, last) in spans.items()
        ),
    )
    return select(PromiseRow.dossier_id).where(_RUNNING, meets)


def count_touched(connection: Connection, spans: Spans) -> int:
    """How many dossiers have a running count that meets the spans."""
    return connection.execute(select(func.count()).select_from(_touched(spans).subquery())).scalar_one()


def next_touched(connection: Connection, spans: Spans, after: UUID | None, limit: int) -> list[UUID]:
    """The next dossiers whose running count meets the spans, in order of id."""
    statement = _touched(spans).order_by(PromiseRow.dossier_id).limit(limit)
    if after is not None:
        statement = statement.where(PromiseRow.dossier_id > after)
    return list(connection.execute(statement).scalars())


def put_moves(connection: Connection, change: UUID, rows: Iterable[dict[str, Any]]) -> None:
    """Keep what became of dossiers, in place of what the preview said of them."""
    kept = list(rows)
    if not kept:
        return
    ids = [row["dossier_id"] for row in kept]
    connection.execute(
        delete(CalendarMoveRow).where(CalendarMoveRow.change == change, CalendarMoveRow.dossier_id.in_(ids))
    )
    connection.execute(insert(CalendarMoveRow), [{"change": change, **row} for row in kept])


def forget_moves(connection: Connection, change: UUID) -> None:
    """Begin anew."""
    connection.execute(delete(CalendarMoveRow).where(CalendarMoveRow.change == change))


def moves(connection: Connection, change: UUID, limit: int, *, agency: str | None = None) -> list[Any]:
    """What became of dossiers, those that become late first."""
    statement = (
        select(*_MOVES.c)
        .where(CalendarMoveRow.change == change)
        .order_by(CalendarMoveRow.becomes_late.desc(), CalendarMoveRow.due_after, CalendarMoveRow.code)
        .limit(limit)
    )
    if agency is not None:
        statement = statement.where(CalendarMoveRow.competent == agency)
    return list(connection.execute(statement))


def moves_by_agency(connection: Connection, change: UUID) -> list[Any]:
    """Per competent agency: dossiers moved, later, earlier, becoming late, no longer late, refused."""
    row = CalendarMoveRow

    def many(condition: Any, name: str) -> Any:
        return func.count().filter(condition).label(name)

    return list(
        connection.execute(
            select(
                row.competent,
                many(row.refused.is_(None), "moved"),
                many(row.due_after > row.due_before, "later"),
                many(row.due_after < row.due_before, "earlier"),
                many(row.becomes_late, "becomes_late"),
                many(row.stops_being_late, "stops_being_late"),
                many(row.refused.is_not(None), "refused"),
            )
            .where(row.change == change)
            .group_by(row.competent)
            .order_by(func.count().desc(), row.competent)
        )
    )
