"""Proof: whatever somebody changes behind the program's back is named, and the naming never fails."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError

from dossiers.core.db import Database
from dossiers.core.errors import MotcuaError
from dossiers.history import repository as history
from dossiers.history.events import Event, link_hash
from tests.support.office import MONDAY, TestOffice, after, definition
from workflows.commands import FinishStep, Note, Receive, ReturnToSender
from workflows.verify import Fault, verify


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    return office


@pytest.fixture
def dossier(office: TestOffice) -> UUID:
    """A dossier to whose history a text belongs: it was sent back with a reason."""
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(minutes=5))
    office.do(dossier, Receive(task=2), "an", after(minutes=10))
    office.do(dossier, ReturnToSender(task=2, reason="Thiếu chữ ký"), "an", after(minutes=15))
    office.assert_proven()
    return dossier


def tampered(office: TestOffice, statement: str, **values: object) -> Fault:
    """What is found after somebody with the database's own rights ran a statement."""
    with office.database.writing() as connection:
        _let_change(connection, "events")
        connection.execute(text(statement), values)
    with office.database.reading() as connection:
        verdict = verify(connection)
    assert not verdict.ok
    assert verdict.first_fault is not None
    return verdict.first_fault


def _let_change(connection: Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")


@pytest.mark.parametrize(
    "payload", ["xx", "5", "[" * 100_000, '{"a":' * 100_000], ids=["text", "number", "deep", "deeper"]
)
def test_an_event_that_cannot_be_read_is_named(office: TestOffice, dossier: UUID, payload: str) -> None:
    code = office.state(dossier).code
    fault = tampered(office, "UPDATE events SET payload = :payload WHERE seq = 2", payload=payload)
    assert (fault.dossier, fault.seq) == (code, 2)
    with pytest.raises(MotcuaError) as refusal:
        office.do(dossier, Note(activity="xem"), "le", after(hours=1))
    assert refusal.value.code == "history_unreadable"


def test_an_event_forged_with_its_hash_is_named(office: TestOffice, dossier: UUID) -> None:
    with office.database.reading() as connection:
        last = history.links_of(connection, dossier)[-1]
    payload = '{"task":' * 400 + "1" + "}" * 400
    forged = Event(last.event.seq + 1, "task:unheard", last.event.at, "system", None, {})
    fault = tampered(
        office,
        "INSERT INTO events (dossier_id, seq, kind, at, actor, agency, payload, prev_hash, hash) "
        "SELECT dossier_id, seq + 1, :kind, at, 'system', NULL, :payload, hash, :hash FROM events "
        "WHERE seq = :last",
        kind=forged.kind,
        payload=payload,
        hash=link_hash(dossier, forged, payload, last.hash),
        last=last.event.seq,
    )
    assert "không dựng lại được" in fault.reason


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (
            "UPDATE procedure_versions SET definition = replace(definition, '5 w', '9 w')",
            "procedure_versions",
        ),
        ("UPDATE calendar_versions SET content = replace(content, '07:30', '07:00')", "calendar_versions"),
        ("UPDATE dossiers SET late_minutes = 7", "dossiers"),
        ("UPDATE texts SET body = 'Khác'", "texts"),
        ("DELETE FROM texts", "texts"),
        ("UPDATE texts SET dossier_id = '00000000-0000-7000-8000-000000000000'", "texts"),
    ],
)
def test_what_was_changed_is_named(office: TestOffice, dossier: UUID, statement: str, table: str) -> None:
    assert tampered(office, statement).table == table


def test_a_text_disposed_of_leaves_the_proof_whole(office: TestOffice, dossier: UUID) -> None:
    with office.database.writing() as connection:
        for text_id in history.texts_of(connection, dossier):
            history.dispose_of_text(connection, UUID(text_id))
    with office.database.reading() as connection:
        assert history.texts_of(connection, dossier) == {}
    office.assert_proven()


def test_a_row_that_holds_what_it_cannot_is_named(office: TestOffice, dossier: UUID) -> None:
    for _ in range(3):
        office.register(at=MONDAY)
    code = office.state(dossier).code
    change = "UPDATE dossiers SET registered_at = 'hôm qua' WHERE code = :code"
    if not office.database.is_sqlite:
        with pytest.raises(DataError):  # PostgreSQL refuses such a value itself
            tampered(office, change, code=code)
        return
    assert tampered(office, change, code=code).dossier == code
    assert tampered(office, "UPDATE events SET at = 'hôm qua' WHERE seq = 3").table == "events"
