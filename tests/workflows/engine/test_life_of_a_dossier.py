"""A dossier from reception to result, and the ways it can leave the straight line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict, MotcuaError, NotAllowed
from dossiers.records.statuses import Status
from tests.support.office import COMMUNE, DESK, DIVISION, FINANCE, MONDAY, TestOffice, after, definition
from workflows.commands import (
    AnswerOpinion,
    AskOpinion,
    AskSupplement,
    Decide,
    FinishStep,
    GiveBack,
    Receive,
    ReceiveSupplement,
    Reopen,
    ReturnToSender,
    Send,
    Stop,
    TakeBack,
    TakeOver,
    Withdraw,
)
from workflows.engine.projection import status_of
from workflows.engine.state import OwnerKind, Phase


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    return office


def test_a_dossier_goes_from_reception_to_result(office: TestOffice) -> None:
    dossier = office.register()
    statuses = [status_of(office.state(dossier))]
    for command, by, at in (
        (FinishStep(task=1), "le", after(hours=1)),
        (Receive(task=2), "an", after(hours=2)),
        (FinishStep(task=2), "an", after(days=1)),
        (Receive(task=3), "chu", after(days=1, hours=1)),
        (Decide(task=3, outcome="dong_y", result_number="12/GP"), "chu", after(days=2)),
        (GiveBack(), "le", after(days=2, hours=1)),
    ):
        office.do(dossier, command, by, at)
        statuses.append(status_of(office.state(dossier)))
    assert statuses == [
        Status.ACCEPTED,
        Status.ACCEPTED,
        Status.PROCESSING,
        Status.PROCESSING,
        Status.PROCESSING,
        Status.FINISHED,
        Status.RETURNED,
    ]
    state = office.state(dossier)
    assert state.result == {"number": "12/GP", "name": ""}
    assert [span.owner.agency for span in state.spans] == [DESK, DIVISION, COMMUNE]
    assert not state.faults
    office.assert_proven()


def test_the_code_carries_the_desk_the_day_and_a_number_without_gaps(office: TestOffice) -> None:
    codes = [office.state(office.register()).code for _ in range(3)]
    assert codes == [f"{DESK}-260302-000{number}" for number in (1, 2, 3)]


def test_a_refused_registration_uses_no_number(office: TestOffice) -> None:
    with pytest.raises(NotAllowed):
        office.register(by="an")
    assert office.state(office.register()).code.endswith("-0001")


def test_only_the_right_official_may_act_and_the_others_are_told_who_could(office: TestOffice) -> None:
    dossier = office.register()
    with pytest.raises(NotAllowed) as refusal:
        office.do(dossier, FinishStep(task=1), "an", after(hours=1))
    assert refusal.value.details["could"] == [
        {
            "agency": DESK,
            "agency_name": "Trung tâm Phục vụ hành chính công phường Việt Trì",
            "role": "receptionist",
        }
    ]


def test_of_two_officers_at_once_the_second_is_told_what_happened(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    seen = office.state(dossier).seq
    office.do(dossier, FinishStep(task=2), "an", after(hours=3), expected_seq=seen)
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, FinishStep(task=2), "hoa", after(hours=3), expected_seq=seen)
    assert refusal.value.code == "changed_since"
    assert [item["actor"] for item in refusal.value.details["since"]] == ["official:an"] * 3
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, FinishStep(task=2), "hoa", after(hours=3))
    assert "đã hoàn thành lúc 10:30 ngày 02/03/2026 (Nguyễn Văn An)" in refusal.value.message


def test_a_command_under_the_same_key_acts_once(office: TestOffice) -> None:
    dossier = office.register(key="desk-1")
    assert office.register(key="desk-1") == dossier
    with pytest.raises(Conflict) as refusal:
        office.register(key="desk-1", channel="online")
    assert refusal.value.code == "idempotency_key_reused"
    first = office.do(dossier, FinishStep(task=1), "le", after(hours=1), key="finish-1")
    again = office.do(dossier, FinishStep(task=1), "le", after(hours=5), key="finish-1")
    assert first == again
    assert len(office.state(dossier).tasks) == 2


def test_a_file_may_lie_ready_and_be_sent_later(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1, send=False), "le", after(hours=1))
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, Receive(task=2), "an", after(hours=2))
    assert refusal.value.code == "nothing_to_receive"
    assert office.state(dossier).spans[-1].owner.agency == DESK
    office.do(dossier, Send(task=2), "le", after(hours=3))
    assert office.state(dossier).spans[-1].owner.agency == DIVISION


def test_the_receiver_writes_the_verdict_on_the_step_before(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    assert office.state(dossier).handoffs[1].verdict == "on_time"
    office.do(dossier, FinishStep(task=2), "an", after(days=7))
    office.do(dossier, Receive(task=3), "chu", after(days=7, hours=1))
    assert office.state(dossier).handoffs[2].verdict == "late"


def test_a_file_given_back_does_not_refill_the_allotment(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    office.do(dossier, FinishStep(task=2), "an", after(days=2))
    left = office.state(dossier).tasks[2].left
    office.do(dossier, Receive(task=3), "chu", after(days=2, hours=1))
    office.do(dossier, ReturnToSender(task=3, reason="Thiếu chữ ký"), "chu", after(days=2, hours=2))
    again = office.state(dossier).tasks[4]
    assert (again.step, again.agency, again.visit, again.left) == ("tham_dinh", DIVISION, 2, left)
    office.do(dossier, Receive(task=4), "an", after(days=2, hours=3))
    office.do(dossier, FinishStep(task=4), "an", after(days=3))
    assert office.state(dossier).tasks[5].step == "ky"
    office.assert_proven()


def test_a_step_just_finished_can_be_taken_back_until_somebody_acts(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, TakeBack(task=1, reason="Nhầm hồ sơ"), "le", after(hours=2))
    assert [task.status.value for task in office.state(dossier).tasks.values()] == ["open", "cancelled"]
    office.do(dossier, FinishStep(task=1), "le", after(hours=3))
    office.do(dossier, Receive(task=3), "an", after(hours=4))
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, TakeBack(task=1, reason="Nhầm"), "le", after(hours=5))
    assert refusal.value.code == "already_acted_on"
    office.assert_proven()


def test_a_step_can_be_taken_back_more_than_once_and_after_an_opinion(office: TestOffice) -> None:
    dossier = office.register()
    for hour in (1, 2):
        office.do(dossier, FinishStep(task=1), "le", after(hours=hour))
        office.do(dossier, TakeBack(task=1, reason="Nhầm hồ sơ"), "le", after(hours=hour, minutes=1))
    office.do(dossier, FinishStep(task=1), "le", after(hours=3))
    office.do(dossier, Receive(task=4), "an", after(hours=4))
    ask = AskOpinion(task=4, agencies=(FINANCE,), limit="1 working_day", content="Xin ý kiến")
    office.do(dossier, ask, "an", after(hours=5))
    office.do(dossier, AnswerOpinion(task=5, agrees=True, content="Được"), "so", after(hours=6))
    office.do(dossier, FinishStep(task=4), "an", after(hours=7))
    office.do(dossier, TakeBack(task=4, reason="Sót ý kiến"), "an", after(hours=8))
    assert [task.no for task in office.state(dossier).live_tasks()] == [4]
    with pytest.raises(Conflict, match="“Thẩm định”, đã có người xử lý"):
        office.do(dossier, TakeBack(task=1, reason="Nhầm"), "le", after(hours=9))
    office.assert_proven()


def test_a_supplement_stops_the_clock_and_the_promise_moves_on(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    office.do(dossier, AskSupplement(task=2, content="Bản vẽ"), "an", after(days=1))
    state = office.state(dossier)
    assert status_of(state) is Status.SUPPLEMENT_ASKED
    assert state.spans[-1].owner.kind is OwnerKind.APPLICANT
    assert state.promises[1].status == "suspended"
    office.do(dossier, ReceiveSupplement(), "le", after(days=8))
    state = office.state(dossier)
    assert [(item.kind, item.status) for item in state.promises.values()] == [
        ("first", "superseded"),
        ("resumed", "running"),
    ]
    # Tuesday 3 March was the first of five days; from Tuesday 10 March on four are left.
    assert state.promises[2].due_at == after(days=14, hours=10)
    assert state.pauses[1].closed_at == after(days=8)
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, AskSupplement(task=2, content="Nữa"), "an", after(days=9))
    assert refusal.value.code == "too_many_requests"
    office.assert_proven()


def test_a_supplement_may_restart_the_clock_from_zero(office: TestOffice) -> None:
    rule = {"effect": "restart", "cap": "10 working_day"}
    office.publish(definition(code="T.R", supplement=rule))
    dossier = office.register("T.R")
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    office.do(dossier, AskSupplement(task=2, content="Bản vẽ"), "an", after(days=2))
    office.do(dossier, ReceiveSupplement(), "le", after(days=7))
    promise = office.state(dossier).promises[2]
    assert (promise.kind, promise.base) == ("restarted", after(days=7))
    assert promise.due_at == after(days=14, hours=10)
    office.assert_proven()


def test_a_supplement_that_never_comes_stops_the_dossier(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, AskSupplement(content="Đơn có chữ ký"), "le", after(hours=1))
    office.sweep(after(days=14, hours=9, minutes=59))
    assert office.state(dossier).phase is Phase.PROCESSING
    office.sweep(after(days=14, hours=10, minutes=1))
    assert office.state(dossier).phase is Phase.STOPPED
    assert not office.state(dossier).faults
    office.assert_proven()


def test_work_is_refused_while_the_applicant_is_waited_for(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, AskSupplement(content="Đơn"), "le", after(hours=1))
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, FinishStep(task=1), "le", after(hours=2))
    assert refusal.value.code == "waiting_for_supplement"


def test_withdrawn_and_stopped_dossiers_end_and_a_stopped_one_may_be_reopened(office: TestOffice) -> None:
    withdrawn = office.register()
    office.do(withdrawn, Withdraw(reason="Không cần nữa"), "le", after(hours=1))
    assert status_of(office.state(withdrawn)) is Status.WITHDRAWN
    stopped = office.register()
    office.do(stopped, Stop(reason="Theo đề nghị"), "le", after(days=1))
    office.do(stopped, Reopen(reason="Người dân đề nghị tiếp tục"), "chu", after(days=2))
    state = office.state(stopped)
    assert state.phase is Phase.PROCESSING
    assert state.tasks[2].step == "tiep_nhan"
    office.do(stopped, FinishStep(task=2), "le", after(days=2, hours=1))
    office.assert_proven()


def test_a_colleague_takes_a_task_over(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    office.do(dossier, TakeOver(task=2), "an", after(hours=2))
    office.do(dossier, TakeOver(task=2, official="hoa"), "binh", after(hours=3))
    assert office.state(dossier).tasks[2].official == "hoa"
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, TakeOver(task=2, official="le"), "binh", after(hours=4))
    assert refusal.value.code == "official_elsewhere"


def test_what_a_colleague_has_is_theirs_until_they_or_the_head_give_it_on(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=2))
    office.do(dossier, TakeOver(task=2), "an", after(hours=2))
    for command in (TakeOver(task=2), TakeOver(task=2, official="hoa")):
        with pytest.raises(MotcuaError) as refusal:
            office.do(dossier, command, "hoa", after(hours=3))
        assert refusal.value.code == "task_taken"
        assert refusal.value.details["official"] == "an"
    office.do(dossier, TakeOver(task=2, official="hoa"), "an", after(hours=3))
    assert office.state(dossier).tasks[2].official == "hoa"
    office.do(dossier, TakeOver(task=2), "binh", after(hours=4))
    assert office.state(dossier).tasks[2].official == "binh"
    office.assert_proven()


def test_of_two_who_take_a_task_at_once_one_gets_it(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))

    def take(official: str) -> str:
        try:
            office.do(dossier, TakeOver(task=2), official, after(hours=2))
        except Conflict as refusal:
            return refusal.code
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ("an", "hoa"))) == ["taken", "task_taken"]


def test_time_does_not_run_backwards(office: TestOffice) -> None:
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=5))
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, Receive(task=2), "an", after(hours=4))
    assert refusal.value.code == "before_last_event"


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ({"promised_at": after(hours=-1)}, "promise_already_past"),
        ({"promised_at": after()}, "promise_already_past"),
        ({"submitted_at": after(hours=1)}, "submitted_in_future"),
    ],
)
def test_instants_that_cannot_be_are_refused_at_the_desk(
    office: TestOffice, when: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        office.register(**when)
    assert refusal.value.code == code
    assert office.state(office.register(submitted_at=after(hours=-1), promised_at=after(days=2)))


def test_a_clock_a_little_ahead_is_no_reason_to_refuse(office: TestOffice) -> None:
    dossier = office.register(submitted_at=MONDAY + timedelta(seconds=3))
    assert office.state(dossier).submitted_at == MONDAY
