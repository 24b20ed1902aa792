"""The working behind a deadline: every stretch of time from the start to the due moment, with its reason.

``explain`` takes what ``Terms.walk`` says happened and writes it down day by day, asking the calendar about
each day again instead of trusting the tables. ``recompute`` then proves that the lines lead to the due date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossiers.core.said import Said
from sla.calendars.days import EXCEPTIONAL_KINDS
from sla.counting import Cause, Opened, Piece, Ran, Stop, Stopped, Terms
from sla.limits import Limit, Unit
from sla.lines import Line, LineKind, LineUnit
from sla.stages import MINUTE, Count, DayEnd, Extension, Stage

FIRST_DAY_LAW = Said("Bộ luật Dân sự 2015, điều 147")
HOURS_LAW = Said("Bộ luật Dân sự 2015, điều 147 khoản 1")
ROLL_LAW = Said("Bộ luật Dân sự 2015, điều 148 khoản 5")
END_LAW = Said("Bộ luật Dân sự 2015, điều 148")
MIDNIGHT_LAW = Said("Bộ luật Dân sự 2015, điều 148 khoản 6")
OUTSIDE = Said("ngoài giờ làm việc")
BREAK = Said("nghỉ giữa buổi")

_HOURS = (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)
_KINDS = {
    Cause.START: LineKind.START,
    Cause.FRACTION: LineKind.FRACTION,
    Cause.EXTENSION: LineKind.EXTENSION,
    Cause.RESTART: LineKind.RESTART,
    Cause.DEEMED_LATER: LineKind.RESUME,
}
_UNITS = {
    Count.WORKING_MINUTES: LineUnit.MINUTE,
    Count.CLOCK_MINUTES: LineUnit.MINUTE,
    Count.WORKING_DAYS: LineUnit.WORKING_DAY,
    Count.CALENDAR_DAYS: LineUnit.CALENDAR_DAY,
    Count.SAME_DAY: LineUnit.WORKING_DAY,
}


def explain(
    terms: Terms, start: int, stops: Sequence[Stop], extensions: Sequence[Extension]
) -> tuple[Line, ...]:
    """The lines from the start to the due moment, or to a stop that still lasts."""
    writer = _Writer(terms)
    pieces = terms.walk(start, stops, extensions)
    for piece in pieces:
        writer.write(piece)
    if isinstance(pieces[-1], Ran):
        writer.close(pieces[-1])
    return tuple(writer.lines)


class _Writer:
    """Writes lines one after another, keeping the unit and the running total."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.calendar = terms.calendar
        self.table = terms.table
        self.lines: list[Line] = []
        self.unit = LineUnit.MINUTE
        self.total = 0

    def write(self, piece: Piece) -> None:
        if isinstance(piece, Opened):
            self._open(piece)
        elif isinstance(piece, Stopped):
            self._stop(piece)
        elif piece.stage.count is Count.WORKING_MINUTES:
            self._working_minutes(piece)
        elif piece.stage.count is Count.CLOCK_MINUTES:
            self._clock_minutes(piece)
        elif piece.stage.count is Count.SAME_DAY:
            self._same_day(piece)
        else:
            self._days(piece)

    def close(self, last: Ran) -> None:
        """The due moment."""
        horizon = self.calendar.version.official_until
        reason = ""
        if self.table.date_of(self.table.day_of(last.end)) > horizon:
            reason = Said(
                "tạm tính, lịch nghỉ sau {horizon:%d/%m/%Y} chưa được công bố chính thức", horizon=horizon
            )
        source = ""
        if last.stage.count.in_days:
            midnight = self.terms.day_end is DayEnd.MIDNIGHT and last.stage.count is not Count.SAME_DAY
            source = MIDNIGHT_LAW if midnight else END_LAW
        self._line(LineKind.DUE, last.end, last.end, reason=reason, source=source)

    # Marks

    def _open(self, opened: Opened) -> None:
        stage = opened.stage
        if opened.cause is Cause.DEEMED_LATER:
            self.lines.pop()  # its own line says that the clock resumes
        self.unit = _UNITS[stage.count]
        self.total = 0
        in_days = stage.count.in_days
        self._line(
            _KINDS[opened.cause],
            opened.stop.since if opened.stop else opened.at,
            opened.at,
            need=opened.need if in_days else _minutes(opened.need),
            limit=str(stage.limit),
            day_minutes=0 if in_days else self.calendar.version.day_minutes,
            reason=self._why_opened(opened)[0],
            source=self._why_opened(opened)[1],
        )

    def _why_opened(self, opened: Opened) -> tuple[str, str]:
        if opened.stop is not None:
            return opened.stop.pause.reason, opened.stop.pause.basis
        if opened.cause is Cause.EXTENSION and opened.extension is not None:
            return opened.extension.reason, opened.extension.basis
        return "", HOURS_LAW if opened.stage.limit.unit in _HOURS else ""

    def _stop(self, stopped: Stopped) -> None:
        stop = stopped.stop
        until = stop.since if stop.until is None else stop.until
        pause = stop.pause
        self._line(LineKind.PAUSE, stop.since, until, reason=pause.reason, source=pause.basis)
        if stop.until is not None:
            self._line(LineKind.RESUME, until, until)

    # Counting minutes

    def _clock_minutes(self, ran: Ran) -> None:
        if ran.start < ran.end:
            self._line(LineKind.COUNT, ran.start, ran.end, counted=_minutes(ran.end - ran.start))

    def _working_minutes(self, ran: Ran) -> None:
        at = ran.start
        for day in range(self.table.day_of(ran.start) - 1, self.table.day_of(ran.end) + 1):
            for interval in self._hours(day):
                opens = self.table.midnight(day) + interval[0] * MINUTE
                closes = self.table.midnight(day) + interval[1] * MINUTE
                begin, end = max(opens, at), min(closes, ran.end)
                if begin < end:
                    self._gap(at, begin)
                    self._line(LineKind.COUNT, begin, end, counted=_minutes(end - begin))
                    at = end
        self._gap(at, ran.end)

    def _hours(self, day: int) -> Iterator[tuple[int, int]]:
        if 0 <= day < self.table.day_count:
            for interval in self.calendar.version.hours_on(self.table.date_of(day)):
                yield interval.opens, interval.closes

    def _gap(self, start: int, end: int) -> None:
        """Closed time: one line for each rest day, one for each stretch outside hours."""
        outside = start
        for day in range(self.table.day_of(start), self.table.day_of(end) + 1):
            begin, until = self._cut(day, start, end)
            if begin < until and not self._is_worked(day):
                self._outside(outside, begin)
                self._rest(day, begin, until)
                outside = until
        self._outside(outside, end)

    def _outside(self, start: int, end: int) -> None:
        if start < end:
            within = self.table.day_of(start) == self.table.day_of(end)
            pause = within and self.calendar.is_break(self.calendar.local_from_epoch(start))
            self._line(LineKind.SKIP, start, end, reason=BREAK if pause else OUTSIDE)

    def _rest(self, day: int, start: int, end: int) -> None:
        status = self.calendar.day_status(self.table.date_of(day))
        source = status.source if status.kind in EXCEPTIONAL_KINDS else ""
        self._line(LineKind.SKIP, start, end, reason=status.reason, source=source)

    # Counting days

    def _days(self, ran: Ran) -> None:
        """First day, counted days, rest days, and the day on which the count ends."""
        if ran.end < ran.first:
            self._gap(ran.start, ran.end)
            return
        self._gap(ran.start, ran.first)
        first = self.table.day_of(ran.first)
        until = min(ran.end, self.table.midnight(first + 1))
        again = self.lines[-1].kind is LineKind.RESUME and not self.lines[-1].limit
        reason = Said("ngày tính tiếp sau khi dừng") if again else ""
        self._line(LineKind.FIRST_DAY, ran.first, until, reason=reason, source=FIRST_DAY_LAW)
        counted = self._counted_days(ran, first)
        last = counted[-1] if counted else first
        ends_on = self._day_ending_at(ran) if ran.done else None
        day, final = first + 1, self.table.day_of(ran.end)
        while day <= final:
            begin, end = self._cut(day, ran.start, ran.end)
            days = 0
            while day + days in counted and (days == 0 or self.table.midnight(day + days) < ran.end):
                days += 1
            if days:
                end = self._cut(day + days - 1, ran.start, ran.end)[1]
                self._line(LineKind.COUNT, begin, end, counted=days)
            elif begin < end:
                self._uncounted_day(ran, day, last, ends_on)
            day += days or 1

    def _counted_days(self, ran: Ran, first: int) -> list[int]:
        """The days that count, asked of the calendar one by one."""
        counted: list[int] = []
        for day in range(first + 1, self.table.day_of(ran.end) + 1):
            if len(counted) == ran.used:
                break
            if ran.stage.count is Count.CALENDAR_DAYS or self._is_worked(day):
                counted.append(day)
        return counted

    def _uncounted_day(self, ran: Ran, day: int, last: int, ends_on: int | None) -> None:
        """A day that is not counted: a rest day, the tail of a night shift, or the day the end rolls to."""
        begin, end = self._cut(day, ran.start, ran.end)
        if ends_on is not None and day > ends_on:
            self._line(LineKind.SHIFT_END, begin, end)
        elif not self._is_worked(day):
            self._rest(day, begin, end)
        elif ends_on is None and self._is_worked(last):
            self._line(LineKind.SHIFT_END, begin, end)
        else:
            self._line(LineKind.ROLL, begin, end, reason=self._why_rolled(last), source=ROLL_LAW)

    def _day_ending_at(self, ran: Ran) -> int | None:
        """The day whose own end is the end of the count."""
        for day in (self.table.day_of(ran.end), self.table.day_of(ran.end) - 1):
            if self._end_of(day, ran.stage) == ran.end:
                return day
        return None

    def _end_of(self, day: int, stage: Stage) -> int | None:
        midnight = self.table.midnight(day + 1)
        hours = list(self._hours(day))
        if not hours:
            return midnight if stage.whole_of_fraction else None
        closing = self.table.midnight(day) + hours[-1][1] * MINUTE
        if stage.whole_of_fraction:
            return max(midnight, closing)
        by_closing = self.terms.day_end is DayEnd.CLOSING or stage.count is Count.SAME_DAY
        return closing if by_closing else midnight - MINUTE

    def _why_rolled(self, last: int) -> str:
        status = self.calendar.day_status(self.table.date_of(last))
        why = (
            Said("đã hết giờ làm việc")
            if status.working
            else Said("là ngày nghỉ, {reason}", reason=status.reason)
        )
        return Said("ngày {date:%d/%m/%Y} {why}", date=status.date, why=why)

    def _same_day(self, ran: Ran) -> None:
        if not ran.done:
            self._line(LineKind.SKIP, ran.start, ran.end, reason=Said("chưa xong đã dừng, nhận lại mới tính"))
            return
        received, ends_on = self.table.day_of(ran.start), self._day_ending_at(ran)
        for day in range(received, self.table.day_of(ran.end) + 1):
            begin, end = self._cut(day, ran.start, ran.end)
            if day == ends_on:
                self._line(LineKind.COUNT, begin, end, counted=1)
            elif begin == end:
                continue
            elif ends_on is not None and day > ends_on:
                self._line(LineKind.SHIFT_END, begin, end)
            elif self._is_worked(day):
                self._line(LineKind.SKIP, begin, end, reason=self._too_late(ran.stage.limit, day))
            else:
                self._rest(day, begin, end)

    def _too_late(self, limit: Limit, day: int) -> str:
        last = self.calendar.local_from_epoch(self.terms.last_reception(limit, day))
        return Said("nhận sau {last:%H:%M}, tính sang ngày làm việc tiếp theo", last=last)

    # Common

    def _is_worked(self, day: int) -> bool:
        return next(self._hours(day), None) is not None

    def _cut(self, day: int, start: int, end: int) -> tuple[int, int]:
        """The part of a local day that lies between two instants."""
        midnight = self.table.midnight(day)
        return max(midnight, start), min(self.table.midnight(day + 1), end)

    def _line(
        self, kind: LineKind, start: int, end: int, *, counted: int = 0, need: int = 0, limit: str = "",
        day_minutes: int = 0, reason: str = "", source: str = "",
    ) -> None:  # fmt: skip
        self.total += counted
        local = self.calendar.local_from_epoch
        stretch = (kind, local(start), local(end), self.unit)
        self.lines.append(Line(*stretch, counted, self.total, need, limit, day_minutes, reason, source))


def _minutes(seconds: int) -> int:
    return seconds // MINUTE
