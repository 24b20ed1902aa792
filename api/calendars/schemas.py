"""What calendars look like over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from sla.calendars.days import Confidence, DayKind, DayStatus
from sla.calendars.model import CalendarVersion, offset_text

Day = date
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = Annotated[
    list[Annotated[str, Field(max_length=20)]],
    Field(max_length=24, description="Khoảng giờ, ví dụ 07:30-11:30"),
]


class CalendarLine(BaseModel):
    """A version of a calendar in a list."""

    id: str = Field(description="Ví dụ vn-office@2026.1")
    name: str
    version: str
    title: str
    current: bool = Field(description="Bản đang có hiệu lực của lịch này")
    covers_from: date
    covers_until: date
    official_until: date = Field(description="Sau ngày này lịch nghỉ chưa được công bố chính thức")

    @classmethod
    def of(cls, version: CalendarVersion, *, current: bool) -> Self:
        """The version as a line."""
        return cls(
            id=version.id,
            name=version.name,
            version=version.version,
            title=version.title,
            current=current,
            covers_from=version.covers_from,
            covers_until=version.covers_until,
            official_until=version.official_until,
        )


class DayRead(BaseModel):
    """What a day is and who says so."""

    date: Day
    working: bool
    kind: DayKind
    reason: str = Field(description="Vì sao ngày này làm việc hoặc nghỉ")
    source: str
    confidence: Confidence
    provisional: bool
    hours: list[str]

    @classmethod
    def of(cls, day: DayStatus) -> Self:
        """The day as data."""
        return cls(
            date=day.date,
            working=day.working,
            kind=day.kind,
            reason=day.reason,
            source=day.source,
            confidence=day.confidence,
            provisional=day.provisional,
            hours=[str(one) for one in day.hours],
        )


class CalendarRead(CalendarLine):
    """A version of a calendar with every day of a year."""

    utc_offset: str
    day_minutes: int = Field(description="Độ dài một ngày làm việc khi đổi ra phút")
    weekly: dict[Weekday, list[str]]
    hours_source: str
    hours_confidence: Confidence
    fingerprint: str
    year: int
    days: list[DayRead]

    @classmethod
    def with_year(cls, version: CalendarVersion, year: int, *, current: bool) -> Self:
        """The version with the days of a year that it covers."""
        data = version.as_dict()
        start = max(date(year, 1, 1), version.covers_from).toordinal()
        end = min(date(year, 12, 31), version.covers_until).toordinal()
        return cls(
            **CalendarLine.of(version, current=current).model_dump(),
            utc_offset=offset_text(version.utc_offset),
            day_minutes=version.day_minutes,
            weekly=data["weekly"],
            hours_source=version.hours_source,
            hours_confidence=version.hours_confidence,
            fingerprint=version.fingerprint,
            year=year,
            days=[
                DayRead.of(version.day_status(date.fromordinal(number))) for number in range(start, end + 1)
            ],
        )


class DayIn(BaseModel):
    """A day that does not follow the weekly hours."""

    model_config = ConfigDict(extra="forbid")

    date: Day
    kind: DayKind
    name: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=300)
    confidence: Confidence = Confidence.TO_VERIFY
    replaces: Day | None = None
    hours: Hours = Field(default_factory=list)


class CalendarAsk(BaseModel):
    """What is to change in a calendar, from the version in force."""

    model_config = ConfigDict(extra="forbid")

    calendar: str = Field(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Tên lịch")
    days: list[DayIn] = Field(default_factory=list, max_length=1000)
    weekly: dict[Weekday, Hours] | None = None
    official_until: date | None = None
    title: str | None = Field(default=None, max_length=200)

    def as_file(self) -> dict[str, Any]:
        """The change as a calendar file that extends the calendar says it."""
        data = self.model_dump(mode="json", exclude_none=True, exclude={"calendar", "days"})
        return data | {"days": [day.model_dump(mode="json", exclude_unset=True) for day in self.days]}


class CalendarApply(BaseModel):
    """Why a change is made."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=1000, description="Lý do, ghi vào lịch sử từng hồ sơ")


class CalendarPublish(BaseModel):
    """A version to be published: whole, or only what differs from the calendar it extends."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: str = Field(max_length=40, pattern=r"^[0-9A-Za-z]+([.-][0-9A-Za-z]+)*$")
    extends: str | None = Field(default=None, max_length=81, description="Lịch gốc, ví dụ vn-office")
    title: str | None = Field(default=None, max_length=200)
    utc_offset: str | None = Field(default=None, max_length=6, description="Ví dụ +07:00")
    day_minutes: int | None = Field(default=None, ge=1, le=1440)
    weekly: dict[Weekday, Hours] | None = None
    days: list[DayIn] | None = Field(default=None, max_length=5000)
    hours_source: str | None = Field(default=None, max_length=300)
    hours_confidence: Confidence | None = None
    covers_from: date | None = None
    covers_until: date | None = None
    official_until: date | None = None
    reason: str = Field(default="", max_length=1000, description="Lý do ban hành")

    def as_file(self) -> dict[str, Any]:
        """The calendar as a calendar file says it."""
        data = self.model_dump(mode="json", exclude_none=True, exclude={"reason", "days"})
        if self.days is not None:
            data["days"] = [day.model_dump(mode="json", exclude_unset=True) for day in self.days]
        elif self.extends is None:
            data["days"] = []
        return data
