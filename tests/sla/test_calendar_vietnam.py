"""The calendar of Vietnam is right to the day from 2018 to 2027, and says how sure it is of each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from dossiers.core.errors import BadInput
from sla.calendars.days import Confidence, DayKind
from sla.calendars.loading import SHIPPED, load_shipped
from sla.calendars.sources import build_days, days_as_yaml
from sla.working_time import working_calendar
from tests.sla.calendar_support import facts

TABLE = facts("vn_days_2018_2027.json")
OFFICE = load_shipped("vn-office")


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _off(year: int) -> set[date]:
    pairs = (text.split("/") for text in TABLE["off"][str(year)].split())
    return {date(year, int(month), int(day)) for day, month in pairs}


@pytest.mark.parametrize("year", range(2018, 2028))
def test_every_day_of_the_year_is_worked_or_off_as_the_notices_say(year: int) -> None:
    off = _off(year)
    makeup = {date.fromisoformat(day) for day in TABLE["makeup"]}
    for day in _dates(date(year, 1, 1), date(year, 12, 31)):
        expected = day in makeup or (day.weekday() < 5 and day not in off)
        assert OFFICE.day_status(day).working == expected, day


def test_make_up_saturdays_name_the_day_they_replace_and_take_its_hours() -> None:
    listed = {day.date: day.replaces for day in OFFICE.days if day.kind is DayKind.MAKEUP}
    assert listed == {
        date.fromisoformat(worked): date.fromisoformat(off) for worked, off in TABLE["makeup"].items()
    }
    assert OFFICE.hours_on(date(2026, 1, 10)) == OFFICE.weekly[4]
    assert OFFICE.day_status(date(2026, 1, 10)).reason == "Làm bù cho ngày 02/01/2026"
    assert OFFICE.day_status(date(2026, 1, 2)).reason == "Nghỉ hoán đổi, làm bù ngày 10/01/2026"


def test_the_years_2018_to_2024_agree_with_a_calendar_compiled_by_others() -> None:
    other = facts("vn_exceptions_2018_2024.json")
    first, last = (date.fromisoformat(text) for text in other["covers"])
    days = list(_dates(first, last))
    off = [str(day) for day in days if day.weekday() < 5 and not OFFICE.day_status(day).working]
    worked = [str(day) for day in days if day.weekday() >= 5 and OFFICE.day_status(day).working]
    holidays = [str(day) for day in days if day.weekday() >= 5 and _is_holiday(day)]
    assert len(days) == other["days"]
    assert sum(OFFICE.day_status(day).working for day in days) == other["worked"]
    assert (off, worked, holidays) == (
        other["weekdays_off"], other["weekend_worked"], other["holidays_on_weekends"],
    )  # fmt: skip


def _is_holiday(day: date) -> bool:
    return OFFICE.day_status(day).kind is DayKind.CLOSED


def test_tet_and_the_hung_kings_follow_the_vietnamese_lunar_calendar() -> None:
    for text in TABLE["first_of_tet"]:
        assert OFFICE.day_status(date.fromisoformat(text)).reason == "Mùng một Tết Nguyên đán", text
    for text in TABLE["hung_kings"]:
        assert OFFICE.day_status(date.fromisoformat(text)).reason == "Ngày Giỗ Tổ Hùng Vương", text
    assert OFFICE.day_status(date(2030, 2, 3)).reason == "Mùng hai Tết Nguyên đán"


def test_the_shipped_days_are_what_the_sources_give_today() -> None:
    assert build_days(2018, 2037) == OFFICE.days


def test_the_shipped_version_never_changes() -> None:
    assert OFFICE.id == "vn-office@2026.1"
    assert OFFICE.fingerprint == "0a22bceff5d399b0f39ec3b3b1adaadf125d08c706284b4c6c90d0a6b1c3d518"
    saturday = load_shipped("vn-office-sat")
    assert saturday.id == "vn-office-sat@2026.1"
    assert saturday.fingerprint == "0b3eef2382c9c63e72a0664d8da490dd2acf4639a8784daba9b599be3f9264a1"


def test_the_built_days_read_back_from_the_lines_of_a_file() -> None:
    lines = days_as_yaml(build_days(2026, 2026)).splitlines()
    assert lines[0] == "days:"
    assert lines[2] == (
        "  - {date: 2026-01-02, kind: closed, confidence: C, "
        'name: "Nghỉ hoán đổi, làm bù ngày 10/01/2026", '
        'source: "Thông báo 9441/TB-BNV; Công văn 9859 và 12729/VPCP-KGVX"}'
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_every_exceptional_day_has_a_source_and_a_confidence(name: str) -> None:
    calendar = load_shipped(name)
    assert (calendar.covers_from, calendar.covers_until) == (date(2018, 1, 1), date(2037, 12, 31))
    assert calendar.official_until == date(2027, 12, 31)
    assert all(day.name and day.source for day in calendar.days)
    for day in calendar.days:
        guessed = day.date > calendar.official_until
        assert (day.confidence is Confidence.TO_VERIFY) == guessed, day


@pytest.mark.parametrize(
    ("day", "reason", "confidence"),
    [
        (date(2026, 4, 30), "Ngày Chiến thắng", Confidence.OFFICIAL_TEXT),
        (date(2026, 2, 16), "Giao thừa Tết Nguyên đán", Confidence.THIRD_PARTY),
        (date(2026, 4, 27), "Nghỉ bù Ngày Giỗ Tổ Hùng Vương", Confidence.THIRD_PARTY),
        (date(2026, 9, 1), "Nghỉ thêm dịp Quốc khánh", Confidence.THIRD_PARTY),
        (date(2026, 11, 24), "Ngày Văn hóa Việt Nam", Confidence.THIRD_PARTY),
        (date(2026, 11, 21), "Thứ Bảy", Confidence.TO_VERIFY),
        (date(2028, 1, 26), "Mùng một Tết Nguyên đán", Confidence.TO_VERIFY),
    ],
)
def test_a_day_names_its_reason_and_how_sure_it_is(day: date, reason: str, confidence: Confidence) -> None:
    status = OFFICE.day_status(day)
    assert (status.reason, status.confidence, status.working) == (reason, confidence, False)
    assert status.provisional == (day.year >= 2028)


def test_24_november_is_a_holiday_only_since_2026_and_its_neighbour_is_worked() -> None:
    assert OFFICE.day_status(date(2025, 11, 24)).working
    assert OFFICE.day_status(date(2026, 11, 23)).working
    assert not OFFICE.day_status(date(2026, 11, 28)).working


def test_a_saturday_desk_is_open_on_saturday_mornings_but_not_on_holidays() -> None:
    desk = load_shipped("vn-office-sat")
    assert [str(one) for one in desk.hours_on(date(2026, 11, 21))] == ["07:30-11:30"]
    assert desk.hours_on(date(2027, 5, 1)) == ()
    assert len(desk.hours_on(date(2026, 1, 10))) == 2


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2038, 1, 1)])
def test_a_date_the_calendar_does_not_cover_is_refused(day: date) -> None:
    with pytest.raises(BadInput) as refused:
        OFFICE.day_status(day)
    assert refused.value.code == "calendar_out_of_range"
    assert "31/12/2037" in refused.value.hint


def test_a_version_is_compiled_once() -> None:
    assert working_calendar(OFFICE) is working_calendar(load_shipped("vn-office"))
