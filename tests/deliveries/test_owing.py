"""What is owed to whom: one row per message, with the decision, and never anything about a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from dossiers.core.db import Database
from tests.deliveries.conftest import Delivering
from tests.support.office import MONDAY, TestOffice, after, definition
from workflows.commands import (
    AskPayment,
    AskSupplement,
    Decide,
    FinishStep,
    Note,
    Receive,
    ReceiveSupplement,
    Refuse,
    SignApology,
    Stop,
    TakeOver,
)
from workflows.deliveries.owing import telling_nobody
from workflows.verify import verify


def owed(office: Delivering) -> list[tuple[str, str]]:
    return [(row.topic, row.recipient.partition(":")[0]) for row in office.messages()]


def test_somebody_accepted_at_the_desk_is_told_once(office: Delivering) -> None:
    office.came()
    assert owed(office) == [("accepted", "applicant")]
    office.assert_proven()


def test_somebody_who_registered_online_is_told_of_both(office: Delivering) -> None:
    office.register(accept=False)
    assert owed(office) == [("registered", "applicant")]
    office.assert_proven()


def test_a_life_is_told_step_by_step(office: Delivering) -> None:
    dossier = office.came()
    office.do(dossier, AskSupplement(content="Bản vẽ"), "le", after(minutes=5))
    office.do(dossier, ReceiveSupplement(), "le", after(days=2, hours=4))
    office.do(dossier, AskPayment(amount=150_000, pauses=False), "le", after(days=2, hours=5))
    office.do(dossier, FinishStep(task=1), "le", after(days=2, hours=6))
    office.do(dossier, Receive(task=2), "an", after(days=2, hours=7))
    office.do(dossier, FinishStep(task=2), "an", after(days=2, hours=8))
    office.do(dossier, Receive(task=3), "chu", after(days=2, hours=9))
    office.do(dossier, Decide(task=3, outcome="dong_y"), "chu", after(days=2, hours=10))
    assert owed(office) == [
        ("accepted", "applicant"),
        ("supplement", "applicant"),
        ("appointment_changed", "applicant"),
        ("payment", "applicant"),
        ("result_ready", "applicant"),
    ]
    office.assert_proven()


def test_refusing_and_stopping_are_told(office: Delivering) -> None:
    office.do(office.register(accept=False), Refuse(reason="Không thuộc"), "le", after(minutes=1))
    office.do(office.came(at=after(minutes=2)), Stop(reason="Rút"), "le", after(minutes=3))
    assert [topic for topic, _ in owed(office)] == ["registered", "refused", "accepted", "stopped"]


def test_lateness_warns_the_worker_then_the_line_then_the_accountable_head(office: Delivering) -> None:
    dossier = office.came()
    office.do(dossier, FinishStep(task=1), "le", after(minutes=5))
    office.do(dossier, Receive(task=2), "an", after(minutes=10))
    office.do(dossier, TakeOver(task=2), "an", after(minutes=11))
    office.sweep(after(days=10))
    office.sweep(after(days=14))
    told = [(row.topic, row.recipient) for row in office.messages() if "applicant" not in row.recipient]
    warned = [to for topic, to in told if topic == "nearly_due"]
    assert warned == ["official:an", "head:H44.101.02", "official:an"]
    assert ("step_overdue", "official:an") in told
    assert ("apology_to_sign", "head:H44.101.02") in told
    assert ("fault", "official:binh") in told
    assert [topic for topic, to in told if to == "official:chu"] == ["fault_below"], "the letter is unsigned"
    office.do(
        dossier,
        SignApology(apology=1, reason="Quá tải", new_due_at=after(days=18, hours=2)),
        "binh",
        after(days=14, minutes=1),
    )
    assert owed(office)[-1] == ("apology", "applicant")
    office.assert_proven()


def test_a_row_holds_ids_and_nothing_of_the_person(office: Delivering) -> None:
    office.came()
    with office.database.reading() as connection:
        kept = str(connection.execute(text("SELECT * FROM outbox")).all())
    for personal in ("Nguyễn", "0912345678", "example.vn", "Khu 3"):
        assert personal not in kept


def test_a_decision_undone_owes_nothing(office: Delivering) -> None:
    with pytest.raises(RuntimeError), office.database.writing() as connection:
        office.register_in(connection)
        raise RuntimeError
    assert office.messages() == []


def test_a_message_taken_away_is_named_by_verify(office: Delivering) -> None:
    dossier = office.came()
    with office.database.writing() as connection:
        connection.execute(text("DELETE FROM outbox"))
    with office.database.reading() as connection:
        fault = verify(connection).first_fault
    assert fault is not None
    assert (fault.table, fault.dossier) == ("outbox", office.state(dossier).code)
    assert "accepted" in fault.reason


def test_history_put_in_after_the_fact_tells_nobody_and_what_follows_is_told(database: Database) -> None:
    office = TestOffice(database)
    office.publish(definition())
    with telling_nobody(office.office):
        dossier = office.register()
    office.assert_proven()
    office.do(dossier, Note(activity="xem"), "le", after(minutes=1))
    office.do(dossier, AskSupplement(content="Bản vẽ"), "le", MONDAY + timedelta(minutes=5))
    with database.reading() as connection:
        topics = connection.execute(text("SELECT topic FROM outbox")).scalars().all()
    assert topics == ["supplement"]
    office.assert_proven()
