"""Queries about calendars."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from sla.calendars.book import CalendarBook, Purpose
from sla.calendars.model import CalendarVersion
from sla.calendars.models import CalendarAssignmentRow, CalendarVersionRow


def load_book(connection: Connection, revision: str) -> CalendarBook:
    """Read every calendar version and assignment."""
    versions = [
        CalendarVersion.from_dict(json.loads(row.content))
        for row in connection.execute(
            select(CalendarVersionRow.__table__).order_by(CalendarVersionRow.name, CalendarVersionRow.number)
        )
    ]
    assignments = {
        (row.agency, Purpose(row.purpose)): row.calendar
        for row in connection.execute(select(CalendarAssignmentRow.__table__))
    }
    return CalendarBook(versions, assignments, revision)


def version_row(connection: Connection, name: str, version: str) -> Any | None:
    """A published version, if there is one."""
    return connection.execute(
        select(CalendarVersionRow.__table__).where(
            CalendarVersionRow.name == name, CalendarVersionRow.version == version
        )
    ).one_or_none()


def version_rows(connection: Connection) -> list[Any]:
    """Every published version."""
    columns = CalendarVersionRow.__table__.c
    return list(connection.execute(select(*columns).order_by(columns.name, columns.number)))


def add_version(connection: Connection, fields: dict[str, Any]) -> None:
    """Keep a version behind those of its name."""
    last = connection.execute(
        select(func.max(CalendarVersionRow.number)).where(CalendarVersionRow.name == fields["name"])
    ).scalar_one_or_none()
    connection.execute(insert(CalendarVersionRow), {**fields, "number": (last or 0) + 1})


def assign(connection: Connection, agency: str, purpose: Purpose, calendar: str) -> None:
    """Let an agency work by a calendar."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        make(CalendarAssignmentRow)
        .values(agency=agency, purpose=purpose.value, calendar=calendar)
        .on_conflict_do_update(index_elements=["agency", "purpose"], set_={"calendar": calendar})
    )
