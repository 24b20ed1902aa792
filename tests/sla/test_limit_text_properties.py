"""Whatever the text of a limit: no number with a unit is lost, nothing makes the reader fail."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sla.limit_texts.catalogue import read_catalogue_row
from sla.limit_texts.model import Piece, Reading, Verdict
from sla.limit_texts.prose import read_limit_text
from sla.limit_texts.words import normalise, read_number
from tests.sla.limit_text_support import UNDERSTOOD

PIECES = [
    "không quá",
    "trong thời hạn",
    "Đối với trường hợp cấp mới:",
    "kể từ ngày nhận đủ hồ sơ hợp lệ",
    "; ",
    ". ",
    ", ",
    " - ",
    "(",
    ")",
    "\n",
    "trong đó:",
    "không tính thời gian bổ sung",
    "Sở Xây dựng thẩm định, trình UBND",
    "Điều 23",
    "Nghị định số 60/2025/NĐ-CP",
    "10 USD/bản",
    "trường hợp phải xác minh",
    "được tăng thêm",
    "hoặc",
    "và",
    "sau",
    "trước",
    "Bước 2",
    "tổ chức phải nộp bổ sung",
    "mỗi",
    "hiệu lực",
]
AMOUNTS = st.sampled_from(["05", "7", "1,5", "0.5", "½", "mười lăm (15)", "15 (mười lăm)", "hai mươi", "24"])
UNITS = st.sampled_from(["ngày làm việc", "ngày", "giờ", "giờ làm việc", "tháng", "tuần", "phút", "NGÀY"])
TIMES = st.tuples(AMOUNTS, UNITS).map(" ".join)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PIECES).map(lambda piece: (piece, False)), TIMES.map(lambda time: (time, True))
    ),
    max_size=14,
)


def pieces_of(reading: Reading) -> list[Piece]:
    """Every stretch of the text the reading says something about."""
    return [
        *(each.piece for each in (*reading.limits, *reading.candidates)),
        *(note.piece for note in reading.notes),
        *reading.unread,
    ]


@given(TEXTS)
def test_every_number_with_a_unit_of_time_is_read_noted_or_listed_as_unread(
    parts: list[tuple[str, bool]],
) -> None:
    text = normalise(" ".join(f"x {words} x" if timed else words for words, timed in parts))
    reading = read_limit_text(text)
    found, read = pieces_of(reading), {each.limit for each in (*reading.limits, *reading.candidates)}
    at = 0
    for words in (words for words, timed in parts if timed):
        at = text.index(f"x {words} x", at) + 2
        alone = read_limit_text(words)
        repeated = {each.limit for each in (*alone.limits, *alone.candidates)} <= read
        assert repeated or any(piece.start <= at and at + len(words) <= piece.end for piece in found)


@given(
    st.text(max_size=200), st.sampled_from(["working_day", "calendar_day", "hour", "month", "other", "text"])
)
@example("\u0130" * 3 + " 05 ngày", "text")
@example("٣ ngày", "other")
def test_no_text_makes_it_fail_and_only_understood_readings_hold_limits(text: str, unit: str) -> None:
    for reading in (
        read_limit_text(text),
        read_catalogue_row("5", unit, text, text),
        read_catalogue_row(text, unit, "OTHER", text),
    ):
        assert bool(reading.limits) is (reading.verdict is UNDERSTOOD)
        assert (reading.reason is None) is (reading.verdict in (UNDERSTOOD, Verdict.NO_LIMIT))


@given(st.integers(min_value=1, max_value=999))
def test_a_number_in_digits_reads_as_itself(number: int) -> None:
    assert read_number(f"{number:02d}") == number


@pytest.mark.parametrize("words", ["mười năm", "một hai", "trăm", "", "linh", "hai trăm linh"])
def test_words_that_make_no_number_are_not_read_as_one(words: str) -> None:
    assert read_number(words) is None
