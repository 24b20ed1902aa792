"""When nobody is disturbed: a table of moments."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from dossiers.core.db import Database
from tests.support.office import COMMUNE, TestOffice
from workflows.deliveries.quiet import next_allowed

QUIET = (time(21), time(7))


@pytest.fixture
def office(database: Database) -> TestOffice:
    return TestOffice(database)


TABLE = [
    # Monday 2 March 2026
    ("2026-03-02T07:00", "2026-03-02T07:00", "the first minute of the day"),
    ("2026-03-02T06:59", "2026-03-02T07:00", "a minute before"),
    ("2026-03-02T12:00", "2026-03-02T12:00", "the lunch break is no night"),
    ("2026-03-02T19:30", "2026-03-02T19:30", "in the evening"),
    ("2026-03-02T20:59:59", "2026-03-02T20:59:59", "the last second"),
    ("2026-03-02T21:00", "2026-03-03T07:00", "quiet begins"),
    ("2026-03-03T00:00", "2026-03-03T07:00", "midnight"),
    # Friday, the weekend
    ("2026-03-06T21:30", "2026-03-09T07:00", "over the weekend"),
    ("2026-03-07T10:00", "2026-03-09T07:00", "Saturday"),
    ("2026-03-08T23:00", "2026-03-09T07:00", "Sunday night"),
    # Tết 2026: 14 to 22 February are off
    ("2026-02-13T22:00", "2026-02-23T07:00", "nine days of Tết"),
    ("2026-02-17T09:00", "2026-02-23T07:00", "the first day of the year"),
    # the National Day 2026: 29 August to 2 September; 22 August is worked for the Monday off
    ("2026-09-01T08:00", "2026-09-03T07:00", "the National Day"),
    ("2026-08-22T08:00", "2026-08-22T08:00", "a Saturday worked for a day off"),
]


@pytest.mark.parametrize(("at", "allowed", "why"), TABLE, ids=[row[2] for row in TABLE])
def test_nobody_is_disturbed_at_night_or_on_days_off(
    office: TestOffice, at: str, allowed: str, why: str
) -> None:
    with office.database.reading() as connection:
        reference = office.office.reference(connection)
    calendar = reference.calendars.reception(reference.directory, COMMUNE)
    found = next_allowed(datetime.fromisoformat(f"{at}+07:00"), calendar, *QUIET)
    assert found == datetime.fromisoformat(f"{allowed}+07:00")


def test_where_no_hour_is_quiet_days_off_still_are(office: TestOffice) -> None:
    with office.database.reading() as connection:
        calendar = office.office.reference(connection).calendars.current("vn-office")
    night, sunday = (datetime.fromisoformat(f"2026-03-{text}+07:00") for text in ("02T03:00", "08T03:00"))
    assert next_allowed(night, calendar, time(0), time(0)) == night
    assert next_allowed(sunday, calendar, time(0), time(0)) == datetime.fromisoformat(
        "2026-03-09T00:00+07:00"
    )
