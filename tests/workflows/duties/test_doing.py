"""Doing duties: each slot once, missed ones made up, in order, after whatever befell the machine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from dossiers.core.db import Database
from tests.support.office import MONDAY
from workflows.duties import repository
from workflows.duties.doing import LEASE, RETRY_AFTER, Ended, do_due, do_duty, note_done
from workflows.duties.models import CatchUp, Done, Duty
from workflows.duties.pace import Daily, Every, Pace
from workflows.office import Office

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Recorder:
    """A duty that remembers which slots it was run for."""

    def __init__(self, pace: Pace = Every(1), catch_up: CatchUp = CatchUp.LATEST) -> None:  # noqa: B008
        self.slots: list[datetime] = []
        self.fails: Callable[[datetime], bool] = lambda _slot: False
        self.duty = Duty("recorded", "Việc thử", pace, self.run, catch_up)

    def run(self, _office: Office, slot: datetime, _at: datetime) -> Done:
        self.slots.append(slot)
        if self.fails(slot):
            raise RuntimeError("no paper")
        return Done(3, 2, 1, {"có": 2})


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def runs(office: Office) -> list[Any]:
    with office.database.reading() as connection:
        return list(reversed(repository.runs(connection, "recorded", 100)))


def look(office: Office, recorder: Recorder, at: datetime) -> Ended:
    (turn,) = do_due(office, [recorder.duty], lambda: at)
    return turn.ended


def test_a_slot_is_done_once_and_stamped_with_when_it_was_due_and_done(office: Office) -> None:
    recorder = Recorder()
    times = iter([MONDAY + timedelta(seconds=5), MONDAY + timedelta(seconds=7, milliseconds=250)])
    assert do_due(office, [recorder.duty], lambda: next(times))[0].ended is Ended.DONE
    assert look(office, recorder, MONDAY + timedelta(seconds=30)) is Ended.ALREADY
    (run,) = runs(office)
    assert (run.slot, run.begun_at) == (MONDAY, MONDAY + timedelta(seconds=5))
    assert (run.took_ms, run.outcome, run.attempts) == (2250, "done", 1)
    assert (run.looked_at, run.done, run.failed, run.found) == (3, 2, 1, '{"có":2}')
    assert recorder.slots == [MONDAY]


def test_a_machine_asleep_for_a_day_sweeps_once_and_says_what_it_made_up(office: Office) -> None:
    recorder = Recorder()
    look(office, recorder, MONDAY)
    assert look(office, recorder, MONDAY + DAY) is Ended.DONE
    assert recorder.slots == [MONDAY, MONDAY + DAY]
    assert [run.made_up for run in runs(office)] == [0, 24 * 60 - 1]


def test_a_duty_of_each_day_is_done_for_every_day_missed_in_order(office: Office) -> None:
    recorder = Recorder(Daily(7, 30), CatchUp.EACH)
    look(office, recorder, MONDAY)
    assert look(office, recorder, MONDAY + 3 * DAY + HOUR) is Ended.DONE
    assert recorder.slots == [MONDAY + day * DAY for day in range(4)]
    assert [run.begun_at for run in runs(office)] == [MONDAY] + [MONDAY + 3 * DAY + HOUR] * 3


def test_a_day_that_cannot_be_done_keeps_the_days_after_it_waiting(office: Office) -> None:
    recorder = Recorder(Daily(7, 30), CatchUp.EACH)
    look(office, recorder, MONDAY)
    recorder.fails = lambda slot: slot == MONDAY + DAY
    later = MONDAY + 3 * DAY
    assert look(office, recorder, later) is Ended.FAILED
    assert look(office, recorder, later + MINUTE) is Ended.LATER
    assert recorder.slots == [MONDAY, MONDAY + DAY]
    assert [run.error for run in runs(office)] == ["", "RuntimeError: no paper"]
    recorder.fails = lambda _slot: False
    assert look(office, recorder, later + RETRY_AFTER) is Ended.DONE
    assert recorder.slots[2:] == [MONDAY + day * DAY for day in (1, 2, 3)]
    assert [run.attempts for run in runs(office)] == [1, 2, 1, 1]


def test_a_clock_put_back_does_nothing_twice(office: Office) -> None:
    recorder = Recorder()
    for minute in range(5):
        look(office, recorder, MONDAY + minute * MINUTE)
    assert [look(office, recorder, MONDAY + minute * MINUTE) for minute in range(5)] == [Ended.ALREADY] * 5
    assert look(office, recorder, MONDAY + 5 * MINUTE) is Ended.DONE
    assert len(recorder.slots) == 6


def test_a_clock_put_back_past_slots_made_up_by_one_run_does_not_number_backwards(office: Office) -> None:
    recorder = Recorder(Daily(7, 30), CatchUp.EACH)
    for day in (0, 5):
        look(office, recorder, MONDAY + day * DAY)
    for day in (4, 3, 2):
        assert look(office, recorder, MONDAY + day * DAY) is Ended.ALREADY
    assert look(office, recorder, MONDAY + 6 * DAY) is Ended.DONE
    assert len(recorder.slots) == 7


def test_a_clock_that_ran_years_ahead_by_mistake_does_not_use_up_the_years(office: Office) -> None:
    recorder = Recorder(Daily(7, 30), CatchUp.EACH)
    look(office, recorder, MONDAY)
    look(office, recorder, MONDAY + 3650 * DAY)
    assert len(recorder.slots) == 32
    assert look(office, recorder, MONDAY + DAY) is Ended.DONE
    assert recorder.slots[-1] == MONDAY + DAY


def test_a_slot_left_by_a_process_that_died_is_taken_again_when_its_lease_ends(office: Office) -> None:
    recorder = Recorder()
    died(office, MONDAY, at=MONDAY)
    assert look(office, recorder, MONDAY + LEASE / 2) is Ended.BUSY
    assert do_duty(office, recorder.duty, MONDAY, MONDAY + LEASE).ended is Ended.DONE
    assert [run.attempts for run in runs(office)] == [2]


def test_no_other_slot_is_begun_while_one_is_in_hand(office: Office) -> None:
    recorder = Recorder()
    died(office, MONDAY, at=MONDAY)
    assert look(office, recorder, MONDAY + MINUTE) is Ended.BUSY
    assert look(office, recorder, MONDAY + 2 * MINUTE) is Ended.DONE


def test_a_lease_from_a_clock_that_was_put_back_holds_nobody_up(office: Office) -> None:
    recorder = Recorder()
    died(office, MONDAY + DAY, at=MONDAY + DAY)
    assert look(office, recorder, MONDAY) is Ended.DONE


def test_a_machine_whose_clock_is_a_little_behind_leaves_the_other_its_slot(office: Office) -> None:
    recorder = Recorder()
    died(office, MONDAY, at=MONDAY + MINUTE)
    assert do_duty(office, recorder.duty, MONDAY, MONDAY).ended is Ended.BUSY


def test_a_run_that_was_taken_over_does_not_stamp_over_the_other(office: Office) -> None:
    recorder = Recorder()

    def overtaken(inner: Office, slot: datetime, _at: datetime) -> Done:
        assert do_duty(inner, recorder.duty, slot, MONDAY + LEASE).ended is Ended.DONE
        return Done(99)

    slow = Duty("recorded", "Việc thử", Every(1), overtaken)
    do_duty(office, slow, MONDAY, MONDAY)
    assert [(run.looked_at, run.attempts) for run in runs(office)] == [(3, 2)]


def test_schedulers_at_once_do_each_slot_once(office: Office) -> None:
    recorder = Recorder(Daily(7, 30), CatchUp.EACH)
    look(office, recorder, MONDAY)
    together = Barrier(4)

    def hurry(_number: int) -> None:
        together.wait()
        for second in range(10):
            look(office, recorder, MONDAY + 6 * DAY + timedelta(seconds=second))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hurry, range(4)))
    assert recorder.slots == [MONDAY + day * DAY for day in range(7)]


def test_what_somebody_asked_for_is_run_again_and_noted(office: Office) -> None:
    recorder = Recorder()
    look(office, recorder, MONDAY)
    assert do_duty(office, recorder.duty, MONDAY, MONDAY + MINUTE, again=True).ended is Ended.DONE
    note_done(office, "recorded", MONDAY + HOUR, Done(8, 8))
    assert [(run.looked_at, run.attempts) for run in runs(office)] == [(3, 2), (8, 1)]


def died(office: Office, slot: datetime, at: datetime) -> None:
    """A process began a slot and was never heard of again."""
    with office.database.writing() as connection:
        repository.begin(
            connection,
            "recorded",
            slot,
            {"token": "gone", "begun_at": at, "lease_until": at + LEASE, "made_up": 0},
        )
