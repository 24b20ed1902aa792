"""How a limit is counted, in integers: the shared core of due dates, their explanation and bulk counting.

Instants are seconds since 1970 in UTC, always on a whole minute. ``Terms`` knows how far each stage of a
limit reaches; ``walk`` plays the stages against pauses and extensions and tells what happened, piece by
piece. The meaning of it all is in ``docs/deadlines.md``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sla.calendars.table import Table
from sla.limits import Limit, Rule
from sla.stages import (
    MINUTE,
    Count,
    DayEnd,
    Extension,
    OutsideHours,
    Pause,
    PauseEffect,
    Stage,
    months_later,
    stages_of,
)
from sla.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Stop:
    """A pause in integers."""

    since: int
    until: int | None
    pause: Pause


class Cause(Enum):
    """Why a stage was opened."""

    START = auto()
    FRACTION = auto()
    EXTENSION = auto()
    RESTART = auto()
    DEEMED_LATER = auto()
    """Stopped before it was deemed received: it begins only after the stop."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A stage begins at an instant; ``stop`` is what a restart comes after."""

    cause: Cause
    stage: Stage
    at: int
    need: int
    extension: Extension | None = None
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """The clock ran from ``start`` to ``end`` and used so much of what was left.

    ``first`` is when the start is deemed to be (later than ``start`` only by ``next_session``).
    ``done``: the stage reached its need at ``end``.
    """

    stage: Stage
    start: int
    first: int
    end: int
    left: int
    used: int
    done: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """The clock stood still; ``left`` of the stage remains. A restart says so in the ``Opened`` after it."""

    stop: Stop
    stage: Stage
    left: int


Piece = Opened | Ran | Stopped


@dataclass(frozen=True, slots=True)
class Terms:
    """A limit, its rule and options on one calendar: everything about a deadline except when it starts."""

    limit: Limit
    rule: Rule
    calendar: WorkingCalendar
    outside_hours: OutsideHours = OutsideHours.AS_IS
    day_end: DayEnd = DayEnd.CLOSING
    stages: tuple[Stage, ...] = field(init=False, repr=False, compare=False)
    table: Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self.calendar.table)
        day_minutes = self.calendar.version.day_minutes
        object.__setattr__(self, "stages", stages_of(self.limit, self.rule, day_minutes))

    # One stage

    def first_of(self, stage: Stage, start: int) -> int:
        """When the start is deemed to be for a stage that counts days."""
        as_is = self.outside_hours is OutsideHours.AS_IS or stage.count not in _CIVIL
        if as_is or self.table.is_open(start, closing_counts=True):
            return start
        return self.table.at_opening(self.table.position(start))

    def need_of(self, stage: Stage, first: int) -> int:
        """Seconds or days the stage needs when its first day is that of ``first``."""
        if not stage.months:
            return stage.need
        day = self.table.date_of(self.table.day_of(first))
        try:
            return (months_later(day, stage.months) - day).days
        except (ValueError, OverflowError) as error:
            raise self.table.beyond() from error

    def reach(self, stage: Stage, first: int, left: int) -> int:
        """When a stage that runs from ``first`` without a stop has used what is left of it."""
        table = self.table
        count = stage.count
        if count is Count.WORKING_MINUTES:
            return table.later(first, left) if left else table.at_opening(table.position(first))
        if count is Count.CLOCK_MINUTES:
            return table.require(first + left)
        day = table.day_of(first)
        if count is Count.SAME_DAY:
            return self._same_day(stage.limit, day, first)
        if stage.whole_of_fraction:
            return self._end_of_whole_days(day, left)
        if count is Count.WORKING_DAYS and left:
            return self._end_of(table.rank[day + 1] + left - 1)
        last = day + left
        if last >= table.day_count:
            raise table.beyond()
        rank = table.rank[last]
        end = self._end_of(rank)
        return end if end >= first else self._end_of(rank + 1)

    def used(self, stage: Stage, first: int, until: int, left: int) -> int:
        """What a stage that ran from ``first`` and was stopped at ``until`` has used of what was left."""
        table = self.table
        if until <= first or stage.count is Count.SAME_DAY:
            return 0
        if stage.count is Count.WORKING_MINUTES:
            return table.position(until) - table.position(first)
        if stage.count is Count.CLOCK_MINUTES:
            return until - first
        begin, end = table.day_of(first), table.day_of(until)
        if stage.count is Count.WORKING_DAYS:
            return min(table.rank[end + 1] - table.rank[begin + 1], left)
        return min(end - begin, left)

    def _end_of(self, rank: int) -> int:
        table = self.table
        if rank >= len(table.worked):
            raise table.beyond()
        if self.day_end is DayEnd.CLOSING:
            return table.last_close[rank]
        return table.midnight(table.worked[rank] + 1) - MINUTE

    def _end_of_whole_days(self, day: int, left: int) -> int:
        table = self.table
        rank = table.rank[day + 1] + left - 1
        if rank >= len(table.worked):
            raise table.beyond()
        if left:
            day = table.worked[rank]
        midnight = table.midnight(day + 1)
        return max(midnight, table.last_close[rank]) if table.is_worked(day) else midnight

    def _same_day(self, limit: Limit, day: int, received: int) -> int:
        table = self.table
        rank = table.rank[day]
        if table.is_worked(day) and received <= self.last_reception(limit, day):
            return table.last_close[rank]
        rank = table.rank[day + 1]
        if rank >= len(table.worked):
            raise table.beyond()
        return table.last_close[rank]

    def last_reception(self, limit: Limit, day: int) -> int:
        """The last minute of a working day at which a ``same_day`` limit still ends that day."""
        closing = self.table.last_close[self.table.rank[day]]
        if limit.cut_off is not None:
            cut_off = (limit.cut_off.hour * 60 + limit.cut_off.minute) * MINUTE
            return min(closing, self.table.midnight(day) + cut_off)
        return closing - (limit.cut_off_before_closing or 0) * MINUTE

    # A whole limit

    def due(self, start: int) -> int:
        """When the limit ends, without pauses or extensions. Raises ``BadInput``."""
        at, table = start, self.table
        if not table.origin <= at < table.end:
            raise table.outside(at)
        as_is = self.outside_hours is OutsideHours.AS_IS
        for stage in self.stages:
            first = at if as_is or stage.fraction else self.first_of(stage, at)
            at = self.reach(stage, first, stage.need or self.need_of(stage, first))
        return at

    def walk(self, start: int, stops: Sequence[Stop], extensions: Sequence[Extension]) -> list[Piece]:
        """Everything that happens from the start to the due moment, or to an open pause."""
        pieces: list[Piece] = []
        upcoming = deque(stops)
        day_minutes = self.calendar.version.day_minutes
        granted = deque((stages_of(one.limit, self.rule, day_minutes), one) for one in extensions)
        waiting = deque(self.stages)
        at = self.table.require(start)
        opening = Opened(Cause.START, self.stages[0], at, 0)
        while True:
            stage = waiting.popleft()
            ended = self._run(stage, opening, upcoming, pieces)
            if isinstance(ended, Stop):
                if ended.until is None:
                    return pieces
                waiting = deque(self.stages)
                opening = Opened(Cause.RESTART, self.stages[0], ended.until, 0, stop=ended)
            elif waiting:
                opening = Opened(Cause.FRACTION, waiting[0], ended, 0, opening.extension)
            elif granted:
                stages, extension = granted.popleft()
                waiting = deque(stages)
                opening = Opened(Cause.EXTENSION, stages[0], ended, 0, extension)
            else:
                return pieces

    def _run(self, stage: Stage, opening: Opened, upcoming: deque[Stop], pieces: list[Piece]) -> int | Stop:
        """Run one stage to its end, or to a stop that is open or restarts the limit."""
        start = self.table.require(opening.at)
        continues = opening.cause in (Cause.FRACTION, Cause.EXTENSION)
        first = start if continues else self.first_of(stage, start)
        left = self.need_of(stage, first)
        pieces.append(Opened(opening.cause, stage, start, left, opening.extension, opening.stop))
        while True:
            end = self.reach(stage, first, left)
            if not upcoming or upcoming[0].since > end:
                pieces.append(Ran(stage, start, first, end, left, left, True))
                return end
            stop = upcoming.popleft()
            begun = stop.since >= first
            used = self.used(stage, first, stop.since, left)
            pieces.append(Ran(stage, start, first, stop.since, left, used, False))
            left -= used
            if stop.until is None:
                pieces.append(Stopped(stop, stage, left))
                return stop
            if stop.pause.effect is PauseEffect.RESTART:
                return stop
            pieces.append(Stopped(stop, stage, left))
            start = self.table.require(stop.until)
            first = self.first_of(stage, start)
            if not begun:
                left = self.need_of(stage, first)
                pieces.append(Opened(Cause.DEEMED_LATER, stage, start, left, opening.extension))


_CIVIL = frozenset({Count.WORKING_DAYS, Count.CALENDAR_DAYS})


def terms_for(
    limit: Limit,
    rule: Rule,
    calendar: WorkingCalendar,
    outside_hours: OutsideHours = OutsideHours.AS_IS,
    day_end: DayEnd = DayEnd.CLOSING,
) -> Terms:
    """The terms, made once per calendar and kept with it."""
    key = (limit, rule, outside_hours, day_end)
    found: Terms | None = calendar.memo.get(key)
    if found is not None:
        return found
    if len(calendar.memo) >= _MOST_TERMS:
        calendar.memo.clear()
    made = Terms(limit, rule, calendar, outside_hours, day_end)
    calendar.memo[key] = made
    return made


_MOST_TERMS = 4096
