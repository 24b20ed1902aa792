"""Random calendars, limits, pauses and extensions for properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from sla.calendars.days import Confidence, DayKind, ExceptionalDay, Interval
from sla.calendars.model import CalendarVersion
from sla.limits import Limit, Rule, Unit
from sla.stages import DayEnd, Extension, OutsideHours, Pause, PauseEffect
from tests.sla.naive import Question


def examples(number: int) -> settings:
    """So many examples, the same in every run."""
    return settings(max_examples=number, deadline=None, derandomize=True)


FIRST, LAST = date(2026, 1, 1), date(2029, 12, 31)
"""Coverage of random calendars."""
BUSY_FROM, BUSY_UNTIL = date(2026, 3, 1), date(2026, 5, 31)
"""Where random starts and exceptional days are."""

_SHAPES = (
    ((450, 690), (810, 1050)),
    ((480, 720), (780, 1020)),
    ((540, 1020),),
    ((450, 690),),
    ((0, 1440),),
    ((360, 365), (420, 421), (600, 900), (901, 960)),
)
_NIGHTS = (((1140, 1740),), ((180, 240), (1260, 1500)))


def _hours(*, nights: bool) -> st.SearchStrategy[tuple[Interval, ...]]:
    shapes = _NIGHTS if nights else _SHAPES
    return st.sampled_from([tuple(Interval(*one) for one in shape) for shape in shapes])


@st.composite
def versions(draw: st.DrawFn, *, nights: bool | None = None) -> CalendarVersion:
    """A calendar with random weekly hours, closed days, swaps and special days."""
    night: bool = draw(st.booleans() if nights is None else st.just(nights))
    shape = draw(_hours(nights=night))
    other = shape if night else draw(_hours(nights=False))
    open_days = draw(st.lists(st.integers(0, 6), min_size=2, max_size=6, unique=True))
    weekly = tuple((shape if day % 2 else other) if day in open_days else () for day in range(7))
    days: dict[date, ExceptionalDay] = {}
    span = (BUSY_UNTIL - BUSY_FROM).days
    for offset in draw(st.lists(st.integers(0, span), max_size=8, unique=True)):
        day = BUSY_FROM + timedelta(days=offset)
        days[day] = ExceptionalDay(day, DayKind.CLOSED, "Ngày lễ", "thông báo", Confidence.THIRD_PARTY)
    rests = [day for day in (BUSY_FROM + timedelta(days=n) for n in range(span)) if not weekly[day.weekday()]]
    swapped = [day for day in days if weekly[day.weekday()]]
    swap = draw(st.booleans())
    if swap and rests and swapped:
        off, worked = draw(st.sampled_from(swapped)), draw(st.sampled_from(rests))
        days[worked] = ExceptionalDay(
            worked, DayKind.MAKEUP, "Làm bù", "thông báo", Confidence.THIRD_PARTY, off
        )
    if not night and draw(st.booleans()):
        day = BUSY_FROM + timedelta(days=draw(st.integers(0, span)))
        if day not in days:
            hours = draw(_hours(nights=False))
            days[day] = ExceptionalDay(
                day, DayKind.SPECIAL, "Giờ riêng", "quyết định", Confidence.DECISION, hours=hours
            )
    return CalendarVersion(
        name="ngau-nhien",
        version="1",
        title="Lịch ngẫu nhiên",
        utc_offset=draw(st.sampled_from([420, 0, -210])),
        day_minutes=draw(st.sampled_from([480, 450, 240])),
        weekly=weekly,
        days=tuple(days.values()),
        covers_from=FIRST,
        covers_until=LAST,
        official_until=date(2026, 12, 31),
    )


starts = st.integers(0, 60 * 24 * 60).map(
    lambda minutes: datetime(2026, 3, 5, tzinfo=UTC) + timedelta(minutes=minutes)
)
"""Minutes of sixty days."""


def _limits(unit: Unit, amounts: st.SearchStrategy[int], quarter: int = 4) -> st.SearchStrategy[Limit]:
    return amounts.map(lambda amount: Limit(Decimal(amount) / quarter, unit))


hour_limits = st.one_of(
    _limits(Unit.WORKING_HOUR, st.integers(0, 160)),
    _limits(Unit.CLOCK_HOUR, st.integers(0, 300)),
)
calendar_limits = _limits(Unit.CALENDAR_DAY, st.integers(1, 30), 1)
day_limits = st.one_of(
    _limits(Unit.WORKING_DAY, st.integers(0, 12), 1),
    _limits(Unit.WORKING_DAY, st.integers(0, 12).map(lambda halves: 2 * halves + 1), 2),
    _limits(Unit.CALENDAR_DAY, st.integers(0, 30), 1),
    _limits(Unit.WEEK, st.integers(0, 4), 1),
    _limits(Unit.MONTH, st.integers(0, 3), 1),
    _limits(Unit.YEAR, st.integers(0, 1), 1),
)
same_day_limits = st.sampled_from(
    [
        Limit(Decimal(1), Unit.SAME_DAY),
        Limit(Decimal(1), Unit.SAME_DAY, time(15, 0)),
        Limit(Decimal(1), Unit.SAME_DAY, None, 60),
    ]
)
limits = st.one_of(hour_limits, day_limits, same_day_limits)


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to four stops in order after the start; the last may last."""
    at, found = start, []
    for _ in range(draw(st.integers(0, 4))):
        since = at + timedelta(minutes=draw(st.integers(0, 6 * 24 * 60)))
        at = since + timedelta(minutes=draw(st.one_of(st.integers(0, 90), st.integers(0, 5 * 24 * 60))))
        effect = draw(st.sampled_from([PauseEffect.PAUSE, PauseEffect.PAUSE, PauseEffect.RESTART]))
        found.append(Pause(since, at, effect, "chờ bổ sung", "văn bản"))
    if found and draw(st.integers(0, 7)) == 0:
        found[-1] = Pause(found[-1].since, None, found[-1].effect)
    return found


extensions = st.lists(
    st.builds(Extension, st.one_of(hour_limits, day_limits), st.just("cần xác minh"), st.just("văn bản")),
    max_size=2,
)


@st.composite
def questions(
    draw: st.DrawFn,
    *,
    limit: st.SearchStrategy[Limit] = limits,
    stops: bool = True,
    more: bool = True,
    nights: bool | None = None,
) -> Question:
    """A random thing to ask of ``due``."""
    start = draw(starts)
    return Question(
        start=start,
        limit=draw(limit),
        rule=draw(st.sampled_from(Rule)),
        version=draw(versions(nights=nights)),
        pauses=draw(pauses(start)) if stops else [],
        extensions=draw(extensions) if more else [],
        outside_hours=draw(st.sampled_from(OutsideHours)),
        day_end=draw(st.sampled_from(DayEnd)),
    )
