"""Other agencies asked: at once, one after another, along the way; silence may be consent."""

from __future__ import annotations

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict
from tests.support.office import (
    DIVISION,
    FINANCE,
    POLICE,
    TestOffice,
    after,
    definition,
)
from tests.workflows.engine.routes import live, made, task_of
from workflows.commands import (
    AnswerOpinion,
    AskOpinion,
    Decide,
    FinishStep,
    Receive,
)


@pytest.fixture
def office(database: Database) -> TestOffice:
    return TestOffice(database)


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
