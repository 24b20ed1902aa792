"""Ways through a procedure: branches, joins, stages, payments, machines."""

from __future__ import annotations

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict
from dossiers.records.statuses import Status
from tests.support.office import (
    COMMUNE,
    DIVISION,
    POLICE,
    TestOffice,
    after,
    definition,
)
from tests.workflows.engine.routes import live, made
from workflows.commands import (
    AskPayment,
    ConfirmPayment,
    FinishStep,
    Receive,
)
from workflows.engine.projection import status_of
from workflows.engine.state import OwnerKind, Phase


@pytest.fixture
def office(database: Database) -> TestOffice:
    return TestOffice(database)


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
