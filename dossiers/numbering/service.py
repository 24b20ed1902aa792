"""Allocating dossier codes without gaps or doubles.

The counter is raised in the transaction that registers the dossier: until that commits nobody else gets a
number of the series, and when it fails the number was never given.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Date, bindparam, text

from dossiers.numbering.formats import format_on


def next_code(
    connection: Connection, agency: str, day: date, *, chosen: str | None = None, owner: str = "00"
) -> str:
    """The next code of an agency for dossiers received on ``day``."""
    code_format = format_on(day, chosen)
    number = next_number(connection, f"{code_format.id}:{agency}", day)
    return code_format.write(agency, day, number, owner)


_NEXT = text(
    "INSERT INTO counters (series, day, last) VALUES (:series, :day, 1) "
    "ON CONFLICT (series, day) DO UPDATE SET last = counters.last + 1 RETURNING last"
).bindparams(bindparam("day", type_=Date))


def next_number(connection: Connection, series: str, day: date) -> int:
    """The next number of a series that begins again every day."""
    return int(connection.execute(_NEXT, {"series": series, "day": day}).scalar_one())
