"""What leaves the office because of an event: who is to be told what. Pure, and by ids alone.

One effect is owed once and for ever under its key: the dossier, the event, the topic, the recipient. Texts
are made when a message is delivered; no name, number or address is in here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dossiers.history.events import Event
from workflows.engine.evolve import evolve
from workflows.engine.kinds import Kind
from workflows.engine.state import State


class Topic(StrEnum):
    """What a message is about."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    APPOINTMENT = "appointment"
    APPOINTMENT_CHANGED = "appointment_changed"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    REFUSED = "refused"
    STOPPED = "stopped"
    RESULT_READY = "result_ready"
    APOLOGY = "apology"

    NEARLY_DUE = "nearly_due"
    STEP_OVERDUE = "step_overdue"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    APOLOGY_TO_SIGN = "apology_to_sign"
    FAULT = "fault"
    FAULT_BELOW = "fault_below"


@dataclass(frozen=True, slots=True)
class Effect:
    """A message owed. ``recipient`` is ``applicant:<id>``, ``official:<id>``, or who heads an agency when the
    message is delivered: ``head:<agency>``, ``superior:<agency>``. ``agency`` sends it."""

    seq: int
    at: datetime
    topic: Topic
    recipient: str
    agency: str


def effects_of(state: State, event: Event) -> Iterator[Effect]:
    """What is owed because of an event. ``state`` is the state just after it."""
    owing = _OWING.get(event.kind)
    if owing is not None:
        for topic, recipient, agency in owing(state, event):
            yield Effect(event.seq, event.at, topic, recipient, agency)


def settled(effects: Iterable[Effect]) -> list[Effect]:
    """What is left of the effects of one decision, or of a whole history, each once.

    Who is told at one instant that the dossier was accepted needs not be told that it came.
    """
    every = dict.fromkeys(effects)
    accepted = {effect.at for effect in every if effect.topic is Topic.ACCEPTED}
    return [effect for effect in every if effect.topic is not Topic.REGISTERED or effect.at not in accepted]


def follow(dossier_id: UUID, events: Iterable[Event]) -> tuple[State, list[Effect]]:
    """The state after all events of a dossier, and everything they owed."""
    state, effects = State(dossier_id), list[Effect]()
    for event in events:
        evolve(state, event)
        effects.extend(effects_of(state, event))
    return state, settled(effects)


Owing = Iterator[tuple[Topic, str, str]]


def _citizen(state: State) -> str:
    """Who handed the dossier in is who is told."""
    return f"applicant:{state.representative or state.applicant}"


def _tell(topic: Topic, *, of_members: bool = False) -> Callable[[State, Event], Owing]:
    """Tell the citizen; of a dossier that is a part of another only what asks something of them."""

    def owing(state: State, event: Event) -> Owing:
        if state.applicant and (of_members or state.parent is None):
            yield topic, _citizen(state), state.desk

    return owing


def _promised(state: State, event: Event) -> Owing:
    """A date given with the acceptance stands in its message; a re-appointment in the letter of apology."""
    payload = event.payload
    if payload["kind"] == "reappointment" or state.parent is not None or not state.applicant:
        return
    if payload["kind"] == "first":
        if state.accepted_at != event.at:
            yield Topic.APPOINTMENT, _citizen(state), state.desk
        return
    made = state.promises[payload["promise"]]
    before = state.promises.get(made.supersedes or 0)
    if before is None or before.due_at != made.due_at:
        yield Topic.APPOINTMENT_CHANGED, _citizen(state), state.desk


def _apologised(state: State, event: Event) -> Owing:
    if state.applicant:
        yield Topic.APOLOGY, _citizen(state), state.apologies[event.payload["no"]].agency


def _apology_asked(state: State, event: Event) -> Owing:
    agency = event.payload["agency"]
    yield Topic.APOLOGY_TO_SIGN, f"head:{agency}", agency


def _fault_opened(state: State, event: Event) -> Owing:
    """The head who answers is told; an unsigned letter, or a second broken date, goes up the line."""
    payload = event.payload
    if payload["head"]:
        yield Topic.FAULT, f"official:{payload['head']}", payload["agency"]
    if payload["up_head"] and (payload["kind"] != "late" or not payload["head"]):
        yield Topic.FAULT_BELOW, f"official:{payload['up_head']}", payload["up_agency"] or payload["agency"]


def _alerted(state: State, event: Event) -> Owing:
    """First who does the work, then up the line: the second rung of warnings tells the head of the agency,
    the third the head above. Work that is overdue tells worker and head at once."""
    payload = event.payload
    agency, topic = payload["agency"], _ALERTS.get(payload["kind"])
    if topic is None or not agency:
        return
    task = state.tasks.get(payload["task"]) if payload["task"] is not None else None
    worker = task.official if task is not None else None
    yield topic, f"official:{worker}" if worker else f"head:{agency}", agency
    if worker and (topic is not Topic.NEARLY_DUE or payload["rung"] >= 2):
        yield topic, f"head:{agency}", agency
    if topic is Topic.NEARLY_DUE and payload["rung"] >= 3:
        yield topic, f"superior:{agency}", agency


_ALERTS = {
    "nearly_due": Topic.NEARLY_DUE,
    "step_overdue": Topic.STEP_OVERDUE,
    "not_acknowledged": Topic.NOT_ACKNOWLEDGED,
}

_OWING: dict[str, Callable[[State, Event], Owing]] = {
    Kind.REGISTERED: _tell(Topic.REGISTERED),
    Kind.ACCEPTED: _tell(Topic.ACCEPTED),
    Kind.PROMISE_MADE: _promised,
    Kind.SUPPLEMENT_ASKED: _tell(Topic.SUPPLEMENT, of_members=True),
    Kind.PAYMENT_ASKED: _tell(Topic.PAYMENT, of_members=True),
    Kind.REFUSED: _tell(Topic.REFUSED),
    Kind.STOPPED: _tell(Topic.STOPPED),
    Kind.FINISHED: _tell(Topic.RESULT_READY),
    Kind.APOLOGY_SIGNED: _apologised,
    Kind.APOLOGY_ASKED: _apology_asked,
    Kind.FAULT_OPENED: _fault_opened,
    Kind.ALERT_RAISED: _alerted,
}
