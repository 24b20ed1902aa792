"""The words a calendar is made of: intervals of hours, exceptional days and what a given day is."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from dossiers.core.errors import BadInput
from dossiers.core.said import Said, joined

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = (
    Said("Thứ Hai"),
    Said("Thứ Ba"),
    Said("Thứ Tư"),
    Said("Thứ Năm"),
    Said("Thứ Sáu"),
    Said("Thứ Bảy"),
    Said("Chủ nhật"),
)


class Confidence(StrEnum):
    """How a fact was seen."""

    OFFICIAL_TEXT = "T"
    DECISION = "D"
    THIRD_PARTY = "C"
    TO_VERIFY = "M"


class DayKind(StrEnum):
    """What a day is. A calendar lists only the last three; the first two follow from the weekly hours."""

    NORMAL = "normal"
    """Worked with its weekly hours. In a file that extends another: cancels the inherited exception."""
    WEEKLY_REST = "weekly_rest"
    CLOSED = "closed"
    MAKEUP = "makeup"
    """A rest day worked with the hours of the weekday it replaces (ngày làm bù)."""
    SPECIAL = "special"
    """Worked with hours of its own."""


EXCEPTIONAL_KINDS = (DayKind.CLOSED, DayKind.MAKEUP, DayKind.SPECIAL)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open hours, in minutes from the local midnight of the day they open on.

    ``closes`` is past 1440 when the interval crosses midnight: 19:00-05:00 is ``Interval(1140, 1740)`` and
    belongs wholly to the day it opens on. Nothing longer than 24 hours.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY_MINUTES or not 0 < self.closes - self.opens <= DAY_MINUTES:
            raise BadInput(
                Said(
                    "Khoảng giờ {opens}–{closes} (phút) không hợp lệ.", opens=self.opens, closes=self.closes
                ),
                code="calendar_interval_wrong",
                hint="Giờ mở cửa trong ngày, giờ đóng cửa sau giờ mở cửa và không quá 24 giờ.",
            )

    def __str__(self) -> str:
        closes = self.closes if self.closes <= DAY_MINUTES else self.closes - DAY_MINUTES
        return f"{clock_text(self.opens)}-{clock_text(closes)}"

    @property
    def minutes(self) -> int:
        """How long the interval is."""
        return self.closes - self.opens


_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


def clock_text(minutes: int) -> str:
    """Minutes from midnight as ``07:30``; the end of the day is ``24:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_interval(text: str) -> Interval:
    """Read ``07:30-11:30``, ``00:00-24:00`` or, across midnight, ``19:00-05:00``.

    Raises ``BadInput`` (``calendar_interval_unreadable``).
    """
    found = _INTERVAL.fullmatch(text.strip())
    if found is not None:
        opens, closes = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
        minutes_right = int(found[2]) < 60 and int(found[4]) < 60
        if minutes_right and opens < DAY_MINUTES and 0 <= closes <= DAY_MINUTES and opens != closes:
            return Interval(opens, closes if closes > opens else closes + DAY_MINUTES)
    raise BadInput(
        Said("Không đọc được khoảng giờ “{text}”.", text=text),
        code="calendar_interval_unreadable",
        where=text,
        hint="Viết dạng “07:30-11:30”; ca qua đêm viết “19:00-05:00”; cả ngày viết “00:00-24:00”.",
    )


def check_order(intervals: Sequence[Interval], where: str) -> None:
    """Raise ``BadInput`` (``calendar_intervals_overlap``) unless sorted and apart (touching is allowed)."""
    for earlier, later in pairwise(intervals):
        if later.opens < earlier.closes:
            raise overlap(Said("{earlier} và {later}", earlier=earlier, later=later), where)


def overlap(what: str, where: str) -> BadInput:
    """The error of two intervals that share time, or stand in the wrong order."""
    return BadInput(
        Said("Các khoảng giờ {what} chồng lên nhau hoặc sai thứ tự.", what=what),
        code="calendar_intervals_overlap",
        where=where,
        hint="Ghi các khoảng giờ theo thứ tự, khoảng sau bắt đầu khi khoảng trước đã hết; "
        "ca qua đêm phải hết trước giờ mở cửa hôm sau.",
    )


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A day that does not follow the weekly hours, with the paper that says so."""

    date: datetime.date
    kind: DayKind
    name: str
    source: str
    confidence: Confidence
    replaces: datetime.date | None = None
    hours: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        where = self.date.isoformat()
        if self.kind not in EXCEPTIONAL_KINDS:
            raise BadInput(
                Said("Ngày ngoại lệ không thể thuộc loại “{kind}”.", kind=self.kind),
                code="calendar_day_kind_wrong",
                where=where,
                hint=Said(
                    "Dùng một trong các loại: {exceptional_kinds}.",
                    exceptional_kinds=joined(", ", EXCEPTIONAL_KINDS),
                ),
            )
        if (self.kind is DayKind.MAKEUP) != (self.replaces is not None) or self.replaces == self.date:
            raise BadInput(
                "Ngày làm bù phải nêu ngày nghỉ được làm bù; chỉ ngày làm bù mới nêu.",
                code="calendar_makeup_without_replaced_day",
                where=where,
                hint="Thêm “replaces: <ngày>” vào ngày “makeup”, hoặc bỏ nó ở ngày khác loại.",
            )
        if (self.kind is DayKind.SPECIAL) != bool(self.hours):
            raise BadInput(
                "Ngày có giờ riêng phải ghi giờ; chỉ ngày loại “special” mới ghi giờ.",
                code="calendar_special_without_hours",
                where=where,
                hint="Thêm “hours” vào ngày “special”; ngày không làm việc thì ghi “closed”.",
            )
        check_order(self.hours, where)


@dataclass(frozen=True, slots=True)
class DayStatus:
    """What a day is and who says so: the answer to “why did this day not count?”.

    ``reason`` is written for a citizen: a holiday's name, “Thứ Bảy”, “Làm bù cho ngày 02/01/2026”.
    ``provisional`` days lie after the last official notice.
    """

    date: datetime.date
    working: bool
    kind: DayKind
    reason: str
    source: str
    confidence: Confidence
    provisional: bool
    hours: tuple[Interval, ...]
