"""A calendar version compiled into sorted integers: the only thing the calculus searches.

Instants are whole seconds since 1970 in UTC; days are counted from ``covers_from``. Working time is a
position: the number of working seconds since the calendar began. Before a closed gap and after it the
position is the same, so a position on the edge of a gap names two instants: the closing before it
(``at_closing``) and the opening after it (``at_opening``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.calendars.model import CalendarVersion, out_of_range

DAY = 24 * 60 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.date().toordinal()


class Table:
    """Sorted lists of the open spans and of the working days of one calendar version.

    ``opens[i]``, ``closes[i]``: a span. ``before[i]``: working seconds before it. ``first_span[d]``: the
    first span that opens on day ``d``. ``worked[k]``: the k-th working day. ``rank[d]``: how many working
    days lie before day ``d``. ``last_close[k]``: when the k-th working day closes for the last time.
    """

    __slots__ = (
        "before", "closes", "day_count", "end", "first_date", "first_span", "last_close", "offset", "opens",
        "origin", "rank", "total", "version", "worked",
    )  # fmt: skip

    def __init__(self, version: CalendarVersion) -> None:
        self.version = version
        self.offset = version.utc_offset * 60
        self.first_date = version.covers_from
        self.day_count = (version.covers_until - version.covers_from).days + 1
        self.origin = (version.covers_from.toordinal() - _EPOCH_DAY) * DAY - self.offset
        self.end = self.origin + self.day_count * DAY
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.before: list[int] = []
        self.first_span: list[int] = []
        self.worked: list[int] = []
        self.rank: list[int] = [0]
        self.last_close: list[int] = []
        self.total = 0
        for day in range(self.day_count):
            self._append(day)
        self.first_span.append(len(self.opens))

    def _append(self, day: int) -> None:
        midnight = self.midnight(day)
        self.first_span.append(len(self.opens))
        for interval in self.version.hours_on(self.date_of(day)):
            self.opens.append(midnight + interval.opens * 60)
            self.closes.append(midnight + interval.closes * 60)
            self.before.append(self.total)
            self.total += interval.minutes * 60
        if self.first_span[day] < len(self.opens):
            self.worked.append(day)
            self.last_close.append(self.closes[-1])
        self.rank.append(len(self.worked))

    def date_of(self, day: int) -> date:
        """The date of a day."""
        return self.first_date + timedelta(days=day)

    def day_of_date(self, when: date) -> int:
        """The day of a date. Raises ``BadInput`` (``calendar_out_of_range``)."""
        self.version.require_covered(when)
        return (when - self.first_date).days

    def midnight(self, day: int) -> int:
        """The instant a local day begins."""
        return self.origin + day * DAY

    def day_of(self, instant: int) -> int:
        """The local day of an instant."""
        return (instant - self.origin) // DAY

    def require(self, instant: int) -> int:
        """The instant itself. Raises ``BadInput`` (``calendar_out_of_range``) outside the coverage."""
        if self.origin <= instant < self.end:
            return instant
        raise self.outside(instant)

    def outside(self, instant: int) -> BadInput:
        """The error of an instant that the calendar does not cover."""
        try:
            local = EPOCH + timedelta(seconds=instant + self.offset)
        except OverflowError:
            return self.beyond()
        return out_of_range(self.version, Said("Thời điểm {local:%H:%M ngày %d/%m/%Y}", local=local))

    def beyond(self) -> BadInput:
        """The error of a count that runs off the end (or the beginning) of the calendar."""
        return out_of_range(self.version, Said("Kết quả tính"))

    def later(self, instant: int, seconds: int) -> int:
        """The instant so much working time later, on the closing at the edge of a gap; ``seconds`` > 0."""
        i = bisect_right(self.opens, instant) - 1
        if i >= 0:
            close = self.closes[i]
            seconds += self.before[i] + (instant if instant < close else close) - self.opens[i]
        if seconds > self.total:
            raise self.beyond()
        i = bisect_left(self.before, seconds) - 1
        return self.opens[i] + seconds - self.before[i]

    def position(self, instant: int) -> int:
        """Working seconds from the beginning of the calendar to the instant."""
        i = bisect_right(self.opens, instant) - 1
        if i < 0:
            return 0
        close = self.closes[i]
        return self.before[i] + (instant if instant < close else close) - self.opens[i]

    def at_closing(self, position: int) -> int:
        """The earliest instant at this position: on the edge of a gap, the closing before it."""
        i = bisect_left(self.before, position) - 1
        if i < 0 or position > self.total:
            raise self.beyond()
        return self.opens[i] + position - self.before[i]

    def at_opening(self, position: int) -> int:
        """The latest instant at this position: on the edge of a gap, the opening after it."""
        if not 0 <= position < self.total:
            raise self.beyond()
        i = bisect_right(self.before, position) - 1
        return self.opens[i] + position - self.before[i]

    def span_at(self, instant: int) -> int:
        """The span that holds the instant (opening included, closing not), or -1."""
        i = bisect_right(self.opens, instant) - 1
        return i if i >= 0 and instant < self.closes[i] else -1

    def is_open(self, instant: int, *, closing_counts: bool = False) -> bool:
        """Whether the instant lies in a span; the closing itself only when asked."""
        if self.span_at(instant) >= 0:
            return True
        i = bisect_left(self.opens, instant) - 1
        return closing_counts and i >= 0 and instant == self.closes[i]

    def is_worked(self, day: int) -> bool:
        """Whether the day has hours of its own."""
        return self.rank[day] < self.rank[day + 1]
