"""The shipped procedures load, lint, and give each step the time their sources print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import workflows.catalogue
from sla.limits import Limit, Unit, parse_limit
from workflows.definitions.checks.findings import Severity
from workflows.definitions.checks.lint import lint
from workflows.definitions.model import Definition, Step, StepKind
from workflows.definitions.reading import load_definition
from workflows.engine.plan import Plan

FILES = sorted(Path(workflows.catalogue.__path__[0]).glob("*.yaml"))
DOCUMENT = Path(__file__).parents[3] / "docs" / "catalogue.md"
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

Facts = dict[str, bool | str]


@cache
def shipped() -> dict[str, Definition]:
    return {definition.code: definition for definition in map(load_definition, FILES)}


# Every file


@each_file
def test_a_file_loads_without_errors_or_warnings(path: Path) -> None:
    found = lint(load_definition(path))
    assert [each for each in found if each.severity is not Severity.INFO] == []


@each_file
def test_a_file_is_named_after_its_code_and_names_its_schema(path: Path) -> None:
    code = load_definition(path).code
    assert re.fullmatch(re.escape(code) + r"-[a-z0-9]+(-[a-z0-9]+)*\.yaml", path.name)
    first_line = path.read_text(encoding="utf-8").splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=../definitions/procedure.schema.json"


def test_no_code_is_shipped_twice() -> None:
    assert len(shipped()) == len(FILES)


@each_file
def test_a_definition_says_where_its_facts_are_from(path: Path) -> None:
    definition = load_definition(path)
    assert definition.sources and definition.legal_basis
    assert all(source.text and source.what for source in definition.sources)


@each_file
def test_an_example_split_says_so_and_where_an_office_changes_it(path: Path) -> None:
    definition = load_definition(path)
    if definition.split == "example":
        assert "ví dụ" in definition.split_note
        assert "phiên bản mới" in definition.split_note
    if definition.split == "decision":
        assert "Quyết định" in definition.split_note


@each_file
def test_every_way_a_dossier_is_refused_is_decided_by_a_head_or_leader(path: Path) -> None:
    definition = load_definition(path)
    assert not all(end.positive for end in definition.ends.values())
    signed = [step for step in definition.steps if step.decides and step.kind is StepKind.HUMAN]
    groups = any(step.kind is StepKind.DOSSIER for step in definition.steps)
    assert groups or signed
    assert all(step.role in ("head", "leader") for step in signed)


@each_file
def test_a_request_to_supplement_has_a_cap_and_at_most_two_tries(path: Path) -> None:
    rule = load_definition(path).supplement
    assert rule is not None
    assert rule.cap is not None
    assert rule.max_requests in (1, 2)
    assert rule.basis


def test_every_member_procedure_is_shipped_and_may_be_opened_with_its_group() -> None:
    for definition in shipped().values():
        for step in definition.steps:
            if step.kind is StepKind.DOSSIER:
                member = shipped()[step.member or ""]
                assert member.effective_from <= definition.effective_from
                assert set(definition.channels) <= set(member.channels)
                assert str(step.limit[-1].limit) == str(member.limits[-1].limit)


def test_the_document_lists_every_procedure() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [code for code in shipped() if f"| {code} |" not in text] == []


# Times as printed


class Printed(NamedTuple):
    """A table of step times as its source prints it: per appointment the total and the rows, in order."""

    code: str
    facts: Facts
    unit: str
    stages: tuple[tuple[str, str], ...]


# Totals of the law whose rows are an example, so only the sum is compared: what is true of the case, then
# the working days (h: hours by the clock).
TOTALS = {
    "1.013225": "10, nha_o_rieng_le 7",
    "1.012783": "5, do_dac 10, mien_nui 15, mien_nui+do_dac 20",
    "1.012787": "8, mien_nui 18",
    "1.012753": "17, cap_tinh+mien_nui 30",
    "1.000894": "phai_xac_minh 5",
    "1.004859": "3, phai_xac_minh 6",
    "1.010041": "1, phai_xac_minh 3",
    "2.000986.TT": "2, phai_xac_minh 5",
    "2.002913.KT": "24h, phai_xac_minh 3",
    "2.000986.KS": "24h",
    "2.002913.XTT": "1",
    **dict.fromkeys(("2.001035", "2.000986.BHYT", "2.002913.THT"), "2"),
    **dict.fromkeys(
        ("1.004194", "2.001610", "1.004873", "1.001612", "2.000720", "1.014028", "2.002913.YT"), "3"
    ),
    **dict.fromkeys(("1.003197", "1.010833", "2.000986.CC"), "5"),
    **dict.fromkeys(("1.004222", "1.014061"), "7"),
    "2.002913.BHXH": "8",
    **dict.fromkeys(("1.001776", "1.014027"), "10"),
    "2.002913.NV": "18",
}


def totals() -> Iterator[Printed]:
    for code, cases in TOTALS.items():
        for case in cases.split(", "):
            *facts, total = case.replace("+", " ").split()
            unit = "clock_hour" if total.endswith("h") else "working_day"
            yield Printed(code, dict.fromkeys(facts, True), unit, ((total.rstrip("h"), ""),))


WITH_COUNCIL = "0.5 0.5 3 1 1 0.5 3 5.5 2 1.5 1 0.5 1.5 1 1 0.5 3"
PRINTED = [
    # Bắc Ninh 1582/QĐ-UBND
    Printed("1.009645", {}, "working_day", (("17", "0.5 0.25 0.5 0.25 0.5 7 2 1 1 0.5 3 0.5"),)),
    # Đồng Tháp 138/2025/QĐ-UBND art. 30 and 45: two appointments, the tax between them not counted
    Printed("1.013831", {}, "working_day", (("5", "0.5 4.5"), ("3", "3"))),
    Printed("1.013831", {"co_nghia_vu_tai_chinh": False}, "working_day", (("5", "0.5 4.5"), ("3", "3"))),
    Printed("1.012753.H20", {}, "working_day", (("15", "0.5 10.5 2 2"), ("5", "1 2 2"))),
    # Cao Bằng 2022/QĐ-UBND, founding and closing
    Printed("1.013814", {}, "working_day", (("5", "0.25 0.25 1.5 0.5 0.5 0.25 1.5 0.25"),)),
    Printed("1.013814", {"giai_the": True}, "working_day", (("10", "0.5 0.5 2 0.5 1 0.5 4.5 0.5"),)),
    # Hà Nội 1594/QĐ-TTPVHCC, 240 hours
    Printed("1.012644", {}, "working_day", (("30", "0.5 0.5 1 1 16 1 1 7 2"),)),
    # Lạng Sơn 2487/QĐ-UBND, calendar days, without and with a council
    Printed("1.014431", {}, "calendar_day", (("15", "0.5 0.5 4.5 2 2 0.5 5"),)),
    Printed("1.014431", {"hoi_dong": True}, "calendar_day", (("27", WITH_COUNCIL),)),
    # Thanh Hóa 60/2025/QĐ-UBND: survey, places in parallel, acceptance
    Printed("1.005687", {"vi_tri": "xa"}, "working_day", (("10", "2 5 3"),)),
    Printed("1.005687", {"vi_tri": "ca_hai", "hanh_lang_duong_bo": True}, "working_day", (("10", "2 5 3"),)),
    # Nghệ An 3857/QĐ-UBND, hours
    Printed("1.012994", {}, "working_hour", (("168", "4 4 112 24 16 8"),)),
    # Rows of the law itself
    Printed("1.001029", {}, "working_day", (("10", "3 4 3"),)),
    Printed("1.012784", {}, "working_day", (("12", "3 9"),)),
    Printed("1.012784", {"mien_nui": True}, "working_day", (("22", "3 19"),)),
    Printed("1.012753", {"cap_tinh": True}, "working_day", (("20", "0.5 5.5 9 3 2"),)),
    *totals(),
]


@pytest.mark.parametrize("printed", PRINTED, ids=lambda printed: f"{printed.code} {printed.facts or ''}")
def test_the_steps_take_the_printed_times_and_add_up_to_the_total(printed: Printed) -> None:
    plan = Plan(shipped()[printed.code])
    facts = known(plan, printed.facts)
    assert len(plan.stages) == len(printed.stages)
    for stage, (total, rows) in zip(plan.stages, printed.stages, strict=True):
        assert plan.stage_limit(stage.id, facts) == parse_limit(f"{total} {printed.unit}")
        for way in ways(plan, facts):
            steps = [step for step in way if step.counted and plan.stage_of(step) == stage.id]
            taken = [minutes(limit) for step in steps if (limit := plan.step_limit(step, facts))]
            assert sum(taken) == minutes(parse_limit(f"{total} {printed.unit}"))
            expected = [Decimal(row) * MINUTES[Unit(printed.unit)] for row in rows.split()]
            assert not expected or grouped(taken, expected) == expected


SAME_DAY = ["1.001193", "1.000894", "1.000656", "2.000635", "2.000815", "2.000884", "2.000908"]


@pytest.mark.parametrize("code", SAME_DAY)
def test_what_is_settled_the_same_day_may_come_until_three_and_still_be_done(code: str) -> None:
    plan = Plan(shipped()[code])
    facts = known(plan, {})
    assert str(plan.stage_limit("main", facts)) == "same_day 15:00"
    for way in ways(plan, facts):
        limits = [plan.step_limit(step, facts) for step in way if step.counted]
        assert sum(minutes(limit) for limit in limits if limit) <= 120


# Agencies

AGENCIES = {
    "2.000986": "committee.commune police.commune insurance",
    "2.002913": "committee.commune police.commune insurance division.culture_society department.home_affairs",
    "1.009645": "one_stop department.finance department committee.province",
    "1.013831": "one_stop land_registry tax",
    "1.012753.H20": "one_stop land_management committee.commune tax land_registry",
    "1.012753": "one_stop land_management committee.commune department.agriculture committee.province tax "
    "land_registry",
    "1.013814": "one_stop department.health committee.office committee.province",
    "1.012644": "one_stop department.ethnic_religion committee.office committee.province",
    "1.014431": "one_stop department.science committee.province",
    "1.005687": "power_company committee.commune management_board department.construction",
    "1.012994": "one_stop division.economy committee.commune",
    "1.013225": "one_stop division.economy department committee.commune",
    "1.001029": "department.culture_sports committee.province",
}


@pytest.mark.parametrize("code", AGENCIES)
def test_the_agencies_of_a_procedure_that_crosses_agencies(code: str) -> None:
    definition = shipped()[code]
    kinds = {definition.participants[step.agency].kind for step in definition.steps}
    assert kinds == set(AGENCIES[code].split())


def test_at_least_eight_procedures_cross_agencies_that_are_not_parts_of_one_committee() -> None:
    own_parts = ("one_stop", "committee.", "division.", "civil_status", "land_management")
    crossing = [
        code
        for code, kinds in AGENCIES.items()
        if any(not kind.startswith(own_parts) for kind in kinds.split())
    ]
    assert len(crossing) >= 8


def test_the_power_company_is_no_agency_of_the_state_and_decides_nothing_for_it() -> None:
    definition = shipped()["1.005687"]
    outside = {key for key, participant in definition.participants.items() if not participant.state}
    assert outside == {"dien_luc"}
    assert not any(step.decides for step in definition.steps if step.agency in outside)


# Rules of single procedures


def test_the_birth_group_keeps_its_own_rules() -> None:
    group = shipped()["2.000986"]
    assert group.clock.cut_off == "15:00"
    assert str(group.handover.acknowledge_within) == "2 working_hour"
    assert group.supplement is not None
    assert group.supplement.effect == "pause"
    assert str(group.supplement.cap) == "7 working_day"
    assert group.supplement.at_cap == "stop"
    for card, verified, total in (
        (False, False, "3 working_day"),
        (False, True, "5 working_day"),
        (True, False, "8 working_day"),
        (True, True, "10 working_day"),
    ):
        facts = {"de_nghi_can_cuoc": card, "phai_xac_minh": verified}
        assert str(Plan(group).stage_limit("main", facts)) == total
    confirmation = step_of("2.000986.TT", "xac_nhan_vneid")
    assert (confirmation.counted, confirmation.owner) == (False, "applicant")


def test_after_birth_residence_and_insurance_run_at_once_and_a_card_asked_for_follows_residence() -> None:
    plan = Plan(shipped()["2.000986"])
    opened = {arc.to for arc in plan.arcs_taken(plan.steps["khai_sinh"].ways[0], {})}
    assert opened == {"thuong_tru", "the_bhyt"}
    for asked, next_step in ((True, "the_can_cuoc"), (False, "hoan_thanh")):
        arcs = plan.arcs_taken(plan.steps["thuong_tru"].ways[0], {"de_nghi_can_cuoc": asked})
        assert [arc.to for arc in arcs] == [next_step]


@pytest.mark.parametrize(
    ("facts", "opened"),
    [
        ({}, {"xoa_thuong_tru"}),
        ({"tro_cap_bhxh": True}, {"xoa_thuong_tru", "tu_tuat_bhxh"}),
        ({"nguoi_co_cong": True}, {"xoa_thuong_tru", "che_do_nguoi_co_cong"}),
        ({"bao_tro_xa_hoi": True, "huong_tuat_hang_thang": True}, {"xoa_thuong_tru", "thoi_huong_tuat"}),
    ],
)
def test_after_a_death_the_branches_of_the_case_run_at_once(facts: Facts, opened: set[str]) -> None:
    plan = Plan(shipped()["2.002913"])
    arcs = plan.arcs_taken(plan.steps["khai_tu"].ways[0], known(plan, facts))
    assert {arc.to for arc in arcs} == opened


def test_without_birth_or_death_registered_nothing_more_is_done() -> None:
    for code, first in (("2.000986", "khai_sinh"), ("2.002913", "khai_tu")):
        refused = next(way for way in step_of(code, first).ways if way.id == "failed")
        assert [arc.to for arc in refused.next] == ["tu_choi"]


def test_the_time_of_the_tax_office_and_of_payment_is_not_counted() -> None:
    for code in ("1.013831", "1.012753.H20", "1.012753", "1.012783", "1.012787"):
        definition = shipped()[code]
        tax = [step for step in definition.steps if definition.participants[step.agency].kind == "tax"]
        assert {step.counted for step in tax} == {False}
        assert StepKind.PAYMENT in {step.kind for step in tax}


def test_an_opinion_on_a_building_permit_has_twelve_days_and_silence_is_consent() -> None:
    asked = step_of("1.013225", "lay_y_kien")
    assert asked.kind is StepKind.OPINION
    assert str(asked.limit[0].limit) == "12 calendar_day"
    assert asked.silence == "consent"
    assert "12 ngày" in shipped()["1.013225"].waived["MC503"]


def test_the_clock_of_a_centre_registered_anywhere_starts_when_the_department_has_the_file() -> None:
    definition = shipped()["1.013814"]
    assert definition.clock.starts == "competent_received"
    assert definition.participants[definition.competent].kind == "department.health"


def test_hours_are_counted_where_the_decision_counts_hours() -> None:
    by_hours = {code for code, each in shipped().items() if each.clock.rule == "hour-for-hour"}
    assert by_hours == {"1.012644", "1.012994"}


def test_a_certified_copy_costs_two_thousand_a_page_and_one_thousand_from_the_third() -> None:
    fees = {fee.id: fee for fee in shipped()["2.000815"].fees}
    assert [(fee.amount, fee.unit) for fee in fees.values()] == [(2000, "trang"), (1000, "trang")]
    assert "200.000 đồng/bản" in fees["phi_tu_trang_3"].name


def test_residence_uses_the_forms_of_the_police() -> None:
    for code in ("1.004222", "1.004194", "1.003197", "1.010041"):
        assert shipped()[code].forms == {"receipt": "CT04", "supplement": "CT05", "refusal": "CT06"}


# Helpers


def step_of(code: str, step: str) -> Step:
    return next(each for each in shipped()[code].steps if each.id == step)


def known(plan: Plan, facts: Facts) -> dict[str, object]:
    """The facts given, completed by the defaults, of a dossier handed in at the desk."""
    defaults = {name: fact.default for name, fact in plan.definition.case.items()}
    return {**defaults, "channel": "direct", "applicant": "person", **facts}


def ways(plan: Plan, facts: dict[str, object], step: Step | None = None) -> Iterator[list[Step]]:
    """Every way from a step on when each is done well (its first outcome), parallel branches one by one."""
    step = step or plan.first
    targets = [arc.to for arc in plan.arcs_taken(step.ways[0], facts)]
    for target in targets:
        if target in plan.steps:
            for rest in ways(plan, facts, plan.steps[target]):
                yield [step, *rest]
        else:
            assert plan.definition.ends[target].positive
            yield [step]


MINUTES = {Unit.WORKING_HOUR: 60, Unit.WORKING_DAY: 480, Unit.CLOCK_HOUR: 60, Unit.CALENDAR_DAY: 1440}
"""Minutes of a unit in its own family: a working day is eight hours, a calendar day twenty-four."""


def minutes(limit: Limit) -> Decimal:
    return limit.amount * MINUTES[limit.unit]


def grouped(taken: list[Decimal], rows: list[Decimal]) -> list[Decimal]:
    """The times taken, added up in order to the printed rows: a row may be shared inside one agency."""
    sums: list[Decimal] = []
    left = list(taken)
    for row in rows:
        total = Decimal(0)
        while left and total < row:
            total += left.pop(0)
        sums.append(total)
    return [*sums, *left]
