"""Ways through a procedure: branches, joins, several agencies, stages, payments, groups, other desks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import yaml

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict
from dossiers.records.repository import id_of
from dossiers.records.statuses import Status
from tests.support.office import (
    COMMUNE,
    DESK,
    DIVISION,
    FINANCE,
    OTHER_COMMUNE,
    OTHER_DESK,
    POLICE,
    TAX,
    TestOffice,
    after,
    definition,
)
from workflows.commands import (
    AnswerOpinion,
    AskOpinion,
    AskPayment,
    AskSupplement,
    ConfirmPayment,
    Decide,
    FinishStep,
    Receive,
    ReceiveSupplement,
)
from workflows.definitions.model import Definition
from workflows.engine.projection import status_of
from workflows.engine.state import OwnerKind, Phase

PARTICIPANTS = {
    "desk": {"name": "Một cửa", "kind": "one_stop"},
    "division": {"name": "Phòng Kinh tế", "kind": "division.economy"},
    "police": {"name": "Công an", "kind": "police.commune"},
    "finance": {"name": "Sở Tài chính", "kind": "department.finance"},
    "tax": {"name": "Thuế", "kind": "tax"},
    "committee": {"name": "UBND", "kind": "committee.commune"},
    "consulted": {"name": "Các cơ quan liên quan", "kind": "nobody", "many": True},
}


def made(steps: str, **changes: Any) -> Definition:
    """A definition with these steps and every participant at hand."""
    return definition(
        participants=PARTICIPANTS,
        steps=yaml.safe_load(steps),
        **{"limits": [{"limit": "10 working_day"}], "ends": {"xong": {"name": "Xong"}}, **changes},
    )


@pytest.fixture
def office(database: Database) -> TestOffice:
    return TestOffice(database)


def live(office: TestOffice, dossier: UUID) -> list[str]:
    return [task.step for task in office.state(dossier).live_tasks()]


def task_of(office: TestOffice, dossier: UUID, step: str, agency: str | None = None) -> int:
    tasks = [
        task
        for task in office.state(dossier).tasks.values()
        if task.step == step and agency in (None, task.agency) and task.is_live
    ]
    return tasks[-1].no


def test_parallel_branches_meet_in_a_join_and_one_agency_owns_the_clock(office: TestOffice) -> None:
    office.publish(
        made("""
- {id: chia, name: Chia, agency: desk, role: receptionist, limit: 1 working_hour, next: [mot, hai]}
- {id: mot, name: Một, agency: division, limit: 2 working_day, next: gop}
- {id: hai, name: Hai, agency: police, limit: 4 working_day, next: gop}
- {id: gop, name: Gộp, agency: committee, role: leader, limit: 1 working_day, join: all, next: xong}
""")
    )
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after())
    assert live(office, dossier) == ["mot", "hai"]
    assert office.state(dossier).spans[-1].owner.agency == POLICE  # the branch due last
    for task, who in ((2, "an"), (3, "cong")):
        office.do(dossier, Receive(task=task), who, after(hours=1))
    office.do(dossier, FinishStep(task=3), "cong", after(days=1))
    assert live(office, dossier) == ["mot"]
    assert office.state(dossier).spans[-1].owner.agency == DIVISION
    office.do(dossier, FinishStep(task=2), "an", after(days=2))
    assert live(office, dossier) == ["gop"]
    assert office.state(dossier).tasks[4].opened_by == 2
    office.assert_proven()


def test_of_parallel_branches_the_one_that_decided_the_finish_carries_the_lateness(
    office: TestOffice,
) -> None:
    office.publish(
        made(
            """
- {id: chia, name: Chia, agency: desk, role: receptionist, limit: 1 working_hour, next: [mot, hai]}
- {id: mot, name: Một, agency: division, limit: 1 working_day, next: gop}
- {id: hai, name: Hai, agency: police, limit: 1 working_day, next: gop}
- {id: gop, name: Gộp, agency: committee, role: leader, limit: 1 working_day, join: all, next: xong}
""",
            limits=[{"limit": "2 working_day"}],
        )
    )
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after())
    office.do(dossier, Receive(task=2), "an", after())
    office.do(dossier, Receive(task=3), "cong", after())
    office.do(dossier, FinishStep(task=2), "an", after(days=3))
    office.do(dossier, FinishStep(task=3), "cong", after(days=4))
    office.do(dossier, Receive(task=4), "chu", after(days=4))
    office.do(dossier, FinishStep(task=4), "chu", after(days=4, hours=2))
    promise = office.state(dossier).promises[1]
    assert promise.late_minutes == 480 + 120
    assert {share["agency"] for share in promise.shares} == {POLICE}
    office.assert_proven()


def test_a_branch_is_taken_only_when_its_condition_holds(office: TestOffice) -> None:
    office.publish(
        made(
            """
- id: chia
  name: Chia
  agency: desk
  role: receptionist
  limit: 1 working_hour
  next: [mot, {to: hai, when: {duong_bo: true}}]
- {id: mot, name: Một, agency: division, limit: 2 working_day, next: gop}
- {id: hai, name: Hai, agency: police, limit: 4 working_day, next: gop}
- {id: gop, name: Gộp, agency: committee, role: leader, limit: 1 working_day, join: all, next: xong}
""",
            case={"duong_bo": {"label": "Chạm hành lang đường bộ", "default": False}},
        )
    )
    plain, road = office.register(), office.register(facts={"duong_bo": True})
    for dossier in (plain, road):
        office.do(dossier, FinishStep(task=1), "le", after())
    assert live(office, plain) == ["mot"]
    assert live(office, road) == ["mot", "hai"]
    office.do(plain, Receive(task=2), "an", after())
    office.do(plain, FinishStep(task=2), "an", after())
    assert live(office, plain) == ["gop"]
    with pytest.raises(BadInput) as refusal:
        office.register(facts={"duong_bo": "có"})
    assert refusal.value.code == "fact_wrong"


def test_what_is_learned_of_the_case_moves_the_promise(office: TestOffice) -> None:
    office.publish(
        made(
            """
- id: tiep_nhan
  name: Tiếp nhận
  agency: desk
  role: receptionist
  limit: 4 working_hour
  outcomes:
    - {id: thuong, name: Bình thường, next: ky}
    - {id: xac_minh, name: Phải xác minh, next: ky, sets: {xac_minh: true}}
- {id: ky, name: Ký, agency: committee, role: leader, limit: 1 working_day, next: xong}
""",
            case={"xac_minh": {"label": "Phải xác minh", "default": False}},
            limits=[{"limit": "5 working_day", "when": {"xac_minh": True}}, {"limit": "2 working_day"}],
        )
    )
    dossier = office.register()
    assert office.state(dossier).promises[1].due_at == after(days=2, hours=10)
    office.do(dossier, FinishStep(task=1, outcome="xac_minh"), "le", after(hours=1))
    assert [(p.kind, p.status, p.due_at) for p in office.state(dossier).promises.values()] == [
        ("first", "superseded", after(days=2, hours=10)),
        ("case", "running", after(days=7, hours=10)),
    ]
    office.assert_proven()


OPINIONS = """
- {id: soan, name: Soạn, agency: division, limit: 1 working_day, next: y_kien}
- {id: y_kien, name: Lấy ý kiến, kind: opinion, agency: consulted, limit: 2 working_day, silence: consent,
   next: tong_hop}
- {id: tong_hop, name: Tổng hợp, agency: division, limit: 1 working_day, next: xong}
"""


def test_several_agencies_are_consulted_at_once_and_silence_is_consent(office: TestOffice) -> None:
    office.publish(made(OPINIONS))
    dossier = office.register()
    office.do(dossier, Receive(task=1), "an", after())
    with pytest.raises(BadInput) as refusal:
        office.do(dossier, FinishStep(task=1), "an", after(hours=1))
    assert refusal.value.code == "agencies_needed"
    office.do(dossier, FinishStep(task=1, agencies=(POLICE, FINANCE)), "an", after(hours=1))
    assert live(office, dossier) == ["y_kien", "y_kien"]
    office.do(
        dossier,
        AnswerOpinion(task=task_of(office, dossier, "y_kien", POLICE), content="Đồng ý"),
        "cong",
        after(hours=9),
    )
    office.sweep(after(days=2, hours=1))
    assert live(office, dossier) == ["y_kien"]
    office.sweep(after(days=2, hours=1, minutes=1))
    assert live(office, dossier) == ["tong_hop"]
    state = office.state(dossier)
    assert {task.agency: task.outcome for task in state.tasks.values() if task.step == "y_kien"} == {
        POLICE: "agrees",
        FINANCE: "consent",
    }
    office.assert_proven()


def test_agencies_may_be_asked_one_after_another(office: TestOffice) -> None:
    office.publish(made(OPINIONS.replace("silence: consent", "send: sequential")))
    dossier = office.register(bindings={"consulted": (POLICE, FINANCE)})
    office.do(dossier, Receive(task=1), "an", after())
    office.do(dossier, FinishStep(task=1), "an", after(hours=1))
    assert [task.agency for task in office.state(dossier).live_tasks()] == [POLICE]
    office.do(dossier, AnswerOpinion(task=2, content="Được"), "cong", after(hours=2))
    assert [task.agency for task in office.state(dossier).live_tasks()] == [FINANCE]
    office.do(dossier, AnswerOpinion(task=3, content="Được", agrees=False), "so", after(hours=3))
    assert live(office, dossier) == ["tong_hop"]
    office.assert_proven()


def test_an_opinion_asked_along_the_way_holds_the_step_and_the_clock(office: TestOffice) -> None:
    office.publish(definition())
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=1))
    office.do(
        dossier,
        AskOpinion(task=2, agencies=(FINANCE,), limit="1 working_day", content="Xin ý kiến"),
        "an",
        after(hours=2),
    )
    assert office.state(dossier).spans[-1].owner.agency == FINANCE
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, FinishStep(task=2), "an", after(hours=3))
    assert refusal.value.code == "waiting_for_opinion"
    office.do(dossier, AnswerOpinion(task=3, content="Nhất trí"), "so", after(days=7, hours=11))
    assert office.state(dossier).spans[-1].owner.agency == DIVISION
    office.do(dossier, FinishStep(task=2), "an", after(days=8, hours=1))
    office.do(dossier, Receive(task=4), "chu", after(days=8, hours=1))
    office.do(dossier, Decide(task=4, outcome="dong_y"), "chu", after(days=8, hours=2))
    promise = office.state(dossier).promises[1]
    assert promise.late_minutes == 120
    assert [share["agency"] for share in promise.shares] == [FINANCE]
    office.assert_proven()


LAND = """
- {id: tiep_nhan, name: Tiếp nhận, agency: desk, role: receptionist, limit: 0.5 working_day, next: tham_dinh}
- {id: tham_dinh, name: Thẩm định, agency: division, limit: 4.5 working_day, next: nop_thue}
- {id: nop_thue, name: Nộp thuế, kind: payment, agency: tax, counted: false, stage: sau,
   not_counted_basis: QĐ 138/2025/QĐ-UBND, next: cap_nhat}
- {id: cap_nhat, name: Cập nhật, agency: division, limit: 3 working_day, stage: sau, next: xong}
"""
STAGES = [
    {"id": "truoc", "name": "Đến khi chuyển thuế", "limits": [{"limit": "5 working_day"}]},
    {"id": "sau", "name": "Sau khi nộp tiền", "limits": [{"limit": "3 working_day"}]},
]


def test_a_financial_obligation_splits_the_procedure_into_two_appointments(office: TestOffice) -> None:
    office.publish(made(LAND, stages=STAGES, limits=[]))
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after(hours=1))
    office.do(dossier, Receive(task=2), "an", after(hours=1))
    office.do(dossier, FinishStep(task=2), "an", after(days=3))
    state = office.state(dossier)
    assert status_of(state) is Status.PAYMENT_ASKED
    assert [(p.stage, p.status) for p in state.promises.values()] == [("truoc", "kept")]
    assert state.spans[-1].owner.kind is OwnerKind.APPLICANT
    office.sweep(after(days=40))
    assert not office.state(dossier).faults
    office.do(dossier, ConfirmPayment(receipt="BL-01", amount=1_500_000), "thue", after(days=42))
    state = office.state(dossier)
    second = state.promises[2]
    assert (second.kind, second.stage, second.base) == ("first", "sau", after(days=42))
    assert second.due_at == after(days=45, hours=10)
    assert state.payments[1].amount == 1_500_000
    office.do(dossier, FinishStep(task=4), "an", after(days=46))
    state = office.state(dossier)
    assert (state.phase, state.promises[2].status) == (Phase.FINISHED, "broken")
    assert sum(share["minutes"] for share in state.promises[2].shares) == state.promises[2].late_minutes
    office.assert_proven()


def test_a_fee_asked_along_the_way_may_stop_the_clock(office: TestOffice) -> None:
    office.publish(definition())
    dossier = office.register()
    office.do(dossier, AskPayment(amount=20_000), "le", after(hours=1))
    assert status_of(office.state(dossier)) is Status.PAYMENT_ASKED
    office.do(dossier, ConfirmPayment(receipt="01"), "le", after(days=1))
    assert office.state(dossier).promises[2].due_at == after(days=8, hours=10)
    office.assert_proven()


def test_time_that_is_not_the_states_stops_the_clock_of_one_promise(office: TestOffice) -> None:
    office.publish(
        made(
            """
- {id: khao_sat, name: Khảo sát, agency: division, limit: 2 working_day, next: thiet_ke}
- {id: thiet_ke, name: Thiết kế, kind: outside, owner: applicant, agency: desk, role: receptionist,
   counted: false, next: nghiem_thu}
- {id: nghiem_thu, name: Nghiệm thu, agency: division, limit: 3 working_day, next: xong}
""",
            limits=[{"limit": "5 working_day"}],
        )
    )
    dossier = office.register()
    office.do(dossier, Receive(task=1), "an", after())
    office.do(dossier, FinishStep(task=1), "an", after(days=1))
    assert office.state(dossier).open_pause() is not None
    office.do(dossier, FinishStep(task=2), "le", after(days=29))
    state = office.state(dossier)
    assert (state.promises[2].kind, state.promises[2].due_at) == ("resumed", after(days=35, hours=10))
    office.assert_proven()


def test_a_dossier_received_for_another_place_starts_when_the_competent_desk_has_it(
    office: TestOffice,
) -> None:
    office.publish(definition(participants={**definition().model_dump(mode="json")["participants"]}))
    other = definition().model_dump(mode="json")
    other["code"] = "T.N"
    other["participants"] = {
        "desk": {"name": "Một cửa", "kind": "one_stop"},
        "committee": {"name": "UBND", "kind": "committee.commune"},
    }
    other["steps"] = yaml.safe_load("""
- {id: tiep_nhan, name: Tiếp nhận, agency: desk, role: receptionist, limit: 4 working_hour, next: ky}
- {id: ky, name: Ký, agency: committee, role: leader, limit: 4 working_day, next: cap}
""")
    office.publish(Definition.model_validate(other))
    dossier = office.register("T.N", serves=OTHER_COMMUNE)
    state = office.state(dossier)
    assert (state.desk, state.receiving, state.competent) == (DESK, OTHER_DESK, OTHER_COMMUNE)
    assert not state.promises
    assert not state.clock.running
    office.do(dossier, Receive(task=1), "my", after(days=1))
    state = office.state(dossier)
    assert state.promises[1].base == after(days=1)
    assert state.spans[-1].owner.agency == OTHER_DESK
    office.assert_proven()


def test_a_group_opens_its_member_dossiers_and_waits_with_them(office: TestOffice) -> None:
    office.publish(
        made(
            """
- {id: khai_sinh, name: Khai sinh, kind: dossier, agency: desk, role: receptionist, member: T.KS,
   limit: 1 working_day, next: [cu_tru, the]}
- {id: cu_tru, name: Cư trú, kind: dossier, agency: police, member: T.CT, limit: 2 working_day, next: gop}
- {id: the, name: Thẻ, kind: dossier, agency: tax, member: T.CT, limit: 2 working_day, next: gop}
- {id: gop, name: Trả kết quả, agency: desk, role: receptionist, limit: 4 working_hour, join: all, next: xong}
""",
            code="T.NHOM",
        ),
        made(
            "- {id: lam, name: Làm, agency: desk, role: receptionist, limit: 1 working_day, next: xong}",
            code="T.KS",
        ),
        made(
            "- {id: lam, name: Làm, agency: desk, role: officer, limit: 2 working_day, next: xong}",
            code="T.CT",
        ),
    )
    group = office.register("T.NHOM")
    code = office.state(group).code

    def member(number: str) -> UUID:
        with office.database.reading() as connection:
            found = id_of(connection, number)
        assert found is not None
        return found

    birth = member(f"{DESK}-260302-0002")
    assert office.state(birth).parent == str(group)
    office.do(birth, AskSupplement(content="Giấy chứng sinh"), "le", after(hours=1))
    assert office.state(group).spans[-1].owner.kind is OwnerKind.APPLICANT
    office.do(birth, ReceiveSupplement(), "le", after(days=1))
    assert office.state(group).spans[-1].owner.agency == DESK
    office.do(birth, FinishStep(task=1), "le", after(days=1, hours=1))
    residence, card = member(f"{POLICE}-260303-0001"), member(f"{TAX}-260303-0001")
    office.do(residence, FinishStep(task=1), "cong", after(days=2))
    assert live(office, group) == ["the"]
    office.do(card, FinishStep(task=1), "thue", after(days=3))
    assert live(office, group) == ["gop"]
    office.do(group, FinishStep(task=4), "le", after(days=3, hours=1))
    assert office.state(group).phase is Phase.FINISHED
    assert code == f"{DESK}-260302-0001"
    office.assert_proven()


def test_a_negative_end_closes_the_other_branches(office: TestOffice) -> None:
    office.publish(
        made(
            """
- {id: chia, name: Chia, agency: desk, role: receptionist, limit: 1 working_hour, next: [mot, hai]}
- id: mot
  name: Một
  agency: division
  limit: 2 working_day
  outcomes: [{id: duoc, name: Được, next: gop}, {id: khong, name: Không, next: tu_choi}]
- {id: hai, name: Hai, agency: police, limit: 4 working_day, next: gop}
- {id: gop, name: Gộp, agency: committee, role: leader, limit: 1 working_day, join: all, next: xong}
""",
            ends={"xong": {"name": "Xong"}, "tu_choi": {"name": "Từ chối", "positive": False}},
        )
    )
    dossier = office.register()
    office.do(dossier, FinishStep(task=1), "le", after())
    office.do(dossier, Receive(task=2), "an", after())
    office.do(dossier, FinishStep(task=2, outcome="khong"), "an", after(hours=1))
    state = office.state(dossier)
    assert (state.phase, state.positive, state.live_tasks()) == (Phase.FINISHED, False, [])
    office.assert_proven()
    assert COMMUNE not in {span.owner.agency for span in state.spans}


def test_machines_that_lead_to_one_another_are_told_and_nothing_is_done(office: TestOffice) -> None:
    office.publish(
        made(
            """
- {id: nhan, name: Nhận, agency: desk, role: receptionist, limit: 1 working_hour, next: mot}
- {id: mot, name: Máy một, agency: desk, kind: automatic, next: hai}
- id: hai
  name: Máy hai
  agency: desk
  kind: automatic
  outcomes: [{id: lai, name: Lại, next: mot}, {id: duoc, name: Được, next: xong}]
"""
        )
    )
    dossier = office.register()
    with pytest.raises(Conflict) as refusal:
        office.do(dossier, FinishStep(task=1), "le", after())
    assert refusal.value.code == "automatic_loop"
    assert live(office, dossier) == ["nhan"]
    office.assert_proven()


def test_a_group_registered_before_seven_opens_members_in_force_that_day(office: TestOffice) -> None:
    """Half past six in Vietnam is still the day before in Greenwich."""
    steps = "- {id: lam, name: Làm, agency: desk, role: receptionist, limit: 1 working_day, next: xong}"
    office.publish(
        made(
            "- {id: mot, name: Một, kind: dossier, agency: desk, role: receptionist, member: T.KS,\n"
            "   limit: 1 working_day, next: xong}",
            code="T.NHOM",
            effective_from="2026-03-02",
        ),
        made(steps, code="T.KS", effective_from="2026-03-02"),
    )
    group = office.register("T.NHOM", at=after(hours=-1))
    assert live(office, group) == ["mot"]
