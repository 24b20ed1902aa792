"""Reading and writing derived rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, insert, or_, select, update

from dossiers.core.base import Base
from dossiers.core.errors import NotFound
from dossiers.core.tables import table_of
from dossiers.records.models import DossierAgencyRow, DossierRow, SweepFailureRow, TaskRow

Row = dict[str, Any]
Rows = Mapping[str, Mapping[tuple[Any, ...], Row]]

_DOSSIERS = DossierRow.__table__


def write_changes(
    connection: Connection, tables: Sequence[type[Base]], dossier_id: UUID, before: Rows, after: Rows
) -> None:
    """Bring the derived rows of a dossier from ``before`` to ``after``, table by table."""
    write_all_changes(connection, tables, [(dossier_id, before, after)])


def write_all_changes(
    connection: Connection, tables: Sequence[type[Base]], changes: Iterable[tuple[UUID, Rows, Rows]]
) -> None:
    """Bring the derived rows of several dossiers from before to after, by one statement for each table."""
    known = list(changes)
    for model in tables:
        table = table_of(model)
        added, changed = [], []
        for dossier_id, before, after in known:
            old, new = before.get(table.name, {}), after.get(table.name, {})
            added += [_whole(table, dossier_id, row) for key, row in new.items() if key not in old]
            changed += [
                _bound(table, dossier_id, row) for key, row in new.items() if key in old and old[key] != row
            ]
        if added:
            connection.execute(_insert(table), added)
        if changed:
            connection.execute(_update(table), changed)
        for dossier_id, before, after in known:
            old, new = before.get(table.name, {}), after.get(table.name, {})
            for key in old.keys() - new.keys():
                connection.execute(delete(table).where(_is(table, dossier_id, old[key])))


def _id_column(table: Table) -> str:
    return "id" if table is _DOSSIERS else "dossier_id"


def _whole(table: Table, dossier_id: UUID, row: Row) -> Row:
    return {**row, _id_column(table): dossier_id}


_inserts: dict[str, Any] = {}
_updates: dict[str, Any] = {}


def _insert(table: Table) -> Any:
    if table.name not in _inserts:
        _inserts[table.name] = insert(table)
    return _inserts[table.name]


def _update(table: Table) -> Any:
    if table.name not in _updates:
        keys = list(table.primary_key.columns)
        names = {column.name for column in keys}
        values: dict[str, Any] = {c.name: bindparam(c.name) for c in table.columns if c.name not in names}
        where = and_(*(column == bindparam(f"key_{column.name}") for column in keys))
        _updates[table.name] = update(table).where(where).values(values)
    return _updates[table.name]


def _bound(table: Table, dossier_id: UUID, row: Row) -> Row:
    whole = _whole(table, dossier_id, row)
    keys = {column.name for column in table.primary_key.columns}
    return {(f"key_{name}" if name in keys else name): value for name, value in whole.items()}


def _is(table: Table, dossier_id: UUID, row: Row) -> Any:
    whole = _whole(table, dossier_id, row)
    return and_(*(column == whole[column.name] for column in table.primary_key.columns))


def stored_rows(connection: Connection, model: type[Base], dossier_ids: Iterable[UUID]) -> list[Any]:
    """The derived rows of some dossiers in one table."""
    table = table_of(model)
    column = table.c[_id_column(table)]
    return list(connection.execute(select(table).where(column.in_(list(dossier_ids)))))


def lock(connection: Connection, dossier_id: UUID) -> Any | None:
    """The dossier's row, locked until the transaction ends; parents are locked before their children."""
    return connection.execute(
        select(*_DOSSIERS.c).where(DossierRow.id == dossier_id).with_for_update()
    ).one_or_none()


def lock_alone(connection: Connection, dossier_ids: Iterable[UUID]) -> list[UUID]:
    """Lock the dossiers, in order of id; the ids of those that are part of no other."""
    # Whether it has a parent is asked of the rows: asked of the database, SQLite would go through the index
    # of parents, and most dossiers have none.
    statement = (
        select(DossierRow.id, DossierRow.parent)
        .where(DossierRow.id.in_(list(dossier_ids)))
        .order_by(DossierRow.id)
        .with_for_update()
    )
    return [row.id for row in connection.execute(statement) if row.parent is None]


def id_of(connection: Connection, code: str) -> UUID | None:
    """The id behind a dossier code."""
    return connection.execute(select(DossierRow.id).where(DossierRow.code == code)).scalar_one_or_none()


def agencies_of(connection: Connection, dossier_id: UUID) -> set[str]:
    """The agencies that take part in a dossier, now or before."""
    return set(
        connection.execute(
            select(DossierAgencyRow.agency).where(DossierAgencyRow.dossier_id == dossier_id)
        ).scalars()
    )


def registered_by_procedure(connection: Connection, desk: str, since: datetime) -> dict[str, int]:
    """How many dossiers of each procedure a desk registered since an instant."""
    statement = (
        select(DossierRow.procedure, func.count().label("used"))
        .where(DossierRow.desk == desk, DossierRow.registered_at >= since)
        .group_by(DossierRow.procedure)
    )
    return {row.procedure: row.used for row in connection.execute(statement)}


def code_of(connection: Connection, dossier_id: UUID) -> str | None:
    """The code of a dossier."""
    return connection.execute(select(DossierRow.code).where(DossierRow.id == dossier_id)).scalar_one_or_none()


def unknown(code: str) -> NotFound:
    """The answer to a code that no dossier has, or none that the caller may see."""
    return NotFound(
        f"Không có hồ sơ mã “{code}”.",
        code="dossier_unknown",
        where=code,
        hint="Kiểm tra lại mã in trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
    )


def parent_of(connection: Connection, dossier_id: UUID) -> UUID | None:
    """The dossier of which this one is a part, if any."""
    return connection.execute(
        select(DossierRow.parent).where(DossierRow.id == dossier_id)
    ).scalar_one_or_none()


def with_duty(connection: Connection, at: datetime, limit: int) -> list[UUID]:
    """Dossiers for which something has fallen due by ``at``, most overdue first.

    Reads only the index of next duties: dossiers that wait for somebody cost nothing here.
    """
    statement = (
        select(DossierRow.id)
        .outerjoin(SweepFailureRow, SweepFailureRow.dossier_id == DossierRow.id)
        .where(DossierRow.next_duty_at <= at)
        .where(or_(SweepFailureRow.retry_at.is_(None), SweepFailureRow.retry_at <= at))
        .order_by(DossierRow.next_duty_at)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def open_at(connection: Connection, agency: str) -> int:
    """How many dossiers an agency has in hand now."""
    return connection.execute(
        select(func.count()).where(DossierRow.holder == agency, DossierRow.closed_at.is_(None))
    ).scalar_one()


def running_by_version(connection: Connection, procedure: str) -> dict[int, int]:
    """How many dossiers are not closed, by version of a procedure."""
    rows = connection.execute(
        select(DossierRow.version, func.count().label("many"))
        .where(DossierRow.procedure == procedure, DossierRow.closed_at.is_(None))
        .group_by(DossierRow.version)
    )
    return {row.version: row.many for row in rows}


def counts(connection: Connection) -> Any:
    """How many dossiers there are, how many are not closed, and how many events they have."""
    return connection.execute(
        select(
            func.count().label("dossiers"),
            func.count().filter(DossierRow.closed_at.is_(None)).label("open"),
            func.coalesce(func.sum(DossierRow.seq), 0).label("events"),
        ).select_from(DossierRow)
    ).one()


def duties_waiting(connection: Connection, at: datetime) -> int:
    """How many dossiers have something that fell due and was not handled yet."""
    return connection.execute(select(func.count()).where(DossierRow.next_duty_at <= at)).scalar_one()


def some_ids(connection: Connection, start: UUID, limit: int) -> list[UUID]:
    """Dossiers from an id on, in order of id, and from the first again when the end is reached."""
    order = select(DossierRow.id).order_by(DossierRow.id)
    found = list(connection.execute(order.where(DossierRow.id >= start).limit(limit)).scalars())
    if len(found) < limit:
        rest = order.where(DossierRow.id < start).limit(limit - len(found))
        found += connection.execute(rest).scalars()
    return found


def first_duty(connection: Connection) -> datetime | None:
    """When the monitor must look next, at whatever dossier."""
    return connection.execute(select(func.min(DossierRow.next_duty_at))).scalar_one_or_none()


def put_aside(connection: Connection, dossier_id: UUID, error: str, at: datetime, retry_at: datetime) -> None:
    """Remember that the monitor could not handle a dossier, and when to try again."""
    attempts = connection.execute(
        select(SweepFailureRow.attempts).where(SweepFailureRow.dossier_id == dossier_id)
    ).scalar_one_or_none()
    fields = {"attempts": (attempts or 0) + 1, "error": error, "failed_at": at, "retry_at": retry_at}
    if attempts is None:
        connection.execute(insert(SweepFailureRow), {"dossier_id": dossier_id, **fields})
    else:
        connection.execute(
            update(SweepFailureRow).where(SweepFailureRow.dossier_id == dossier_id).values(**fields)
        )


def forget_failure(connection: Connection, dossier_id: UUID) -> None:
    """The monitor handled the dossier again."""
    connection.execute(delete(SweepFailureRow).where(SweepFailureRow.dossier_id == dossier_id))


def forget_failures(connection: Connection, dossier_ids: Sequence[UUID]) -> None:
    """The monitor handled these dossiers again."""
    connection.execute(delete(SweepFailureRow).where(SweepFailureRow.dossier_id.in_(dossier_ids)))


def failures(connection: Connection) -> list[Any]:
    """Dossiers the monitor could not handle."""
    return list(connection.execute(select(SweepFailureRow.__table__).order_by(SweepFailureRow.failed_at)))


def tasks_waiting(connection: Connection) -> dict[str, int]:
    """How many tasks wait for each agency."""
    rows = connection.execute(
        select(TaskRow.agency, func.count().label("many"))
        .where(TaskRow.status.in_(("ready", "sent", "open")))
        .group_by(TaskRow.agency)
    )
    return {row.agency: row.many for row in rows}
