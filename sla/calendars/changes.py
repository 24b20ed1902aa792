"""What differs between two versions of a calendar, as far as a deadline can feel it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from sla.calendars.model import CalendarVersion

_LAST_NUMBER = re.compile(r"(.*?)(\d+)$")
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def affected_span(old: CalendarVersion, new: CalendarVersion) -> tuple[date, date] | None:
    """The first and the last day between which a count can come out differently; None when nowhere.

    A day matters when its hours differ, or when one version calls it official and the other a guess. Another
    length of the working day, or another local time, matters everywhere.
    """
    covers = min(old.covers_from, new.covers_from), max(old.covers_until, new.covers_until)
    if (old.day_minutes, old.utc_offset) != (new.day_minutes, new.utc_offset):
        return covers
    days = list(_different_days(old, new, *covers))
    if old.official_until != new.official_until:
        ends = sorted((old.official_until, new.official_until))
        days += [ends[0] + _ONE_DAY, ends[1]]
    return (min(days), max(days)) if days else None


def _different_days(old: CalendarVersion, new: CalendarVersion, first: date, last: date) -> list[date]:
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in every if _hours(old, day) != _hours(new, day)]


def _hours(version: CalendarVersion, day: date) -> object:
    return version.hours_on(day) if version.covers(day) else None


def next_version(version: str, taken: Collection[str]) -> str:
    """The number after a version: ``2026.2`` after ``2026.1``; one that is taken is passed over."""
    found = _LAST_NUMBER.fullmatch(version)
    stem, number = (found[1], int(found[2])) if found else (f"{version}.", 1)
    while True:
        number += 1
        if f"{stem}{number}" not in taken:
            return f"{stem}{number}"
