"""Registrations per second through the service, against the same rows by bare driver statements.

The reference inserts, for every dossier, the very rows the service left behind (taken from the database
afterwards), each dossier in one transaction, by ``sqlite3`` or ``psycopg`` directly: no checks, no decision,
no hashes, no due dates.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from tests.support.office import MONDAY, TestOffice, definition
from workflows import service
from workflows.commands import NewApplicant, Register
from workflows.office import Office

ROUNDS, EACH, WARM_UP = 5, 200, 50
TABLES = {
    "applicants": "id",
    "dossiers": "id",
    "events": "dossier_id",
    "dossier_agencies": "dossier_id",
    "tasks": "dossier_id",
    "promises": "dossier_id",
    "clock_spans": "dossier_id",
    "commands": "dossier_id",
    "outbox": "dossier_id",
}
"""Tables a registration writes to, with the column that names its dossier; parents first."""

Rows = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Print the rates and the ratio for every database there is."""
    with tempfile.TemporaryDirectory() as folder:
        _compare("SQLite", *(f"sqlite:///{Path(folder) / name}.sqlite3" for name in ("service", "bare")))
    server = os.environ.get("MOTCUA_TEST_POSTGRES_URL")
    if server:
        _compare("PostgreSQL", *(_fresh_postgres(server) for _ in range(2)))


def _compare(name: str, url: str, twin_url: str) -> None:
    """The service fills one database; the bare driver fills its twin with the same rows."""
    database, twin = Database(url), Database(twin_url)
    for each in (database, twin):
        upgrade(each)
        office = TestOffice(each)
        office.publish(definition())
        _register(office, WARM_UP, 0)  # compiled statements, calendar, definition
    office = TestOffice.__new__(TestOffice)
    office.database, office.office = database, Office(database)
    insert = _bare_sqlite(twin_url) if twin.is_sqlite else _bare_postgres(twin_url)
    through_service, bare = [], []
    processor = [0.0, 0.0]
    for number in range(1, ROUNDS + 1):
        started, before = time.perf_counter(), time.process_time()
        ids = _register(office, EACH, number)
        through_service.append(EACH / (time.perf_counter() - started))
        processor[0] += time.process_time() - before
        rows = [_rows_of(database, dossier) for dossier in ids]
        started, before = time.perf_counter(), time.process_time()
        for item in rows:
            insert(item)
        bare.append(EACH / (time.perf_counter() - started))
        processor[1] += time.process_time() - before
    ours, theirs = median(through_service), median(bare)
    sys.stdout.write(
        f"registrations, {name}: service {ours:,.0f}/s, bare driver {theirs:,.0f}/s, "
        f"ratio {ours / theirs:.2f}; processor of this process each: "
        f"{' and '.join(f'{seconds / ROUNDS / EACH * 1000:.1f} ms' for seconds in processor)}\n"
    )
    for each in (database, twin):
        each.dispose()


def _register(office: TestOffice, count: int, round_number: int) -> list[UUID]:
    actor = office.actor("le")
    ids = []
    for number in range(count):
        applicant = NewApplicant(
            name="Nguyễn Thị Dân", identity_no=f"{round_number:04}{number:08}", phone="0912"
        )
        with office.database.writing() as connection:
            receipt = service.register(
                office.office,
                connection,
                Register(procedure="T.1", applicant=applicant),
                actor,
                MONDAY + timedelta(seconds=number),
                key=f"bench-{round_number}-{number}",
            )
        ids.append(receipt.dossier_id)
    return ids


def _rows_of(database: Database, dossier: UUID) -> Rows:
    rows: Rows = {}
    with database.engine.connect() as connection:
        for table, column in TABLES.items():
            key: Any = dossier
            if table == "applicants":
                key = connection.execute(
                    text("SELECT applicant FROM dossiers WHERE id = :id"), {"id": _raw(database, dossier)}
                ).scalar_one()
            found = connection.execute(
                text(f"SELECT * FROM {table} WHERE {column} = :id"), {"id": _raw(database, key)}
            )
            rows[table] = [dict(row._mapping) for row in found]
    return rows


def _raw(database: Database, value: Any) -> Any:
    return value.hex if database.is_sqlite and isinstance(value, UUID) else value


_COUNTER = (
    "INSERT INTO counters (series, day, last) VALUES ('bench', '2026-03-02', 1) "
    "ON CONFLICT (series, day) DO UPDATE SET last = counters.last + 1 RETURNING last"
)


def _bare_sqlite(url: str) -> Callable[[Rows], None]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")

    def insert(rows: Rows) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_COUNTER).fetchone()
        for table, each in rows.items():
            connection.executemany(_statement(table, each, "?"), [tuple(row.values()) for row in each])
        connection.execute("COMMIT")

    return insert


def _bare_postgres(url: str) -> Callable[[Rows], None]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address)

    def insert(rows: Rows) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTER)
            for table, each in rows.items():
                statement = _statement(table, each, "%s")
                for row in each:
                    cursor.execute(statement, tuple(row.values()))
        connection.commit()

    return insert


def _statement(table: str, rows: list[dict[str, Any]], mark: str) -> str:
    columns = ", ".join(f'"{name}"' for name in rows[0])
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join([mark] * len(rows[0]))})"


def _fresh_postgres(server: str) -> str:
    name = f"motcua_bench_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
