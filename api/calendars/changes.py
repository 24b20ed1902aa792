"""Changing a calendar while dossiers run: first the what-if, then applying it with a reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Path, Query, Response

from api.calendars.schemas import CalendarApply, CalendarAsk
from api.deps import Administrator, Call, Passing, TopAdministrator
from api.paging import ListRead
from dossiers.core.clock import Clock
from workflows.calendars import changing
from workflows.views import calendar_changes
from workflows.views.calendar_changes import CalendarChangeLine, CalendarChangeRead

router = APIRouter(prefix="/calendar-changes", tags=["calendars"])

ChangeId = Annotated[UUID, Path(description="Mã của lần thay đổi")]
Size = Annotated[int, Query(ge=0, le=2000, description="Nhiều nhất bao nhiêu hồ sơ được nêu tên")]

AT_ONCE = 2.0
"""Seconds that an answer waits for the work; what is left goes on behind it."""


@router.get("", summary="Các lần thay đổi lịch")
def list_calendar_changes(
    call: Administrator,
    calendar: Annotated[str | None, Query(max_length=40, description="Chỉ của lịch này")] = None,
) -> ListRead[CalendarChangeLine]:
    """Changes of calendars, proposed and made, the latest first."""
    with call.reading() as connection:
        return ListRead(items=calendar_changes.changes(call.office, connection, calendar))


@router.post("", status_code=201, summary="Xem trước một thay đổi lịch")
def propose_calendar_change(
    asked: CalendarAsk, call: TopAdministrator, passing: Passing, later: BackgroundTasks, response: Response
) -> CalendarChangeRead:
    """Say which running dossiers would move and which would become late. Nothing is changed yet.

    With very many dossiers the answer comes before the end: ask again until ``stage`` is ``previewed``.
    """
    change = propose(call, asked, passing, later)
    response.headers["Location"] = f"/api/v1/calendar-changes/{change}"
    return _read(call, change)


@router.get("/{change}", summary="Một lần thay đổi lịch")
def get_calendar_change(change: ChangeId, call: Administrator, size: Size = 200) -> CalendarChangeRead:
    """How far it has come, what it does per agency, and the dossiers it moves."""
    return _read(call, change, size)


@router.post("/{change}/apply", summary="Áp dụng thay đổi lịch")
def apply_calendar_change(
    change: ChangeId, why: CalendarApply, call: TopAdministrator, passing: Passing, later: BackgroundTasks
) -> CalendarChangeRead:
    """Publish the new version and compute every running date by it. Promises already broken stay broken."""
    apply(call, change, why.reason, passing, later)
    return _read(call, change)


@router.post("/{change}/drop", summary="Bỏ thay đổi lịch")
def drop_calendar_change(change: ChangeId, call: TopAdministrator) -> CalendarChangeRead:
    """Do not make a change that was only looked at."""
    with call.writing() as connection:
        changing.drop(connection, change, call.at)
    return _read(call, change)


def propose(call: Call, asked: CalendarAsk, clock: Clock, later: BackgroundTasks) -> UUID:
    """Keep the change and begin its preview."""
    with call.writing() as connection:
        change = changing.propose(
            call.office, connection, asked.calendar, asked.as_file(), call.actor, call.at
        )
    _work(call, change, clock, later)
    return change


def apply(call: Call, change: UUID, reason: str, clock: Clock, later: BackgroundTasks) -> None:
    """Publish the version and begin to move the dossiers."""
    with call.writing() as connection:
        changing.apply(call.office, connection, change, reason, call.actor, call.at)
    _work(call, change, clock, later)


def _work(call: Call, change: UUID, clock: Clock, later: BackgroundTasks) -> None:
    if not changing.carry_on(call.office, change, clock, seconds=AT_ONCE):
        later.add_task(changing.carry_on, call.office, change, clock)


def _read(call: Call, change: UUID, size: int = 200) -> CalendarChangeRead:
    with call.reading() as connection:
        return calendar_changes.change(call.office, connection, change, size=size)
