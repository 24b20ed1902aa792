"""Changing a calendar: first what would move, then the new version and every running date by it.

Looking at many dossiers is done a piece at a time, each noted, so that the work can be watched, stopped and
carried on by another process. A dossier looked at twice is moved once: the second time nothing changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.agencies.models import Role
from dossiers.core.canonical import canonical_json
from dossiers.core.clock import Clock
from dossiers.core.errors import Conflict
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from sla.calendars import service as calendars
from sla.calendars.book import CalendarBook
from sla.calendars.changes import affected_span, next_version
from sla.calendars.loading import resolve
from sla.calendars.model import CalendarVersion
from sla.working_time import working_calendar
from workflows.calendars import repository
from workflows.calendars.models import Stage
from workflows.calendars.repository import Spans
from workflows.commands import Recalculate
from workflows.engine.draft import Actor
from workflows.moving import Move, move_one
from workflows.office import Office

PIECE = 50
CLAIM = timedelta(minutes=2)
_UNMOVED = "nothing_changes"


def propose(
    office: Office, connection: Connection, name: str, what: Mapping[str, Any], actor: Actor, at: datetime
) -> UUID:
    """Keep a change for its preview; ``what`` is what a calendar file that extends this calendar would say.

    Raises ``BadInput`` with a ``calendar_...`` code, ``NotFound`` (``calendar_unknown``) and ``Conflict``
    (``calendar_nothing_changes``).
    """
    book = office.reference(connection).calendars
    base = book.current(name).version
    taken = {version.version for version in book.versions() if version.name == name}
    number = next_version(base.version, taken)
    new = resolve({**what, "extends": name, "name": name, "version": number}, lambda _name: base)
    if replace(new, version=base.version) == base:
        raise Conflict(
            "Thay đổi này không làm lịch khác đi.",
            code="calendar_nothing_changes",
            where=base.id,
            hint="Chọn loại ngày, giờ hoặc tên gọi khác với lịch đang có.",
        )
    change = uuid7(at, office.bits)
    repository.add(
        connection,
        {
            "id": change,
            "calendar": name,
            "base": base.id,
            "version": number,
            "content": canonical_json(new.as_dict()),
            "what": canonical_json(what),
            "stage": Stage.PREVIEWING.value,
            "reason": "",
            "asked_by": actor.id,
            "asked_agency": actor.agency or "",
            "asked_at": at,
            "total": repository.count_touched(connection, _spans(connection, book.with_version(new), new)),
            "looked_at": 0,
        },
    )
    return change


def apply(
    office: Office, connection: Connection, change: UUID, reason: str, actor: Actor, at: datetime
) -> None:
    """Publish the version a change makes; the dossiers are moved by ``carry_on``.

    Raises ``Conflict``: ``calendar_change_not_ready`` before the preview is whole or after it was decided,
    ``calendar_changed_since`` when another version came into force since.
    """
    row = repository.get(connection, change)
    if row.stage != Stage.PREVIEWED.value:
        raise Conflict(
            Said("Lần thay đổi này {stage} nên không áp dụng được.", stage=Stage(row.stage).label),
            code="calendar_change_not_ready",
            where=str(change),
            hint="Tải lại trang để xem đã đến đâu.",
        )
    book = office.reference(connection).calendars
    if book.current(row.calendar).id != row.base:
        raise Conflict(
            Said("Lịch {calendar} đã có phiên bản mới từ lúc xem trước.", calendar=row.calendar),
            code="calendar_changed_since",
            where=book.current(row.calendar).id,
            hint="Làm lại thay đổi trên phiên bản mới để xem trước cho đúng.",
        )
    new = _version_of(row)
    calendars.publish(connection, new, at, reason=reason)
    repository.forget_moves(connection, change)
    repository.set_fields(
        connection,
        change,
        stage=Stage.APPLYING.value,
        reason=reason,
        applied_by=actor.id,
        applied_agency=actor.agency,
        applied_at=at,
        total=repository.count_touched(connection, _spans(connection, book.with_version(new), new)),
        looked_at=0,
        last_seen=None,
        claimed_until=None,
    )


def drop(connection: Connection, change: UUID, at: datetime) -> None:
    """Do not make this change. Raises ``Conflict`` (``calendar_change_not_ready``) once it was applied."""
    row = repository.get(connection, change)
    if row.stage not in (Stage.PREVIEWING.value, Stage.PREVIEWED.value):
        raise Conflict(
            Said("Lần thay đổi này {stage} nên không bỏ được.", stage=Stage(row.stage).label),
            code="calendar_change_not_ready",
            where=str(change),
            hint="Muốn trở lại như trước thì làm một thay đổi mới.",
        )
    repository.forget_moves(connection, change)
    repository.set_fields(connection, change, stage=Stage.DROPPED.value, finished_at=at)


def carry_on(office: Office, change: UUID, clock: Clock, *, seconds: float | None = None) -> bool:
    """Go on looking at the dossiers of a change, for so long; whether nothing is left to do.

    False as well when another process is at it.
    """
    begun = clock()
    with office.database.writing() as connection:
        if not repository.claim(connection, change, begun, begun + CLAIM):
            return False
    while _piece(office, change, clock()):
        if seconds is not None and clock() - begun >= timedelta(seconds=seconds):
            with office.database.writing() as connection:
                repository.set_fields(connection, change, claimed_until=None)
            return False
    return True


def carry_on_all(office: Office, clock: Clock) -> None:
    """Go on with every change that was left half-way, by a process that ended."""
    with office.database.reading() as connection:
        left = repository.at_work(connection)
    for change in left:
        carry_on(office, change, clock)


def _piece(office: Office, change: UUID, at: datetime) -> bool:
    """Look at the next dossiers; false when there are none left."""
    with office.database.reading() as connection:
        row = repository.get(connection, change)
        stage = Stage(row.stage)
        if not stage.is_at_work:
            return False
        new = _version_of(row)
        book = office.reference(connection).calendars.with_version(new)
        spans = _spans(connection, book, new)
        ids = repository.next_touched(connection, spans, row.last_seen, PIECE)
    if not ids:
        _finish(office, change, stage, at)
        return False
    moves = _moves(office, row, book, ids, at)
    with office.database.writing() as connection:
        if repository.get(connection, change).stage != row.stage:
            return False
        repository.put_moves(
            connection,
            change,
            [_as_row(dossier_id, move) for dossier_id, move in moves if move.refused != _UNMOVED],
        )
        repository.set_fields(
            connection,
            change,
            looked_at=row.looked_at + len(ids),
            last_seen=ids[-1],
            claimed_until=at + CLAIM,
        )
    return True


def _finish(office: Office, change: UUID, stage: Stage, at: datetime) -> None:
    with office.database.writing() as connection:
        row = repository.get(connection, change)
        if row.stage != stage.value:
            return
        over = Stage.PREVIEWED if stage is Stage.PREVIEWING else Stage.DONE
        repository.set_fields(
            connection,
            change,
            stage=over.value,
            finished_at=at if over is Stage.DONE else None,
            total=row.looked_at,
            claimed_until=None,
        )


def _moves(
    office: Office, row: Any, book: CalendarBook, ids: list[UUID], at: datetime
) -> list[tuple[UUID, Move]]:
    command = Recalculate(reason=row.reason or "Xem trước thay đổi lịch")
    if row.stage == Stage.APPLYING.value:
        actor = Actor("official", row.applied_by, row.applied_agency, frozenset({Role.ADMINISTRATOR}))
        return [(each, _moved(office, each, command, actor, at)) for each in ids]
    actor = Actor("official", row.asked_by, row.asked_agency, frozenset({Role.ADMINISTRATOR}))
    with office.database.reading() as connection:
        reference = replace(office.reference(connection), calendars=book)
        return [
            (
                each,
                move_one(office, connection, each, command, actor, at, dry_run=True, reference=reference),
            )
            for each in ids
        ]


def _moved(office: Office, dossier_id: UUID, command: Recalculate, actor: Actor, at: datetime) -> Move:
    with office.database.writing() as connection:
        return move_one(office, connection, dossier_id, command, actor, at, dry_run=False)


def _as_row(dossier_id: UUID, move: Move) -> dict[str, Any]:
    fields = move.model_dump(exclude={"dossier", "reason"})
    return {**fields, "dossier_id": dossier_id, "code": move.dossier, "because": move.reason}


def _version_of(row: Any) -> CalendarVersion:
    return CalendarVersion.from_dict(json.loads(row.content))


def _spans(connection: Connection, book: CalendarBook, new: CalendarVersion) -> Spans:
    """Between which instants a count on each version in use may come out differently on the new one."""
    calendar = working_calendar(new)
    found = {}
    for used in repository.calendars_in_use(connection, new.name):
        span = affected_span(book.by_id(used).version, new)
        if span is not None:
            found[used] = (calendar.local(span[0]), calendar.local(span[1]) + timedelta(days=1))
    return found
