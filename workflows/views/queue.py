"""What a reception desk has before it today: handed in, to send on, awaited, to give back, nearly due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from dossiers.records.models import DossierRow, SupplementRow, TaskRow
from workflows.office import Office, Reference
from workflows.views.lists import lines_of
from workflows.views.models import DossierLine
from workflows.views.paging import Page, read_cursor, write_cursor


class Pile(StrEnum):
    """The piles on a desk."""

    TODAY = "today"
    TO_SEND = "to-send"
    AWAITED = "awaited"
    PICKUP = "pickup"
    NEARLY_DUE = "nearly-due"


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk at an instant: when its day began, and until when a date counts as near."""

    agency: str
    at: datetime
    day_began: datetime
    near: datetime


def desk_at(reference: Reference, agency: str, at: datetime) -> Desk:
    """The desk now; near is the end of the next working day of its agency."""
    calendar = reference.calendars.reception(reference.directory, agency)
    today = calendar.to_local(at).date()
    processing = reference.calendars.processing(reference.directory, agency)
    near = processing.add(at, minutes=processing.version.day_minutes)
    return Desk(agency, at, calendar.local(today), max(near, calendar.local(today + timedelta(days=1))))


def counts(connection: Connection, desk: Desk) -> dict[Pile, int]:
    """How high each pile is."""
    piles = [
        select(func.count()).select_from(DossierRow).where(_in(pile, desk)).scalar_subquery() for pile in Pile
    ]
    return dict(zip(Pile, connection.execute(select(*piles)).one(), strict=True))


def pile_of(
    office: Office,
    connection: Connection,
    desk: Desk,
    pile: Pile,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[DossierLine]:
    """A pile: today's latest first, the others what has waited or presses most."""
    by, latest_first = _ORDER[pile]
    statement: Select[Any] = select(DossierRow.id, by.label("place")).where(_in(pile, desk))
    after = read_cursor(cursor)
    if after is not None:
        place = tuple_(by, DossierRow.id)
        statement = statement.where(place < after[:2] if latest_first else place > after[:2])
    order = (by.desc(), DossierRow.id.desc()) if latest_first else (by, DossierRow.id)
    rows = connection.execute(statement.order_by(*order).limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    items = lines_of(office, connection, [row.id for row in rows[:size]], desk.at)
    return Page(items, write_cursor(last.place, last.id) if last is not None else None)


_ORDER = {
    Pile.TODAY: (DossierRow.registered_at, True),
    Pile.TO_SEND: (DossierRow.registered_at, False),
    Pile.AWAITED: (DossierRow.registered_at, False),
    Pile.PICKUP: (func.coalesce(DossierRow.finished_at, DossierRow.registered_at), False),
    Pile.NEARLY_DUE: (DossierRow.due_at, False),
}


def _in(pile: Pile, desk: Desk) -> ColumnElement[bool]:
    """Whether a dossier lies in a pile of this desk."""
    return and_(DossierRow.desk == desk.agency, _CONDITIONS[pile](desk))


def _to_send(desk: Desk) -> ColumnElement[bool]:
    """Not accepted yet, at work at the desk itself, or lying ready to be sent to the next agency."""
    here = exists().where(
        TaskRow.dossier_id == DossierRow.id,
        or_(TaskRow.status == "ready", and_(TaskRow.status == "open", TaskRow.agency == desk.agency)),
    )
    return and_(DossierRow.closed_at.is_(None), ~_asked(), or_(DossierRow.phase == "registered", here))


def _asked() -> ColumnElement[bool]:
    return exists().where(
        SupplementRow.dossier_id == DossierRow.id,
        SupplementRow.received_at.is_(None),
        SupplementRow.lapsed_at.is_(None),
    )


def _today(desk: Desk) -> ColumnElement[bool]:
    return DossierRow.registered_at >= desk.day_began


def _awaited(_desk: Desk) -> ColumnElement[bool]:
    return and_(DossierRow.closed_at.is_(None), _asked())


def _pickup(_desk: Desk) -> ColumnElement[bool]:
    return DossierRow.phase == "finished"


def _nearly_due(desk: Desk) -> ColumnElement[bool]:
    return and_(DossierRow.closed_at.is_(None), DossierRow.counting.is_(True), DossierRow.due_at <= desk.near)


_CONDITIONS: dict[Pile, Callable[[Desk], ColumnElement[bool]]] = {
    Pile.TODAY: _today,
    Pile.TO_SEND: _to_send,
    Pile.AWAITED: _awaited,
    Pile.PICKUP: _pickup,
    Pile.NEARLY_DUE: _nearly_due,
}
