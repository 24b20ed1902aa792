"""What opens under a row of the head's board: the working of its date, the split of minutes, its letters.

The histories of all rows of a page are read by one question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from dossiers.core.errors import MotcuaError
from dossiers.history import repository as history
from dossiers.records.models import DossierRow
from workflows.engine.evolve import fold
from workflows.engine.state import Apology, Promise
from workflows.office import Office
from workflows.views.explaining import explain_of
from workflows.views.models import Explanation
from workflows.views.splitting import LatenessRead, lateness_of


@dataclass(frozen=True, slots=True)
class Opened:
    """One dossier. ``refusal`` says why there is no working; ``promise`` is the one a head may re-appoint."""

    seq: int
    working: Explanation | None
    refusal: str
    lateness: LatenessRead
    letters: tuple[Apology, ...]
    promise: Promise | None


def opened(office: Office, connection: Connection, codes: Sequence[str], at: datetime) -> dict[str, Opened]:
    """What opens under each of these dossiers."""
    found = select(DossierRow.id, DossierRow.code).where(DossierRow.code.in_(codes))
    ids = {row.id: row.code for row in connection.execute(found)}
    reference = office.reference(connection)
    shown: dict[str, Opened] = {}
    for dossier, links in history.chains_of(connection, list(ids)).items():
        state = fold(dossier, (link.event for link in links))
        plan = office.plan(connection, state.procedure, state.version)
        working, refusal = None, ""
        try:
            working = explain_of(office, connection, reference, state, links)
        except MotcuaError as error:
            refusal = error.message
        judged = state.judged_promise()
        shown[ids[dossier]] = Opened(
            seq=state.seq,
            working=working,
            refusal=refusal,
            lateness=lateness_of(reference, state, plan, at),
            letters=tuple(each for each in state.apologies.values() if each.withdrawn_at is None),
            promise=judged if judged is not None and judged.status == "running" else None,
        )
    return shown
