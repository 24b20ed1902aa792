"""Arithmetic of working time on one calendar version: add, subtract, measure, shift by working days.

Instants go in as aware datetimes and come out as aware UTC; seconds are exact, fractions of a second are
dropped. Conventions, each an argument where projects differ:

- A span holds its opening and not its closing: at 17:30 the office that closes at 17:30 is closed.
- ``landing``: a result that falls exactly on the edge of a closed gap is either the ``closing`` before the
  gap or the ``opening`` after it; both are the same working time. Adding lands on the closing (the last
  minute of the day is usable), subtracting lands on the opening; pandas adds with ``opening``.
- Adding nothing moves a closed instant to the next opening; subtracting nothing moves it to the closing
  before. A negative amount is the opposite operation.
- Measuring is antisymmetric: from b to a is minus from a to b, or zero on request.

Every operation raises ``BadInput``: ``calendar_out_of_range`` when the calendar does not reach so far,
``instant_naive`` for a datetime without an offset.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.calendars.days import DayStatus
from sla.calendars.model import CalendarVersion
from sla.calendars.table import EPOCH, Table


class Landing(StrEnum):
    """Which edge of a closed gap a result falls on."""

    CLOSING = "closing"
    OPENING = "opening"


class DayStart(StrEnum):
    """Where a shift by working days begins."""

    AS_IS = "as_is"
    """From the date as it is: one day after a Saturday is the Monday."""
    INTO_HOURS = "into_hours"
    """Outside hours, first to the next opening (backwards: the opening of the latest working day)."""


class DayResult(StrEnum):
    """What becomes of the time of day after a shift by working days."""

    KEEP_TIME = "keep_time"
    INTO_HOURS = "into_hours"
    """Outside hours, on to the next opening (backwards: back to the closing before)."""


class WorkingCalendar:
    """A calendar version ready to count on. Make it with ``working_calendar``; it never changes.

    ``memo`` is for what others derive from it and want to keep as long as it lives.
    """

    __slots__ = ("_timezone", "id", "memo", "table", "version")

    def __init__(self, version: CalendarVersion) -> None:
        self.version = version
        self.id = version.id
        self.table = Table(version)
        self.memo: dict[Any, Any] = {}
        self._timezone = timezone(timedelta(minutes=version.utc_offset))

    def __repr__(self) -> str:
        return f"WorkingCalendar({self.id})"

    # Local time and days

    def to_local(self, at: datetime) -> datetime:
        """The instant with the calendar's offset."""
        return at.astimezone(self._timezone)

    def local(self, day: date, minutes: int = 0) -> datetime:
        """The instant so many minutes after the local midnight of a date, with the calendar's offset."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._timezone)
        return midnight + timedelta(minutes=minutes)

    def local_from_epoch(self, seconds: int) -> datetime:
        """An instant in seconds since 1970, with the calendar's offset."""
        return datetime.fromtimestamp(seconds, self._timezone)

    def day_status(self, day: date) -> DayStatus:
        """Whether the day is worked and why."""
        return self.version.day_status(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the day has working hours of its own."""
        return self.table.is_worked(self.table.day_of_date(day))

    def opening_of(self, day: date) -> datetime:
        """When a working day first opens. Raises ``BadInput`` (``calendar_day_closed``)."""
        table = self.table
        index = self._worked_day(day)
        return from_epoch(table.opens[table.first_span[index]])

    def closing_of(self, day: date) -> datetime:
        """When a working day closes for the last time. Raises ``BadInput`` (``calendar_day_closed``)."""
        return from_epoch(self.table.last_close[self.table.rank[self._worked_day(day)]])

    def _worked_day(self, day: date) -> int:
        index = self.table.day_of_date(day)
        if not self.table.is_worked(index):
            raise BadInput(
                Said(
                    "Ngày {day:%d/%m/%Y} không phải ngày làm việc: {reason}.",
                    day=day,
                    reason=self.day_status(day).reason,
                ),
                code="calendar_day_closed",
                where=day.isoformat(),
            )
        return index

    # Being open

    def is_working(self, at: datetime, *, closing_counts: bool = False) -> bool:
        """Whether the office is open; at the very closing only when ``closing_counts``."""
        return self.table.is_open(self._instant(at), closing_counts=closing_counts)

    def is_break(self, at: datetime) -> bool:
        """Whether the instant lies between two spans of one day, such as the lunch break."""
        instant = self._instant(at)
        before = bisect_right(self.table.opens, instant) - 1
        if before < 0 or instant < self.table.closes[before]:
            return False
        day = self.table.day_of(self.table.opens[before])
        return before + 1 < self.table.first_span[day + 1]

    def roll_forward(self, at: datetime) -> datetime:
        """The instant itself when open, else the next opening."""
        table = self.table
        return from_epoch(table.at_opening(table.position(self._instant(at))))

    def roll_back(self, at: datetime) -> datetime:
        """The instant itself when open or just closing, else the closing before."""
        table = self.table
        return from_epoch(table.at_closing(table.position(self._instant(at))))

    def next_opening(self, at: datetime) -> datetime:
        """The first opening after the instant (never the instant itself)."""
        i = bisect_right(self.table.opens, self._instant(at))
        if i == len(self.table.opens):
            raise self.table.beyond()
        return from_epoch(self.table.opens[i])

    def previous_closing(self, at: datetime) -> datetime:
        """The last closing before the instant (never the instant itself)."""
        i = bisect_left(self.table.closes, self._instant(at)) - 1
        if i < 0:
            raise self.table.beyond()
        return from_epoch(self.table.closes[i])

    def intervals_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open spans from the instant on, the first cut to begin there, until the calendar ends."""
        start = self._instant(at)
        for i in range(bisect_right(self.table.closes, start), len(self.table.opens)):
            yield from_epoch(max(self.table.opens[i], start)), from_epoch(self.table.closes[i])

    def intervals_between(self, a: datetime, b: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans between two instants, the first and the last cut to fit."""
        self._instant(b)
        spans = []
        for opening, closing in self.intervals_from(a):
            if opening >= b:
                break
            spans.append((opening, min(closing, b)))
        return tuple(spans)

    # Adding and measuring working time

    def add(
        self, at: datetime, *, seconds: int = 0, minutes: int = 0, landing: Landing = Landing.CLOSING
    ) -> datetime:
        """The instant so much working time later."""
        amount = seconds + minutes * 60
        if amount < 0:
            return self.subtract(at, seconds=-amount)
        table = self.table
        position = table.position(self._instant(at)) + amount
        if amount and landing is Landing.CLOSING:
            return from_epoch(table.at_closing(position))
        return from_epoch(table.at_opening(position))

    def subtract(
        self, at: datetime, *, seconds: int = 0, minutes: int = 0, landing: Landing = Landing.OPENING
    ) -> datetime:
        """The instant so much working time earlier."""
        amount = seconds + minutes * 60
        if amount < 0:
            return self.add(at, seconds=-amount)
        table = self.table
        position = table.position(self._instant(at)) - amount
        if amount and landing is Landing.OPENING:
            return from_epoch(table.at_opening(position))
        return from_epoch(table.at_closing(position))

    def seconds_between(
        self, a: datetime, b: datetime, *, when_reversed: Literal["negative", "zero"] = "negative"
    ) -> int:
        """Working seconds from a to b; when b is earlier, negative or zero as asked."""
        seconds = self.table.position(self._instant(b)) - self.table.position(self._instant(a))
        return max(seconds, 0) if when_reversed == "zero" else seconds

    def between(
        self, a: datetime, b: datetime, *, when_reversed: Literal["negative", "zero"] = "negative"
    ) -> int:
        """Whole working minutes from a to b, rounded towards zero."""
        seconds = self.seconds_between(a, b, when_reversed=when_reversed)
        return seconds // 60 if seconds >= 0 else -(-seconds // 60)

    # Shifting by working days

    def shift_date(
        self, day: date, days: int, *, start: DayStart = DayStart.AS_IS, backwards: bool | None = None
    ) -> date:
        """The date so many working days later (earlier when negative).

        Zero days from a rest day is the next working day (the one before when ``backwards``). With
        ``start=into_hours`` a rest day first moves to that working day, and counting begins there.
        """
        table = self.table
        index = table.day_of_date(day)
        back = days < 0 if backwards is None else backwards
        moved = days == 0 or start is DayStart.INTO_HOURS or table.is_worked(index)
        if back:
            rank = table.rank[index + 1] - 1 if moved else table.rank[index + 1]
        else:
            rank = table.rank[index] if moved else table.rank[index] - 1
        if not 0 <= rank + days < len(table.worked):
            raise table.beyond()
        return table.date_of(table.worked[rank + days])

    def shift_working_days(
        self,
        at: datetime,
        days: int,
        *,
        start: DayStart = DayStart.AS_IS,
        result: DayResult = DayResult.KEEP_TIME,
        backwards: bool | None = None,
    ) -> datetime:
        """The same time of day so many working days later (earlier when negative).

        ``backwards`` gives zero days a direction; it follows the sign of ``days`` when not said.
        """
        back = days < 0 if backwards is None else backwards
        instant = self._instant(at)
        if start is DayStart.INTO_HOURS and not self.table.is_open(instant):
            instant = self._day_opening_before(instant) if back else self._opening_after(instant)
        day = self.table.day_of(instant)
        time_of_day = instant - self.table.midnight(day)
        if days or not self.table.is_worked(day):
            day = self.table.day_of_date(self.shift_date(self.table.date_of(day), days, backwards=back))
        shifted = from_epoch(self.table.midnight(day) + time_of_day)
        if result is DayResult.KEEP_TIME:
            return shifted
        return self.roll_back(shifted) if back else self.roll_forward(shifted)

    def working_days_between(
        self, a: date, b: date, *, count_first: bool = False, count_last: bool = True
    ) -> int:
        """Working days after a up to and including b, as the Civil Code counts; negative when reversed."""
        if b < a:
            return -self.working_days_between(b, a, count_first=count_first, count_last=count_last)
        rank, first, last = self.table.rank, self.table.day_of_date(a), self.table.day_of_date(b)
        begin = rank[first] if count_first else rank[first + 1]
        end = rank[last + 1] if count_last else rank[last]
        return max(end - begin, 0)

    def _opening_after(self, instant: int) -> int:
        return self.table.at_opening(self.table.position(instant))

    def _day_opening_before(self, instant: int) -> int:
        before = bisect_right(self.table.opens, instant) - 1
        if before < 0:
            raise self.table.beyond()
        return self.table.opens[self.table.first_span[self.table.day_of(self.table.opens[before])]]

    def _instant(self, at: datetime) -> int:
        return self.table.require(to_epoch(at))


def to_epoch(at: datetime) -> int:
    """Whole seconds since 1970. Raises ``BadInput`` (``instant_naive``) without an offset."""
    try:
        since = at - EPOCH
    except TypeError as error:
        raise BadInput(
            "Thời điểm phải kèm độ lệch giờ.",
            code="instant_naive",
            where=at.isoformat(),
            hint="Ghi như “2026-11-20T14:30:00+07:00”.",
        ) from error
    return since.days * 86400 + since.seconds


def from_epoch(seconds: int) -> datetime:
    """The aware UTC instant."""
    return datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=256)
def working_calendar(version: CalendarVersion) -> WorkingCalendar:
    """The version compiled, once per id and content."""
    return WorkingCalendar(version)
