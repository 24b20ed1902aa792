"""Letters look as they did. See ``docs/letters.md`` for a change that was meant."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from sla.letters.apology import ApologyLetter
from sla.letters.document import Document
from sla.letters.parts import Capacity, DigitalSignature, Signatory
from tests.letters.samples import EMPTY, FILLED, HANDOVERS, control_slip, plain_receipt, refusal

Make = Callable[..., ApologyLetter]

_GOLDEN = Path(__file__).parent / "golden"
_PPI = 72
_MEAN_DIFFERENCE = 1.0
"""Of 255, over the page: room for another rounding of grey at the edge of a letter, not for another word."""


def _signed(letter: Make) -> ApologyLetter:
    at = datetime(2026, 11, 19, 3, 5, 9, tzinfo=UTC)
    return letter(
        signatory=Signatory("Trần Thị Bích Hường", Capacity.DEPUTY, head_title="Trưởng phòng"),
        signature=DigitalSignature("Trần Thị Bích Hường", at),
    )


VARIANTS: dict[str, Callable[[Make], ApologyLetter]] = {
    "normal": lambda letter: letter(),
    "draft": lambda letter: letter(draft=True, number=None),
    "signed": _signed,
    "no-new-date": lambda letter: letter(
        new_promise_at=None, signatory=Signatory("Lê Văn Đạt", Capacity.ACTING, head_title="Giám đốc")
    ),
}


FORMS: dict[str, Callable[[], Document]] = {
    **FILLED,
    **{f"{name}-empty": make for name, make in EMPTY.items()},
    "receipt-plain": plain_receipt,
    "receipt-many-papers": lambda: plain_receipt(
        papers=tuple(f"Giấy tờ thứ {number} chứng minh quyền sử dụng đất" for number in range(1, 25))
    ),
    "refusal-signed": lambda: refusal(
        signature=DigitalSignature("Lê Thị Lê", datetime(2026, 11, 19, 3, 5, 9, tzinfo=UTC))
    ),
    "control_slip-long": lambda: control_slip(handovers=HANDOVERS * 2),
}


def _pages(letter: Document) -> list[Image.Image]:
    """As readers of the PDF see it: by another renderer than the one that set it."""
    document = pypdfium2.PdfDocument(letter.pdf())
    return [page.render(scale=_PPI / 72).to_pil().convert("L") for page in document]


def _difference(one: Image.Image, other: Image.Image) -> float:
    left, right = (np.asarray(image, dtype=np.int16) for image in (one, other))
    return float(np.abs(left - right).mean())


def _check(name: str, letter: Document) -> None:
    for number, page in enumerate(_pages(letter), start=1):
        stored = _GOLDEN / f"{name}-{number}.png"
        if os.environ.get("MOTCUA_GOLDEN") == "write":
            _GOLDEN.mkdir(exist_ok=True)
            page.quantize(16).save(stored, optimize=True)
        with Image.open(stored) as expected:
            assert page.size == expected.size
            assert _difference(page, expected.convert("L")) < _MEAN_DIFFERENCE
    assert not (_GOLDEN / f"{name}-{number + 1}.png").exists()


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_the_letter_looks_as_it_did(letter: Make, name: str) -> None:
    _check(f"apology-{name}", VARIANTS[name](letter))


def test_the_long_letter_looks_as_it_did(long_letter: ApologyLetter) -> None:
    _check("apology-long", long_letter)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_looks_as_it_did(name: str) -> None:
    _check(name, FORMS[name]())


def test_the_comparison_sees_a_changed_word(letter: Make) -> None:
    (page,), (changed,) = _pages(letter()), _pages(letter(reason="Cơ quan phối hợp chưa trả lời."))
    assert _difference(page, changed) > 2 * _MEAN_DIFFERENCE
