"""A change of a calendar as people read it: which days, which dossiers, at which agencies."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.core.said import Said
from sla.calendars.book import CalendarBook
from sla.calendars.days import WEEKDAY_NAMES, WEEKDAYS
from sla.calendars.model import CalendarVersion
from workflows.calendars import repository
from workflows.calendars.models import Stage
from workflows.office import Office
from workflows.views.models import Named

Day = date


class CalendarChangeLine(BaseModel):
    """A change of a calendar in a list."""

    id: UUID
    calendar: str
    base: str = Field(description="Phiên bản có hiệu lực khi đề xuất")
    version: str = Field(description="Phiên bản mới, ví dụ vn-office@2026.2")
    stage: Stage
    stage_name: str
    reason: str
    asked_by: Named
    asked_at: datetime
    applied_by: Named | None
    applied_at: datetime | None
    finished_at: datetime | None
    total: int = Field(description="Số hồ sơ phải xem ở giai đoạn này")
    looked_at: int = Field(description="Số hồ sơ đã xem")


class DayChange(BaseModel):
    """A day, as it was and as it becomes."""

    date: Day
    before: str
    after: str


class AgencyEffect(BaseModel):
    """What a change does to the dossiers an agency answers for."""

    agency: Named
    moved: int
    later: int
    earlier: int
    becomes_late: int
    stops_being_late: int
    refused: int


class MoveLine(BaseModel):
    """What a change does to one dossier."""

    dossier: str
    competent: Named
    due_before: datetime | None
    due_after: datetime | None
    becomes_late: bool
    stops_being_late: bool
    refused: str | None
    because: str | None


class CalendarChangeRead(CalendarChangeLine):
    """A change with what it does: to days, to agencies, to dossiers."""

    days: list[DayChange]
    other: list[str] = Field(description="Thay đổi khác: giờ hằng tuần, ngày công bố chính thức")
    moved: int
    becomes_late: int
    stops_being_late: int
    refused: int
    agencies: list[AgencyEffect]
    moves: list[MoveLine] = Field(description="Hồ sơ đổi ngày hẹn, trễ trước; nhiều nhất theo size")


def changes(
    office: Office, connection: Connection, calendar: str | None = None, limit: int = 50
) -> list[CalendarChangeLine]:
    """Changes, the latest first."""
    directory = office.reference(connection).directory
    return [
        CalendarChangeLine(**_line(directory, row)) for row in repository.changes(connection, calendar, limit)
    ]


def change(office: Office, connection: Connection, change_id: UUID, *, size: int = 200) -> CalendarChangeRead:
    """A change with what it does; ``size`` is the most dossiers to name."""
    row = repository.get(connection, change_id)
    reference = office.reference(connection)
    directory = reference.directory
    agencies = [
        AgencyEffect(
            agency=Named(code=item.competent, name=directory.name(item.competent)),
            **{name: getattr(item, name) for name in AgencyEffect.model_fields if name != "agency"},
        )
        for item in repository.moves_by_agency(connection, change_id)
    ]
    moves = [
        MoveLine(
            dossier=move.code,
            competent=Named(code=move.competent, name=directory.name(move.competent)),
            **{
                name: getattr(move, name)
                for name in MoveLine.model_fields
                if name not in ("dossier", "competent")
            },
        )
        for move in repository.moves(connection, change_id, size)
    ]
    days, other = _differences(reference.calendars, row)
    return CalendarChangeRead(
        **_line(directory, row),
        days=days,
        other=other,
        moved=sum(item.moved for item in agencies),
        becomes_late=sum(item.becomes_late for item in agencies),
        stops_being_late=sum(item.stops_being_late for item in agencies),
        refused=sum(item.refused for item in agencies),
        agencies=agencies,
        moves=moves,
    )


def _line(directory: Directory, row: Any) -> dict[str, Any]:
    stage = Stage(row.stage)
    return {
        "id": row.id,
        "calendar": row.calendar,
        "base": row.base,
        "version": f"{row.calendar}@{row.version}",
        "stage": stage,
        "stage_name": stage.label,
        "reason": row.reason,
        "asked_by": Named(code=row.asked_by, name=directory.official_name(row.asked_by)),
        "asked_at": row.asked_at,
        "applied_by": Named(code=row.applied_by, name=directory.official_name(row.applied_by))
        if row.applied_by
        else None,
        "applied_at": row.applied_at,
        "finished_at": row.finished_at,
        "total": row.total,
        "looked_at": row.looked_at,
    }


def _differences(book: CalendarBook, row: Any) -> tuple[list[DayChange], list[str]]:
    old = book.by_id(row.base).version
    new = CalendarVersion.from_dict(json.loads(row.content))
    listed = {day.date for version in (old, new) for day in version.days}
    days = [
        DayChange(date=day, before=day_text(old, day), after=day_text(new, day))
        for day in sorted(listed)
        if old.exception(day) != new.exception(day)
    ]
    other = [
        f"{WEEKDAY_NAMES[number]}: {_hours(old.weekly[number])} → {_hours(new.weekly[number])}"
        for number in range(len(WEEKDAYS))
        if old.weekly[number] != new.weekly[number]
    ]
    if old.official_until != new.official_until:
        other.append(
            Said(
                "Công bố chính thức đến ngày: {official_until:%d/%m/%Y} → {official_until2:%d/%m/%Y}",
                official_until=old.official_until,
                official_until2=new.official_until,
            )
        )
    if old.day_minutes != new.day_minutes:
        other.append(
            Said(
                "Một ngày làm việc: {day_minutes} → {day_minutes2} phút",
                day_minutes=old.day_minutes,
                day_minutes2=new.day_minutes,
            )
        )
    return days, other


def day_text(version: CalendarVersion, day: date) -> str:
    """What a day is, in a line: worked in which hours or not, and why."""
    status = version.day_status(day)
    if not status.working:
        return Said("nghỉ ({reason})", reason=status.reason)
    hours = _hours(status.hours)
    return (
        Said("làm việc {hours}", hours=hours)
        if status.reason == "Ngày làm việc"
        else Said("làm việc {hours} ({reason})", hours=hours, reason=status.reason)
    )


def _hours(hours: tuple[Any, ...]) -> str:
    return ", ".join(str(one) for one in hours) or Said("nghỉ")
