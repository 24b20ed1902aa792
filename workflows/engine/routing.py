"""Where an outcome leads: the next steps, parallel branches and their joins, several agencies, the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said
from sla.limits import parse_limit
from workflows.definitions.model import Outcome, Step, StepKind
from workflows.engine.clockwork import fulfil_stage
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.promising import fits_until, step_due
from workflows.engine.state import Task, TaskStatus

OFFICE_ACKNOWLEDGE = parse_limit("4 working_hour")
"""How soon a file must be acknowledged where the procedure says nothing: an office's own choice [M]."""

_TAKES_A_FILE = frozenset({StepKind.HUMAN, StepKind.OPINION})


def begin(draft: Draft, *, send: bool) -> None:
    """Open the first step after acceptance."""
    _arrive(draft, draft.plan.first, None, (), send=send)


def advance(
    draft: Draft, task: Task, outcome: Outcome, agencies: Sequence[str] = (), *, send: bool = True
) -> None:
    """Go where the outcome of a finished task leads.

    1. Every arc whose condition holds is taken; arcs marked ``otherwise`` only when none was.
    2. An end is reached: a negative one closes the dossier at once, a positive one when nothing else lives.
    3. Joins that nothing can reach any more open.
    """
    arcs = draft.plan.arcs_taken(outcome, draft.conditions)
    if not arcs:
        raise Conflict(
            Said(
                "Kết quả “{outcome}” không dẫn tới bước nào với thông tin hiện có của hồ sơ.",
                outcome=outcome.name,
            ),
            code="no_way_on",
            where=f"{task.step}.{outcome.id}",
            hint="Báo người quản trị thủ tục: định nghĩa thiếu nhánh còn lại (otherwise).",
        )
    ends = [arc.to for arc in arcs if arc.to not in draft.plan.steps]
    for end in ends:
        if not draft.plan.definition.ends[end].positive:
            finish(draft, end, task)
            return
    for arc in arcs:
        if arc.to in draft.plan.steps:
            _arrive(draft, draft.plan.steps[arc.to], task, agencies, send=send)
    _open_ready_joins(draft)
    if draft.state.live_tasks():
        return
    if draft.state.arrivals:
        waiting = ", ".join(draft.plan.steps[step].name for step in draft.state.arrivals)
        raise Conflict(
            Said("Bước “{waiting}” chờ một nhánh không còn thực hiện được.", waiting=waiting),
            code="join_stuck",
            where=waiting,
            hint="Báo người quản trị thủ tục: điểm hội tụ (join) của định nghĩa không thể hoàn thành.",
        )
    finish(draft, ends[-1] if ends else _usual_end(draft), task)


def finish(draft: Draft, end: str, task: Task | None) -> None:
    """The processing is over: fulfil the promise, then close."""
    fulfil_stage(draft, task.no if task else None)
    draft.emit(Kind.FINISHED, end=end, positive=draft.plan.definition.ends[end].positive)


def _usual_end(draft: Draft) -> str:
    return next(key for key, end in draft.plan.definition.ends.items() if end.positive)


def _arrive(draft: Draft, step: Step, source: Task | None, agencies: Sequence[str], *, send: bool) -> None:
    if step.join is None:
        open_step(draft, step, source, agencies, send=send)
    else:
        draft.emit(Kind.JOIN_REACHED, step=step.id, task=source.no if source else 0)


def _open_ready_joins(draft: Draft) -> None:
    for step_id in list(draft.state.arrivals):
        step = draft.plan.steps[step_id]
        arrived = draft.state.arrivals[step_id]
        if _join_complete(draft, step, arrived):
            open_step(draft, step, draft.state.tasks[arrived[-1]], (), joins=True)


def _join_complete(draft: Draft, step: Step, arrived: list[int]) -> bool:
    """Whether a join has all it waits for: the listed steps, or every branch that can still reach it."""
    state = draft.state
    if step.join != "all":
        came_from = {state.tasks[no].step for no in arrived}
        return came_from >= set(step.join or ())
    under_way = {task.step for task in state.live_tasks()} | {
        batch.step for batch in state.batches.values() if batch.to_come
    }
    waiting_elsewhere = {other for other in state.arrivals if other != step.id}
    return not draft.plan.may_still_reach(under_way | waiting_elsewhere, step.id)


def open_step(
    draft: Draft,
    step: Step,
    source: Task | None,
    agencies: Sequence[str] = (),
    *,
    send: bool = True,
    joins: bool = False,
) -> None:
    """Open a step at its agency, or at each of its agencies, all at once or one after another."""
    participant = draft.plan.definition.participants[step.agency]
    bound = draft.state.bindings.get(step.agency, [])
    if not participant.many:
        open_task(draft, step, bound[0], source, send=send, joins=joins)
        return
    chosen = list(agencies) or bound
    if not chosen:
        raise BadInput(
            Said(
                "Bước “{step}” cần chọn cơ quan ({participant}).",
                step=step.name,
                participant=participant.name,
            ),
            code="agencies_needed",
            where=step.id,
            hint="Nêu các cơ quan khi hoàn thành bước trước (agencies).",
        )
    for code in chosen:
        draft.env.directory.agency(code)
    number = len(draft.state.batches) + 1
    draft.emit(
        Kind.BATCH_OPENED,
        batch=number,
        step=step.id,
        opened_by=source.no if source else None,
        agencies=chosen,
    )
    now = chosen[:1] if step.send == "sequential" else chosen
    for index, code in enumerate(now):
        open_task(draft, step, code, source, send=send, joins=joins and index == 0, batch=number)


def open_task(
    draft: Draft,
    step: Step,
    agency: str,
    source: Task | None,
    *,
    send: bool = True,
    joins: bool = False,
    batch: int | None = None,
    left: int | None = None,
) -> Task:
    """Open one task of a step. The file is sent when it goes from one agency's people to another's; after a
    payment, an opinion or a child dossier it never left, and the task is open at once."""
    state, plan = draft.state, draft.plan
    sender = source.agency if source is not None else state.desk
    gives_file = source is None or source.kind == StepKind.HUMAN
    moves = gives_file and step.kind in _TAKES_A_FILE and sender != agency
    limit = plan.step_limit(step, draft.conditions)
    number = len(state.tasks) + 1
    earlier = [
        task
        for task in state.tasks.values()
        if task.step == step.id and task.agency == agency and task.asked_by is None
    ]
    carried = left if left is not None else _left_over(earlier)
    allotted = str(limit) if limit else None
    due_at = None if moves else step_due(draft, agency, allotted, carried)
    draft.emit(
        Kind.STEP_OPENED,
        task=number,
        step=step.id,
        kind=step.kind.value,
        agency=agency,
        role=step.role.value,
        stage=plan.stage_of(step),
        counted=step.counted,
        allotted=allotted,
        opened_by=source.no if source else None,
        status=TaskStatus.READY.value if moves else TaskStatus.OPEN.value,
        visit=len(earlier) + 1,
        batch=batch,
        sender=sender,
        in_transit=plan.definition.handover.in_transit.value,
        due_at=due_at,
        fits_until=fits(draft, step, due_at),
        left=carried,
        silence=step.silence.value,
        owner=_owner_of(step),
        joins=joins,
    )
    task = state.tasks[number]
    if moves and send:
        send_task(draft, task)
    if step.kind is StepKind.PAYMENT:
        draft.emit(
            Kind.PAYMENT_ASKED,
            no=len(state.payments) + 1,
            amount=None,
            pauses=False,
            task=number,
            agency=agency,
        )
    if step.kind is StepKind.DOSSIER:
        draft.emit(Kind.MEMBER_REQUESTED, task=number, procedure=step.member, agency=agency)
    return task


def _left_over(earlier: list[Task]) -> int | None:
    """What an earlier visit left of the allotment: being sent back does not refill it."""
    return earlier[-1].left if earlier else None


def _owner_of(step: Step) -> str:
    if step.kind is StepKind.PAYMENT:
        return "applicant"
    return step.owner if step.kind is StepKind.OUTSIDE else "agency"


def fits(draft: Draft, step: Step | None, due_at: datetime | None) -> datetime | None:
    """Until when a step fits before the running appointment; None when none runs."""
    promise = draft.state.current_promise()
    if step is None or not step.counted or promise is None or promise.status != "running":
        return None
    return fits_until(draft, step.id, due_at, promise.due_at)


def send_task(draft: Draft, task: Task) -> None:
    """Send the file on. In transit its time belongs to whom the hand-over rule says."""
    state, rule = draft.state, draft.plan.definition.handover
    within = str(rule.acknowledge_within or OFFICE_ACKNOWLEDGE)
    due_at = None
    if task.in_transit == "receiver":
        due_at = step_due(draft, task.agency, task.allotted, task.left)
    draft.emit(
        Kind.SENT,
        handoff=len(state.handoffs) + 1,
        task=task.no,
        from_task=task.opened_by,
        **{"from": task.sender or state.desk, "to": task.agency},
        acknowledge_by=step_due(draft, task.agency, within),
        due_at=due_at,
        fits_until=fits(draft, draft.plan.steps.get(task.step), due_at),
    )
