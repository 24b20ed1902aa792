"""Letters look as they did. See ``docs/letters.md`` for a change that was meant."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sla.letters.apology import ApologyLetter
from sla.letters.parts import Capacity, DigitalSignature, Signatory

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


def _pages(letter: ApologyLetter) -> list[Image.Image]:
    return [Image.open(io.BytesIO(page)).convert("L") for page in letter.png(ppi=_PPI)]


def _difference(one: Image.Image, other: Image.Image) -> float:
    left, right = (np.asarray(image, dtype=np.int16) for image in (one, other))
    return float(np.abs(left - right).mean())


def _check(name: str, letter: ApologyLetter) -> None:
    for number, page in enumerate(_pages(letter), start=1):
        stored = _GOLDEN / f"apology-{name}-{number}.png"
        if os.environ.get("MOTCUA_GOLDEN") == "write":
            _GOLDEN.mkdir(exist_ok=True)
            page.save(stored, optimize=True)
        with Image.open(stored) as expected:
            assert page.size == expected.size
            assert _difference(page, expected) < _MEAN_DIFFERENCE
    assert not (_GOLDEN / f"apology-{name}-{number + 1}.png").exists()


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_the_letter_looks_as_it_did(letter: Make, name: str) -> None:
    _check(name, VARIANTS[name](letter))


def test_the_long_letter_looks_as_it_did(long_letter: ApologyLetter) -> None:
    _check("long", long_letter)


def test_the_comparison_sees_a_changed_word(letter: Make) -> None:
    (page,), (changed,) = _pages(letter()), _pages(letter(reason="Cơ quan phối hợp chưa trả lời."))
    assert _difference(page, changed) > 2 * _MEAN_DIFFERENCE
