"""How often a duty falls due: slots on a grid of Vietnamese local time. Pure; asks no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh, which has had no other offset since 1975."""

ZONE_NAME = "Asia/Ho_Chi_Minh"
"""For schedulers that are given a ``cron`` line: it is meant in this zone."""

_DAY = 24 * 60 * 60
_HOUR = 60 * 60
_STEPS = (30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Every:
    """At a steady pace, on a grid that begins at local midnight; a day at most."""

    minutes: int = 0
    seconds: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.length <= _DAY:
            raise ValueError("a steady pace is from a second to a day")

    @property
    def length(self) -> int:
        """Seconds from one slot to the next."""
        return self.minutes * 60 + self.seconds

    def latest(self, at: datetime) -> datetime:
        """The latest slot at or before an instant."""
        midnight = _midnight(at)
        gone = int((at - midnight).total_seconds())
        return (midnight + timedelta(seconds=gone - gone % self.length)).astimezone(UTC)

    def next(self, at: datetime) -> datetime:
        """The first slot after an instant."""
        following = _midnight(at) + timedelta(days=1)
        step = self.latest(at) + timedelta(seconds=self.length)
        return min(step, following).astimezone(UTC)

    def number(self, at: datetime) -> int:
        """The number of the latest slot at or before an instant: one more from each slot to the next."""
        midnight = _midnight(at)
        gone = int((at - midnight).total_seconds())
        return midnight.toordinal() * -(-_DAY // self.length) + gone // self.length

    @property
    def cron(self) -> str:
        """A cron line that comes round at least this often; a slot that was done is not done again."""
        if self.length >= _DAY:
            return "0 0 * * *"
        if self.length >= _HOUR:
            hours = next(step for step in (12, 8, 6, 4, 3, 2, 1) if step * _HOUR <= self.length)
            return "0 * * * *" if hours == 1 else f"0 */{hours} * * *"
        minutes = next((step for step in _STEPS if step * 60 <= self.length), 1)
        return "* * * * *" if minutes == 1 else f"*/{minutes} * * * *"

    @property
    def look_every(self) -> int:
        """How often, in seconds, a scheduler should ask whether a slot is due."""
        return self.length

    @property
    def patience(self) -> timedelta:
        """How long after its last run the duty counts as stopped."""
        return timedelta(seconds=max(5 * self.length, 60))


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a local time."""

    hour: int
    minute: int = 0

    def latest(self, at: datetime) -> datetime:
        """The latest slot at or before an instant."""
        today = self.on(at.astimezone(VIETNAM).date())
        return today if today <= at else self.on(at.astimezone(VIETNAM).date() - timedelta(days=1))

    def next(self, at: datetime) -> datetime:
        """The first slot after an instant."""
        return self.on(self.latest(at).astimezone(VIETNAM).date() + timedelta(days=1))

    def number(self, at: datetime) -> int:
        """The number of the latest slot at or before an instant: one more from each slot to the next."""
        return self.latest(at).astimezone(VIETNAM).toordinal()

    def on(self, day: date) -> datetime:
        """The slot of a day."""
        return datetime.combine(day, time(self.hour, self.minute), VIETNAM).astimezone(UTC)

    @property
    def cron(self) -> str:
        """The same as a cron line, in Vietnamese time."""
        return f"{self.minute} {self.hour} * * *"

    @property
    def look_every(self) -> int:
        """How often, in seconds, a scheduler should ask whether a slot is due."""
        return 60

    @property
    def patience(self) -> timedelta:
        """How long after its last run the duty counts as stopped."""
        return timedelta(days=1, hours=1)


Pace = Every | Daily


def _midnight(at: datetime) -> datetime:
    return at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
