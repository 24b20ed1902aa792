"""The form registry: which form is in force on a date."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from dossiers.core.errors import NotFound
from sla.letters.forms import Confidence, FormKind, Paper, all_forms, form_in_force


@pytest.mark.parametrize(
    ("kind", "on", "number", "title", "circular"),
    [
        (
            FormKind.APOLOGY,
            date(2025, 9, 14),
            "04",
            "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
            "01/2018/TT-VPCP",
        ),
        (
            FormKind.APOLOGY,
            date(2025, 9, 15),
            "04",
            "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết",
            "03/2025/TT-VPCP",
        ),
        (FormKind.CONTROL_SLIP, date(2024, 1, 1), "05", None, "01/2018/TT-VPCP"),
        (FormKind.CONTROL_SLIP, date(2026, 1, 1), "06", None, "03/2025/TT-VPCP"),
        (FormKind.REGISTER, date(2024, 1, 1), "06", "Sổ theo dõi hồ sơ", "01/2018/TT-VPCP"),
        (FormKind.REGISTER, date(2026, 1, 1), "07", "Sổ theo dõi hồ sơ", "03/2025/TT-VPCP"),
        (FormKind.STOP_NOTICE, date(2026, 1, 1), "05", "Thông báo dừng giải quyết hồ sơ", "03/2025/TT-VPCP"),
    ],
)
def test_the_form_of_a_day_has_the_number_and_title_its_circular_gave_it(
    kind: FormKind, on: date, number: str, title: str | None, circular: str
) -> None:
    form = form_in_force(kind, on)
    assert (form.number, form.circular.name) == (number, circular)
    assert title is None or form.title == title


@pytest.mark.parametrize("kind", list(FormKind))
def test_all_seven_kinds_have_a_form_today(kind: FormKind) -> None:
    assert form_in_force(kind, date(2026, 11, 20)).effective_to is None


@pytest.mark.parametrize(
    ("kind", "on"),
    [(FormKind.APOLOGY, date(2019, 1, 5)), (FormKind.STOP_NOTICE, date(2025, 9, 14))],
)
def test_a_day_no_circular_covers_is_said_in_vietnamese_with_the_day(kind: FormKind, on: date) -> None:
    with pytest.raises(NotFound) as caught:
        form_in_force(kind, on)
    assert caught.value.code == "form_not_in_force"
    assert f"{on:%d/%m/%Y}" in caught.value.message


@pytest.mark.parametrize("kind", list(FormKind))
def test_one_circular_follows_the_other_without_gap_or_overlap(kind: FormKind) -> None:
    versions = [form for form in all_forms() if form.kind is kind]
    for earlier, later in pairwise(versions):
        assert earlier.effective_to is not None
        assert earlier.effective_to + timedelta(days=1) == later.effective_from


def test_slips_are_on_a5_and_the_register_on_a4() -> None:
    assert {form.paper for form in all_forms() if form.kind is not FormKind.REGISTER} == {Paper.A5}
    assert {form.paper for form in all_forms() if form.kind is FormKind.REGISTER} == {Paper.A4}


def test_what_was_not_seen_in_a_text_is_marked_to_be_verified() -> None:
    old, new = (form for form in all_forms() if form.kind is FormKind.APOLOGY)
    assert old.number_suffix_confidence is Confidence.TO_BE_VERIFIED
    assert new.confidence is Confidence.OFFICIAL_TEXT
    assert new.circular.confidence is Confidence.TO_BE_VERIFIED


@pytest.mark.parametrize(
    ("kind", "number", "unit", "printed"),
    [
        (FormKind.APOLOGY, 5, "BPTNTKQ", "05/PXL"),
        (FormKind.APOLOGY, 1234, "BPTNTKQ", "1234/PXL"),
        (FormKind.APOLOGY, None, "BPTNTKQ", "…/PXL"),
        (FormKind.SUPPLEMENT, 7, "TTPVHCC", "07/PBS-TTPVHCC"),
        (FormKind.STOP_NOTICE, 7, "TTPVHCC", "07"),
    ],
)
def test_the_number_is_printed_with_the_suffix_of_the_form(
    kind: FormKind, number: int | None, unit: str, printed: str
) -> None:
    assert form_in_force(kind, date(2026, 11, 20)).numbered(number, unit=unit) == printed
