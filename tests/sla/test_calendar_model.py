"""A calendar version refuses what cannot be a calendar, explains each day, and survives being stored."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from dossiers.core.errors import BadInput, NotFound
from sla.calendars.days import Confidence, DayKind, ExceptionalDay, Interval, parse_interval
from sla.calendars.loading import load_shipped, read_calendar
from sla.calendars.model import CalendarVersion
from tests.sla.calendar_support import closed, makeup, special, version
from tests.sla.strategies import examples, versions

OFFICE = {day: ["07:30-11:30", "13:30-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")}
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2021, 1, day) for day in (8, 9, 10, 11))

BASE: dict[str, Any] = {
    "name": "mau", "version": "1", "title": "Lịch mẫu", "utc_offset": "+07:00", "day_minutes": 480,
    "weekly": OFFICE, "days": [],
    "covers_from": "2021-01-01", "covers_until": "2021-12-31", "official_until": "2021-12-31",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weekly": {"mon": ["07:30-11:30", "11:00-17:30"]}}, "calendar_intervals_overlap"),
        ({"weekly": {"mon": ["13:30-17:30", "07:30-11:30"]}}, "calendar_intervals_overlap"),
        ({"weekly": {"mon": ["19:00-05:00"], "tue": ["04:00-09:00"]}}, "calendar_intervals_overlap"),
        ({"weekly": {"sun": ["19:00-05:00"], "mon": ["04:00-09:00"]}}, "calendar_intervals_overlap"),
        ({"weekly": {"mon": ["7h30"]}}, "calendar_interval_unreadable"),
        ({"weekly": {"mon": ["08:00-08:00"]}}, "calendar_interval_unreadable"),
        ({"weekly": {"mon": ["08:00-24:30"]}}, "calendar_interval_unreadable"),
        ({"weekly": {"thứ hai": ["08:00-12:00"]}}, "calendar_field_unknown"),
        ({"weekly": {}}, "calendar_never_open"),
        ({"day_minutes": 0}, "calendar_day_minutes_wrong"),
        ({"day_minutes": 1441}, "calendar_day_minutes_wrong"),
        ({"day_minutes": "tám giờ"}, "calendar_day_minutes_wrong"),
        ({"utc_offset": "7"}, "calendar_offset_unreadable"),
        ({"utc_offset": "+19:00"}, "calendar_offset_unreadable"),
        ({"timezone": "Europe/Paris"}, "calendar_zone_refused"),
        ({"name": "Lịch mẫu"}, "calendar_name_wrong"),
        ({"version": "bản 1"}, "calendar_name_wrong"),
        ({"covers_until": "2020-12-31"}, "calendar_coverage_reversed"),
        ({"covers_from": "01/01/2021"}, "calendar_date_unreadable"),
        ({"color": "xanh"}, "calendar_field_unknown"),
        ({"days": [{"date": "2022-01-01", "kind": "closed"}]}, "calendar_day_outside_coverage"),
        ({"days": [{"date": "2021-05-03", "kind": "closed"}] * 2}, "calendar_day_duplicate"),
        ({"days": [{"date": "2021-05-03", "kind": "half"}]}, "calendar_day_kind_wrong"),
        ({"days": [{"date": "2021-05-03", "kind": "normal"}]}, "calendar_day_kind_wrong"),
        ({"days": [{"date": "2021-05-03"}]}, "calendar_field_missing"),
        ({"hours_confidence": "X"}, "calendar_confidence_wrong"),
        ({"days": [{"date": "2021-05-08", "kind": "makeup"}]}, "calendar_makeup_without_replaced_day"),
        ({"days": [{"date": "2021-05-03", "kind": "special"}]}, "calendar_special_without_hours"),
        (
            {"days": [{"date": "2021-05-08", "kind": "makeup", "replaces": "2021-05-03"}]},
            "calendar_makeup_replaced_day_open",
        ),
        (
            {"days": [{"date": "2021-05-03", "kind": "closed", "replaces": "2021-05-08"}]},
            "calendar_makeup_without_replaced_day",
        ),
        (
            {"days": [{"date": "2021-05-03", "kind": "closed", "hours": ["08:00-09:00"]}]},
            "calendar_special_without_hours",
        ),
        ({"days": ["2021-05-03"]}, "calendar_unreadable"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_calendar_is_refused_with_a_stable_code(change: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        CalendarVersion.from_dict(BASE | change)
    assert refused.value.code == code
    assert refused.value.message


def test_a_missing_field_is_named() -> None:
    with pytest.raises(BadInput) as refused:
        CalendarVersion.from_dict({key: value for key, value in BASE.items() if key != "weekly"})
    assert (refused.value.code, refused.value.where) == ("calendar_field_missing", "weekly")


def test_a_special_day_may_not_run_into_the_night_shift_before_it() -> None:
    nights = {day: ["19:00-05:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    with pytest.raises(BadInput, match="chồng lên nhau"):
        version(nights, [special(SATURDAY, [parse_interval("04:00-08:00")])])


def test_an_interval_across_midnight_belongs_to_the_day_it_opens_on() -> None:
    assert parse_interval("19:00-05:00") == Interval(19 * 60, 29 * 60)
    assert str(parse_interval("19:00-05:00")) == "19:00-05:00"
    assert parse_interval("00:00-24:00").minutes == 24 * 60


def test_a_make_up_saturday_is_worked_with_the_hours_of_the_weekday_it_replaces() -> None:
    short_friday = OFFICE | {"fri": ["08:00-11:00"]}
    calendar = version(short_friday, [closed(FRIDAY), makeup(SATURDAY, FRIDAY)])
    assert calendar.hours_on(SATURDAY) == (parse_interval("08:00-11:00"),)
    assert calendar.hours_on(FRIDAY) == ()


def test_a_day_says_why_it_is_worked_or_not() -> None:
    calendar = version(
        OFFICE,
        [closed(FRIDAY, "Quốc khánh"), makeup(SATURDAY, FRIDAY)],
        covers=(date(2021, 1, 1), date(2021, 12, 31)),
        official_until=SATURDAY,
    )
    friday, saturday, sunday, monday = (
        calendar.day_status(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)
    )
    assert (friday.working, friday.kind, friday.reason) == (False, DayKind.CLOSED, "Quốc khánh")
    assert (friday.source, friday.confidence) == ("quyết định thử", Confidence.DECISION)
    assert (saturday.working, saturday.kind, saturday.provisional) == (True, DayKind.MAKEUP, False)
    assert (sunday.working, sunday.kind, sunday.reason) == (False, DayKind.WEEKLY_REST, "Chủ nhật")
    assert (sunday.provisional, monday.working, monday.kind) == (True, True, DayKind.NORMAL)


def test_a_date_outside_the_coverage_is_refused_with_a_hint() -> None:
    with pytest.raises(BadInput) as refused:
        version(OFFICE).day_status(date(2030, 1, 1))
    assert refused.value.code == "calendar_out_of_range"
    assert "31/12/2023" in refused.value.hint


@examples(40)
@given(versions())
def test_a_version_survives_being_stored_as_json(calendar: CalendarVersion) -> None:
    stored = json.dumps(calendar.as_dict(), ensure_ascii=False)
    again = CalendarVersion.from_dict(json.loads(stored))
    assert again == calendar
    assert again.fingerprint == calendar.fingerprint
    assert hash(again) == hash(calendar)


def test_the_fingerprint_changes_with_the_content() -> None:
    assert version(OFFICE).fingerprint != version(OFFICE, [closed(FRIDAY)]).fingerprint


# Inheritance

CHILD = """
extends: vn-office
name: xa-dien-bien
version: "1"
title: Một xã
day_minutes: 450
weekly:
  fri: ["08:00-12:00"]
  sat: ["07:30-11:30"]
days:
  - {date: 2026-11-24, kind: normal}
  - {date: 2026-05-07, kind: closed, name: Ngày truyền thống, source: Quyết định của xã, confidence: D}
  - {date: 2026-12-24, kind: special, name: Nghỉ sớm, hours: ["07:30-11:30"]}
"""


def test_a_file_may_extend_another_and_state_only_what_differs() -> None:
    parent, child = load_shipped("vn-office"), read_calendar(CHILD)
    assert (child.id, child.day_minutes, child.utc_offset) == ("xa-dien-bien@1", 450, 420)
    assert child.weekly[0] == parent.weekly[0]
    assert [str(one) for one in child.weekly[4]] == ["08:00-12:00"]
    assert child.day_status(date(2026, 11, 24)).kind is DayKind.NORMAL
    assert child.day_status(date(2026, 5, 7)).reason == "Ngày truyền thống"
    assert [str(one) for one in child.hours_on(date(2026, 12, 24))] == ["07:30-11:30"]
    assert child.day_status(date(2026, 9, 2)) == parent.day_status(date(2026, 9, 2))
    assert CalendarVersion.from_dict(child.as_dict()) == child


def test_a_make_up_day_of_a_child_takes_the_child_s_hours() -> None:
    assert [str(one) for one in read_calendar(CHILD).hours_on(date(2026, 1, 10))] == ["08:00-12:00"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("extends: vn-office@2019.1\nname: a\nversion: '1'", "calendar_parent_unknown"),
        ("extends: vn-office\nname: a", "calendar_field_missing"),
        ("extends: vn-office\nname: a\nversion: '1'\ncolour: red", "calendar_field_unknown"),
        (
            "extends: vn-office\nname: a\nversion: '1'\n"
            "days: [{date: 2026-01-02, kind: normal}, {date: 2026-01-02, kind: closed}]",
            "calendar_day_duplicate",
        ),
        (
            "extends: vn-office\nname: a\nversion: '1'\ndays: [{date: 2026-01-02, kind: normal}]",
            "calendar_makeup_replaced_day_open",
        ),
        ("name: [", "calendar_unreadable"),
        ("just words", "calendar_unreadable"),
    ],
)
def test_a_wrong_file_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_calendar(text)
    assert refused.value.code == code


def test_an_unknown_calendar_is_not_found() -> None:
    with pytest.raises(NotFound) as refused:
        load_shipped("vn-mars")
    assert refused.value.code == "calendar_unknown"


def test_two_days_of_one_date_in_any_order_are_the_same_version() -> None:
    days = [closed(FRIDAY), closed(MONDAY)]
    assert version(OFFICE, days) == version(OFFICE, list(reversed(days)))


def test_an_exceptional_day_is_a_fact_with_a_source() -> None:
    day = ExceptionalDay(FRIDAY, DayKind.CLOSED, "Nghỉ", "văn bản", Confidence.OFFICIAL_TEXT)
    assert version(OFFICE, [day]).exception(FRIDAY) is day
