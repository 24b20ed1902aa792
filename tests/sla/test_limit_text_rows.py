"""Rows of the national catalogue: columns against text, and against what a person read in the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sla.limit_texts.catalogue import read_catalogue_row
from sla.limit_texts.coverage import COLUMNS, coverage
from sla.limit_texts.model import MESSAGES, Kind, NoteKind, Reading, Source, Verdict
from sla.limit_texts.prose import read_limit_text
from tests.sla.limit_text_support import AMBIGUOUS, CONTRADICTORY, UNDERSTOOD, code, limits

LABELS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "limit_texts.yaml").read_text(encoding="utf-8")
)


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
