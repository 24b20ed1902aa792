"""Files that are wrong, by accident or on purpose: always a fault at its place, never a crash."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.core.errors import BadInput
from tests.workflows.importers.facts import workflow, workflows
from workflows.definitions.checks.lint import lint
from workflows.importers.catalogue import REFUSALS, REMARKS
from workflows.importers.epar import MOST_TASKS, ReadWorkflow, read_workflows
from workflows.importers.faults import FAULTS, NOTES
from workflows.importers.groups import read_group_names
from workflows.importers.service import load_workflows

DAY = date(2026, 1, 1)
Spoil = Callable[[dict[str, Any]], object]


def read(*items: Any) -> list[ReadWorkflow]:
    return read_workflows(list(items), effective_from=DAY)


def _task(source: dict[str, Any], step: int, task: int) -> dict[str, Any]:
    found: dict[str, Any] = source["steps"][step]["tasks"][task]
    return found


def _loop(source: dict[str, Any]) -> None:
    _task(source, 2, 0)["next"] = "TP01::PHAN_CONG"


def _revisit(source: dict[str, Any]) -> None:
    """Desk, department, and the desk's second task only then."""
    _task(source, 0, 0)["next"] = "TP01::PHAN_CONG"
    _task(source, 1, 2)["next"] = "TP01::BAN_GIAO"
    _task(source, 0, 1)["next"] = "TP01::KY_DUYET"


def _wait_in_between(source: dict[str, Any]) -> None:
    _task(source, 1, 0)["pause"] = "true"
    _task(source, 1, 1)["unpause"] = "true"


def _all_without_time(source: dict[str, Any]) -> None:
    source["steps"] = [source["steps"][0]]
    source["steps"][0]["time"] = "0"
    _task(source, 0, 1)["next"] = "NULL"


def _work_at_reception(source: dict[str, Any]) -> None:
    source["steps"][0]["time"] = "0"
    _task(source, 0, 1)["code"] = "TP01::THAM_TRA"
    _task(source, 0, 0)["next"] = "TP01::THAM_TRA"


def _many_tasks(source: dict[str, Any]) -> None:
    tasks = source["steps"][1]["tasks"]
    tasks.extend(deepcopy(tasks[0]) for _ in range(MOST_TASKS))


SPOILED: list[tuple[str, str, Spoil]] = [
    ("field_missing", "name", lambda source: source.pop("name")),
    ("field_missing", "totaltime_days", lambda source: source.pop("totaltime_days")),
    ("field_missing", "steps", lambda source: source.update(steps=[])),
    ("field_missing", "steps[1].tasks", lambda source: source["steps"][1].update(tasks=[])),
    ("field_missing", "steps[1].tasks[0].next", lambda source: _task(source, 1, 0).pop("next")),
    ("field_type", "steps", lambda source: source.update(steps="x")),
    ("field_type", "steps[1]", lambda source: source["steps"].__setitem__(1, 7)),
    ("field_type", "steps[0].no_chain", lambda source: source["steps"][0].update(no_chain="maybe")),
    ("field_type", "totaltime_days", lambda source: source.update(totaltime_days=[3])),
    ("field_type", "version", lambda source: source.update(version="0")),
    ("text_unreadable", "name", lambda source: source.update(name="x" * 501)),
    ("text_unreadable", "name", lambda source: source.update(name="tên \ud800")),
    ("code_unreadable", "code", lambda source: source.update(code="mã lạ")),
    ("time_unreadable", "totaltime_days", lambda source: source.update(totaltime_days="1e3")),
    ("time_unreadable", "steps[1].time", lambda source: source["steps"][1].update(time=float("nan"))),
    ("time_unreadable", "steps[1].tasks[1].time", lambda source: _task(source, 1, 1).update(time="-2")),
    ("time_out_of_range", "steps[1].time", lambda source: source["steps"][1].update(time="0.3")),
    ("time_out_of_range", "totaltime_days", lambda source: source.update(totaltime_days="99999")),
    ("fee_unreadable", "fee", lambda source: source.update(fee="50.00")),
    ("fee_unreadable", "fee", lambda source: source.update(fee="miễn")),
    ("too_many_tasks", "steps", _many_tasks),
    ("group_missing", "steps[1].group", lambda source: source["steps"][1].pop("group")),
    ("group_ambiguous", "steps[2].group", lambda source: source["steps"][2].update(group="PHONGTUPHAP")),
    ("task_code_twice", "steps[1].tasks[1].code", lambda s: _task(s, 1, 1).update(code="TP01::PHAN_CONG")),
    ("next_unknown", "steps[1].tasks[1].next", lambda s: _task(s, 1, 1).update(next="TP01::KHONG_CO")),
    ("chain_loops", "steps[2].tasks[0].next", _loop),
    ("task_unreachable", "steps[1].tasks[1]", lambda s: _task(s, 1, 0).update(next="TP01::XET_DUYET")),
    ("step_revisited", "steps[0]", _revisit),
    ("side_branch", "steps[1].tasks[0].next", lambda s: _task(s, 1, 0).update(next="TP01::THU_LY [TP01::A]")),
    ("side_branch", "steps[2]", lambda source: source["steps"][2].update(no_chain="true")),
    ("pause_unpaired", "steps[1].tasks[0]", lambda source: _task(source, 1, 0).update(pause="true")),
    ("pause_unpaired", "steps[1].tasks[1]", lambda source: _task(source, 1, 1).update(unpause=True)),
    ("pause_unpaired", "steps[4].tasks[0]", lambda source: _task(source, 4, 0).update(pause=True)),
    ("waiting_in_between", "steps[1]", _wait_in_between),
    ("step_time_unstated", "steps[1].time", lambda source: source["steps"][1].update(time="-1")),
    ("step_without_time", "steps[1].time", lambda source: source["steps"][1].update(time="0")),
    ("step_without_time", "steps[0].time", _work_at_reception),
    ("nothing_to_do", "steps", _all_without_time),
    ("MC507", "limits[0].limit", lambda source: source.update(totaltime_days="0")),
    ("MC502", "limits[0].limit", lambda source: source.update(totaltime_days="2")),
]
_TOLD_ELSEWHERE = {
    "not_an_object",
    "code_twice",
    "total_unstated",
    "definition_invalid",
    "code_taken",
    "database_refused",
}


@pytest.mark.parametrize(
    ("code", "where", "spoil"), SPOILED, ids=[f"{number}-{item[0]}" for number, item in enumerate(SPOILED)]
)
def test_a_spoiled_workflow_is_refused_with_the_fault_at_its_place(
    code: str, where: str, spoil: Spoil
) -> None:
    source = workflow("TP01")
    assert read(source)[0].definition is not None
    spoil(source)
    found = read(source)[0]
    assert found.definition is None
    assert (code, where) in {(fault.code, fault.where) for fault in found.faults}, found.faults
    for fault in found.faults:
        assert fault.message and fault.hint
        assert "{" not in fault.message + fault.hint


def test_every_fault_is_tested() -> None:
    assert {code for code, _, _ in SPOILED if not code.startswith("MC")} | _TOLD_ELSEWHERE == set(FAULTS)


def test_a_bad_workflow_does_not_touch_its_neighbours() -> None:
    good, *others = read(workflow("TP01"), 5, None, "x", [], {"code": 7}, workflow("TP03"))
    assert good.definition is not None
    assert others[-1].definition is not None
    assert [each.code for each in others[:-1]] == ["[1]", "[2]", "[3]", "[4]", "[5]"]
    assert [each.faults[0].code for each in others[:-1]] == ["not_an_object"] * 4 + ["field_type"]


def test_two_different_workflows_of_one_code_are_both_refused() -> None:
    other = workflow("TP01") | {"totaltime_days": "4"}
    for found in read(workflow("TP01"), other, workflow("TP01")):
        assert [fault.code for fault in found.faults] == ["code_twice"]
        assert found.definition is None


def test_an_unusable_total_is_told_beside_what_makes_it_unusable() -> None:
    source = workflow("TP01") | {"totaltime_days": -1}
    source["steps"][1]["time"] = "-1"
    assert {fault.code for fault in read(source)[0].faults} == {"step_time_unstated", "total_unstated"}


def test_waiting_between_two_works_is_read_when_their_times_add_up() -> None:
    source = workflow("TP01")
    for task, days in enumerate(("0.5", "0", "1")):
        _task(source, 1, task)["time"] = days
    _wait_in_between(source)
    definition = read(source)[0].definition
    assert definition is not None
    steps = [(step.id, step.kind.value, step.counted) for step in definition.steps][1:4]
    assert steps == [
        ("phan_cong", "human", True),
        ("thu_ly", "outside", False),
        ("xet_duyet", "human", True),
    ]


def test_a_long_workflow_is_read_in_a_moment() -> None:
    source = workflow("TP01")
    tasks = [
        {
            "code": f"TP01::VIEC_{number}",
            "name": f"Việc {number}",
            "time": "0.5",
            "next": f"TP01::VIEC_{number + 1}",
        }
        for number in range(MOST_TASKS - 6)
    ]
    tasks[-1]["next"] = "TP01::KY_DUYET"
    source["steps"][1].update(tasks=tasks, time=str(len(tasks) / 2))
    source["steps"][0]["tasks"][1]["next"] = "TP01::VIEC_0"
    source["totaltime_days"] = "200"
    began = time.perf_counter()
    definition = read(source)[0].definition
    assert definition is not None
    assert len(definition.steps) == len(tasks) + 3
    assert time.perf_counter() - began < 10


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["-1", "0", "0.5", "NULL", "true", "TP01::THU_LY", "\ud800", "\x00", "50.000", "{x}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path, *(place for key in keys for place in _places(value[key], (*path, key)))]


@settings(max_examples=400)
@given(st.data())
def test_whatever_stands_in_a_workflow_it_is_read_or_refused(data: st.DataObject) -> None:
    source: list[Any] = [data.draw(st.sampled_from([workflow("TN09"), workflow("TP15"), workflow("LD05")]))]
    for _ in range(data.draw(st.integers(1, 4))):
        *path, last = data.draw(st.sampled_from(_places(source)[1:]))
        place: Any = source
        for key in path:
            place = place[key]
        place[last] = data.draw(_ANYTHING)
    found = read(*source)[0]
    assert (found.definition is None) is bool(found.faults)
    told = [fault.as_dict() for fault in found.faults] + [note.as_dict() for note in found.notes]
    text = json.dumps(told, ensure_ascii=False)
    text.encode("utf-8")
    if found.definition is not None:
        assert all(finding.severity != "error" for finding in lint(found.definition))
        found.definition.model_dump_json()


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[{]", "workflows_unreadable", "dòng 1, cột 3"),
        ('[\n{"code": }]', "workflows_unreadable", "dòng 2, cột 10"),
        (b"[\xff]", "workflows_unreadable", "byte 2"),
        ("[" * 100_000, "workflows_unreadable", ""),
        ("[" + "9" * 5_000 + "]", "workflows_unreadable", ""),
        ('{"code": "A"}', "workflows_shape", ""),
        ("7", "workflows_shape", ""),
        ('["a", 3]', "workflows_shape", ""),
    ],
)
def test_a_file_that_holds_no_workflows_is_refused_with_the_place(
    text: str | bytes, code: str, where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        load_workflows(text)
    assert (refused.value.code, refused.value.where) == (code, where)
    assert "Chưa có gì được nhập" in refused.value.hint


def test_a_byte_order_mark_does_no_harm() -> None:
    text = "\ufeff" + json.dumps(workflows())
    assert load_workflows(text) == load_workflows(text.encode("utf-8")) == workflows()


def test_names_of_departments_are_read_from_a_table() -> None:
    assert read_group_names("code,name,parent\nBP_THUE, Bộ  phận thuế,38\n,x,1\nA,,2\n") == {
        "BP_THUE": "Bộ phận thuế"
    }
    for text in ("a,b\n1,2\n", 'code,name\n"x'):
        with pytest.raises(BadInput) as refused:
            read_group_names(text)
        assert refused.value.code == "groups_unreadable"


def test_the_words_of_notes_and_faults_name_only_what_they_are_given() -> None:
    assert all(message and hint for message, hint in FAULTS.values())
    assert all(NOTES.values())


def test_every_fault_note_and_reason_is_documented() -> None:
    told = (Path(__file__).parents[3] / "docs" / "importing.md").read_text("utf-8")
    assert [code for code in (*FAULTS, *NOTES, *REFUSALS, *REMARKS) if f"`{code}`" not in told] == []
