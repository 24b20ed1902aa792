"""Text and dates as a clerk writes them, and outside text made safe to print.

Only characters of ``REPERTOIRE`` are printed: the letter font has every one of them in every face, so no
other font is ever mixed in. Whatever else arrives is dropped (controls, direction marks) or shown as "?".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

from dossiers.core.errors import BadInput
from dossiers.core.said import Said

VIETNAM_OFFSET_MINUTES = 420
"""Vietnam is at UTC+7 all year."""

_RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00AC),  # Latin-1
    (0x00AE, 0x0137),  # Latin-1 and Latin Extended-A, for foreign names
    (0x0139, 0x0148),
    (0x014A, 0x0165),
    (0x0168, 0x017F),
    (0x01A0, 0x01A1),  # Ơ ơ
    (0x01AF, 0x01B0),  # Ư ư
    (0x0218, 0x021B),
    (0x0391, 0x03A1),  # Greek and Cyrillic
    (0x03A3, 0x03A9),
    (0x03B1, 0x03C9),
    (0x0400, 0x045F),
    (0x1EA0, 0x1EF9),  # Vietnamese letters with tones
    (0x2013, 0x2014),  # punctuation and signs
    (0x2018, 0x201A),
    (0x201C, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20AB, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
REPERTOIRE = frozenset(chr(point) for first, last in _RANGES for point in range(first, last + 1))
"""Every character a letter may print."""

UNPRINTABLE = "?"
"""Stands for a visible character the letter font does not have."""

_SAME_AS = {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2015": "—", "\u2043": "-"}
_LINE_BREAKS = re.compile("\r\n?|[\n\v\f\x85\u2028\u2029]")
LONGEST_TOKEN = 30
"""Characters without a space that fit a line of the body, were they all W; longer ones may be broken."""
LONGEST_NARROW_TOKEN = 14
"""The same in a column of the letterhead or of the signature block."""
LONGEST_CELL_TOKEN = 9
"""The same in a cell of a table."""
_PROCEDURE = "thủ tục "
_PIECE = 8
_CELL_PIECE = 4
_BREAK_HERE = "\u200b"
"""Zero-width space: takes no room, draws nothing, lets a line end."""


def one_line(text: str, *, longest: int = LONGEST_TOKEN) -> str:
    """The text in NFC on one line, in printable characters only, without needless spaces.

    A token longer than ``longest`` may be broken at a line end.
    """
    return " ".join(_broken(token, longest) for token in _printable(text).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """The text's non-empty lines, each made printable as by ``one_line``."""
    lines = (one_line(line) for line in _LINE_BREAKS.split(text))
    return tuple(line for line in lines if line)


def date_parts(day: date) -> tuple[str, str, str]:
    """``("ngày 05", "tháng 11", "năm 2026")``.

    Days below 10 and the months 1 and 2 take a leading zero (NĐ 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return (f"ngày {day.day:02d}", f"tháng {month}", f"năm {day.year}")


def sentence_start(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts with a capital first letter."""
    return (parts[0][:1].upper() + parts[0][1:], *parts[1:])


def time_parts(moment: datetime) -> tuple[str, ...]:
    """``("14 giờ", "30 phút,", "ngày 20", "tháng 11", "năm 2026")``: time first, as forms print it."""
    return (f"{moment:%H} giờ", f"{moment:%M} phút,", *date_parts(moment.date()))


def short_time(moment: datetime) -> tuple[str, ...]:
    """``("14 giờ", "30 phút,", "ngày 20/11/2026")``, where a table leaves little room."""
    return (f"{moment:%H} giờ", f"{moment:%M} phút,", f"ngày {moment:%d/%m/%Y}")


def stamp(moment: datetime) -> str:
    """``20/11/2026 14:30:05 +07:00``, as the line under a digital signature."""
    return f"{moment:%d/%m/%Y %H:%M:%S} {moment.isoformat()[-6:]}"


def local(moment: datetime, offset_minutes: int, *, where: str) -> datetime:
    """The moment on the wall clock ``offset_minutes`` ahead of UTC.

    Raises ``BadInput`` (``datetime_naive``, ``utc_offset_out_of_range``).
    """
    if moment.utcoffset() is None:
        raise BadInput(
            "Thời điểm phải kèm múi giờ.",
            code="datetime_naive",
            where=where,
            hint="Ghi thời điểm theo giờ UTC hoặc kèm độ lệch múi giờ, ví dụ +07:00.",
        )
    if abs(offset_minutes) >= 24 * 60:
        raise BadInput(
            Said("Độ lệch múi giờ {minutes} phút không hợp lệ.", minutes=offset_minutes),
            code="utc_offset_out_of_range",
            where="offset_minutes",
            hint="Giờ Việt Nam là 420 phút.",
        )
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)))


def required(text: str, *, where: str, longest: int = LONGEST_TOKEN) -> str:
    """The text as ``one_line``; raises ``BadInput`` (``letter_field_empty``) when nothing is left of it."""
    cleaned = one_line(text, longest=longest)
    if not cleaned:
        raise BadInput(
            "Văn bản còn thiếu nội dung bắt buộc.",
            code="letter_field_empty",
            where=where,
            hint="Điền nội dung rồi lập lại văn bản.",
        )
    return cleaned


def procedure_name(text: str) -> str:
    """The name of a procedure as it follows "thủ tục hành chính": without "Thủ tục" of its own."""
    name = required(text, where="procedure")
    rest = name[len(_PROCEDURE) :]
    return rest[:1].upper() + rest[1:] if name.lower().startswith(_PROCEDURE) and rest else name


def optional(text: str | None, *, longest: int = LONGEST_TOKEN) -> str | None:
    """The text as ``one_line``; None when nothing is left of it, and the form then prints a dotted line."""
    return one_line(text or "", longest=longest) or None


def breakable(code: str) -> str:
    """The code, which may end a line after a hyphen."""
    return code.replace("-", "-" + _BREAK_HERE)


def _printable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(_printed(character) for character in composed)


def _printed(character: str) -> str:
    if character in REPERTOIRE:
        return " " if character == "\xa0" else character
    if character in _SAME_AS:
        return _SAME_AS[character]
    category = unicodedata.category(character)
    if character.isspace() or category.startswith("Z"):
        return " "
    if category[0] in "CM":
        return ""
    compatible = unicodedata.normalize("NFKC", character)
    if all(part in REPERTOIRE for part in compatible):
        return compatible
    return UNPRINTABLE


def _broken(token: str, longest: int) -> str:
    if len(token) <= longest:
        return token
    size = _PIECE if longest > LONGEST_CELL_TOKEN else _CELL_PIECE
    pieces = [token[start : start + size] for start in range(0, len(token), size)]
    return _BREAK_HERE.join(pieces)
