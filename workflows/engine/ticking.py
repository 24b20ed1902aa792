"""What the clock brings. Runs before every command and whenever the monitor looks, in order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from dossiers.core.errors import Conflict, MotcuaError
from dossiers.core.said import Said
from workflows.engine import breaches
from workflows.engine.clockwork import settle
from workflows.engine.draft import SYSTEM, Draft
from workflows.engine.kinds import Kind
from workflows.engine.opinions import deem_consent
from workflows.engine.state import Task
from workflows.engine.steps import complete, go_on, set_facts, step_of
from workflows.engine.timers import Duty, Timer, next_timer
from workflows.engine.waits import lapse_supplement

_MOST_DUTIES = 1000
"""Far beyond what a dossier can owe at once; reached only if a duty failed to be done."""

_MOST_ROUNDS = 10
"""More often than this no agency's machine does one step at one instant, but by going round."""


def tick(draft: Draft) -> None:
    """Do every duty that has fallen due by ``draft.at``, oldest first, in the system's own name."""
    actor, draft.actor = draft.actor, SYSTEM
    machines = Counter[tuple[str, str]]()
    for _ in range(_MOST_DUTIES):
        timer = next_timer(draft.state)
        if timer is None or timer.at > draft.at:
            draft.actor = actor
            return
        if timer.duty is Duty.DO_AUTOMATIC:
            _refuse_going_round(draft, draft.state.tasks[timer.ref], machines)
        _DUTIES[timer.duty](draft, timer)
        settle(draft)
    raise MotcuaError(
        Said("Hồ sơ {state}: việc đến hạn không hoàn thành được.", state=draft.state.code),
        code="duty_not_done",
    )


def _refuse_going_round(draft: Draft, task: Task, done: Counter[tuple[str, str]]) -> None:
    """Refuse (``automatic_loop``) what would have machines hand a dossier round and round for ever."""
    done[task.step, task.agency] += 1
    if done[task.step, task.agency] > _MOST_ROUNDS:
        raise Conflict(
            Said(
                "Bước “{step_name}” do máy làm cứ quay lại chính nó; hồ sơ không đi tiếp được.",
                step_name=draft.step_name(task),
            ),
            code="automatic_loop",
            where=task.step,
            hint="Báo người quản trị thủ tục: sửa vòng lặp giữa các bước do máy làm, rồi công bố bản mới.",
        )


def _alert(draft: Draft, timer: Timer) -> None:
    """Raise an alert once: what fell due, when, and who should know."""
    agency, task = _concerned(draft, timer)
    draft.emit(
        Kind.ALERT_RAISED,
        key=timer.key,
        kind=timer.duty.name.lower(),
        due_at=timer.at,
        ref=timer.ref,
        rung=timer.rung,
        agency=agency,
        task=task,
    )


def _concerned(draft: Draft, timer: Timer) -> tuple[str, int | None]:
    state = draft.state
    if timer.duty is Duty.NOT_ACKNOWLEDGED:
        handoff = state.handoffs[timer.ref]
        return handoff.to_agency, handoff.task
    if timer.duty in (Duty.STEP_OVERDUE, Duty.DEEM_CONSENT):
        return state.tasks[timer.ref].agency, timer.ref
    owner = state.spans[-1].owner
    return owner.agency or state.competent, owner.task


def _ask_apology(draft: Draft, timer: Timer) -> None:
    breaches.ask_apology(draft, draft.state.promises[timer.ref], "unfit")


def _break(draft: Draft, timer: Timer) -> None:
    breaches.break_promise(draft, draft.state.promises[timer.ref])


def _unsigned(draft: Draft, timer: Timer) -> None:
    """A letter not signed in time is a fault of its own, and goes up the line."""
    state = draft.state
    apology = state.apologies[timer.ref]
    breaches.open_fault(
        draft,
        "unsigned_apology",
        state.promises[apology.promise],
        apology.agency,
        state.tasks.get(apology.task) if apology.task is not None else None,
        apology.sign_by,
        apology=apology.no,
    )


def _do_automatic(draft: Draft, timer: Timer) -> None:
    """A machine's step is done as soon as it is reached."""
    task = draft.state.tasks[timer.ref]
    outcome = step_of(draft, task).ways[0]
    done = complete(draft, task, outcome.id)
    set_facts(draft, outcome.sets)
    go_on(draft, done, outcome)


_DUTIES: dict[Duty, Callable[[Draft, Timer], None]] = {
    Duty.NEARLY_DUE: _alert,
    Duty.ASK_APOLOGY: _ask_apology,
    Duty.DEEM_CONSENT: lambda draft, timer: deem_consent(draft, timer.ref),
    Duty.STEP_OVERDUE: _alert,
    Duty.NOT_ACKNOWLEDGED: _alert,
    Duty.SUPPLEMENT_LAPSE: lambda draft, timer: lapse_supplement(draft, timer.ref),
    Duty.BREAK_PROMISE: _break,
    Duty.UNSIGNED_APOLOGY: _unsigned,
    Duty.DO_AUTOMATIC: _do_automatic,
}
