"""Text and dates as a clerk writes them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.core.errors import BadInput
from sla.letters.wording import (
    REPERTOIRE,
    date_parts,
    local,
    one_line,
    paragraphs,
    required,
    sentence_start,
    stamp,
    time_parts,
)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 20), "ngày 20 tháng 11 năm 2026"),
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (date(2027, 1, 31), "ngày 31 tháng 01 năm 2027"),
    ],
)
def test_days_below_ten_and_the_first_two_months_take_a_leading_zero(day: date, written: str) -> None:
    assert " ".join(date_parts(day)) == written


def test_a_time_is_written_before_its_date() -> None:
    moment = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert " ".join(time_parts(moment)) == "14 giờ 30 phút, ngày 20 tháng 11 năm 2026"


def test_a_sentence_starts_with_a_capital() -> None:
    assert sentence_start(("đến", "nay")) == ("Đến", "nay")


def test_a_moment_is_shown_on_the_wall_clock_asked_for() -> None:
    late_evening_utc = datetime(2026, 12, 31, 17, 30, 5, tzinfo=UTC)
    assert stamp(local(late_evening_utc, 420, where="at")) == "01/01/2027 00:30:05 +07:00"
    assert stamp(local(late_evening_utc, -60, where="at")) == "31/12/2026 16:30:05 -01:00"


@pytest.mark.parametrize(
    ("moment", "offset", "code"),
    [
        (datetime(2026, 11, 20, 14, 30), 420, "datetime_naive"),
        (datetime(2026, 11, 20, 14, 30, tzinfo=UTC), 24 * 60, "utc_offset_out_of_range"),
    ],
)
def test_a_moment_without_a_usable_offset_is_refused(moment: datetime, offset: int, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        local(moment, offset, where="promised_at")
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("  Nguyễn \t Văn\u00a0An \n", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Thưởng"), "Nguyễn Thị Thưởng"),
        ("An\u202e\u200f\u2066\u00ad\ufeff\x00\x07\x1b Bình", "An Bình"),
        ("\ud800Bình", "Bình"),
        ("số 1\u2011A \u2012 \u2015", "số 1-A - —"),
        ("ﬁ １２ ①", "fi 12 1"),
        ("王小明", "???"),
        ("🙂", "?"),
        ("a\u0336\u0353\u035c", "a"),
        ("Zoë Škvorecký Ёлка", "Zoë Škvorecký Ёлка"),
    ],
)
def test_outside_text_keeps_its_letters_and_loses_what_cannot_be_printed(given: str, printed: str) -> None:
    assert one_line(given) == printed


@given(st.text())
def test_any_text_becomes_printable_composed_and_stays_as_it_is_the_second_time(text: str) -> None:
    cleaned = one_line(text)
    assert set(cleaned) <= REPERTOIRE | {"\u200b"}
    assert unicodedata.is_normalized("NFC", cleaned)
    assert one_line(cleaned) == cleaned


def test_paragraphs_end_at_any_kind_of_line_end_and_empty_ones_go() -> None:
    assert paragraphs("một\r\nhai\n\n \u2028ba\rbốn\x85") == ("một", "hai", "ba", "bốn")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "\x00"])
def test_a_required_field_with_nothing_to_print_is_named(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        required(text, where="addressee")
    assert (caught.value.code, caught.value.where) == ("letter_field_empty", "addressee")


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-720, 840))
def test_moving_to_another_wall_clock_never_moves_the_moment(moment: datetime, offset: int) -> None:
    try:
        shown = local(moment, offset, where="at")
    except OverflowError:
        return
    assert shown == moment
    assert shown.utcoffset() == timedelta(minutes=offset)
