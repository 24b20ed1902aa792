"""Deadlines computed on request."""

from __future__ import annotations

from fastapi import APIRouter

from api.deadlines.schemas import DeadlineCompute, DeadlineRead
from api.deps import Reader
from sla.calendars.book import DEFAULT_CALENDAR
from sla.deadline import due
from sla.limits import parse_limit
from sla.working_time import WorkingCalendar
from workflows.office import Reference

router = APIRouter(prefix="/deadlines", tags=["deadlines"])


@router.post("/compute", summary="Tính thời hạn")
def compute_deadline(wanted: DeadlineCompute, call: Reader) -> DeadlineRead:
    """When a limit ends and why, line by line. Nothing is kept."""
    with call.reading() as connection:
        reference = call.office.reference(connection)
    return DeadlineRead.of(
        due(
            wanted.start,
            parse_limit(wanted.limit),
            wanted.rule,
            _calendar(reference, wanted),
            pauses=[pause.as_pause() for pause in wanted.pauses],
            outside_hours=wanted.outside_hours,
            day_end=wanted.day_end,
        )
    )


def _calendar(reference: Reference, wanted: DeadlineCompute) -> WorkingCalendar:
    if wanted.calendar is not None:
        by_id = "@" in wanted.calendar
        book = reference.calendars
        return book.by_id(wanted.calendar) if by_id else book.current(wanted.calendar)
    if wanted.agency is not None:
        directory = reference.directory
        return reference.calendars.processing(directory, directory.agency(wanted.agency).code)
    return reference.calendars.current(DEFAULT_CALENDAR)
