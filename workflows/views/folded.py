"""A dossier's history read once and folded once, for everything a page shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.errors import NotFound
from dossiers.history import repository as history
from dossiers.history.events import Link
from dossiers.records import repository as records
from workflows.engine.evolve import fold
from workflows.engine.plan import Plan
from workflows.engine.state import State
from workflows.office import Office, Reference


@dataclass(frozen=True, slots=True)
class Folded:
    """A dossier as its history gives it. Views read ``state`` and never change it."""

    links: list[Link]
    state: State
    plan: Plan
    reference: Reference
    texts: Mapping[str, Any]


def fold_dossier(
    office: Office, connection: Connection, dossier_id: UUID, as_of: datetime | None = None
) -> Folded:
    """The dossier now, or as it stood at ``as_of`` by its history up to then.

    Raises ``NotFound`` (``dossier_unknown``, or ``dossier_unknown_then`` when it was not registered yet).
    """
    links = history.links_of(connection, dossier_id, as_of)
    if not links:
        raise NotFound(
            "Hồ sơ chưa được đăng ký tại thời điểm này." if as_of else "Không có hồ sơ này.",
            code="dossier_unknown_then" if as_of else "dossier_unknown",
            where=records.code_of(connection, dossier_id) or str(dossier_id),
        )
    state = fold(dossier_id, (link.event for link in links))
    return Folded(
        links,
        state,
        office.plan(connection, state.procedure, state.version),
        office.reference(connection),
        history.texts_of(connection, dossier_id),
    )
