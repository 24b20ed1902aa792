"""What becomes of seventy real workflows: how each part is understood, and why ten are refused."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from dossiers.agencies.models import Role
from tests.workflows.importers.facts import workflow, workflows
from workflows.definitions.checks.lint import RULES, lint
from workflows.definitions.model import Definition, Level, Step, StepKind
from workflows.importers.epar import ReadWorkflow, read_workflows

DAY = date(2026, 1, 1)

REFUSED = {
    "LD05": {
        ("step_time_unstated", "steps[0].time"),
        ("step_without_time", "steps[1].time"),
        ("step_without_time", "steps[2].time"),
        ("total_unstated", "totaltime_days"),
    },
    "LD07": {("step_time_unstated", "steps[1].time"), ("total_unstated", "totaltime_days")},
    "TC01": {("MC502", "limits[0].limit")},
    "TC03": {("MC502", "limits[0].limit")},
    "TC07": {("MC502", "limits[0].limit")},
    "TC11": {("MC502", "limits[0].limit")},
    "TC13": {("MC502", "limits[0].limit")},
    "TC15": {("MC502", "limits[0].limit")},
    "TP09": {("step_without_time", "steps[2].time")},
    "TP15": {("group_missing", "steps[4].group"), ("side_branch", "steps[4]")},
}


@pytest.fixture(scope="module")
def read() -> list[ReadWorkflow]:
    return read_workflows(workflows(), effective_from=DAY)


def one(code: str, read: list[ReadWorkflow]) -> Definition:
    definition = next(each for each in read if each.code == code).definition
    assert definition is not None
    return definition


def notes(code: str, read: list[ReadWorkflow]) -> set[str]:
    return {note.code for each in read if each.code == code for note in each.notes}


def steps(code: str, read: list[ReadWorkflow]) -> dict[str, Step]:
    return {step.id: step for step in one(code, read).steps}


def limits(code: str, read: list[ReadWorkflow]) -> list[str]:
    return [str(step.limit[0].limit) if step.limit else "-" for step in one(code, read).steps]


def test_sixty_are_read_and_ten_refused_for_exactly_these_faults(read: list[ReadWorkflow]) -> None:
    refused = {
        each.code: {(fault.code, fault.where) for fault in each.faults}
        for each in read
        if each.definition is None
    }
    assert refused == REFUSED
    assert len(read) == 70
    assert sum(each.definition is not None for each in read) == 60


def test_what_is_read_has_no_error_the_checks_would_find(read: list[ReadWorkflow]) -> None:
    for each in read:
        if each.definition is not None:
            assert not each.faults
            assert all(finding.severity != "error" for finding in lint(each.definition))


def test_steps_beyond_the_total_are_refused_with_the_finding_of_the_checks(read: list[ReadWorkflow]) -> None:
    fault = next(each for each in read if each.code == "TC01").faults[0]
    assert fault.code in RULES
    assert "cộng lại 31 ngày làm việc, vượt thời hạn 30 ngày làm việc" in fault.message


def test_where_no_total_is_stated_the_promise_is_the_sum_of_the_steps(read: list[ReadWorkflow]) -> None:
    unstated = [each for each in workflows() if each["totaltime_days"] == "-1"]
    assert len(unstated) == 21
    for source in unstated:
        if source["code"] in REFUSED:
            continue
        total = sum(float(step["time"]) for step in source["steps"])
        assert [float(limit.limit.amount) for limit in one(source["code"], read).limits] == [total]
        assert "total_from_steps" in notes(source["code"], read)


def test_steps_below_the_total_leave_slack_and_say_so(read: list[ReadWorkflow]) -> None:
    assert {each.code for each in read if "slack" in notes(each.code, read)} == {"DT07", "TP07"}
    assert str(one("TP07", read).limits[0].limit) == "5 working_day"


def test_tasks_whose_times_add_up_are_steps_of_their_own(read: list[ReadWorkflow]) -> None:
    assert [*steps("LD21", read)] == ["ban_giao", "thu_ly", "xet_duyet", "ky_duyet", "tra_ket_qua"]
    assert limits("LD21", read) == [f"{days} working_day" for days in ("0.5", "6", "1", "2", "0.5")]
    roles = {step.id: step.role for step in one("LD21", read).steps}
    assert roles["thu_ly"] is Role.OFFICER
    assert roles["xet_duyet"] is Role.UNIT_HEAD


def test_tasks_whose_times_do_not_add_up_share_the_time_of_their_step(read: list[ReadWorkflow]) -> None:
    assert [*steps("DT01", read)] == ["ban_giao", "xet_duyet", "ky_duyet", "thu_phi"]
    assert limits("DT01", read) == ["0.5 working_day", "11.5 working_day", "3 working_day", "-"]
    step = steps("DT01", read)["xet_duyet"]
    assert step.name == "Phân công thụ lý, thụ lý, xét duyệt"
    assert step.role is Role.UNIT_HEAD  # whoever approves lets the file go
    assert "tasks_merged" in notes("DT01", read)


def test_whoever_signs_decides_and_may_refuse(read: list[ReadWorkflow]) -> None:
    definition = one("DT01", read)
    signing = steps("DT01", read)["ky_duyet"]
    assert signing.decides
    assert signing.role is Role.HEAD
    assert definition.competent == signing.agency == "lanh_dao_don_vi"
    assert [(way.id, way.needs_reason) for way in signing.ways] == [("dong_y", False), ("tu_choi", True)]
    assert not definition.ends["tu_choi"].positive


def test_where_nobody_signs_the_head_of_the_department_that_approves_decides(
    read: list[ReadWorkflow],
) -> None:
    deciding = [step for step in one("LD03", read).steps if step.decides]
    assert [(step.id, step.role) for step in deciding] == [("xet_duyet", Role.HEAD)]
    assert one("LD03", read).competent == "phong_lao_dong_thuong_binh_xa_hoi"
    assert "division_decides" in notes("LD03", read)


def test_every_workflow_but_one_has_exactly_one_deciding_step(read: list[ReadWorkflow]) -> None:
    undecided = []
    for each in read:
        if each.definition is not None:
            number = sum(step.decides for step in each.definition.steps)
            assert number <= 1
            if not number:
                undecided.append(each.code)
    assert undecided == ["DT07"]
    assert "nobody_decides" in notes("DT07", read)


def test_the_clock_stops_while_the_applicant_sees_to_the_tax(read: list[ReadWorkflow]) -> None:
    taxed = [each.code for each in read if "clock_stops" in notes(each.code, read)]
    assert len(taxed) == 11
    for code in taxed:
        found = one(code, read).steps
        at = next(n for n, step in enumerate(found) if step.id == "nhan_bien_lai_nop_thue")
        notice, receipt = found[at - 1], found[at]
        assert (notice.id, notice.counted) == ("tra_thong_bao_nop_thue", True)
        assert str(notice.limit[0].limit) == "1 working_day"
        assert receipt.kind is StepKind.PAYMENT
        assert not receipt.counted
        assert receipt.not_counted_basis
        assert receipt.ways[0].next[0].to == found[at + 1].id


def test_a_fee_is_paid_in_an_uncounted_step_and_written_in_dong(read: list[ReadWorkflow]) -> None:
    fees = {each["code"]: each["fee"] for each in workflows()}
    assert (fees["DT01"], fees["DT03"], fees["TP05"]) == ("50000", "50.000", "3.000")
    assert [one(code, read).fees[0].amount for code in ("DT01", "DT03", "TP05")] == [50_000, 50_000, 3_000]
    assert not one("TP07", read).fees
    step = steps("DT01", read)["thu_phi"]
    assert (step.kind, step.counted, step.role) == (StepKind.PAYMENT, False, Role.RECEPTIONIST)


def test_a_fee_without_a_step_and_a_step_without_a_fee_are_noted(read: list[ReadWorkflow]) -> None:
    assert [each.code for each in read if "fee_without_step" in notes(each.code, read)] == ["DT07"]
    assert {each.code for each in read if "fee_unstated" in notes(each.code, read)} == {"TNH01A"}


def test_giving_back_is_a_step_only_when_it_has_time(read: list[ReadWorkflow]) -> None:
    assert "tra_ket_qua" not in steps("DT01", read)
    assert "return_built_in" in notes("DT01", read)
    assert str(steps("TP03", read)["tra_ket_qua"].limit[0].limit) == "0.5 working_day"
    assert "return_timed" in notes("TP03", read)


def test_reception_without_time_is_built_in(read: list[ReadWorkflow]) -> None:
    definition = one("TN17", read)
    assert [step.id for step in definition.steps] == ["xet_duyet"]
    assert definition.receiving == "bp_mot_cua"
    assert str(definition.limits[0].limit) == "0.5 working_day"
    assert "reception_built_in" in notes("TN17", read)


def test_up_to_six_departments_take_part(read: list[ReadWorkflow]) -> None:
    widest = Counter({each.code: len(each.definition.participants) for each in read if each.definition})
    assert max(widest.values()) == 6
    kinds = {group.kind for each in read for group in each.groups}
    assert {"one_stop", "committee.commune", "division.tu_phap", "division.thue"} <= kinds


def test_two_steps_of_one_name_are_told_apart(read: list[ReadWorkflow]) -> None:
    for each in read:
        if each.definition is not None:
            names = [step.name for step in each.definition.steps]
            assert len(set(names)) == len(names)


def test_the_same_workflow_twice_in_a_file_is_one_workflow_said_again(read: list[ReadWorkflow]) -> None:
    twins = [each for each in read if each.code == "TNH01A"]
    assert [each.definition is not None for each in twins] == [True, True]
    assert twins[0].definition == twins[1].definition
    assert ["repeated" in {note.code for note in each.notes} for each in twins] == [False, True]


def test_what_the_source_does_not_say_is_not_made_up(read: list[ReadWorkflow]) -> None:
    definition = one("TN03", read)
    assert definition.level is Level.COMMUNE
    assert not (definition.legal_basis or definition.papers or definition.warnings)
    assert definition.supplement is None
    assert definition.sources[0].confidence == "C"
    assert all(not step.product for step in definition.steps)
    assert {"level_commune", "refusal_added"} <= notes("TN03", read)
    assert "nay không còn: ghi là cấp xã" in definition.note


def test_departments_are_named_as_told_and_otherwise_by_their_code() -> None:
    source = [workflow("TP01")]
    named = read_workflows(source, effective_from=DAY, names={"PHONG_TU_PHAP": "Phòng Tư pháp"})[0]
    assert {group.name for group in named.groups} == {"BP MOT CUA", "Phòng Tư pháp", "LANH DAO DON VI"}
    assert named.definition is not None
    assert named.definition.field == "Phòng Tư pháp"
