"""A recorded log run through the engine: the late list is the log's own, and dirty rows are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput, Conflict
from workflows.office import Office
from workflows.replay.reading import read_log
from workflows.replay.running import ReplayReport, replay
from workflows.service import find, load
from workflows.verify import verify

CASES = """case_id,startdate,enddate_planned,enddate,channel
on-time,2011-10-03T09:00:00+02:00,2011-10-10T09:00:00+02:00,2011-10-07T15:00:00+02:00,Internet
to-the-minute,2011-10-03T09:00:00+02:00,2011-10-10T09:00:00+02:00,2011-10-10T09:00:00+02:00,Desk
late,2011-10-03T09:00:00+02:00,2011-10-10T09:00:00+02:00,2011-10-12T09:00:00+02:00,Post
open,2011-10-03T09:00:00+02:00,2011-11-10T09:00:00+01:00,,Internet
open-past-promise,2011-10-03T09:00:00+02:00,2011-10-05T09:00:00+02:00,,Internet
end-before-start,2011-10-04T09:00:00+02:00,2011-10-20T09:00:00+02:00,2011-10-04T00:00:00+02:00,Internet
event-before-start,2011-10-05T09:00:00+02:00,2011-10-20T09:00:00+02:00,2011-10-06T09:00:00+02:00,Internet
no-promise,2011-10-05T09:00:00+02:00,,2011-10-06T09:00:00+02:00,Internet
promised-before,2011-10-05T09:00:00+02:00,2011-10-01T09:00:00+02:00,2011-10-06T09:00:00+02:00,Post
no-events,2011-10-05T09:00:00+02:00,2011-10-06T09:00:00+02:00,2011-10-06T09:00:00+02:00,Internet
on-time,2011-10-05T09:00:00+02:00,2011-10-06T09:00:00+02:00,,Internet
bad-start,hôm qua,2011-10-06T09:00:00+02:00,,Internet
"""
EVENTS = """case_id,activity,timestamp,resource,org_group
on-time,Confirm,2011-10-03T10:00:00+02:00,R1,EMPTY
on-time,Check,2011-10-04T10:00:00+02:00,R2,Group 1
on-time,Archive,2011-10-14T10:00:00+02:00,R2,Group 2
to-the-minute,Confirm,2011-10-03T10:00:00+02:00,R1,EMPTY
late,Confirm,2011-10-03T10:00:00+02:00,R1,EMPTY
late,Check,2011-10-05T10:00:00+02:00,R2,Group 1
late,Confirm,2011-10-06T10:00:00+02:00,R1,EMPTY
open,Confirm,2011-10-03T10:00:00+02:00,R1,EMPTY
open-past-promise,Confirm,2011-10-03T10:00:00+02:00,R1,Group 2
end-before-start,Confirm,2011-10-06T10:00:00+02:00,R1,EMPTY
event-before-start,Confirm,2011-10-03T10:00:00+02:00,R1,EMPTY
promised-before,Confirm,2011-10-05T10:00:00+02:00,R1,EMPTY
no-promise,Confirm,2011-10-05T10:00:00+02:00,R1,EMPTY
nobody,Confirm,2011-10-05T10:00:00+02:00,R1,EMPTY
on-time,Check,lúc nào đó,R2,Group 1
"""


def write(folder: Path, cases: str = CASES, events: str = EVENTS) -> tuple[Path, Path]:
    paths = folder / "cases.csv", folder / "events.csv"
    for path, text in zip(paths, (cases, events), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture
def report(database: Database, tmp_path: Path) -> ReplayReport:
    return replay(Office(database), read_log(*write(tmp_path)))


def test_the_late_list_is_the_logs_own(report: ReplayReport) -> None:
    assert (report.cases, report.closed, report.open) == (10, 8, 2)
    assert report.late_cases == ["late"]
    assert report.open_past_promise_cases == ["open-past-promise"]
    assert (report.late, report.open_past_promise) == (1, 1)


def test_what_cannot_be_right_is_told_and_not_lost(report: ReplayReport) -> None:
    assert {(item.case, item.fault) for item in report.reported} == {
        ("on-time", "duplicate_case"),
        ("bad-start", "case_unreadable"),
        ("no-promise", "no_promise"),
        ("promised-before", "promise_before_start"),
        ("no-events", "no_events"),
        ("nobody", "event_without_case"),
        ("on-time", "event_unreadable"),
        ("end-before-start", "end_before_start"),
        ("event-before-start", "event_before_start"),
    }


def test_groups_are_agencies_and_every_event_is_in_the_history(
    report: ReplayReport, database: Database
) -> None:
    office = Office(database)
    with database.reading() as connection:
        assert verify(connection).ok
        state = load(connection, find(connection, "late")).state
        directory = office.reference(connection).directory
        archived = load(connection, find(connection, "on-time")).state
    names = [directory.name(task.agency) for task in state.tasks.values() if task.step != "tiep_nhan"]
    assert names == ["EMPTY", "Group 1", "EMPTY"]
    assert sum(share["minutes"] for share in state.promises[1].shares) == state.promises[1].late_minutes
    assert archived.closed_at is not None
    assert archived.last_at is not None
    assert archived.last_at > archived.closed_at


def test_a_log_is_replayed_once_per_database(
    report: ReplayReport, database: Database, tmp_path: Path
) -> None:
    with pytest.raises(Conflict) as refusal:
        replay(Office(database), read_log(*write(tmp_path)))
    assert refusal.value.code == "already_replayed"


@pytest.mark.parametrize(
    ("cases", "events", "code"),
    [
        ("case_id,startdate\n", EVENTS, "log_column_missing"),
        (CASES, "case_id,activity,timestamp,resource,org_group\n", "log_empty"),
    ],
)
def test_a_file_of_another_shape_is_refused_whole(tmp_path: Path, cases: str, events: str, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_log(*write(tmp_path, cases, events))
    assert refusal.value.code == code
