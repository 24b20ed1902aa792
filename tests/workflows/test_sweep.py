"""The monitor: cost by what newly falls due, once only, one bad dossier stops nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from dossiers.core.db import Database
from dossiers.records import repository as records
from tests.support.office import TestOffice, after, definition
from workflows.office import Office
from workflows.sweep import sweep

AT = after(days=8)


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition(warnings=["4 working_hour"]))
    return office


def test_a_second_sweep_changes_nothing_more(office: TestOffice) -> None:
    for _ in range(3):
        office.register()
    first = office.sweep(AT)
    assert first.events["promise:broken"] == 3
    assert office.sweep(AT).looked_at == 0
    office.assert_proven()


def test_two_sweeps_at_once_do_each_duty_once(office: TestOffice) -> None:
    for _ in range(6):
        office.register()
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: sweep(office.office, AT), range(4)))
    assert sum(report.events["promise:broken"] for report in reports) == 6
    assert sum(report.events["apology:asked"] for report in reports) == 6
    assert not any(report.failed for report in reports)
    office.assert_proven()


def test_a_dossier_that_cannot_be_handled_is_put_aside_and_tried_again(office: TestOffice) -> None:
    office.publish(definition(code="T.GONE"))
    bad, good = office.register("T.GONE"), office.register()
    with office.database.writing() as connection:
        connection.execute(text("DELETE FROM procedure_versions WHERE code = 'T.GONE'"))
    restarted = Office(office.database)
    report = sweep(restarted, AT)
    assert report.failed == [bad]
    assert office.state(good).promises[1].status == "broken"
    assert sweep(restarted, AT + timedelta(minutes=1)).looked_at == 0
    with office.database.reading() as connection:
        failure = records.failures(connection)[0]
    assert (failure.dossier_id, failure.attempts) == (bad, 1)
    assert "T.GONE" in failure.error
    office.publish(definition(code="T.GONE"))
    assert not sweep(restarted, AT + timedelta(hours=2)).failed
    with office.database.reading() as connection:
        assert not records.failures(connection)


def test_dossiers_that_wait_cost_nothing(office: TestOffice) -> None:
    for _ in range(20):
        office.register()
    assert office.sweep(after(hours=3)).looked_at == 0
    with office.database.reading() as connection:
        explain = "EXPLAIN QUERY PLAN" if office.database.is_sqlite else "EXPLAIN"
        if not office.database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(
            str(row)
            for row in connection.execute(
                text(f"{explain} SELECT id FROM dossiers WHERE next_duty_at <= :at ORDER BY next_duty_at"),
                {"at": "2026-03-01 00:00:00"},
            )
        )
    assert "ix_dossiers_next_duty_at" in plan
