"""The working behind a due date reads like a clerk's note, and cannot be altered unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dossiers.core.errors import BadInput
from sla.calendars.loading import load_shipped
from sla.deadline import due, recompute
from sla.limits import Rule, parse_limit
from sla.lines import Line, LineKind, LineUnit
from sla.stages import DayEnd, Extension, OutsideHours, Pause, PauseEffect
from sla.working_time import WorkingCalendar, working_calendar
from tests.sla.calendar_support import version

CALENDAR = working_calendar(load_shipped("vn-office"))
MINUTE = timedelta(minutes=1)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def _texts(
    start: str, limit: str, rule: Rule = Rule.CIVIL_CODE, stops: list[Pause] | None = None,
    extensions: list[Extension] | None = None, outside_hours: OutsideHours = OutsideHours.AS_IS,
    day_end: DayEnd = DayEnd.CLOSING, calendar: WorkingCalendar = CALENDAR,
) -> list[str]:  # fmt: skip
    deadline = due(
        _at(start), parse_limit(limit), rule, calendar,
        pauses=stops or (), extensions=extensions or (), outside_hours=outside_hours, day_end=day_end,
    )  # fmt: skip
    if deadline.due_at is not None:
        assert recompute(deadline.lines) == deadline.due_at
    return [line.text for line in deadline.lines]


def test_three_working_days_over_new_year() -> None:
    assert _texts("2026-12-31T16:10", "3 working_day") == [
        "Bắt đầu 16:10 ngày 31/12/2026; thời hạn 3 ngày làm việc.",
        "Ngày 31/12/2026 là ngày đầu, không tính (Bộ luật Dân sự 2015, điều 147).",
        "Ngày 01/01/2027 không tính: Tết Dương lịch (Bộ luật Lao động 2019, điều 112 khoản 1).",
        "Ngày 02/01/2027 không tính: Thứ Bảy.",
        "Ngày 03/01/2027 không tính: Chủ nhật.",
        "Từ ngày 04/01/2027 đến ngày 06/01/2027: 3 ngày làm việc.",
        "Hết hạn 17:30 ngày 06/01/2027 (Bộ luật Dân sự 2015, điều 148).",
    ]


def test_hours_skip_lunch_night_and_rest_days() -> None:
    assert _texts("2026-11-20T10:00", "7.5 working_hour") == [
        "Bắt đầu 10:00 ngày 20/11/2026; thời hạn 7,5 giờ làm việc (Bộ luật Dân sự 2015, điều 147 khoản 1).",
        "Từ 10:00 đến 11:30 ngày 20/11/2026: 90 phút (1 giờ 30 phút).",
        "Từ 11:30 đến 13:30 ngày 20/11/2026 không tính: nghỉ giữa buổi.",
        "Từ 13:30 đến 17:30 ngày 20/11/2026: 240 phút (4 giờ), cộng dồn 330 phút (5 giờ 30 phút).",
        "Từ 17:30 đến 24:00 ngày 20/11/2026 không tính: ngoài giờ làm việc.",
        "Ngày 21/11/2026 không tính: Thứ Bảy.",
        "Ngày 22/11/2026 không tính: Chủ nhật.",
        "Từ 00:00 đến 07:30 ngày 23/11/2026 không tính: ngoài giờ làm việc.",
        "Từ 07:30 đến 09:30 ngày 23/11/2026: 120 phút (2 giờ), cộng dồn 450 phút (7 giờ 30 phút).",
        "Hết hạn 09:30 ngày 23/11/2026.",
    ]


def test_a_night_between_two_working_days_is_one_line() -> None:
    texts = _texts("2026-11-19T17:00", "1 working_hour")
    assert texts[2] == "Từ 17:30 ngày 19/11/2026 đến 07:30 ngày 20/11/2026 không tính: ngoài giờ làm việc."


def test_the_last_day_on_a_saturday_rolls_in_a_line_of_its_own() -> None:
    assert _texts("2026-11-20T16:10", "15 calendar_day")[2:] == [
        "Từ ngày 21/11/2026 đến ngày 05/12/2026: 15 ngày.",
        "Ngày 06/12/2026 không tính: Chủ nhật.",
        "Kết thúc vào ngày làm việc tiếp theo, ngày 07/12/2026: ngày 05/12/2026 là ngày nghỉ, Thứ Bảy "
        "(Bộ luật Dân sự 2015, điều 148 khoản 5).",
        "Hết hạn 17:30 ngày 07/12/2026 (Bộ luật Dân sự 2015, điều 148).",
    ]


def test_a_stop_and_a_resume_are_written_down_with_reason_and_basis() -> None:
    stop = Pause(
        _at("2026-11-20T10:00"), _at("2026-11-25T09:00"), PauseEffect.PAUSE, "chờ bổ sung giấy tờ",
        "NĐ 61/2018/NĐ-CP, điều 19",
    )  # fmt: skip
    assert _texts("2026-11-18T16:10", "3 working_day", stops=[stop])[2:] == [
        "Từ ngày 19/11/2026 đến ngày 20/11/2026: 2 ngày làm việc.",
        "Tạm dừng từ 10:00 ngày 20/11/2026 đến 09:00 ngày 25/11/2026, không tính: chờ bổ sung giấy tờ "
        "(NĐ 61/2018/NĐ-CP, điều 19).",
        "Tính tiếp từ 09:00 ngày 25/11/2026, đã được 2 ngày làm việc.",
        "Ngày 25/11/2026 là ngày tính tiếp sau khi dừng, không tính (Bộ luật Dân sự 2015, điều 147).",
        "Ngày 26/11/2026: 1 ngày làm việc, cộng dồn 3 ngày làm việc.",
        "Hết hạn 17:30 ngày 26/11/2026 (Bộ luật Dân sự 2015, điều 148).",
    ]


def test_a_restart_an_extension_and_a_fraction_open_new_counts() -> None:
    stop = Pause(
        _at("2026-11-19T10:00"), _at("2026-11-20T09:00"), PauseEffect.RESTART, "trả bổ sung",
        "NĐ 61/2018/NĐ-CP, điều 19 khoản 4",
    )  # fmt: skip
    texts = _texts(
        "2026-11-18T16:10", "0.5 working_day", stops=[stop],
        extensions=[Extension(parse_limit("1 week"), "cần xác minh", "Phiếu đề nghị gia hạn")],
    )  # fmt: skip
    assert texts[1] == "Ngày 18/11/2026 là ngày đầu, không tính (Bộ luật Dân sự 2015, điều 147)."
    assert texts[2].startswith("Phần lẻ của 0,5 ngày làm việc là 240 phút (4 giờ) làm việc")
    assert (
        "Dừng từ 10:00 ngày 19/11/2026 đến 09:00 ngày 20/11/2026: trả bổ sung; tính lại từ đầu, thời hạn "
        "0,5 ngày làm việc (NĐ 61/2018/NĐ-CP, điều 19 khoản 4)." in texts
    )
    assert "Gia hạn thêm 1 tuần từ 11:30 ngày 23/11/2026: cần xác minh (Phiếu đề nghị gia hạn)." in texts


def test_received_after_the_cut_off() -> None:
    assert _texts("2026-11-23T15:01", "same_day 15:00")[1:] == [
        "Từ 15:01 đến 24:00 ngày 23/11/2026 không tính: nhận sau 15:00, tính sang ngày làm việc tiếp theo.",
        "Ngày 24/11/2026 không tính: Ngày Văn hóa Việt Nam "
        "(Nghị quyết 28/2026/QH16; Công văn 10065/VPCP-KGVX ngày 02/10/2026).",
        "Ngày 25/11/2026: 1 ngày làm việc.",
        "Hết hạn 17:30 ngày 25/11/2026 (Bộ luật Dân sự 2015, điều 148).",
    ]


def test_a_same_day_limit_stopped_and_taken_up_again() -> None:
    stop = Pause(_at("2026-11-23T10:00"), _at("2026-11-25T09:00"), reason="chờ xác nhận")
    assert _texts("2026-11-23T09:00", "same_day", stops=[stop])[1:] == [
        "Từ 09:00 đến 10:00 ngày 23/11/2026 không tính: chưa xong đã dừng, nhận lại mới tính.",
        "Tạm dừng từ 10:00 ngày 23/11/2026 đến 09:00 ngày 25/11/2026, không tính: chờ xác nhận.",
        "Tính tiếp từ 09:00 ngày 25/11/2026, đã được 0 ngày làm việc.",
        "Ngày 25/11/2026: 1 ngày làm việc.",
        "Hết hạn 17:30 ngày 25/11/2026 (Bộ luật Dân sự 2015, điều 148).",
    ]


def test_received_outside_hours_and_deemed_received_at_the_next_session() -> None:
    texts = _texts("2026-11-20T20:00", "1 working_day", outside_hours=OutsideHours.NEXT_SESSION)
    assert texts[1:6] == [
        "Từ 20:00 đến 24:00 ngày 20/11/2026 không tính: ngoài giờ làm việc.",
        "Ngày 21/11/2026 không tính: Thứ Bảy.",
        "Ngày 22/11/2026 không tính: Chủ nhật.",
        "Từ 00:00 đến 07:30 ngày 23/11/2026 không tính: ngoài giờ làm việc.",
        "Ngày 23/11/2026 là ngày đầu, không tính (Bộ luật Dân sự 2015, điều 147).",
    ]


def test_midnight_a_provisional_date_and_an_open_pause_say_so() -> None:
    assert _texts("2026-11-19T10:00", "1 working_day", day_end=DayEnd.MIDNIGHT)[-1] == (
        "Hết hạn 23:59 ngày 20/11/2026 (Bộ luật Dân sự 2015, điều 148 khoản 6)."
    )
    assert _texts("2028-01-05T10:00", "1 working_day")[-1] == (
        "Hết hạn 17:30 ngày 06/01/2028: tạm tính, lịch nghỉ sau 31/12/2027 chưa được công bố chính thức "
        "(Bộ luật Dân sự 2015, điều 148)."
    )
    stop = Pause(_at("2026-11-20T10:00"), None, reason="chờ nộp thuế")
    assert _texts("2026-11-19T10:00", "5 working_day", stops=[stop])[-1] == (
        "Tạm dừng từ 10:00 ngày 20/11/2026: chờ nộp thuế."
    )


def test_a_night_shift_ends_the_day_it_belongs_to() -> None:
    hours = {day: ["19:00-05:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    nights = working_calendar(version(hours, utc_offset=420))
    assert _texts("2021-01-07T20:00", "1 working_day", calendar=nights)[-3:] == [
        "Ngày 08/01/2021: 1 ngày làm việc.",
        "Ca làm việc kéo dài đến 05:00 ngày 09/01/2021, thuộc ngày đã tính.",
        "Hết hạn 05:00 ngày 09/01/2021 (Bộ luật Dân sự 2015, điều 148).",
    ]


def test_lines_are_stored_with_the_local_offset_and_their_text() -> None:
    line = due(_at("2026-11-20T16:10"), parse_limit("1 working_day"), Rule.CIVIL_CODE, CALENDAR).lines[0]
    assert line.as_dict() == {
        "kind": "start", "start": "2026-11-20T16:10:00+07:00", "end": "2026-11-20T16:10:00+07:00",
        "unit": "working_day", "counted": 0, "total": 0, "need": 1, "limit": "1 working_day",
        "text": "Bắt đầu 16:10 ngày 20/11/2026; thời hạn 1 ngày làm việc.",
    }  # fmt: skip


# Tampering


def _lines(limit: str = "2.5 working_day") -> list[Line]:
    stop = Pause(_at("2026-11-20T10:00"), _at("2026-11-23T09:00"))
    deadline = due(
        _at("2026-11-18T16:10"), parse_limit(limit), Rule.CIVIL_CODE, CALENDAR,
        pauses=[stop], extensions=[Extension(parse_limit("1 month"))],
    )  # fmt: skip
    assert recompute(deadline.lines) == deadline.due_at
    return list(deadline.lines)


def _change(which: LineKind, /, **fields: object) -> Callable[[list[Line]], list[Line]]:
    def change(lines: list[Line]) -> list[Line]:
        index = next(i for i, line in enumerate(lines) if line.kind is which)
        changed = replace(lines[index], **fields)  # type: ignore[arg-type]
        return [*lines[:index], changed, *lines[index + 1 :]]

    return change


def _without(kind: LineKind) -> Callable[[list[Line]], list[Line]]:
    return lambda lines: [line for line in lines if line.kind is not kind]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [],
        lambda lines: lines[:1],
        lambda lines: lines[1:],
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [lines[0], *lines],
        lambda lines: [*lines[:-1], replace(lines[-1], start=lines[-1].end + MINUTE)],
        lambda lines: [*lines[:-1], *(replace(lines[-1], start=lines[-1].end, end=lines[-1].end + MINUTE),)],
        _without(LineKind.COUNT),
        _without(LineKind.FIRST_DAY),
        _without(LineKind.RESUME),
        _without(LineKind.FRACTION),
        _without(LineKind.EXTENSION),
        _change(LineKind.START, limit="3.5 working_day"),
        _change(LineKind.START, limit="2 working_day"),
        _change(LineKind.START, need=1),
        _change(LineKind.START, limit="2 calendar_day"),
        _change(LineKind.START, unit=LineUnit.MINUTE),
        _change(LineKind.START, kind=LineKind.EXTENSION),
        _change(LineKind.FRACTION, need=120),
        _change(LineKind.FRACTION, day_minutes=240),
        _change(LineKind.EXTENSION, limit="2 month"),
        _change(LineKind.EXTENSION, limit="1 year"),
        _change(LineKind.EXTENSION, limit="1 working_hour"),
        _change(LineKind.EXTENSION, kind=LineKind.FRACTION),
        _change(LineKind.FIRST_DAY, kind=LineKind.COUNT),
        _change(LineKind.FIRST_DAY, kind=LineKind.SKIP),
        _change(LineKind.SKIP, kind=LineKind.COUNT),
        _change(LineKind.SKIP, kind=LineKind.ROLL),
        _change(LineKind.COUNT, kind=LineKind.SKIP),
        _change(LineKind.COUNT, unit=LineUnit.CALENDAR_DAY),
        _change(LineKind.COUNT, counted=3, total=3),
        _change(LineKind.PAUSE, kind=LineKind.SKIP),
        _change(LineKind.DUE, total=0),
        _change(LineKind.DUE, need=1),
    ],
)
def test_altered_lines_are_refused(tamper: Callable[[list[Line]], list[Line]]) -> None:
    with pytest.raises(BadInput) as refused:
        recompute(tamper(_lines()))
    assert refused.value.code == "lines_do_not_add_up"


def test_a_first_day_may_not_swallow_a_second() -> None:
    lines = _lines("3 working_day")
    first, second = lines[1], lines[2]
    longer = replace(first, end=first.end + timedelta(days=1))
    with pytest.raises(BadInput) as refused:
        recompute([lines[0], longer, replace(second, start=longer.end), *lines[3:]])
    assert refused.value.code == "lines_do_not_add_up"


def test_a_counted_day_is_a_whole_day() -> None:
    lines = _lines("3 working_day")
    first, second = lines[1], lines[2]
    later = first.end + timedelta(hours=1)
    hour = replace(first, kind=LineKind.SKIP, start=first.end, end=later)
    with pytest.raises(BadInput) as refused:
        recompute([lines[0], first, hour, replace(second, start=later), *lines[3:]])
    assert refused.value.code == "lines_do_not_add_up"
