"""The dossier's clock: starting, stopping, going on, and the stages that each have a promise.

``settle`` runs after every command: it looks at where the dossier stands and says what that means for the
clock. Handlers never touch the clock themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sla.deadline import is_late
from workflows.engine import breaches, promising
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.state import OwnerKind, Phase, Task, TaskStatus


def settle(draft: Draft) -> None:
    """Bring the clock in line with where the dossier stands: start, stop, go on, next stage."""
    state, clock = draft.state, draft.state.clock
    if state.phase is not Phase.PROCESSING:
        return
    live = [task for task in state.live_tasks() if task.asked_by is None]
    counting = [task for task in live if task.counts]
    held = state.open_supplement() is not None or state.pausing_payment() is not None
    may_run = bool(counting) and not held
    stage = _furthest_stage(draft, counting or live)
    if clock.stage is None:
        if may_run and _trigger_met(draft):
            _start(draft, stage)
        return
    if _comes_after(draft, stage, clock.stage):
        fulfil_stage(draft)
        if may_run:
            _start(draft, stage)
            return
    may_run = may_run and not clock.stage_done
    if clock.running and not may_run:
        _pause(draft)
    elif may_run and not clock.running:
        _resume(draft)


def fulfil_stage(draft: Draft, last: int | None = None) -> None:
    """The running stage's promise is fulfilled now: kept, or broken and its lateness split.

    ``last`` is the task whose end closes the dossier, when that is what fulfils it.
    """
    state = draft.state
    if state.clock.stage is None or state.clock.stage_done:
        return
    promises = [each for each in (state.judged_promise(), state.reappointment()) if each is not None]
    for each in promises:
        if each.status == "running" and is_late(draft.at, each.due_at):
            breaches.break_promise(draft, each)
    for each in promises:
        if each.status == "broken":
            breaches.settle_lateness(draft, each, last)
    kept = [each.no for each in promises if each.status != "broken"]
    draft.emit(Kind.PROMISE_KEPT, promises=kept)
    breaches.withdraw_apologies(draft, kept)


def _start(draft: Draft, stage: str) -> None:
    base = _base(draft)
    draft.emit(Kind.CLOCK_STARTED, stage=stage, base=base)
    promising.promise(draft, "first", base)


def _base(draft: Draft) -> datetime:
    """Where counting begins: now, or the next session when the procedure's cut-off has passed."""
    cut_off, at = draft.plan.definition.clock.cut_off, _received(draft)
    if cut_off is None:
        return at
    calendar = promising.calendar_of(draft)
    local = calendar.to_local(at)
    if f"{local:%H:%M}" <= cut_off or not calendar.is_working_day(local.date()):
        return at
    return calendar.roll_forward(calendar.local(local.date() + timedelta(days=1)))


def _received(draft: Draft) -> datetime:
    """Now, or when the dossier was received if it is entered only now (NĐ 118/2025/NĐ-CP, art. 17.3)."""
    state = draft.state
    entered = any(event.kind == Kind.ACCEPTED for event in draft.events)
    if not entered or state.clock.trigger is not None or state.accepted_at is None:
        return draft.at
    return min(state.accepted_at, draft.at)


def _trigger_met(draft: Draft) -> bool:
    """Whether what starts the clock has happened: acceptance, or receipt by the competent agency."""
    trigger = draft.state.clock.trigger
    if trigger is None:
        return True
    within = draft.env.directory.is_within
    return any(
        task.status is TaskStatus.OPEN and within(task.agency, trigger) for task in draft.state.live_tasks()
    )


def _furthest_stage(draft: Draft, tasks: list[Task]) -> str:
    order = draft.plan.stage_order
    first = draft.plan.stage_of(draft.plan.first)
    return max((task.stage for task in tasks), key=lambda stage: order.get(stage, 0), default=first)


def _comes_after(draft: Draft, stage: str, running: str) -> bool:
    order = draft.plan.stage_order
    return order.get(stage, 0) > order.get(running, 0)


def _pause(draft: Draft) -> None:
    """Stop the clock; every task it stops keeps what is left of its allotment."""
    state = draft.state
    supplement = state.open_supplement()
    owner, reason, basis = _why_stopped(draft)
    left = {
        str(task.no): promising.minutes_left(draft, task)
        for task in state.live_tasks()
        if task.due_at is not None and (task.counts or supplement is not None)
    }
    draft.emit(
        Kind.CLOCK_PAUSED,
        pause=len(state.pauses) + 1,
        reason=reason,
        basis=basis,
        owner=owner.value,
        effect=supplement.effect if supplement else "pause",
        expected_until=supplement.cap_at if supplement else None,
        left=left,
    )


def _why_stopped(draft: Draft) -> tuple[OwnerKind, str, str]:
    state, rule = draft.state, draft.plan.definition.supplement
    if state.open_supplement() is not None:
        return OwnerKind.APPLICANT, "supplement", rule.basis if rule else ""
    if state.pausing_payment() is not None:
        return OwnerKind.APPLICANT, "payment", ""
    waiting = next((task for task in state.live_tasks() if task.asked_by is None), None)
    if waiting is None:
        return OwnerKind.NOBODY, "nothing_to_do", ""
    step = draft.plan.steps.get(waiting.step)
    owner = OwnerKind.OUTSIDE if waiting.owner == "outside" else OwnerKind.APPLICANT
    return owner, f"step:{waiting.step}", step.not_counted_basis if step else ""


def _resume(draft: Draft) -> None:
    """Let the clock go on: from where it stood, or from zero when the supplement restarts it."""
    state = draft.state
    stopped = state.open_pause()
    restarts = stopped is not None and stopped.effect == "restart"
    dues = {
        str(task.no): promising.step_due(draft, task.agency, task.allotted, None if restarts else task.left)
        for task in state.live_tasks()
        if task.due_at is None and task.allotted and task.status is not TaskStatus.READY
    }
    draft.emit(
        Kind.CLOCK_RESUMED,
        pause=stopped.no if stopped else None,
        base=_base(draft) if restarts else None,
        dues=dues,
    )
    _promise_again(draft, restarts)


def _promise_again(draft: Draft, restarts: bool) -> None:
    """A promise that stood still is replaced by one that says the new date; a broken one stays broken."""
    state = draft.state
    judged, again = state.judged_promise(), state.reappointment()
    if judged is not None and judged.status == "suspended":
        replaces = [judged.no]
        if restarts and again is not None and again.status == "suspended":
            replaces.append(again.no)
        base = state.clock.window_from or draft.at
        promising.promise(draft, "restarted" if restarts else "resumed", base, replaces=replaces)
        breaches.withdraw_apologies(draft, replaces)
    again = state.reappointment()
    if again is not None and again.status == "suspended":
        calendar = promising.calendar_of(draft)
        stopped_at = max(item.opened_at for item in state.pauses.values())
        left = calendar.between(stopped_at, again.due_at, when_reversed="zero")
        promising.repeat(draft, again, calendar.add(draft.at, minutes=left), "resumed")
        breaches.withdraw_apologies(draft, [again.no])
