"""People's work on steps: take over, finish, decide, send, receive, give back, take back."""

from __future__ import annotations

from collections.abc import Sequence

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said, joined
from sla.deadline import is_late
from workflows.commands import Decide, FinishStep, Receive, ReturnToSender, Send, TakeBack, TakeOver
from workflows.definitions.model import Outcome, Step, StepKind
from workflows.engine import routing
from workflows.engine.draft import Actor, Draft
from workflows.engine.facts import check_facts
from workflows.engine.kinds import Kind
from workflows.engine.promising import minutes_left, recast, step_due
from workflows.engine.state import Handoff, Task, TaskStatus

_BY_OTHER_COMMANDS = {
    StepKind.PAYMENT: ("confirm_payment", Said("Xác nhận đã nộp")),
    StepKind.OPINION: ("answer_opinion", Said("Cho ý kiến")),
    StepKind.DOSSIER: ("member_closed", Said("việc này tự hoàn thành khi hồ sơ thành phần xong")),
}


def take_over(draft: Draft, command: TakeOver) -> None:
    """Take a task on, or give it to a colleague of the same agency.

    What a colleague has taken on is theirs until they, or the head of the unit, give it to another.
    """
    task = draft.live_task(command.task)
    official_id = command.official or draft.actor.id
    official = draft.env.directory.official(official_id)
    role = Role(task.role)
    given = official_id != draft.actor.id
    if not given:
        draft.require(role, task.agency, Said("Nhận xử lý"))
        _refuse_taking_from_a_colleague(draft, task)
    elif draft.actor.id != task.official:
        draft.require((Role.UNIT_HEAD, Role.HEAD), task.agency, Said("Giao việc"))
    if task.agency not in {where for where, _ in official.roles}:
        raise Conflict(
            Said(
                "{official} không làm việc tại {agency}.",
                official=official.name,
                agency=draft.env.directory.name(task.agency),
            ),
            code="official_elsewhere",
            where=official_id,
        )
    draft.emit(Kind.STEP_TAKEN, task=task.no, official=official_id)


def _refuse_taking_from_a_colleague(draft: Draft, task: Task) -> None:
    """Refuse (``task_taken``) what somebody who still works here has; the head of the unit may take it."""
    actor, directory = draft.actor, draft.env.directory
    if task.official in (None, actor.id) or actor.kind == "system" or actor.has(Role.UNIT_HEAD):
        return
    holder = directory.official(task.official)
    if not holder.active or not holder.roles_in(task.agency):
        return
    raise Conflict(
        Said(
            "Công việc số {task} ({step_name}) đã có {holder} nhận.",
            task=task.no,
            step_name=draft.step_name(task),
            holder=holder.name,
        ),
        code="task_taken",
        where=f"task {task.no}",
        hint=Said("Đề nghị {holder} giao lại, hoặc trưởng đơn vị phân công lại.", holder=holder.name),
        details={"official": holder.id, "official_name": holder.name},
    )


def finish_step(draft: Draft, command: FinishStep) -> None:
    """Finish a step with an outcome and go where it leads."""
    task = _task_in_hand(draft, command.task)
    step = step_of(draft, task)
    if step.kind is not StepKind.OUTSIDE or draft.actor.agency != draft.state.desk:
        draft.require(Role(task.role), task.agency, Said("Hoàn thành bước “{step}”", step=step.name))
    if step.kind in _BY_OTHER_COMMANDS:
        kind, title = _BY_OTHER_COMMANDS[step.kind]
        raise Conflict(
            Said("Bước “{step}” không hoàn thành bằng lệnh này: {title}.", step=step.name, title=title),
            code="other_command",
            where=step.id,
            hint=Said("Dùng lệnh {kind}.", kind=kind),
        )
    decides = isinstance(command, Decide)
    if decides != step.decides:
        needed = (
            Said("là bước quyết định; dùng lệnh decide")
            if step.decides
            else Said("không phải bước quyết định")
        )
        raise Conflict(
            Said("Bước “{step}” {needed}.", step=step.name, needed=needed),
            code="other_command",
            where=step.id,
        )
    outcome = _outcome_of(draft, step, command.outcome)
    if outcome.needs_reason and not command.reason:
        raise BadInput(
            Said("Kết quả “{outcome}” cần nêu lý do.", outcome=outcome.name),
            code="reason_needed",
            where="reason",
        )
    refuse_while_waiting(draft, task)
    result = None
    if isinstance(command, Decide) and (command.result_number or command.result_name):
        result = {"number": command.result_number, "name": command.result_name}
    done = complete(draft, task, outcome.id, reason=command.reason, result=result)
    set_facts(draft, {**outcome.sets, **command.facts})
    go_on(draft, done, outcome, command.agencies, send=command.send)


def complete(
    draft: Draft,
    task: Task,
    outcome: str,
    *,
    kind: Kind = Kind.STEP_FINISHED,
    reason: str | None = None,
    result: dict[str, str] | None = None,
    **more: object,
) -> Task:
    """Record that a task is done, with what is left of its allotment."""
    draft.emit(
        kind,
        task=task.no,
        outcome=outcome,
        left=minutes_left(draft, task),
        official=draft.actor.id if draft.actor.kind == "official" else None,
        reason=draft.text(reason) if reason else None,
        result=result,
        **more,
    )
    return draft.state.tasks[task.no]


def go_on(
    draft: Draft, task: Task, outcome: Outcome, agencies: tuple[str, ...] = (), *, send: bool = True
) -> None:
    """After a task: the next agency of its batch, or, when all are done, where the outcome leads."""
    batch = draft.state.batches.get(task.batch) if task.batch is not None else None
    if batch is not None:
        if batch.to_come:
            step = step_of(draft, task)
            routing.open_task(draft, step, batch.to_come[0], task, send=send, batch=batch.no)
            return
        if any(draft.state.tasks[no].is_live for no in batch.tasks):
            return
    routing.advance(draft, task, outcome, agencies, send=send)


def set_facts(draft: Draft, facts: dict[str, bool | int | str]) -> None:
    """Record what is now known of the case; the promise is computed anew when its limit depends on it."""
    new = {name: value for name, value in facts.items() if draft.state.facts.get(name) != value}
    if not new:
        return
    check_facts(draft.plan.definition, new)
    draft.emit(Kind.FACTS_SET, facts=new)
    recast(draft, "case")


def send(draft: Draft, command: Send) -> None:
    """Send a file that lies ready."""
    task = draft.live_task(command.task)
    if task.status is not TaskStatus.READY:
        raise Conflict(
            Said("Công việc số {task} đã chuyển rồi hoặc không cần chuyển.", task=task.no),
            code="nothing_to_send",
            where=f"task {task.no}",
        )
    sender = task.sender or draft.state.desk
    draft.require(list(Role), sender, Said("Chuyển hồ sơ"))
    routing.send_task(draft, task)


def receive(draft: Draft, command: Receive) -> None:
    """Acknowledge a file; the verdict on the sender's step is the receiver's to write (form 06)."""
    task = draft.live_task(command.task)
    if task.status is not TaskStatus.SENT or task.handoff is None:
        state = Said("chưa được chuyển đến") if task.status is TaskStatus.READY else Said("đã nhận rồi")
        raise Conflict(
            Said("Hồ sơ ở công việc số {task} {state}.", task=task.no, state=state),
            code="nothing_to_receive",
            where=f"task {task.no}",
        )
    draft.require(list(Role), task.agency, Said("Nhận bàn giao"))
    handoff = draft.state.handoffs[task.handoff]
    due_at = task.due_at
    if task.in_transit == "sender":
        due_at = step_due(draft, task.agency, task.allotted, task.left)
    draft.emit(
        Kind.RECEIVED,
        handoff=handoff.no,
        official=draft.actor.id if draft.actor.kind == "official" else None,
        verdict=verdict(draft, handoff),
        due_at=due_at,
        fits_until=routing.fits(draft, draft.plan.steps.get(task.step), due_at),
    )


def verdict(draft: Draft, handoff: Handoff) -> str | None:
    """How the sender's step was done: early (a day or more before), on time, or late."""
    sender = draft.state.tasks.get(handoff.from_task) if handoff.from_task is not None else None
    if sender is None or sender.due_at is None or sender.finished_at is None:
        return None
    if is_late(sender.finished_at, sender.due_at):
        return "late"
    to_local = draft.env.working_time(sender.agency).to_local
    early = to_local(sender.finished_at).date() < to_local(sender.due_at).date()
    return "early" if early else "on_time"


def return_to_sender(draft: Draft, command: ReturnToSender) -> None:
    """Give a file back to the agency it came from; what is left of each allotment stays as it is."""
    task = draft.live_task(command.task)
    draft.require(list(Role), task.agency, Said("Trả lại nơi gửi"))
    if task.handoff is None or task.status is TaskStatus.READY:
        raise Conflict(
            Said("Công việc số {task} không nhận từ cơ quan khác nên không có nơi để trả lại.", task=task.no),
            code="nothing_to_return",
            where=f"task {task.no}",
            hint="Trong cùng đơn vị: chọn kết quả trả lại của bước này, nếu có; "
            "khi bước này chưa ai nhận thì người làm bước trước tự thu hồi.",
        )
    if task.batch is not None:
        raise Conflict(
            "Bước do nhiều cơ quan cùng thực hiện không trả lại được; hãy ghi kết quả hoặc ý kiến.",
            code="nothing_to_return",
            where=f"task {task.no}",
        )
    refuse_while_waiting(draft, task)
    source = draft.state.tasks.get(task.opened_by) if task.opened_by is not None else None
    if source is None or source.step not in draft.plan.steps:
        raise Conflict(
            "Hồ sơ đến thẳng từ nơi tiếp nhận; dùng yêu cầu bổ sung nếu hồ sơ còn thiếu.",
            code="nothing_to_return",
            where=f"task {task.no}",
        )
    draft.emit(
        Kind.SENT_BACK,
        handoff=task.handoff,
        reason=draft.text(command.reason),
        left=minutes_left(draft, task),
    )
    routing.open_task(draft, step_of(draft, source), source.agency, draft.state.tasks[task.no])


def take_back(draft: Draft, command: TakeBack) -> None:
    """Undo a finished step while nothing it led to has been acted on: a counter-entry, not an erasure."""
    task = draft.state.tasks.get(command.task)
    if task is None or task.status is not TaskStatus.DONE or task.asked_by is not None:
        raise Conflict(
            "Chỉ thu hồi được bước đã hoàn thành.", code="nothing_to_take_back", where=f"task {command.task}"
        )
    draft.require(Role(task.role), task.agency, Said("Thu hồi bước vừa chuyển"))
    opened = [
        item
        for item in draft.state.tasks.values()
        if item.opened_by == task.no and item.asked_by is None and not item.taken_back
    ]
    reason = _why_not_taken_back(draft, task, opened)
    if reason is not None:
        raise Conflict(
            Said(
                "Bước “{step_name}” không thu hồi được nữa: {reason}.",
                step_name=draft.step_name(task),
                reason=reason[0],
            ),
            code="already_acted_on",
            where=f"task {task.no}",
            hint=reason[1],
        )
    due_at = step_due(draft, task.agency, task.allotted, task.left)
    draft.emit(
        Kind.STEP_REVERTED,
        task=task.no,
        cancels=[item.no for item in opened if item.is_live],
        due_at=due_at,
        fits_until=routing.fits(draft, draft.plan.steps.get(task.step), due_at),
        reason=draft.text(command.reason),
    )


def _why_not_taken_back(draft: Draft, task: Task, opened: Sequence[Task]) -> tuple[str, str] | None:
    """Why a finished step stays finished, and what can be done instead; None when it may be taken back."""
    if draft.state.phase.is_closed:
        return Said("hồ sơ đã kết thúc"), Said("Cần làm tiếp thì mở lại hồ sơ.")
    if task.batch is not None:
        return Said("bước này do nhiều cơ quan cùng thực hiện"), Said("Ghi kết quả đúng ở bước sau.")
    acted = next((item for item in opened if _acted_on(item, draft.actor)), None)
    if acted is not None:
        return (
            Said("bước sau, “{step_name}”, đã có người xử lý", step_name=draft.step_name(acted)),
            Said("Đề nghị {agency} trả lại để làm lại.", agency=draft.env.directory.name(acted.agency)),
        )
    if draft.state.clock.stage_done or any(item.stage != task.stage for item in opened):
        return (
            Said("bước này đã kết thúc một giai đoạn có thời hạn riêng"),
            Said("Đề nghị nơi đang giữ hồ sơ trả lại để làm lại."),
        )
    return None


def _acted_on(task: Task, actor: Actor) -> bool:
    """Whether somebody but the actor has begun with a task."""
    if task.status in (TaskStatus.DONE, TaskStatus.CANCELLED) or task.official not in (None, actor.id):
        return True
    return task.status is TaskStatus.OPEN and task.handoff is not None


def step_of(draft: Draft, task: Task) -> Step:
    """The definition's step behind a task."""
    step = draft.plan.steps.get(task.step)
    if step is None:
        raise Conflict(
            Said("Công việc số {task} không thuộc bước nào của quy trình.", task=task.no),
            code="task_without_step",
            where=f"task {task.no}",
        )
    return step


def refuse_while_waiting(draft: Draft, task: Task) -> None:
    """Refuse work on a task while the applicant, or a consulted agency, is being waited for."""
    if draft.state.open_supplement() is not None:
        raise Conflict(
            "Hồ sơ đang chờ người nộp bổ sung.",
            code="waiting_for_supplement",
            hint="Ghi nhận bổ sung trước (receive_supplement).",
        )
    if draft.state.pausing_payment() is not None:
        raise Conflict(
            "Hồ sơ đang chờ người nộp thực hiện nghĩa vụ tài chính.",
            code="waiting_for_payment",
            hint="Xác nhận đã nộp trước (confirm_payment).",
        )
    consulted = draft.state.opinions_for(task)
    if consulted:
        names = ", ".join(draft.env.directory.name(item.agency) for item in consulted)
        raise Conflict(
            Said("Bước này đang chờ ý kiến của: {names}.", names=names),
            code="waiting_for_opinion",
            where=f"task {task.no}",
        )


def _task_in_hand(draft: Draft, no: int) -> Task:
    task = draft.live_task(no)
    if task.asked_by is not None:
        raise Conflict(
            "Đây là yêu cầu cho ý kiến; dùng lệnh answer_opinion.", code="other_command", where=f"task {no}"
        )
    if task.status is not TaskStatus.OPEN:
        where = (
            Said("chưa được chuyển đi")
            if task.status is TaskStatus.READY
            else Said("chưa được nhận bàn giao")
        )
        raise Conflict(
            Said("Hồ sơ ở bước “{step_name}” {where}.", step_name=draft.step_name(task), where=where),
            code="not_received",
            where=f"task {no}",
            hint=Said(
                "{agency} nhận bàn giao trước (receive).", agency=draft.env.directory.name(task.agency)
            ),
            details={"could": [{"agency": task.agency, "command": "receive"}]},
        )
    return task


def _outcome_of(draft: Draft, step: Step, outcome_id: str) -> Outcome:
    outcome = draft.plan.outcome(step, outcome_id)
    if outcome is None and outcome_id == "done" and len(step.ways) == 1:
        return step.ways[0]
    if outcome is None:
        raise BadInput(
            Said("Bước “{step}” không có kết quả “{outcome_id}”.", step=step.name, outcome_id=outcome_id),
            code="outcome_unknown",
            where="outcome",
            hint=Said(
                "Chọn một trong: {known}.",
                known=joined(", ", (f"{way.id} ({way.name})" for way in step.ways)),
            ),
        )
    return outcome
