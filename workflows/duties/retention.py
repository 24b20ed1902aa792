"""Forgetting what is kept for a short time only. Nothing that proves anything is touched here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from workflows.duties import repository
from workflows.duties.models import Done
from workflows.office import Office

Forget = Callable[[Connection, datetime], int]
"""Deletes what is no longer kept at an instant; how many rows went."""

QUIET_DAYS = 7
"""For how long a run that met nothing is remembered."""

DAYS = 90
"""For how long any other run is remembered."""


def old_runs(connection: Connection, at: datetime) -> int:
    """Runs of duties past their time."""
    return repository.forget(connection, at - timedelta(days=QUIET_DAYS), at - timedelta(days=DAYS))


def forget_all(office: Office, at: datetime, kinds: Mapping[str, Forget]) -> Done:
    """Forget each kind in a transaction of its own."""
    found: dict[str, int] = {}
    for name, forget in kinds.items():
        with office.database.writing() as connection:
            found[name] = forget(connection, at)
    return Done(done=sum(found.values()), found=found)
