"""Why a date is what it is: the working of a promise, computed again from what history recorded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.errors import Conflict, NotFound
from dossiers.core.said import Said
from dossiers.history import repository as history
from dossiers.history.events import Link
from sla.calendars.book import CalendarBook
from sla.deadline import Pause, due
from sla.limits import parse_limit
from sla.lines import moment
from sla.working_time import WorkingCalendar
from workflows.engine.kinds import Kind
from workflows.engine.plan import Plan
from workflows.engine.state import Promise, State
from workflows.office import Office, Reference
from workflows.views.dossier import state_of
from workflows.views.models import Explanation
from workflows.views.words_of_time import why_paused


def explain(
    office: Office, connection: Connection, dossier_id: UUID, promise_no: int | None = None
) -> Explanation:
    """The working of a promise (the last judged one by default), by the version of the procedure and of the
    calendar it was made on.

    Raises ``NotFound`` (``promise_unknown``), or ``Conflict`` (``promise_not_computed``) for a date that was
    given and not computed, such as a re-appointment.
    """
    links = history.links_of(connection, dossier_id)
    if not links:
        raise NotFound("Không có hồ sơ này.", code="dossier_unknown", where=str(dossier_id))
    reference = office.reference(connection)
    return explain_of(office, connection, reference, state_of(dossier_id, links), links, promise_no)


def explain_of(
    office: Office,
    connection: Connection,
    reference: Reference,
    state: State,
    links: list[Link],
    promise_no: int | None = None,
) -> Explanation:
    """As ``explain``, of a dossier whose history is at hand."""
    promise = _chosen(state, promise_no)
    if promise.limit is None:
        raise Conflict(
            Said("Lịch hẹn số {promise} do người ký ấn định, không tính từ thời hạn.", promise=promise.no),
            code="promise_not_computed",
            where=f"promise {promise.no}",
        )
    plan = office.plan(connection, state.procedure, _version_then(links, promise))
    return working_of(state, promise, plan, reference.calendars)


def working_of(state: State, promise: Promise, plan: Plan, calendars: CalendarBook) -> Explanation:
    """The working of a promise that was counted from a limit."""
    assert promise.limit is not None
    rule = plan.definition.clock
    calendar = calendars.by_id(promise.calendar)
    deadline = due(
        promise.base,
        parse_limit(promise.limit),
        rule.rule,
        calendar,
        pauses=_pauses_known(state, plan, promise.base, promise.made_at),
        outside_hours=rule.outside_hours,
        day_end=rule.day_end,
    )
    return Explanation(
        promise=promise.no,
        due_at=promise.due_at,
        calendar=promise.calendar,
        rule=rule.rule.value,
        limit=promise.limit,
        provisional=promise.provisional,
        lines=[line.as_dict() | {"text": line.text} for line in deadline.lines],
        since=_since(state, plan, promise, calendar),
    )


def _since(state: State, plan: Plan, promise: Promise, calendar: WorkingCalendar) -> str:
    """What came of the promise after it was made, where it no longer stands as it was."""
    later = [item for item in state.promises.values() if item.no > promise.no]
    pause = state.open_pause()
    if later:
        last = later[-1]
        said: str = Said(
            "Nay theo lịch hẹn số {last}: {due_at}.",
            last=last.no,
            due_at=moment(calendar.to_local(last.due_at)),
        )
    elif pause is not None and not state.phase.is_closed:
        since = moment(calendar.to_local(pause.opened_at))
        said = Said(
            "Đang tạm dừng từ {since} ({why_paused}); ngày hẹn tính lại khi hết dừng.",
            since=since,
            why_paused=why_paused(plan, pause.reason),
        )
    else:
        said = ""
    return said


def _version_then(links: list[Link], promise: Promise) -> int:
    """The version of the procedure the dossier was on when the promise was made."""
    version = 0
    for event in (link.event for link in links):
        if event.kind == Kind.REGISTERED:
            version = event.payload["version"]
        elif event.kind == Kind.MIGRATED:
            version = event.payload["to_version"]
        elif event.kind == Kind.PROMISE_MADE and event.payload["promise"] == promise.no:
            break
    return version


def _chosen(state: State, promise_no: int | None) -> Promise:
    if promise_no is None:
        computed = [item for item in state.promises.values() if item.judged]
        promise = computed[-1] if computed else None
    else:
        promise = state.promises.get(promise_no)
    if promise is None:
        raise NotFound(
            Said("Hồ sơ {state} chưa có lịch hẹn này.", state=state.code),
            code="promise_unknown",
            where=f"promise {promise_no or ''}".strip(),
        )
    return promise


def _pauses_known(state: State, plan: Plan, base: datetime, until: datetime) -> tuple[Pause, ...]:
    return tuple(
        Pause(
            max(item.opened_at, base), item.closed_at, reason=why_paused(plan, item.reason), basis=item.basis
        )
        for item in state.pauses.values()
        if item.closed_at is not None and base < item.closed_at <= until
    )
