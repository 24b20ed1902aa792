"""Many due dates at once are the due dates one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.core.errors import BadInput
from sla.bulk import due_many
from sla.calendars.loading import load_shipped
from sla.deadline import due
from sla.limits import Rule, parse_limit
from sla.stages import DayEnd, OutsideHours
from sla.working_time import WorkingCalendar, working_calendar
from tests.sla.naive import Question
from tests.sla.strategies import examples, questions

CALENDAR = working_calendar(load_shipped("vn-office"))
LIMITS = [
    "2 working_hour", "0.5 working_hour", "0 working_hour", "1 working_day", "10 working_day",
    "2.5 working_day", "0.25 working_day", "0 working_day", "24 clock_hour", "0 clock_hour",
    "15 calendar_day", "0 calendar_day", "2 week", "1 month", "14 month", "1 year",
    "same_day", "same_day 15:00", "same_day -60m",
]  # fmt: skip


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("text", LIMITS)
def test_a_thousand_starts_on_the_vietnamese_calendar(text: str, rule: Rule) -> None:
    limit = parse_limit(text)
    first = _minute(datetime(2024, 1, 1, tzinfo=UTC))
    starts = first + np.random.default_rng(7).integers(0, 3 * 365 * 1440, 1000)
    for outside in OutsideHours:
        for day_end in DayEnd:
            many = due_many(starts, limit, rule, CALENDAR, outside_hours=outside, day_end=day_end)
            for start, found in zip(starts.tolist(), many.tolist(), strict=True):
                at = datetime.fromtimestamp(start * 60, UTC)
                one = due(at, limit, rule, CALENDAR, outside_hours=outside, day_end=day_end)
                assert one.due_at is not None
                assert found == _minute(one.due_at), at


@pytest.mark.parametrize("text", LIMITS)
def test_starts_on_the_very_edges_of_office_hours(text: str) -> None:
    limit = parse_limit(text)
    day = datetime(2026, 11, 16, tzinfo=UTC)
    edges = [
        edge + around * timedelta(minutes=1)
        for span in CALENDAR.intervals_between(day, day + timedelta(days=12))
        for edge in span
        for around in (-1, 0, 1)
    ]
    for outside in OutsideHours:
        many = due_many(
            np.array([_minute(at) for at in edges]), limit, Rule.CIVIL_CODE, CALENDAR, outside_hours=outside
        )
        for at, found in zip(edges, many.tolist(), strict=True):
            one = due(at, limit, Rule.CIVIL_CODE, CALENDAR, outside_hours=outside).due_at
            assert one is not None and found == _minute(one), at


@examples(150)
@given(
    questions(stops=False, more=False), st.lists(st.integers(-3000, 60 * 24 * 60), min_size=1, max_size=30)
)
def test_many_are_as_one_on_any_calendar(question: Question, offsets: list[int]) -> None:
    calendar = WorkingCalendar(question.version)
    moments = [question.start + timedelta(minutes=offset) for offset in offsets]
    many = due_many(
        np.array([_minute(at) for at in moments]), question.limit, question.rule, calendar,
        outside_hours=question.outside_hours, day_end=question.day_end,
    )  # fmt: skip
    ones = [
        due(
            at, question.limit, question.rule, calendar,
            outside_hours=question.outside_hours, day_end=question.day_end,
        ).due_at
        for at in moments
    ]  # fmt: skip
    assert many.tolist() == [_minute(one) for one in ones if one is not None]


def test_the_given_array_is_left_as_it_was() -> None:
    starts = np.array([_minute(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))] * 3)
    kept = starts.copy()
    for text in LIMITS:
        due_many(starts, parse_limit(text), Rule.CIVIL_CODE, CALENDAR)
    assert (starts == kept).all()


def test_no_starts_give_no_due_dates() -> None:
    nothing = np.array([], dtype=np.int64)
    assert due_many(nothing, parse_limit("1 working_day"), Rule.CIVIL_CODE, CALENDAR).size == 0


@pytest.mark.parametrize("text", LIMITS)
def test_a_start_outside_the_calendar_is_refused(text: str) -> None:
    inside = _minute(datetime(2026, 11, 20, tzinfo=UTC))
    for outside in (datetime(2017, 12, 31, 16, 59, tzinfo=UTC), datetime(2037, 12, 31, 17, 0, tzinfo=UTC)):
        with pytest.raises(BadInput) as refused:
            due_many(np.array([inside, _minute(outside)]), parse_limit(text), Rule.CIVIL_CODE, CALENDAR)
        assert refused.value.code == "calendar_out_of_range"


@pytest.mark.parametrize("outside_hours", OutsideHours)
@pytest.mark.parametrize("text", [one for one in LIMITS if one != "0 clock_hour"])
def test_a_result_outside_the_calendar_is_refused(text: str, outside_hours: OutsideHours) -> None:
    last = datetime(2037, 12, 31, 16, 30, tzinfo=UTC)
    with pytest.raises(BadInput) as refused:
        due_many(
            np.array([_minute(last)]), parse_limit(text), Rule.CIVIL_CODE, CALENDAR,
            outside_hours=outside_hours,
        )  # fmt: skip
    assert refused.value.code == "calendar_out_of_range"
    with pytest.raises(BadInput):
        due(last, parse_limit(text), Rule.CIVIL_CODE, CALENDAR, outside_hours=outside_hours)
