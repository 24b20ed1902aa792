"""Every time in a text: durations, ranges, “trong ngày”, “ngày làm việc tiếp theo”, clock times, dates.

A duration that is not plainly one limit keeps a ``code`` that says why and the limits it may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sla.limit_texts.words import DIGIT_NUMBER, FRACTION, WORD_NUMBER, fold, read_number
from sla.limits import Limit, Unit


class Shape(StrEnum):
    """What sort of time some words are."""

    DURATION = "duration"
    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    CLOCK = "clock"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Time:
    """A time where it stands. ``limits``: the one limit it is, or with a ``code``, those it may be."""

    start: int
    end: int
    shape: Shape
    limits: tuple[Limit, ...] = ()
    code: str = ""
    hour: tuple[int, int] = (0, 0)


_UNIT_WORDS = (
    r"(?:ngày|giờ) ?(?:ngày ?)?làm ?việc\b|(?:ngày|giờ) ?\( ?làm việc ?\)|giờ hành chính\b"
    r"|ngày\b|giờ\b|phút\b|tuần\b|tháng\b|năm\b"
)
_FIGURE = rf"(?:{FRACTION}|{DIGIT_NUMBER}|[½¼¾])"
_AMOUNT = rf"(?:{_FIGURE}|{WORD_NUMBER}|\bnửa\b)"
_SPELLING = rf"(?: ?\( ?(?P<again>{_AMOUNT}) ?\))?"
_DURATION = re.compile(
    rf"(?<!\d)(?<!\d[.,/])(?:(?P<low>{_AMOUNT})(?P<link> ?(?:-|–|—|đến|tới|hoặc|hay|và|/) ?|, ))?"
    rf"(?P<amount>{_AMOUNT}|\( ?{DIGIT_NUMBER} ?\)){_SPELLING} ?(?P<unit>{_UNIT_WORDS})"
    r"(?: (?P<half>rưỡi)\b)?(?P<more> làm\b| lịch\b| theo lịch\b| liên tục\b)?"
)
_LEFT_OVER = re.compile(rf"[\d.,/]*\d ?(?:{_UNIT_WORDS})")
_NOT_A_UNIT = re.compile(r" ?(?:học\b|thứ\b|kế hoạch\b|liền\b|tài chính\b)")

_DATES = re.compile(
    r"(?:ngày )?\b\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4}\b"
    r"|\bngày \d{1,2} tháng (?:\d{1,2}\b(?! ngày)(?:,? năm \d{4}\b)?"
    r"|(?:đầu|cuối|này|sau|cùng|hàng|hằng|kế|liền)\b)"
    r"|\b(?:[1-9]|[12]\d|3[01]|0[1-9]) tháng (?:0?[1-9]|1[0-2])\b(?! ?(?:ngày|giờ|tuần|tháng|năm \D|\())"
    r"(?:,? năm \d{4}\b)?"
    r"|\b(?:ngày )?(?:0?[1-9]|[12]\d|3[01]) ?/ ?(?:0?[1-9]|1[0-2])\b"
    r"(?! ?(?:/|ngày|giờ|tháng|tuần|năm\b(?! (?:trước|sau|kế|liền|tiếp|nay|học))))"
    r"|\btháng \d{1,2}(?: ?/ ?\d{4}|,? năm \d{4})\b|\bnăm (?:19|20)\d\d\b"
    r"|\b(?:trước|vào|đến|hết) ngày \d{1,2}\b(?! tháng \d| ?/)"
)
_CLOCK = re.compile(
    r"(?P<lead>\b(?:sau|trước|lúc|hồi|từ|đến) )(?P<hour>[01]?\d|2[0-4]) ?(?:giờ|h\b|g\b)"
    r"(?: ?(?P<minute>[0-5]\d)\b(?: ?phút\b)?)?(?! ?\(?(?:làm việc|kể từ|tính từ|kể|liên tục|,? ?kể từ))"
    r"|\b(?P<hour2>[01]?\d|2[0-3]) ?(?:giờ|h)"
    r"(?: ?(?P<minute2>[0-5]\d)\b(?! ?phút)|(?= cùng ngày| hàng ngày| hằng ngày))"
)
_SAME_DAY = re.compile(
    r"\b(?:ngay )?trong (?:cùng )?(?:một )?ngày(?P<working> làm việc)?"
    r"(?! ?(?:làm việc )?(?:tiếp theo|kế tiếp|liền kề|hôm sau|sau)\b)(?P<after>[^\w]*(?:\w+)?)"
)
_SAME_DAY_GUARD = re.compile(r"(?:lần|các ngày|giờ|buổi|thời điểm|không|ca) $")
_SAME_DAY_AFTER = re.compile(
    r"làm|tiếp|nhận|cơ|cqđd|đối|sau|khi|hoặc|kể|hồ|nếu|mà|trường|và|ủy|uỷ|công|bộ|sở|giải|trả|nộp|có|để|tổ|thì"
)
"""First words that may follow “trong ngày” without making it the day of some event."""
_NEXT_DAY = re.compile(
    r"\b(?:trong |vào |là |đầu giờ |sang )?(?:một |01 )?ngày (?P<working>làm việc )?"
    r"(?:tiếp theo|kế tiếp|liền kề|hôm sau)\b"
)
_UNITS = {"tuần": Unit.WEEK, "tháng": Unit.MONTH, "năm": Unit.YEAR}
_LARGEST = 10_000


def find_times(text: str) -> tuple[Time, ...]:
    """All times of a normalised text, in order, never overlapping."""
    low = fold(text)
    found: list[Time] = []
    for pattern, build in _FINDERS:
        for match in pattern.finditer(low):
            if (time := build(low, match)) is not None:
                found.append(time)
        low = _masked(low, found)
    return _compounds(fold(text), sorted(found, key=lambda time: time.start))


def _left_over(_: str, match: re.Match[str]) -> Time:
    return Time(match.start(), match.end(), Shape.DURATION, (), "numbers_disagree")


def _masked(text: str, times: list[Time]) -> str:
    chars = list(text)
    for time in times:
        chars[time.start : time.end] = "\0" * (time.end - time.start)
    return "".join(chars)


def _date(_: str, match: re.Match[str]) -> Time:
    return Time(match.start(), match.end(), Shape.DATE)


def _clock(_: str, match: re.Match[str]) -> Time:
    hour, minute = (
        (match["hour"], match["minute"]) if match["hour"] is not None else (match["hour2"], match["minute2"])
    )
    start = match.end("lead") if match["lead"] else match.start()
    return Time(start, match.end(), Shape.CLOCK, hour=(int(hour), int(minute or 0)))


def _next_day(_: str, match: re.Match[str]) -> Time:
    if match["working"]:
        return Time(match.start(), match.end(), Shape.NEXT_DAY, (Limit(Decimal(1), Unit.WORKING_DAY),))
    both = (Limit(Decimal(1), Unit.CALENDAR_DAY), Limit(Decimal(1), Unit.WORKING_DAY))
    return Time(match.start(), match.end(), Shape.NEXT_DAY, both, "unit_unclear")


def _same_day(text: str, match: re.Match[str]) -> Time | None:
    if _SAME_DAY_GUARD.search(text[: match.start()]):
        return None
    after = match["after"].strip()
    word = after.strip(" ,.;:()-").strip()
    start, end = match.start(), match.start("after")
    if match["working"] or not word or after[:1] in ",.;:()-" or _SAME_DAY_AFTER.fullmatch(word):
        return Time(start, end, Shape.SAME_DAY, (Limit(Decimal(1), Unit.SAME_DAY),))
    return Time(start, end, Shape.SAME_DAY, (Limit(Decimal(1), Unit.SAME_DAY),), "role_unclear")


def _duration(text: str, match: re.Match[str]) -> Time | None:
    unit = match["unit"]
    if re.search(r"\bthứ $", text[: match.start()]) and not match["amount"][:1].isdigit():
        return None
    amount = read_number(match["amount"])
    more = (match["more"] or "").strip()
    start, end = match.start(), match.end("unit") if more == "làm" else match.end()
    if match["low"] and (whole := read_number(match["low"] + "/" + match["amount"])) and "/" in match["link"]:
        amount = whole
    elif match["low"]:
        low = read_number(match["low"])
        amounts = [each for each in (low, amount) if each is not None]
        return Time(start, end, Shape.DURATION, _maybe(amounts, unit), "range")
    if amount is None:
        return Time(start, end, Shape.DURATION, (), "numbers_disagree")
    if match["again"] and (again := read_number(match["again"])) != amount:
        amounts = [amount] if again is None else [amount, again]
        return Time(start, end, Shape.DURATION, _maybe(amounts, unit), "numbers_disagree")
    if match["half"]:
        amount += Decimal("0.5")
    if more == "làm" or (unit == "năm" and _NOT_A_UNIT.match(text, end)):
        return Time(start, end, Shape.DURATION, (), "unit_unclear" if more else "role_unclear")
    limits, code = _limits(amount, unit, more)
    return Time(start, end, Shape.DURATION, limits, code)


def _limits(amount: Decimal, unit: str, more: str) -> tuple[tuple[Limit, ...], str]:
    """The limit an amount and a unit word are, or those they may be and why."""
    if amount == 0:
        return (), "zero"
    if amount > _LARGEST:
        return (), "too_large"
    if unit.startswith("phút"):
        hours = amount / 60
        exact = hours * 60 == amount and hours == hours.quantize(Decimal("0.0001"))
        return (_hours(hours) if exact else ()), "hour_kind_unknown"
    if unit.startswith("giờ"):
        if "làm" in unit or "hành chính" in unit:
            return (Limit(amount, Unit.WORKING_HOUR),), ""
        if more == "liên tục" or amount % 24 == 0:
            return (Limit(amount, Unit.CLOCK_HOUR),), ""
        return _hours(amount), "hour_kind_unknown"
    if "làm" in unit:
        return (Limit(amount, Unit.WORKING_DAY),), ""
    if amount != amount.to_integral_value():
        return ((Limit(amount, Unit.WORKING_DAY),) if unit == "ngày" else ()), "fraction"
    return (Limit(amount, _UNITS.get(unit, Unit.CALENDAR_DAY)),), ""


def _hours(amount: Decimal) -> tuple[Limit, ...]:
    return Limit(amount, Unit.WORKING_HOUR), Limit(amount, Unit.CLOCK_HOUR)


def _maybe(amounts: list[Decimal], unit: str) -> tuple[Limit, ...]:
    return tuple(limit for amount in amounts for limit in _limits(amount, unit, "")[0])


_JOINS = re.compile(r"(?: |, ?)?(?P<word>và|\+|cộng|hoặc|hay)? ?")


def _compounds(text: str, times: list[Time]) -> tuple[Time, ...]:
    """Durations side by side are one: “02 tháng và 15 ngày làm việc” a sum, “01 hoặc 05 ngày” a choice."""
    joined: list[Time] = []
    for time in times:
        last = joined[-1] if joined else None
        if last and last.shape is time.shape is Shape.DURATION:
            gap = _JOINS.fullmatch(text, last.end, time.start)
            if gap and (gap["word"] or text[last.end : time.start] == " "):
                code = "range" if gap["word"] in ("hoặc", "hay") else "mixed_units"
                both = last.limits + time.limits
                joined[-1] = Time(last.start, time.end, Shape.DURATION, both, code)
                continue
        joined.append(time)
    return tuple(joined)


_FINDERS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Time | None]], ...] = (
    (_DATES, _date),
    (_CLOCK, _clock),
    (_DURATION, _duration),
    (_LEFT_OVER, _left_over),
    (_NEXT_DAY, _next_day),
    (_SAME_DAY, _same_day),
)
