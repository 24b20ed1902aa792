"""Importing: wholly or not at all, once or as often as one likes, and every workflow runs to its result."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from dossiers.agencies.models import AgencyRow, BindingRow, Role
from dossiers.agencies.service import NewAgency, NewOfficial, add_agencies, add_officials, bind
from dossiers.core.db import Database
from dossiers.core.errors import BadInput, NotFound
from dossiers.core.ids import seeded_bits
from dossiers.procedures import repository
from dossiers.procedures.models import ProcedureVersionRow
from dossiers.records.statuses import Status
from sla.calendars.service import publish_shipped
from tests.support.driving import by_officials, by_system, run_to_result
from tests.support.office import definition
from tests.workflows.importers.facts import workflow, workflows
from tests.workflows.importers.test_real_workflows import REFUSED
from workflows import service
from workflows.commands import NewApplicant, Register
from workflows.engine.projection import status_of
from workflows.engine.state import OwnerKind
from workflows.importers.service import ImportEntry, ImportStatus, import_workflows
from workflows.office import Office
from workflows.procedures import save
from workflows.verify import verify

AT = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
ROOT = NewAgency("YB", "UBND thành phố Yên Bái", "committee")
ROLES = (Role.RECEPTIONIST, Role.OFFICER, Role.UNIT_HEAD, Role.HEAD)


@pytest.fixture
def office(database: Database) -> Office:
    with database.writing() as connection:
        publish_shipped(connection, AT)
    return Office(database, bits=seeded_bits("importers"))


def bring(office: Office, data: Any, at: datetime = AT, **more: Any) -> list[ImportEntry]:
    with office.database.writing() as connection:
        return import_workflows(office, connection, data, at, **{"root": ROOT, **more})


def counts(office: Office) -> tuple[int, int, int]:
    """Agencies, versions, bindings."""
    with office.database.reading() as connection:
        tables = (AgencyRow, ProcedureVersionRow, BindingRow)
        agencies, versions, bindings = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        )
    return agencies, versions, bindings


def statuses(entries: list[ImportEntry]) -> list[str]:
    return ["unchanged" if entry.unchanged else entry.status.value for entry in entries]


def register(office: Office, procedure: str, at: datetime, **more: Any) -> Any:
    command = Register(
        procedure=procedure, applicant=NewApplicant(name="Lò Thị Dân"), desk="YB.BPMOTCUA", **more
    )
    with office.database.writing() as connection:
        return service.register(office, connection, command, by_system("", ()), at).dossier_id


def with_officials(office: Office) -> None:
    """Somebody for each role in each agency below the root."""
    with office.database.writing() as connection:
        codes = connection.execute(select(AgencyRow.code).where(AgencyRow.parent == ROOT.code)).scalars()
        add_officials(
            connection,
            [
                NewOfficial(f"{code}-{role.value}".lower(), f"{role.label} {code}", code, (role,))
                for code in codes
                for role in ROLES
            ],
        )


def test_every_imported_workflow_runs_from_reception_to_result(office: Office) -> None:
    entries = bring(office, workflows())
    with_officials(office)
    codes = [entry.code for entry in entries if entry.status is ImportStatus.IMPORTED and not entry.unchanged]
    assert len(codes) == 59
    for number, code in enumerate(codes):
        at = AT + timedelta(hours=number)
        dossier = register(office, code, at)
        journey = run_to_result(office, dossier, at, who=by_officials(office), pace=timedelta(hours=3))
        assert status_of(journey.state) is Status.RETURNED, code
        assert journey.state.positive is True
        assert journey.commands[-1][0] == "give_back"
        with office.database.reading() as connection:
            known = office.plan(connection, code, 1).definition
        done = {task.step for task in journey.state.tasks.values()}
        assert done == {step.id for step in known.steps}
        assert all(promise.status != "broken" for promise in journey.state.promises.values())
    with office.database.reading() as connection:
        verdict = verify(connection)
    assert verdict.ok, verdict.first_fault
    assert verdict.dossiers == 59


def test_what_is_refused_leaves_nothing_behind(office: Office) -> None:
    entries = bring(office, workflows())
    refused = {entry.code: entry for entry in entries if entry.status is ImportStatus.REFUSED}
    assert set(refused) == set(REFUSED)
    assert all(entry.faults for entry in refused.values())
    with office.database.reading() as connection:
        for code in refused:
            with pytest.raises(NotFound):
                office.reference(connection).version_in_force(code, AT.date())
            assert not repository.versions(connection, code)
        bound = set(connection.execute(select(BindingRow.procedure)).scalars())
        agencies = set(connection.execute(select(AgencyRow.code)).scalars())
    assert not bound & set(refused)
    assert "YB.LANHDAOUYBAN" not in agencies  # only the refused TP15 has it


def test_importing_twice_says_unchanged_and_changes_nothing(office: Office) -> None:
    first = bring(office, workflows())
    before = counts(office)
    with office.database.reading() as connection:
        revision = office.reference(connection).revision
    again = bring(office, workflows(), AT + timedelta(days=40))
    assert set(statuses(first)) == {"imported", "unchanged", "refused"}
    assert statuses(first).count("unchanged") == 1  # a workflow the file says twice
    assert set(statuses(again)) == {"unchanged", "refused"}
    assert statuses(again).count("unchanged") == 60
    assert counts(office) == before
    with office.database.reading() as connection:
        assert office.reference(connection).revision == revision


def test_the_report_is_plain_data(office: Office) -> None:
    entries = [entry.as_dict() for entry in bring(office, [workflow("TP01"), workflow("TP09")])]
    assert json.loads(json.dumps(entries)) == entries
    good, bad = entries
    assert (good["code"], good["status"], good["faults"], good["version"]) == ("TP01", "imported", [], 1)
    assert good["agencies"] == ["YB", "YB.BPMOTCUA", "YB.PHONGTUPHAP", "YB.LANHDAODONVI"]
    assert good["findings"]["MC701"] == 1
    assert (bad["status"], bad["version"], bad["agencies"]) == ("refused", None, [])
    assert bad["faults"][0]["code"] == "step_without_time"
    assert set(bad["faults"][0]) == {"code", "message", "where", "hint"}


def test_in_force_from_the_day_of_the_import_in_vietnam_or_as_told(office: Office) -> None:
    late = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # already Tuesday 3 March in Vietnam
    bring(office, [workflow("TP01")], late)
    bring(office, [workflow("TP03")], late, effective_from=date(2026, 5, 1))
    with office.database.reading() as connection:
        days = [repository.versions(connection, code)[0].effective_from for code in ("TP01", "TP03")]
    assert days == [date(2026, 3, 3), date(2026, 5, 1)]


def test_a_workflow_that_changed_becomes_a_further_version(office: Office) -> None:
    bring(office, [workflow("TP01")])
    changed = workflow("TP01") | {"totaltime_days": "4"}
    entry = bring(office, [changed], AT + timedelta(days=30))[0]
    assert (entry.status.value, entry.version) == ("imported", 2)
    assert "new_version" in {note["code"] for note in entry.notes}
    assert statuses(bring(office, [changed], AT + timedelta(days=60))) == ["unchanged"]
    with office.database.reading() as connection:
        assert office.reference(connection).version_in_force("TP01", AT.date()) == 1
        assert office.reference(connection).version_in_force("TP01", (AT + timedelta(days=30)).date()) == 2


def test_a_draft_is_replaced_and_then_published(office: Office) -> None:
    source = workflow("TP01")
    assert statuses(bring(office, [source], publish=False)) == ["imported"]
    assert statuses(bring(office, [source], publish=False)) == ["unchanged"]
    source["fee"] = "12.000"
    assert statuses(bring(office, [source], publish=False)) == ["imported"]
    assert statuses(bring(office, [source])) == ["imported"]
    assert statuses(bring(office, [source])) == ["unchanged"]
    with office.database.reading() as connection:
        rows = repository.versions(connection, "TP01")
    assert [(row.version, row.status) for row in rows] == [(1, "published")]
    assert '"amount":12000' in rows[0].definition


def test_a_procedure_made_by_hand_is_never_written_over(office: Office) -> None:
    with office.database.writing() as connection:
        save(connection, definition(code="TP01"), AT, publish=True)
    entries = bring(office, [workflow("TP01"), workflow("TP03")])
    assert statuses(entries) == ["refused", "imported"]
    assert entries[0].faults[0]["code"] == "code_taken"
    with office.database.reading() as connection:
        assert [row.name for row in repository.versions(connection, "TP01")] == ["Thủ tục thử"]


def test_agencies_and_bindings_that_are_there_stay_as_they_are(office: Office) -> None:
    with office.database.writing() as connection:
        add_agencies(
            connection,
            [
                NewAgency("YB", "Tên đã đặt", "committee.commune"),
                NewAgency("YB.PHONGTUPHAP", "Phòng Tư pháp", "division.justice", "YB"),
                NewAgency("YB.KHAC", "Phòng khác", "division.other", "YB"),
            ],
        )
        directory = office.reference(connection).directory
        bind(
            connection,
            directory,
            procedure="TP03",
            participant="phong_tu_phap",
            scope="YB",
            agencies=["YB.KHAC"],
        )
    entries = bring(office, [workflow("TP01"), workflow("TP03")])
    assert entries[0].agencies == ["YB.BPMOTCUA", "YB.LANHDAODONVI"]
    with office.database.reading() as connection:
        directory = office.reference(connection).directory
    assert directory.name("YB") == "Tên đã đặt"
    assert directory.bound("TP01", "phong_tu_phap", "YB.BPMOTCUA") == ("YB.PHONGTUPHAP",)
    assert directory.bound("TP03", "phong_tu_phap", "YB.BPMOTCUA") == ("YB.KHAC",)


def test_a_second_office_takes_the_same_workflows_over(office: Office) -> None:
    bring(office, [workflow("TP01")])
    other = NewAgency("H44", "Xã khác", "committee")
    entry = bring(office, [workflow("TP01")], root=other)[0]
    assert entry.status is ImportStatus.IMPORTED
    assert entry.version == 1
    assert "H44.BPMOTCUA" in entry.agencies
    assert statuses(bring(office, [workflow("TP01")], root=other)) == ["unchanged"]


def test_a_workflow_the_office_cannot_keep_is_taken_back_whole(office: Office) -> None:
    long_root = NewAgency("A" * 36, "Mã quá dài", "committee")
    entries = bring(office, [workflow("TP01"), workflow("TP09")], root=long_root)
    assert [entry.faults[0]["code"] for entry in entries] == ["agency_code_wrong", "step_without_time"]
    assert counts(office) == (0, 0, 0)


def test_long_names_of_departments_give_codes_that_fit_and_differ(office: Office) -> None:
    source = workflow("TP01")
    for step, group in ((1, "X" * 50 + "_A"), (2, "X" * 50 + "_B")):
        source["steps"][step]["group"] = group
    codes = bring(office, [source])[0].agencies
    assert len(set(codes)) == 4
    assert all(len(code) <= 35 for code in codes)


@pytest.mark.parametrize("data", [{"code": "A"}, "text", None, ["a", 1]])
def test_data_of_another_shape_is_refused_as_a_whole(office: Office, data: Any) -> None:
    with pytest.raises(BadInput) as refused:
        bring(office, data)
    assert refused.value.code == "workflows_shape"
    assert counts(office) == (0, 0, 0)


def test_text_that_means_harm_is_kept_as_text(office: Office) -> None:
    source = workflow("TP01")
    source["name"] = "Tên'); DROP TABLE procedure_versions; -- \x00\u202e<script>"
    source["steps"][0]["group"] = "'; DROP TABLE agencies; --"
    entry = bring(office, [source])[0]
    assert entry.status is ImportStatus.IMPORTED
    assert counts(office)[1] == 1


def test_progress_is_told_workflow_by_workflow(office: Office) -> None:
    told: list[int] = []
    bring(office, [workflow("TP01"), workflow("TP09"), workflow("TP03")], progress=told.append)
    assert told == [1, 2, 3]


def test_the_clock_is_the_applicants_while_the_tax_is_awaited(office: Office) -> None:
    bring(office, [workflow("TN09")])
    dossier = register(office, "TN09", AT)
    journey = run_to_result(office, dossier, AT, pace=timedelta(hours=5))
    owners = [span.owner.kind for span in journey.state.spans]
    assert owners.count(OwnerKind.APPLICANT) == 2  # the tax, and the fee at the end
    assert OwnerKind.OUTSIDE not in owners
    kinds = [kind for kind, _, _ in journey.commands]
    assert kinds.count("confirm_payment") == 2


def test_a_refusal_ends_an_imported_workflow_with_its_reason(office: Office) -> None:
    bring(office, [workflow("TP01")])
    dossier = register(office, "TP01", AT)
    journey = run_to_result(office, dossier, AT, outcomes={"ky_duyet": "tu_choi"})
    assert (journey.state.end, journey.state.positive) == ("tu_choi", False)
    assert status_of(journey.state) is Status.RETURNED


def test_importing_does_not_change_what_it_was_given(office: Office) -> None:
    data = workflows()
    before = deepcopy(data)
    bring(office, data)
    assert data == before
