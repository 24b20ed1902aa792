"""Limits: how long something may take, with an explicit unit and, for working days, a counting rule.

Units are never mixed silently: a working day, a working hour, a clock hour, a calendar day, a week, a
month, a year and "the same day, or the next working day when received after the cut-off" each have their
own starting rule. See ``docs/deadlines.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from dossiers.core.errors import BadInput
from dossiers.core.said import Said, joined


class Unit(StrEnum):
    """The unit of a limit."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CLOCK_HOUR = "clock_hour"
    CALENDAR_DAY = "calendar_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    SAME_DAY = "same_day"

    @property
    def label(self) -> str:
        """The unit as a Vietnamese clerk writes it."""
        return _LABELS[self]

    @property
    def counts_working_time(self) -> bool:
        """Whether time outside office hours does not count."""
        return self in (Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.SAME_DAY)


_LABELS = {
    Unit.WORKING_HOUR: Said("giờ làm việc"),
    Unit.WORKING_DAY: Said("ngày làm việc"),
    Unit.CLOCK_HOUR: Said("giờ"),
    Unit.CALENDAR_DAY: Said("ngày"),
    Unit.WEEK: Said("tuần"),
    Unit.MONTH: Said("tháng"),
    Unit.YEAR: Said("năm"),
    Unit.SAME_DAY: Said("trong ngày"),
}

_AMOUNTS = {unit: f"{{n}} {label}" for unit, label in _LABELS.items()}

_FRACTIONS_ALLOWED = frozenset({Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.CLOCK_HOUR})


class Rule(StrEnum):
    """How working days are counted; chosen per procedure version."""

    CIVIL_CODE = "civil-code"
    """The first day is not counted and the last ends with the working day (Civil Code 2015, 147-148)."""
    HOUR_FOR_HOUR = "hour-for-hour"
    """A working day is the calendar's day length in working minutes, counted from the moment."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of one unit. ``cut_off`` belongs to ``same_day`` only: received later, due the next day.

    ``cut_off`` is either a time of day, or ``cut_off_before_closing`` minutes before the office closes.
    Received exactly at the cut-off is still in time for the same day.
    """

    amount: Decimal
    unit: Unit
    cut_off: time | None = None
    cut_off_before_closing: int | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise BadInput("Thời hạn không được âm.", code="limit_negative", where=str(self))
        if self.unit not in _FRACTIONS_ALLOWED and self.amount != self.amount.to_integral_value():
            raise BadInput(
                Said("Thời hạn tính bằng “{unit}” phải là số nguyên.", unit=self.unit.label),
                code="limit_fraction_not_allowed",
                where=str(self),
                hint="Chỉ giờ, giờ làm việc và ngày làm việc được có phần lẻ.",
            )
        if self.unit is not Unit.SAME_DAY and (self.cut_off or self.cut_off_before_closing is not None):
            raise BadInput("Giờ chốt chỉ dùng cho thời hạn trong ngày.", code="limit_cut_off_misplaced")
        if (self.cut_off_before_closing or 0) >= 24 * 60:
            raise BadInput(
                "Giờ chốt phải nằm trong ngày làm việc.",
                code="limit_cut_off_too_early",
                where=str(self),
                hint="Viết số phút trước giờ đóng cửa, ví dụ “same_day -60m”.",
            )

    def __str__(self) -> str:
        if self.unit is Unit.SAME_DAY:
            if self.cut_off is not None:
                return f"same_day {self.cut_off:%H:%M}"
            if self.cut_off_before_closing is not None:
                return f"same_day -{self.cut_off_before_closing}m"
            return "same_day"
        return f"{_plain(self.amount)} {self.unit.value}"

    @property
    def label(self) -> str:
        """The limit in Vietnamese: ``0,5 ngày làm việc``."""
        if self.unit is Unit.SAME_DAY:
            if self.cut_off is not None:
                return Said(
                    "trong ngày; nhận sau {cut_off:%H:%M} thì ngày làm việc tiếp theo", cut_off=self.cut_off
                )
            if self.cut_off_before_closing is not None:
                return Said(
                    "trong ngày; nhận trong {cut_off_before_closing} phút cuối giờ làm việc thì ngày làm "
                    "việc tiếp theo",
                    cut_off_before_closing=self.cut_off_before_closing,
                )
            return "trong ngày làm việc"
        return Said(_AMOUNTS[self.unit], n=_plain(self.amount).replace(".", ","))


_TEXT = re.compile(r"(?P<amount>\d+(?:[.,]\d+)?)\s+(?P<unit>[a-z_]+?)s?")
_SAME_DAY = re.compile(r"same_day(?:\s+(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})|-(?P<before>\d+)m))?")


def parse_limit(text: str) -> Limit:
    """Read ``3 working_day``, ``0.5 working_day``, ``24 clock_hour``, ``same_day 15:00``, ``same_day -60m``.

    Raises ``BadInput`` (``limit_unreadable``) for anything else; it never guesses.
    """
    cleaned = " ".join(text.split())
    if same_day := _SAME_DAY.fullmatch(cleaned):
        cut_off = None
        if same_day["hour"] is not None:
            if int(same_day["hour"]) > 23 or int(same_day["minute"]) > 59:
                raise _unreadable(text)
            cut_off = time(int(same_day["hour"]), int(same_day["minute"]))
        before = int(same_day["before"]) if same_day["before"] is not None else None
        return Limit(Decimal(1), Unit.SAME_DAY, cut_off, before)
    found = _TEXT.fullmatch(cleaned)
    if found is None or found["unit"] not in set(Unit) - {Unit.SAME_DAY}:
        raise _unreadable(text)
    try:
        amount = Decimal(found["amount"].replace(",", "."))
    except InvalidOperation as error:
        raise _unreadable(text) from error
    return Limit(amount, Unit(found["unit"]))


def _unreadable(text: str) -> BadInput:
    return BadInput(
        Said("Không đọc được thời hạn “{text}”.", text=text),
        code="limit_unreadable",
        where=text,
        hint=Said(
            "Viết số và đơn vị, ví dụ “3 working_day”, “0.5 working_day”, “24 clock_hour”, “15 "
            "calendar_day”, “2 month” hoặc “same_day 15:00”. Đơn vị: {unit}.",
            unit=joined(", ", Unit),
        ),
    )


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
