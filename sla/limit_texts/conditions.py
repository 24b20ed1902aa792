"""The words around a time that restrict it: conditions before and after it, and labels."""

from __future__ import annotations

import re

from sla.limit_texts.acts import (
    CHANNEL,
    GENERIC,
    PARENTHESES,
    before_inclusion,
    is_channel_case,
    is_instead,
    names_outcome,
)
from sla.limit_texts.clauses import OPENER
from sla.limit_texts.words import any_of, tidy

_PREFIX = re.compile(
    r"(?:\b(?:(?:ngay )?(?:trong|tong|trọng|với|khoảng|là) (?:thời hạn|thời gian|vòng|khoảng)"
    r"|(?:không|không được) (?:vượt )?(?:quá|qúa)|trong|ngay|vòng|khoảng|chậm nhất|muộn nhất|nhiều nhất"
    r"|tối đa|sau|là|thì|cũng|được|toàn bộ|cộng|và|hoặc|với|từ|được thực hiện|kéo dài|hơn|nhưng|có thể)\b"
    r"|(?:(?<=^)|(?<=[,:;]) )(?:thời hạn|thời gian)\b|[\s,:(\-–—+*=])+$"
)
"""Words that only introduce an amount: “trong thời hạn”, “không quá”, “chậm nhất là”."""
_THEN = re.compile(
    r"[,\s]*(?:thì|,) (?:tổng )?(?:thời (?:gian|hạn) )?(?:thực hiện|giải quyết|xử lý)?(?: thủ tục[\w ]*)?$"
)
_BEFORE = re.compile(rf"(?:^|[\s,(:]){OPENER}(?! có\b)")
_AFTER = re.compile(rf"(?P<lead>[\s,(]*)(?P<words>(?:{OPENER}(?! có\b)|với\b)[^;]*)")
_LATER = re.compile(
    r"[\s(](?P<words>(?:đối )?với (?:các )?(?:trường hợp|thủ tục|hồ sơ)\b[^;]*|trong trường hợp\b[^;]*)"
)
_CHECKS = re.compile(any_of("kiểm tra", "thẩm định", "thông báo", "xét tính"))


def condition_before(before: str) -> str:
    """The condition that stands before a time: “Đối với trường hợp ...:”, “Trường hợp ... thì”."""
    found = _BEFORE.search(before)
    if not found:
        return ""
    if before[: found.start()].endswith("thuộc"):
        return _specific(_without_prefix(before))
    words = _specific(_THEN.sub("", _without_prefix(before[found.start() :])))
    return "" if "phí" in words.split() or is_channel_case(words, OPENER) else words


def condition_after(rest: str) -> tuple[str, str]:
    """The condition that follows a time, and the words that remain."""
    found = _AFTER.match(rest)
    if not found:
        return _condition_later(rest)
    if is_instead("," + found["words"]) and "," in found["lead"]:
        return "", rest
    if is_channel_case(found["words"], OPENER):
        return "", rest
    words = _closed(found["words"])
    return tidy(words), rest[found.start("words") + len(words) :]


def _condition_later(rest: str) -> tuple[str, str]:
    """A condition after a few words that name no outcome."""
    plain = PARENTHESES.sub(lambda found: " " * len(found.group()), rest)
    found = _LATER.search(before_inclusion(plain))
    if not found or is_instead("," + found["words"]):
        return "", rest
    if found.start() > 0 and names_outcome(rest[: found.start()]):
        return "", rest
    return tidy(_closed(found["words"])), rest[: found.start()]


def label_of(before: str) -> str:
    """What a limit is labelled with: “Cấp lại:”, “Hội đồng thẩm định:”; empty for general words."""
    words = _without_prefix(before)
    by_channel = CHANNEL.search(words) and not _CHECKS.search(words)
    return "" if not words or GENERIC.fullmatch(words) or by_channel else words


def _closed(words: str) -> str:
    """The words up to where a parenthesis closes that was opened before them."""
    depth = 0
    for at, char in enumerate(words):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return words[:at]
    return words


def _specific(words: str) -> str:
    """A label without the general words after its last colon: “Trường hợp ...: Thời hạn giải quyết”."""
    first, colon, last = tidy(words).rpartition(":")
    return tidy(first) if colon and GENERIC.fullmatch(last) else tidy(words)


def _without_prefix(words: str) -> str:
    return tidy(_PREFIX.sub("", words))
