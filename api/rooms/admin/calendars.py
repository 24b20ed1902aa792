"""Calendars: which there are, the year at a glance, who works by which."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.deps import Administrator, Call
from api.web.forms import Form, Posted
from api.web.pages import go, show
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said
from sla.calendars.book import DEFAULT_CALENDAR, Purpose
from sla.calendars.days import DayKind, DayStatus
from sla.calendars.model import CalendarVersion
from sla.calendars.service import assign
from workflows.office import Reference
from workflows.views import calendar_changes
from workflows.views.calendar_changes import day_text

router = APIRouter(prefix="/admin/calendars")

CalendarName = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the year at a glance."""

    date: date
    tone: str
    text: str
    today: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """An agency that was given a calendar, and how many below it follow."""

    code: str
    name: str
    purpose: str
    followers: int


@router.get("", name="admin_calendars")
def get_calendars(request: Request, call: Administrator) -> Response:
    """Every calendar, and the latest changes."""
    with call.reading() as connection:
        reference = call.office.reference(connection)
        changes = calendar_changes.changes(call.office, connection, limit=20)
    book = reference.calendars
    calendars = [
        (book.current(name).version, _assigned(reference, name), name == DEFAULT_CALENDAR)
        for name in book.names()
    ]
    return show(request, "admin/calendars.html", call, calendars=calendars, changes=changes)


@router.get("/{name}", name="admin_calendar")
def get_calendar_page(
    request: Request,
    name: CalendarName,
    call: Administrator,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
) -> Response:
    """The year at a glance, and who works by this calendar."""
    with call.reading() as connection:
        return _calendar_page(request, call, connection, name, year)


@router.post("/{name}/assign", name="admin_calendar_assign")
def post_assign(request: Request, name: CalendarName, call: Administrator, form: Posted) -> Response:
    """Let an agency, and those below it without one of their own, work by this calendar."""
    try:
        with call.writing() as connection:
            reference = call.office.reference(connection)
            reference.calendars.current(name)
            agency = reference.directory.agency(form["agency"]).code
            call.administers(connection, agency)
            assign(connection, agency, Purpose(form["purpose"] or Purpose.PROCESSING), name)
    except (MotcuaError, ValueError) as error:
        refusal = error if isinstance(error, MotcuaError) else None
        with call.reading() as connection:
            return _calendar_page(request, call, connection, name, None, form=form, error=refusal)
    return go(f"/admin/calendars/{name}#agencies", note=Said("Đã giao lịch cho cơ quan."))


def _calendar_page(
    request: Request,
    call: Call,
    connection: Connection,
    name: str,
    year: int | None,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    reference = call.office.reference(connection)
    working = reference.calendars.current(name)
    version = working.version
    today = working.to_local(call.at).date()
    shown = year or today.year
    return show(
        request,
        "admin/calendar.html",
        call,
        status=error.status if error else 200,
        version=version,
        year=shown,
        years=[each for each in (shown - 1, shown, shown + 1) if _covers_year(version, each)],
        months=[_month(version, shown, month, today) for month in range(1, 13)],
        special=[_status(version, day) for day in _special_days(version, shown)],
        day_text=lambda day: day_text(version, day),
        official=version.official_until,
        assigned=_assigned(reference, name),
        is_default=name == DEFAULT_CALENDAR,
        agencies=[each for each in reference.directory.agencies() if not each.closed],
        changes=calendar_changes.changes(call.office, connection, name, 10),
        form=form,
        error=error,
    )


def _covers_year(version: CalendarVersion, year: int) -> bool:
    return version.covers_from.year <= year <= version.covers_until.year


def _month(
    version: CalendarVersion, year: int, month: int, today: date
) -> tuple[int, list[list[Cell | None]]]:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return month, [
        [_cell(version, day, today) if day.month == month else None for day in week] for week in weeks
    ]


def _cell(version: CalendarVersion, day: date, today: date) -> Cell | None:
    if not version.covers(day):
        return None
    return Cell(day, tone_of(version.day_status(day)), day_text(version, day), day == today)


def tone_of(status: DayStatus) -> str:
    """How a day is coloured."""
    if status.kind is DayKind.CLOSED:
        return "off guess" if status.provisional else "off"
    return {DayKind.MAKEUP: "makeup", DayKind.SPECIAL: "special", DayKind.WEEKLY_REST: "rest"}.get(
        status.kind, ""
    )


def _special_days(version: CalendarVersion, year: int) -> list[date]:
    return [day.date for day in version.days if day.date.year == year]


def _status(version: CalendarVersion, day: date) -> DayStatus:
    return version.day_status(day)


def _assigned(reference: Reference, name: str) -> list[Assigned]:
    """The agencies given this calendar, each with how many below it follow it for want of their own."""
    book, directory = reference.calendars, reference.directory
    found = []
    for (agency, purpose), calendar in sorted(book.assigned().items()):
        if calendar == name:
            followers = sum(
                book.assigned_name(directory, below, purpose) == name
                for below in directory.below(agency)
                if below != agency
            )
            found.append(Assigned(agency, directory.name(agency), purpose.value, followers))
    return found


def neighbours(day: date) -> tuple[date, date]:
    """The days before and after."""
    return day - timedelta(days=1), day + timedelta(days=1)
