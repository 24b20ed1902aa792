"""What changed between two versions, in words, and whether the citizen feels it."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from tests.workflows.definitions.base import REMOVE, base, changed, define
from tests.workflows.definitions.strategies import definitions
from workflows.definitions.diff import Affects, Change, ChangeKind, as_text, diff
from workflows.definitions.model import Definition


def changes(what: dict[str, Any]) -> list[Change]:
    """The differences between the base and the base with something changed."""
    return diff(define(base()), define(changed(what)))


def the(what: dict[str, Any]) -> Change:
    """The one difference."""
    (change,) = changes(what)
    return change


def test_the_same_definition_has_not_changed_and_a_new_number_alone_is_no_change() -> None:
    assert changes({}) == []
    assert changes({"version": 2}) == []
    assert as_text([]) == "Không có thay đổi.\n"


def test_a_shorter_total_is_felt_by_the_citizen() -> None:
    change = the({"limits[1].limit": "2 working_day"})
    assert change.path == "limits"
    assert change.kind is ChangeKind.CHANGED
    assert change.affects is Affects.TIME
    assert change.citizen
    assert change.text == "Thời hạn giải quyết: 3 ngày làm việc → 2 ngày làm việc"


def test_a_limit_of_a_case_is_compared_with_the_same_case() -> None:
    change = the({"limits[0].limit": "4 working_day"})
    assert change.text == "Thời hạn giải quyết (Cần xác minh: có): 5 ngày làm việc → 4 ngày làm việc"


def test_the_order_of_cases_is_a_change_of_its_own() -> None:
    change = the({"limits": list(reversed(base()["limits"]))})
    assert change.kind is ChangeKind.MOVED


def test_a_limit_of_a_step_is_time_but_not_the_citizens() -> None:
    change = the({"steps[0].limit": "2 working_hour"})
    assert (change.path, change.affects, change.citizen) == ("steps.tiep_nhan.limit", Affects.TIME, False)
    assert "Bước “Tiếp nhận hồ sơ”" in change.text


def test_papers_and_fees_that_come_and_go() -> None:
    added = the({"papers+1": {"id": "anh", "name": "Ảnh"}})
    assert (added.kind, added.affects, added.text) == (ChangeKind.ADDED, Affects.PAPERS, "Thêm giấy tờ “Ảnh”")
    removed = the({"papers": []})
    assert (removed.kind, removed.path) == (ChangeKind.REMOVED, "papers.to_khai")
    fee = the({"fees": [{"id": "le_phi", "name": "Lệ phí", "amount": 20_000}]})
    assert (fee.kind, fee.affects, fee.citizen) == (ChangeKind.ADDED, Affects.FEES, True)


def test_money_is_written_as_money() -> None:
    fees = {"id": "le_phi", "name": "Lệ phí", "amount": 20_000}
    old, new = changed({"fees": [fees]}), changed({"fees": [fees | {"amount": 1_000_000}]})
    (change,) = diff(define(old), define(new))
    assert change.text == "Khoản thu “Lệ phí”: Số tiền: 20.000 đồng → 1.000.000 đồng"


def test_a_step_that_comes_goes_or_changes_places() -> None:
    step = {"id": "kiem_tra", "name": "Kiểm tra", "agency": "ubnd", "next": "ky"}
    assert the({"steps+2": step}).text == "Thêm bước “Kiểm tra”"
    assert {change.kind for change in changes({"steps[3]": REMOVE})} == {ChangeKind.REMOVED}
    moved = changes({"steps": [*base()["steps"][1:], base()["steps"][0]]})
    assert [(change.kind, change.path) for change in moved] == [(ChangeKind.MOVED, "steps.tiep_nhan")]


def test_an_outcome_that_leads_elsewhere_is_told_by_names() -> None:
    change = the(
        {
            "steps[1].outcomes[0].next": [
                {"to": "tra", "when": {"xac_minh": False}},
                {"to": "ky", "otherwise": True},
            ]
        }
    )
    assert change.path == "steps.tham_dinh.outcomes.dat.next"
    assert change.affects is Affects.PROCESS
    assert change.text.endswith(
        "Ký trích lục → Trả kết quả (Cần xác minh: không), Ký trích lục (trường hợp còn lại)"
    )


def test_the_short_form_of_next_is_no_difference() -> None:
    long = [{"id": "done", "name": "Hoàn thành", "next": [{"to": "tham_dinh"}]}]
    assert changes({"steps[0].next": REMOVE, "steps[0].outcomes": long}) == []


def test_another_agency_is_told_by_its_name() -> None:
    change = the({"steps[3].agency": "ubnd"})
    assert change.text == ("Bước “Trả kết quả”: Cơ quan thực hiện: “Bộ phận một cửa” → “Ủy ban nhân dân xã”")


def test_a_setting_inside_a_rule_names_the_rule() -> None:
    change = the({"supplement.effect": "restart"})
    assert change.text == "Bổ sung hồ sơ: Ảnh hưởng đến thời hạn: dừng rồi tính tiếp → tính lại từ đầu"
    assert change.citizen
    assert the({"supplement": None}).kind is ChangeKind.REMOVED


def test_what_only_the_record_needs_stands_last_and_without_a_star() -> None:
    text = as_text(changes({"note": "Đã rà soát", "limits[1].limit": "2 working_day"}))
    assert text.index("* Thời hạn giải quyết") < text.index("- Ghi chú")
    assert text.startswith("Thời gian:")


@given(definitions(), definitions())
def test_two_definitions_differ_exactly_when_something_is_told(old: Definition, new: Definition) -> None:
    assert diff(old, old) == []
    same = old.model_copy(update={"version": 1}) == new.model_copy(update={"version": 1})
    assert (diff(old, new) == []) is same
    assert all(change.text and change.path for change in diff(old, new))


@given(definitions(), definitions())
def test_what_is_added_one_way_is_removed_the_other_way(old: Definition, new: Definition) -> None:
    there, back = diff(old, new), diff(new, old)
    added = {change.path for change in there if change.kind is ChangeKind.ADDED}
    assert added == {change.path for change in back if change.kind is ChangeKind.REMOVED}
