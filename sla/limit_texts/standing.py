"""A description that names no time: which case or stage of the procedure its row is about."""

from __future__ import annotations

import re

from sla.limit_texts.acts import AGENCY, CHANNEL, GENERIC, act_of, is_channel_case, label_kind
from sla.limit_texts.clauses import OPENER, STARTS_WITH_OPENER, Clause, clauses
from sla.limit_texts.model import Kind
from sla.limit_texts.roles import Role
from sla.limit_texts.starts import from_reception
from sla.limit_texts.words import tidy

_FEE = re.compile(r"\b(?:phí|lệ phí|mức thu|miễn thu)\b|\d đồng|\busd\b")
_COUNTED = re.compile(r"(?:kể từ|tính từ|sau khi|sau ngày)\b[^,;:.()]*")
_CONDITION_INSIDE = re.compile(rf"[\s,(](?={OPENER})")
_STEP = re.compile(r"\bbước (?:\d+|một|hai|ba|bốn)\b")
_SENTENCE = re.compile(r"^nếu\b|\b(?:thì|phải|được tính|có thể)\b")
_OF_THE_WHOLE = re.compile(
    r"thời (?:hạn|gian) (?:giải quyết|thực hiện)(?: thủ tục)?(?: hành chính)?(?: này)?"
    r" (?:thực hiện|theo|được|tối đa|là|như)\b"
)
_HANDED_IN = re.compile(
    r"\b(?:nộp|gửi)\b[^,;]{0,30}\b(?:hồ sơ|giấy)\b|\bbưu (?:chính|điện)\b|\btrực tuyến\b|\bsự cố\b"
)
_ENDS_AS_LABEL = re.compile(r":\s*$")
_OPEN_END = re.compile(r"\b(?:kể từ|từ) [^.;]*\bđến (?:khi|ngày hết hạn|hết thời hạn)\b")


def ends_elsewhere(low: str) -> bool:
    """Whether the text itself says until when, in words: “kể từ ... đến ngày hết hạn ghi trên giấy phép”."""
    return bool(_OPEN_END.search(low))


def standing_role(text: str) -> Role:
    """The kind and condition a limit gets from a description without times; TOTAL when it says nothing."""
    for at, clause in enumerate(clauses(text, ())):
        if "như sau" in clause.words and CHANNEL.search(clause.words):
            return Role(Kind.TOTAL)
        if role := _role(clause, first=at == 0):
            return role
    return Role(Kind.TOTAL)


def _role(clause: Clause, *, first: bool) -> Role | None:
    words = clause.words
    if _FEE.search(words) or CHANNEL.search(clause.heading):
        return None
    if _STEP.match(words):
        if CHANNEL.search(words):
            return None
        return Role(Kind.STAGE, tidy(words))
    if STARTS_WITH_OPENER.match(words):
        labels = _ENDS_AS_LABEL.search(words) or not _SENTENCE.search(words)
        return (
            None
            if not labels or is_channel_case(words, OPENER) or _HANDED_IN.search(words)
            else Role(Kind.CASE, *_split_start(words))
        )
    if counted := _COUNTED.match(words):
        return _counted(words, counted)
    if CHANNEL.search(words) or GENERIC.fullmatch(words) or _OF_THE_WHOLE.match(words):
        return None
    acts = act_of(words)
    if _ENDS_AS_LABEL.search(words):
        return Role(label_kind(tidy(words)), tidy(words))
    if first and (acts is Kind.STAGE or (acts and (clause.enumerated or "kể từ" in words))):
        counted_from = _COUNTED.search(words)
        start = tidy(counted_from.group()) if counted_from else ""
        if AGENCY.match(words) and (acts is Kind.STAGE or not start or not from_reception(start)):
            return Role(Kind.STAGE, tidy(words), start)
    return None


def _split_start(words: str) -> tuple[str, str]:
    """A condition and, after its colon, what it is counted from."""
    label, colon, rest = words.partition(":")
    if colon and (counted := _COUNTED.match(rest.strip())):
        return tidy(label), tidy(counted.group())
    return tidy(words), ""


def _counted(words: str, counted: re.Match[str]) -> Role | None:
    inside = _CONDITION_INSIDE.search(words)
    start = tidy(words[: inside.start()] if inside and inside.start() < counted.end() else counted.group())
    if not from_reception(start):
        return Role(Kind.STAGE, "", start)
    return Role(Kind.CASE, tidy(words[inside.start() :]), start) if inside else None
