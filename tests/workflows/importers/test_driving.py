"""The driver that tests use: it finds its way through every kind of step by the state alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml

from dossiers.core.db import Database
from dossiers.records.statuses import Status
from tests.support.driving import Journey, Stuck, by_officials, run_to_result
from tests.support.office import FINANCE, MONDAY, POLICE, TAX, TestOffice, after, definition
from workflows.commands import AskOpinion, AskPayment, AskSupplement, FinishStep, Receive
from workflows.definitions.model import Definition
from workflows.engine.projection import status_of

PARTICIPANTS = {
    "desk": {"name": "Một cửa", "kind": "one_stop"},
    "division": {"name": "Phòng Kinh tế", "kind": "division.economy"},
    "police": {"name": "Công an", "kind": "police.commune"},
    "committee": {"name": "UBND", "kind": "committee.commune"},
    "consulted": {"name": "Các cơ quan liên quan", "kind": "nobody", "many": True},
    "power": {"name": "Công ty điện lực", "kind": "tax", "state": False},
}
ENDS = {"xong": {"name": "Kết quả"}, "khong": {"name": "Từ chối", "positive": False}}


def made(steps: str, code: str = "T.1", **changes: Any) -> Definition:
    known = [*yaml.safe_load(steps)]
    return definition(
        code=code,
        participants=PARTICIPANTS,
        steps=known,
        **{"limits": [{"limit": "20 working_day"}], "ends": ENDS, **changes},
    )


@pytest.fixture
def office(database: Database) -> TestOffice:
    return TestOffice(database)


def drive(office: TestOffice, *definitions: Definition, **more: Any) -> Journey:
    """A dossier of the first procedure, driven by officials; the proof must hold afterwards."""
    office.publish(*definitions)
    dossier = office.register()
    journey = run_to_result(office.office, dossier, after(hours=1), who=by_officials(office.office), **more)
    assert status_of(journey.state) is Status.RETURNED
    office.assert_proven()
    return journey


def kinds(journey: Journey) -> list[str]:
    return [kind for kind, _, _ in journey.commands]


def test_the_straight_way_is_walked_by_officials(office: TestOffice) -> None:
    journey = drive(office, definition())
    assert journey.commands == [
        ("finish_step", "tiep_nhan", "official:le"),
        ("receive", "tham_dinh", "official:an"),
        ("finish_step", "tham_dinh", "official:an"),
        ("receive", "ky", "official:chu"),
        ("decide", "ky", "official:chu"),
        ("give_back", "", "official:le"),
    ]
    assert journey.outcomes["ky"] == "dong_y"


def test_it_does_everything_in_the_systems_name_when_told(office: TestOffice) -> None:
    office.publish(definition())
    journey = run_to_result(office.office, office.register(), after(hours=1))
    assert {actor for _, _, actor in journey.commands} == {"system"}


def test_branches_joins_and_conditions(office: TestOffice) -> None:
    journey = drive(
        office,
        made(
            """
- id: chia
  name: Chia
  agency: desk
  role: receptionist
  limit: 1 working_hour
  outcomes:
    - {id: tu_choi, name: Từ chối, next: khong, needs_reason: true}
    - {id: chuyen, name: Chuyển, sets: {kho: true}, next: [mot, hai, {to: ba, when: {kho: true}}]}
- {id: mot, name: Một, agency: division, limit: 2 working_day, next: gop}
- {id: hai, name: Hai, agency: police, limit: 4 working_day, next: gop}
- {id: ba, name: Ba, agency: division, limit: 4 working_day, next: gop}
- {id: gop, name: Gộp, agency: committee, role: leader, limit: 1 working_day, join: all, next: xong}
""",
            case={"kho": {"label": "Khó", "default": False}},
        ),
    )
    assert {step for _, step, _ in journey.commands} == {"chia", "mot", "hai", "ba", "gop", ""}


def test_the_shortest_way_avoids_loops_and_refusals(office: TestOffice) -> None:
    journey = drive(
        office,
        made("""
- id: xem
  name: Xem
  agency: desk
  role: receptionist
  limit: 1 working_hour
  outcomes:
    - {id: lai, name: Làm lại, next: xem}
    - {id: khong, name: Từ chối, next: khong, needs_reason: true}
    - {id: vong, name: Đi vòng, next: them}
    - {id: dat, name: Đạt, next: ky, needs_reason: true}
- {id: them, name: Thêm, agency: desk, role: receptionist, limit: 1 working_hour, next: ky}
- {id: ky, name: Ký, agency: committee, role: leader, decides: true, limit: 1 working_day, next: xong}
"""),
    )
    assert journey.outcomes == {"xem": "dat", "ky": "done"}


@pytest.mark.parametrize("send", ["all_at_once", "sequential"])
def test_opinions_of_several_agencies(office: TestOffice, send: str) -> None:
    journey = drive(
        office,
        made(f"""
- {{id: hoi, name: Hỏi, agency: desk, role: receptionist, limit: 1 working_hour, next: y_kien}}
- {{id: y_kien, name: Ý kiến, kind: opinion, agency: consulted, limit: 2 working_day, send: {send}, next: ky}}
- {{id: ky, name: Ký, agency: committee, role: leader, limit: 1 working_day, next: xong}}
"""),
        consulted=(POLICE, FINANCE, TAX),
    )
    assert kinds(journey).count("answer_opinion") == 3


def test_payments_and_waiting_for_somebody_outside(office: TestOffice) -> None:
    journey = drive(
        office,
        made("""
- {id: nhan, name: Nhận, agency: desk, role: receptionist, limit: 1 working_hour, next: [nop, noi]}
- {id: nop, name: Nộp tiền, kind: payment, agency: desk, counted: false, not_counted_basis: x, next: ky}
- {id: noi, name: Nối điện, kind: outside, agency: power, counted: false, not_counted_basis: x, next: ky}
- {id: ky, name: Ký, agency: committee, role: leader, limit: 1 working_day, join: all, next: xong}
"""),
    )
    assert "confirm_payment" in kinds(journey)
    assert ("finish_step", "noi", "official:thue") in journey.commands


def test_a_machines_step_is_done_by_nobody(office: TestOffice) -> None:
    journey = drive(
        office,
        made("""
- {id: nhan, name: Nhận, agency: desk, role: receptionist, limit: 1 working_hour, next: ghi}
- {id: ghi, name: Ghi, kind: automatic, agency: desk, limit: 1 working_hour, next: xong}
"""),
    )
    done = {task.step: task.official for task in journey.state.tasks.values()}
    assert done == {"nhan": "le", "ghi": None}


def test_member_dossiers_are_driven_first_and_then_the_group(office: TestOffice) -> None:
    group = made("""
- {id: nhan, name: Nhận, agency: desk, role: receptionist, limit: 1 working_hour, next: [mot, hai]}
- {id: mot, name: Một, kind: dossier, agency: desk, member: "T.2", limit: 9 working_day, next: tra}
- {id: hai, name: Hai, kind: dossier, agency: desk, member: "T.2", limit: 9 working_day, next: tra}
- {id: tra, name: Trả, agency: desk, role: receptionist, limit: 1 working_hour, join: all, next: xong}
""")
    journey = drive(office, group, definition(code="T.2"))
    assert kinds(journey).count("give_back") == 3
    assert journey.commands[-1][0] == "give_back"


def test_what_is_awaited_along_the_way_is_given(office: TestOffice) -> None:
    office.publish(definition())
    dossier = office.register(accept=False)
    office.do(dossier, AskSupplement(content="Thiếu giấy"), "le", after(minutes=5))
    first = run_to_result(office.office, dossier, after(hours=1), who=by_officials(office.office))
    assert kinds(first)[:2] == ["receive_supplement", "accept"]

    dossier = office.register(at=after(days=1))
    office.do(dossier, FinishStep(task=1, send=False), "le", after(days=1, minutes=5))
    office.do(dossier, AskPayment(amount=5_000), "le", after(days=1, minutes=6))
    second = run_to_result(office.office, dossier, after(days=1, hours=1), who=by_officials(office.office))
    assert kinds(second)[:2] == ["confirm_payment", "send"]

    dossier = office.register(at=after(days=2))
    office.do(dossier, FinishStep(task=1), "le", after(days=2, minutes=5))
    office.do(dossier, Receive(task=2), "an", after(days=2, minutes=6))
    asked = AskOpinion(task=2, agencies=(POLICE, TAX), limit="1 working_day", content="Xin ý kiến")
    office.do(dossier, asked, "an", after(days=2, minutes=7))
    third = run_to_result(office.office, dossier, after(days=2, hours=1), who=by_officials(office.office))
    assert kinds(third)[:3] == ["answer_opinion", "answer_opinion", "finish_step"]
    office.assert_proven()


def test_an_outcome_can_be_asked_for(office: TestOffice) -> None:
    journey = drive(office, definition(), outcomes={"ky": "tu_choi"})
    assert journey.state.end == "khong_cap"


def test_being_stuck_says_where(office: TestOffice) -> None:
    office.publish(definition(steps=_without("ky", "role", "inspector")))
    with pytest.raises(Stuck, match=r"nobody in H44\.101 holds the role inspector"):
        run_to_result(office.office, office.register(), after(hours=1), who=by_officials(office.office))
    with pytest.raises(Stuck, match="too many commands"):
        run_to_result(office.office, office.register(), after(days=1), most=2)


def test_time_passes_between_commands(office: TestOffice) -> None:
    journey = drive(office, definition(), pace=timedelta(days=1))
    assert journey.at == after(days=6, hours=1)
    assert journey.state.last_at == after(days=5, hours=1)
    assert journey.state.registered_at == MONDAY


def _without(step: str, field: str, value: str) -> list[dict[str, Any]]:
    steps = definition().model_dump(mode="json", exclude_defaults=True)["steps"]
    return [{**each, field: value} if each["id"] == step else each for each in steps]
