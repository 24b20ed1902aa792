"""Allocating dossier codes without gaps or doubles.

The counter is raised in the transaction that registers the dossier: until that commits nobody else gets a
number of the series, and when it fails the number was never given.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.numbering.formats import format_on
from dossiers.numbering.models import CounterRow


def next_code(
    connection: Connection, agency: str, day: date, *, chosen: str | None = None, owner: str = "00"
) -> str:
    """The next code of an agency for dossiers received on ``day``."""
    code_format = format_on(day, chosen)
    number = _next_number(connection, f"{code_format.id}:{agency}", day)
    return code_format.write(agency, day, number, owner)


def _next_number(connection: Connection, series: str, day: date) -> int:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(CounterRow)
        .values(series=series, day=day, last=1)
        .on_conflict_do_update(index_elements=["series", "day"], set_={"last": CounterRow.last + 1})
        .returning(CounterRow.last)
    )
    return int(connection.execute(statement).scalar_one())
