"""Moving running dossiers to other rules, many at once, with a dry run: a new version, or a new calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, select

from dossiers.core.errors import MotcuaError
from dossiers.records.models import DossierRow
from sla.deadline import is_late
from sla.records.models import PromiseRow
from workflows.commands import Command, Migrate, Recalculate
from workflows.engine.decide import decide
from workflows.engine.draft import Actor
from workflows.engine.state import State
from workflows.office import Office, Reference
from workflows.service import execute, load

Progress = Callable[[int], None]


class Move(BaseModel):
    """One dossier: its date before and after, or why it cannot be moved."""

    dossier: str
    competent: str
    due_before: datetime | None
    due_after: datetime | None
    becomes_late: bool = False
    stops_being_late: bool = False
    refused: str | None = None
    reason: str | None = None


def migrate_running(
    office: Office,
    code: str,
    to_version: int,
    actor: Actor,
    at: datetime,
    *,
    reason: str,
    dry_run: bool,
    progress: Progress | None = None,
) -> list[Move]:
    """Move every running dossier of a procedure to a version; each in a transaction of its own.

    Raises ``Conflict`` (``version_not_published``).
    """
    with office.database.reading() as connection:
        office.reference(connection).published(code, to_version)
        ids = list(
            connection.execute(
                select(DossierRow.id)
                .where(DossierRow.procedure == code, DossierRow.phase == "processing")
                .where(DossierRow.version != to_version)
                .order_by(DossierRow.registered_at, DossierRow.id)
            ).scalars()
        )
    command = Migrate(to_version=to_version, reason=reason)
    return _move_all(office, ids, command, actor, at, dry_run, progress)


def recalculate_running(
    office: Office,
    calendar: str,
    actor: Actor,
    at: datetime,
    *,
    reason: str,
    dry_run: bool,
    progress: Progress | None = None,
) -> list[Move]:
    """Compute anew every running promise made on an earlier version of a calendar."""
    with office.database.reading() as connection:
        current = office.reference(connection).calendars.current(calendar).id
        ids = list(
            connection.execute(
                select(PromiseRow.dossier_id)
                .where(PromiseRow.status == "running", PromiseRow.judged.is_(True))
                .where(PromiseRow.calendar.startswith(f"{calendar}@"), PromiseRow.calendar != current)
                .order_by(PromiseRow.due_at, PromiseRow.dossier_id)
            ).scalars()
        )
    return _move_all(office, ids, Recalculate(reason=reason), actor, at, dry_run, progress)


def _move_all(
    office: Office,
    ids: list[UUID],
    command: Command,
    actor: Actor,
    at: datetime,
    dry_run: bool,
    progress: Progress | None,
) -> list[Move]:
    moves = []
    for number, dossier_id in enumerate(ids, start=1):
        with office.database.writing() if not dry_run else office.database.reading() as connection:
            moves.append(move_one(office, connection, dossier_id, command, actor, at, dry_run=dry_run))
        if progress is not None:
            progress(number)
    return moves


def move_one(
    office: Office,
    connection: Connection,
    dossier_id: UUID,
    command: Command,
    actor: Actor,
    at: datetime,
    *,
    dry_run: bool,
    reference: Reference | None = None,
) -> Move:
    """Move one dossier, or only say what would become of it: by other reference data, when given."""
    before = load(connection, dossier_id).state
    was = _due(before)
    move = Move(dossier=before.code, competent=before.competent, due_before=was, due_after=was)
    try:
        if dry_run:
            after = _decided(office, connection, before, command, actor, at, reference)
        else:
            execute(office, connection, dossier_id, command, actor, at)
            after = load(connection, dossier_id).state
    except MotcuaError as refusal:
        return move.model_copy(update={"refused": refusal.code, "reason": refusal.message})
    due_after = _due(after)
    late_before = was is not None and is_late(at, was)
    late_after = due_after is not None and is_late(at, due_after)
    return move.model_copy(
        update={
            "due_after": due_after,
            "becomes_late": late_after and not late_before,
            "stops_being_late": late_before and not late_after,
        }
    )


def _decided(
    office: Office,
    connection: Connection,
    state: State,
    command: Command,
    actor: Actor,
    at: datetime,
    reference: Reference | None,
) -> State:
    plan = office.plan(connection, state.procedure, state.version)
    target = None
    if isinstance(command, Migrate):
        target = office.plan(connection, state.procedure, command.to_version)
    return decide(office.env(connection, plan, reference), state, command, actor, at, target=target).state


def _due(state: State) -> datetime | None:
    promise = state.judged_promise()
    return promise.due_at if promise is not None else None
