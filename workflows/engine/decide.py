"""Deciding: a command on a state gives events, or is refused with the reason. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.core.errors import Conflict
from dossiers.core.said import Said
from dossiers.history.events import Event
from workflows import commands as c
from workflows.engine import apologies, closing, corrections, intake, ledger, opinions, papers, steps, waits
from workflows.engine.clockwork import settle
from workflows.engine.draft import CLOCK_SKEW, Actor, Draft, Env, NewText
from workflows.engine.effects import Effect, settled
from workflows.engine.kinds import Kind
from workflows.engine.plan import Plan
from workflows.engine.state import Phase, State
from workflows.engine.ticking import tick


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the events, the state after them, texts to keep beside the history, messages owed."""

    events: tuple[Event, ...]
    state: State
    texts: tuple[NewText, ...]
    effects: tuple[Effect, ...] = ()


def register(
    env: Env,
    dossier_id: UUID,
    command: c.Register,
    actor: Actor,
    at: datetime,
    *,
    code: str,
    applicant_kind: str,
    parent: UUID | None = None,
    parent_task: int | None = None,
) -> Decision:
    """Decide on a registration: the first events of a new dossier."""
    draft = Draft(env, State(dossier_id), actor, at)
    draft.require_delegated(command.kind)
    intake.register(
        draft,
        command,
        code=code,
        applicant_kind=applicant_kind,
        parent=parent,
        parent_task=parent_task,
    )
    settle(draft)
    tick(draft)
    return _decision(draft)


def decide(
    env: Env, state: State, command: c.Command, actor: Actor, at: datetime, *, target: Plan | None = None
) -> Decision:
    """Decide on a command. ``state`` is consumed: use the one in the decision afterwards.

    What fell due before ``at`` is done first, so a command always meets the dossier as it stands by law.
    ``target`` is the plan of the version a migration moves to. Refusals are raised as ``MotcuaError``.
    """
    if state.last_at is not None and state.last_at - CLOCK_SKEW <= at < state.last_at:
        at = state.last_at
    if state.last_at is not None and at < state.last_at:
        if isinstance(command, c.Tick):
            return Decision((), state, ())
        raise Conflict(
            Said("Thời điểm của lệnh sớm hơn sự kiện cuối của hồ sơ {state}.", state=state.code),
            code="before_last_event",
            where="at",
            details={"last_at": state.last_at.isoformat()},
        )
    draft = Draft(env, state, actor, at)
    tick(draft)
    if isinstance(command, c.Tick):
        return _decision(draft)
    draft.require_delegated(command.kind)
    if isinstance(command, c.Migrate):
        if target is None:
            raise Conflict("Chưa có phiên bản đích.", code="version_unknown", where="to_version")
        corrections.migrate(draft, command, target)
    else:
        _HANDLERS[command.kind](draft, command)
    settle(draft)
    tick(draft)
    return _decision(draft)


def _decision(draft: Draft) -> Decision:
    return Decision(tuple(draft.events), draft.state, tuple(draft.texts), tuple(settled(draft.effects)))


def _member_closed(draft: Draft, command: c.MemberClosed) -> None:
    """The child dossier behind a step is done: so is the step."""
    if draft.state.phase is not Phase.PROCESSING:
        return
    task = draft.live_task(command.task)
    step = steps.step_of(draft, task)
    wanted = "done" if command.positive else "failed"
    outcome = draft.plan.outcome(step, wanted) or step.ways[0]
    done = steps.complete(draft, task, outcome.id)
    steps.set_facts(draft, outcome.sets)
    steps.go_on(draft, done, outcome)


def _member_clock(draft: Draft, command: c.MemberClock) -> None:
    task = draft.state.tasks.get(command.task)
    if task is None or not task.is_live or task.member_waits == command.waits:
        return
    draft.emit(Kind.MEMBER_WAITING if command.waits else Kind.MEMBER_WORKING, task=task.no)


_HANDLERS: dict[str, Callable[[Draft, Any], None]] = {
    c.Accept.kind: intake.accept,
    c.Refuse.kind: intake.refuse,
    c.AskSupplement.kind: waits.ask_supplement,
    c.ReceiveSupplement.kind: waits.receive_supplement,
    c.AskPayment.kind: waits.ask_payment,
    c.ConfirmPayment.kind: waits.confirm_payment,
    c.CollectFee.kind: waits.collect_fee,
    c.WaiveFee.kind: waits.waive_fee,
    c.Send.kind: steps.send,
    c.Receive.kind: steps.receive,
    c.ReturnToSender.kind: steps.return_to_sender,
    c.TakeOver.kind: steps.take_over,
    c.FinishStep.kind: steps.finish_step,
    c.Decide.kind: steps.finish_step,
    c.TakeBack.kind: steps.take_back,
    c.AskOpinion.kind: opinions.ask_opinion,
    c.AnswerOpinion.kind: opinions.answer_opinion,
    c.Attach.kind: papers.attach,
    c.RemoveFile.kind: papers.remove_file,
    c.GiveBack.kind: closing.give_back,
    c.Withdraw.kind: closing.withdraw,
    c.Stop.kind: closing.stop,
    c.Reopen.kind: closing.reopen,
    c.DraftApology.kind: apologies.draft_apology,
    c.ReturnApology.kind: apologies.return_apology,
    c.SignApology.kind: apologies.sign_apology,
    c.Reappoint.kind: apologies.reappoint,
    c.ExplainFault.kind: ledger.explain_fault,
    c.AcknowledgeFault.kind: ledger.acknowledge_fault,
    c.CloseFault.kind: ledger.close_fault,
    c.CorrectFault.kind: ledger.correct_fault,
    c.Correct.kind: corrections.correct,
    c.Recalculate.kind: corrections.recalculate,
    c.Note.kind: corrections.note,
    c.MemberClosed.kind: _member_closed,
    c.MemberClock.kind: _member_clock,
}
