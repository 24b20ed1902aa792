"""The monitor: cost by what newly falls due, once only, one bad dossier stops nobody."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from dossiers.core.db import Database
from dossiers.core.tables import table_of
from dossiers.records import repository as records
from dossiers.records.models import DossierRow
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


def test_dossiers_that_wait_cost_one_probe_of_one_index(office: TestOffice) -> None:
    many(office, 3_000)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    event.listen(office.database.engine, "before_cursor_execute", note)
    assert office.sweep(after(hours=3)).looked_at == 0
    event.remove(office.database.engine, "before_cursor_execute", note)
    [(statement, parameters)] = [each for each in asked if not each[0].startswith("BEGIN")]
    explain = "EXPLAIN QUERY PLAN " if office.database.is_sqlite else "EXPLAIN (ANALYZE) "
    with office.database.reading() as connection:
        plan = [str(row) for row in connection.exec_driver_sql(explain + statement, parameters)]
    [probe] = [line for line in plan if "ix_dossiers_next_duty_at" in line]
    assert ("SEARCH" if office.database.is_sqlite else "Index Scan") in probe
    assert not [line for line in plan if re.search(r"SCAN dossiers|Seq Scan on dossiers|Bitmap", line)]
    if not office.database.is_sqlite:
        assert "rows=0 " in probe.partition("actual")[2]


def many(office: TestOffice, count: int) -> None:
    """So many more open dossiers, by a copy of one in the database itself."""
    dossier = office.register()
    columns = [column.name for column in table_of(DossierRow).columns if column.name not in ("id", "code")]
    names = ", ".join(columns)
    copies = (
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count) "
        "SELECT lower(hex(randomblob(16))), 'copy-' || n, {} FROM n, dossiers WHERE id = :dossier"
        if office.database.is_sqlite
        else "SELECT gen_random_uuid(), 'copy-' || n, {} FROM generate_series(1, :count) n, dossiers "
        "WHERE id = :dossier"
    ).format(names)
    with office.database.writing() as connection:
        connection.execute(
            text(f"INSERT INTO dossiers (id, code, {names}) {copies}"),
            {"count": count, "dossier": dossier.hex if office.database.is_sqlite else dossier},
        )
    with office.database.writing() as connection:
        connection.exec_driver_sql("ANALYZE dossiers")
        connection.exec_driver_sql("ANALYZE sweep_failures")


def test_what_falls_due_at_once_is_done_by_few_statements(office: TestOffice) -> None:
    for _ in range(60):
        office.register()
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    report = office.sweep(AT)
    event.remove(office.database.engine, "before_cursor_execute", note)
    assert (report.looked_at, report.events["promise:broken"]) == (60, 60)
    assert len(asked) < 60
    office.assert_proven()
