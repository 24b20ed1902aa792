"""The same counting done the slow, obvious way: minute by minute and day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from itertools import count as from_

from sla.calendars.model import CalendarVersion
from sla.limits import Limit, Rule, Unit
from sla.stages import DayEnd, Extension, OutsideHours, Pause, PauseEffect

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Office:
    """A calendar asked one minute or one day at a time."""

    def __init__(self, version: CalendarVersion) -> None:
        self.version = version
        self.zone = timezone(timedelta(minutes=version.utc_offset))
        self._minutes: dict[date, set[int]] = {}

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def is_worked(self, day: date) -> bool:
        return bool(self.version.hours_on(day))

    def is_open(self, at: datetime) -> bool:
        """Whether the minute that begins now is worked."""
        day = at.date()
        if day not in self._minutes:
            today, before = ([*self._hours(one)] for one in (day, day - DAY))
            self._minutes[day] = set(today) | {minute - 24 * 60 for minute in before}
        return at.hour * 60 + at.minute in self._minutes[day]

    def _hours(self, day: date) -> Iterator[int]:
        if self.version.covers(day):
            for one in self.version.hours_on(day):
                yield from range(one.opens, one.closes)

    def opening(self, day: date) -> datetime:
        return self.midnight(day) + self.version.hours_on(day)[0].opens * MINUTE

    def closing(self, day: date) -> datetime:
        return self.midnight(day) + self.version.hours_on(day)[-1].closes * MINUTE

    def next_open_minute(self, at: datetime) -> datetime:
        while not self.is_open(at):
            at += MINUTE
        return at


@dataclass
class Part:
    """A part of a limit: ``need`` minutes or days."""

    limit: Limit
    kind: str
    need: int
    whole: bool = False


@dataclass
class Question:
    """Everything that ``due`` is asked."""

    start: datetime
    limit: Limit
    rule: Rule
    version: CalendarVersion
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()
    outside_hours: OutsideHours = OutsideHours.AS_IS
    day_end: DayEnd = DayEnd.CLOSING


def naive_due(question: Question) -> datetime | None:
    """The due moment with the local offset, or None while a pause lasts."""
    return _Naive(question).due()


class _Naive:
    def __init__(self, question: Question) -> None:
        self.q = question
        self.office = Office(question.version)

    def due(self) -> datetime | None:
        at = self._minute(self.q.start)
        main = self._parts(self.q.limit)
        extensions = [self._parts(one.limit) for one in self.q.extensions]
        pauses = list(self.q.pauses)
        parts, granted = list(main), False
        while True:
            part = parts.pop(0)
            outcome = self._play(part, at, pauses, deem=not granted and not part.kind.endswith("fraction"))
            if outcome is None:
                return None
            at, restarted = outcome
            granted = False
            if restarted:
                parts = list(main)
            elif not parts:
                if not extensions:
                    return at
                parts, granted = extensions.pop(0), True

    def _play(
        self, part: Part, start: datetime, pauses: list[Pause], *, deem: bool
    ) -> tuple[datetime, bool] | None:
        first = self._deemed(part, start) if deem else start
        left = self._need(part, first)
        while True:
            end = self._reach(part, first, left)
            if not pauses or self._minute(pauses[0].since) > end:
                return end, False
            pause = pauses.pop(0)
            since = self._minute(pause.since)
            used = self._used(part, first, since, left)
            if pause.until is None:
                return None
            until = self._minute(pause.until)
            if pause.effect is PauseEffect.RESTART:
                return until, True
            begun = since >= first
            first = self._deemed(part, until)
            left = left - used if begun else self._need(part, first)

    def _parts(self, limit: Limit) -> list[Part]:
        amount, minutes = Fraction(limit.amount), self.q.version.day_minutes
        match limit.unit:
            case Unit.SAME_DAY:
                return [Part(limit, "same_day", 1)]
            case Unit.CLOCK_HOUR:
                return [Part(limit, "clock", int(amount * 60))]
            case Unit.WORKING_HOUR:
                return [Part(limit, "work", int(amount * 60))]
            case Unit.WORKING_DAY if self.q.rule is Rule.HOUR_FOR_HOUR or not amount:
                return [Part(limit, "work", int(amount * minutes))]
            case Unit.WORKING_DAY:
                whole = int(amount)
                if amount == whole:
                    return [Part(limit, "working_days", whole)]
                rest = int((amount - whole) * minutes)
                return [Part(limit, "working_days", whole, whole=True), Part(limit, "work fraction", rest)]
            case _:
                return [Part(limit, "days", int(amount))]

    def _need(self, part: Part, first: datetime) -> int:
        match part.limit.unit:
            case Unit.WEEK:
                return 7 * part.need
            case Unit.MONTH | Unit.YEAR:
                months = part.need * (12 if part.limit.unit is Unit.YEAR else 1)
                return (_months_later(first.date(), months) - first.date()).days
            case _:
                return part.need

    def _deemed(self, part: Part, at: datetime) -> datetime:
        if self.q.outside_hours is OutsideHours.AS_IS or part.kind not in ("working_days", "days"):
            return at
        in_hours = self.office.is_open(at) or self.office.is_open(at - MINUTE)
        return at if in_hours else self.office.next_open_minute(at)

    def _reach(self, part: Part, first: datetime, left: int) -> datetime:
        office, day = self.office, first.date()
        if part.kind == "clock":
            return first + left * MINUTE
        if part.kind in ("work", "work fraction"):
            at = first
            if not left:
                return office.next_open_minute(at)
            while left:
                left -= office.is_open(at)
                at += MINUTE
            return at
        if part.kind == "same_day":
            if office.is_worked(day) and first <= self._last_reception(part.limit, day):
                return office.closing(day)
            return office.closing(next(one for one in _after(day) if office.is_worked(one)))
        if part.whole:
            last = self._nth(day, left, working=True)
            midnight = office.midnight(last + DAY)
            return max(midnight, office.closing(last)) if office.is_worked(last) else midnight
        last = self._nth(day, left, working=part.kind == "working_days")
        while not office.is_worked(last) or self._end(last) < first:
            last += DAY
        return self._end(last)

    def _used(self, part: Part, first: datetime, until: datetime, left: int) -> int:
        if until <= first or part.kind == "same_day":
            return 0
        if part.kind == "clock":
            return (until - first) // MINUTE
        if part.kind in ("work", "work fraction"):
            return sum(self.office.is_open(first + n * MINUTE) for n in range((until - first) // MINUTE))
        days = [first.date() + n * DAY for n in range(1, (until.date() - first.date()).days + 1)]
        if part.kind == "working_days":
            days = [day for day in days if self.office.is_worked(day)]
        return min(len(days), left)

    def _nth(self, day: date, left: int, *, working: bool) -> date:
        while left:
            day += DAY
            left -= not working or self.office.is_worked(day)
        return day

    def _end(self, day: date) -> datetime:
        if self.q.day_end is DayEnd.MIDNIGHT:
            return self.office.midnight(day + DAY) - MINUTE
        return self.office.closing(day)

    def _last_reception(self, limit: Limit, day: date) -> datetime:
        closing = self.office.closing(day)
        if limit.cut_off is not None:
            into_day = timedelta(hours=limit.cut_off.hour, minutes=limit.cut_off.minute)
            return min(closing, self.office.midnight(day) + into_day)
        return closing - timedelta(minutes=limit.cut_off_before_closing or 0)

    def _minute(self, at: datetime) -> datetime:
        return at.astimezone(self.office.zone).replace(second=0, microsecond=0)


def _after(day: date) -> Iterator[date]:
    return (day + n * DAY for n in from_(1))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError
