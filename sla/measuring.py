"""Measuring between two moments by the rules of ``due``: what was added is what is measured."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime

from sla.calendars.table import Table
from sla.limits import Rule, Unit
from sla.stages import MINUTE, DayEnd, months_later
from sla.working_time import WorkingCalendar, to_epoch


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole units, and minutes beyond them. Hours, and working days hour for hour, are minutes only."""

    units: int = 0
    minutes: int = 0


def measure(
    start: datetime,
    end: datetime,
    unit: Unit,
    rule: Rule,
    calendar: WorkingCalendar,
    *,
    day_end: DayEnd = DayEnd.CLOSING,
) -> Amount:
    """How much of a unit lies between two moments, the end not before the start.

    Working days by the civil rule: days whose end is reached, and the working minutes of the day in which
    the moment lies. Weeks, months and years are whole ones. A limit in calendar days that rolled over a
    rest day measures to where it rolled: the days in between did pass.
    Raises ``BadInput`` (``calendar_out_of_range``, ``instant_naive``).
    """
    table = calendar.table
    begin, until = (table.require(to_epoch(at) // MINUTE * MINUTE) for at in (start, end))
    if unit is Unit.CLOCK_HOUR:
        return Amount(minutes=(until - begin) // MINUTE)
    if unit is Unit.WORKING_HOUR or (unit is Unit.WORKING_DAY and rule is Rule.HOUR_FOR_HOUR):
        return Amount(minutes=(table.position(until) - table.position(begin)) // MINUTE)
    first, last = table.day_of(begin), _day_ended(table, until)
    if unit in (Unit.WORKING_DAY, Unit.SAME_DAY):
        return _working_days(table, first, until, day_end)
    if unit in (Unit.MONTH, Unit.YEAR):
        months = _whole_months(table, first, last)
        return Amount(months // 12 if unit is Unit.YEAR else months)
    return Amount((last - first) // (7 if unit is Unit.WEEK else 1))


def _day_ended(table: Table, until: int) -> int:
    """The day of a moment; of a closing at or after midnight, the day whose hours it ends."""
    span = bisect_left(table.opens, until) - 1
    if span >= 0:
        day = table.day_of(table.opens[span])
        if table.last_close[table.rank[day]] == until:
            return day
    return table.day_of(until)


def _working_days(table: Table, first: int, until: int, day_end: DayEnd) -> Amount:
    """Days are counted after the first; the day of the last opening is whole only once it has ended."""
    span = bisect_right(table.opens, until) - 1
    if span < 0:
        return Amount()
    day = table.day_of(table.opens[span])
    if day <= first:
        return Amount()
    rank = table.rank[day]
    before = rank - table.rank[first + 1]
    ends = table.last_close[rank] if day_end is DayEnd.CLOSING else table.midnight(day + 1) - MINUTE
    if until >= ends:
        return Amount(before + 1)
    opening = table.before[table.first_span[day]]
    return Amount(before, (table.position(until) - opening) // MINUTE)


def _whole_months(table: Table, first: int, last: int) -> int:
    begin, end = table.date_of(first), table.date_of(last)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    return months if months_later(begin, months) <= end else months - 1
