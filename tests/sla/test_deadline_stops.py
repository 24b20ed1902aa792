"""Stops, restarts and extensions move a due date as the law and the procedure say; what is left is known.

2026-11-18 is a Wednesday and 2026-11-24, a Tuesday, a holiday. Office hours 07:30-11:30 and 13:30-17:30.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from dossiers.core.errors import BadInput
from sla.calendars.loading import load_shipped
from sla.deadline import Deadline, Portion, consumed, due, recompute, remaining
from sla.limits import Rule, Unit, parse_limit
from sla.measuring import Amount, measure
from sla.stages import Extension, OutsideHours, Pause, PauseEffect
from sla.working_time import working_calendar
from tests.sla.calendar_support import version

CALENDAR = working_calendar(load_shipped("vn-office"))
CIVIL, HOURLY = Rule.CIVIL_CODE, Rule.HOUR_FOR_HOUR


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def _local(deadline: Deadline) -> str | None:
    if deadline.due_at is None:
        return None
    return deadline.terms.calendar.to_local(deadline.due_at).strftime("%Y-%m-%dT%H:%M")


def _stop(since: str, until: str | None, effect: PauseEffect = PauseEffect.PAUSE) -> Pause:
    return Pause(_at(since), _at(until) if until else None, effect, "chờ bổ sung", "NĐ 61/2018, điều 19")


WEDNESDAY = "2026-11-18T16:10"


@pytest.mark.parametrize(
    ("limit", "stops", "expected"),
    [
        # 3 working days from Wednesday 18: 19, 20, 23.
        ("3 working_day", [], "2026-11-23T17:30"),
        # Stopped on Friday (counted), resumed on Monday (a first day again): one day left, Wednesday.
        ("3 working_day", [("2026-11-20T10:00", "2026-11-23T09:00")], "2026-11-25T17:30"),
        # Opened and closed on one day: nothing changes.
        ("3 working_day", [("2026-11-19T09:00", "2026-11-19T17:00")], "2026-11-23T17:30"),
        ("3 working_day", [("2026-11-23T09:00", "2026-11-23T17:00")], "2026-11-23T17:30"),
        # On the start day.
        ("3 working_day", [("2026-11-18T16:10", "2026-11-18T16:30")], "2026-11-23T17:30"),
        # On the last day, until another: the day of the resume, when nothing is left to count.
        ("3 working_day", [("2026-11-23T09:00", "2026-11-25T09:00")], "2026-11-25T17:30"),
        ("3 working_day", [("2026-11-23T09:00", "2026-11-24T09:00")], "2026-11-25T17:30"),
        ("3 working_day", [("2026-11-23T09:00", "2026-11-23T18:00")], "2026-11-25T17:30"),
        # In the due minute itself: still in time, so it stops the clock. A minute later it does not.
        ("3 working_day", [("2026-11-23T17:30", "2026-11-25T09:00")], "2026-11-25T17:30"),
        ("3 working_day", [("2026-11-23T17:31", "2026-11-25T09:00")], "2026-11-23T17:30"),
        # Twice.
        (
            "3 working_day",
            [("2026-11-19T10:00", "2026-11-20T10:00"), ("2026-11-23T10:00", "2026-11-26T10:00")],
            "2026-11-27T17:30",
        ),
        # Hours continue from the minute of the resume.
        ("8 working_hour", [("2026-11-19T08:00", "2026-11-19T14:00")], "2026-11-20T10:10"),
        ("8 working_hour", [("2026-11-18T18:00", "2026-11-19T06:00")], "2026-11-19T16:10"),
        ("24 clock_hour", [("2026-11-18T20:10", "2026-11-20T20:10")], "2026-11-21T16:10"),
        # A fraction is hours once it has begun.
        ("1.5 working_day", [("2026-11-20T08:30", "2026-11-20T10:00")], "2026-11-20T15:00"),
        ("1.5 working_day", [("2026-11-19T08:30", "2026-11-20T10:00")], "2026-11-23T11:30"),
        # Calendar days: the days of the stop are added, then the last day rolls.
        ("15 calendar_day", [("2026-11-20T10:00", "2026-11-25T09:00")], "2026-12-08T17:30"),
        ("1 month", [("2026-11-20T10:00", "2026-11-23T09:00")], "2026-12-21T17:30"),
        # The same day: the resume is a new reception.
        ("same_day 15:00", [("2026-11-18T16:30", "2026-11-19T14:00")], "2026-11-19T17:30"),
        ("same_day 15:00", [("2026-11-18T16:30", "2026-11-19T15:30")], "2026-11-20T17:30"),
    ],
)
def test_a_stopped_clock_keeps_what_was_used(limit: str, stops: list[tuple[str, str]], expected: str) -> None:
    pauses = [_stop(since, until) for since, until in stops]
    deadline = due(_at(WEDNESDAY), parse_limit(limit), CIVIL, CALENDAR, pauses=pauses)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


def test_a_stop_among_the_rest_days_to_which_the_end_rolled_uses_no_more_than_the_limit() -> None:
    # The last day is Saturday 14 February, the eve of a break of nine days; stopped near its end.
    stop = _stop("2026-02-22T10:00", "2026-02-27T09:00")
    deadline = due(_at("2026-01-30T10:00"), parse_limit("15 calendar_day"), CIVIL, CALENDAR, pauses=[stop])
    assert _local(deadline) == "2026-02-27T17:30"
    assert recompute(deadline.lines) == deadline.due_at
    assert remaining(deadline, _at("2026-02-23T09:00")).amount == 0


def test_a_stop_in_the_last_night_shift_uses_no_more_than_the_limit() -> None:
    hours = {day: ["19:00-05:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    nights = working_calendar(version(hours, utc_offset=420))
    limit = parse_limit("1 working_day")
    without = due(_at("2021-01-04T20:00"), limit, CIVIL, nights)
    assert _local(without) == "2021-01-06T05:00"
    stop = _stop("2021-01-06T02:00", "2021-01-07T10:00")
    deadline = due(_at("2021-01-04T20:00"), limit, CIVIL, nights, pauses=[stop])
    assert _local(deadline) == "2021-01-08T05:00"
    assert recompute(deadline.lines) == deadline.due_at


@pytest.mark.parametrize(
    ("limit", "stop", "expected"),
    [
        ("3 working_day", ("2026-11-20T10:00", "2026-11-23T09:00"), "2026-11-27T17:30"),
        ("8 working_hour", ("2026-11-19T08:00", "2026-11-19T14:00"), "2026-11-20T14:00"),
        ("2.5 working_day", ("2026-11-23T09:00", "2026-11-23T14:00"), "2026-11-27T11:30"),
        ("1 month", ("2026-11-20T10:00", "2026-11-30T09:00"), "2026-12-30T17:30"),
        ("same_day 15:00", ("2026-11-18T16:30", "2026-11-20T15:30"), "2026-11-23T17:30"),
    ],
)
def test_a_restart_gives_the_whole_limit_anew(limit: str, stop: tuple[str, str], expected: str) -> None:
    pauses = [_stop(*stop, PauseEffect.RESTART)]
    deadline = due(_at(WEDNESDAY), parse_limit(limit), CIVIL, CALENDAR, pauses=pauses)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


def test_while_a_pause_lasts_there_is_no_due_date_but_what_is_left_is_known() -> None:
    pauses = [_stop("2026-11-20T10:00", None)]
    days = due(_at(WEDNESDAY), parse_limit("3 working_day"), CIVIL, CALENDAR, pauses=pauses)
    assert days.due_at is None
    assert days.remaining == Portion(Decimal(1), Unit.WORKING_DAY, 480)
    hours = due(_at(WEDNESDAY), parse_limit("24 working_hour"), CIVIL, CALENDAR, pauses=pauses)
    assert hours.remaining == Portion(Decimal("12.16666666666666666666666667"), Unit.WORKING_HOUR, 730)
    whole = due(
        _at(WEDNESDAY), parse_limit("2.5 working_day"), CIVIL, CALENDAR,
        pauses=[_stop("2026-11-20T10:00", None, PauseEffect.RESTART)],
        extensions=[Extension(parse_limit("1 week"))],
    )  # fmt: skip
    assert whole.remaining == Portion(
        Decimal("2.5"), Unit.WORKING_DAY, 1200, (Extension(parse_limit("1 week")),)
    )
    assert days.provisional is False


def test_an_open_pause_after_the_due_date_leaves_it_alone() -> None:
    pauses = [_stop("2026-11-24T10:00", None)]
    deadline = due(_at(WEDNESDAY), parse_limit("3 working_day"), CIVIL, CALENDAR, pauses=pauses)
    assert (_local(deadline), deadline.remaining) == ("2026-11-23T17:30", None)


@pytest.mark.parametrize(
    ("stops", "code"),
    [
        ([("2026-11-18T16:09", "2026-11-19T10:00")], "pause_before_start"),
        ([("2026-11-20T10:00", "2026-11-19T10:00")], "pause_reversed"),
        (
            [("2026-11-19T10:00", "2026-11-20T10:00"), ("2026-11-20T09:00", "2026-11-23T10:00")],
            "pauses_overlap",
        ),
        (
            [("2026-11-23T10:00", "2026-11-23T11:00"), ("2026-11-19T10:00", "2026-11-20T10:00")],
            "pauses_overlap",
        ),
        ([("2026-11-19T10:00", None), ("2026-11-20T10:00", None)], "pause_open_not_last"),
    ],
)
def test_impossible_pauses_are_refused(stops: list[tuple[str, str | None]], code: str) -> None:
    pauses = [_stop(since, until) for since, until in stops]
    with pytest.raises(BadInput) as refused:
        due(_at(WEDNESDAY), parse_limit("3 working_day"), CIVIL, CALENDAR, pauses=pauses)
    assert refused.value.code == code


def test_a_stop_before_it_counts_as_received_lets_it_begin_after_the_stop() -> None:
    deadline = due(
        _at("2026-11-20T18:00"), parse_limit("1 month"), CIVIL, CALENDAR,
        pauses=[_stop("2026-11-21T09:00", "2026-11-25T09:00")], outside_hours=OutsideHours.NEXT_SESSION,
    )  # fmt: skip
    assert _local(deadline) == "2026-12-25T17:30"
    assert recompute(deadline.lines) == deadline.due_at


# Extensions


@pytest.mark.parametrize(
    ("limit", "extensions", "expected"),
    [
        ("3 working_day", ["2 working_day"], "2026-11-26T17:30"),
        ("3 working_day", ["4 working_hour"], "2026-11-25T11:30"),
        ("3 working_day", ["2 working_day", "1 week"], "2026-12-03T17:30"),
        ("2.5 working_day", ["1 working_day"], "2026-11-25T17:30"),
        ("8 working_hour", ["0.5 working_day"], "2026-11-20T11:30"),
        ("15 calendar_day", ["5 calendar_day"], "2026-12-08T17:30"),
        ("same_day", ["1 working_day"], "2026-11-19T17:30"),
    ],
)
def test_an_extension_continues_from_the_due_date_so_far(
    limit: str, extensions: list[str], expected: str
) -> None:
    granted = [Extension(parse_limit(one), "cần xác minh", "văn bản 12") for one in extensions]
    deadline = due(_at(WEDNESDAY), parse_limit(limit), CIVIL, CALENDAR, extensions=granted)
    assert _local(deadline) == expected
    assert recompute(deadline.lines) == deadline.due_at


def test_a_restart_during_an_extension_spends_it_but_before_it_keeps_it() -> None:
    granted = [Extension(parse_limit("2 working_day"))]
    for stop, expected in [
        (("2026-11-23T10:00", "2026-11-25T09:00"), "2026-12-02T17:30"),
        (("2026-11-25T10:00", "2026-11-26T09:00"), "2026-12-01T17:30"),
    ]:
        deadline = due(
            _at(WEDNESDAY), parse_limit("3 working_day"), CIVIL, CALENDAR,
            pauses=[_stop(*stop, PauseEffect.RESTART)], extensions=granted,
        )  # fmt: skip
        assert _local(deadline) == expected
        assert recompute(deadline.lines) == deadline.due_at


def test_an_extension_for_the_same_day_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        due(
            _at(WEDNESDAY), parse_limit("3 working_day"), CIVIL, CALENDAR,
            extensions=[Extension(parse_limit("same_day"))],
        )  # fmt: skip
    assert refused.value.code == "extension_same_day"


# What is used and what is left


@pytest.mark.parametrize(
    ("limit", "at", "used", "left"),
    [
        ("3 working_day", "2026-11-18T17:00", "0", "3"),
        ("3 working_day", "2026-11-19T08:00", "1", "2"),
        ("3 working_day", "2026-11-21T08:00", "2", "1"),
        ("3 working_day", "2026-11-25T08:00", "3", "0"),
        ("2.5 working_day", "2026-11-23T09:30", "2.25", "0.25"),
        (
            "8 working_hour",
            "2026-11-19T08:30",
            "2.333333333333333333333333333",
            "5.666666666666666666666666667",
        ),
        ("24 clock_hour", "2026-11-19T04:10", "12", "12"),
        ("15 calendar_day", "2026-11-20T08:00", "2", "13"),
        ("same_day", "2026-11-18T17:00", "0", "1"),
    ],
)
def test_what_is_used_and_left_of_a_running_limit(limit: str, at: str, used: str, left: str) -> None:
    deadline = due(_at(WEDNESDAY), parse_limit(limit), CIVIL, CALENDAR)
    assert str(consumed(deadline, _at(at)).amount) == used
    assert str(remaining(deadline, _at(at)).amount) == left


def test_nothing_is_left_of_a_restarted_limit_but_the_whole_while_it_is_stopped() -> None:
    stop = _stop("2026-11-19T10:00", "2026-11-23T10:00", PauseEffect.RESTART)
    deadline = due(_at(WEDNESDAY), parse_limit("3 working_day"), CIVIL, CALENDAR, pauses=[stop])
    assert remaining(deadline, _at("2026-11-20T10:00")).amount == 3
    assert consumed(deadline, _at("2026-11-25T10:00")).amount == 1
    assert remaining(deadline, _at("2026-11-25T10:00")) == Portion(Decimal(2), Unit.WORKING_DAY, 960)


@pytest.mark.parametrize(
    ("start", "end", "unit", "rule", "amount"),
    [
        (WEDNESDAY, "2026-11-23T17:30", Unit.WORKING_DAY, CIVIL, Amount(3)),
        (WEDNESDAY, "2026-11-23T11:30", Unit.WORKING_DAY, CIVIL, Amount(2, 240)),
        (WEDNESDAY, "2026-11-18T17:30", Unit.WORKING_DAY, CIVIL, Amount()),
        ("2018-01-01T01:00", "2018-01-01T02:00", Unit.WORKING_DAY, CIVIL, Amount()),
        (WEDNESDAY, "2026-11-19T16:10", Unit.WORKING_DAY, HOURLY, Amount(minutes=480)),
        (WEDNESDAY, "2026-11-19T08:00", Unit.WORKING_HOUR, CIVIL, Amount(minutes=110)),
        (WEDNESDAY, "2026-11-19T16:10", Unit.CLOCK_HOUR, CIVIL, Amount(minutes=1440)),
        (WEDNESDAY, "2026-11-30T17:30", Unit.CALENDAR_DAY, CIVIL, Amount(12)),
        (WEDNESDAY, "2026-11-30T17:30", Unit.WEEK, CIVIL, Amount(1)),
        (WEDNESDAY, "2027-01-18T17:30", Unit.MONTH, CIVIL, Amount(2)),
        (WEDNESDAY, "2027-01-17T17:30", Unit.MONTH, CIVIL, Amount(1)),
        ("2026-01-31T10:00", "2026-02-28T17:30", Unit.MONTH, CIVIL, Amount(1)),
        (WEDNESDAY, "2028-11-20T17:30", Unit.YEAR, CIVIL, Amount(2)),
    ],
)
def test_measuring_between_two_moments(start: str, end: str, unit: Unit, rule: Rule, amount: Amount) -> None:
    assert measure(_at(start), _at(end), unit, rule, CALENDAR) == amount


@pytest.mark.parametrize("effect", list(PauseEffect))
@pytest.mark.parametrize("limit", ["3 working_day", "8 working_hour", "5 calendar_day", "same_day"])
def test_a_stop_that_outlasts_the_calendar_is_refused(limit: str, effect: PauseEffect) -> None:
    stop = _stop("2026-11-18T16:30", "2038-01-19T10:00", effect)
    with pytest.raises(BadInput) as refusal:
        due(_at(WEDNESDAY), parse_limit(limit), CIVIL, CALENDAR, pauses=[stop])
    assert refusal.value.code == "calendar_out_of_range"
