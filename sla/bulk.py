"""Due dates of very many starts at once: a sweep, an import, a what-if on another calendar.

Instants are minutes since 1970 in UTC, as ``int64``. The result is what ``due`` gives one by one, without
pauses or extensions. Nothing is searched: small tables answer for every minute of a day and for every
working minute of the calendar, made once per calendar when first asked for.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sla.calendars.table import DAY, EPOCH, Table
from sla.counting import Terms, terms_for
from sla.limits import Limit, Rule
from sla.stages import MINUTE, Count, DayEnd, OutsideHours, Stage
from sla.working_time import WorkingCalendar

Minutes = NDArray[np.int64]
DAY_MINUTES = DAY // MINUTE


def due_many(
    starts: Minutes,
    limit: Limit,
    rule: Rule,
    calendar: WorkingCalendar,
    *,
    outside_hours: OutsideHours = OutsideHours.AS_IS,
    day_end: DayEnd = DayEnd.CLOSING,
) -> Minutes:
    """The due minute of every start, by the rules of ``due``.

    Raises ``BadInput`` (``calendar_out_of_range``) when any start or any result is not covered, and what
    ``due`` raises for the limit.
    """
    terms = terms_for(limit, rule, calendar, outside_hours, day_end)
    bulk = _Bulk(terms, _tables(calendar))
    try:
        return bulk.due(np.asarray(starts, dtype=np.int64))
    except (IndexError, OverflowError) as error:
        raise terms.table.beyond() from error


class _Tables:
    """The calendar as arrays. Minutes count from the local midnight of its first day."""

    def __init__(self, table: Table) -> None:
        self.origin = table.origin // MINUTE
        self.days = table.day_count
        self.first_epoch_day = (table.first_date - EPOCH.date()).days
        self.rank: Minutes = np.asarray(table.rank, dtype=np.int64)
        self.worked: Minutes = np.asarray(table.worked, dtype=np.int64)
        self.closing: Minutes = self._local(table.last_close)
        first_spans = np.asarray(table.first_span, dtype=np.int64)[self.worked]
        self.opening_position: Minutes = np.asarray(table.before, dtype=np.int64)[first_spans] // MINUTE
        self._opens, self._closes = self._local(table.opens), self._local(table.closes)

    def _local(self, seconds: list[int]) -> Minutes:
        return np.asarray(seconds, dtype=np.int64) // MINUTE - self.origin

    @cached_property
    def working_minutes(self) -> NDArray[np.int32]:
        """Every working minute of the calendar in order: the one at index p has p before it."""
        lengths = self._closes - self._opens
        before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        return (np.arange(lengths.sum()) + np.repeat(self._opens - before, lengths)).astype(np.int32)

    @cached_property
    def position_tables(self) -> tuple[Minutes, Minutes, NDArray[np.int16]]:
        """Working minutes before each day; where the pattern of each day begins; the patterns.

        A pattern holds, for every minute of a day, the working minutes before it on that day. A calendar
        has few of them, so they stay in the processor's cache.
        """
        is_open = np.zeros((self.days + 2) * DAY_MINUTES, dtype=np.int16)
        is_open[self.working_minutes] = 1
        by_day = is_open.reshape(-1, DAY_MINUTES)[: self.days]
        keys: dict[bytes, int] = {}
        pattern = np.array([keys.setdefault(day.tobytes(), len(keys)) for day in by_day], dtype=np.int64)
        unique = np.array([np.frombuffer(key, dtype=np.int16) for key in keys])
        within = np.cumsum(unique, axis=1, dtype=np.int16) - unique
        before = np.concatenate(([0], np.cumsum(by_day.sum(axis=1, dtype=np.int64))[:-1]))
        return before, pattern * DAY_MINUTES, within.ravel()

    def ends(self, day_end: DayEnd) -> Minutes:
        """When each working day ends."""
        return self.closing if day_end is DayEnd.CLOSING else (self.worked + 1) * DAY_MINUTES - 1


def _tables(calendar: WorkingCalendar) -> _Tables:
    found = calendar.memo.get(_Tables)
    if not isinstance(found, _Tables):
        found = calendar.memo[_Tables] = _Tables(calendar.table)
    return found


class _Bulk:
    """One limit on one calendar, for arrays of local minutes. A count past the end is an ``IndexError``."""

    def __init__(self, terms: Terms, tables: _Tables) -> None:
        self.terms = terms
        self.tables = tables
        self.ends = tables.ends(terms.day_end)

    def due(self, starts: Minutes) -> Minutes:
        """The due minutes since 1970."""
        if not starts.size:
            return starts.copy()
        at = starts - self.tables.origin
        for extreme in (int(at.min()), int(at.max())):
            if not 0 <= extreme < self.tables.days * DAY_MINUTES:
                raise self.terms.table.outside((extreme + self.tables.origin) * MINUTE)
        first, *fraction = self.terms.stages
        at = self._reach(first, at, fraction[0].need if fraction else 0)
        at += self.tables.origin
        return at

    def _reach(self, stage: Stage, at: Minutes, fraction: int) -> Minutes:
        count, need = stage.count, stage.need
        if count is Count.WORKING_MINUTES:
            return self._at_position(self._position(at), need // MINUTE)
        if count is Count.CLOCK_MINUTES:
            return self._clock(at, need // MINUTE)
        if count is Count.SAME_DAY:
            return self._same_day(stage.limit, at)
        first = self._first_of(at)
        day = first // DAY_MINUTES
        if stage.whole_of_fraction:
            opening = self.tables.opening_position.take(self.tables.rank.take(day + 1) + need)
            return self._at_position(opening, fraction // MINUTE)
        if count is Count.WORKING_DAYS:
            rank = self.tables.rank.take(day + 1)
            rank += need - 1
            return self.ends.take(rank)
        return self._calendar_days(stage, first, day)

    def _position(self, at: Minutes) -> Minutes:
        """Working minutes before each minute."""
        before, pattern, within = self.tables.position_tables
        day = at // DAY_MINUTES
        position = pattern.take(day)
        position += at
        position -= day * DAY_MINUTES
        return before.take(day) + within.take(position)

    def _at_position(self, position: Minutes, minutes: int) -> Minutes:
        """So many working minutes later: the end of the last one, or the next one when none."""
        if not minutes:
            return self.tables.working_minutes.take(position).astype(np.int64)
        position += minutes - 1
        at = self.tables.working_minutes.take(position).astype(np.int64)
        at += 1
        return at

    def _clock(self, at: Minutes, minutes: int) -> Minutes:
        due = at + minutes
        if int(due.max()) >= self.tables.days * DAY_MINUTES:
            raise IndexError
        return due

    def _first_of(self, at: Minutes) -> Minutes:
        """When each start is deemed to be: itself, or the next opening when outside hours."""
        if self.terms.outside_hours is OutsideHours.AS_IS:
            return at
        position = self._position(at)
        minutes = self.tables.working_minutes
        opening = minutes.take(position, mode="clip")
        closes_now = minutes.take(position - 1, mode="clip") + 1 == at
        inside = (opening == at) | closes_now
        if bool((~inside & (position >= minutes.size)).any()):
            raise IndexError
        return np.where(inside, at, opening)

    def _calendar_days(self, stage: Stage, first: Minutes, day: Minutes) -> Minutes:
        last = self._months_later(day, stage.months) if stage.months else day + stage.need
        if int(last.max()) >= self.tables.days:
            raise IndexError
        rank = self.tables.rank.take(last)
        end = self.ends.take(rank)
        over = end < first
        if over.any():
            end[over] = self.ends.take(rank[over] + 1)
        return end

    def _months_later(self, day: Minutes, months: int) -> Minutes:
        dates = (day + self.tables.first_epoch_day).astype("datetime64[D]")
        month = dates.astype("datetime64[M]")
        target = month + np.timedelta64(months, "M")
        after = target + np.timedelta64(1, "M")
        last = after.astype("datetime64[D]") - np.timedelta64(1, "D")
        number = dates - month.astype("datetime64[D]")
        later = np.minimum(target.astype("datetime64[D]") + number, last).astype(np.int64)
        return np.asarray(later - self.tables.first_epoch_day, dtype=np.int64)

    def _same_day(self, limit: Limit, at: Minutes) -> Minutes:
        tables = self.tables
        day = at // DAY_MINUTES
        before, through = tables.rank.take(day), tables.rank.take(day + 1)
        last = tables.closing.take(before, mode="clip")
        if limit.cut_off is not None:
            cut_off = limit.cut_off.hour * 60 + limit.cut_off.minute
            last = np.minimum(last, day * DAY_MINUTES + cut_off)
        else:
            last = last - (limit.cut_off_before_closing or 0)
        same_day = (before < through) & (at <= last)
        return tables.closing.take(np.where(same_day, before, through))
