"""Ending a dossier and taking it up again: give back the result, withdraw, stop, reopen."""

from __future__ import annotations

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said, joined
from workflows.commands import GiveBack, Reopen, Stop, Withdraw
from workflows.engine import routing
from workflows.engine.clockwork import fulfil_stage
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind
from workflows.engine.state import Phase, State, TextRef


def give_back(draft: Draft, command: GiveBack) -> None:
    """Give the result to the applicant."""
    state = draft.state
    if state.phase is Phase.RETURNED:
        raise Conflict("Kết quả đã được trả.", code="already_returned")
    if state.phase is not Phase.FINISHED:
        raise Conflict(
            "Hồ sơ chưa có kết quả để trả.", code="no_result_yet", hint="Hoàn thành các bước còn lại trước."
        )
    draft.require((Role.RECEPTIONIST, Role.CLERK), state.desk, Said("Trả kết quả"))
    _require_receiver(draft, command)
    draft.emit(
        Kind.RETURNED,
        method=command.method,
        receiver=command.receiver,
        proxy=_proxy(draft, command) if command.receiver == "proxy" else None,
        signed=command.signed,
    )


def _require_receiver(draft: Draft, command: GiveBack) -> None:
    """A proxy is known by name, paper and relation; a representative is who handed the dossier in."""
    if command.receiver == "representative" and draft.state.representative is None:
        raise BadInput(
            "Hồ sơ này không có người được uỷ quyền nộp.",
            code="representative_unknown",
            where="receiver",
            hint="Chọn người nộp, hoặc người nhận thay và ghi thông tin của họ.",
        )
    given = {name: getattr(command, name) for name in _PROXY}
    if command.receiver == "proxy":
        missing = next((name for name, value in given.items() if not value), None)
        if missing is not None:
            raise BadInput(
                Said("Người nhận thay: ghi {missing}.", missing=_PROXY[missing]),
                code="receiver_incomplete",
                where=missing,
            )
    elif any(given.values()):
        raise BadInput(
            "Đã ghi thông tin người nhận thay nhưng chưa chọn “Người nhận thay”.",
            code="receiver_contradictory",
            where="receiver",
        )


_PROXY = {
    "proxy_name": Said("họ tên"),
    "proxy_paper": Said("số định danh hoặc số giấy tờ"),
    "proxy_relation": Said("quan hệ với người nộp hoặc giấy uỷ quyền"),
}


def _proxy(draft: Draft, command: GiveBack) -> dict[str, TextRef]:
    """Who received in the applicant's place: kept beside history, each part to be disposed of alone."""
    return {
        "name": draft.text(command.proxy_name),
        "paper": draft.text(command.proxy_paper),
        "relation": draft.text(command.proxy_relation),
    }


def withdraw(draft: Draft, command: Withdraw) -> None:
    """The applicant takes the dossier back while nothing is decided."""
    _only_open(draft, Said("rút"))
    draft.require(Role.RECEPTIONIST, draft.state.desk, Said("Rút hồ sơ"))
    fulfil_stage(draft)
    draft.emit(Kind.WITHDRAWN, reason=draft.text(command.reason), end=None, positive=None)


def stop(draft: Draft, command: Stop) -> None:
    """Stop the processing: the desk, or the head of the agency that holds the file."""
    _only_open(draft, Said("dừng"))
    state = draft.state
    holder = state.spans[-1].owner.agency if state.spans else None
    if draft.actor.agency in (holder, state.competent) and draft.actor.agency != state.desk:
        draft.require((Role.HEAD, Role.LEADER), draft.actor.agency or "", Said("Dừng giải quyết"))
    else:
        draft.require(Role.RECEPTIONIST, state.desk, Said("Dừng giải quyết"))
    fulfil_stage(draft)
    draft.emit(Kind.STOPPED, reason=draft.text(command.reason), end="stop", positive=False)


def reopen(draft: Draft, command: Reopen) -> None:
    """Take up a closed dossier again. The time it was closed does not count; what was late stays late."""
    state = draft.state
    if not state.phase.is_closed:
        raise Conflict("Hồ sơ đang được giải quyết.", code="not_closed")
    if state.phase in (Phase.RETURNED, Phase.REFUSED):
        raise Conflict(
            "Hồ sơ đã trả kết quả hoặc bị từ chối tiếp nhận thì không mở lại; hãy đăng ký hồ sơ mới.",
            code="cannot_reopen",
        )
    draft.require((Role.HEAD, Role.LEADER), state.competent, Said("Mở lại hồ sơ"))
    step_id = command.step or _last_step(state)
    step = draft.plan.steps.get(step_id)
    if step is None:
        raise BadInput(
            Said("Thủ tục không có bước “{step_id}”.", step_id=step_id),
            code="step_unknown",
            where="step",
            hint=Said("Các bước: {known}.", known=joined(", ", draft.plan.steps)),
        )
    draft.emit(Kind.REOPENED, reason=draft.text(command.reason), step=step_id)
    done = [task for task in state.tasks.values() if task.step == step_id and task.asked_by is None]
    source = done[-1] if done else None
    routing.open_step(draft, step, source, [source.agency] if source else ())


def _last_step(state: State) -> str:
    tasks = [task for task in state.tasks.values() if task.asked_by is None]
    return tasks[-1].step if tasks else ""


def _only_open(draft: Draft, what: str) -> None:
    if draft.state.phase.is_closed:
        raise Conflict(Said("Không {what} được: hồ sơ đã kết thúc.", what=what), code="dossier_closed")
