"""Dossiers of other desks and other dossiers: received elsewhere, groups and their members."""

from __future__ import annotations

from uuid import UUID

import pytest
import yaml

from dossiers.core.db import Database
from dossiers.records.repository import id_of
from tests.support.office import (
    DESK,
    OTHER_COMMUNE,
    OTHER_DESK,
    POLICE,
    TAX,
    TestOffice,
    after,
    definition,
)
from tests.workflows.engine.routes import live, made
from workflows.commands import (
    AskSupplement,
    FinishStep,
    Receive,
    ReceiveSupplement,
)
from workflows.definitions.model import Definition
from workflows.engine.state import OwnerKind, Phase


@pytest.fixture
def office(database: Database) -> TestOffice:
    return TestOffice(database)


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
