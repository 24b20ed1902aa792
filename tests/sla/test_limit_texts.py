"""Limits read from the words of the national catalogue, against what a person reads in the same words."""

from __future__ import annotations

import unicodedata

import pytest

from sla.limit_texts.model import Kind, NoteKind, Verdict
from sla.limit_texts.prose import read_limit_text
from sla.limit_texts.words import normalise
from tests.sla.limit_text_support import AMBIGUOUS, UNDERSTOOD, code, limits, may_be


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
