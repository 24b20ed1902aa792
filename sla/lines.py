"""One line of the working behind a deadline, and how a clerk would write it.

The lines of a deadline follow one another without gap or overlap, from the start to the due moment. A line
that opens a count (``start``, ``fraction``, ``extension``, ``restart``, and ``resume`` when nothing had
begun) carries what is needed; ``count`` lines add up to it. ``sla/recompute.py`` checks exactly that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dossiers.core.said import Said, capital, joined
from sla.limits import parse_limit


class LineKind(StrEnum):
    """What a line says about its stretch of time."""

    START = "start"
    FIRST_DAY = "first_day"
    COUNT = "count"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    FRACTION = "fraction"
    EXTENSION = "extension"
    ROLL = "roll"
    SHIFT_END = "shift_end"
    """The end of a night shift after midnight: it belongs to the day already counted."""
    DUE = "due"


class LineUnit(StrEnum):
    """What ``counted``, ``total`` and ``need`` are in."""

    MINUTE = "minute"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"

    def text(self, amount: int) -> str:
        """An amount as a clerk writes it: ``240 phút (4 giờ)``, ``3 ngày làm việc``."""
        if self is LineUnit.WORKING_DAY:
            return Said("{n} ngày làm việc", n=amount)
        if self is LineUnit.CALENDAR_DAY:
            return Said("{n} ngày", n=amount)
        hours, minutes = divmod(amount, 60)
        if not hours:
            return Said("{n} phút", n=amount)
        return Said(
            "{amount} ({parts})",
            amount=Said("{n} phút", n=amount),
            parts=joined(" ", [Said("{n} giờ", n=hours)] + [Said("{n} phút", n=minutes)] * bool(minutes)),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of time and what it counts for.

    ``start`` and ``end`` carry the local offset. ``counted`` is what this stretch adds and ``total`` what
    the count has reached, in ``unit``. ``need``, ``limit`` and ``day_minutes`` stand on lines that open a
    count: how much it needs, the limit it comes from as ``parse_limit`` reads it, and the length of a
    working day. ``reason`` is the why, ``source`` the paper it rests on.
    """

    kind: LineKind
    start: datetime
    end: datetime
    unit: LineUnit
    counted: int = 0
    total: int = 0
    need: int = 0
    limit: str = ""
    day_minutes: int = 0
    reason: str = ""
    source: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as plain data, times in ISO 8601 with the local offset, without empty fields."""
        data: dict[str, Any] = {
            "kind": self.kind.value,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "unit": self.unit.value,
            "counted": self.counted,
            "total": self.total,
        }
        optional: dict[str, Any] = {"need": self.need} if self.limit else {}
        optional |= {"limit": self.limit, "day_minutes": self.day_minutes}
        optional |= {"reason": self.reason, "source": self.source}
        data |= {key: value for key, value in optional.items() if value or key == "need"}
        return data | {"text": self.text}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Line:
        """Read what ``as_dict`` wrote; the text is made again."""
        return cls(
            kind=LineKind(data["kind"]),
            start=datetime.fromisoformat(data["start"]),
            end=datetime.fromisoformat(data["end"]),
            unit=LineUnit(data["unit"]),
            counted=int(data["counted"]),
            total=int(data["total"]),
            need=int(data.get("need", 0)),
            limit=str(data.get("limit", "")),
            day_minutes=int(data.get("day_minutes", 0)),
            reason=str(data.get("reason", "")),
            source=str(data.get("source", "")),
        )

    @property
    def text(self) -> str:
        """The line in Vietnamese, as a clerk would write it."""
        source = Said(" ({source})", source=self.source) if self.source else ""
        return Said("{sentence}{source}.", sentence=self._sentence(), source=source)

    def _sentence(self) -> str:
        because = Said(": {reason}", reason=self.reason) if self.reason else ""
        match self.kind:
            case LineKind.START:
                return Said(
                    "Bắt đầu {start}; thời hạn {limit}", start=moment(self.start), limit=self._limit()
                )
            case LineKind.FRACTION:
                need = self.unit.text(self.need)
                return Said(
                    "Phần lẻ của {limit} là {need} làm việc, tính từ giờ mở cửa tiếp theo",
                    limit=self._limit(),
                    need=need,
                )
            case LineKind.EXTENSION:
                return Said(
                    "Gia hạn thêm {limit} từ {start}{because}",
                    limit=self._limit(),
                    start=moment(self.start),
                    because=because,
                )
            case LineKind.RESTART:
                return Said(
                    "Dừng {stretch}{because}; tính lại từ đầu, thời hạn {limit}",
                    stretch=self._stretch(),
                    because=because,
                    limit=self._limit(),
                )
            case LineKind.PAUSE if self.start == self.end:
                return Said("Tạm dừng từ {start}{because}", start=moment(self.start), because=because)
            case LineKind.PAUSE:
                return Said(
                    "Tạm dừng {stretch}, không tính{because}", stretch=self._stretch(), because=because
                )
            case LineKind.RESUME:
                return Said(
                    "Tính tiếp từ {start}, đã được {total}",
                    start=moment(self.start),
                    total=self.unit.text(self.total),
                )
            case LineKind.FIRST_DAY:
                return Said(
                    "Ngày {start:%d/%m/%Y} là {reason}, không tính",
                    start=self.start,
                    reason=self.reason or Said("ngày đầu"),
                )
            case LineKind.COUNT:
                total = (
                    Said(", cộng dồn {total}", total=self.unit.text(self.total))
                    if self.total != self.counted
                    else ""
                )
                return Said(
                    "{stretch}: {counted}{total}",
                    stretch=capital(self._stretch()),
                    counted=self.unit.text(self.counted),
                    total=total,
                )
            case LineKind.SKIP:
                return Said(
                    "{stretch} không tính{because}", stretch=capital(self._stretch()), because=because
                )
            case LineKind.ROLL:
                return Said(
                    "Kết thúc vào ngày làm việc tiếp theo, {start}{because}",
                    start=day_text(self.start),
                    because=because,
                )
            case LineKind.SHIFT_END:
                return Said("Ca làm việc kéo dài đến {end}, thuộc ngày đã tính", end=moment(self.end))
            case LineKind.DUE:
                return Said("Hết hạn {end}{because}", end=moment(self.end), because=because)

    def _limit(self) -> str:
        return parse_limit(self.limit).label

    def _stretch(self) -> str:
        """The stretch by days when it is whole days (or counts days), else by the minute."""
        last = self.end - timedelta(minutes=1) if self.end > self.start else self.end
        in_days = self.unit is not LineUnit.MINUTE and self.kind is LineKind.COUNT
        if in_days or (is_midnight(self.start) and is_midnight(self.end)):
            if self.start.date() == last.date():
                return day_text(self.start)
            return Said("từ {start} đến {last}", start=day_text(self.start), last=day_text(last))
        if self.start.date() == last.date():
            return Said("từ {start:%H:%M} đến {until}", start=self.start, until=_until(self.end, last))
        return Said("từ {start} đến {until}", start=moment(self.start), until=_until(self.end, last))


def is_midnight(at: datetime) -> bool:
    """Whether a local time is 00:00."""
    return at.hour == 0 and at.minute == 0


def moment(at: datetime) -> str:
    """A local time as printed on a slip: ``14:30 ngày 20/11/2026``."""
    return Said("{at:%H:%M} ngày {at:%d/%m/%Y}", at=at)


def day_text(at: datetime) -> str:
    """A local date: ``ngày 20/11/2026``."""
    return Said("ngày {at:%d/%m/%Y}", at=at)


def _until(end: datetime, last: datetime) -> str:
    return Said("24:00 {last}", last=day_text(last)) if is_midnight(end) and end != last else moment(end)
