"""The head's board with 100,000 dossiers in PostgreSQL: the median of each page and question, one user.

A demonstration of a few hundred dossiers is made through the engine, then copied by the database itself:
every derived row of every dossier again and again under another id, and the history of the open ones.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from statistics import median
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.engine import make_url

from api.app import create_app
from api.auth.service import create_token
from api.cli.procedures import shipped
from api.deps import Door, present
from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from dossiers.core.settings import Settings
from dossiers.core.tables import table_of
from dossiers.history.models import EventRow
from tests.api.client import AppClient
from tests.pages.site import NOW
from workflows.demo.places import ADMINISTRATOR
from workflows.demo.simulation import make_demo
from workflows.engine.projection import DERIVED
from workflows.office import Office
from workflows.sweep import sweep

WANTED, MADE, ROUNDS = 100_000, 400, 15
AT = NOW + timedelta(days=4)
COMMUNE = "H44.100"
ASKED = (
    "/oversight",
    f"/oversight?agency={COMMUNE}",
    "/oversight?list=nearly",
    "/oversight?list=waiting",
    "/oversight?list=letters",
    "/oversight/ledger?whose=agency&all=1",
    "/oversight/load",
    "/oversight/month",
    f"/oversight/month?agency={COMMUNE}",
    "/oversight/day?on=2026-08-14",
    "/oversight/agencies",
    "/api/v1/late?size=50",
    "/api/v1/late?size=50&as_of=2026-08-14T17:00:00%2B07:00",
    "/api/v1/oversight-counts",
    "/api/v1/sheets/late.xlsx",
)


def main() -> None:
    """Build the office, ask, print."""
    server = os.environ.get("MOTCUA_TEST_POSTGRES_URL")
    if not server:
        sys.stdout.write("head's board: needs MOTCUA_TEST_POSTGRES_URL\n")
        return
    name = f"motcua_bench_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    database = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    try:
        _measure(_built(database))
    finally:
        database.dispose()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _built(database: Database) -> Office:
    upgrade(database)
    office = Office(database)
    make_demo(office, shipped(), dossiers=MADE, until=NOW, seed="bench")
    sweep(office, AT)
    with database.writing() as connection:
        _copy(connection, WANTED // MADE - 1)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return office


def _copy(connection: Connection, times: int) -> None:
    """Every dossier so many times more; parents of members stay who they are."""
    connection.execute(text("CREATE TEMP TABLE made ON COMMIT DROP AS SELECT id, closed_at FROM dossiers"))
    for model in DERIVED:
        table = table_of(model)
        key = "id" if table.name == "dossiers" else "dossier_id"
        _again(connection, table, key, times, "SELECT id FROM made")
    _again(connection, table_of(EventRow), "dossier_id", times, "SELECT id FROM made WHERE closed_at IS NULL")


def _again(connection: Connection, table: Table, key: str, times: int, wanted: str) -> None:
    changed = {"code": "code || '-' || copy", key: f"md5({key}::text || copy)::uuid"}
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(changed.get(column.name, f'"{column.name}"') for column in table.columns)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name}, "
            f"generate_series(1, {times}) AS copy WHERE {key} IN ({wanted})"
        )
    )


def _measure(office: Office) -> None:
    app = create_app(office, Settings())
    app.state.door = Door(office, Settings())
    app.dependency_overrides = {present: lambda: AT}
    with office.database.writing() as connection:
        official = office.reference(connection).directory.official(ADMINISTRATOR)
        token = create_token(connection, official.id, official.agency, "bench", AT - timedelta(days=1))
        count = connection.execute(text("SELECT count(*) FROM dossiers")).scalar_one()
        late = connection.execute(
            text("SELECT count(*) FROM dossiers WHERE closed_at IS NULL AND late_since IS NOT NULL")
        ).scalar_one()
    sys.stdout.write(f"head's board, PostgreSQL: {count:,} dossiers, {late:,} late\n")
    with AppClient(app) as client:
        for path in ASKED:
            taken = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                response = client.get(path, headers={"Authorization": f"Bearer {token}"})
                taken.append(time.perf_counter() - started)
                assert response.status_code == 200, (path, response.text[:300])
            sys.stdout.write(f"  {median(taken) * 1000:6.0f} ms  {path}\n")


if __name__ == "__main__":
    main()
