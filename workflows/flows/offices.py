"""The office of a process of the machine room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dossiers.core.db import Database
from dossiers.core.settings import settings
from workflows.office import Office


@contextmanager
def own_office() -> Iterator[Office]:
    """The office by the settings of this process."""
    known = settings()
    database = Database(known.database_url, pool_size=known.pool_size)
    try:
        yield Office(database)
    finally:
        database.dispose()
