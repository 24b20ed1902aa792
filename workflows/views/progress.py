"""How far a dossier is: all that somebody who is not known may see of it (TT 01/2018/TT-VPCP, 16.2.d)."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from workflows.engine.plan import Plan
from workflows.engine.state import Phase, State, TaskStatus
from workflows.office import Office
from workflows.service import find, load


class ProgressRead(BaseModel):
    """All that somebody who is not known may see of a dossier."""

    code: str
    percent: int = Field(ge=0, le=100, description="Mức độ hoàn thành, theo số bước đã xong")


def progress(office: Office, connection: Connection, code: str) -> ProgressRead:
    """How far a dossier is. Raises ``NotFound`` (``dossier_unknown``)."""
    state = load(connection, find(connection, code)).state
    plan = office.plan(connection, state.procedure, state.version)
    return ProgressRead(code=state.code, percent=percent_done(state, plan))


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
