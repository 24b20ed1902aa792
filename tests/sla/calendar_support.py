"""Calendars for tests: built from a few words, and read from the vector files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sla.calendars.days import WEEKDAYS, Confidence, DayKind, ExceptionalDay, Interval, parse_interval
from sla.calendars.model import CalendarVersion
from sla.working_time import WorkingCalendar, working_calendar

DATA = Path(__file__).parent / "data"


def facts(name: str) -> dict[str, Any]:
    """One file of facts."""
    loaded: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return loaded


def closed(day: str | date, name: str = "Ngày lễ") -> ExceptionalDay:
    """A holiday."""
    return ExceptionalDay(_date(day), DayKind.CLOSED, name, "quyết định thử", Confidence.DECISION)


def special(day: str | date, hours: Sequence[Interval]) -> ExceptionalDay:
    """A day with hours of its own."""
    return ExceptionalDay(
        _date(day), DayKind.SPECIAL, "Giờ riêng", "quyết định thử", Confidence.DECISION, hours=tuple(hours)
    )


def makeup(day: str | date, replaces: str | date) -> ExceptionalDay:
    """A rest day worked in place of another."""
    return ExceptionalDay(
        _date(day), DayKind.MAKEUP, "Làm bù", "quyết định thử", Confidence.DECISION, _date(replaces)
    )


def version(
    weekly: Mapping[str, Sequence[str]],
    days: Sequence[ExceptionalDay] = (),
    *,
    utc_offset: int = 0,
    day_minutes: int = 480,
    covers: tuple[date, date] = (date(2005, 1, 1), date(2023, 12, 31)),
    official_until: date | None = None,
) -> CalendarVersion:
    """A version with the given hours; weekdays not named are closed."""
    return CalendarVersion(
        name="test",
        version="1",
        title="Lịch thử",
        utc_offset=utc_offset,
        day_minutes=day_minutes,
        weekly=tuple(tuple(parse_interval(text) for text in weekly.get(day, ())) for day in WEEKDAYS),
        days=tuple(days),
        covers_from=covers[0],
        covers_until=covers[1],
        official_until=official_until or covers[1],
    )


def vector_calendar(data: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar of a vector: holidays win over shifts, breaks are cut out of the hours of their date."""
    holidays = set(data.get("holidays", ()))
    days = [closed(day) for day in holidays]
    breaks: Mapping[str, list[str]] = data.get("breaks", {})
    shifts: Mapping[str, list[str]] = data.get("shifts", {})
    for day in (set(breaks) | set(shifts)) - holidays:
        usual = data["hours"].get(WEEKDAYS[_date(day).weekday()], ())
        hours = [parse_interval(text) for text in shifts.get(day, usual)]
        for text in breaks.get(day, ()):
            hours = [left for one in hours for left in _cut(one, parse_interval(text))]
        days.append(special(day, hours) if hours else closed(day, "Nghỉ cả ngày"))
    return working_calendar(version(data["hours"], days))


def _cut(hours: Interval, out: Interval) -> list[Interval]:
    pieces = [(hours.opens, min(hours.closes, out.opens)), (max(hours.opens, out.closes), hours.closes)]
    return [Interval(opens, closes) for opens, closes in pieces if opens < closes]


def _date(day: str | date) -> date:
    return day if isinstance(day, date) and not isinstance(day, datetime) else date.fromisoformat(str(day))
