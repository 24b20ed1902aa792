"""What differs between two versions of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sla.calendars.changes import affected_span, next_version
from sla.calendars.days import Confidence, DayKind, ExceptionalDay
from sla.calendars.loading import load_shipped

OFFICE = load_shipped("vn-office")


def closed(*days: date) -> tuple[ExceptionalDay, ...]:
    return tuple(ExceptionalDay(day, DayKind.CLOSED, "Nghỉ", "", Confidence.TO_VERIFY) for day in days)


def test_nothing_differs_from_itself_or_under_another_name() -> None:
    assert affected_span(OFFICE, OFFICE) is None
    assert affected_span(OFFICE, replace(OFFICE, version="9", title="Khác")) is None


def test_days_between_the_first_and_the_last_that_differ() -> None:
    first, last = date(2026, 3, 4), date(2026, 3, 20)
    other = replace(OFFICE, days=(*OFFICE.days, *closed(first, last)))
    assert affected_span(OFFICE, other) == affected_span(other, OFFICE) == (first, last)


def test_closing_a_day_of_rest_changes_no_count() -> None:
    other = replace(OFFICE, days=(*OFFICE.days, *closed(date(2026, 3, 7))))
    assert affected_span(OFFICE, other) is None


def test_days_that_become_official_matter_since_a_promise_on_them_was_provisional() -> None:
    other = replace(OFFICE, official_until=date(2028, 12, 31))
    assert affected_span(OFFICE, other) == (date(2028, 1, 1), date(2028, 12, 31))


def test_another_length_of_the_working_day_matters_everywhere() -> None:
    other = replace(OFFICE, day_minutes=450)
    assert affected_span(OFFICE, other) == (OFFICE.covers_from, OFFICE.covers_until)


def test_versions_are_numbered_on() -> None:
    assert next_version("2026.1", {"2026.1"}) == "2026.2"
    assert next_version("2026.1", {"2026.1", "2026.2"}) == "2026.3"
    assert next_version("2026.9", set()) == "2026.10"
    assert next_version("thu-nghiem", set()) == "thu-nghiem.2"


@given(st.from_regex(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*", fullmatch=True).filter(lambda text: len(text) < 30))
def test_the_next_version_is_always_another(version: str) -> None:
    assert next_version(version, {version}) != version
