"""Consulting other agencies: as a step of the procedure, or asked for along the way."""

from __future__ import annotations

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said
from sla.limits import parse_limit
from workflows.commands import AnswerOpinion, AskOpinion
from workflows.definitions.model import Silence, StepKind
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.promising import minutes_left, step_due
from workflows.engine.state import Task, TaskStatus
from workflows.engine.steps import complete, go_on, refuse_while_waiting, step_of


def ask_opinion(draft: Draft, command: AskOpinion) -> None:
    """Ask agencies for an opinion; their time is cut out of the asking step's own."""
    task = draft.live_task(command.task)
    draft.require(Role(task.role), task.agency, Said("Lấy ý kiến"))
    if task.status is not TaskStatus.OPEN or task.kind != StepKind.HUMAN:
        raise Conflict(
            Said(
                "Bước “{step_name}” chưa được nhận nên chưa thể lấy ý kiến.", step_name=draft.step_name(task)
            ),
            code="not_received",
            where=f"task {task.no}",
        )
    refuse_while_waiting(draft, task)
    limit = parse_limit(command.limit)
    if limit.amount <= 0:
        raise BadInput("Thời hạn cho ý kiến phải lớn hơn 0.", code="limit_zero", where="limit")
    if len(set(command.agencies)) != len(command.agencies) or task.agency in command.agencies:
        raise BadInput(
            "Mỗi cơ quan chỉ hỏi một lần và không hỏi chính cơ quan mình.",
            code="agencies_wrong",
            where="agencies",
        )
    for code in command.agencies:
        draft.env.directory.agency(code)
    content = draft.text(command.content)
    draft.emit(
        Kind.OPINION_ASKED,
        task=task.no,
        agencies=list(command.agencies),
        limit=str(limit),
        content=content,
        silence="consent" if command.silence_is_consent else "nothing",
    )
    for code in command.agencies:
        _open(draft, task, code, str(limit), consent=command.silence_is_consent)


def _open(draft: Draft, task: Task, agency: str, limit: str, *, consent: bool) -> None:
    draft.emit(
        Kind.STEP_OPENED,
        task=len(draft.state.tasks) + 1,
        step=task.step,
        kind=StepKind.OPINION.value,
        agency=agency,
        role=Role.OFFICER.value,
        stage=task.stage,
        counted=task.counted,
        allotted=limit,
        opened_by=task.no,
        status=TaskStatus.OPEN.value,
        visit=1,
        sender=task.agency,
        due_at=step_due(draft, agency, limit),
        silence=(Silence.CONSENT if consent else Silence.NOTHING).value,
        asked_by=task.no,
    )


def answer_opinion(draft: Draft, command: AnswerOpinion) -> None:
    """Answer a request for an opinion, or an opinion step."""
    task = draft.live_task(command.task)
    if task.kind != StepKind.OPINION:
        raise Conflict("Đây không phải yêu cầu cho ý kiến.", code="other_command", where=f"task {task.no}")
    draft.require((Role.OFFICER, Role.UNIT_HEAD, Role.HEAD, Role.LEADER), task.agency, Said("Cho ý kiến"))
    if draft.state.open_supplement() is not None:
        raise Conflict("Hồ sơ đang chờ người nộp bổ sung.", code="waiting_for_supplement")
    draft.emit(
        Kind.OPINION_ANSWERED,
        task=task.no,
        outcome="agrees" if command.agrees else "disagrees",
        left=minutes_left(draft, task),
        official=draft.actor.id if draft.actor.kind == "official" else None,
        content=draft.text(command.content),
    )
    _after(draft, draft.state.tasks[task.no])


def deem_consent(draft: Draft, number: int) -> None:
    """An agency whose silence is consent has let its time pass."""
    task = draft.state.tasks[number]
    done = complete(draft, task, "consent", kind=Kind.OPINION_DEEMED)
    _after(draft, done)


def _after(draft: Draft, task: Task) -> None:
    if task.asked_by is None:
        go_on(draft, task, step_of(draft, task).ways[0])
