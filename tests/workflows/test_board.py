"""The head's board: every figure is what the histories say, and costs a bounded number of questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from sqlalchemy import Connection, event, select, text, update

from dossiers.core.db import Database
from dossiers.core.errors import BadInput
from dossiers.history import repository as history
from dossiers.records.models import DossierRow
from sla.deadline import is_late
from tests.support.office import (
    COMMUNE,
    DESK,
    DIVISION,
    FINANCE,
    MONDAY,
    PROVINCE,
    TestOffice,
    after,
    definition,
)
from workflows.commands import (
    AcknowledgeFault,
    AskSupplement,
    Decide,
    ExplainFault,
    FinishStep,
    Reappoint,
    Receive,
    ReceiveSupplement,
    Reopen,
    SignApology,
    Stop,
    TakeOver,
)
from workflows.engine.evolve import fold
from workflows.engine.state import State
from workflows.service import find
from workflows.views import figures, late, reckoning
from workflows.views.lists import Filter
from workflows.views.reckoning import Ledger
from workflows.views.sight import EVERYTHING
from workflows.views.splitting import lateness

END = after(days=25)


@pytest.fixture
def world(database: Database) -> TestOffice:
    """Three weeks: dossiers wait, stop, go on, are late, re-appointed, finished and taken up again."""
    world = TestOffice(database)
    world.publish(definition(warnings=["1 working_day"]))
    ids = [world.register(at=after(hours=number)) for number in range(7)]
    for number, each in enumerate(ids[:6]):
        world.do(each, FinishStep(task=1), "le", after(hours=8 + number))
    for each in ids[:5]:
        world.do(each, Receive(task=2), "an", after(days=1))
    world.do(ids[3], TakeOver(task=2), "an", after(days=1))
    world.do(ids[1], AskSupplement(content="Thiếu bản vẽ", task=2), "an", after(days=2))
    world.sweep(after(days=3))
    world.do(ids[2], FinishStep(task=2), "an", after(days=3))
    world.do(ids[2], Receive(task=3), "chu", after(days=3, hours=1))
    world.do(ids[2], Decide(task=3, outcome="dong_y"), "chu", after(days=3, hours=2))
    world.do(ids[3], Reappoint(reason="Hồ sơ phức tạp", new_due_at=after(days=15)), "binh", after(days=4))
    world.do(ids[1], ReceiveSupplement(), "le", after(days=7))
    world.sweep(after(days=8))
    world.sweep(after(days=10))
    world.do(ids[0], FinishStep(task=2), "an", after(days=11))
    world.do(ids[0], Receive(task=3), "chu", after(days=11, hours=1))
    world.do(ids[0], Decide(task=3, outcome="dong_y"), "chu", after(days=11, hours=2))
    world.do(ids[4], Stop(reason="Người nộp đề nghị"), "chu", after(days=11, hours=3))
    world.do(ids[4], Reopen(reason="Dừng nhầm", step="tham_dinh"), "chu", after(days=14))
    world.sweep(after(days=15))
    world.sweep(after(days=18))
    return world


def every_half_day() -> Iterator[datetime]:
    for half in range(-1, 50):
        yield MONDAY + timedelta(hours=12 * half, minutes=17 * half)


def late_by_history(connection: Connection, at: datetime) -> dict[str, State]:
    """What was late at an instant, by folding every history up to it."""
    found = {}
    for dossier, links in history.all_chains(connection):
        events = [link.event for link in links if link.event.at <= at]
        state = fold(dossier, events) if events else None
        if state is None or state.phase.is_closed:
            continue
        judged = state.judged_promise()
        running_late = judged is not None and judged.status == "running" and is_late(at, judged.due_at)
        if running_late or any(each.judged and each.broken_at for each in state.promises.values()):
            found[state.code] = state
    return found


def test_any_past_list_is_what_the_histories_say(world: TestOffice) -> None:
    seen = set()
    with world.database.reading() as connection:
        for at in every_half_day():
            lines = late.late_then(world.office, connection, at, Filter(EVERYTHING)).items
            known = late_by_history(connection, at)
            assert sorted(line.code for line in lines) == sorted(known), at
            for line in lines:
                state = known[line.code]
                owner = state.spans[-1].owner
                assert (line.holder.code if line.holder else None) == owner.agency
                assert line.held_since == state.spans[-1].since
                assert line.judged_due_at == (promise.due_at if (promise := state.judged_promise()) else None)
                seen.add(line.code)
    assert len(seen) == 6, "the one decided in time was never late"


def test_the_list_of_now_is_the_list_of_this_instant(world: TestOffice) -> None:
    with world.database.reading() as connection:
        assert (
            late.late(world.office, connection, END, Filter(EVERYTHING)).items
            == late.late_then(world.office, connection, END, Filter(EVERYTHING)).items
        )


def test_a_past_list_is_paged_and_narrowed_to_who_held_it_then(world: TestOffice) -> None:
    at = after(days=10, hours=1)
    with world.database.reading() as connection:
        whole = late.late_then(world.office, connection, at, Filter(EVERYTHING)).items
        first = late.late_then(world.office, connection, at, Filter(EVERYTHING), size=2)
        rest = late.late_then(world.office, connection, at, Filter(EVERYTHING), cursor=first.next_cursor)
        assert [*first.items, *rest.items] == whole
        held = late.late_then(world.office, connection, at, Filter(EVERYTHING, agency=DIVISION)).items
        assert [line.code for line in held] == [
            line.code for line in whole if line.holder and line.holder.code == DIVISION
        ]
        assert 0 < len(held) < len(whole)
        assert late.late_then(world.office, connection, at, Filter(EVERYTHING, procedure="T.9")).items == []


def test_a_line_says_why(world: TestOffice) -> None:
    with world.database.reading() as connection:
        lines = late.late(world.office, connection, after(days=20), Filter(EVERYTHING)).items
        by_step = {line.step: line for line in lines}
    assert by_step["Thẩm định"].why.startswith("Phòng Kinh tế phường Việt Trì giữ bước “Thẩm định” từ ")
    waiting = next(line for line in lines if "chưa nhận bàn giao" in line.why)
    assert waiting.why.startswith("Phòng Kinh tế phường Việt Trì chưa nhận bàn giao bước “Thẩm định” từ ")
    assert waiting.why.endswith(" làm việc.")
    assert all(line.minutes_past > 0 for line in lines)


def test_nearly_late_is_what_was_warned_of_and_is_not_late_yet(world: TestOffice) -> None:
    with world.database.reading() as connection:
        assert late.nearly_late(world.office, connection, END, Filter(EVERYTHING)).items == []
    soon = END + timedelta(days=7)
    fresh = world.register(at=END)
    world.sweep(soon)
    with world.database.reading() as connection:
        near = late.nearly_late(world.office, connection, soon, Filter(EVERYTHING)).items
        assert [line.code for line in near] == [world.state(fresh).code]
        assert 0 < near[0].minutes_left <= 480
        assert near[0].why.endswith("nữa đến hẹn.")
        assert late.counts(world.office, connection, soon, sight=EVERYTHING).nearly_late == 1


def test_files_nobody_received_in_time_are_told_to_the_receiver(world: TestOffice) -> None:
    with world.database.reading() as connection:
        waiting = late.not_received(world.office, connection, END, Filter(EVERYTHING)).items
        assert {line.receiver.code for line in waiting} == {DIVISION}
        assert [line.giver.code for line in waiting] == [DESK] * len(waiting)
        assert len(waiting) == late.counts(world.office, connection, END, sight=EVERYTHING).not_received >= 1
        assert (
            late.not_received(world.office, connection, END, Filter(EVERYTHING, agency=FINANCE)).items == []
        )
        assert late.not_received(world.office, connection, MONDAY, Filter(EVERYTHING)).items == []


@pytest.mark.parametrize("agency", [None, COMMUNE, DIVISION, FINANCE])
def test_the_days_are_what_the_lists_say(world: TestOffice, agency: str | None) -> None:
    with world.database.reading() as connection:
        reference = world.office.reference(connection)
        days = figures.series(world.office, connection, END, agency)
        assert len(days) == 30
        for day in days:
            at = figures.end_of(reference, day.day, END)
            stood = late.late_then(
                world.office, connection, at, Filter(EVERYTHING, agency=agency), size=200
            ).items
            assert day.late == len(stood), day
    if agency in (None, COMMUNE):
        assert sum(day.received for day in days) == 7
        assert sum(day.finished for day in days) == 2
    assert days[-1].day == figures.today(reference, END)


def test_a_period_is_refused_when_it_is_no_period(world: TestOffice) -> None:
    day = MONDAY.date()
    with world.database.reading() as connection:
        with pytest.raises(BadInput) as reversed_:
            figures.series(world.office, connection, END, first=day, last=day - timedelta(days=1))
        with pytest.raises(BadInput) as long:
            figures.series(world.office, connection, END, first=day - timedelta(days=92), last=day)
        with pytest.raises(BadInput) as to_come:
            figures.end_of(world.office.reference(connection), END.date() + timedelta(days=2), END)
        assert figures.series(world.office, connection, MONDAY, first=END.date(), last=END.date()) == []
    assert reversed_.value.code == "period_reversed"
    assert long.value.code == "period_too_long"
    assert to_come.value.code == "as_of_in_future"


def test_load_is_what_lies_with_each_official(world: TestOffice) -> None:
    with world.database.reading() as connection:
        lines = figures.load(world.office, connection, END, COMMUNE)
        mine = {(line.agency.code, line.official.code if line.official else None): line for line in lines}
        assert figures.load(world.office, connection, END, FINANCE) == []
    assert mine[DIVISION, "an"].open == mine[DIVISION, "an"].overdue == 1
    assert mine[DIVISION, "an"].finished == 2
    assert mine[COMMUNE, "chu"].finished == 2
    assert mine[DIVISION, None].open >= 1
    assert lines == sorted(lines, key=lambda line: -line.overdue)


def test_agencies_stand_side_by_side(world: TestOffice) -> None:
    with world.database.reading() as connection:
        top = figures.standings(world.office, connection, END)
        within = figures.standings(world.office, connection, END, PROVINCE)
        late_now = len(late.late(world.office, connection, END, Filter(EVERYTHING)).items)
    assert [line.agency.code for line in top] == [PROVINCE]
    assert [line.agency.code for line in within] == [COMMUNE]
    line = within[0]
    assert (line.received, line.finished, line.on_time, line.on_time_percent) == (7, 2, 1, 50.0)
    assert (line.open, line.late, line.whole) == (5, late_now, True)
    assert line.late_minutes > 0
    assert line.to_sign == top[0].to_sign >= 1


def test_my_ledger_is_mine_and_of_those_below_me(world: TestOffice) -> None:
    with world.database.reading() as connection:
        whole = reckoning.ledger(world.office, connection, Ledger(EVERYTHING)).items
        mine = reckoning.ledger(world.office, connection, Ledger(EVERYTHING, concerns="binh")).items
        above = reckoning.ledger(world.office, connection, Ledger(EVERYTHING, concerns="chu")).items
        first = reckoning.ledger(world.office, connection, Ledger(EVERYTHING), size=2)
        rest = reckoning.ledger(world.office, connection, Ledger(EVERYTHING), cursor=first.next_cursor)
    assert [*first.items, *rest.items] == whole
    assert mine
    assert all(item.head and item.head.code == "binh" for item in mine)
    assert {item.agency.code for item in above} >= {item.agency.code for item in mine}
    fault = mine[0]
    with world.database.reading() as connection:
        dossier = find(connection, fault.dossier)
    world.do(dossier, ExplainFault(fault=fault.no, text="Thiếu người"), "binh", END)
    world.do(dossier, AcknowledgeFault(fault=fault.no), "binh", END)
    with world.database.reading() as connection:
        known = {
            (item.dossier, item.no): item
            for item in reckoning.ledger(world.office, connection, Ledger(EVERYTHING)).items
        }
    entries = known[fault.dossier, fault.no].entries
    assert [entry.kind for entry in entries][-2:] == ["explained", "acknowledged"]
    assert entries[-2].text == "Thiếu người"


def test_the_parts_of_a_lateness_add_up_before_and_after_it_is_settled(world: TestOffice) -> None:
    with world.database.reading() as connection:
        for running in reckoning.apologies(world.office, connection, sight=EVERYTHING).items:
            dossier = find(connection, running.dossier)
            now = lateness(world.office, connection, dossier, END)
            if not now.settled and running.agency.code == DIVISION:
                break
    assert (now.settled, now.promise) == (False, running.promise)
    assert sum(share.minutes for share in now.shares) == now.minutes > 0
    world.do(dossier, SignApology(apology=running.no, reason="x", new_due_at=after(days=31)), "binh", END)
    world.do(dossier, Stop(reason="x"), "chu", END)
    with world.database.reading() as connection:
        then = lateness(world.office, connection, dossier, END + timedelta(days=9))
    assert (then.settled, then.minutes, then.shares) == (True, now.minutes, then.shares)
    assert sum(share.minutes for share in then.shares) == then.minutes


def test_dossiers_from_before_the_mark_of_what_is_nearly_due_are_marked(world: TestOffice) -> None:
    """The migration derives of the rows there are what the engine does of a history."""
    fresh = world.register(at=END)
    with world.database.reading() as connection:
        due_at = connection.execute(select(DossierRow.due_at).where(DossierRow.id == fresh)).scalar_one()
    assert due_at is not None
    world.sweep(due_at - timedelta(hours=2))
    marks = select(DossierRow.id, DossierRow.warned_at).order_by(DossierRow.id)
    migration = import_module("dossiers.migrations.versions.20261120_0013_indexes_for_every_page")
    with world.database.writing() as connection:
        derived = connection.execute(marks).all()
        connection.execute(update(DossierRow).values(warned_at=None))
        connection.execute(text(migration.FILL))
        assert connection.execute(marks).all() == derived
    assert [mark for dossier, mark in derived if dossier == fresh] != [None]
    world.assert_proven()


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run within."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


ASKED: dict[str, tuple[int, Callable[[TestOffice, Connection], object]]] = {
    "late": (5, lambda w, c: late.late(w.office, c, END, Filter(EVERYTHING))),
    "late_then": (3, lambda w, c: late.late_then(w.office, c, END, Filter(EVERYTHING))),
    "nearly_late": (4, lambda w, c: late.nearly_late(w.office, c, after(days=6), Filter(EVERYTHING))),
    "not_received": (2, lambda w, c: late.not_received(w.office, c, END, Filter(EVERYTHING))),
    "counts": (5, lambda w, c: late.counts(w.office, c, END, COMMUNE, sight=EVERYTHING)),
    "apologies": (3, lambda w, c: reckoning.apologies(w.office, c, sight=EVERYTHING, to_sign=False)),
    "ledger": (4, lambda w, c: reckoning.ledger(w.office, c, Ledger(EVERYTHING))),
    "load": (3, lambda w, c: figures.load(w.office, c, END, PROVINCE)),
    "series": (4, lambda w, c: figures.series(w.office, c, END, PROVINCE)),
    "standings": (6, lambda w, c: figures.standings(w.office, c, END, PROVINCE)),
}


@pytest.mark.parametrize("name", ASKED)
def test_each_question_asks_the_database_a_fixed_number_of_times(world: TestOffice, name: str) -> None:
    most, ask = ASKED[name]
    with world.database.reading() as connection:
        ask(world, connection)
        with counted(world.database) as seen:
            ask(world, connection)
    assert len(seen) <= most, seen
