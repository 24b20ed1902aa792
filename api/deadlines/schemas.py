"""What a computed deadline looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from api.deps import AgencyCode
from sla.deadline import DayEnd, Deadline, OutsideHours, Pause, PauseEffect
from sla.limits import Rule, Unit
from sla.lines import LineKind, LineUnit
from workflows.command.base import Instant


class PauseIn(BaseModel):
    """A stop of the clock; without ``until`` it still lasts."""

    model_config = ConfigDict(extra="forbid")

    since: Instant
    until: Instant | None = None
    effect: PauseEffect = PauseEffect.PAUSE
    reason: str = Field(default="", max_length=300)
    basis: str = Field(default="", max_length=300)

    def as_pause(self) -> Pause:
        """The pause as the calculus wants it."""
        return Pause(self.since, self.until, self.effect, self.reason, self.basis)


class DeadlineCompute(BaseModel):
    """What to count: from when, how long, by which rule and whose calendar, with which pauses."""

    model_config = ConfigDict(extra="forbid")

    start: Instant
    limit: str = Field(
        min_length=1,
        max_length=40,
        description="Số và đơn vị: “3 working_day”, “24 clock_hour”, “same_day 15:00”",
    )
    rule: Rule = Rule.CIVIL_CODE
    calendar: str | None = Field(
        default=None,
        max_length=81,
        description="Tên lịch, hoặc phiên bản như vn-office@2026.1; mặc định vn-office",
    )
    agency: AgencyCode | None = Field(
        default=None, description="Dùng lịch xử lý của cơ quan này, khi không nêu lịch"
    )
    pauses: tuple[PauseIn, ...] = Field(default=(), max_length=50)
    outside_hours: OutsideHours = OutsideHours.AS_IS
    day_end: DayEnd = DayEnd.CLOSING


class LineRead(BaseModel):
    """A stretch of time and what it counts for."""

    kind: LineKind
    start: datetime
    end: datetime
    unit: LineUnit
    counted: int
    total: int
    need: int | None = None
    limit: str | None = None
    day_minutes: int | None = None
    reason: str | None = None
    source: str | None = None
    text: str = Field(description="Dòng này bằng lời")


class PortionRead(BaseModel):
    """What is left of a limit."""

    amount: Decimal
    unit: Unit
    minutes: int


class DeadlineRead(BaseModel):
    """A due date with its working shown."""

    start: datetime
    due_at: datetime | None = Field(description="Không có khi còn đang tạm dừng")
    limit: str
    limit_name: str
    rule: Rule
    calendar: str
    provisional: bool = Field(description="Tạm tính: lịch nghỉ của thời gian này chưa được công bố")
    remaining: PortionRead | None
    lines: list[LineRead]

    @classmethod
    def of(cls, deadline: Deadline) -> Self:
        """The deadline as data."""
        left = deadline.remaining
        return cls(
            start=deadline.start,
            due_at=deadline.due_at,
            limit=str(deadline.limit),
            limit_name=deadline.limit.label,
            rule=deadline.rule,
            calendar=deadline.calendar_id,
            provisional=deadline.provisional,
            remaining=PortionRead(amount=left.amount, unit=left.unit, minutes=left.minutes) if left else None,
            lines=[LineRead(**line.as_dict()) for line in deadline.lines],
        )
