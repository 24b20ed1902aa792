"""Figures over many dossiers, from the derived rows: what was late when, days, load, agencies side by side.

Codes and numbers only; names are given elsewhere. A promise that is late at an instant is, now, either broken
or still running: everything done to a dossier first breaks what has passed. So its row alone says from when
to when it was late, and the spans of the clock say from when to when the dossier was open and who held it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Connection,
    FromClause,
    Integer,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from dossiers.core.base import Instant
from dossiers.records.models import DossierAgencyRow, DossierRow, TaskRow
from sla.records.models import ApologyRow, PromiseRow, ShareRow, SpanRow

LATE_AFTER = timedelta(minutes=1)
"""The whole last minute is in time."""


def one_of(column: InstrumentedAttribute[str], *values: str) -> ColumnElement[bool]:
    """The column is one of these words, said so that an index on part of a table can be used."""
    return column.in_([literal(value, literal_execute=True) for value in values])


def late_promises(at: datetime) -> CTE:
    """Dossiers (``dossier_id``) that may have been open and late at ``at``, since when (``overdue_at``) a
    judged promise was late then, if any was, and by whom (``held_by``) the dossier was held then: nothing
    where it was not open, an empty text where no agency held it."""
    candidates = _perhaps_late(at, at)
    passed = select(func.min(PromiseRow.due_at)).where(
        *_judged_of(candidates), PromiseRow.due_at <= at - LATE_AFTER, PromiseRow.made_at <= at
    )
    holder = select(func.max(func.coalesce(SpanRow.agency, ""))).where(
        SpanRow.dossier_id == candidates.c.dossier_id, _held_at(at)
    )
    found = select(
        candidates.c.dossier_id,
        passed.scalar_subquery().label("overdue_at"),
        holder.scalar_subquery().label("held_by"),
    )
    return _kept_apart(found.cte("late_promises"))


def _judged_of(candidates: FromClause) -> tuple[ColumnElement[bool], ...]:
    """The judged promises of each of the dossiers that are or were late."""
    return (
        PromiseRow.dossier_id == candidates.c.dossier_id,
        one_of(PromiseRow.status, "running", "broken"),
        PromiseRow.judged.is_(True),
    )


def _kept_apart(found: CTE) -> CTE:
    """Worked out once and by itself: PostgreSQL, left to weave it into the rest, reads whole tables."""
    return found.prefix_with("MATERIALIZED", dialect="postgresql")


def _perhaps_late(first: datetime, last: datetime) -> Subquery:
    """Dossiers that may have been late and open at some time from ``first`` to ``last``: those with a broken
    promise that are open still or were closed since, and those whose promise has passed and runs still.

    Three questions, each answered from a small index: of what was late and is long closed none reads a row.
    """
    broken = select(DossierRow.id.label("dossier_id")).where(
        DossierRow.late_since.is_not(None), DossierRow.late_since <= last - LATE_AFTER
    )
    running = select(PromiseRow.dossier_id).where(
        PromiseRow.status == literal("running", literal_execute=True),
        PromiseRow.judged.is_(True),
        PromiseRow.due_at <= last - LATE_AFTER,
    )
    return union(
        broken.where(DossierRow.closed_at.is_(None)), broken.where(DossierRow.closed_at > first), running
    ).subquery()


def _held_at(at: datetime) -> ColumnElement[bool]:
    """The span of the clock that ran at ``at``: there is one exactly while the dossier is open."""
    return and_(SpanRow.since <= at, or_(SpanRow.until.is_(None), SpanRow.until > at))


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its instants: it begins at ``start`` and ends before ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class DayCount:
    """What came in and what went out in a day, and what stood late when it ended."""

    received: int
    finished: int
    late: int


def count_days(
    connection: Connection, days: Sequence[Day], at: datetime, agencies: Collection[str] | None = None
) -> list[DayCount]:
    """The figures of each day, of days that follow one another; of a day that has not ended, up to ``at``.

    ``None``: of every agency. An agency is concerned by what it receives, decides or has a step of; late is
    what it then held, received or decides.
    """
    received = _per_day(connection, days, DossierRow.registered_at, agencies)
    finished = _per_day(connection, days, DossierRow.finished_at, agencies)
    late = _late_at(connection, [min(day.end - _MICROSECOND, at) for day in days], agencies)
    return [
        DayCount(received.get(number, 0), finished.get(number, 0), late[number])
        for number in range(len(days))
    ]


_MICROSECOND = timedelta(microseconds=1)


def _before(
    column: SQLColumnExpression[Any], instants: Sequence[datetime], first: int = 0
) -> ColumnElement[int]:
    """How many of the instants, in order of time, lie before the column's; ``first`` more are known to.

    Halved again and again: a month is five comparisons a row, on either database, with no row sent here.
    """
    if not instants:
        return literal(first, Integer, literal_execute=True)
    half = len(instants) // 2
    return case(
        (column <= literal(instants[half], Instant), _before(column, instants[:half], first)),
        else_=_before(column, instants[half + 1 :], first + half + 1),
    )


def _per_day(
    connection: Connection,
    days: Sequence[Day],
    column: InstrumentedAttribute[Any],
    agencies: Collection[str] | None,
) -> dict[int, int]:
    happened = _happened(column, days[0].start, days[-1].end, agencies).subquery()
    started = [day.start - _MICROSECOND for day in days[1:]]
    placed = select(_before(happened.c.at, started).label("no")).subquery()
    statement = select(placed.c.no, func.count()).group_by(placed.c.no)
    return dict(tuple(row) for row in connection.execute(statement))


def _happened(
    column: InstrumentedAttribute[Any], start: datetime, end: datetime, agencies: Collection[str] | None
) -> Select[Any] | CompoundSelect[Any]:
    """When it happened to each dossier in a stretch of time: handed in at one of the agencies or decided by
    one, and those one only has a step of. Two questions cost less than one with an alternative in it; the
    second goes by who takes part, which is less to read than every step."""
    found = select(column.label("at")).where(column >= start, column < end)
    if agencies is None:
        return found
    names = list(agencies)
    theirs = or_(DossierRow.desk.in_(names), DossierRow.competent.in_(names))
    taking_part = select(DossierAgencyRow.dossier_id).where(DossierAgencyRow.agency.in_(names))
    has_step = exists().where(TaskRow.dossier_id == DossierRow.id, TaskRow.agency.in_(names))
    return union_all(found.where(theirs), found.where(~theirs, DossierRow.id.in_(taking_part), has_step))


def _late_at(
    connection: Connection, instants: Sequence[datetime], agencies: Collection[str] | None
) -> list[int]:
    """How many dossiers were late and open at each instant, in order of time.

    A dossier is late from the first instant at which one of its promises was, in every span of its clock
    that goes on after it; spans of a dossier never overlap, so none is counted twice.
    """
    if not instants:
        return []
    passed = _before(PromiseRow.due_at, [instant - LATE_AFTER for instant in instants])
    made = _before(PromiseRow.made_at, instants)
    candidates = _perhaps_late(instants[0], instants[-1])
    from_when = select(func.min(case((passed > made, passed), else_=made))).where(
        *_judged_of(candidates), PromiseRow.due_at <= instants[-1] - LATE_AFTER
    )
    found = select(candidates.c.dossier_id, from_when.scalar_subquery().label("begins"))
    promises = _kept_apart(found.cte("late_promises"))
    spans = (
        select(
            promises.c.begins,
            _before(SpanRow.since, instants).label("since"),
            case((SpanRow.until.is_(None), len(instants)), else_=_before(SpanRow.until, instants)).label(
                "ends"
            ),
        )
        .select_from(promises)
        .join(SpanRow, SpanRow.dossier_id == promises.c.dossier_id)
        .where(
            promises.c.begins.is_not(None),
            SpanRow.since <= instants[-1],
            or_(SpanRow.until.is_(None), SpanRow.until > instants[0]),
        )
    )
    if agencies is not None:
        names = list(agencies)
        spans = spans.join(DossierRow, DossierRow.id == promises.c.dossier_id).where(
            or_(
                DossierRow.desk.in_(names),
                DossierRow.competent.in_(names),
                SpanRow.agency.in_(names),
            )
        )
    placed = _kept_apart(spans.cte("placed"))
    begins = case((placed.c.begins > placed.c.since, placed.c.begins), else_=placed.c.since).label("begins")
    stretches = select(begins, placed.c.ends).subquery()
    statement = (
        select(stretches.c.begins, stretches.c.ends, func.count())
        .where(stretches.c.begins < stretches.c.ends)
        .group_by(stretches.c.begins, stretches.c.ends)
    )
    late = [0] * len(instants)
    for first_late, ends, many in connection.execute(statement):
        for number in range(first_late, ends):
            late[number] += many
    return late


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with one official of an agency, or with nobody there yet."""

    agency: str
    official: str | None
    open: int = 0
    overdue: int = 0
    nearly_due: int = 0
    finished: int = 0


def load(
    connection: Connection,
    at: datetime,
    agencies: Collection[str],
    *,
    soon: Mapping[datetime, Collection[str]],
    since: datetime,
) -> list[Load]:
    """Live tasks per official, and those finished since. ``soon`` says until when a date counts as near,
    with the agencies it holds for: their calendars differ."""
    near = or_(
        *(
            and_(TaskRow.agency.in_(list(names)), TaskRow.due_at <= until)
            for until, names in soon.items()
            if names
        )
    )
    overdue = TaskRow.due_at <= at - LATE_AFTER
    live = (
        select(
            TaskRow.agency,
            TaskRow.official,
            func.count().label("open"),
            func.sum(case((overdue, 1), else_=0)).label("overdue"),
            func.sum(case((and_(near, TaskRow.due_at > at - LATE_AFTER), 1), else_=0)).label("nearly_due"),
        )
        .where(TaskRow.agency.in_(list(agencies)), one_of(TaskRow.status, "ready", "sent", "open"))
        .group_by(TaskRow.agency, TaskRow.official)
    )
    done = (
        select(TaskRow.agency, TaskRow.official, func.count().label("finished"))
        .where(
            TaskRow.agency.in_(list(agencies)),
            one_of(TaskRow.status, "done"),
            TaskRow.official.is_not(None),
            TaskRow.finished_at > since,
        )
        .group_by(TaskRow.agency, TaskRow.official)
    )
    loads: dict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
    for statement in (live, done):
        for row in connection.execute(statement):
            figures = dict(row._mapping)
            loads[figures.pop("agency"), figures.pop("official")].update(figures)
    return [Load(agency, official, **figures) for (agency, official), figures in loads.items()]


@dataclass(slots=True)
class Standing:
    """How agencies stand: what they decide on, and the lateness and letters that are theirs."""

    received: int = 0
    finished: int = 0
    on_time: int = 0
    open: int = 0
    late: int = 0
    late_minutes: int = 0
    to_sign: int = 0

    def add(self, other: Standing) -> None:
        """Take another agency's figures in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def standings(connection: Connection, at: datetime, since: datetime, until: datetime) -> dict[str, Standing]:
    """Every agency's figures: received and finished in the period, open and late now.

    Dossiers are the competent agency's; minutes of lateness belong to whom they were split to in the period.
    """
    found: dict[str, Standing] = defaultdict(Standing)
    for statement in _standing_statements(at, since, until):
        for row in connection.execute(statement):
            figures = dict(row._mapping)
            found[figures.pop("agency")].add(Standing(**figures))
    return found


def _standing_statements(at: datetime, since: datetime, until: datetime) -> Iterator[Select[Any]]:
    competent = DossierRow.competent.label("agency")
    yield (
        select(competent, func.count().label("received"))
        .where(DossierRow.registered_at >= since, DossierRow.registered_at < until)
        .group_by(DossierRow.competent)
    )
    late = case((late_now(at), 1), else_=0)
    in_time = case((DossierRow.late_since.is_(None), 1), else_=0)
    yield (
        select(competent, func.count().label("finished"), func.sum(in_time).label("on_time"))
        .where(DossierRow.finished_at >= since, DossierRow.finished_at < until)
        .group_by(DossierRow.competent)
    )
    yield (
        select(competent, func.count().label("open"), func.sum(late).label("late"))
        .where(DossierRow.closed_at.is_(None))
        .group_by(DossierRow.competent)
    )
    yield (
        select(ShareRow.agency, func.sum(ShareRow.minutes).label("late_minutes"))
        .join(
            PromiseRow,
            and_(PromiseRow.dossier_id == ShareRow.dossier_id, PromiseRow.no == ShareRow.promise),
        )
        .where(
            ShareRow.agency.is_not(None),
            PromiseRow.judged.is_(True),
            PromiseRow.late_minutes.is_not(None),
            PromiseRow.settled_at >= since,
            PromiseRow.settled_at < until,
        )
        .group_by(ShareRow.agency)
    )
    yield (
        select(ApologyRow.agency, func.count().label("to_sign"))
        .where(ApologyRow.signed_at.is_(None), ApologyRow.withdrawn_at.is_(None))
        .group_by(ApologyRow.agency)
    )


def late_now(at: datetime) -> ColumnElement[bool]:
    """An open dossier is late: its judged promise is broken, or passed while its time counted."""
    return or_(
        DossierRow.late_since.is_not(None),
        and_(DossierRow.due_at <= at - LATE_AFTER, DossierRow.counting.is_(True)),
    )


def totalled(found: Mapping[str, Standing], agencies: Iterable[str]) -> Standing:
    """The figures of several agencies together."""
    total = Standing()
    for agency in agencies:
        if agency in found:
            total.add(found[agency])
    return total
