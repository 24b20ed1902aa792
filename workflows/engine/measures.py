"""Allotments of steps: when they run out and what is left of them, by the calendar of the agency.

A step's allotment counts minute for minute from the moment the agency has the file. Working units count
working minutes; calendar units count elapsed time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sla.limits import Limit, Unit, parse_limit
from sla.working_time import WorkingCalendar

_ELAPSED_MINUTES = {
    Unit.CLOCK_HOUR: 60,
    Unit.CALENDAR_DAY: 24 * 60,
    Unit.WEEK: 7 * 24 * 60,
    Unit.MONTH: 30 * 24 * 60,
    Unit.YEAR: 365 * 24 * 60,
}


def to_minute(at: datetime) -> datetime:
    """The whole minute an instant lies in."""
    return at.replace(second=0, microsecond=0)


def allotment_minutes(calendar: WorkingCalendar, limit: Limit) -> int:
    """An allotment in minutes of its own measure: working minutes, or elapsed ones for calendar units."""
    if limit.unit in _ELAPSED_MINUTES:
        return int(limit.amount * _ELAPSED_MINUTES[limit.unit])
    if limit.unit is Unit.WORKING_HOUR:
        return int(limit.amount * 60)
    return int(limit.amount * calendar.version.day_minutes)


def allotment_end(calendar: WorkingCalendar, at: datetime, allotted: str, left: int | None) -> datetime:
    """When an allotment runs out, counted from ``at``: what is ``left`` of it, or all of it.

    With nothing left the moment itself is returned: the step is overdue at once.
    """
    limit = parse_limit(allotted)
    minutes = allotment_minutes(calendar, limit) if left is None else left
    start = to_minute(at)
    if minutes <= 0:
        return start
    if limit.unit in _ELAPSED_MINUTES:
        return start + timedelta(minutes=minutes)
    return calendar.add(start, minutes=minutes)


def allotment_left(calendar: WorkingCalendar, at: datetime, due_at: datetime, allotted: str | None) -> int:
    """Minutes from ``at`` to ``due_at`` in the measure of the allotment; negative when overrun."""
    start = to_minute(at)
    if allotted is not None and parse_limit(allotted).unit in _ELAPSED_MINUTES:
        return int((due_at - start).total_seconds()) // 60
    return calendar.between(start, due_at)


def measured(calendar: WorkingCalendar, measure: str, a: datetime, b: datetime) -> int:
    """Whole minutes from a to b, working or elapsed as the promise measures."""
    a, b = to_minute(a), to_minute(b)
    if b <= a:
        return 0
    if measure == "elapsed":
        return int((b - a).total_seconds()) // 60
    return calendar.between(a, b)
