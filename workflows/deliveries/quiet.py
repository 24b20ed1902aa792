"""When nobody is disturbed: at night, and on days on which the sending agency does not work."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sla.working_time import WorkingCalendar

_MOST_DAYS_OFF = 60
"""More days off in a row than any calendar has."""


def next_allowed(at: datetime, calendar: WorkingCalendar, quiet_from: time, quiet_until: time) -> datetime:
    """``at`` when somebody may be disturbed then, else the first moment at which they may.

    The minute at which quiet begins is quiet, the one at which it ends is not. Where quiet begins no later
    than it ends, no hour of a working day is quiet.
    """
    local = calendar.to_local(at)
    begins, ends = _minutes(quiet_until), _minutes(quiet_from)
    if ends <= begins:
        begins, ends = 0, 24 * 60
    day = local.date()
    for _ in range(_MOST_DAYS_OFF):
        if calendar.is_working_day(day):
            allowed = max(local, calendar.local(day, begins))
            if allowed < calendar.local(day, ends):
                return at if allowed == local else allowed
        day += timedelta(days=1)
    return at


def _minutes(of: time) -> int:
    return of.hour * 60 + of.minute
