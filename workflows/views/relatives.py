"""The group a dossier is part of, and the dossiers it is made of."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, or_, select

from dossiers.records.models import DossierRow
from dossiers.records.statuses import Status
from workflows.engine.state import State
from workflows.office import Office
from workflows.views.models import Named, StatusRead
from workflows.views.sight import Sight, seen


class RelativeRead(BaseModel):
    """A dossier of the same group."""

    code: str
    procedure: Named
    status: StatusRead
    is_parent: bool
    seen: bool
    """Whether the reader may open it."""


def relatives(office: Office, connection: Connection, state: State, sight: Sight) -> list[RelativeRead]:
    """The dossier this one is part of, then those it is made of."""
    statement = (
        select(DossierRow)
        .with_only_columns(
            DossierRow.id, DossierRow.code, DossierRow.procedure, DossierRow.version, DossierRow.status
        )
        .where(
            or_(DossierRow.parent == state.id, DossierRow.id == UUID(state.parent))
            if state.parent
            else DossierRow.parent == state.id
        )
        .order_by(DossierRow.code)
    )
    rows = list(connection.execute(statement))
    open_to_reader = seen(connection, [row.id for row in rows], sight) if rows else {}
    return [
        RelativeRead(
            code=row.code,
            procedure=Named(
                code=row.procedure,
                name=office.plan(connection, row.procedure, row.version).definition.name,
            ),
            status=StatusRead(code=row.status, name=Status(row.status).label),
            is_parent=str(row.id) == state.parent,
            seen=row.id in open_to_reader,
        )
        for row in rows
    ]
