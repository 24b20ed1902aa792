"""Folding events about time: the clock, promises, alerts, apologies and faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dossiers.core.canonical import read_instant
from dossiers.history.events import Event
from workflows.engine.kinds import Kind
from workflows.engine.state import Apology, Fault, FaultEntry, OwnerKind, Pause, Promise, State

Payload = dict[str, Any]
Folder = Callable[[State, Event, Payload], None]


def _instant(value: str | None) -> datetime | None:
    return None if value is None else read_instant(value)


def reach_back(state: State, event: Event) -> None:
    """What was received before it was entered: who has it now has had it since it was received."""
    base = read_instant(event.payload["base"])
    if base >= event.at:
        return
    for task in state.live_tasks():
        task.opened_at = min(task.opened_at, base)
    state.spans[-1].since = base


def _clock_started(state: State, event: Event, payload: Payload) -> None:
    clock = state.clock
    clock.running = True
    if clock.started_at is None:
        clock.started_at = event.at
    clock.window_from = read_instant(payload["base"])
    if clock.stage is not None and clock.stage != payload["stage"]:
        clock.stages_done.append(clock.stage)
    clock.stage = payload["stage"]
    clock.stage_done = False
    for pause in state.pauses.values():
        if pause.closed_at is None:
            pause.closed_at = event.at


def _clock_paused(state: State, event: Event, payload: Payload) -> None:
    state.clock.running = False
    state.pauses[payload["pause"]] = Pause(
        no=payload["pause"],
        opened_at=event.at,
        owner=OwnerKind(payload["owner"]),
        reason=payload["reason"],
        basis=payload["basis"],
        effect=payload["effect"],
        expected_until=_instant(payload["expected_until"]),
    )
    for no, left in payload["left"].items():
        task = state.tasks[int(no)]
        task.left, task.due_at, task.fits_until = left, None, None
    for promise in state.promises.values():
        if promise.status == "running":
            promise.status = "suspended"


def _clock_resumed(state: State, event: Event, payload: Payload) -> None:
    state.clock.running = True
    if payload["pause"] is not None:
        state.pauses[payload["pause"]].closed_at = event.at
    if payload["base"] is not None:
        state.clock.window_from = read_instant(payload["base"])
    for no, due_at in payload["dues"].items():
        state.tasks[int(no)].due_at = read_instant(due_at)


def _dues_moved(state: State, event: Event, payload: Payload) -> None:
    for no, due_at in payload["dues"].items():
        state.tasks[int(no)].due_at = read_instant(due_at)


def _promise_made(state: State, event: Event, payload: Payload) -> None:
    promise = Promise(
        no=payload["promise"],
        kind=payload["kind"],
        stage=payload["stage"],
        limit=payload["limit"],
        base=read_instant(payload["base"]),
        due_at=read_instant(payload["due_at"]),
        provisional=payload["provisional"],
        calendar=payload["calendar"],
        made_at=event.at,
        supersedes=payload["supersedes"],
        judged=payload["judged"],
        measure=payload["measure"],
        ladder=tuple(read_instant(text) for text in payload["ladder"]),
        apology_at=_instant(payload["apology_at"]),
    )
    for no in payload["replaces"]:
        state.promises[no].status = "superseded"
    state.promises[promise.no] = promise
    for task_no, fits_until in payload["fits"].items():
        state.tasks[int(task_no)].fits_until = read_instant(fits_until)


def _promise_kept(state: State, event: Event, payload: Payload) -> None:
    for no in payload["promises"]:
        state.promises[no].status = "kept"
        state.promises[no].settled_at = event.at
    state.clock.stage_done = True


def _promise_broken(state: State, event: Event, payload: Payload) -> None:
    promise = state.promises[payload["promise"]]
    promise.status = "broken"
    promise.broken_at = event.at


def _lateness_split(state: State, event: Event, payload: Payload) -> None:
    promise = state.promises[payload["promise"]]
    promise.settled_at = event.at
    promise.late_minutes = payload["minutes"]
    promise.shares = tuple(payload["shares"])


def _alert_raised(state: State, event: Event, payload: Payload) -> None:
    state.alerts[payload["key"]] = {**payload, "at": event.at}


def _apology_asked(state: State, event: Event, payload: Payload) -> None:
    apology = Apology(
        no=payload["no"],
        promise=payload["promise"],
        agency=payload["agency"],
        holder=payload["holder"],
        task=payload["task"],
        because=payload["because"],
        asked_at=event.at,
        sign_by=read_instant(payload["sign_by"]),
        can_reappoint=payload["can_reappoint"],
    )
    state.apologies[apology.no] = apology
    state.promises[apology.promise].apology = apology.no


def _apology_drafted(state: State, event: Event, payload: Payload) -> None:
    apology = state.apologies[payload["no"]]
    apology.reason = payload["reason"]
    apology.new_due_at = _instant(payload["new_due_at"])
    apology.drafted_by = event.actor


def _apology_returned(state: State, event: Event, payload: Payload) -> None:
    apology = state.apologies[payload["no"]]
    apology.reason = apology.new_due_at = apology.drafted_by = None


def _apology_signed(state: State, event: Event, payload: Payload) -> None:
    apology = state.apologies[payload["no"]]
    apology.reason = payload["reason"]
    apology.new_due_at = _instant(payload["new_due_at"])
    apology.signed_at = event.at
    apology.signed_by = payload["official"]
    apology.capacity = payload["capacity"]


def _apology_withdrawn(state: State, event: Event, payload: Payload) -> None:
    state.apologies[payload["no"]].withdrawn_at = event.at


def _fault_opened(state: State, event: Event, payload: Payload) -> None:
    fault = Fault(
        no=payload["no"],
        kind=payload["kind"],
        promise=payload["promise"],
        agency=payload["agency"],
        task=payload["task"],
        step=payload["step"],
        instant=read_instant(payload["instant"]),
        head=payload["head"],
        capacity=payload["capacity"],
        up_agency=payload["up_agency"],
        up_head=payload["up_head"],
        apology=payload["apology"],
        minutes=payload["minutes"],
    )
    state.faults[fault.no] = fault
    _add_entry(fault, event, payload, "opened")
    if payload["kind"] == "unsigned_apology" and fault.apology is not None:
        state.apologies[fault.apology].unsigned_fault = fault.no


def _fault_entry(kind: str) -> Folder:
    def folder(state: State, event: Event, payload: Payload) -> None:
        fault = state.faults[payload["no"]]
        if payload.get("minutes") is not None:
            fault.minutes = payload["minutes"]
        if kind == "closed":
            fault.closed_at = event.at
        _add_entry(fault, event, payload, kind)

    return folder


def _add_entry(fault: Fault, event: Event, payload: Payload, kind: str) -> None:
    fault.entries.append(
        FaultEntry(
            len(fault.entries) + 1, kind, event.at, payload.get("minutes"), payload.get("text"), event.actor
        )
    )


FOLDERS: dict[str, Folder] = {
    Kind.CLOCK_STARTED: _clock_started,
    Kind.CLOCK_PAUSED: _clock_paused,
    Kind.CLOCK_RESUMED: _clock_resumed,
    Kind.DUES_MOVED: _dues_moved,
    Kind.PROMISE_MADE: _promise_made,
    Kind.PROMISE_KEPT: _promise_kept,
    Kind.PROMISE_BROKEN: _promise_broken,
    Kind.LATENESS_SPLIT: _lateness_split,
    Kind.ALERT_RAISED: _alert_raised,
    Kind.APOLOGY_ASKED: _apology_asked,
    Kind.APOLOGY_DRAFTED: _apology_drafted,
    Kind.APOLOGY_RETURNED: _apology_returned,
    Kind.APOLOGY_SIGNED: _apology_signed,
    Kind.APOLOGY_WITHDRAWN: _apology_withdrawn,
    Kind.FAULT_OPENED: _fault_opened,
    Kind.FAULT_SETTLED: _fault_entry("settled"),
    Kind.FAULT_EXPLAINED: _fault_entry("explained"),
    Kind.FAULT_ACKNOWLEDGED: _fault_entry("acknowledged"),
    Kind.FAULT_CLOSED: _fault_entry("closed"),
    Kind.FAULT_CORRECTED: _fault_entry("corrected"),
}
