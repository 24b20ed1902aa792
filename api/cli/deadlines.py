"""``motcua due``: a due date and its working."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.cli.output import VIETNAM, console, print_json, when
from api.cli.session import AsJson, moment, open_database
from dossiers.core.migrating import head, revision_of
from dossiers.core.revisions import REFERENCE, revision
from sla.calendars.book import DEFAULT_CALENDAR, CalendarBook
from sla.calendars.loading import SHIPPED, load_shipped
from sla.calendars.repository import load_book
from sla.deadline import OutsideHours, due
from sla.limits import Rule, parse_limit
from sla.working_time import WorkingCalendar


def known_calendars() -> CalendarBook:
    """The calendars of this office, or those shipped with the program before there is an office."""
    database = open_database()
    if revision_of(database) == head():
        with database.reading() as connection:
            book = load_book(connection, revision(connection, REFERENCE))
        if list(book.names()):
            return book
    return CalendarBook([load_shipped(name) for name in SHIPPED])


def calendar_named(name: str) -> WorkingCalendar:
    """A calendar by name, or one version of it by id such as ``vn-office@2026.1``."""
    book = known_calendars()
    return book.by_id(name) if "@" in name else book.current(name)


def due_command(
    start: Annotated[
        str, typer.Option("--from", help="Lúc bắt đầu, giờ của lịch: 2026-12-31T16:10 (hoặc kèm độ lệch giờ)")
    ],
    limit: Annotated[str, typer.Option("--limit", help="Thời hạn: “3 working_day”, “same_day 15:00”, …")],
    rule: Annotated[Rule, typer.Option("--rule", help="Cách đếm ngày làm việc")] = Rule.CIVIL_CODE,
    calendar: Annotated[str, typer.Option("--calendar", help="Tên lịch làm việc")] = DEFAULT_CALENDAR,
    outside_hours: Annotated[
        OutsideHours, typer.Option("--outside-hours", help="Bắt đầu ngoài giờ làm việc thì tính thế nào")
    ] = OutsideHours.AS_IS,
    as_json: AsJson = False,
) -> None:
    """Tính hạn trả và giải thích từng dòng."""
    working = calendar_named(calendar)
    deadline = due(_start(start, working), parse_limit(limit), rule, working, outside_hours=outside_hours)
    assert deadline.due_at is not None
    if as_json:
        print_json(
            {
                "due_at": working.to_local(deadline.due_at).isoformat(),
                "lines": [line.as_dict() for line in deadline.lines],
                "calendar_version": deadline.calendar_id,
                "provisional": deadline.provisional,
            }
        )
        return
    for line in deadline.lines:
        console.print(f"  {line.text}")
    console.print(f"Hạn trả: {when(deadline.due_at)}  (lịch {deadline.calendar_id})", style="bold")
    if deadline.provisional:
        console.print("Tạm tính: chưa có lịch nghỉ chính thức cho thời gian này.")


def _start(text: str, calendar: WorkingCalendar) -> datetime:
    """An instant; without an offset it is local time of the calendar."""
    at = moment(text, what="--from")
    if datetime.fromisoformat(text).tzinfo is not None:
        return at
    local = at.astimezone(VIETNAM)
    return calendar.local(local.date(), local.hour * 60 + local.minute)
