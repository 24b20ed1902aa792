"""Queries about agencies, officials and tenures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.agencies.directory import Agency, Binding, Directory, Official, Tenure
from dossiers.agencies.models import (
    AgencyRow,
    BindingRow,
    Capacity,
    OfficialRoleRow,
    OfficialRow,
    Role,
    TenureRow,
)


def load_directory(connection: Connection, revision: str) -> Directory:
    """Read everything the directory holds."""
    roles: dict[str, list[tuple[str, Role]]] = {}
    for row in connection.execute(select(OfficialRoleRow.__table__)):
        roles.setdefault(row.official, []).append((row.agency, Role(row.role)))
    return Directory(
        agencies=[
            Agency(
                row.code, row.name, row.kind, row.parent, row.phone, row.address, row.closed_on is not None
            )
            for row in connection.execute(select(AgencyRow.__table__).order_by(AgencyRow.code))
        ],
        officials=[
            Official(row.id, row.name, row.agency, tuple(roles.get(row.id, ())), row.title, row.active)
            for row in connection.execute(select(OfficialRow.__table__).order_by(OfficialRow.id))
        ],
        tenures=[
            Tenure(row.agency, row.official, Capacity(row.capacity), row.since, row.until)
            for row in connection.execute(select(TenureRow.__table__))
        ],
        bindings=[
            Binding(row.procedure, row.scope, row.participant, tuple(row.agencies.split()))
            for row in connection.execute(select(BindingRow.__table__))
        ],
        revision=revision,
    )


def add_agencies(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep new agencies, parents before children."""
    connection.execute(insert(AgencyRow), list(rows))


def add_officials(
    connection: Connection, rows: Iterable[dict[str, Any]], roles: Iterable[dict[str, Any]]
) -> None:
    """Keep new officials and their roles."""
    connection.execute(insert(OfficialRow), list(rows))
    connection.execute(insert(OfficialRoleRow), list(roles))


def add_tenures(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep new tenures."""
    connection.execute(insert(TenureRow), list(rows))


def agency_row(connection: Connection, code: str) -> Any:
    """All that is kept of an agency."""
    return connection.execute(select(AgencyRow.__table__).where(AgencyRow.code == code)).one()


def change_agency(connection: Connection, code: str, values: dict[str, Any]) -> None:
    """Change what may change of an agency."""
    connection.execute(update(AgencyRow).where(AgencyRow.code == code).values(**values))


def change_official(
    connection: Connection, official: str, values: dict[str, Any], roles: Iterable[dict[str, Any]]
) -> None:
    """Change an official, with these roles in place of those held before."""
    connection.execute(update(OfficialRow).where(OfficialRow.id == official).values(**values))
    connection.execute(delete(OfficialRoleRow).where(OfficialRoleRow.official == official))
    kept = list(roles)
    if kept:
        connection.execute(insert(OfficialRoleRow), kept)


def end_open_tenure(connection: Connection, agency: str, until: datetime) -> None:
    """Close the tenure that is still open, if any."""
    connection.execute(
        update(TenureRow).where(TenureRow.agency == agency, TenureRow.until.is_(None)).values(until=until)
    )


def tenures_of(connection: Connection, agency: str) -> list[Any]:
    """The tenures of an agency, oldest first."""
    return list(
        connection.execute(
            select(TenureRow.__table__).where(TenureRow.agency == agency).order_by(TenureRow.since)
        )
    )


def bind(connection: Connection, fields: dict[str, Any]) -> None:
    """Bind agencies to a participant, in place of an earlier binding."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        make(BindingRow)
        .values(**fields)
        .on_conflict_do_update(
            index_elements=["procedure", "scope", "participant"], set_={"agencies": fields["agencies"]}
        )
    )
