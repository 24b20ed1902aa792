"""Queries about duties done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, text, union_all, update

from dossiers.core.tables import table_of
from workflows.duties.models import DutyRunRow, Outcome

_RUNS = table_of(DutyRunRow)
_RUN = DutyRunRow


def alone(connection: Connection, duty: str) -> None:
    """One at a time claims slots of a duty, until the transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:duty, 0))"), {"duty": f"duty {duty}"}
        )


def run_of(connection: Connection, duty: str, slot: datetime) -> Any | None:
    """The run of a slot, if it was ever begun."""
    return connection.execute(select(_RUNS).where(_RUN.duty == duty, _RUN.slot == slot)).one_or_none()


def at_work(connection: Connection, duty: str, at: datetime, longest: datetime) -> Any | None:
    """The run that somebody has in hand. A lease further ahead than any can be was given by a clock that
    has been put back since: it holds nobody up."""
    return connection.execute(
        select(_RUNS)
        .where(_RUN.duty == duty, _RUN.outcome == Outcome.RUNNING.value)
        .where(_RUN.lease_until > at, _RUN.lease_until <= longest)
        .limit(1)
    ).one_or_none()


def begin(connection: Connection, duty: str, slot: datetime, fields: dict[str, Any]) -> None:
    """Begin a slot, or begin it again."""
    known = run_of(connection, duty, slot)
    fresh = {
        **fields,
        "outcome": Outcome.RUNNING.value,
        "attempts": (known.attempts if known else 0) + 1,
        "ended_at": None,
        "took_ms": None,
        "looked_at": 0,
        "done": 0,
        "failed": 0,
        "found": "{}",
        "error": "",
    }
    if known is None:
        connection.execute(insert(_RUNS), {"duty": duty, "slot": slot, **fresh})
    else:
        connection.execute(update(_RUNS).where(_RUN.duty == duty, _RUN.slot == slot).values(**fresh))


def set_fields(connection: Connection, duty: str, slot: datetime, token: str, **fields: Any) -> bool:
    """Note how a run goes on; false when another process took it over since."""
    return bool(
        connection.execute(
            update(_RUNS)
            .where(_RUN.duty == duty, _RUN.slot == slot, _RUN.token == token)
            .where(_RUN.outcome == Outcome.RUNNING.value)
            .values(**fields)
        ).rowcount
    )


def newest_done(connection: Connection, duty: str, until: datetime) -> Any | None:
    """The newest slot up to an instant that was done."""
    return newest(connection, [duty], until, done=True).get(duty)


def newest(
    connection: Connection, duties: Collection[str], until: datetime, *, done: bool = False
) -> dict[str, Any]:
    """The newest run of each duty up to an instant, or the newest ``done``; a probe of the key each."""
    probes = []
    for duty in duties:
        probe = select(_RUNS).where(_RUN.duty == duty, _RUN.slot <= until)
        if done:
            probe = probe.where(_RUN.outcome == Outcome.DONE.value)
        probes.append(select(probe.order_by(_RUN.slot.desc()).limit(1).subquery()))
    return {row.duty: row for row in connection.execute(union_all(*probes))} if probes else {}


def runs(connection: Connection, duty: str, limit: int) -> list[Any]:
    """Runs of a duty, the newest slot first."""
    statement = select(_RUNS).where(_RUN.duty == duty).order_by(_RUN.slot.desc()).limit(limit)
    return list(connection.execute(statement))


def forget(connection: Connection, quiet_before: datetime, before: datetime) -> int:
    """Forget old runs, those that met nothing sooner; the newest of each duty stays."""
    newest = select(_RUN.duty, func.max(_RUN.slot).label("slot")).where(
        _RUN.outcome == Outcome.DONE.value
    ).group_by(_RUN.duty).subquery()  # fmt: skip
    kept = select(newest).where(newest.c.duty == _RUN.duty, newest.c.slot == _RUN.slot)
    quiet = and_(_RUN.looked_at == 0, _RUN.done == 0, _RUN.failed == 0, _RUN.outcome == Outcome.DONE.value)
    return connection.execute(
        delete(_RUNS).where(~kept.exists(), or_(_RUN.slot < before, and_(_RUN.slot < quiet_before, quiet)))
    ).rowcount
