"""What holds for every deadline, whatever the limit, the calendar, the stops and the extensions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dossiers.core.errors import BadInput
from sla.counting import Ran
from sla.deadline import Deadline, consumed, due, is_late, recompute, remaining
from sla.limits import Limit, Rule, Unit
from sla.lines import Line, LineKind
from sla.measuring import Amount, measure
from sla.stages import OutsideHours, Pause, PauseEffect, stages_of
from sla.working_time import WorkingCalendar
from tests.sla.naive import Office, Question, naive_due
from tests.sla.strategies import calendar_limits, day_limits, examples, hour_limits, questions

MINUTE = timedelta(minutes=1)


def _due(question: Question) -> Deadline:
    return due(
        question.start,
        question.limit,
        question.rule,
        WorkingCalendar(question.version),
        pauses=question.pauses,
        extensions=question.extensions,
        outside_hours=question.outside_hours,
        day_end=question.day_end,
    )


@examples(300)
@given(questions())
def test_the_due_date_is_what_counting_on_fingers_gives_and_the_lines_prove_it(question: Question) -> None:
    deadline = _due(question)
    assert deadline.due_at == naive_due(question)
    lines = deadline.lines
    assert lines[0].start == deadline.start
    assert all(before.end == after.start for before, after in pairwise(lines))
    if deadline.due_at is None:
        assert lines[-1].kind is LineKind.PAUSE
        assert deadline.remaining is not None
    else:
        assert recompute(lines) == deadline.due_at


@examples(150)
@given(questions(stops=False, more=False))
def test_the_short_way_without_stops_is_the_long_way(question: Question) -> None:
    deadline = _due(question)
    assert deadline.due_at is not None
    pieces = deadline.terms.walk(int(deadline.start.timestamp()), [], [])
    assert isinstance(pieces[-1], Ran)
    assert pieces[-1].end == int(deadline.due_at.timestamp())


@examples(150)
@given(questions(stops=False, more=False), st.integers(0, 5 * 24 * 60))
def test_who_starts_later_is_never_due_earlier(question: Question, later: int) -> None:
    first = _due(question).due_at
    second = _due(replace(question, start=question.start + later * MINUTE)).due_at
    assert first is not None and second is not None
    assert first <= second


@examples(100)
@given(questions())
def test_a_due_date_never_lies_before_its_start_or_inside_a_stop(question: Question) -> None:
    deadline = _due(question)
    assume(deadline.due_at is not None)
    assert deadline.due_at is not None
    assert deadline.due_at >= deadline.start
    for pause in question.pauses:
        assert pause.until is None or not pause.since < deadline.due_at < pause.until


@examples(100)
@given(questions(stops=False, more=False), st.integers(0, 59))
def test_the_whole_last_minute_is_in_time_and_the_next_is_late(question: Question, seconds: int) -> None:
    due_at = _due(question).due_at
    assert due_at is not None
    assert not is_late(due_at + timedelta(seconds=seconds), due_at)
    assert is_late(due_at + MINUTE, due_at)


@examples(100)
@given(questions(stops=False), st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_stop_after_the_due_date_changes_nothing(question: Question, after: int, length: int) -> None:
    due_at = _due(question).due_at
    assert due_at is not None
    since = due_at + after * MINUTE
    stop = Pause(since, since + length * MINUTE, PauseEffect.RESTART)
    assert _due(replace(question, pauses=[stop])).due_at == due_at


@examples(150)
@given(questions(limit=day_limits, stops=False), st.integers(0, 20), st.tuples(*[st.integers(0, 1439)] * 2))
def test_a_stop_opened_and_closed_on_one_day_before_the_last_adds_nothing(
    question: Question, after: int, times: tuple[int, int]
) -> None:
    assume(question.limit.amount == int(question.limit.amount) != 0)
    question = replace(question, outside_hours=OutsideHours.AS_IS, extensions=[])
    deadline = _due(question)
    calendar = deadline.terms.calendar
    assert deadline.due_at is not None
    day = calendar.to_local(question.start).date() + timedelta(days=after)
    since, until = (calendar.local(day, minutes) for minutes in sorted(times))
    assume(since >= question.start and day < _last_counted_day(deadline))
    assume(question.rule is Rule.CIVIL_CODE or question.limit.unit is not Unit.WORKING_DAY)
    assert _due(replace(question, pauses=[Pause(since, until)])).due_at == deadline.due_at


def _last_counted_day(deadline: Deadline) -> date:
    counts = [line for line in deadline.lines if line.kind is LineKind.COUNT]
    return (counts[-1].end - MINUTE).date() if counts else date.min


@examples(150)
@given(questions(limit=hour_limits))
def test_the_minutes_that_count_add_up_to_an_hourly_limit(question: Question) -> None:
    stopped = [one for one in question.pauses if one.until and one.effect is PauseEffect.PAUSE]
    question = replace(question, pauses=stopped, extensions=[])
    deadline = _due(question)
    office = Office(question.version)
    assert deadline.due_at is not None
    at, counted = question.start.astimezone(office.zone), 0
    while at < deadline.due_at:
        stands = any(one.since <= at < one.until for one in stopped if one.until)
        works = question.limit.unit is Unit.CLOCK_HOUR or office.is_open(at)
        counted += works and not stands
        at += MINUTE
    assert counted == question.limit.amount * 60


@examples(200)
@given(questions(stops=False, more=False))
def test_adding_and_then_measuring_gives_back_what_was_added(question: Question) -> None:
    assume(question.limit.unit is not Unit.SAME_DAY)
    deadline = _due(question)
    assert deadline.due_at is not None
    start = deadline.start
    if question.outside_hours is OutsideHours.NEXT_SESSION:
        start = next((one.start for one in deadline.lines if one.kind is LineKind.FIRST_DAY), start)
    measured = measure(
        start, deadline.due_at, question.limit.unit, question.rule, deadline.terms.calendar,
        day_end=question.day_end,
    )  # fmt: skip
    rolled = any(line.kind is LineKind.ROLL for line in deadline.lines)
    unusual = any(line.kind is LineKind.FRACTION for line in deadline.lines) and not _lasts_as_stated(
        deadline
    )
    assume(not rolled and not unusual)
    stages = stages_of(question.limit, question.rule, question.version.day_minutes)
    whole = 0 if not stages[0].count.in_days else int(question.limit.amount)
    minutes = sum(stage.need for stage in stages if not stage.count.in_days) // 60
    assert measured == Amount(whole, minutes)


def _lasts_as_stated(deadline: Deadline) -> bool:
    """Whether the day on which a fraction ends has at least the stated day length."""
    assert deadline.due_at is not None
    calendar = deadline.terms.calendar
    hours = calendar.version.hours_on(calendar.to_local(deadline.due_at).date())
    return sum(one.minutes for one in hours) >= calendar.version.day_minutes


@examples(100)
@given(questions(limit=calendar_limits, stops=False, more=False))
def test_a_rolled_limit_measured_and_added_again_is_due_the_same_day(question: Question) -> None:
    question = replace(question, outside_hours=OutsideHours.AS_IS)
    deadline = _due(question)
    assert deadline.due_at is not None
    days = measure(
        deadline.start, deadline.due_at, Unit.CALENDAR_DAY, question.rule, deadline.terms.calendar
    ).units
    assert days >= question.limit.amount
    again = replace(question, limit=Limit(Decimal(days), Unit.CALENDAR_DAY))
    assert _due(again).due_at == deadline.due_at


@examples(150)
@given(questions(limit=st.one_of(hour_limits, day_limits), more=False), st.integers(0, 20 * 24 * 60))
def test_what_is_used_and_what_is_left_make_the_whole(question: Question, after: int) -> None:
    assume(question.limit.unit not in (Unit.MONTH, Unit.YEAR))
    deadline = _due(question)
    at = question.start + after * MINUTE
    used, left = consumed(deadline, at), remaining(deadline, at)
    whole = question.limit.amount * (7 if question.limit.unit is Unit.WEEK else 1)
    assert used.amount + left.amount == pytest.approx(whole)
    assert used.unit == left.unit


# Lines


def _touched(line: Line, change: str) -> list[Line]:
    match change:
        case "end":
            return [replace(line, end=line.end + MINUTE)]
        case "start":
            return [replace(line, start=line.start - MINUTE)]
        case "counted":
            return [replace(line, counted=line.counted + 1)]
        case "total":
            return [replace(line, total=line.total + 1)]
        case "need":
            return [replace(line, need=line.need + 1)]
        case "counted as nothing":
            return [replace(line, counted=0, total=line.total - line.counted)]
        case "twice":
            return [line, line]
        case _:
            return []


@examples(250)
@given(
    questions(),
    st.integers(0, 10**6),
    st.sampled_from(
        ["end", "start", "counted", "total", "need", "counted as nothing", "twice", "taken away"]
    ),
)
def test_lines_that_were_tampered_with_are_refused(question: Question, which: int, change: str) -> None:
    deadline = _due(question)
    lines = list(deadline.lines)
    index = which % len(lines)
    line = lines[index]
    if change in ("twice", "taken away"):
        assume(line.start < line.end)
    if change == "counted as nothing":
        assume(line.counted)
    with pytest.raises(BadInput):
        recompute([*lines[:index], *_touched(line, change), *lines[index + 1 :]])


@examples(50)
@given(questions())
def test_lines_survive_being_stored_as_json(question: Question) -> None:
    lines = _due(question).lines
    stored = json.loads(json.dumps([line.as_dict() for line in lines], ensure_ascii=False))
    assert tuple(Line.from_dict(one) for one in stored) == lines
    assert all(one["text"].endswith(".") and "None" not in one["text"] for one in stored)
