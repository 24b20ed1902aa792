"""The due moment again, from the printed lines alone.

No calendar is consulted. The lines must follow one another without gap or overlap, each count must be as
long as its stretch of time, the running totals must add up, and each count must reach what it needs, which
must be what its limit says. Anything else raises ``BadInput`` (``lines_do_not_add_up``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from dossiers.core.errors import BadInput
from sla.limits import Limit, Unit, parse_limit
from sla.lines import Line, LineKind, LineUnit, is_midnight
from sla.stages import months_later

_HEADERS = frozenset({LineKind.START, LineKind.FRACTION, LineKind.EXTENSION, LineKind.RESTART})
_MINUTE = timedelta(minutes=1)


def recompute(lines: Sequence[Line]) -> datetime:
    """The due moment in UTC that the lines lead to. Raises ``BadInput`` (``lines_do_not_add_up``)."""
    return _Reader(lines).read()


class _Reader:
    """Reads the lines in order, keeping what the count needs and has."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.index = 0
        self.limit = Limit(Decimal(0), Unit.CLOCK_HOUR)
        self.unit = LineUnit.MINUTE
        self.need = 0
        self.total = 0
        self.first_day_seen = False
        self.fraction_owed = False

    def read(self) -> datetime:
        lines = self.lines
        self._demand(len(lines) >= 2 and lines[0].kind is LineKind.START, "thiếu dòng bắt đầu")
        at = lines[0].start
        for self.index, line in enumerate(lines):
            self._demand(line.start == at and line.end >= line.start, "các dòng không nối liền nhau")
            at += line.end - line.start
            after_pause = self.index > 0 and lines[self.index - 1].kind is LineKind.PAUSE
            self._demand(after_pause == (line.kind is LineKind.RESUME), "tạm dừng mà không tính tiếp")
            if line.kind in _HEADERS or (line.kind is LineKind.RESUME and line.limit):
                self._open(line)
            else:
                self._continue(line)
        last = lines[-1]
        self._demand(last.kind is LineKind.DUE and last.start == at, "thiếu dòng hết hạn")
        return at.astimezone(UTC)

    def _open(self, line: Line) -> None:
        self._demand((line.kind is LineKind.START) == (self.index == 0), "bắt đầu hai lần")
        if line.kind in (LineKind.EXTENSION, LineKind.FRACTION):
            self._demand(self.total == self.need, "chưa đủ thời hạn đã chuyển sang phần sau")
            self._demand(self.fraction_owed == (line.kind is LineKind.FRACTION), "phần lẻ sai chỗ")
        self._demand(line.kind is LineKind.RESTART or line.start == line.end, "dòng mở đầu có độ dài")
        self._demand(line.total == line.counted == 0 <= line.need, "dòng mở đầu đã tính sẵn")
        self.limit, self.unit = parse_limit(line.limit), line.unit
        self.need, self.total = line.need, 0
        self.first_day_seen = False
        self._demand(self._needed(line), f"{line.need} không đúng với thời hạn “{line.limit}”")

    def _needed(self, line: Line) -> bool:
        """Whether the need follows from the limit; months are checked when their first day is known."""
        amount, unit = self.limit.amount, self.limit.unit
        whole = int(amount)
        self.fraction_owed = False
        if line.unit is LineUnit.MINUTE:
            if unit is Unit.WORKING_DAY:
                part = amount - whole if line.kind is LineKind.FRACTION else amount
                return line.need == part * line.day_minutes and (line.day_minutes > 0 or not amount)
            return unit in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR) and line.need == amount * 60
        if line.unit is LineUnit.WORKING_DAY:
            self.fraction_owed = unit is Unit.WORKING_DAY and amount != whole
            return (unit is Unit.WORKING_DAY and line.need == whole) or (
                unit is Unit.SAME_DAY and line.need == 1
            )
        if unit in (Unit.MONTH, Unit.YEAR):
            return True
        return line.need == whole * {Unit.CALENDAR_DAY: 1, Unit.WEEK: 7}.get(unit, -1)

    def _continue(self, line: Line) -> None:
        self._demand(line.unit is self.unit, "đơn vị đổi giữa chừng")
        self._demand(not line.need and not line.limit, "dòng này không mở phép tính mới")
        self.total += line.counted
        self._demand(line.total == self.total <= self.need, "cộng dồn sai")
        if line.kind is LineKind.COUNT:
            self._demand(line.counted == self._length(line), "số đếm không khớp khoảng thời gian")
        else:
            self._demand(line.counted == 0, "dòng này không được tính")
        if line.kind is LineKind.FIRST_DAY:
            self._first_day(line)
        elif line.kind is LineKind.PAUSE:
            self.first_day_seen = False
        elif line.kind in (LineKind.ROLL, LineKind.SHIFT_END):
            self._demand(self.total == self.need, "chưa đủ thời hạn đã kết thúc")
        elif line.kind in (LineKind.DUE, LineKind.RESUME):
            self._demand(line.start == line.end, "dòng đánh dấu có độ dài")
        if line.kind is LineKind.DUE:
            self._demand(self.total == self.need and not self.fraction_owed, "chưa đủ thời hạn")
            self._demand(self.index == len(self.lines) - 1, "còn dòng sau khi hết hạn")

    def _first_day(self, line: Line) -> None:
        """The first day ends by its midnight; the first of a limit in months fixes how many days it has."""
        day = line.start.date()
        ends = line.end == line.start or (line.end - _MINUTE).date() == day
        self._demand(ends and self.unit is not LineUnit.MINUTE, "ngày đầu dài quá một ngày")
        months = self.limit.unit in (Unit.MONTH, Unit.YEAR)
        if months and self.total == 0 and not self._stopped_before():
            each = 12 if self.limit.unit is Unit.YEAR else 1
            days = _days_of_months(day, int(self.limit.amount) * each)
            self._demand(self.need == days, f"{self.need} ngày không đúng với thời hạn {self.limit}")
        self.first_day_seen = True

    def _stopped_before(self) -> bool:
        """Whether a first day stands between the line that opened this count and the present one."""
        for line in reversed(self.lines[: self.index]):
            if line.kind is LineKind.FIRST_DAY:
                return True
            if line.limit:
                return False
        return False

    def _length(self, line: Line) -> int:
        """Minutes of the stretch, or the dates it touches; days are whole and follow a first day."""
        if line.unit is LineUnit.MINUTE:
            return (line.end - line.start) // _MINUTE
        if self.limit.unit is not Unit.SAME_DAY:
            self._demand(self.first_day_seen, "đếm khi chưa qua ngày đầu")
            self._demand(is_midnight(line.start), "ngày được đếm không trọn")
        last = line.end - _MINUTE if line.end > line.start else line.end
        return (last.date() - line.start.date()).days + 1

    def _demand(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise BadInput(
                f"Các dòng tính hạn không khớp: {otherwise}.",
                code="lines_do_not_add_up",
                where=f"dòng {self.index + 1}",
                hint="Bản in đã bị sửa hoặc thiếu dòng; tính lại từ hồ sơ gốc.",
            )


def _days_of_months(day: date, months: int) -> int:
    return (months_later(day, months) - day).days
