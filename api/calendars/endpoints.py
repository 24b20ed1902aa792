"""Working calendars: versions, days, and publishing."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.calendars.schemas import CalendarLine, CalendarPublish, CalendarRead, DayRead
from api.deps import Call, Official, TopAdministrator
from api.paging import ListRead
from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.calendars.book import CalendarBook
from sla.calendars.loading import resolve
from sla.calendars.service import publish

router = APIRouter(prefix="/calendars", tags=["calendars"])

Name = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Tên lịch")]
Version = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z.-]+$", description="Phiên bản")]
Year = Annotated[int | None, Query(ge=1900, le=2200, description="Năm; mặc định: năm nay")]

LONGEST_COVERAGE_YEARS = 200


@router.get("", summary="Các lịch làm việc")
def list_calendars(call: Official) -> ListRead[CalendarLine]:
    """Every version of every calendar, oldest first."""
    book = _book(call)
    return ListRead(
        items=[
            CalendarLine.of(version, current=book.current(version.name).version.id == version.id)
            for version in book.versions()
        ]
    )


@router.get("/{name}", summary="Lịch đang có hiệu lực")
def get_calendar(name: Name, call: Official, year: Year = None) -> CalendarRead:
    """The version in force with the days of a year."""
    version = _book(call).current(name).version
    return CalendarRead.with_year(version, year or call.at.year, current=True)


@router.get("/{name}/versions/{version}", summary="Một phiên bản lịch")
def get_calendar_version(name: Name, version: Version, call: Official, year: Year = None) -> CalendarRead:
    """A version, in force or not, with the days of a year."""
    book = _book(call)
    known = book.by_id(f"{name}@{version}").version
    return CalendarRead.with_year(
        known, year or call.at.year, current=book.current(name).version.id == known.id
    )


@router.get("/{name}/days/{day}", summary="Ngày này có làm việc không, vì sao")
def explain_day(
    name: Name,
    day: date,
    call: Official,
    version: Annotated[str | None, Query(max_length=40, description="Mặc định: bản đang có hiệu lực")] = None,
) -> DayRead:
    """Whether a day is worked, why, who says so and how sure that is."""
    book = _book(call)
    calendar = book.current(name) if version is None else book.by_id(f"{name}@{version}")
    return DayRead.of(calendar.day_status(day))


@router.post("", status_code=201, summary="Ban hành phiên bản lịch")
def publish_calendar(calendar: CalendarPublish, call: TopAdministrator, response: Response) -> CalendarLine:
    """Publish a version. Published versions never change; the same one again changes nothing."""
    with call.writing() as connection:
        book = call.office.reference(connection).calendars
        version = resolve(calendar.as_file(), lambda name: book.current(name).version)
        if version.covers_until.year - version.covers_from.year > LONGEST_COVERAGE_YEARS:
            raise BadInput(
                Said(
                    "Phạm vi lịch dài hơn {longest_coverage_years} năm.",
                    longest_coverage_years=LONGEST_COVERAGE_YEARS,
                ),
                code="calendar_coverage_too_long",
                where="covers_until",
            )
        publish(connection, version, call.at, reason=calendar.reason)
    response.headers["Location"] = f"/api/v1/calendars/{version.name}/versions/{version.version}"
    return CalendarLine.of(version, current=_book(call).current(version.name).version.id == version.id)


def _book(call: Call) -> CalendarBook:
    with call.reading() as connection:
        return call.office.reference(connection).calendars
