"""Who has a dossier in hand and since when, and why it is late in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from dossiers.agencies.directory import Directory
from dossiers.core.said import Said
from dossiers.records.models import TaskRow
from sla.figures import one_of
from sla.lines import moment
from sla.records.models import SpanRow
from sla.working_time import WorkingCalendar
from workflows.engine.plan import Plan
from workflows.engine.state import OwnerKind
from workflows.views.durations import length


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose the clock is, of which task, and since when. ``waiting``: the task is not received yet."""

    owner: str
    agency: str | None = None
    since: datetime | None = None
    task_agency: str | None = None
    step: str | None = None
    official: str | None = None
    waiting: str | None = None


def holdings(connection: Connection, ids: Sequence[UUID], plans: Mapping[UUID, Plan]) -> dict[UUID, Holding]:
    """Who has each of these open dossiers now."""
    spans = {
        row.dossier_id: row
        for row in connection.execute(
            select(SpanRow.__table__).where(SpanRow.dossier_id.in_(ids), SpanRow.until.is_(None))
        )
    }
    tasks: dict[UUID, dict[int, Any]] = {}
    live = select(TaskRow.__table__).where(
        TaskRow.dossier_id.in_(ids), one_of(TaskRow.status, "ready", "sent", "open")
    )
    for row in connection.execute(
        live.order_by(TaskRow.dossier_id, TaskRow.due_at.nulls_first(), TaskRow.no)
    ):
        tasks.setdefault(row.dossier_id, {})[row.no] = row
    return {each: held(spans.get(each), tasks.get(each, {}), plans[each]) for each in ids}


def held(span: Any | None, tasks: Mapping[int, Any], plan: Plan) -> Holding:
    """Who has a dossier by the running span of its clock and its live tasks; of several the one due last."""
    if span is None:
        return Holding(OwnerKind.NOBODY)
    task = tasks.get(span.task) or next(reversed(list(tasks.values())), None)
    if task is None:
        return Holding(span.owner, span.agency, span.since)
    step = plan.steps.get(task.step)
    return Holding(
        span.owner,
        span.agency,
        span.since,
        task.agency,
        step.name if step else task.step,
        task.official,
        None if task.status == "open" else str(task.status),
    )


def why(
    holding: Holding, directory: Directory, calendar: WorkingCalendar, *, past: int | None, left: int | None
) -> str:
    """In a line: who has it, on what, since when, and how far past (or before) the appointment it is."""
    if past is not None:
        when = Said("đã quá hẹn {length}", length=length(past))
    else:
        when = Said("còn {length} nữa đến hẹn", length=length(left or 0))
    return Said("{who}; {when}.", who=_who(holding, directory, calendar), when=when)


def _who(holding: Holding, directory: Directory, calendar: WorkingCalendar) -> str:
    since = ""
    if holding.since is not None:
        since = Said(" từ {since}", since=moment(calendar.to_local(holding.since)))
    step = Said("bước “{step}”", step=holding.step) if holding.step else Said("hồ sơ")
    agency = directory.name(holding.agency)
    if holding.owner == OwnerKind.NOBODY:
        return Said("Hồ sơ đã kết thúc")
    if holding.owner == OwnerKind.APPLICANT:
        return Said("Chờ người nộp{since}", since=since)
    if holding.owner == OwnerKind.OUTSIDE:
        return Said("Chờ cơ quan ngoài: {agency}, {step},{since}", agency=agency, step=step, since=since)
    if holding.waiting == "sent":
        return Said(
            "{agency} chưa nhận bàn giao {step}{since}",
            agency=directory.name(holding.task_agency),
            step=step,
            since=since,
        )
    if holding.waiting == "ready":
        return Said("{agency} chưa chuyển hồ sơ sang {step}{since}", agency=agency, step=step, since=since)
    return Said("{agency} giữ {step}{since}", agency=agency, step=step, since=since)
