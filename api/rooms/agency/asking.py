"""What the form of a command asks: the outcomes, facts, agencies, colleagues and papers to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.deps import Call
from api.rooms.agency.doing import may_give
from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.history.events import read_actor
from workflows.definitions.model import FactType, Step
from workflows.engine.kinds import Kind
from workflows.engine.state import Apology, Fault, Payment, Task
from workflows.views.case import DISPOSED
from workflows.views.files import FileRead, files_folded
from workflows.views.folded import Folded
from workflows.views.models import Named
from workflows.views.worklists import held_by

UNITS = ("working_day", "working_hour", "calendar_day")


@dataclass(frozen=True, slots=True)
class Way:
    """An outcome of the step, and where it leads as things stand."""

    id: str
    name: str
    needs_reason: bool
    leads: tuple[str, ...]
    good: bool


@dataclass(frozen=True, slots=True)
class FactField:
    """A fact of the case. ``asked``: the way on depends on it."""

    name: str
    label: str
    type: str
    choices: Mapping[str, str]
    value: Any
    asked: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a task can be given to, with what they hold already."""

    id: str
    name: str
    title: str
    holds: int


@dataclass(frozen=True, slots=True)
class Question:
    """What an agency was asked for its opinion on, by whom."""

    text: str
    agency: str
    official: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything a form may need; what does not concern the command is empty."""

    task: Task | None
    step: Step | None
    ways: list[Way]
    facts: list[FactField]
    many: list[str]
    agencies: list[tuple[str, list[Named]]]
    colleagues: list[Colleague]
    papers: list[Named]
    steps: list[Named]
    payment: Payment | None
    apology: Apology | None
    fault: Fault | None
    reason: str
    new_due_at: datetime | None
    can_reappoint: bool
    files: list[FileRead]
    question: Question | None


def choices(
    call: Call, connection: Connection, folded: Folded, kind: str, numbers: Mapping[str, int]
) -> Choices:
    """What the form of this command offers for this dossier."""
    state, plan, directory = folded.state, folded.plan, folded.reference.directory
    task = state.tasks.get(numbers.get("task", 0))
    step = plan.steps.get(task.step) if task is not None else None
    finishing = kind in ("finish_step", "decide")
    many = _many(folded, step) if finishing and step is not None else []
    apology = _apology(folded, kind, numbers)
    asked = _asked(step) if finishing and step is not None else frozenset()
    text = folded.texts.get(apology.reason["text"]) if apology is not None and apology.reason else None
    payments = [each for each in state.payments.values() if each.confirmed_at is None]
    return Choices(
        task,
        step,
        _ways(folded, step) if finishing and step is not None else [],
        list(_facts(folded, asked)) if finishing else [],
        [plan.definition.participants[each.agency].name for each in many],
        _agencies(directory, state.desk, task, many) if many or kind == "ask_opinion" else [],
        _colleagues(call, connection, directory, task) if kind == "take_over" and task is not None else [],
        [Named(code=paper.id, name=paper.name) for paper in plan.definition.papers]
        if kind in ("receive_supplement", "attach")
        else [],
        [Named(code=each.id, name=each.name) for each in plan.steps.values()] if kind == "reopen" else [],
        next(
            (each for each in payments if each.no == numbers.get("payment")),
            payments[0] if payments else None,
        ),
        apology,
        state.faults.get(numbers.get("fault", 0)),
        str(text.body) if text is not None else "",
        apology.new_due_at if apology is not None else None,
        apology.can_reappoint if apology is not None else True,
        [file for file in files_folded(connection, folded, call.actor) if file.removed_at is None]
        if kind == "remove_file"
        else [],
        _question(folded, task) if kind == "answer_opinion" and task is not None else None,
    )


def _question(folded: Folded, task: Task) -> Question | None:
    """The question behind a request made along the way; an opinion step of the procedure has none."""
    asked = [
        link.event
        for link in folded.links
        if link.event.kind == Kind.OPINION_ASKED
        and link.event.payload["task"] == task.asked_by
        and link.event.at <= task.opened_at
    ]
    if not asked:
        return None
    directory, event = folded.reference.directory, asked[-1]
    _kind, official, _behalf = read_actor(event.actor)
    text = folded.texts.get(event.payload["content"]["text"])
    return Question(
        str(text.body) if text is not None else DISPOSED,
        directory.name(event.agency) if event.agency else "",
        directory.official_name(official),
        event.at,
    )


def _apology(folded: Folded, kind: str, numbers: Mapping[str, int]) -> Apology | None:
    if kind != "reappoint":
        return folded.state.apologies.get(numbers.get("apology", 0))
    return next((each for each in reversed(folded.state.apologies.values()) if each.is_open), None)


def _known(folded: Folded) -> dict[str, Any]:
    state = folded.state
    return {**state.facts, "channel": state.channel, "applicant": state.applicant_kind}


def _ways(folded: Folded, step: Step) -> list[Way]:
    plan = folded.plan
    ends = plan.definition.ends
    found = []
    for way in step.ways:
        targets = [arc.to for arc in plan.arcs_taken(way, {**_known(folded), **way.sets})]
        names = tuple(
            plan.steps[target].name if target in plan.steps else ends[target].name for target in targets
        )
        good = all(target in plan.steps or ends[target].positive for target in targets)
        found.append(Way(way.id, way.name, way.needs_reason, names, good))
    return found


def _asked(step: Step) -> frozenset[str]:
    return frozenset(name for way in step.ways for arc in way.next for name in arc.when)


def _facts(folded: Folded, asked: frozenset[str]) -> Iterator[FactField]:
    for name, fact in folded.plan.definition.case.items():
        value = folded.state.facts.get(name)
        if fact.type is FactType.BOOL and value is not None:
            value = "yes" if value else "no"
        yield FactField(
            name, fact.label, fact.type.value, fact.choices, "" if value is None else value, name in asked
        )


def _many(folded: Folded, step: Step) -> list[Step]:
    """The steps this one may lead to that several agencies do, and nobody has said which."""
    participants, bound = folded.plan.definition.participants, folded.state.bindings
    targets = {arc.to for way in step.ways for arc in way.next}
    return [
        each
        for each in folded.plan.steps.values()
        if each.id in targets and participants[each.agency].many and not bound.get(each.agency)
    ]


def _agencies(
    directory: Directory, desk: str, task: Task | None, many: Iterable[Step]
) -> list[tuple[str, list[Named]]]:
    """Agencies to choose from, near ones first: those of the same place, then those at the top."""
    own = task.agency if task is not None else ""
    line = list(directory.ancestors(desk))
    place = line[1] if len(line) > 1 else desk
    near = [code for code in directory.below(place) if code != own]
    top = [
        agency.code
        for agency in directory.agencies()
        if agency.parent == line[-1]
        and agency.code not in near
        and not agency.kind.startswith("committee.commune")
    ]
    return [
        (directory.name(head), [Named(code=code, name=directory.name(code)) for code in codes if code != own])
        for head, codes in ((line[-1], top), (place, near))
        if codes and not (many and head == place and top)
    ]


def _colleagues(call: Call, connection: Connection, directory: Directory, task: Task) -> list[Colleague]:
    """Who works at the task's agency; only oneself for somebody who gives no work to others."""
    able = [
        official
        for official in directory.officials()
        if official.active
        and task.agency in {where for where, _role in official.roles}
        and (official.id == call.actor.id or may_give(call.actor))
    ]
    held = held_by(connection, [official.id for official in able])
    able.sort(key=lambda official: (Role(task.role) not in official.roles_in(task.agency), official.name))
    return [
        Colleague(official.id, official.name, official.title, held.get(official.id, 0)) for official in able
    ]
