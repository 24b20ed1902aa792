"""What is counted: options, pauses, extensions, and the stages a limit falls into."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum, auto

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.limits import Limit, Rule, Unit

MINUTE = 60


class OutsideHours(StrEnum):
    """Which day is the first, uncounted day when something arrives outside office hours."""

    AS_IS = "as_is"
    """The date on which it happened."""
    NEXT_SESSION = "next_session"
    """The working day of the next opening: it counts as received there."""


class DayEnd(StrEnum):
    """When the last day of a limit ends."""

    CLOSING = "closing"
    """When the office closes."""
    MIDNIGHT = "midnight"
    """At 24:00 (Civil Code 2015, 148.6): the last minute in time is 23:59."""


class PauseEffect(StrEnum):
    """What a stop of the clock does to the time already used."""

    PAUSE = "pause"
    """It stays used; the rest continues after the stop."""
    RESTART = "restart"
    """It is forgotten; the whole limit begins anew after the stop."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock: from when, until when (``None`` while it lasts), why and on what legal basis."""

    since: datetime
    until: datetime | None
    effect: PauseEffect = PauseEffect.PAUSE
    reason: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time granted: it continues from the due moment so far, by the same rules."""

    limit: Limit
    reason: str = ""
    basis: str = ""


class Count(Enum):
    """What a stage counts."""

    WORKING_MINUTES = auto()
    CLOCK_MINUTES = auto()
    WORKING_DAYS = auto()
    CALENDAR_DAYS = auto()
    SAME_DAY = auto()

    @property
    def in_days(self) -> bool:
        """Whether the stage's need is in days (else in seconds)."""
        return self not in (Count.WORKING_MINUTES, Count.CLOCK_MINUTES)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a limit counted in one way: ``need`` seconds or days, or ``months`` from the first day.

    ``whole_of_fraction``: the whole days of a limit such as 2.5 days; ``fraction``: the rest of it.
    """

    limit: Limit
    count: Count
    need: int
    months: int = 0
    whole_of_fraction: bool = False
    fraction: bool = False


def stages_of(limit: Limit, rule: Rule, day_minutes: int) -> tuple[Stage, ...]:
    """The stages of a limit. Raises ``BadInput`` (``limit_not_whole_minutes``)."""
    unit, amount = limit.unit, limit.amount
    if unit is Unit.SAME_DAY:
        return (Stage(limit, Count.SAME_DAY, 1),)
    if unit is Unit.CLOCK_HOUR:
        return (Stage(limit, Count.CLOCK_MINUTES, _seconds(amount, 60, limit)),)
    if unit is Unit.WORKING_HOUR:
        return (Stage(limit, Count.WORKING_MINUTES, _seconds(amount, 60, limit)),)
    if unit is not Unit.WORKING_DAY:
        whole = int(amount)
        months = {Unit.MONTH: whole, Unit.YEAR: 12 * whole}.get(unit, 0)
        days = {Unit.CALENDAR_DAY: whole, Unit.WEEK: 7 * whole}.get(unit, 0)
        return (Stage(limit, Count.CALENDAR_DAYS, days, months),)
    if rule is Rule.HOUR_FOR_HOUR or not amount:
        return (Stage(limit, Count.WORKING_MINUTES, _seconds(amount, day_minutes, limit)),)
    whole = int(amount)
    if amount == whole:
        return (Stage(limit, Count.WORKING_DAYS, whole),)
    rest = _seconds(amount - whole, day_minutes, limit)
    return (
        Stage(limit, Count.WORKING_DAYS, whole, whole_of_fraction=True),
        Stage(limit, Count.WORKING_MINUTES, rest, fraction=True),
    )


def _seconds(amount: Decimal, minutes_each: int, limit: Limit) -> int:
    minutes = amount * minutes_each
    if minutes != minutes.to_integral_value():
        raise BadInput(
            Said("Thời hạn “{limit}” không tròn phút.", limit=limit.label),
            code="limit_not_whole_minutes",
            where=str(limit),
            hint=Said(
                "Một đơn vị là {minutes_each} phút; chọn phần lẻ để được số phút nguyên.",
                minutes_each=minutes_each,
            ),
        )
    return int(minutes) * MINUTE


def months_later(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
