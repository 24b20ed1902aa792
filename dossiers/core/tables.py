"""The table behind a mapped class, typed as the table it is."""

from __future__ import annotations

from sqlalchemy import Table

from dossiers.core.base import Base


def table_of(model: type[Base]) -> Table:
    """The table a class is mapped to."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
