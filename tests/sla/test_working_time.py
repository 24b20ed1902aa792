"""Working time adds, subtracts and measures exactly, and tells when the office is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dossiers.core.errors import BadInput
from sla.calendars.loading import load_shipped
from sla.calendars.model import CalendarVersion
from sla.working_time import DayResult, DayStart, Landing, WorkingCalendar, working_calendar
from tests.sla.calendar_support import version
from tests.sla.naive import MINUTE, Office
from tests.sla.strategies import examples, starts, versions

CALENDAR = working_calendar(load_shipped("vn-office"))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


# 2026-11-20 is a Friday; Tuesday 2026-11-24 is a holiday; Saturday 2026-01-10 is worked.


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        ("2026-11-20T16:30", 60, "2026-11-20T17:30"),
        ("2026-11-20T16:30", 61, "2026-11-23T07:31"),
        ("2026-11-20T11:30", 10, "2026-11-20T13:40"),
        ("2026-11-20T12:00", 0, "2026-11-20T13:30"),
        ("2026-11-20T17:30", 0, "2026-11-23T07:30"),
        ("2026-11-21T09:00", 60, "2026-11-23T08:30"),
        ("2026-11-23T17:00", 60, "2026-11-25T08:00"),
        ("2026-01-09T17:00", 60, "2026-01-10T08:00"),
        ("2026-11-20T07:30", 0, "2026-11-20T07:30"),
    ],
)
def test_adding_lands_on_the_closing_and_skips_what_is_closed(at: str, minutes: int, expected: str) -> None:
    assert CALENDAR.add(_at(at), minutes=minutes) == _at(expected)


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        ("2026-11-20T08:30", 60, "2026-11-20T07:30"),
        ("2026-11-20T08:30", 61, "2026-11-19T17:29"),
        ("2026-11-25T07:30", 10, "2026-11-23T17:20"),
        ("2026-11-22T12:00", 0, "2026-11-20T17:30"),
        ("2026-11-20T17:30", 0, "2026-11-20T17:30"),
    ],
)
def test_subtracting_mirrors_adding(at: str, minutes: int, expected: str) -> None:
    assert CALENDAR.subtract(_at(at), minutes=minutes) == _at(expected)


def test_the_other_edge_of_a_gap_can_be_asked_for() -> None:
    evening = _at("2026-11-20T16:30")
    assert CALENDAR.add(evening, minutes=60, landing=Landing.OPENING) == _at("2026-11-23T07:30")
    morning = _at("2026-11-20T08:30")
    assert CALENDAR.subtract(morning, minutes=60, landing=Landing.CLOSING) == _at("2026-11-19T17:30")


def test_a_negative_amount_is_the_opposite_operation() -> None:
    at = _at("2026-11-20T09:00")
    assert CALENDAR.add(at, minutes=-30) == CALENDAR.subtract(at, minutes=30)
    assert CALENDAR.subtract(at, seconds=-90) == CALENDAR.add(at, seconds=90)


def test_results_are_utc_and_shown_locally_on_request() -> None:
    moved = CALENDAR.add(_at("2026-11-20T09:00"), minutes=1)
    assert moved.tzinfo is UTC
    assert CALENDAR.to_local(moved).isoformat() == "2026-11-20T09:01:00+07:00"


def test_measuring_backwards_is_negative_or_zero_on_request() -> None:
    friday, monday = _at("2026-11-20T17:00"), _at("2026-11-23T08:00")
    assert CALENDAR.between(friday, monday) == 60
    assert CALENDAR.between(monday, friday) == -60
    assert CALENDAR.between(monday, friday, when_reversed="zero") == 0
    assert CALENDAR.seconds_between(friday, monday) == 3600


def test_whole_minutes_are_rounded_towards_zero_both_ways() -> None:
    a, b = _at("2026-11-20T09:00:00"), _at("2026-11-20T09:01:59")
    assert (CALENDAR.between(a, b), CALENDAR.between(b, a)) == (1, -1)


def test_the_office_is_open_at_its_opening_and_closed_at_its_closing() -> None:
    assert CALENDAR.is_working(_at("2026-11-20T07:30"))
    assert not CALENDAR.is_working(_at("2026-11-20T17:30"))
    assert CALENDAR.is_working(_at("2026-11-20T17:30"), closing_counts=True)
    assert CALENDAR.is_break(_at("2026-11-20T12:00"))
    assert not CALENDAR.is_break(_at("2026-11-20T18:00"))
    assert not CALENDAR.is_break(_at("2018-01-01T01:00"))


def test_openings_and_closings_are_strictly_after_and_before() -> None:
    assert CALENDAR.next_opening(_at("2026-11-20T07:30")) == _at("2026-11-20T13:30")
    assert CALENDAR.next_opening(_at("2026-11-20T18:00")) == _at("2026-11-23T07:30")
    assert CALENDAR.previous_closing(_at("2026-11-23T09:00")) == _at("2026-11-20T17:30")
    assert CALENDAR.previous_closing(_at("2026-11-20T11:30")) == _at("2026-11-19T17:30")
    assert CALENDAR.roll_forward(_at("2026-11-20T09:00")) == _at("2026-11-20T09:00")
    assert CALENDAR.roll_back(_at("2026-11-20T17:30")) == _at("2026-11-20T17:30")


def test_a_day_knows_its_opening_and_its_closing() -> None:
    assert CALENDAR.opening_of(date(2026, 11, 20)) == _at("2026-11-20T07:30")
    assert CALENDAR.closing_of(date(2026, 11, 20)) == _at("2026-11-20T17:30")
    assert CALENDAR.is_working_day(date(2026, 1, 10))
    assert CALENDAR.local(date(2026, 11, 20), 90) == _at("2026-11-20T01:30")
    with pytest.raises(BadInput) as refused:
        CALENDAR.closing_of(date(2026, 11, 24))
    assert refused.value.code == "calendar_day_closed"
    assert "Ngày Văn hóa Việt Nam" in refused.value.message


def test_open_spans_are_cut_to_the_question() -> None:
    spans = CALENDAR.intervals_between(_at("2026-11-20T10:00"), _at("2026-11-23T08:00"))
    assert spans == (
        (_at("2026-11-20T10:00"), _at("2026-11-20T11:30")),
        (_at("2026-11-20T13:30"), _at("2026-11-20T17:30")),
        (_at("2026-11-23T07:30"), _at("2026-11-23T08:00")),
    )


@pytest.mark.parametrize(
    ("day", "days", "start", "expected"),
    [
        (date(2026, 11, 20), 1, DayStart.AS_IS, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, DayStart.AS_IS, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, DayStart.INTO_HOURS, date(2026, 11, 25)),
        (date(2026, 11, 21), -1, DayStart.AS_IS, date(2026, 11, 20)),
        (date(2026, 11, 21), -1, DayStart.INTO_HOURS, date(2026, 11, 19)),
        (date(2026, 11, 21), 0, DayStart.AS_IS, date(2026, 11, 23)),
        (date(2026, 1, 9), 1, DayStart.AS_IS, date(2026, 1, 10)),
    ],
)
def test_shifting_a_date_counts_working_days(day: date, days: int, start: DayStart, expected: date) -> None:
    assert CALENDAR.shift_date(day, days, start=start) == expected


def test_shifting_a_moment_keeps_its_time_or_moves_it_into_hours() -> None:
    evening = _at("2026-11-20T20:00")
    assert CALENDAR.shift_working_days(evening, 1) == _at("2026-11-23T20:00")
    moved = CALENDAR.shift_working_days(evening, 1, result=DayResult.INTO_HOURS)
    assert moved == _at("2026-11-25T07:30")
    assert CALENDAR.shift_working_days(evening, 1, start=DayStart.INTO_HOURS) == _at("2026-11-25T07:30")


def test_working_days_between_two_dates_exclude_the_first_and_include_the_last() -> None:
    friday, wednesday = date(2026, 11, 20), date(2026, 11, 25)
    assert CALENDAR.working_days_between(friday, wednesday) == 2
    assert CALENDAR.working_days_between(wednesday, friday) == -2
    assert CALENDAR.working_days_between(friday, friday) == 0
    assert CALENDAR.working_days_between(friday, wednesday, count_first=True) == 3


@pytest.mark.parametrize("at", ["2017-12-31T23:59", "2038-01-01T00:00"])
def test_a_moment_outside_the_calendar_is_refused(at: str) -> None:
    with pytest.raises(BadInput) as refused:
        CALENDAR.add(_at(at), minutes=1)
    assert refused.value.code == "calendar_out_of_range"


def test_a_result_beyond_the_calendar_is_refused() -> None:
    beyond: list[Callable[[], object]] = [
        lambda: CALENDAR.add(_at("2037-12-31T16:00"), minutes=91),
        lambda: CALENDAR.add(_at("2037-12-31T17:00"), minutes=30, landing=Landing.OPENING),
        lambda: CALENDAR.subtract(_at("2018-01-02T08:00"), minutes=31),
        lambda: CALENDAR.next_opening(_at("2037-12-31T18:00")),
        lambda: CALENDAR.previous_closing(_at("2018-01-01T18:00")),
        lambda: CALENDAR.shift_date(date(2037, 12, 31), 1),
        lambda: CALENDAR.shift_working_days(_at("2018-01-02T01:00"), -1, start=DayStart.INTO_HOURS),
    ]
    for step in beyond:
        with pytest.raises(BadInput) as refused:
            step()
        assert refused.value.code == "calendar_out_of_range"


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        CALENDAR.add(datetime(2026, 11, 20, 9, 0), minutes=1)
    assert refused.value.code == "instant_naive"


def test_a_night_shift_belongs_to_the_evening_it_opens_on() -> None:
    nights = working_calendar(version({day: ["19:00-05:00"] for day in ("mon", "tue", "wed", "thu", "fri")}))
    saturday = datetime(2021, 1, 9, 4, 0, tzinfo=UTC)
    assert nights.is_working(saturday)
    assert not nights.is_working_day(date(2021, 1, 9))
    assert nights.closing_of(date(2021, 1, 8)) == datetime(2021, 1, 9, 5, 0, tzinfo=UTC)
    assert nights.add(saturday, minutes=61) == datetime(2021, 1, 11, 19, 1, tzinfo=UTC)


# Properties


@examples(100)
@given(versions(), starts, st.integers(0, 4000))
def test_adding_is_walking_minute_by_minute(calendar: CalendarVersion, at: datetime, minutes: int) -> None:
    office, working = Office(calendar), WorkingCalendar(calendar)
    local = at.astimezone(office.zone)
    expected, left = local, minutes
    if not left:
        expected = office.next_open_minute(local)
    while left:
        left -= office.is_open(expected)
        expected += MINUTE
    assert working.add(at, minutes=minutes) == expected


@examples(150)
@given(versions(), starts, st.integers(0, 10**6), st.sampled_from(Landing))
def test_adding_then_measuring_and_taking_away_again(
    calendar: CalendarVersion, at: datetime, seconds: int, landing: Landing
) -> None:
    working = WorkingCalendar(calendar)
    later = working.add(at, seconds=seconds, landing=landing)
    assert working.seconds_between(at, later) == seconds
    assert working.seconds_between(later, at) == -seconds
    assume(seconds)
    assert working.subtract(later, seconds=seconds) == working.roll_forward(at)


@examples(100)
@given(versions(), starts, st.integers(0, 20 * 24 * 60))
def test_measured_time_is_the_sum_of_the_open_spans(
    calendar: CalendarVersion, at: datetime, minutes: int
) -> None:
    working = WorkingCalendar(calendar)
    until = at + timedelta(minutes=minutes)
    spans = working.intervals_between(at, until)
    assert sum((b - a) // MINUTE for a, b in spans) == working.between(at, until)
    assert all(working.is_working(a) and working.is_working(b, closing_counts=True) for a, b in spans)


@examples(100)
@given(versions(), starts, st.integers(-15, 15))
def test_shifting_there_and_back_is_the_same_working_day(
    calendar: CalendarVersion, at: datetime, days: int
) -> None:
    working = WorkingCalendar(calendar)
    day = working.to_local(at).date()
    assume(working.is_working_day(day))
    shifted = working.shift_date(day, days)
    assert working.shift_date(shifted, -days) == day
    assert working.working_days_between(day, shifted) == days
