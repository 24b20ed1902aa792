"""Any office: random valid procedures, random commands, pauses, calendars and sweeps, and what always holds.

- exactly one owner of the clock at every instant, from registration to the end;
- a lateness is split to the minute, and the parts add up;
- the history, folded again, gives the rows;
- at most one letter per promise, and every broken promise has a fault and a letter;
- after a sweep nothing is left that was due;
- a procedure the linter passes never hangs: whoever acts, there is a way on.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from dossiers.agencies.models import Capacity, Role
from dossiers.agencies.service import NewAgency, NewOfficial, add_agencies, add_officials, appoint_head
from dossiers.core.db import Database
from dossiers.core.errors import MotcuaError
from dossiers.core.ids import seeded_bits
from dossiers.people.models import ApplicantKind
from sla.calendars.days import Confidence, DayKind, ExceptionalDay
from sla.calendars.loading import load_shipped
from sla.calendars.service import publish as publish_calendar
from tests.support.office import LONG_AGO, MONDAY
from tests.workflows.definitions.strategies import AGENCY_KINDS, definitions
from workflows import commands as c
from workflows import service
from workflows.definitions.model import Channel, Definition
from workflows.engine.draft import SYSTEM
from workflows.engine.legs import counted_minutes
from workflows.engine.measures import to_minute
from workflows.engine.state import OwnerKind, Phase, State, Task, TaskStatus
from workflows.engine.timers import next_timer
from workflows.office import Office
from workflows.procedures import save
from workflows.service import load
from workflows.sweep import sweep
from workflows.verify import verify_one

ROOT, PROCEDURE = "H44", "T.1"
AGENCIES = {kind: f"H44.{number}" for number, kind in enumerate(AGENCY_KINDS.values(), start=1)}
CONSULTED = tuple(f"H44.9{number}" for number in range(1, 4))
NEVER = {"join_stuck", "no_way_on", "duty_not_done"}
"""Refusals that would mean a dossier of a sound procedure can hang."""


class AnyOffice(RuleBasedStateMachine):
    """An office on a real database. Hypothesis draws the procedure and one seed per stretch of office life;
    from the seed a handful of things happen, so that a short example still reaches far."""

    database: Database

    @initialize(definition=definitions(most_steps=7))
    def open_office(self, definition: Definition) -> None:
        self.at = MONDAY
        self.office = Office(self.database, bits=seeded_bits("any"))
        self.definition = definition.model_copy(
            update={"code": PROCEDURE, "version": 1, "effective_from": LONG_AGO.date()}
        )
        self.dossiers: list[UUID] = []
        self.touched: set[UUID] = set()
        self.versions = 1
        with self.database.writing() as connection:
            add_agencies(connection, [NewAgency(ROOT, "Tỉnh", "committee.province")])
            add_agencies(connection, [NewAgency(code, kind, kind, ROOT) for kind, code in AGENCIES.items()])
            add_agencies(connection, [NewAgency(code, code, "consulted", ROOT) for code in CONSULTED])
            add_officials(
                connection,
                [NewOfficial(f"head-{code}", code, code, tuple(Role)) for code in (ROOT, *AGENCIES.values())],
            )
            publish_calendar(connection, load_shipped("vn-office"), LONG_AGO)
            save(connection, self.definition, LONG_AGO, publish=True)
        for code in (ROOT, *AGENCIES.values()):
            self._appoint(code, f"head-{code}", LONG_AGO)
        self._register(Random(0))

    @rule(seed=st.integers(0, 2**32 - 1))
    def office_life(self, seed: int) -> None:
        """A dozen things happen, most of them the usual ones."""
        dice = Random(seed)
        usual = [self._time_passes, self._somebody_works, self._somebody_works, self._somebody_works]
        unusual = [
            self._something_else,
            self._something_else,
            self._something_else,
            self._the_monitor_looks,
            self._the_monitor_looks,
            self._register,
            self._a_holiday_is_announced,
            self._the_head_changes,
        ]
        for _ in range(12):
            dice.choice(usual if dice.random() < 0.7 else unusual)(dice)
            self._check()

    def _appoint(self, agency: str, official: str | None, since: datetime) -> None:
        with self.database.writing() as connection:
            directory = self.office.reference(connection).directory
            capacity = Capacity.HEAD if official else Capacity.VACANT
            appoint_head(connection, directory, agency, official, capacity, since, bits=self.office.bits)

    def _state(self, dossier: UUID) -> State:
        with self.database.reading() as connection:
            return load(connection, dossier).state

    def _do(self, dossier: UUID, command: c.Command) -> None:
        self.touched.add(dossier)
        try:
            with self.database.writing() as connection:
                service.execute(self.office, connection, dossier, command, SYSTEM, self.at)
        except MotcuaError as refusal:
            assert refusal.code not in NEVER, refusal.message

    def _time_passes(self, dice: Random) -> None:
        self.at += timedelta(
            minutes=dice.randrange(1, 300) if dice.random() < 0.6 else dice.randrange(300, 3000)
        )

    def _register(self, dice: Random) -> None:
        if len(self.dossiers) >= 4:
            return
        case = self.definition.case
        facts: dict[str, Any] = {"xac_minh": dice.random() < 0.5, "dien_tich": dice.randrange(200)}
        command = c.Register(
            procedure=PROCEDURE,
            applicant=c.NewApplicant(name="Dân", kind=dice.choice(list(ApplicantKind))),
            channel=dice.choice(self.definition.channels),
            desk=AGENCIES[AGENCY_KINDS["mot_cua"]],
            facts={name: value for name, value in facts.items() if name in case},
            bindings={key: CONSULTED for key, item in self.definition.participants.items() if item.many},
        )
        with self.database.writing() as connection:
            receipt = service.register(self.office, connection, command, SYSTEM, self.at)
        self.dossiers.append(receipt.dossier_id)
        self.touched.add(receipt.dossier_id)

    def _somebody_works(self, dice: Random) -> None:
        """The usual case: somebody does what is to be done."""
        dossier = dice.choice(self.dossiers)
        live = self._state(dossier).live_tasks()
        if live:
            self._do(dossier, self._next_for(dice, dossier, dice.choice(live)))

    def _next_for(self, dice: Random, dossier: UUID, task: Task) -> c.Command:
        state = self._state(dossier)
        if state.open_supplement() is not None and dice.random() < 0.5:
            return c.ReceiveSupplement()
        if task.kind == "opinion":
            return c.AnswerOpinion(task=task.no, content="Ý kiến", agrees=dice.random() < 0.5)
        if task.kind == "payment":
            owed = [item.no for item in state.payments.values() if item.task == task.no]
            return c.ConfirmPayment(receipt="1", payment=owed[0])
        if task.status is TaskStatus.READY:
            return c.Send(task=task.no)
        if task.status is TaskStatus.SENT:
            return c.Receive(task=task.no)
        step = next(step for step in self.definition.steps if step.id == task.step)
        kind = c.Decide if step.decides else c.FinishStep
        outcome = dice.choice(step.ways).id
        return kind(task=task.no, outcome=outcome, reason="Lý do", send=dice.random() < 0.8)

    def _something_else(self, dice: Random) -> None:
        """The unusual: send back, take back, ask, wait, correct, stop, reopen, apologise, explain."""
        dossier = dice.choice(self.dossiers)
        state = self._state(dossier)
        task = dice.randint(1, max(1, len(state.tasks)))
        letter = dice.randint(1, max(1, len(state.apologies)))
        fault = dice.randint(1, max(1, len(state.faults)))
        with self.database.reading() as connection:
            calendar = self.office.reference(connection).calendars.current("vn-office")
        later = calendar.add(self.at, minutes=dice.randrange(1, 5_000))
        consulted = c.AskOpinion(
            task=task,
            agencies=CONSULTED[:2],
            limit="2 working_hour",
            content="Hỏi",
            silence_is_consent=dice.random() < 0.5,
        )
        often: list[c.Command] = [
            c.ReturnToSender(task=task, reason="Trả lại"),
            c.TakeBack(task=task, reason="Nhầm"),
            c.AskSupplement(task=task, content="Bổ sung"),
            c.ReceiveSupplement(),
            consulted,
            c.AskPayment(amount=1000, pauses=dice.random() < 0.5),
            c.ConfirmPayment(receipt="2"),
            c.SignApology(apology=letter, reason="Chậm", new_due_at=later),
            c.SignApology(apology=letter, reason="Chậm"),
            c.ExplainFault(fault=fault, text="Giải trình"),
            c.CorrectFault(fault=fault, minutes=5, text="Đính chính"),
            c.CloseFault(fault=fault, text="Xong"),
        ]
        seldom: list[c.Command] = [
            c.AskSupplement(content="Bổ sung"),
            c.Stop(reason="Dừng"),
            c.Withdraw(reason="Rút"),
            c.Reopen(reason="Mở lại"),
            c.Reopen(reason="Mở lại"),
            c.GiveBack(),
            c.Reappoint(reason="Chậm", new_due_at=later),
            c.Correct(reason="Nhầm", channel=Channel.POSTAL),
            c.Note(activity="xem"),
        ]
        self._do(dossier, dice.choice(often if dice.random() < 0.75 else seldom))

    def _the_monitor_looks(self, dice: Random) -> None:
        report = sweep(self.office, self.at)
        assert not report.failed
        self.touched.update(self.dossiers)
        for dossier in self.dossiers:
            timer = next_timer(self._state(dossier))
            assert timer is None or timer.at > self.at

    def _a_holiday_is_announced(self, dice: Random) -> None:
        """A further version of the calendar; running dossiers may be computed anew, or left."""
        shipped = load_shipped("vn-office")
        self.versions += 1
        known = {day.date for day in shipped.days}
        days = sorted({(self.at + timedelta(days=dice.randrange(30))).date() for _ in range(3)} - known)
        off = [ExceptionalDay(on, DayKind.CLOSED, "Nghỉ thêm", "", Confidence.TO_VERIFY) for on in days]
        version = replace(shipped, version=f"t{self.versions}", days=(*shipped.days, *off))
        with self.database.writing() as connection:
            publish_calendar(connection, version, self.at)
        if dice.random() < 0.7:
            for dossier in self.dossiers:
                self._do(dossier, c.Recalculate(reason="Lịch mới"))

    def _the_head_changes(self, dice: Random) -> None:
        agency = dice.choice(sorted(AGENCIES.values()))
        try:
            self._appoint(agency, None if dice.random() < 0.5 else f"head-{agency}", self.at)
        except MotcuaError as refusal:
            assert refusal.code == "tenure_overlaps", refusal.message

    def _check(self) -> None:
        """What always holds, for every dossier touched since the last look."""
        for dossier in self.touched:
            state = self._state(dossier)
            with self.database.reading() as connection:
                assert verify_one(connection, dossier) is None
            one_owner_at_every_instant(state)
            a_letter_and_a_fault_per_broken_promise(state)
            nothing_hangs(state)
            self.parts_add_up(state)
        self.touched = set()

    def parts_add_up(self, state: State) -> None:
        with self.database.reading() as connection:
            calendars = self.office.reference(connection).calendars
        for promise in state.promises.values():
            if promise.late_minutes is None:
                continue
            assert sum(share["minutes"] for share in promise.shares) == promise.late_minutes
            assert all(share["minutes"] > 0 for share in promise.shares)
            assert promise.settled_at is not None
            calendar = calendars.current(promise.calendar.partition("@")[0])
            if calendar.id == promise.calendar:
                assert promise.late_minutes == counted_minutes(
                    state, calendar, promise.measure, to_minute(promise.due_at), promise.settled_at
                )


def one_owner_at_every_instant(state: State) -> None:
    assert state.registered_at is not None
    spans = state.spans
    if not spans:
        assert state.phase.is_closed
        return
    for before, after in pairwise(spans):
        assert before.until is not None
        assert before.until <= after.since
        if before.until < after.since:  # closed for a while, then reopened
            assert state.phase is Phase.PROCESSING or state.closed_at is not None
    open_spans = [span for span in spans if span.until is None]
    assert len(open_spans) == (0 if state.phase.is_closed else 1)
    for span in spans:
        assert span.until is None or span.since < span.until
        assert not span.owner.counted or span.owner.kind is OwnerKind.AGENCY
        assert (span.owner.agency is None) == (span.owner.kind in (OwnerKind.APPLICANT, OwnerKind.NOBODY))


def a_letter_and_a_fault_per_broken_promise(state: State) -> None:
    letters = [letter.promise for letter in state.apologies.values()]
    assert len(letters) == len(set(letters))
    for promise in state.promises.values():
        if promise.broken_at is not None:
            assert promise.no in letters
            assert any(fault.promise == promise.no for fault in state.faults.values())
    assert sum(
        not promise.judged and promise.kind == "reappointment" for promise in state.promises.values()
    ) <= len({promise.stage for promise in state.promises.values()} or {""})


def nothing_hangs(state: State) -> None:
    live = state.live_tasks()
    if state.phase is Phase.PROCESSING:
        assert live, "nobody has anything to do and the dossier is not closed"
    if state.phase.is_closed:
        assert not live
        assert state.open_pause() is None


def test_any_office(sqlite_template: Path) -> None:
    class OnSqlite(AnyOffice):
        def __init__(self) -> None:
            super().__init__()
            self.folder = tempfile.TemporaryDirectory()
            path = Path(self.folder.name) / "any.sqlite3"
            shutil.copy(sqlite_template, path)
            self.database = Database(f"sqlite:///{path}")

        def teardown(self) -> None:
            self.database.dispose()
            self.folder.cleanup()

    run_state_machine_as_test(OnSqlite, settings=settings(max_examples=60, stateful_step_count=8))
