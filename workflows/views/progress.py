"""What the applicant may see: to anybody only how far a dossier is; with proof, where it lies and until when.

Who is not known is told the code and the degree of completion and nothing else; who is known sees the own
dossier down to the agency (TT 01/2018/TT-VPCP, art. 16.2.d).
"""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.core.errors import MotcuaError, NotFound
from dossiers.people import repository as people
from workflows.engine.ownership import owner_of
from workflows.engine.plan import Plan
from workflows.engine.projection import status_of
from workflows.engine.state import OwnerKind, Phase, State, TaskStatus
from workflows.office import Office
from workflows.service import find, load
from workflows.views.explaining import explain

PROOF_DIGITS = 4


class ProgressRead(BaseModel):
    """All that somebody who is not known may see of a dossier."""

    code: str
    status: str = Field(description="Trạng thái hồ sơ")
    percent: int = Field(ge=0, le=100, description="Mức độ hoàn thành, theo số bước đã xong")


class LookUpRead(ProgressRead):
    """What the applicant sees of their own dossier."""

    status_code: int = Field(ge=1, le=10)
    procedure: str
    agency: str | None = Field(description="Cơ quan đang giải quyết; không có khi chờ người nộp hoặc đã xong")
    waits_for_you: bool = Field(description="Hồ sơ đang chờ người nộp bổ sung hoặc nộp tiền")
    registered_at: datetime
    due_at: datetime | None = Field(description="Hẹn trả kết quả; không có khi đồng hồ dừng")
    first_due_at: datetime | None = Field(description="Lịch hẹn đầu tiên, ghi trên giấy tiếp nhận")
    provisional: bool
    late: bool
    reappointed: bool = Field(description="Đã xin lỗi và hẹn lại")
    finished_at: datetime | None
    explanation: list[str] = Field(description="Cách tính ngày hẹn, từng dòng")


def progress(office: Office, connection: Connection, code: str) -> ProgressRead:
    """How far a dossier is. Raises ``NotFound`` (``dossier_unknown``)."""
    state = load(connection, find(connection, code)).state
    plan = office.plan(connection, state.procedure, state.version)
    return ProgressRead(code=state.code, status=status_of(state).label, percent=percent_done(state, plan))


def look_up(office: Office, connection: Connection, code: str, proof: str, at: datetime) -> LookUpRead:
    """The dossier of who proves it theirs by the last four of their phone or identity number.

    Raises ``NotFound`` (``look_up_unmatched``), alike for a wrong code and a wrong proof.
    """
    try:
        dossier_id = find(connection, code)
    except NotFound:
        raise _unmatched() from None
    state = load(connection, dossier_id).state
    if not _proves(connection, state, proof):
        raise _unmatched()
    plan = office.plan(connection, state.procedure, state.version)
    directory = office.reference(connection).directory
    owner, status = owner_of(state), status_of(state)
    current = state.current_promise()
    running = current if current is not None and current.status != "suspended" else None
    judged = [promise for promise in state.promises.values() if promise.judged]
    open_ = not state.phase.is_closed
    return LookUpRead(
        code=state.code,
        status=status.label,
        status_code=int(status),
        percent=percent_done(state, plan),
        procedure=plan.definition.name,
        agency=directory.name(owner.agency) if owner.agency and owner.kind is OwnerKind.AGENCY else None,
        waits_for_you=open_ and owner.kind is OwnerKind.APPLICANT,
        registered_at=state.registered_at or at,
        due_at=running.due_at if running else None,
        first_due_at=judged[0].due_at if judged else None,
        provisional=running.provisional if running else False,
        late=any(promise.broken_at for promise in judged),
        reappointed=any(not promise.judged for promise in state.promises.values()),
        finished_at=state.finished_at,
        explanation=_explanation(office, connection, dossier_id),
    )


def percent_done(state: State, plan: Plan) -> int:
    """Steps done out of those done, at hand and still to come on the shortest way; 100 only when closed."""
    if state.phase.is_closed:
        return 100
    if state.phase is not Phase.PROCESSING:
        return 0
    tasks = [task for task in state.tasks.values() if task.asked_by is None]
    done = len({task.step for task in tasks if task.status is TaskStatus.DONE})
    live = {task.step for task in tasks if task.is_live}
    to_come = max((_steps_after(plan, step) for step in live), default=0)
    return 100 * done // max(done + len(live) + to_come, 1)


def _steps_after(plan: Plan, start: str) -> int:
    """How many steps follow on the shortest way to an end at which the applicant gets what was asked."""
    ahead, count, seen, ends = {start}, 0, {start}, plan.definition.ends
    while ahead:
        targets = {
            arc.to
            for step in ahead
            if step in plan.steps
            for way in plan.steps[step].ways
            for arc in way.next
        }
        if any(target in ends and ends[target].positive for target in targets):
            return count
        ahead = targets & plan.steps.keys() - seen
        seen |= ahead
        count += 1
    return count


def _explanation(office: Office, connection: Connection, dossier_id: UUID) -> list[str]:
    try:
        return [str(line["text"]) for line in explain(office, connection, dossier_id).lines]
    except MotcuaError:
        return []


def _proves(connection: Connection, state: State, proof: str) -> bool:
    """Whether the four characters end the phone or identity number of the applicant or representative."""
    given = proof.upper().encode()
    matched = False
    for person in (state.applicant, state.representative):
        if person is None:
            continue
        row = people.get(connection, UUID(person))
        for number in (row.identity_no, row.phone):
            known = "".join(letter for letter in number.upper() if letter.isalnum())[-PROOF_DIGITS:]
            same = hmac.compare_digest(known.encode(), given)
            matched = matched or (same and len(known) == PROOF_DIGITS)
    return matched


def _unmatched() -> NotFound:
    return NotFound(
        "Mã hồ sơ hoặc 4 ký tự cuối không khớp.",
        code="look_up_unmatched",
        hint="Xem mã trên giấy tiếp nhận; nhập 4 ký tự cuối của số điện thoại hoặc số định danh đã khai.",
    )
