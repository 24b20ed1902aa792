"""What the desk records beside the processing: to whom a result was given back, and fees."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict, MotcuaError
from tests.support.office import DESK, TestOffice, after, definition
from workflows.commands import (
    AskPayment,
    CollectFee,
    Decide,
    FinishStep,
    GiveBack,
    Receive,
    WaiveFee,
)
from workflows.engine.kinds import Kind
from workflows.views.case import read_case
from workflows.views.desk_forms import receipt
from workflows.views.dossier import read_dossier
from workflows.views.models import DossierRead
from workflows.views.words import tell

FEES = [
    {"id": "le_phi", "name": "Lệ phí đăng ký", "amount": 20_000},
    {"id": "ban_sao", "name": "Phí bản sao", "amount": 8_000, "unit": "bản"},
    {"id": "truc_tuyen", "name": "Lệ phí nộp trực tuyến", "amount": 10_000, "when": {"channel": "online"}},
]


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition(fees=FEES))
    return office


def finished(office: TestOffice, **more: Any) -> UUID:
    dossier = office.register(**more)
    for command, by, at in (
        (FinishStep(task=1), "le", after(hours=1)),
        (Receive(task=2), "an", after(hours=2)),
        (FinishStep(task=2), "an", after(days=1)),
        (Receive(task=3), "chu", after(days=1, hours=1)),
        (Decide(task=3, outcome="dong_y"), "chu", after(days=2)),
    ):
        office.do(dossier, command, by, at)
    return dossier


def read(office: TestOffice, dossier: UUID) -> DossierRead:
    with office.database.reading() as connection:
        return read_dossier(office.office, connection, dossier, after(days=3))


def refused(office: TestOffice, dossier: UUID, command: Any, by: str = "le") -> str:
    with pytest.raises(MotcuaError) as raised:
        office.do(dossier, command, by, after(days=3))
    return raised.value.code


PROXY: dict[str, Any] = {
    "receiver": "proxy",
    "proxy_name": "Trần Văn Nhận",
    "proxy_paper": "025190000077",
    "proxy_relation": "Con của người nộp",
}


def test_a_proxy_who_receives_is_recorded_beside_history(office: TestOffice) -> None:
    dossier = finished(office)
    office.do(dossier, GiveBack(**PROXY, signed=True), "le", after(days=3))
    returned = read(office, dossier).returned
    assert returned is not None
    assert (returned.receiver, returned.name, returned.paper) == ("proxy", "Trần Văn Nhận", "025190000077")
    assert (returned.relation, returned.signed, returned.by) == ("Con của người nộp", True, "Lê Thị Lê")
    with office.database.reading() as connection:
        told = tell(office.office, connection, dossier).events[-1]
        stored = connection.exec_driver_sql("SELECT payload FROM events").scalars().all()
    assert told.text.endswith("trả kết quả trực tiếp cho người nhận thay; người nhận đã ký nhận.")
    assert not any("Nhận" in text or "025190000077" in text for text in stored)
    office.assert_proven()


def test_the_applicant_who_receives_is_named_by_the_record_of_applicants(office: TestOffice) -> None:
    dossier = finished(office)
    office.do(dossier, GiveBack(method="postal", receiver="applicant"), "le", after(days=3))
    returned = read(office, dossier).returned
    assert returned is not None
    assert (returned.name, returned.method, returned.signed) == ("Nguyễn Thị Dân", "postal", False)


def test_giving_back_as_before_still_works_and_claims_nothing(office: TestOffice) -> None:
    dossier = finished(office)
    office.do(dossier, GiveBack(), "le", after(days=3))
    returned = read(office, dossier).returned
    assert returned is not None
    assert (returned.receiver, returned.name, returned.signed) == (None, None, False)
    office.assert_proven()


@pytest.mark.parametrize("missing", ["proxy_name", "proxy_paper", "proxy_relation"])
def test_a_proxy_is_known_by_name_paper_and_relation(office: TestOffice, missing: str) -> None:
    dossier = finished(office)
    with pytest.raises(BadInput) as raised:
        office.do(dossier, GiveBack(**{**PROXY, missing: ""}), "le", after(days=3))
    assert (raised.value.code, raised.value.where) == ("receiver_incomplete", missing)


def test_who_received_is_not_contradictory(office: TestOffice) -> None:
    dossier = finished(office)
    assert refused(office, dossier, GiveBack(**PROXY | {"receiver": "applicant"})) == "receiver_contradictory"
    assert refused(office, dossier, GiveBack(receiver="representative")) == "representative_unknown"


def test_a_fee_is_received_once_and_shown_on_the_dossier_and_the_slip(office: TestOffice) -> None:
    dossier = office.register()
    kinds = office.do(dossier, CollectFee(fee="le_phi", receipt="BL-01"), "le", after(hours=1))
    assert kinds == [Kind.PAYMENT_ASKED, Kind.PAYMENT_CONFIRMED]
    office.do(dossier, CollectFee(fee="ban_sao", quantity=3, receipt="BL-02"), "le", after(hours=1))
    office.do(dossier, CollectFee(fee="ban_sao", quantity=1, receipt="BL-03"), "le", after(hours=2))
    first, second = read(office, dossier).fees
    assert (first.paid, first.receipts, first.settled) == (20_000, ["BL-01"], True)
    assert (second.paid, second.receipts) == (32_000, ["BL-02", "BL-03"])
    assert refused(office, dossier, CollectFee(fee="le_phi", receipt="BL-04")) == "fee_settled"
    with office.database.reading() as connection:
        slip = receipt(read_case(office.office, connection, dossier), "https://x.example")
    assert slip.fees == (
        "Lệ phí đăng ký: 20.000 đ (đã nộp 20.000 đ, biên lai số BL-01)",
        "Phí bản sao: 8.000 đ/bản (đã nộp 32.000 đ, biên lai số BL-02, BL-03)",
    )
    office.assert_proven()


def test_a_fee_waived_is_no_longer_owed(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, WaiveFee(fee="le_phi", reason="Hộ nghèo"), "le", after(hours=1))
    fee = read(office, dossier).fees[0]
    assert (fee.waived, fee.reason, fee.settled, fee.paid) == (True, "Hộ nghèo", True, 0)
    assert refused(office, dossier, WaiveFee(fee="le_phi", reason="Hộ nghèo")) == "fee_settled"
    office.assert_proven()


def test_fees_stop_no_clock(office: TestOffice) -> None:
    dossier = office.register()
    due = read(office, dossier).due_at
    office.do(dossier, CollectFee(fee="le_phi", receipt="BL-01"), "le", after(hours=1))
    assert read(office, dossier).due_at == due
    assert office.state(dossier).open_pause() is None


def test_an_amount_asked_for_may_be_waived_and_the_clock_goes_on(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, AskPayment(amount=150_000), "le", after(hours=1))
    assert office.state(dossier).open_pause() is not None
    assert refused(office, dossier, WaiveFee(payment=1, reason="Hộ nghèo"), "an") == "not_allowed"
    office.do(dossier, WaiveFee(payment=1, reason="Hộ nghèo"), "le", after(hours=2))
    assert office.state(dossier).open_pause() is None
    assert read(office, dossier).payments[0].waived
    office.assert_proven()


def test_only_fees_of_this_case_are_taken(office: TestOffice) -> None:
    dossier = office.register()
    assert refused(office, dossier, CollectFee(fee="truc_tuyen", receipt="BL-01")) == "fee_unknown"
    assert refused(office, dossier, CollectFee(fee="le_phi", receipt="BL-01"), "an") == "not_allowed"
    assert refused(office, dossier, WaiveFee(reason="Hộ nghèo")) == "fee_or_payment"
    office.publish(definition(code="T.2"))
    free = office.register("T.2")
    with pytest.raises(Conflict, match="không có phí"):
        office.do(free, CollectFee(fee="le_phi", receipt="BL-01"), "le", after(hours=1))


def test_what_was_received_earlier_counts_from_then(office: TestOffice) -> None:
    late = office.register(at=after(days=1, hours=2), received_at=after(hours=1))
    there_then = office.register(at=after(hours=1))
    assert read(office, late).due_at == read(office, there_then).due_at
    assert read(office, late).accepted_at == after(hours=1)
    with office.database.reading() as connection:
        slip = receipt(read_case(office.office, connection, late), "https://x.example")
    assert slip.received_at == after(hours=1)
    office.assert_proven()


def test_lateness_of_what_was_entered_late_is_still_split_to_the_minute(office: TestOffice) -> None:
    dossier = office.register(at=after(days=4), received_at=after(hours=1))
    for command, by, at in (
        (FinishStep(task=1), "le", after(days=7)),
        (Receive(task=2), "an", after(days=7, hours=1)),
        (FinishStep(task=2), "an", after(days=8)),
        (Receive(task=3), "chu", after(days=8, hours=1)),
        (Decide(task=3, outcome="dong_y"), "chu", after(days=9)),
    ):
        office.do(dossier, command, by, at)
    [promise] = [each for each in read(office, dossier).promises if each.late_minutes]
    assert sum(share.minutes for share in promise.shares) == promise.late_minutes
    assert promise.shares[0].agency is not None
    assert promise.shares[0].agency.code == DESK
    office.assert_proven()


@pytest.mark.parametrize(
    ("received_at", "code"),
    [(after(hours=1), "received_in_future"), (after(days=-800), "received_before_version")],
)
def test_a_time_of_receiving_that_cannot_be_is_refused(
    office: TestOffice, received_at: datetime, code: str
) -> None:
    with pytest.raises(BadInput) as raised:
        office.register(received_at=received_at)
    assert (raised.value.code, raised.value.where) == (code, "received_at")


def test_a_time_of_receipt_without_reception_is_refused(office: TestOffice) -> None:
    with pytest.raises(BadInput) as refused:
        office.register(at=after(days=1), received_at=after(hours=1), accept=False)
    assert refused.value.code == "received_without_accept"
