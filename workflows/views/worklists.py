"""The lists of an agency's desk: what I have to do, what the unit has, what is on its way, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    Subquery,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from dossiers.people.models import ApplicantRow
from dossiers.records.models import DossierRow, HandoffRow, TaskRow
from sla.figures import one_of
from workflows.definitions.model import StepKind
from workflows.engine.draft import Actor
from workflows.engine.state import OwnerKind, TaskStatus
from workflows.office import Office
from workflows.views.inbox import LAST, TaskLine, task_line
from workflows.views.lists import found_by
from workflows.views.models import Named
from workflows.views.paging import Page, read_cursor, write_cursor

MOST_COUNTED = 1000
"""Lists longer than this are not counted to the end."""

_LIVE = (TaskStatus.READY.value, TaskStatus.SENT.value, TaskStatus.OPEN.value)
_OTHERS_DO = (StepKind.PAYMENT.value, StepKind.DOSSIER.value, StepKind.OUTSIDE.value)
"""Steps an agency watches but does not do."""

_AT_HAND = (TaskStatus.SENT.value, TaskStatus.OPEN.value)
_SOURCE = aliased(TaskRow)
_OF_TASK = aliased(DossierRow)
"""The dossier of a task, asked beside the one a filter may have joined."""

_ON_THE_WAY = (HandoffRow.received_at.is_(None), HandoffRow.sent_back_at.is_(None))


class Which(StrEnum):
    """The lists of the desk."""

    MINE = "mine"
    TEAM = "team"
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a list is narrowed to. ``due_before``: only what falls due before this instant.

    ``official`` is an official's id, or ``nobody`` for what nobody took.
    """

    words: str = ""
    procedure: str = ""
    official: str = ""
    due_before: datetime | None = None


NOBODY = "nobody"


class WorkLine(TaskLine):
    """A task in a list of the desk."""

    applicant: str
    sender: Named | None = Field(description="Nơi gửi, khi hồ sơ đang trên đường")
    sent_at: datetime | None
    acknowledge_by: datetime | None
    waits_for: str = Field(description="applicant, opinion, receiver, payment, dossier, outside hoặc trống")


def worklist(
    office: Office,
    connection: Connection,
    at: datetime,
    actor: Actor,
    which: Which,
    narrow: Narrow | None = None,
    *,
    cursor: str | None = None,
    size: int = 50,
) -> Page[WorkLine]:
    """One list, the most urgent first."""
    reference = office.reference(connection)
    ours = _ours(office, connection, actor)
    due = func.coalesce(TaskRow.due_at, LAST).label("urgency")
    chosen = _narrowed(select(TaskRow.dossier_id, TaskRow.no, due), narrow or Narrow()).where(
        _belongs(which, actor, ours)
    )
    after = read_cursor(cursor)
    if after is not None:
        chosen = chosen.where(tuple_(due, TaskRow.dossier_id, TaskRow.no) > after)
    page = chosen.order_by(due, TaskRow.dossier_id, TaskRow.no).limit(size + 1).subquery()
    rows = list(connection.execute(_lines(page)))
    directory = reference.directory
    items = [
        WorkLine(
            **task_line(office, connection, reference, at, row),
            applicant=row.applicant,
            sender=Named(code=row.from_agency, name=directory.name(row.from_agency))
            if row.from_agency
            else None,
            sent_at=row.sent_at,
            acknowledge_by=row.acknowledge_by,
            waits_for=_waits_for(row),
        )
        for row in rows[:size]
    ]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.due_at or LAST, last.dossier_id, last.no) if last else None)


def counts(office: Office, connection: Connection, actor: Actor) -> dict[Which, int]:
    """How long each list is, in one question; at most ``MOST_COUNTED``."""
    ours = _ours(office, connection, actor)
    parts = []
    for which in Which:
        limited = select(TaskRow.no).where(_belongs(which, actor, ours)).limit(MOST_COUNTED).subquery()
        parts.append(select(func.count()).select_from(limited).scalar_subquery().label(which.value))
    row = connection.execute(select(*parts)).one()
    return {which: getattr(row, which.value) for which in Which}


def procedures_at_work(office: Office, connection: Connection, actor: Actor) -> list[Named]:
    """The procedures of the unit's live tasks (of the first ``MOST_COUNTED``), to choose from."""
    ours = _ours(office, connection, actor)
    live = (
        select(TaskRow.dossier_id)
        .where(TaskRow.agency.in_(ours), TaskRow.status.in_(_LIVE))
        .limit(MOST_COUNTED)
        .subquery()
    )
    statement = (
        select(DossierRow.procedure, func.max(DossierRow.version).label("version"))
        .join(live, live.c.dossier_id == DossierRow.id)
        .group_by(DossierRow.procedure)
        .order_by(DossierRow.procedure)
    )
    return [
        Named(
            code=row.procedure,
            name=office.plan(connection, row.procedure, row.version).definition.name,
        )
        for row in connection.execute(statement)
    ]


def held_by(connection: Connection, officials: Sequence[str]) -> dict[str, int]:
    """How many open tasks each of these officials has taken."""
    statement = (
        select(TaskRow.official, func.count())
        .where(TaskRow.official.in_(officials), TaskRow.status == TaskStatus.OPEN.value)
        .group_by(TaskRow.official)
    )
    return {str(official): int(number) for official, number in connection.execute(statement)}


def _lines(page: Subquery) -> Select[Any]:
    """The tasks of one page with their dossier, applicant and the hand-over that is on its way."""
    return (
        select(
            *TaskRow.__table__.c,
            DossierRow.code,
            DossierRow.procedure,
            DossierRow.version,
            DossierRow.status.label("dossier_status"),
            DossierRow.due_at.label("dossier_due_at"),
            DossierRow.owner,
            ApplicantRow.name.label("applicant"),
            HandoffRow.from_agency,
            HandoffRow.sent_at,
            HandoffRow.acknowledge_by,
        )
        .select_from(page)
        .join(TaskRow, and_(TaskRow.dossier_id == page.c.dossier_id, TaskRow.no == page.c.no))
        .join(DossierRow, DossierRow.id == TaskRow.dossier_id)
        .join(ApplicantRow, ApplicantRow.id == DossierRow.applicant)
        .outerjoin(
            HandoffRow,
            and_(HandoffRow.dossier_id == TaskRow.dossier_id, HandoffRow.task == TaskRow.no, *_ON_THE_WAY),
        )
        .order_by(page.c.urgency, TaskRow.dossier_id, TaskRow.no)
    )


def _ours(office: Office, connection: Connection, actor: Actor) -> list[str]:
    return list(office.reference(connection).directory.below(actor.agency or ""))


def _belongs(which: Which, actor: Actor, ours: list[str]) -> ColumnElement[bool]:
    """What a list holds, asked of the tasks alone: everything else only of those it can concern."""
    status = TaskRow.status
    match which:
        case Which.MINE:
            roles = [role.value for role in actor.roles]
            unclaimed = and_(TaskRow.official.is_(None), TaskRow.role.in_(roles))
            return and_(
                TaskRow.agency == (actor.agency or ""),
                one_of(status, *_AT_HAND),
                TaskRow.kind.not_in(_OTHERS_DO),
                or_(TaskRow.due_at.is_not(None), ~_for_applicant()),
                or_(TaskRow.official == actor.id, unclaimed),
            )
        case Which.TEAM:
            return and_(TaskRow.agency.in_(ours), one_of(status, *_AT_HAND))
        case Which.INCOMING:
            return and_(TaskRow.agency.in_(ours), one_of(status, TaskStatus.SENT.value))
        case Which.OUTGOING:
            from_task = (_SOURCE.dossier_id == TaskRow.dossier_id, _SOURCE.no == TaskRow.opened_by)
            source = select(_SOURCE.agency).where(*from_task).scalar_subquery()
            desk = select(_OF_TASK.desk).where(_OF_TASK.id == TaskRow.dossier_id).scalar_subquery()
            return and_(status == TaskStatus.READY.value, func.coalesce(source, desk).in_(ours))
        case Which.WAITING:
            return tuple_(TaskRow.dossier_id, TaskRow.no).in_(_waiting(ours))


def _for_applicant() -> ColumnElement[bool]:
    """Whether the task's dossier waits for the applicant; its tasks then have no date."""
    return exists().where(_OF_TASK.id == TaskRow.dossier_id, _OF_TASK.owner == OwnerKind.APPLICANT.value)


def _waiting(ours: list[str]) -> CompoundSelect[Any]:
    """Files of ours nobody received yet, opinions we asked for, and our tasks that others hold up."""
    on_the_way = (
        select(HandoffRow.dossier_id, HandoffRow.task)
        .join(TaskRow, and_(TaskRow.dossier_id == HandoffRow.dossier_id, TaskRow.no == HandoffRow.task))
        .where(
            HandoffRow.from_agency.in_(ours),
            *_ON_THE_WAY,
            TaskRow.agency.not_in(ours),
            TaskRow.status == TaskStatus.SENT.value,
        )
    )
    asked = (
        select(TaskRow.dossier_id, TaskRow.no)
        .join(_SOURCE, and_(_SOURCE.dossier_id == TaskRow.dossier_id, _SOURCE.no == TaskRow.asked_by))
        .where(
            TaskRow.asked_by.is_not(None),
            TaskRow.status == TaskStatus.OPEN.value,
            _SOURCE.agency.in_(ours),
        )
    )
    held_up = select(TaskRow.dossier_id, TaskRow.no).where(
        TaskRow.agency.in_(ours),
        TaskRow.status == TaskStatus.OPEN.value,
        or_(TaskRow.kind.in_(_OTHERS_DO), and_(TaskRow.due_at.is_(None), _for_applicant())),
    )
    return union_all(on_the_way, asked, held_up)


def _narrowed(statement: Select[Any], narrow: Narrow) -> Select[Any]:
    """The tasks a filter leaves; the dossier is asked only when it is about it, and words as everywhere."""
    words = narrow.words.strip()
    if narrow.procedure:
        statement = statement.join(DossierRow, DossierRow.id == TaskRow.dossier_id).where(
            DossierRow.procedure == narrow.procedure
        )
    if narrow.official:
        nobody = narrow.official == NOBODY
        statement = statement.where(
            TaskRow.official.is_(None) if nobody else TaskRow.official == narrow.official
        )
    if narrow.due_before is not None:
        statement = statement.where(TaskRow.due_at < narrow.due_before)
    if words:
        statement = statement.where(found_by(words, TaskRow.dossier_id))
    return statement


def _waits_for(row: Any) -> str:
    """What stands between this task and being done by its agency."""
    if row.status == TaskStatus.SENT.value:
        return "receiver"
    if row.owner == OwnerKind.APPLICANT.value:
        return "applicant"
    if row.asked_by is not None:
        return "opinion"
    return str(row.kind) if row.kind in _OTHERS_DO else ""
