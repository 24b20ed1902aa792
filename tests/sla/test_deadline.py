"""Due dates a lawyer can read: for each, the start, the limit and the minute it ends.

2026-11-20 is a Friday and 2026-11-24, a Tuesday, a holiday. Office hours 07:30-11:30 and 13:30-17:30.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from dossiers.core.errors import BadInput
from sla.bulk import due_many
from sla.calendars.loading import load_shipped
from sla.deadline import Deadline, due, is_late, recompute
from sla.limits import Rule, Unit, parse_limit
from sla.stages import DayEnd, OutsideHours
from sla.working_time import working_calendar

CALENDAR = working_calendar(load_shipped("vn-office"))
SATURDAYS = working_calendar(load_shipped("vn-office-sat"))
CIVIL, HOURLY = Rule.CIVIL_CODE, Rule.HOUR_FOR_HOUR


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def _local(deadline: Deadline) -> str | None:
    if deadline.due_at is None:
        return None
    return deadline.terms.calendar.to_local(deadline.due_at).strftime("%Y-%m-%dT%H:%M")


WORKING_DAYS = [
    # The first day is not counted, the last ends with the office.
    ("2026-11-20T08:00", "1 working_day", "2026-11-23T17:30"),
    ("2026-11-20T17:29", "1 working_day", "2026-11-23T17:30"),
    ("2026-11-20T16:10", "2 working_day", "2026-11-25T17:30"),
    ("2026-11-20T16:10", "10 working_day", "2026-12-07T17:30"),
    # New Year: 1 January, then a weekend.
    ("2026-12-31T16:10", "3 working_day", "2027-01-06T17:30"),
    # The swap at New Year 2026: 2 January off, Saturday 10 January worked.
    ("2025-12-31T10:00", "1 working_day", "2026-01-05T17:30"),
    ("2026-01-09T10:00", "1 working_day", "2026-01-10T17:30"),
    ("2026-01-09T10:00", "2 working_day", "2026-01-12T17:30"),
    ("2026-01-10T10:00", "1 working_day", "2026-01-12T17:30"),
    # The swap at National Day 2026: Saturday 22 August worked, Monday 31 August off.
    ("2026-08-21T10:00", "1 working_day", "2026-08-22T17:30"),
    ("2026-08-28T10:00", "1 working_day", "2026-09-03T17:30"),
    # Tết 2026: 16-20 February off, with the weekends nine days.
    ("2026-02-13T09:00", "1 working_day", "2026-02-23T17:30"),
    ("2026-02-12T09:00", "3 working_day", "2026-02-24T17:30"),
    # Tết 2027: 4-10 February off.
    ("2027-02-03T09:00", "1 working_day", "2027-02-11T17:30"),
    ("2027-02-02T09:00", "5 working_day", "2027-02-16T17:30"),
    # On a rest day or a holiday: that date is the first, uncounted day.
    ("2026-11-21T10:00", "1 working_day", "2026-11-23T17:30"),
    ("2026-11-24T10:00", "1 working_day", "2026-11-25T17:30"),
    ("2026-02-18T10:00", "2 working_day", "2026-02-24T17:30"),
    # After hours of a working day: still that day's date.
    ("2026-11-20T22:00", "1 working_day", "2026-11-23T17:30"),
    # Fractions: whole days first, then minutes from the next opening.
    ("2026-11-19T16:10", "0.5 working_day", "2026-11-20T11:30"),
    ("2026-11-19T16:10", "0.25 working_day", "2026-11-20T09:30"),
    ("2026-11-20T08:00", "0.5 working_day", "2026-11-23T11:30"),
    ("2026-11-20T08:00", "2.5 working_day", "2026-11-26T11:30"),
    ("2026-11-20T08:00", "1.75 working_day", "2026-11-25T15:30"),
    # Nothing: the first working minute at or after the start.
    ("2026-11-20T10:00", "0 working_day", "2026-11-20T10:00"),
    ("2026-11-20T12:00", "0 working_day", "2026-11-20T13:30"),
    ("2026-11-20T17:30", "0 working_day", "2026-11-23T07:30"),
    ("2026-11-21T10:00", "0 working_day", "2026-11-23T07:30"),
]


@pytest.mark.parametrize(("start", "limit", "expected"), WORKING_DAYS)
def test_working_days_are_counted_by_the_civil_code(start: str, limit: str, expected: str) -> None:
    deadline = due(_at(start), parse_limit(limit), CIVIL, CALENDAR)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20T10:00", "1 working_day", "2026-11-23T10:00"),
        ("2026-11-20T07:30", "1 working_day", "2026-11-20T17:30"),
        ("2026-11-20T17:30", "1 working_day", "2026-11-23T17:30"),
        ("2026-11-21T10:00", "1 working_day", "2026-11-23T17:30"),
        ("2026-11-20T16:30", "0.5 working_day", "2026-11-23T10:30"),
        ("2026-11-20T10:00", "0 working_day", "2026-11-20T10:00"),
        ("2026-01-09T10:00", "1 working_day", "2026-01-10T10:00"),
    ],
)
def test_working_days_can_be_counted_hour_for_hour(start: str, limit: str, expected: str) -> None:
    deadline = due(_at(start), parse_limit(limit), HOURLY, CALENDAR)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20T16:10", "2 working_hour", "2026-11-23T08:10"),
        ("2026-11-20T10:00", "2.5 working_hour", "2026-11-20T14:30"),
        ("2026-11-20T10:00", "8 working_hour", "2026-11-23T10:00"),
        ("2026-11-21T10:00", "1 working_hour", "2026-11-23T08:30"),
        ("2026-11-21T10:00", "0 working_hour", "2026-11-23T07:30"),
        ("2026-11-20T16:10", "24 clock_hour", "2026-11-21T16:10"),
        ("2026-11-21T03:00", "0.5 clock_hour", "2026-11-21T03:30"),
        ("2026-11-21T03:00", "0 clock_hour", "2026-11-21T03:00"),
    ],
)
def test_hours_run_from_the_moment_under_either_rule(
    rule: Rule, start: str, limit: str, expected: str
) -> None:
    assert _local(due(_at(start), parse_limit(limit), rule, CALENDAR)) == expected


CALENDAR_UNITS = [
    ("2026-11-18T10:00", "2 calendar_day", "2026-11-20T17:30"),
    # The last day is a rest day or a holiday: the next working day (148.5).
    ("2026-11-20T10:00", "1 calendar_day", "2026-11-23T17:30"),
    ("2026-11-20T10:00", "4 calendar_day", "2026-11-25T17:30"),
    ("2026-02-06T10:00", "15 calendar_day", "2026-02-23T17:30"),
    ("2025-12-26T10:00", "15 calendar_day", "2026-01-10T17:30"),
    ("2026-11-18T10:00", "1 week", "2026-11-25T17:30"),
    ("2026-11-17T10:00", "1 week", "2026-11-25T17:30"),
    # Months end on the same day number, or on the last day of a shorter month.
    ("2026-03-20T10:00", "1 month", "2026-04-20T17:30"),
    ("2026-01-31T10:00", "1 month", "2026-03-02T17:30"),
    ("2024-01-31T10:00", "1 month", "2024-02-29T17:30"),
    ("2026-05-31T10:00", "1 month", "2026-06-30T17:30"),
    ("2026-08-31T10:00", "6 month", "2027-03-01T17:30"),
    ("2026-11-20T10:00", "2 month", "2027-01-20T17:30"),
    ("2024-02-29T10:00", "1 year", "2025-02-28T17:30"),
    ("2024-02-29T10:00", "4 year", "2028-02-29T17:30"),
    ("2025-09-02T10:00", "1 year", "2026-09-03T17:30"),
    # Nothing: the end of the same day, of the next working day when that has passed.
    ("2026-11-20T10:00", "0 calendar_day", "2026-11-20T17:30"),
    ("2026-11-20T18:00", "0 calendar_day", "2026-11-23T17:30"),
    ("2026-11-21T10:00", "0 month", "2026-11-23T17:30"),
]


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(("start", "limit", "expected"), CALENDAR_UNITS)
def test_days_weeks_months_and_years_are_always_civil(
    rule: Rule, start: str, limit: str, expected: str
) -> None:
    deadline = due(_at(start), parse_limit(limit), rule, CALENDAR)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20T14:59", "same_day 15:00", "2026-11-20T17:30"),
        ("2026-11-20T15:00", "same_day 15:00", "2026-11-20T17:30"),
        ("2026-11-20T15:00:59", "same_day 15:00", "2026-11-20T17:30"),
        ("2026-11-20T15:01", "same_day 15:00", "2026-11-23T17:30"),
        ("2026-11-23T15:01", "same_day 15:00", "2026-11-25T17:30"),
        ("2026-11-20T06:00", "same_day 15:00", "2026-11-20T17:30"),
        ("2026-11-21T10:00", "same_day 15:00", "2026-11-23T17:30"),
        ("2026-11-20T16:30", "same_day -60m", "2026-11-20T17:30"),
        ("2026-11-20T16:31", "same_day -60m", "2026-11-23T17:30"),
        ("2026-11-20T17:30", "same_day", "2026-11-20T17:30"),
        ("2026-11-20T17:31", "same_day", "2026-11-23T17:30"),
        ("2026-01-10T14:00", "same_day 15:00", "2026-01-10T17:30"),
    ],
)
def test_the_same_day_until_the_cut_off_then_the_next_working_day(
    start: str, limit: str, expected: str
) -> None:
    deadline = due(_at(start), parse_limit(limit), CIVIL, CALENDAR)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


def test_a_cut_off_after_closing_is_the_closing() -> None:
    limit = parse_limit("same_day 15:00")
    assert _local(due(_at("2026-11-21T11:30"), limit, CIVIL, SATURDAYS)) == "2026-11-21T11:30"
    assert _local(due(_at("2026-11-21T11:31"), limit, CIVIL, SATURDAYS)) == "2026-11-23T17:30"


@pytest.mark.parametrize(
    ("start", "as_is", "next_session"),
    [
        ("2026-11-20T18:00", "2026-11-23T17:30", "2026-11-25T17:30"),
        ("2026-11-21T10:00", "2026-11-23T17:30", "2026-11-25T17:30"),
        ("2026-11-20T06:00", "2026-11-23T17:30", "2026-11-23T17:30"),
        ("2026-11-20T12:00", "2026-11-23T17:30", "2026-11-23T17:30"),
        ("2026-11-20T17:30", "2026-11-23T17:30", "2026-11-23T17:30"),
    ],
)
def test_what_arrives_outside_hours_may_count_as_received_at_the_next_session(
    start: str, as_is: str, next_session: str
) -> None:
    limit = parse_limit("1 working_day")
    assert _local(due(_at(start), limit, CIVIL, CALENDAR)) == as_is
    later = due(_at(start), limit, CIVIL, CALENDAR, outside_hours=OutsideHours.NEXT_SESSION)
    assert _local(later) == next_session
    assert recompute(later.lines) == later.due_at


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("1 working_day", "2026-11-23T23:59"),
        ("1 calendar_day", "2026-11-23T23:59"),
        ("1 month", "2026-12-21T23:59"),
        ("same_day", "2026-11-20T17:30"),
        ("1.5 working_day", "2026-11-25T11:30"),
    ],
)
def test_the_last_day_may_end_at_midnight_and_2359_is_its_last_minute(limit: str, expected: str) -> None:
    deadline = due(_at("2026-11-20T10:00"), parse_limit(limit), CIVIL, CALENDAR, day_end=DayEnd.MIDNIGHT)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


def test_seconds_of_the_start_are_dropped_and_the_whole_due_minute_is_in_time() -> None:
    deadline = due(_at("2026-11-20T16:10:59"), parse_limit("1 working_hour"), CIVIL, CALENDAR)
    assert deadline.start == _at("2026-11-20T16:10")
    assert deadline.due_at == _at("2026-11-20T17:10")
    assert deadline.due_at.tzinfo is UTC
    assert not is_late(_at("2026-11-20T17:10:59.999999"), deadline.due_at)
    assert is_late(_at("2026-11-20T17:11"), deadline.due_at)


def test_a_date_past_the_last_official_notice_is_provisional() -> None:
    inside = due(_at("2027-12-30T10:00"), parse_limit("1 working_day"), CIVIL, CALENDAR)
    beyond = due(_at("2027-12-31T10:00"), parse_limit("1 working_day"), CIVIL, CALENDAR)
    assert (_local(inside), inside.provisional) == ("2027-12-31T17:30", False)
    assert (_local(beyond), beyond.provisional) == ("2028-01-04T17:30", True)
    assert "chưa được công bố" in beyond.lines[-1].text
    assert (beyond.calendar_id, beyond.rule, str(beyond.limit)) == (
        "vn-office@2026.1", CIVIL, "1 working_day",
    )  # fmt: skip


# Refusals


@pytest.mark.parametrize("rule", Rule)
def test_a_limit_that_is_not_whole_minutes_is_refused(rule: Rule) -> None:
    with pytest.raises(BadInput) as refused:
        due(_at("2026-11-18T16:10"), parse_limit("0.001 working_day"), rule, CALENDAR)
    assert refused.value.code == "limit_not_whole_minutes"


BILLIONS = "9" * 25


@pytest.mark.parametrize(
    "limit",
    ["300 month", "99999 month", "6000 working_day", "90000 clock_hour", "9000 calendar_day"]
    + [f"{BILLIONS} {unit}" for unit in Unit if unit is not Unit.SAME_DAY],
)
def test_a_due_date_the_calendar_does_not_reach_is_refused(limit: str) -> None:
    with pytest.raises(BadInput) as refused:
        due(_at("2027-12-31T10:00"), parse_limit(limit), CIVIL, CALENDAR)
    assert refused.value.code == "calendar_out_of_range"
    with pytest.raises(BadInput) as refused_in_bulk:
        due_many(np.array([30_503_520]), parse_limit(limit), CIVIL, CALENDAR)
    assert refused_in_bulk.value.code == "calendar_out_of_range"


@pytest.mark.parametrize("start", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_start_at_the_end_of_time_is_refused(start: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        due(start, parse_limit("1 working_day"), CIVIL, CALENDAR)
    assert refused.value.code == "calendar_out_of_range"


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        due(datetime(2026, 11, 20, 10, 0), parse_limit("1 working_day"), CIVIL, CALENDAR)
    assert refused.value.code == "instant_naive"
