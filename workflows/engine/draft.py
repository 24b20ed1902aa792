"""A decision in the making: the state so far, the events decided, and what a decision may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.core.canonical import instant_text, sha256_hex
from dossiers.core.errors import Conflict, NotAllowed
from dossiers.core.ids import Bits, uuid7
from dossiers.core.said import Said, joined
from dossiers.history.events import Event, actor_label
from sla.calendars.book import CalendarBook
from sla.lines import moment
from sla.working_time import WorkingCalendar
from workflows.engine.effects import Effect, effects_of
from workflows.engine.evolve import evolve
from workflows.engine.kinds import Kind
from workflows.engine.plan import Plan
from workflows.engine.state import State, Task, TextRef

CLOCK_SKEW = timedelta(seconds=5)
"""How far the clocks of two machines may differ before an instant is taken for one of the past or to come."""

_COVERS = {
    Role.OFFICER: frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.HEAD}),
    Role.UNIT_HEAD: frozenset({Role.UNIT_HEAD, Role.HEAD}),
    Role.CLERK: frozenset({Role.CLERK, Role.RECEPTIONIST}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an official in one agency, the applicant, a partner system, or the system itself.

    ``behalf`` is the official in whose place this one acts by delegation; ``only`` the commands the
    delegation is for, None when it is for all.
    """

    kind: str
    id: str = ""
    agency: str | None = None
    roles: frozenset[Role] = frozenset()
    behalf: str = ""
    only: frozenset[str] | None = None

    @property
    def label(self) -> str:
        """How history names the actor."""
        return actor_label(self.kind, self.id, self.behalf)

    def has(self, role: Role) -> bool:
        """Whether the actor holds the role, or one that covers it."""
        return bool(self.roles & _COVERS.get(role, frozenset({role})))


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Env:
    """What a decision may ask besides the state: the compiled definition, agencies, calendars, new ids."""

    plan: Plan
    directory: Directory
    calendars: CalendarBook
    bits: Bits

    def working_time(self, agency: str) -> WorkingCalendar:
        """The processing calendar of an agency."""
        return self.calendars.processing(self.directory, agency)


@dataclass(frozen=True, slots=True)
class NewText:
    """A free text to be stored beside the history."""

    id: UUID
    salt: str
    body: str


@dataclass(slots=True)
class Draft:
    """Collects the events of one decision, folding each into the state at once."""

    env: Env
    state: State
    actor: Actor
    at: datetime
    events: list[Event] = field(default_factory=list)
    texts: list[NewText] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """The compiled definition."""
        return self.env.plan

    @property
    def conditions(self) -> dict[str, Any]:
        """The facts that conditions of the definition may ask for."""
        state = self.state
        return {**state.facts, "channel": state.channel, "applicant": state.applicant_kind}

    def emit(self, kind: Kind, /, **payload: Any) -> Event:
        """Decide that something happened."""
        event = Event(
            self.state.seq + 1,
            kind.value,
            self.at,
            self.actor.label,
            self.actor.agency,
            {key: _plain(value) for key, value in payload.items()},
        )
        evolve(self.state, event)
        self.events.append(event)
        self.effects.extend(effects_of(self.state, event))
        return event

    def text(self, body: str) -> TextRef:
        """Keep a free text outside history and return what history may say of it."""
        new = NewText(uuid7(self.at, self.env.bits), f"{self.env.bits(128):032x}", body)
        self.texts.append(new)
        return {"text": str(new.id), "sha256": text_digest(new.salt, body)}

    def require_delegated(self, kind: str) -> None:
        """Refuse (``not_delegated``) a command that the actor's delegation is not for."""
        if self.actor.only is None or kind in self.actor.only:
            return
        name = self.env.directory.official_name(self.actor.behalf)
        raise NotAllowed(
            Said("Việc này không thuộc phạm vi {name} đã uỷ quyền.", name=name),
            code="not_delegated",
            hint=Said("Đề nghị {name} thực hiện, hoặc uỷ quyền thêm việc này.", name=name),
        )

    def require(self, role: Role | Iterable[Role], agency: str, what: str) -> None:
        """Refuse (``not_allowed``) unless the actor holds one of the roles in the agency."""
        roles = (role,) if isinstance(role, Role) else tuple(role)
        if self.actor.kind == "system":
            return
        if self.actor.agency == agency and any(self.actor.has(each) for each in roles):
            return
        directory = self.env.directory
        who = joined(Said(" hoặc "), (each.label for each in roles))
        raise NotAllowed(
            Said("{what}: việc này của {who}, {agency}.", what=what, who=who, agency=directory.name(agency)),
            hint=Said("Đề nghị {who} của {agency} thực hiện.", who=who, agency=directory.name(agency)),
            details={
                "could": [
                    {"agency": agency, "agency_name": directory.name(agency), "role": each.value}
                    for each in roles
                ]
            },
        )

    def live_task(self, no: int) -> Task:
        """The live task with this number; refused with what became of it otherwise."""
        task = self.state.tasks.get(no)
        if task is None:
            raise Conflict(
                Said("Hồ sơ không có công việc số {no}.", no=no), code="task_unknown", where=f"task {no}"
            )
        if not task.is_live:
            raise Conflict(
                Said(
                    "Công việc số {no} ({step_name}) {what_became_of}.",
                    no=no,
                    step_name=self.step_name(task),
                    what_became_of=self.what_became_of(task),
                ),
                code="task_not_live",
                where=f"task {no}",
                hint="Tải lại hồ sơ để xem việc đang chờ xử lý.",
            )
        return task

    def step_name(self, task: Task) -> str:
        """The name of a task's step."""
        step = self.plan.steps.get(task.step)
        return step.name if step else task.step

    def what_became_of(self, task: Task) -> str:
        """How a task that is no longer live ended, for people."""
        if task.finished_at is None:
            return Said("không còn hiệu lực")
        local = self.env.working_time(task.agency).to_local(task.finished_at)
        when = moment(local)
        if task.outcome is None:
            return Said("đã bị huỷ lúc {when}", when=when)
        by = f" ({self.env.directory.official_name(task.official)})" if task.official else ""
        return Said("đã hoàn thành lúc {when}{by}", when=when, by=by)


def text_digest(salt: str, body: str) -> str:
    """The salted digest by which history knows a text."""
    return sha256_hex(f"{salt}\n{body}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, UUID):
        return str(value)
    return value
