"""What an officer may expect of the checks, beyond each code on its own."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from tests.workflows.definitions.base import REMOVE, base, changed, codes, define, found, parallel, staged
from tests.workflows.definitions.strategies import definitions
from workflows.definitions.checks.domains import Domains
from workflows.definitions.checks.findings import Finding, Severity, can_publish
from workflows.definitions.checks.lint import RULES, lint
from workflows.definitions.checks.tokens import walk
from workflows.definitions.graph import Graph
from workflows.definitions.model import Definition


def the(code: str, data: dict[str, Any]) -> Finding:
    """The one finding of a code."""
    (finding,) = [finding for finding in found(data) if finding.code == code]
    return finding


# Time


def test_parallel_branches_count_as_the_longest_of_them() -> None:
    assert "MC502" not in codes(changed({"steps[2].limit": "1.5 working_day"}, parallel()))
    assert "MC502" in codes(changed({"steps[2].limit": "1.75 working_day"}, parallel()))


def test_the_same_branches_one_after_the_other_count_together() -> None:
    one_by_one = {
        "steps[0].next": "tham_dinh",
        "steps[1].outcomes[0].next": "kiem_tra",
        "steps[3].join": REMOVE,
    }
    finding = the("MC502", changed(one_by_one, parallel()))
    assert "4 ngày làm việc" in finding.message
    assert "“Thẩm định hồ sơ” → “Kiểm tra thực địa”" in finding.message


def test_a_loop_counts_once() -> None:
    assert "MC502" not in codes(base())


def test_steps_are_compared_with_the_total_of_their_case() -> None:
    slower = changed({"steps[1].limit[0].limit": "4 working_day"})
    finding = the("MC502", slower)
    assert finding.where == "limits[0].limit"
    assert "Cần xác minh: có" in finding.message


def test_a_way_taken_only_in_another_case_does_not_count() -> None:
    detour = changed(
        {
            "steps+2": {
                "id": "xac_minh",
                "name": "Xác minh thực tế",
                "agency": "ubnd",
                "product": "Biên bản",
                "limit": "2 working_day",
                "next": "ky",
            },
            "steps[1].limit": "1.5 working_day",
            "steps[1].outcomes[0].next": [
                {"to": "xac_minh", "when": {"xac_minh": True}},
                {"to": "ky", "otherwise": True},
            ],
        }
    )
    assert codes(detour) == set()
    detour["limits"] = [{"limit": "3 working_day"}]
    assert the("MC502", detour).where == "limits[0].limit"


def test_hours_and_days_of_work_add_up_and_what_is_left_is_told() -> None:
    finding = the("MC504", changed({"steps[1].limit": "10 working_hour"}, parallel()))
    assert "2 giờ làm việc" in finding.message


def test_each_stage_is_compared_on_its_own() -> None:
    assert the("MC502", changed({"steps[4].limit": "1.25 working_day"}, staged())).where == (
        "stages[1].limits[0].limit"
    )


def test_time_that_is_not_counted_does_not_fill_the_total() -> None:
    waiting = changed({"steps[3].limit": "90 working_day"}, staged())
    assert "MC502" not in codes(waiting)


def test_what_can_be_compared_is_compared_beside_what_cannot() -> None:
    mixed = changed({"steps[0].limit": "24 clock_hour", "steps[1].limit": "3 working_day"})
    assert {"MC502", "MC503"} <= codes(mixed)


# Facts


def test_a_return_keeps_what_is_known_of_the_case() -> None:
    """The two arcs are opposite, so the branches never run together, wherever they are asked again."""
    opposite = [{"to": "ky", "when": {"xac_minh": True}}, {"to": "tra", "when": {"xac_minh": False}}]
    assert not {"MC301", "MC403"} & codes(changed({"steps[1].outcomes[0].next": opposite}))


def test_numbers_must_be_covered_without_a_gap() -> None:
    so: dict[str, Any] = {"case.so": {"label": "Số", "type": "number", "default": 1}}
    gap: dict[str, Any] = so | {
        "steps[0].next": [
            {"to": "tham_dinh", "when": {"so": {"below": 100}}},
            {"to": "ky", "when": {"so": {"at_least": 101}}},
        ]
    }
    assert "Số: 100" in the("MC403", changed(gap)).message
    gap["steps[0].next"][1]["when"] = {"so": {"at_least": 100}}
    assert "MC403" not in codes(changed(gap))


def test_a_choice_must_be_covered_for_every_value() -> None:
    loai = {
        "case.loai": {"label": "Loại", "type": "choice", "choices": {"a": "A", "b": "B"}, "default": "a"},
        "steps[0].next": [{"to": "tham_dinh", "when": {"loai": "a"}}],
    }
    assert "Loại: B" in the("MC403", changed(loai)).message
    loai["steps[0].next"] = [{"to": "tham_dinh", "when": {"loai": ["a", "b"]}}]
    assert "MC403" not in codes(changed(loai))


def test_channels_the_procedure_does_not_offer_need_no_way() -> None:
    by_channel = [
        {"to": "tham_dinh", "when": {"channel": "direct"}},
        {"to": "ky", "when": {"channel": "online"}},
    ]
    assert not {"MC403", "MC404"} & codes(changed({"steps[0].next": by_channel}))


def test_a_fact_set_before_it_is_asked_for_is_known() -> None:
    arcs = [{"to": "ky", "when": {"xac_minh": True}}, {"to": "tra", "when": {"xac_minh": False}}]
    unknown: dict[str, Any] = {"case.xac_minh.default": None, "limits": [{"limit": "5 working_day"}]}
    unknown |= {"steps[1].limit": "1 working_day", "steps[1].outcomes[0].next": arcs}
    assert "MC404" in codes(changed(unknown))
    assert "MC404" not in codes(changed(unknown | {"steps[1].outcomes[0].sets": {"xac_minh": True}}))


# Parallel branches


def test_an_optional_branch_may_be_joined_by_all_but_not_by_a_list() -> None:
    optional = {"steps[0].next": ["tham_dinh", {"to": "kiem_tra", "when": {"channel": "direct"}}]}
    assert codes(changed(optional, parallel())) == set()
    listed = changed(optional | {"steps[3].join": ["tham_dinh", "kiem_tra"]}, parallel())
    assert "MC303" in codes(listed)


def test_exclusive_ways_may_meet_without_a_join() -> None:
    either = [{"to": "tham_dinh", "when": {"channel": "direct"}}, {"to": "kiem_tra", "otherwise": True}]
    exclusive = changed({"steps[0].next": either, "steps[3].join": REMOVE}, parallel())
    assert "MC301" not in codes(exclusive)
    assert "MC305" in codes(changed({"steps[0].next": either}, parallel()))


def test_a_join_list_does_not_wait_again_when_work_is_sent_back_to_it() -> None:
    back = {
        "steps[3].join": ["tham_dinh", "kiem_tra"],
        "steps[3].outcomes[1].next": "tham_dinh",
    }
    assert "MC303" in codes(changed(back, parallel()))


def test_an_early_good_end_of_a_branch_leaves_the_others_running() -> None:
    early = changed({"steps[2].next": "xong"}, parallel())
    assert not {"MC301", "MC303"} & codes(early)


def test_two_branches_that_both_end_well_without_a_decision_are_told() -> None:
    both = {
        "steps[2].next": "xong",
        "steps[1].outcomes[0].next": "xong",
        "steps[0].next": ["tham_dinh", "kiem_tra"],
    }
    assert "MC203" in codes(changed(both, parallel()))


def test_too_many_ways_are_not_tried_for_ever_and_that_is_said() -> None:
    branches = [f"n{number}" for number in range(14)]
    step = {"name": "Việc", "agency": "ubnd", "product": "x", "limit": "1 working_hour"}
    steps = [{"id": "dau", "next": branches, **step}]
    steps += [{"id": branch, "next": f"{branch}b", **step} for branch in branches]
    steps += [{"id": f"{branch}b", "next": "gop", **step} for branch in branches]
    steps += [{"id": "gop", "next": "xong", "join": "all", **step}]
    assert "MC307" in codes(changed({"steps": steps}))


# Publishing and waivers


def test_only_an_error_forbids_publishing() -> None:
    assert can_publish(found(changed({"steps[2].product": "", "papers": []})))
    assert not can_publish(found(changed({"steps[2].limit": REMOVE})))


def test_a_waived_finding_is_information_and_carries_its_reason() -> None:
    reason = "Nghị định ghi 24 giờ trong thời hạn 3 ngày làm việc"
    finding = the("MC503", changed({"steps[0].limit": "24 clock_hour", "waived": {"MC503": reason}}))
    assert finding.severity is Severity.INFO
    assert finding.waived == reason


def test_what_cannot_be_waived_stays_and_the_waiver_is_an_error_too() -> None:
    waived = changed({"steps[2].limit": REMOVE, "waived": {"MC105": "Không cần"}})
    assert the("MC105", waived).severity is Severity.ERROR
    assert the("MC902", waived).severity is Severity.ERROR


def test_errors_come_first_then_warnings_then_the_rest() -> None:
    data = changed({"steps[2].limit": REMOVE, "steps[0].product": "", "papers": []})
    grades = [finding.severity for finding in found(data)]
    assert grades == sorted(grades, key=[Severity.ERROR, Severity.WARNING, Severity.INFO].index)


def test_codes_are_unique_and_only_what_a_source_may_get_wrong_is_waivable() -> None:
    assert sorted(code for code, rule in RULES.items() if rule.waivable) == [
        "MC503",
        "MC522",
        "MC605",
        "MC608",
        "MC721",
    ]


# Whatever the definition


@settings(max_examples=200)
@given(definitions(members=("1.001193",)))
def test_no_error_is_found_in_a_definition_that_is_sound_by_construction(definition: Definition) -> None:
    assert [finding for finding in lint(definition) if finding.severity is Severity.ERROR] == []


@given(definitions())
def test_a_sound_definition_opens_every_step_in_some_case_and_can_always_end(definition: Definition) -> None:
    graph = Graph(definition)
    seen = walk(graph, Domains(definition, graph))
    assert seen.complete
    assert seen.endless is None
    assert not seen.stuck and not seen.doubled and not seen.no_way_on


@given(definitions())
def test_checking_twice_finds_the_same(definition: Definition) -> None:
    again = Definition.model_validate_json(definition.model_dump_json())
    assert lint(definition) == lint(definition) == lint(again)


@given(definitions())
def test_leaving_out_every_join_of_parallel_branches_is_found(definition: Definition) -> None:
    joined = [step for step in definition.steps if step.join is not None]
    if joined:
        steps = tuple(step.model_copy(update={"join": None}) for step in definition.steps)
        broken = define(definition.model_copy(update={"steps": steps}).model_dump())
        assert "MC301" in {finding.code for finding in lint(broken)}
