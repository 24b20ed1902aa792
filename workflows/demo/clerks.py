"""Who does what next to a dossier of the demonstration, and how long it takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from sla.limits import parse_limit
from sla.working_time import WorkingCalendar
from workflows.commands import (
    AcknowledgeFault,
    AnswerOpinion,
    AskSupplement,
    CloseFault,
    Command,
    ConfirmPayment,
    Decide,
    ExplainFault,
    FinishStep,
    GiveBack,
    Receive,
    ReceiveSupplement,
    SignApology,
)
from workflows.definitions.model import Outcome, StepKind
from workflows.engine.draft import SYSTEM, Actor
from workflows.engine.measures import allotment_minutes
from workflows.engine.plan import Plan
from workflows.engine.state import Phase, State, Task, TaskStatus

REASONS = (
    "Khối lượng hồ sơ phát sinh tăng đột biến trong khi đơn vị thiếu biên chế.",
    "Phải xác minh thực địa nhiều lần do số liệu đo đạc chưa thống nhất.",
    "Chờ kết quả phối hợp của đơn vị liên quan, trả lời chậm so với đề nghị.",
    "Hệ thống phần mềm chuyên ngành gián đoạn trong nhiều ngày.",
)
SUPPLEMENTS = (
    "Bản sao giấy tờ tuỳ thân còn thời hạn; bản khai ghi đủ ngày, tháng, năm sinh.",
    "Văn bản uỷ quyền có chứng thực.",
    "Sơ đồ vị trí thửa đất có xác nhận của đơn vị đo đạc.",
)


@dataclass(slots=True)
class Character:
    """How one dossier will fare: decided when it comes in.

    ``overrun``: by how much of the whole limit one task is held too long (none when it goes well);
    ``culprit``: the first task that may be the one.
    """

    overrun: float
    culprit: int
    supplement: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Something to be done at an instant; ``key`` says what about, so that it is planned once."""

    at: datetime
    key: str
    command: Command
    actor: Actor


class Clerks:
    """The people of the office, with dice instead of minds."""

    def __init__(self, staff: Mapping[str, list[NewOfficial]], dice: Random) -> None:
        self.staff, self.dice = staff, dice

    def actor(self, agency: str, *roles: Role) -> Actor:
        """Somebody of the agency who holds one of the roles; the system where nobody does."""
        able = [
            official
            for official in self.staff.get(agency, ())
            if any(Actor("", roles=frozenset(official.roles)).has(role) for role in roles)
        ]
        if not able:
            return SYSTEM
        chosen = self.dice.choice(able)
        return Actor("official", chosen.id, agency, frozenset(chosen.roles))

    def plans(
        self, state: State, plan: Plan, calendar: WorkingCalendar, character: Character, at: datetime
    ) -> Iterator[Next]:
        """Everything that somebody will do next, from where the dossier stands."""
        supplement = state.open_supplement()
        if supplement is not None:
            if self.dice.random() < 0.92:
                days = self.dice.randrange(1, 9)
                yield self._later(calendar, at, days * 480, f"bổ sung:{supplement.no}", ReceiveSupplement(),
                                  self.actor(state.desk, Role.RECEPTIONIST))  # fmt: skip
            return
        if state.phase is Phase.PROCESSING:
            for task in state.live_tasks():
                yield from self._task(state, plan, calendar, character, task, at)
        elif state.phase is Phase.FINISHED and self.dice.random() < 0.97:
            yield self._later(calendar, at, self.dice.randrange(10, 700), "trả", GiveBack(),
                              self.actor(state.desk, Role.RECEPTIONIST, Role.CLERK))  # fmt: skip
        yield from self._letters(state, calendar, at)
        yield from self._ledger(state, calendar, at)

    def _task(
        self,
        state: State,
        plan: Plan,
        calendar: WorkingCalendar,
        character: Character,
        task: Task,
        at: datetime,
    ) -> Iterator[Next]:
        key = f"{task.no}:{task.status.value}:{len(state.pauses)}"
        role = Role(task.role)
        if task.kind == StepKind.PAYMENT:
            paid = ConfirmPayment(receipt=f"BL{self.dice.randrange(10**6):06}")
            minutes = self.dice.randrange(200, 4000)
            yield self._later(calendar, at, minutes, key, paid, self.actor(task.agency, *Role))
        elif task.kind == StepKind.OPINION:
            if self.dice.random() < 0.85:
                answer = AnswerOpinion(task=task.no, content="Nhất trí.")
                minutes = self._minutes(calendar, task, at, 0.5)
                who = self.actor(task.agency, Role.OFFICER, Role.HEAD)
                yield self._later(calendar, at, minutes, key, answer, who)
        elif task.kind == StepKind.DOSSIER:
            return
        elif task.status is TaskStatus.SENT:
            slow = self.dice.random() < 0.03
            soon = max(2, min(60, self._minutes(calendar, task, at, 0.3)))
            minutes = self.dice.randrange(300, 900) if slow else self.dice.randrange(1, soon)
            yield self._later(
                calendar, at, minutes, key, Receive(task=task.no), self.actor(task.agency, *Role)
            )
        elif task.status is TaskStatus.OPEN and not state.opinions_for(task):
            if character.supplement and not state.supplements and role is Role.OFFICER and task.counted:
                ask = AskSupplement(task=task.no, content=self.dice.choice(SUPPLEMENTS))
                yield self._later(
                    calendar, at, self.dice.randrange(20, 300), key, ask, self.actor(task.agency, role)
                )
                return
            share = self.dice.betavariate(2, 4)
            minutes = self._minutes(calendar, task, at, share)
            if character.overrun and task.no >= character.culprit and task.counted:
                minutes += int(character.overrun * self._total(state, calendar))
                character.overrun = 0.0
            yield self._later(calendar, at, minutes, key, self._finish(plan, task, character),
                              self.actor(task.agency, role))  # fmt: skip

    def _minutes(self, calendar: WorkingCalendar, task: Task, at: datetime, share: float) -> int:
        """A share of the working time left before the step's own date."""
        left = calendar.between(at, task.due_at, when_reversed="zero") if task.due_at else 240
        return max(1, int(share * left))

    def _total(self, state: State, calendar: WorkingCalendar) -> int:
        promise = state.judged_promise()
        limit = parse_limit(promise.limit) if promise and promise.limit else None
        return max(480, allotment_minutes(calendar, limit)) if limit else 480

    def _finish(self, plan: Plan, task: Task, character: Character) -> Command:
        step = plan.steps[task.step]
        outcome = self._outcome(plan, step.ways, character)
        reason = "Không đủ điều kiện theo quy định." if outcome.needs_reason else None
        if step.decides:
            return Decide(task=task.no, outcome=outcome.id, reason=reason)
        return FinishStep(task=task.no, outcome=outcome.id, reason=reason)

    def _outcome(self, plan: Plan, ways: tuple[Outcome, ...], character: Character) -> Outcome:
        """The straight way on; now and then the refusal, where the step offers one."""
        ends = plan.definition.ends
        refusing = [
            way for way in ways if any(arc.to in ends and not ends[arc.to].positive for arc in way.next)
        ]
        if character.negative and refusing:
            return refusing[0]
        return next((way for way in ways if way not in refusing), ways[0])

    def _letters(self, state: State, calendar: WorkingCalendar, at: datetime) -> Iterator[Next]:
        for letter in state.apologies.values():
            if not letter.is_open or self.dice.random() > 0.85:
                continue
            promise = state.promises[letter.promise]
            new_due_at = None
            if letter.can_reappoint and not state.phase.is_closed and promise.settled_at is None:
                ahead = max(at, promise.due_at)
                new_due_at = calendar.add(ahead, minutes=480 * self.dice.randrange(2, 8))
            sign = SignApology(apology=letter.no, reason=self.dice.choice(REASONS), new_due_at=new_due_at)
            yield self._later(calendar, at, self.dice.randrange(5, 400), f"ký:{letter.no}", sign,
                              self.actor(letter.agency, Role.HEAD, Role.LEADER))  # fmt: skip

    def _ledger(self, state: State, calendar: WorkingCalendar, at: datetime) -> Iterator[Next]:
        for fault in state.faults.values():
            kinds = {entry.kind for entry in fault.entries}
            head = self.actor(fault.agency, Role.HEAD, Role.LEADER)
            if fault.closed_at is not None or fault.minutes is None:
                continue
            if "explained" not in kinds and self.dice.random() < 0.7:
                explain = ExplainFault(fault=fault.no, text=self.dice.choice(REASONS))
                yield self._later(
                    calendar, at, self.dice.randrange(60, 2000), f"giải trình:{fault.no}", explain, head
                )
            elif "acknowledged" not in kinds and self.dice.random() < 0.8:
                acknowledge = AcknowledgeFault(fault=fault.no)
                yield self._later(calendar, at, 30, f"xác nhận:{fault.no}", acknowledge, head)
            elif "acknowledged" in kinds and fault.up_agency and self.dice.random() < 0.6:
                close = CloseFault(fault=fault.no, text="Đã kiểm điểm, rút kinh nghiệm.")
                yield self._later(calendar, at, self.dice.randrange(480, 4800), f"khép:{fault.no}", close,
                                  self.actor(fault.up_agency, Role.HEAD, Role.LEADER))  # fmt: skip

    def _later(
        self, calendar: WorkingCalendar, at: datetime, minutes: int, key: str, command: Command, actor: Actor
    ) -> Next:
        return Next(calendar.add(at, minutes=max(1, minutes)), key, command, actor)
