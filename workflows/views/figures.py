"""Figures with names: load per officer, a month day by day, agencies side by side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla import figures
from sla.calendars.book import DEFAULT_CALENDAR
from sla.figures import Day, Standing
from workflows.office import Office, Reference
from workflows.views.models import Named

MOST_DAYS = 92
"""Of a series day by day: a quarter."""

DAYS = 30
"""Of a period nobody chose."""


class LoadLine(BaseModel):
    """What lies with an official now, and what they finished lately."""

    agency: Named
    official: Named | None = Field(description="Không có: việc chưa ai nhận ở cơ quan này")
    open: int = Field(description="Việc đang có")
    overdue: int = Field(description="Trong đó đã quá hạn")
    nearly_due: int = Field(description="Trong đó đến hạn trong một ngày làm việc tới")
    finished: int = Field(description="Việc hoàn thành trong 30 ngày qua")


class DayFigures(BaseModel):
    """What a day brought, and what stood late when it ended."""

    day: date
    received: int = Field(description="Hồ sơ tiếp nhận trong ngày")
    finished: int = Field(description="Hồ sơ giải quyết xong trong ngày")
    late: int = Field(description="Hồ sơ đang quá hẹn lúc hết ngày; hôm nay: đến lúc này")


class StandingLine(BaseModel):
    """An agency, with all below it, beside its like."""

    agency: Named
    whole: bool = Field(description="Gồm cả các đơn vị bên dưới; không: chỉ riêng cơ quan này")
    received: int = Field(description="Hồ sơ tiếp nhận trong kỳ thuộc thẩm quyền")
    finished: int = Field(description="Hồ sơ giải quyết xong trong kỳ")
    on_time: int = Field(description="Trong đó không trễ hẹn")
    on_time_percent: float | None = Field(description="Tỷ lệ đúng hẹn (%); không có khi chưa xong hồ sơ nào")
    open: int = Field(description="Đang giải quyết")
    late: int = Field(description="Đang quá hẹn")
    late_minutes: int = Field(description="Số phút làm việc trễ do các đơn vị này gây ra, chốt trong kỳ")
    to_sign: int = Field(description="Thư xin lỗi chờ ký")


def load(office: Office, connection: Connection, at: datetime, agency: str | None = None) -> list[LoadLine]:
    """Load per official, those with most overdue first; work nobody took yet is a line of its agency."""
    reference = office.reference(connection)
    directory = reference.directory
    agencies = _within(directory, agency)
    soon: dict[datetime, list[str]] = {}
    for code in agencies:
        calendar = reference.calendars.processing(directory, code)
        soon.setdefault(calendar.add(at, minutes=calendar.version.day_minutes), []).append(code)
    loads = figures.load(connection, at, agencies, soon=soon, since=at - timedelta(days=DAYS))
    loads.sort(
        key=lambda item: (-item.overdue, -item.nearly_due, -item.open, item.agency, item.official or "")
    )
    return [
        LoadLine(
            agency=Named(code=item.agency, name=directory.name(item.agency)),
            official=Named(code=item.official, name=directory.official_name(item.official))
            if item.official
            else None,
            open=item.open,
            overdue=item.overdue,
            nearly_due=item.nearly_due,
            finished=item.finished,
        )
        for item in loads
    ]


def series(
    office: Office,
    connection: Connection,
    at: datetime,
    agency: str | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> list[DayFigures]:
    """A stretch of days, the last 30 by default, oldest first; days to come are left out.

    Raises ``BadInput`` (``period_too_long``, ``period_reversed``).
    """
    reference = office.reference(connection)
    first, last = period(reference, at, first, last)
    if (last - first).days >= MOST_DAYS:
        raise BadInput(
            Said("Chỉ xem được từng ngày trong nhiều nhất {most_days} ngày.", most_days=MOST_DAYS),
            code="period_too_long",
            where="to",
            hint="Chọn khoảng thời gian ngắn hơn.",
        )
    last = min(last, today(reference, at))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    spans = [Day(*bounds(reference, day, day)) for day in days]
    directory = reference.directory
    known = None if agency is None else _within(directory, agency)
    if known is not None and len(known) == sum(1 for _ in directory.agencies()):
        known = None
    if not days:
        return []
    counted = figures.count_days(connection, spans, at, known)
    return [
        DayFigures(day=day, received=item.received, finished=item.finished, late=item.late)
        for day, item in zip(days, counted, strict=True)
    ]


def standings(
    office: Office,
    connection: Connection,
    at: datetime,
    agency: str | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> list[StandingLine]:
    """Agencies side by side: those right below ``agency`` with all under each, and the agency itself.

    Without an agency: those at the top. Agencies nothing concerns are left out; the most late first.
    Raises ``BadInput`` (``period_reversed``).
    """
    reference = office.reference(connection)
    directory = reference.directory
    first, last = period(reference, at, first, last)
    start, end = bounds(reference, first, last)
    found = figures.standings(connection, at, start, end)
    lines = [
        _standing(directory, code, whole, figures.totalled(found, codes))
        for code, whole, codes in _side_by_side(directory, agency)
        if any(each in found for each in codes)
    ]
    return sorted(lines, key=lambda line: (-line.late, -line.late_minutes, line.agency.code))


def _side_by_side(directory: Directory, agency: str | None) -> Iterator[tuple[str, bool, list[str]]]:
    if agency is not None:
        yield directory.agency(agency).code, False, [agency]
    for each in directory.agencies():
        if each.parent == agency:
            yield each.code, True, list(directory.below(each.code))


def _standing(directory: Directory, code: str, whole: bool, item: Standing) -> StandingLine:
    return StandingLine(
        agency=Named(code=code, name=directory.name(code)),
        whole=whole,
        received=item.received,
        finished=item.finished,
        on_time=item.on_time,
        on_time_percent=round(100 * item.on_time / item.finished, 1) if item.finished else None,
        open=item.open,
        late=item.late,
        late_minutes=item.late_minutes,
        to_sign=item.to_sign,
    )


def today(reference: Reference, at: datetime) -> date:
    """The local day of an instant."""
    return reference.calendars.current(DEFAULT_CALENDAR).to_local(at).date()


def bounds(reference: Reference, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants at which a stretch of local days begins and ends."""
    calendar = reference.calendars.current(DEFAULT_CALENDAR)
    return calendar.local(first), calendar.local(last + timedelta(days=1))


def end_of(reference: Reference, day: date, at: datetime) -> datetime:
    """The last moment of a local day; of today, the present one.

    Raises ``BadInput`` (``as_of_in_future``) for a day to come.
    """
    if day > today(reference, at):
        raise BadInput("Ngày này chưa tới.", code="as_of_in_future", where="on")
    return min(bounds(reference, day, day)[1] - timedelta(microseconds=1), at)


def period(reference: Reference, at: datetime, first: date | None, last: date | None) -> tuple[date, date]:
    """A stretch of days, with what was not said filled in: the 30 days up to today.

    Raises ``BadInput`` (``period_reversed``).
    """
    last = last or max(today(reference, at), first or date.min)
    first = first or last - timedelta(days=DAYS - 1)
    if first > last:
        raise BadInput("Ngày đầu kỳ phải trước ngày cuối kỳ.", code="period_reversed", where="from")
    return first, last


def _within(directory: Directory, agency: str | None) -> list[str]:
    if agency is None:
        return [each.code for each in directory.agencies()]
    return list(directory.below(directory.agency(agency).code))
