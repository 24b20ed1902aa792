"""Moving running dossiers to another version or calendar, with a dry run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dossiers.core.db import Database
from sla.calendars.days import Confidence, DayKind, ExceptionalDay
from sla.calendars.loading import load_shipped
from sla.calendars.service import publish as publish_calendar
from tests.support.office import MONDAY, TestOffice, after, definition
from workflows.moving import migrate_running, recalculate_running


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    return office


def holiday(office: TestOffice, day: int) -> None:
    shipped = load_shipped("vn-office")
    off = ExceptionalDay(
        after(days=day).date(), DayKind.CLOSED, "Nghỉ thêm", "Thông báo", Confidence.TO_VERIFY
    )
    version = replace(shipped, version="2026.2", days=(*shipped.days, off))
    with office.database.writing() as connection:
        publish_calendar(connection, version, MONDAY)


def test_a_dry_run_shows_each_date_before_and_after_and_changes_nothing(office: TestOffice) -> None:
    dossier = office.register()
    office.publish(definition(version=2, limits=[{"limit": "7 working_day"}]))
    admin = office.actor("tinh")
    moves = migrate_running(office.office, "T.1", 2, admin, after(hours=2), reason="QĐ mới", dry_run=True)
    assert [(move.due_before, move.due_after, move.refused) for move in moves] == [
        (after(days=7, hours=10), after(days=9, hours=10), None)
    ]
    assert office.state(dossier).version == 1
    real = migrate_running(office.office, "T.1", 2, admin, after(hours=2), reason="QĐ mới", dry_run=False)
    assert real == moves
    state = office.state(dossier)
    assert (state.version, state.promises[2].kind, state.promises[2].due_at) == (
        2,
        "migration",
        after(days=9, hours=10),
    )
    assert state.promises[1].status == "superseded"
    office.assert_proven()


def test_a_dossier_whose_step_is_gone_stays_where_it_is_and_says_why(office: TestOffice) -> None:
    dossier = office.register()
    steps = definition().model_dump(mode="json", exclude_defaults=True)["steps"]
    steps[0]["id"] = "don_tiep"
    office.publish(definition(version=2, steps=steps))
    moves = migrate_running(
        office.office, "T.1", 2, office.actor("tinh"), after(hours=2), reason="QĐ mới", dry_run=False
    )
    assert [move.refused for move in moves] == ["cannot_migrate"]
    assert office.state(dossier).version == 1


def test_nobody_but_an_administrator_moves_dossiers(office: TestOffice) -> None:
    office.register()
    office.publish(definition(version=2))
    moves = migrate_running(
        office.office, "T.1", 2, office.actor("le"), after(hours=2), reason="QĐ mới", dry_run=False
    )
    assert [move.refused for move in moves] == ["not_allowed"]


def test_a_new_holiday_moves_running_promises_and_steps_only_when_applied(office: TestOffice) -> None:
    dossier = office.register()
    holiday(office, 3)
    assert office.state(dossier).promises[1].due_at == after(days=7, hours=10)
    arguments = (office.office, "vn-office", office.actor("tinh"), after(hours=2))
    moves = recalculate_running(*arguments, reason="Thông báo", dry_run=True)
    assert [(move.due_before, move.due_after) for move in moves] == [
        (after(days=7, hours=10), after(days=8, hours=10))
    ]
    recalculate_running(*arguments, reason="Thông báo", dry_run=False)
    state = office.state(dossier)
    assert [(promise.kind, promise.calendar) for promise in state.promises.values()] == [
        ("first", "vn-office@2026.1"),
        ("calendar", "vn-office@2026.2"),
    ]
    assert recalculate_running(*arguments, reason="Lại", dry_run=False) == []
    office.assert_proven()


def test_what_was_late_by_the_old_calendar_stays_late(office: TestOffice) -> None:
    dossier = office.register()
    office.sweep(after(days=7, hours=11))
    holiday(office, 3)
    moves = recalculate_running(
        office.office, "vn-office", office.actor("tinh"), after(days=8), reason="Muộn", dry_run=False
    )
    assert moves == []
    assert office.state(dossier).promises[1].status == "broken"
