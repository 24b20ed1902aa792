"""The letter font: every Vietnamese letter in every face, and the metrics of Times."""

from __future__ import annotations

import io
import string
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from sla.letters.rendering import FONT_FAMILY, font_files
from sla.letters.wording import REPERTOIRE

_BASES = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_LOWER = {unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES} | {"đ"}
VIETNAMESE = _LOWER | {letter.upper() for letter in _LOWER} | set(string.ascii_letters)

_FACES = {path.stem: path for path in font_files()}

# Advance widths of Times New Roman and its metric twins (Liberation Serif 2, Tinos), thousandths of an em.
_TIMES = {
    "texgyretermes-regular": {"a": 444, "n": 500, "i": 278, "H": 722, "M": 889, "0": 500, ".": 250, " ": 250},
    "texgyretermes-bold": {"a": 500, "n": 556, "i": 278, "H": 778, "M": 944, "0": 500, ".": 250, " ": 250},
    "texgyretermes-italic": {"a": 500, "n": 500, "i": 278, "H": 722, "M": 833, "0": 500, ".": 250, " ": 250},
    "texgyretermes-bolditalic": {
        "a": 500,
        "n": 556,
        "i": 278,
        "H": 778,
        "M": 889,
        "0": 500,
        ".": 250,
        " ": 250,
    },
}


def _font(path: Path) -> TTFont:
    return TTFont(io.BytesIO(path.read_bytes()))


def test_the_family_has_its_four_faces() -> None:
    assert set(_FACES) == set(_TIMES)
    assert {_font(path)["name"].getBestFamilyName() for path in _FACES.values()} == {FONT_FAMILY}


@pytest.mark.parametrize("face", sorted(_TIMES))
def test_every_vietnamese_letter_and_everything_a_letter_may_print_is_in_every_face(face: str) -> None:
    cmap = _font(_FACES[face]).getBestCmap()
    assert len(_LOWER) == 12 * 6 + 1
    assert not [letter for letter in sorted(VIETNAMESE | set("–—“”…")) if ord(letter) not in cmap]
    assert not [sign for sign in sorted(REPERTOIRE) if ord(sign) not in cmap]


@pytest.mark.parametrize("face", sorted(_TIMES))
def test_capitals_of_everything_a_letter_may_print_are_in_every_face(face: str) -> None:
    cmap = _font(_FACES[face]).getBestCmap()
    assert not [sign for sign in sorted(REPERTOIRE) if any(ord(up) not in cmap for up in sign.upper())]


@pytest.mark.parametrize("face", sorted(_TIMES))
def test_letters_are_as_wide_as_in_times_and_a_tone_changes_no_width(face: str) -> None:
    font = _font(_FACES[face])
    cmap, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    width = {sign: widths[cmap[ord(sign)]][0] * 1000 / em for sign in REPERTOIRE}
    assert {sign: width[sign] for sign in _TIMES[face]} == pytest.approx(_TIMES[face], abs=1)
    for base in "aăâeêioôơuưy" + "AĂÂEÊIOÔƠUƯY":
        toned = {unicodedata.normalize("NFC", base + tone) for tone in _TONES}
        assert {width[sign] for sign in toned} == {width[base]}
    assert all(width[marked] == width[plain] for marked, plain in zip("ăâêôĂÂÊÔ", "aaeoAAEO", strict=True))
