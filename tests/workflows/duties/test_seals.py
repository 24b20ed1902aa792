"""The daily seal: what was sealed and is gone, changed or cut off is noticed; seals cannot be touched."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from api.schema import METADATA
from dossiers.core.db import Database
from dossiers.core.errors import NotFound
from dossiers.history import repository as history
from dossiers.history import seals
from dossiers.history.events import GENESIS
from dossiers.history.seals import Seal
from tests.support.office import TestOffice, after, definition
from workflows.commands import FinishStep
from workflows.duties.doing import Ended, do_due
from workflows.duties.standing import SEAL, duty_named, standing_duties
from workflows.verify import Verdict, verify

NIGHT = datetime.fromisoformat("2026-03-03T00:10+07:00")
DAY = timedelta(days=1)
TABLES = ("events", "ledger_entries", "seals", "seal_heads")


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    return office


def seal_at(office: TestOffice, at: datetime) -> Ended:
    duty = duty_named(standing_duties(60, lambda: at), SEAL)
    (turn,) = do_due(office.office, [duty], lambda: at)
    return turn.ended


def sealed(office: TestOffice) -> list[Seal]:
    with office.database.reading() as connection:
        return list(reversed(seals.newest(connection, 100)))


def heads(office: TestOffice, number: int) -> set[tuple[UUID, int]]:
    with office.database.reading() as connection:
        return {(head.dossier_id, head.seq) for head in seals._heads_of(connection, number)}


def check(office: TestOffice) -> Verdict:
    with office.database.reading() as connection:
        return verify(connection)


def by_force(office: TestOffice, *statements: str, **values: Any) -> None:
    """Somebody with the database's own rights at work."""
    with office.database.writing() as connection:
        for table in TABLES:
            _let_change(connection, table)
        for statement in statements:
            connection.execute(text(statement), values)


def _let_change(connection: Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")


def test_a_day_is_sealed_once_with_the_dossiers_that_changed_in_it(office: TestOffice) -> None:
    first, second = office.register(), office.register()
    assert seal_at(office, NIGHT) is Ended.DONE
    assert seal_at(office, NIGHT + timedelta(hours=5)) is Ended.ALREADY
    office.do(first, FinishStep(task=1), "le", after(days=1))
    assert seal_at(office, NIGHT + DAY) is Ended.DONE
    one, two = sealed(office)
    assert (one.number, one.day, one.dossiers) == (1, date(2026, 3, 2), 2)
    assert (two.number, two.day, two.dossiers) == (2, date(2026, 3, 3), 1)
    assert two.prev_hash == one.hash
    assert {dossier for dossier, _ in heads(office, 1)} == {first, second}
    assert {dossier for dossier, _ in heads(office, 2)} == {first}
    assert check(office).ok


def test_what_happens_after_midnight_belongs_to_the_next_day(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", NIGHT - timedelta(minutes=5))
    with office.database.reading() as connection:
        before = history.links_of(connection, dossier, NIGHT - timedelta(minutes=10))[-1].event.seq
    seal_at(office, NIGHT)
    assert heads(office, 1) == {(dossier, before)}
    seal_at(office, NIGHT + DAY)
    assert {each for each, _ in heads(office, 2)} == {dossier}


def test_days_missed_are_sealed_in_order_each_with_its_own(office: TestOffice) -> None:
    seal_at(office, NIGHT - DAY)
    first = office.register()
    second = office.register(at=after(days=2))
    assert seal_at(office, NIGHT + 3 * DAY) is Ended.DONE
    assert [seal.day.day for seal in sealed(office)] == [1, 2, 3, 4, 5]
    assert [{each for each, _ in heads(office, number)} for number in range(1, 6)] == [
        set(), {first}, set(), {second}, set(),
    ]  # fmt: skip
    assert check(office).ok


def test_what_is_recorded_late_for_a_sealed_day_is_taken_in_by_the_next_seal(office: TestOffice) -> None:
    seal_at(office, NIGHT)
    late = office.register()
    seal_at(office, NIGHT + DAY)
    assert {each for each, _ in heads(office, 2)} == {late}


def test_a_dossier_deleted_with_its_history_is_noticed(office: TestOffice) -> None:
    office.register()
    gone = office.register()
    seal_at(office, NIGHT)
    _delete(office, gone)
    verdict = check(office)
    assert verdict.first_fault is not None
    assert (verdict.first_fault.dossier, verdict.first_fault.table) == (str(gone), "seal_heads")
    assert "không còn" in verdict.first_fault.reason


def test_a_dossier_deleted_with_its_heads_breaks_the_seal(office: TestOffice) -> None:
    gone = office.register()
    seal_at(office, NIGHT)
    _delete(office, gone)
    by_force(office, "DELETE FROM seal_heads")
    assert "thay đổi" in str(check(office).first_fault)


def _delete(office: TestOffice, dossier: UUID) -> None:
    """Every trace of a dossier but what the seals hold of it."""
    tables = [
        table.name
        for table in reversed(METADATA.sorted_tables)
        if "dossier_id" in table.c and table.name != "seal_heads"
    ]
    by_force(
        office,
        *(f"DELETE FROM {table} WHERE dossier_id = :dossier" for table in tables),
        "DELETE FROM dossiers WHERE id = :dossier",
        dossier=dossier.hex if office.database.is_sqlite else dossier,
    )


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE seals SET day = '2026-03-09' WHERE number = 1", "thay đổi"),
        ("UPDATE seals SET hash = prev_hash WHERE number = 1", "thay đổi"),
        ("UPDATE seal_heads SET seq = seq + 1", "thay đổi"),
        ("UPDATE seals SET number = 3 WHERE number = 2", "thiếu niêm phong số 2"),
        ("UPDATE seals SET prev_hash = hash WHERE number = 2", "không nối"),
    ],
)
def test_a_seal_that_was_changed_is_named(office: TestOffice, statement: str, reason: str) -> None:
    office.register()
    seal_at(office, NIGHT)
    seal_at(office, NIGHT + DAY)
    by_force(office, statement)
    assert reason in str(check(office).first_fault)


def test_a_history_made_anew_after_it_was_sealed_is_noticed(office: TestOffice) -> None:
    dossier = office.register()
    seal_at(office, NIGHT)
    by_force(
        office,
        "UPDATE seal_heads SET hash = :other",
        "UPDATE seals SET hash = :own",
        other="a" * 64,
        own=seals.seal_hash(
            1,
            date(2026, 3, 2),
            datetime.fromisoformat("2026-03-03T00:00+07:00"),
            GENESIS,
            [seals.Head(dossier, next(iter(heads(office, 1)))[1], "a" * 64)],
        ),
    )
    fault = check(office).first_fault
    assert fault is not None
    assert fault.dossier == office.state(dossier).code
    assert "khác" in fault.reason


@pytest.mark.parametrize("table", ["seals", "seal_heads"])
@pytest.mark.parametrize("change", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_a_seal(office: TestOffice, table: str, change: str) -> None:
    office.register()
    seal_at(office, NIGHT)
    with pytest.raises(DatabaseError, match="append-only"), office.database.writing() as connection:
        connection.execute(text(change.format(table)))


def test_a_seal_is_found_by_what_was_printed_and_not_by_anything_else(office: TestOffice) -> None:
    office.register()
    seal_at(office, NIGHT)
    (seal,) = sealed(office)
    assert len(seal.printed) == 19
    with office.database.reading() as connection:
        assert seals.with_code(connection, seal.printed.upper()) == seal
        for other in ("", "%%%%%%%%%%%%%%%%", seal.printed[:-1], "0" * 16):
            with pytest.raises(NotFound) as refusal:
                seals.with_code(connection, other)
            assert refusal.value.code == "seal_unknown"
