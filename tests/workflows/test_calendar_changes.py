"""Changing a calendar while dossiers run: the what-if says what applying does, and applying does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict, NotFound
from sla.calendars.book import Purpose
from sla.calendars.service import assign
from tests.support.office import COMMUNE, OTHER_COMMUNE, OTHER_DESK, TestOffice, after, definition
from workflows.calendars import changing, repository
from workflows.calendars.models import Stage
from workflows.views import calendar_changes
from workflows.views.calendar_changes import CalendarChangeRead

LATER = after(hours=2)


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    return office


def closing(day: datetime, name: str = "Nghỉ thêm") -> dict[str, Any]:
    return {"days": [{"date": day.date().isoformat(), "kind": "closed", "name": name, "source": "Thông báo"}]}


def propose(
    office: TestOffice, what: dict[str, Any], at: datetime = LATER, calendar: str = "vn-office"
) -> UUID:
    with office.database.writing() as connection:
        return changing.propose(office.office, connection, calendar, what, office.actor("tinh"), at)


def preview(office: TestOffice, what: dict[str, Any], at: datetime = LATER) -> CalendarChangeRead:
    change = propose(office, what, at)
    assert changing.carry_on(office.office, change, lambda: at)
    return read(office, change)


def apply(office: TestOffice, change: UUID, at: datetime = LATER, reason: str = "Thông báo 12") -> None:
    with office.database.writing() as connection:
        changing.apply(office.office, connection, change, reason, office.actor("tinh"), at)
    assert changing.carry_on(office.office, change, lambda: at)


def read(office: TestOffice, change: UUID) -> CalendarChangeRead:
    with office.database.reading() as connection:
        return calendar_changes.change(office.office, connection, change)


def test_a_day_off_moves_the_dossiers_whose_count_meets_it_and_no_others(office: TestOffice) -> None:
    touched = office.register()
    before = office.register(at=after(days=-14))
    found = preview(office, closing(after(days=3)))
    assert (found.stage, found.total, found.moved) == (Stage.PREVIEWED, 1, 1)
    assert [(day.before, day.after) for day in found.days] == [
        ("làm việc 07:30-11:30, 13:30-17:30", "nghỉ (Nghỉ thêm)")
    ]
    [move] = found.moves
    assert (move.due_before, move.due_after) == (after(days=7, hours=10), after(days=8, hours=10))
    assert [(line.agency.code, line.later, line.becomes_late) for line in found.agencies] == [(COMMUNE, 1, 0)]
    assert len(office.state(touched).promises) == 1, "a what-if changes nothing"

    apply(office, found.id)
    done = read(office, found.id)
    assert (done.stage, done.moved, done.reason) == (Stage.DONE, 1, "Thông báo 12")
    assert [promise.calendar for promise in office.state(touched).promises.values()] == [
        "vn-office@2026.1",
        "vn-office@2026.2",
    ]
    assert len(office.state(before).promises) == 1
    office.assert_proven()


def test_what_the_preview_says_is_what_applying_does(office: TestOffice) -> None:
    for number in range(7):
        office.register(at=after(days=number % 3, minutes=number))
    at = after(days=3)
    found = preview(office, closing(after(days=7)), at)
    apply(office, found.id, at)
    done = read(office, found.id)
    assert found.moves == done.moves
    assert found.agencies == done.agencies
    office.assert_proven()


def test_working_on_a_saturday_can_make_a_dossier_late(office: TestOffice) -> None:
    office.register()
    holiday = preview(office, closing(after(days=4)))
    apply(office, holiday.id)
    assert read(office, holiday.id).moves[0].due_after == after(days=8, hours=10)
    day = {
        "date": after(days=5).date().isoformat(),
        "kind": "makeup",
        "replaces": after(days=4).date().isoformat(),
    }
    at = after(days=7, hours=11)
    found = preview(office, {"days": [day]}, at)
    [move] = found.moves
    assert (move.becomes_late, found.becomes_late) == (True, 1)
    assert move.due_after == after(days=7, hours=10)
    assert found.days[0].after.startswith("làm việc 07:30-11:30, 13:30-17:30 (")


def test_effects_are_told_per_agency(office: TestOffice) -> None:
    office.register()
    for _ in range(2):
        office.register(by="my", desk=OTHER_DESK, bindings={"division": ("H44.20",)})
    found = preview(office, closing(after(days=2)))
    assert [(line.agency.code, line.moved) for line in found.agencies] == [(OTHER_COMMUNE, 2), (COMMUNE, 1)]


def test_an_agency_on_another_calendar_is_not_touched(office: TestOffice) -> None:
    with office.database.writing() as connection:
        assign(connection, COMMUNE, Purpose.PROCESSING, "vn-office-sat")
    office.register()
    assert preview(office, closing(after(days=2))).total == 0


def test_a_change_that_changes_nothing_is_refused(office: TestOffice) -> None:
    with pytest.raises(Conflict) as refusal:
        propose(office, {"days": [{"date": "2026-03-04", "kind": "normal"}]})
    assert refusal.value.code == "calendar_nothing_changes"
    with pytest.raises(NotFound):
        propose(office, closing(after(days=2)), calendar="nowhere")
    with pytest.raises(BadInput):
        propose(office, {"days": [{"date": "2026-03-04", "kind": "special"}]})


def test_a_preview_on_an_older_version_is_not_applied(office: TestOffice) -> None:
    first = preview(office, closing(after(days=2)))
    second = preview(office, closing(after(days=3)))
    apply(office, first.id)
    with pytest.raises(Conflict) as refusal, office.database.writing() as connection:
        changing.apply(office.office, connection, second.id, "Muộn", office.actor("tinh"), LATER)
    assert refusal.value.code == "calendar_changed_since"
    with pytest.raises(Conflict) as refusal, office.database.writing() as connection:
        changing.apply(office.office, connection, first.id, "Lại", office.actor("tinh"), LATER)
    assert refusal.value.code == "calendar_change_not_ready"


def test_a_change_may_be_dropped_until_it_is_applied(office: TestOffice) -> None:
    change = preview(office, closing(after(days=2))).id
    with office.database.writing() as connection:
        changing.drop(connection, change, LATER)
    assert read(office, change).stage is Stage.DROPPED
    with pytest.raises(Conflict), office.database.writing() as connection:
        changing.drop(connection, change, LATER)


def ticking(start: datetime) -> Callable[[], datetime]:
    """A clock on which every look takes a second."""
    ticks = iter(range(10_000))
    return lambda: start + timedelta(seconds=next(ticks))


def test_work_left_half_way_is_carried_on_by_the_monitor(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "PIECE", 2)
    for number in range(5):
        office.register(at=after(minutes=number))
    change = propose(office, closing(after(days=3)))
    assert not changing.carry_on(office.office, change, ticking(LATER), seconds=1)
    half = read(office, change)
    assert (half.stage, half.looked_at, half.total) == (Stage.PREVIEWING, 2, 5)
    changing.carry_on_all(office.office, lambda: after(hours=3))
    whole = read(office, change)
    assert (whole.stage, whole.looked_at, whole.moved) == (Stage.PREVIEWED, 5, 5)


def test_one_process_at_a_time_works_on_a_change(office: TestOffice) -> None:
    office.register()
    change = propose(office, closing(after(days=3)))
    with office.database.writing() as connection:
        repository.claim(connection, change, LATER, LATER + changing.CLAIM)
    assert not changing.carry_on(office.office, change, lambda: LATER)
    assert read(office, change).stage is Stage.PREVIEWING
    assert changing.carry_on(office.office, change, lambda: LATER + changing.CLAIM)
    assert read(office, change).stage is Stage.PREVIEWED
