"""532 results of working-time arithmetic stated by three other projects, each under its own convention."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any

import pytest

from sla.calendars.days import DayKind
from sla.working_time import DayResult, DayStart, Landing, WorkingCalendar
from tests.sla.calendar_support import facts, vector_calendar

FILES = ("vectors_biz.json", "vectors_business_time.json", "vectors_pandas.json")
SECONDS = {"s": 1, "m": 60, "h": 3600}


@cache
def _calendar(file: str, index: int) -> WorkingCalendar:
    return vector_calendar(facts(file)["calendars"][index])


def _cases(file: str) -> list[Any]:
    return [
        pytest.param(vector, _calendar(file, vector["calendar"]), id=vector["id"])
        for vector in facts(file)["vectors"]
    ]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("vector", "calendar"), _cases("vectors_biz.json"))
def test_biz_results_may_land_on_closing_time(vector: dict[str, Any], calendar: WorkingCalendar) -> None:
    at, amount, expected = _at(vector["start"]), vector.get("amount", 0), vector["expected"]
    match vector["op"]:
        case "add_business_time":
            assert calendar.add(at, seconds=amount * SECONDS[vector["unit"]]) == _at(expected)
        case "subtract_business_time":
            assert calendar.subtract(at, seconds=amount * SECONDS[vector["unit"]]) == _at(expected)
        case "add_business_days":
            assert calendar.shift_working_days(at, amount, result=DayResult.INTO_HOURS) == _at(expected)
        case "subtract_business_days":
            shifted = calendar.shift_working_days(at, -amount, result=DayResult.INTO_HOURS, backwards=True)
            assert shifted == _at(expected)
        case "business_hours_between":
            seconds = calendar.seconds_between(at, _at(vector["end"]), when_reversed="zero")
            assert seconds / 3600 == expected
        case "is_business_time":
            assert calendar.is_working(at) == expected
        case "on_break":
            assert calendar.is_break(at) == expected
        case "on_holiday":
            assert (calendar.day_status(at.date()).kind is DayKind.CLOSED) == expected
        case "open_periods_after":
            spans = islice(calendar.intervals_from(at), amount)
            assert [list(span) for span in spans] == [[_at(text) for text in span] for span in expected]
        case other:
            pytest.fail(f"no such operation: {other}")


@pytest.mark.parametrize(("vector", "calendar"), _cases("vectors_business_time.json"))
def test_business_time_days_start_from_an_opening_when_outside_hours(
    vector: dict[str, Any], calendar: WorkingCalendar
) -> None:
    at, expected = _at(vector["start"]), vector["expected"]
    amount = vector.get("amount", 0)
    backwards = amount < 0 or (amount == 0 and vector.get("direction") == "before")
    match vector["op"]:
        case "add_business_hours" if backwards:
            assert calendar.subtract(at, seconds=-amount * 3600) == _at(expected)
        case "add_business_hours":
            assert calendar.add(at, seconds=amount * 3600) == _at(expected)
        case "add_business_days" if vector.get("date_only"):
            shifted = calendar.shift_date(at.date(), amount, start=DayStart.INTO_HOURS, backwards=backwards)
            assert shifted == _at(expected).date()
        case "add_business_days":
            assert calendar.shift_working_days(
                at, amount, start=DayStart.INTO_HOURS, backwards=backwards
            ) == _at(expected)
        case "business_days_between":
            assert expected == calendar.working_days_between(
                at.date(), _at(vector["end"]).date(), count_first=True, count_last=vector["inclusive"]
            )
        case "business_seconds_between":
            assert calendar.seconds_between(at, _at(vector["end"])) == expected
        case other:
            pytest.fail(f"no such operation: {other}")


@pytest.mark.parametrize(("vector", "calendar"), _cases("vectors_pandas.json"))
def test_pandas_results_on_closing_time_move_to_the_next_opening(
    vector: dict[str, Any], calendar: WorkingCalendar
) -> None:
    at, expected = _at(vector["start"]), vector["expected"]
    match vector["op"]:
        case "add_business_hours":
            assert calendar.add(at, seconds=vector["amount"] * 3600, landing=Landing.OPENING) == _at(expected)
        case "add_business_days":
            assert calendar.shift_date(at.date(), vector["amount"]) == _at(expected).date()
        case "is_business_time":
            assert calendar.is_working(at, closing_counts=True) == expected
        case other:
            pytest.fail(f"no such operation: {other}")


def test_every_vector_is_here_with_its_origin_and_licence() -> None:
    files = [facts(name) for name in FILES]
    assert [len(file["vectors"]) for file in files] == [43, 105, 384]
    assert all(file["origin"] and file["licence"] and file["convention"] for file in files)
