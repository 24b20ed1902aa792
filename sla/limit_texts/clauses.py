"""A text cut into clauses, each under its heading, and the times in it with the words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from sla.limit_texts.times import Shape, Time
from sla.limit_texts.words import fold

OPENER = (
    r"(?:áp dụng )?(?:chỉ )?(?:riêng )?(?:(?:đối )?với (?:các )?trường hợp|đối với|đối vơi|trong trường hợp"
    r"|(?:các |những )?trường hợp|trường hơp|nếu|tại các xã|với các xã|ở các xã|riêng)\b"
)
"""Words that open a condition."""
STARTS_WITH_OPENER = re.compile(OPENER)

_ENUMERATOR = r"(?:\(?[\da-zđ]{1,3}\)|\d{1,2}(?:\.\d{1,2}){0,3}\.|[a-zđ]\.|\d{1,2}(?:\.\d{1,2}){1,3}(?= \D))"
_LEAD = re.compile(rf"[\s\-–—+*•.,:;]*(?:{_ENUMERATOR}[ :]*)?[\s\-–—+*•]*")
_BREAK = re.compile(
    r"(?P<stop>\.)(?=\s|$)|(?P<tight>\.)(?=[A-ZĐÀ-Ỹ])|(?P<semicolon>;)|\n"
    r"|(?<=[.:;,)]) ?[-–—](?= )|(?<=\S) [+•*](?= ?[A-ZĐÀ-Ỹ\d])|(?<=:) (?=[+*•])"
    r"|(?<=[a-zà-ỹ])(?<!với)(?<!vơi) "
    r"(?=(?:Đối với|Trường hợp|Trong thời hạn|Trong vòng|Không quá|Thời hạn|Thời gian) [a-zà-ỹ\d])"
)
_TIGHT_STOP = re.compile(r"[a-zà-ỹđ)]$")
_HEADING_END = re.compile(r"[:：]\s*$")
_PARTS_HERE = re.compile(r"\b(?:trong đó|bao gồm|gồm)\b(?! (?:nêu|ghi|có|cả))[^.;]{0,80}$")
_PARTS = re.compile(r"\b(?:trong đó|bao gồm|gồm|gồm có|chia ra)\b[^:]{0,40}:?\s*$")
_STRONG = re.compile(
    rf"[,;(:]\s*(?:và |hoặc |thì )?(?:{OPENER}|(?:trong đó|còn|sau đó|bao gồm|gồm|nhưng)\b"
    rf"|(?:không|chưa) (?:bao gồm|tính|kể|gồm)\b)|\s(?={OPENER}[^;]*\bthì\b)"
)
_WEAK = re.compile(r"[,;(/+]| và | hoặc | nhưng ")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of text without its bullet. ``heading`` are the words of the heading above it."""

    start: int
    end: int
    words: str
    heading: str = ""
    of_parts: bool = False
    """Stands under “trong đó:” or the like."""
    enumerated: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A time with the words of its clause before and after it, in lower case."""

    time: Time
    clause: Clause
    before: str
    after: str
    shared: str = ""
    """The condition with a colon that opens the clause, when another time follows it first."""
    nested: bool = False
    """Stands in parentheses after other words."""
    of_parts: bool = False
    """Stands after “trong đó” or the like."""


def clauses(text: str, times: tuple[Time, ...]) -> tuple[Clause, ...]:
    """The clauses of a normalised text, headings passed on to what follows them."""
    low = fold(text)
    spans = _merged(low, _spans(text), times)
    found: list[Clause] = []
    heading, of_parts = "", False
    for start, end in spans:
        lead = _LEAD.match(low, start, end)
        body = lead.end() if lead else start
        words = low[body:end].strip()
        if not words:
            continue
        timed = _timed(times, body, end)
        body = min([body, *(time.start for time in times if start <= time.start < body)])
        found.append(Clause(body, end, words, heading, of_parts, body > start + 1))
        if parts := _PARTS.search(words):
            of_parts = True
            heading = heading if timed or parts.start() < 2 else words
        elif _HEADING_END.search(words) and not timed:
            heading, of_parts = words.rstrip(": "), False
        elif STARTS_WITH_OPENER.match(words) and timed:
            of_parts = False
    return tuple(found)


def _timed(times: tuple[Time, ...], start: int, end: int) -> bool:
    return any(start <= time.start < end and time.shape not in (Shape.DATE, Shape.CLOCK) for time in times)


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    inside = _parenthesised(text)
    for match in _BREAK.finditer(text):
        if any(begin < match.start() < end for begin, end in inside):
            continue
        if match["tight"] and not _TIGHT_STOP.search(text[: match.start()]):
            continue
        if match["stop"] and re.fullmatch(r"[\s\-–—+*•]*\(?[\w.]{1,5}", text[start : match.start()]):
            continue
        spans.append((start, match.start()))
        start = match.end() if match["stop"] or match["semicolon"] or match["tight"] else match.start()
    spans.append((start, len(text)))
    return [(begin, end) for begin, end in spans if begin < end]


def _parenthesised(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\([^()\n]*\)", text)]


def _merged(low: str, spans: list[tuple[int, int]], times: tuple[Time, ...]) -> list[tuple[int, int]]:
    """A condition that lists its cases with semicolons is one clause."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged:
            first, last = merged[-1]
            lead = _LEAD.match(low, first, last)
            head = low[lead.end() if lead else first : last]
            own = _LEAD.match(low, start, end)
            if (
                low[last : last + 1] == ";"
                and STARTS_WITH_OPENER.match(head)
                and not _timed(times, first, last)
                and not (own and own.group().strip(" ;"))
                and not STARTS_WITH_OPENER.match(low[start:end].strip(" ;"))
            ):
                merged[-1] = (first, end)
                continue
        merged.append((start, end))
    return merged


def settings(text: str, times: tuple[Time, ...]) -> tuple[Setting, ...]:
    """Every time with its clause and the words that belong to it rather than to its neighbours."""
    low = fold(text)
    return tuple(setting for clause in clauses(text, times) for setting in _settings(low, clause, times))


def _settings(low: str, clause: Clause, times: tuple[Time, ...]) -> list[Setting]:
    inside = [
        time
        for time in times
        if clause.start <= time.start < clause.end and time.shape not in (Shape.DATE, Shape.CLOCK)
    ]
    if not inside:
        return []
    cuts = [clause.start, *(_cut(low, a.end, b.start) for a, b in pairwise(inside))]
    found: list[Setting] = []
    of_parts, last = clause.of_parts, clause.start
    for time, begin, end in zip(inside, cuts, [*cuts[1:], clause.end], strict=True):
        of_parts = of_parts or bool(_PARTS_HERE.search(low[last : time.start]))
        shared = "" if time is inside[0] else _shared(low[clause.start : inside[0].start])
        nested = _within(low[clause.start : time.start])
        after = low[time.end : max(end, time.end)]
        found.append(Setting(time, clause, low[begin : time.start], after, shared, nested, of_parts))
        last = time.end
    return found


def _shared(words: str) -> str:
    return words.partition(":")[0].strip() if ":" in words and STARTS_WITH_OPENER.match(words) else ""


def _within(words: str) -> bool:
    opened = words.rfind("(")
    return opened > 0 and ")" not in words[opened:] and bool(words[:opened].strip())


def _cut(low: str, start: int, end: int) -> int:
    """Where, between two times of a clause, the words of the first end."""
    gap = low[start:end]
    if closed := re.match(r"\s*\([^()]*\)", gap):
        start += closed.end()
        gap = low[start:end]
    if strong := _STRONG.search(gap):
        return start + strong.start() + 1
    weak = list(_WEAK.finditer(gap))
    return start + weak[-1].start() + 1 if weak else end
