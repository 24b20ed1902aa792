"""Limits read from the words of the national catalogue, against what a person reads in the same words."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sla.limit_texts.catalogue import read_catalogue_row
from sla.limit_texts.coverage import COLUMNS, coverage
from sla.limit_texts.model import MESSAGES, Kind, NoteKind, Piece, Reading, Source, Verdict
from sla.limit_texts.prose import read_limit_text
from sla.limit_texts.words import normalise, read_number

LABELS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "limit_texts.yaml").read_text(encoding="utf-8")
)
UNDERSTOOD, AMBIGUOUS, CONTRADICTORY = Verdict.UNDERSTOOD, Verdict.AMBIGUOUS, Verdict.CONTRADICTORY


def limits(reading: Reading) -> list[tuple[str, Kind]]:
    return [(str(each.limit), each.kind) for each in reading.limits]


def may_be(reading: Reading) -> list[str]:
    return [str(each.limit) for each in reading.candidates]


def code(reading: Reading) -> str:
    return reading.reason.code if reading.reason else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 ngày làm việc", "15 working_day"),
        ("mười lăm (15) ngày làm việc", "15 working_day"),
        ("05 (năm) ngày làm việc", "5 working_day"),
        ("năm (05) ngày làm việc", "5 working_day"),
        ("năm ngày làm việc", "5 working_day"),
        ("bẩy ngày", "7 calendar_day"),
        ("hai mươi mốt ngày", "21 calendar_day"),
        ("một trăm hai mươi ngày", "120 calendar_day"),
        ("KHÔNG QUÁ 05 NGÀY LÀM VIỆC", "5 working_day"),
        ("Không quá 05 ngày  làm\tviệc.", "5 working_day"),
        ("05 ngày ngày làm việc", "5 working_day"),
        ("Chậm nhất là 30 ngày, kể từ ngày nhận đủ hồ sơ hợp lệ", "30 calendar_day"),
        ("0,5 ngày làm việc", "0.5 working_day"),
        ("1.5 ngày làm việc", "1.5 working_day"),
        ("½ ngày làm việc", "0.5 working_day"),
        ("1/2 ngày làm việc", "0.5 working_day"),
        ("nửa ngày làm việc", "0.5 working_day"),
        ("08 giờ làm việc", "8 working_hour"),
        ("06 giờ (làm việc)", "6 working_hour"),
        ("trong thời hạn 24 giờ kể từ khi nhận đủ hồ sơ", "24 clock_hour"),
        ("72 giờ", "72 clock_hour"),
        ("08 giờ liên tục", "8 clock_hour"),
        ("02 tuần", "2 week"),
        ("Không quá 02 tháng", "2 month"),
        ("01 năm", "1 year"),
        ("Ngay trong ngày", "same_day"),
        ("Thực hiện trong ngày làm việc nhận được hồ sơ đầy đủ, chính xác", "same_day"),
        ("Trong ngày làm việc tiếp theo", "1 working_day"),
        ("7 ngày làm việc (không tính thời gian bổ sung hồ sơ)", "7 working_day"),
        ("30 ngày kể từ ngày 01/7/2025 nhận đủ hồ sơ", "30 calendar_day"),
        ("Trong thời hạn 50 ngày, trong đó:", "50 calendar_day"),
    ],
)
def test_a_plain_limit_is_read_with_its_unit(text: str, expected: str) -> None:
    reading = read_limit_text(text)
    assert (reading.verdict, limits(reading)) == (UNDERSTOOD, [(expected, Kind.TOTAL)])
    assert reading.total is not None and str(reading.total.limit) == expected
    assert not reading.candidates and not reading.unread and reading.reason is None


@pytest.mark.parametrize(
    "text",
    [
        "Ngay trong ngày làm việc; nhận hồ sơ sau 15 giờ thì trả kết quả trong ngày làm việc tiếp theo",
        "Ngay trong ngày tiếp nhận yêu cầu hoặc trong ngày làm việc tiếp theo, nếu tiếp nhận sau 15 giờ.",
        "trong ngày; trường hợp nhận sau 15h00 mà không giải quyết được ngay thì trả ngày làm việc tiếp theo",
    ],
)
def test_same_day_or_the_next_working_day_after_a_cut_off_is_one_limit(text: str) -> None:
    reading = read_limit_text(text)
    assert limits(reading) == [("same_day 15:00", Kind.TOTAL)]
    assert NoteKind.CUT_OFF in [note.kind for note in reading.notes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Cấp mới: 05 ngày làm việc. Cấp lại: 03 ngày làm việc.",
            [("5 working_day", Kind.CASE, "Cấp mới"), ("3 working_day", Kind.CASE, "Cấp lại")],
        ),
        (
            "Không quá 07 ngày làm việc. Đối với các xã miền núi không quá 17 ngày làm việc.",
            [("7 working_day", Kind.TOTAL, ""), ("17 working_day", Kind.CASE, "Đối với các xã miền núi")],
        ),
        (
            "Không quá 07 ngày làm việc. Đối với các xã miền núi, biên giới; vùng có điều kiện khó khăn thì "
            "thời gian thực hiện được tăng thêm 10 ngày làm việc.",
            [
                ("7 working_day", Kind.TOTAL, ""),
                (
                    "10 working_day",
                    Kind.EXTRA,
                    "Đối với các xã miền núi, biên giới; vùng có điều kiện khó khăn",
                ),
            ],
        ),
        (
            "07 ngày làm việc (đối với quỹ)/30 ngày (đối với công ty đầu tư)",
            [
                ("7 working_day", Kind.CASE, "đối với quỹ"),
                ("30 calendar_day", Kind.CASE, "đối với công ty đầu tư"),
            ],
        ),
        (
            "15 ngày (hoặc 10 ngày trong trường hợp thuốc hiếm)",
            [
                ("15 calendar_day", Kind.TOTAL, ""),
                ("10 calendar_day", Kind.CASE, "trong trường hợp thuốc hiếm"),
            ],
        ),
        (
            "Bước 1: 02 ngày làm việc; Bước 2: 03 ngày làm việc",
            [("2 working_day", Kind.STAGE, "Bước 1"), ("3 working_day", Kind.STAGE, "Bước 2")],
        ),
        (
            "10 ngày làm việc. Trong đó: Sở Xây dựng 07 ngày làm việc, UBND tỉnh 03 ngày làm việc.",
            [
                ("10 working_day", Kind.TOTAL, ""),
                ("7 working_day", Kind.STAGE, "Trong đó: Sở Xây dựng"),
                ("3 working_day", Kind.STAGE, "UBND tỉnh"),
            ],
        ),
        (
            "Trong 05 ngày làm việc, không tính thời gian bổ sung hồ sơ 10 ngày",
            [
                ("5 working_day", Kind.TOTAL, ""),
                ("10 calendar_day", Kind.EXCLUDED, "không tính thời gian bổ sung hồ sơ"),
            ],
        ),
        (
            "Không quá 02 tháng; trường hợp cần thẩm tra thì có thể kéo dài thêm nhưng không quá 01 tháng",
            [
                ("2 month", Kind.TOTAL, ""),
                ("1 month", Kind.EXTRA, "trường hợp cần thẩm tra"),
            ],
        ),
    ],
)
def test_several_limits_are_understood_when_each_says_what_it_is_for(
    text: str, expected: list[tuple[str, Kind, str]]
) -> None:
    reading = read_limit_text(text)
    assert reading.verdict is UNDERSTOOD
    assert [(str(each.limit), each.kind, each.condition) for each in reading.limits] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("05 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", Kind.TOTAL),
        ("05 ngày làm việc kể từ ngày thụ lý đơn", Kind.TOTAL),
        ("05 ngày làm việc kể từ ngày nhận được ý kiến của Bộ Quốc phòng", Kind.STAGE),
        ("05 ngày làm việc kể từ ngày kết thúc kiểm tra", Kind.STAGE),
        ("05 ngày làm việc kể từ ngày nhận hồ sơ do cơ quan chuyên môn trình", Kind.STAGE),
        ("Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, Sở Xây dựng cấp giấy phép", Kind.TOTAL),
        ("Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, Sở Xây dựng kiểm tra thực tế", Kind.STAGE),
        (
            "Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, Sở Xây dựng trình UBND tỉnh quyết định",
            Kind.STAGE,
        ),
        ("Sở Xây dựng xét tính hợp lệ của hồ sơ trong 05 ngày làm việc", Kind.STAGE),
    ],
)
def test_a_limit_that_does_not_run_from_reception_to_result_is_a_stage(text: str, kind: Kind) -> None:
    reading = read_limit_text(text)
    assert limits(reading) == [("5 working_day", kind)]
    assert (reading.total is not None) is (kind is Kind.TOTAL)


def test_what_a_limit_is_counted_from_is_given_in_the_words_of_the_text() -> None:
    reading = read_limit_text("20 ngày, kể từ ngày hết hạn bàn giao nhà ở theo quyết định thu hồi nhà ở.")
    assert reading.limits[0].counted_from == "kể từ ngày hết hạn bàn giao nhà ở theo quyết định thu hồi nhà ở"


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("08 giờ", "hour_kind_unknown", ["8 working_hour", "8 clock_hour"]),
        ("tối đa 60 phút", "hour_kind_unknown", ["1 working_hour", "1 clock_hour"]),
        ("10-15 ngày", "range", ["10 calendar_day", "15 calendar_day"]),
        ("từ 10 đến 15 ngày làm việc", "range", ["10 working_day", "15 working_day"]),
        ("10 hoặc 20 ngày ngày làm việc", "range", ["10 working_day", "20 working_day"]),
        ("01 ngày làm việc hoặc 05 ngày làm việc", "range", ["1 working_day", "5 working_day"]),
        ("02 tháng và 15 ngày làm việc", "mixed_units", ["2 month", "15 working_day"]),
        ("1,5 ngày", "fraction", ["1.5 working_day"]),
        ("nửa ngày", "fraction", ["0.5 working_day"]),
        ("07 (tám) ngày", "numbers_disagree", ["7 calendar_day", "8 calendar_day"]),
        (
            "05 ngày làm việc. 03 ngày làm việc.",
            "several_without_condition",
            ["5 working_day", "3 working_day"],
        ),
        ("20 ngày, không bao gồm ngày nghỉ lễ, tết", "holidays_excluded", ["20 calendar_day"]),
        ("07 ngày làm việc/tờ", "per_unit", ["7 working_day"]),
        ("12,5 ngày làm việc + thời gian cấp lại", "open_sum", ["12.5 working_day"]),
        ("Giải quyết ngay sau khi nhận đủ hồ sơ", "immediate", ["same_day"]),
        ("15 ngày làm việc. Trường hợp miền núi được tăng thêm 10 ngày", "mixed_units", None),
        ("Trường hợp miền núi được tăng thêm 10 ngày", "no_base", ["10 calendar_day"]),
        ("Đối với tàu lưu bến không quá 24 giờ: cảng vụ cấp phép", "role_unclear", ["24 clock_hour"]),
    ],
)
def test_a_text_with_more_than_one_meaning_is_ambiguous_and_lists_them(
    text: str, reason: str, candidates: list[str] | None
) -> None:
    reading = read_limit_text(text)
    assert (reading.verdict, code(reading), reading.limits) == (AMBIGUOUS, reason, ())
    assert candidates is None or may_be(reading) == candidates


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_time"),
        ("Nộp hồ sơ trực tiếp tại Bộ phận Một cửa, số 12 phố 105A", "no_time"),
        ("Điều 23 Nghị định số 60/2025/NĐ-CP", "no_time"),
        ("10 USD/bản; 750.000 đồng/hồ sơ; điện thoại 0912345678", "no_time"),
        ("từ 01 đến 04 giấy tờ", "no_time"),
        ("sau 15 giờ", "no_time"),
        ("Thứ hai tuần này", "no_time"),
        ("trước ngày 30 tháng 8 của năm xét chọn", "date_only"),
        ("ngày 20/12 hằng năm", "date_only"),
        ("ngày 07/11/2012", "date_only"),
        ("Kỷ niệm ngày Nhà giáo Việt Nam 20 tháng 11", "date_only"),
        ("Chậm nhất vào ngày 20 tháng đầu tiên hàng quý", "date_only"),
        ("Gửi hồ sơ ít nhất 02 ngày làm việc, trước ngày dự kiến tiếp", "counted_back"),
        ("Theo quy chế làm việc của Chính phủ", "refers_elsewhere"),
        ("3.000 ngày", "numbers_disagree"),
        ("0 ngày", "zero"),
    ],
)
def test_what_is_no_limit_is_never_read_as_one(text: str, reason: str) -> None:
    reading = read_limit_text(text)
    assert (reading.verdict, code(reading)) == (Verdict.NOT_UNDERSTOOD, reason)
    assert not reading.limits and not reading.candidates


@pytest.mark.parametrize(
    "text",
    ["Không quy định", "Không quy định thời hạn giải quyết, phí, lệ phí", "Không có thời gian thực hiện"],
)
def test_a_text_may_say_that_no_limit_is_set(text: str) -> None:
    assert read_limit_text(text).verdict is Verdict.NO_LIMIT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("05 ngày làm việc, không bao gồm thời gian bổ sung hồ sơ", NoteKind.PAUSE),
        ("05 ngày làm việc. Thời hạn được tính lại từ đầu sau khi nhận đủ hồ sơ", NoteKind.RESTART),
        ("05 ngày làm việc. Quá 07 ngày làm việc không trả lời thì coi như đồng ý", NoteKind.SILENCE),
        ("05 ngày làm việc; nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo", NoteKind.CUT_OFF),
        ("05 ngày làm việc. Giấy phép có giá trị 05 năm", NoteKind.OTHER_TIME),
        ("05 ngày làm việc. Áp dụng từ ngày 01/7/2025", NoteKind.DATE),
        ("05 ngày làm việc (cắt giảm 1,5/5 ngày làm việc)", NoteKind.OTHER_TIME),
    ],
)
def test_wording_about_the_clock_is_noted_beside_the_limit(text: str, kind: NoteKind) -> None:
    reading = read_limit_text(text)
    assert ("5 working_day", Kind.TOTAL) in limits(reading)
    assert kind in [note.kind for note in reading.notes]


def test_a_text_in_decomposed_unicode_reads_the_same() -> None:
    text = "Trong thời hạn 05 ngày làm việc kể từ ngày nhận đủ hồ sơ"
    assert read_limit_text(unicodedata.normalize("NFD", text)) == read_limit_text(text)


def test_positions_refer_to_the_normalised_text() -> None:
    text = "  Cấp  mới:\u00a0không quá 05\tngày làm việc "
    piece = read_limit_text(text).limits[0].piece
    assert normalise(text)[piece.start : piece.end] == piece.words == "05 ngày làm việc"


# Rows: columns against text.


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("5", "working_day", "WORKING_DAY", ""), [("5 working_day", Kind.TOTAL)]),
        (("3.5", "working_day", "WORKING_DAY", "Nộp hồ sơ qua bưu chính"), [("3.5 working_day", Kind.TOTAL)]),
        (
            ("10", "working_day", "WORKING_DAY", "b) Đối với cấp lại giấy phép"),
            [("10 working_day", Kind.CASE)],
        ),
        (
            ("7", "working_day", "WORKING_DAY", "- Kiểm tra tính đầy đủ của hồ sơ:"),
            [("7 working_day", Kind.STAGE)],
        ),
        (("2", "month", "MONTH", "Không quá 02 tháng"), [("2 month", Kind.TOTAL)]),
        (
            ("13", "working_day", "WORKING_DAY", "Sở xét tính hợp lệ của hồ sơ trong 03 ngày làm việc"),
            [("13 working_day", Kind.TOTAL), ("3 working_day", Kind.STAGE)],
        ),
        (("8", "hour", "HOUR", "Không quá 8 giờ làm việc"), [("8 working_hour", Kind.TOTAL)]),
        (("24", "hour", "HOUR", "Trong 24 giờ kể từ khi nhận đủ hồ sơ"), [("24 clock_hour", Kind.TOTAL)]),
        (("", "other", "OTHER", "05 ngày làm việc"), [("5 working_day", Kind.TOTAL)]),
        (("1", "other", "OTHER", "03 ngày làm việc"), [("3 working_day", Kind.TOTAL)]),
        (("02", "text", "ngày làm việc kể từ ngày nhận đủ hồ sơ", ""), [("2 working_day", Kind.TOTAL)]),
        (("10", "text", "(mười) ngày kể từ ngày nhận được hồ sơ", ""), [("10 calendar_day", Kind.TOTAL)]),
        (
            ("", "text", "Không quá 03 ngày làm việc OTHER", "Nộp qua bưu chính"),
            [("3 working_day", Kind.TOTAL)],
        ),
        (("", "text", "Theo mô tả OTHER", "Không quá 05 ngày làm việc."), [("5 working_day", Kind.TOTAL)]),
    ],
)
def test_a_row_whose_columns_and_text_agree_is_understood(
    row: tuple[str, str, str, str], expected: list[tuple[str, Kind]]
) -> None:
    reading = read_catalogue_row(*row)
    assert (reading.verdict, limits(reading)) == (UNDERSTOOD, expected)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("5", "calendar_day", "ngày", "05 ngày làm việc"), "unit_differs"),
        (("14", "working_day", "WORKING_DAY", "trong vòng 14 ngày kể từ ngày nhận đủ hồ sơ"), "unit_differs"),
        (("27", "working_day", "WORKING_DAY", "Không quá 17 ngày làm việc"), "amount_differs"),
        (("90", "calendar_day", "ngày", "30 ngày đối với trường hợp thẩm định sơ bộ"), "amount_differs"),
        (("1", "working_day", "WORKING_DAY", "Trong ngày làm việc"), "unit_differs"),
        (("1", "hour", "HOUR", "Không quy định"), "no_limit_differs"),
        (("1", "calendar_day", "ngày", "Ngay sau khi tiếp nhận hồ sơ hợp lệ"), "immediate_differs"),
        (("8", "hour", "HOUR", "Trong 6 giờ làm việc trả kết quả"), "amount_differs"),
        (("2", "text", "ngày làm việc kể từ ngày nhận hồ sơ", "Thời hạn: 1 ngày làm việc"), "amount_differs"),
        (("30", "other", "OTHER", "20 ngày làm việc"), "amount_differs"),
        (("", "text", "Không quá 05 ngày.", "Không quá 07 ngày làm việc."), "amount_differs"),
    ],
)
def test_columns_and_text_that_exclude_each_other_are_contradictory(
    row: tuple[str, str, str, str], reason: str
) -> None:
    reading = read_catalogue_row(*row)
    assert (reading.verdict, code(reading), reading.limits) == (CONTRADICTORY, reason, ())


@pytest.mark.parametrize(
    ("row", "verdict", "reason"),
    [
        (("8", "hour", "HOUR", ""), AMBIGUOUS, "hour_kind_unknown"),
        (("8", "hour", "HOUR", "Trường hợp xử lý khác: 08 giờ."), AMBIGUOUS, "hour_kind_unknown"),
        (("1", "other", "OTHER", ""), Verdict.NOT_UNDERSTOOD, "unit_missing"),
        (("15", "/12 OTHER", "/12 OTHER", ""), Verdict.NOT_UNDERSTOOD, "date_only"),
        (("", "text", "Theo mô tả OTHER", "Nộp trực tiếp"), Verdict.NOT_UNDERSTOOD, "refers_elsewhere"),
        (("", "text", "Không quy định OTHER", "Nộp trực tiếp"), Verdict.NO_LIMIT, ""),
        (("", "text", "- OTHER", ""), Verdict.NOT_UNDERSTOOD, "no_time"),
        (("abc", "working_day", "WORKING_DAY", ""), Verdict.NOT_UNDERSTOOD, "value_unreadable"),
        (("0", "working_day", "WORKING_DAY", ""), AMBIGUOUS, "zero"),
        (("7.5", "calendar_day", "ngày", ""), AMBIGUOUS, "fraction"),
        (
            ("50", "calendar_day", "ngày", "Xét tính hợp lệ trong 05 ngày làm việc"),
            AMBIGUOUS,
            "column_unit_doubtful",
        ),
        (
            ("17", "working_day", "WORKING_DAY", "Miền núi được tăng thêm 10 ngày làm việc"),
            AMBIGUOUS,
            "no_base",
        ),
        (("", "text", "12.5 ngày làm việc + thời gian cấp lại", ""), AMBIGUOUS, "open_sum"),
    ],
)
def test_a_row_that_leaves_something_open_says_what(
    row: tuple[str, str, str, str], verdict: Verdict, reason: str
) -> None:
    reading = read_catalogue_row(*row)
    assert (reading.verdict, code(reading)) == (verdict, reason)


def test_a_base_and_an_extension_may_explain_the_sum_in_the_columns() -> None:
    text = "Không quá 07 ngày làm việc. Đối với các xã miền núi thì được tăng thêm 10 ngày làm việc."
    reading = read_catalogue_row("17", "working_day", "WORKING_DAY", text)
    assert limits(reading) == [("7 working_day", Kind.TOTAL), ("10 working_day", Kind.EXTRA)]
    assert NoteKind.COLUMN_IS_SUM in [note.kind for note in reading.notes]


def cut(text: str, length: int = 300) -> str:
    """A text the extract cut: filled up in front to its full length."""
    return ("Nộp hồ sơ tại Bộ phận Một cửa. " * 10)[: length - len(text) - 2] + ". " + text


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        ("Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, cơ quan có thẩm quyền cấp giấy ph", UNDERSTOOD),
        ("Nộp qua dịch vụ bưu ch", UNDERSTOOD),
        ("Không quá 05 ngày làm v", UNDERSTOOD),
        ("Không quá 05 ngày làm việc. Đối với các xã miền núi không quá 15 ngà", AMBIGUOUS),
        ("Không quá 05 ngày làm việc. Đối với các xã miền núi, biên gi", AMBIGUOUS),
        ("Không quá 05 ngày làm việc. Đối với xã miền núi không quá 1", AMBIGUOUS),
        ("Thời hạn giải quyết: + Cấp lại giấy ph", AMBIGUOUS),
        ("Không quá 05 ngày", AMBIGUOUS),
    ],
)
def test_a_cut_text_is_understood_only_when_no_limit_was_being_stated_where_it_ends(
    end: str, verdict: Verdict
) -> None:
    text = cut(end)
    assert len(text) == 300
    reading = read_catalogue_row("5", "working_day", "WORKING_DAY", text)
    assert reading.verdict is verdict
    assert verdict is AMBIGUOUS or NoteKind.TEXT_CUT in [note.kind for note in reading.notes]


def test_a_cut_text_alone_is_never_understood_however_complete_it_looks() -> None:
    text = cut("Thời hạn giải quyết là 05 ngày làm việc kể từ ngày nhận đủ hồ sơ.")
    assert code(read_catalogue_row("", "other", "OTHER", text)) == "text_cut"
    words = "Không quá 15 ngày kể từ ngày nhận đủ hồ sơ.  Các cơ quan liên quan".ljust(120, "x")
    assert code(read_catalogue_row("", "text", words, "Nộp qua bưu chính")) == "text_cut"


def test_every_refusal_carries_a_stable_code_and_a_vietnamese_sentence() -> None:
    for text in ("08 giờ", "Theo mô tả", "10-15 ngày"):
        reason = read_limit_text(text).reason
        assert reason is not None and reason.message == MESSAGES[reason.code] and reason.message.endswith(".")


def test_limits_of_the_columns_say_that_they_have_no_place_in_a_text() -> None:
    piece = read_catalogue_row("5", "working_day", "WORKING_DAY", "").limits[0].piece
    assert (piece.source, piece.start, piece.end) == (Source.COLUMNS, 0, 0)


# What a person read in the same rows.


def labelled(sample: str) -> list[Any]:
    return [pytest.param(row, id=f"{sample}-{at}") for at, row in enumerate(LABELS[sample])]


def reads_as(reading: Reading, row: dict[str, Any]) -> bool:
    """Whether the reading has a verdict and limits the person accepts; a refusal need not name limits."""
    if reading.verdict.value not in row["verdict"]:
        return False
    left = list(row.get("limits", []))
    for limit, kind in limits(reading):
        match = next((each for each in left if each["limit"] == limit and kind in each["kind"]), None)
        if match is None:
            return False
        left.remove(match)
    return reading.verdict is not UNDERSTOOD or not left


def read(row: dict[str, Any]) -> Reading:
    return read_catalogue_row(row["value"], row["unit"], row["raw_unit"], row["text"])


@pytest.mark.parametrize("row", labelled("development") + labelled("held_out"))
def test_a_real_row_that_is_understood_is_understood_as_a_person_does(row: dict[str, Any]) -> None:
    reading = read(row)
    if reading.verdict is UNDERSTOOD:
        assert reads_as(reading, row)
        assert all(each.condition for each in reading.limits if each.kind is Kind.CASE)


@pytest.mark.parametrize(("sample", "at_least"), [("development", 0.95), ("held_out", 0.90)])
def test_most_real_rows_a_person_understands_are_understood(sample: str, at_least: float) -> None:
    readable = [row for row in LABELS[sample] if row["verdict"] == ["understood"]]
    understood = [row for row in readable if read(row).verdict is UNDERSTOOD]
    assert len(understood) / len(readable) >= at_least


def test_coverage_counts_rows_and_distinct_texts() -> None:
    row = dict(zip(COLUMNS, ("5", "working_day", "WORKING_DAY", ""), strict=True))
    odd = dict(zip(COLUMNS, ("15", "/12 OTHER", "/12 OTHER", ""), strict=True))
    found = coverage([row, row, odd])
    assert (found["rows"], found["distinct"]) == (3, 2)
    assert found["by_verdict"]["understood"] == {"rows": 2, "distinct": 1}
    assert found["by_unit"]["working_day"]["understood"] == 2
    assert found["by_unit"]["text"]["not_understood"] == 1
    assert found["by_reason"] == {"not_understood: date_only": 1}


# Whatever the text.

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
