"""Vietnamese text made comparable, and numbers written in digits, words, fractions or both."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?[\n\r\v\f\u2028\u2029]+ ?")
_LOOKALIKES = str.maketrans("ðÐ", "đĐ")


def normalise(text: str) -> str:
    """NFC, one blank between words, lines kept, nothing invisible. Positions in a reading refer to it."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).translate(_LOOKALIKES)
    return _LINE_ENDS.sub("\n", _BLANKS.sub(" ", composed.replace("\r\n", "\n"))).strip()


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Lower case, never changing a position."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def original(text: str, words: str) -> str:
    """Folded words with the capitals of the text they came from."""
    low = fold(text)
    parts = [words] if words in low else words.split("; ")
    return "; ".join(text[at : at + len(part)] if (at := low.find(part)) >= 0 else part for part in parts)


def any_of(*alternatives: str) -> str:
    """A pattern for one of several words or phrases, whole."""
    return rf"\b(?:{'|'.join(alternatives)})\b"


def tidy(words: str) -> str:
    """Words without the punctuation around them."""
    return words.strip(" \t\n,;:.()-–—+*•")


_DIGIT_WORDS = {
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_SCALE_WORDS = ("mười", "mươi", "trăm", "linh", "lẻ")
_WORD = "|".join((*_DIGIT_WORDS, *_SCALE_WORDS))
WORD_NUMBER = rf"\b(?:{_WORD})\b(?: (?:{_WORD})\b){{0,6}}"
DIGIT_NUMBER = r"\d+(?:[.,]\d+)?"
_GLYPHS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_FRACTION = re.compile(r"([1-3]) ?/ ?([24])")
FRACTION = r"[1-3] ?/ ?[24](?![\d/.,])"


def read_number(words: str) -> Decimal | None:
    """``15``, ``1,5``, ``½``, ``1/2``, ``nửa`` or ``mười lăm``; None when it is no number."""
    words = fold(words).strip(" ()")
    if words in _GLYPHS:
        return _GLYPHS[words]
    if words == "nửa":
        return Decimal("0.5")
    if (fraction := _FRACTION.fullmatch(words)) and int(fraction[1]) < int(fraction[2]):
        return Decimal(fraction[1]) / Decimal(fraction[2])
    if re.fullmatch(DIGIT_NUMBER, words):
        _, _, decimals = words.replace(",", ".").partition(".")
        return None if len(decimals) > 2 else Decimal(words.replace(",", "."))  # 3.000 is three thousand
    return _spelled(words.split())


def _spelled(tokens: list[str]) -> Decimal | None:
    """A number below a thousand, or None when the words do not make one."""
    if not tokens:
        return None
    hundreds = 0
    if len(tokens) > 1 and tokens[1] == "trăm" and tokens[0] in _DIGIT_WORDS:
        hundreds, tokens = _DIGIT_WORDS[tokens[0]] * 100, tokens[2:]
        if tokens and tokens[0] in ("linh", "lẻ"):
            tokens = tokens[1:]
            return Decimal(hundreds + _DIGIT_WORDS[tokens[0]]) if _is_digit(tokens) else None
    if not tokens:
        return Decimal(hundreds)
    if tokens[0] == "mười":
        tens, tokens = 10, tokens[1:]
    elif len(tokens) > 1 and tokens[1] == "mươi" and tokens[0] in _DIGIT_WORDS:
        tens, tokens = _DIGIT_WORDS[tokens[0]] * 10, tokens[2:]
    else:
        tens = 0
    if not tokens:
        return Decimal(hundreds + tens)
    if tens and tokens == ["năm"]:  # fifteen is “mười lăm”; “mười năm” are ten years
        return None
    return Decimal(hundreds + tens + _DIGIT_WORDS[tokens[0]]) if _is_digit(tokens) else None


def _is_digit(tokens: list[str]) -> bool:
    return len(tokens) == 1 and tokens[0] in _DIGIT_WORDS
