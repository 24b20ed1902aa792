"""Texts the catalogue's extract cut short: where a cut may hide a limit it must not pass unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sla.limit_texts.acts import CHANNEL
from sla.limit_texts.clauses import OPENER, clauses
from sla.limit_texts.model import Note, NoteKind, Piece, Reading, ReadLimit, Source, Verdict
from sla.limit_texts.prose import Prose, read_prose
from sla.limit_texts.starts import from_reception
from sla.limit_texts.times import Shape, find_times
from sla.limit_texts.words import fold, normalise

TEXT_KEPT = 300
"""Characters of a description the extract keeps; a longer one ends there."""
UNIT_WORDS_KEPT = 120
"""The same for the raw unit words."""

_NO_UNIT = re.compile(r"(?:^|\s)O(?:T(?:H(?:E(?:R)?)?)?)?$")
_HALF_UNIT = re.compile(r"\b(?P<unit>ngày|giờ) làm(?: v(?:i(?:ê|ệ)?)?)?$")
_OPEN_UNIT = re.compile(
    r"(?<!\d)(?P<lost>\d[\d.,]*(?: ?\([^()]*\)?)? ?"
    r"(?:n(?:g(?:à|ày(?: l|là)?)?)?|g(?:i(?:ờ(?: l|là)?)?)?|t(?:h[áa]?n?g?)?))$"
)
_OPEN_NUMBER = re.compile(
    r"\b(?:không quá|thời hạn|thời gian|trong vòng|tối đa|chậm nhất|tăng thêm) (?P<lost>\(?\d[\d.,]*\)?)$"
)
_COMING = re.compile(
    r"\b(?:không quá|trong thời hạn|trong vòng|trong thời gian|tối đa|chậm nhất|tăng thêm|thêm|trong|là)$"
)
_NAMED = re.compile(r"\bthời (?:hạn|gian) (?:giải quyết|thực hiện|trả)\b")
_COUNTING = re.compile(r"\bđược tính\b|\bkhông (?:bao gồm|tính|kể)\b")
_NEW_CASE = re.compile(
    rf"\(?(?:và |hoặc )?(?:{OPENER}|(?:thời hạn|thời gian)\b|riêng|cấp|đổi)(?!.*được tính)"
)
_LATE_CASE = re.compile(
    r"[,(]\s*(?:(?:trong )?trường hợp|đối với)\b"
    r"(?![^;]*\b(?:phải|thì|có văn bản|trả lời|nêu rõ|thông báo)\b)[^;)]*$"
)

_OPEN_CASE = re.compile(rf"\(\s*{OPENER}[^()]*$")
_OPEN_START = re.compile(r"[\s,(]*(?P<start>(?:kể |tính )?từ\b[^,;:.(]*)?")


@dataclass(frozen=True, slots=True)
class Description:
    """A text read. ``cut``: it ends where the extract ends; ``cut_short``: while a limit was being stated."""

    prose: Prose
    cut: bool = False
    cut_short: bool = False

    def understood(self, *limits: ReadLimit, note: NoteKind | None = None) -> Reading:
        """A reading of these limits, by default those of the text."""
        notes = self.prose.notes
        if note:
            notes = (*notes, Note(note, Piece(self.prose.text, 0, len(self.prose.text))))
        return self.noting_cut(Reading(Verdict.UNDERSTOOD, limits or self.prose.limits, notes=notes))

    def noting_cut(self, reading: Reading) -> Reading:
        """The reading, saying that its text was cut."""
        if not self.cut:
            return reading
        end = len(self.prose.text)
        return replace(reading, notes=(*reading.notes, Note(NoteKind.TEXT_CUT, Piece("", end, end))))


def description_of(text: str) -> Description:
    """A description column, read with care for its end."""
    return _read(normalise(text), len(text) >= TEXT_KEPT, Source.TEXT)


def unit_words_of(value: str, raw_unit: str) -> Description:
    """The value and the raw unit words as one text, without the filler “OTHER”."""
    words = normalise(raw_unit)
    filled = _NO_UNIT.search(words)
    cut = len(raw_unit) >= UNIT_WORDS_KEPT and not filled
    words = words[: filled.start()] if filled else words
    joined = f"{value}{words}" if words.startswith("/") else f"{value} {words}"
    return _read(joined.strip() if words else "", cut, Source.UNIT_WORDS)


def _read(text: str, cut: bool, source: Source) -> Description:
    if not cut:
        return Description(read_prose(text, source))
    low = fold(text)
    if half := _HALF_UNIT.search(low):
        text = text[: half.start()] + f"{half['unit']} làm việc"
        low = fold(text)
    if broken := _OPEN_UNIT.search(low) or _OPEN_NUMBER.search(low):
        kept = read_prose(text[: broken.start("lost")].rstrip(), source)
        lost = Piece(broken["lost"], broken.start("lost"), len(text), source)
        prose = replace(kept, text=text, unread=(*kept.unread, lost), doubts=(*kept.doubts, "text_cut"))
        return Description(prose, cut=True, cut_short=True)
    return Description(read_prose(text, source), cut=True, cut_short=_ends_in_a_limit(text, low))


def _ends_in_a_limit(text: str, low: str) -> bool:
    """Whether after the last time of a cut text another limit, or its case, was being stated."""
    if _COMING.search(low):
        return True
    if low.endswith("."):
        return False
    if _OPEN_CASE.search(low):
        return True
    times = tuple(time for time in find_times(text) if time.shape not in (Shape.DATE, Shape.CLOCK))
    if not times:
        named = _NAMED.search(low)
        return bool(named and not _COUNTING.search(low[named.end() :]))
    last = times[-1].end
    if started := _OPEN_START.fullmatch(low[last:]):
        return len(times) > 1 or not from_reception(started["start"] or "từ")
    for clause in clauses(text, times):
        if clause.start > last and (
            _NEW_CASE.match(clause.words) or _is_listed(clause.words, clause.enumerated)
        ):
            return True
        if clause.start <= last < clause.end and _LATE_CASE.search(low[last : clause.end]):
            return not re.match(r"[\s(]*(?:đối với|trong trường hợp|trường hợp)", low[last:])
    return False


def _is_listed(words: str, enumerated: bool) -> bool:
    return enumerated and not words.startswith("bước") and not CHANNEL.search(words)
