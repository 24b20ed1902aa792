"""Driving any dossier of any procedure to its result through the real service.

The driver knows no procedure. It looks at the state: what is awaited, which tasks are live, of what kind,
whose they are, and takes the outcome that leads to a positive end by the shortest way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dossiers.agencies.models import Role
from dossiers.records.models import DossierRow
from workflows import service
from workflows.commands import (
    Accept,
    AnswerOpinion,
    Command,
    ConfirmPayment,
    Decide,
    FinishStep,
    GiveBack,
    Receive,
    ReceiveSupplement,
    Send,
)
from workflows.definitions.model import Outcome, Step, StepKind
from workflows.engine.draft import SYSTEM, Actor
from workflows.engine.plan import Plan
from workflows.engine.state import Phase, State, Task, TaskStatus
from workflows.office import Office

PACE = timedelta(minutes=10)
MOST = 500

Who = Callable[[str, Sequence[Role]], Actor]
"""Who acts: somebody of this agency who holds one of the roles."""


class Stuck(AssertionError):
    """The dossier cannot be driven on; the message says where it stands."""


@dataclass(slots=True)
class Journey:
    """What was done, oldest first: the kind of each command, the step it was about, and who did it."""

    state: State
    at: datetime
    commands: list[tuple[str, str, str]] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)


def by_system(agency: str, roles: Sequence[Role]) -> Actor:
    """Everything is done in the system's own name."""
    return SYSTEM


def by_officials(office: Office) -> Who:
    """Everything is done by an official of the agency who holds the role; nobody there means being stuck."""

    def who(agency: str, roles: Sequence[Role]) -> Actor:
        with office.database.reading() as connection:
            officials = list(office.reference(connection).directory.officials())
        for official in officials:
            actor = Actor("official", official.id, agency, official.roles_in(agency))
            if official.active and any(actor.has(role) for role in roles):
                return actor
        wanted = ", ".join(role.value for role in roles)
        raise Stuck(f"nobody in {agency} holds the role {wanted}")

    return who


def run_to_result(
    office: Office,
    dossier: UUID,
    at: datetime,
    *,
    who: Who = by_system,
    outcomes: Mapping[str, str] | None = None,
    consulted: Sequence[str] = (),
    pace: timedelta = PACE,
    most: int = MOST,
) -> Journey:
    """Drive a dossier until its result is given back, or it is closed otherwise.

    ``outcomes`` names the outcome of a step where the shortest way to a positive end is not what is meant;
    ``consulted`` are the agencies of steps that stand for several, where nothing is bound. The first command
    comes at ``at``, each further one ``pace`` later. Raises ``Stuck`` when nothing can be done.
    """
    driver = _Driver(office, who, outcomes or {}, consulted, pace, most)
    return driver.run(dossier, at)


class _Driver:
    def __init__(
        self,
        office: Office,
        who: Who,
        outcomes: Mapping[str, str],
        consulted: Sequence[str],
        pace: timedelta,
        most: int,
    ) -> None:
        self.office = office
        self.who = who
        self.outcomes = outcomes
        self.consulted = consulted
        self.pace = pace
        self.left = most

    def run(self, dossier: UUID, at: datetime) -> Journey:
        journey = Journey(self.state(dossier), at)
        while True:
            state = journey.state
            if state.phase.is_closed and state.phase is not Phase.FINISHED:
                return journey
            if self.left <= 0:
                raise Stuck(f"too many commands; {told(state)}")
            self.left -= 1
            member = self.member_to_drive(state)
            if member is not None:
                inner = self.run(member, journey.at)
                journey.commands.extend(inner.commands)
                journey.at = inner.at
            else:
                self.act(journey)
            journey.state = self.state(dossier)

    def act(self, journey: Journey) -> None:
        """Carry out the next command."""
        state = journey.state
        command, agency, roles, step = self.next_command(state)
        actor = SYSTEM if step is not None and step.kind is StepKind.AUTOMATIC else self.who(agency, roles)
        at = journey.at if state.last_at is None else max(journey.at, state.last_at)
        with self.office.database.writing() as connection:
            receipt = service.execute(self.office, connection, state.id, command, actor, at)
        if not receipt.events:
            raise Stuck(f"{command.kind} did nothing; {told(state)}")
        journey.commands.append((command.kind, step.id if step else "", actor.label))
        if isinstance(command, FinishStep) and step is not None:
            journey.outcomes[step.id] = command.outcome
        journey.at = at + self.pace

    def next_command(self, state: State) -> tuple[Command, str, Sequence[Role], Step | None]:
        """What is to be done next, where, by one of which roles, and on which step."""
        desk = (Role.RECEPTIONIST, Role.CLERK)
        if state.phase is Phase.FINISHED:
            return GiveBack(), state.desk, desk, None
        if state.open_supplement() is not None:
            return ReceiveSupplement(), state.desk, desk, None
        if state.phase is Phase.REGISTERED:
            return Accept(), state.desk, (Role.RECEPTIONIST,), None
        owed = [each for each in state.payments.values() if each.confirmed_at is None]
        pausing = next((each for each in owed if each.pauses), None)
        if pausing is not None:
            return _confirm(pausing.no), state.desk, list(Role), None
        plan = self.plan(state)
        for task in state.live_tasks():
            found = self.on_task(state, plan, task)
            if found is not None:
                return *found, plan.steps.get(task.step)
        raise Stuck(f"nothing can be done; {told(state)}")

    def on_task(self, state: State, plan: Plan, task: Task) -> tuple[Command, str, Sequence[Role]] | None:
        """What can be done on a live task; None while it waits for something else."""
        if task.status is TaskStatus.READY:
            return Send(task=task.no), task.sender or state.desk, list(Role)
        if task.status is TaskStatus.SENT:
            return Receive(task=task.no), task.agency, list(Role)
        if task.kind == StepKind.OPINION:
            answer = AnswerOpinion(task=task.no, content="Nhất trí")
            return answer, task.agency, (Role.OFFICER, Role.LEADER)
        if task.kind == StepKind.PAYMENT:
            payment = next(
                each for each in state.payments.values() if each.task == task.no and each.confirmed_at is None
            )
            return _confirm(payment.no), task.agency, list(Role)
        if task.kind == StepKind.DOSSIER or state.opinions_for(task):
            return None
        return self.finish(state, plan, task), task.agency, (Role(task.role),)

    def finish(self, state: State, plan: Plan, task: Task) -> FinishStep:
        step = plan.steps[task.step]
        facts = {**state.facts, "channel": state.channel, "applicant": state.applicant_kind}
        outcome = self.outcome(plan, step, facts)
        return (Decide if step.decides else FinishStep)(
            task=task.no,
            outcome=outcome.id,
            reason="Theo hồ sơ" if outcome.needs_reason else None,
            agencies=self.agencies(state, plan, outcome, facts),
        )

    def outcome(self, plan: Plan, step: Step, facts: Mapping[str, Any]) -> Outcome:
        """The outcome asked for, else the one nearest to a positive end."""
        asked = self.outcomes.get(step.id)
        if asked is not None:
            return next(way for way in step.ways if way.id == asked)
        far = _distances(plan, facts)
        best = min(step.ways, key=lambda way: _length(plan, way, facts, far))
        if _length(plan, best, facts, far) == _NEVER:
            raise Stuck(f"no outcome of {step.id} leads to a positive end")
        return best

    def agencies(
        self, state: State, plan: Plan, outcome: Outcome, facts: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """The agencies of the next step when it stands for several and none is bound."""
        for arc in plan.arcs_taken(outcome, {**facts, **outcome.sets}):
            step = plan.steps.get(arc.to)
            if step is None or not plan.definition.participants[step.agency].many:
                continue
            if not state.bindings.get(step.agency):
                return tuple(self.consulted)
        return ()

    def member_to_drive(self, state: State) -> UUID | None:
        """A child dossier that is not closed yet, behind a live task."""
        waiting = [task.no for task in state.live_tasks() if task.kind == StepKind.DOSSIER]
        if not waiting:
            return None
        with self.office.database.reading() as connection:
            children = connection.execute(
                select(DossierRow.id).where(DossierRow.parent == state.id).order_by(DossierRow.code)
            ).scalars()
            for child in children:
                known = service.load(connection, child).state
                if known.parent_task in waiting and not known.phase.is_closed:
                    return known.id
        return None

    def state(self, dossier: UUID) -> State:
        with self.office.database.reading() as connection:
            return service.load(connection, dossier).state

    def plan(self, state: State) -> Plan:
        with self.office.database.reading() as connection:
            return self.office.plan(connection, state.procedure, state.version)


_NEVER = 10**6


def _distances(plan: Plan, facts: Mapping[str, Any]) -> dict[str, int]:
    """How many steps lie between each step and a positive end, on the shortest way without a refusal."""
    far: dict[str, int] = {}
    for _ in plan.steps:
        for step in plan.steps.values():
            ways = step.ways[:1] if step.kind in _ENDS_BY_ITSELF else step.ways
            far[step.id] = 1 + min((_length(plan, way, facts, far) for way in ways), default=_NEVER)
    return far


_ENDS_BY_ITSELF = (StepKind.OPINION, StepKind.PAYMENT, StepKind.DOSSIER)


def _length(plan: Plan, way: Outcome, facts: Mapping[str, Any], far: Mapping[str, int]) -> int:
    lengths = [
        far.get(arc.to, _NEVER) if arc.to in plan.steps else _at_end(plan, arc.to)
        for arc in plan.arcs_taken(way, {**facts, **way.sets})
    ]
    return min(_NEVER, max(lengths, default=_NEVER))


def _at_end(plan: Plan, end: str) -> int:
    return 0 if plan.definition.ends[end].positive else _NEVER


def _confirm(payment: int) -> ConfirmPayment:
    return ConfirmPayment(receipt=f"BL{payment}", amount=None, payment=payment)


def told(state: State) -> str:
    """Where a dossier stands, for a message."""
    live = ", ".join(f"{task.no} {task.step} {task.kind} {task.status}" for task in state.live_tasks())
    return f"{state.code or state.id} of {state.procedure} is {state.phase}; live: {live or 'nothing'}"
