"""The sweep with a million open dossiers: nothing due, then 10,000 newly late against the bare statements.

One dossier is registered through the engine and copied by the database itself under other ids. The reference
puts the very rows the sweep left behind into a twin of the database, by ``sqlite3`` or ``psycopg`` directly,
``executemany`` for each table, in one transaction: no checks, no decision, no hashes, no due dates.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.engine import make_url

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from dossiers.core.tables import table_of
from dossiers.history.models import EventRow
from dossiers.records import repository as records
from tests.support.office import TestOffice, after, definition
from workflows.engine.projection import DERIVED
from workflows.office import Office
from workflows.sweep import sweep

OPEN = int(os.environ.get("MOTCUA_BENCH_OPEN", "1000000"))
LATE = int(os.environ.get("MOTCUA_BENCH_LATE", "10000"))
LOOKS = 20
NOTHING_DUE, ALL_LATE = after(minutes=5), after(days=8)
TABLES = [table_of(EventRow), *(table_of(model) for model in DERIVED)]


def main() -> None:
    """Print both figures for every database there is."""
    with tempfile.TemporaryDirectory() as folder:
        path, twin = Path(folder) / "swept.sqlite3", Path(folder) / "bare.sqlite3"
        _measure("SQLite", Database(f"sqlite:///{path}"), lambda: _copy_file(path, twin))
    server = os.environ.get("MOTCUA_TEST_POSTGRES_URL")
    if not server:
        sys.stdout.write("PostgreSQL: needs MOTCUA_TEST_POSTGRES_URL\n")
        return
    names = [f"motcua_bench_{uuid4().hex[:8]}" for _ in range(2)]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{names[0]}"')
        urls = [make_url(server).set(database=name).render_as_string(hide_password=False) for name in names]

        def twin_of() -> Database:
            connection.execute(f'CREATE DATABASE "{names[1]}" TEMPLATE "{names[0]}"')
            return Database(urls[1])

        try:
            _measure("PostgreSQL", Database(urls[0]), twin_of)
        finally:
            for name in names:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _copy_file(path: Path, twin: Path) -> Database:
    shutil.copy(path, twin)
    return Database(f"sqlite:///{twin}")


def _measure(name: str, database: Database, twin_of: Any) -> None:
    upgrade(database)
    world = TestOffice(database)
    world.publish(definition())
    _fill(database, world.register())
    office = Office(database)
    sweep(office, NOTHING_DUE)
    looks = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        assert sweep(office, NOTHING_DUE).looked_at == 0
        looks.append(time.perf_counter() - begun)
    sys.stdout.write(f"{name}: {OPEN:,} open, nothing due: {median(looks) * 1000:.2f} ms a look\n")
    database.dispose()
    twin = twin_of()
    begun, cpu = time.perf_counter(), time.process_time()
    report = sweep(office, ALL_LATE)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    assert (report.looked_at, report.failed) == (LATE, [])
    bare = _bare(database, twin)
    database.dispose()
    twin.dispose()
    sys.stdout.write(
        f"{name}: {LATE:,} newly late: {took:.2f} s ({cpu:.2f} s of a core), bare statements {bare:.2f} s, "
        f"{took / bare:.1f} times\n"
    )


def _fill(database: Database, base: Any) -> None:
    """``LATE`` whole copies of the dossier, and up to ``OPEN`` bare rows that fall due much later."""
    lite = database.is_sqlite
    ids = (
        "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < :many) "
        "SELECT n, lower(hex(randomblob(16))) AS id FROM n"
        if lite
        else "SELECT n, gen_random_uuid() AS id FROM generate_series(2, :many) n"
    )
    with database.writing() as connection:
        code = str(records.code_of(connection, base))
        connection.execute(text(f"CREATE TABLE copies AS {ids}"), {"many": OPEN})
        for table in TABLES[1:] + TABLES[:1]:
            _copy(connection, table, base.hex if lite else base, code)
        connection.execute(text("DROP TABLE copies"))
        connection.execute(
            text("UPDATE dossiers SET next_duty_at = :later WHERE code LIKE 'idle-%'"),
            {"later": "2027-01-01 00:00:00.000000" if lite else after(days=300)},
        )
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _copy(connection: Connection, table: Table, base: Any, code: str) -> None:
    is_dossier = table.name == "dossiers"
    key = "id" if is_dossier else "dossier_id"
    columns = [f'"{column.name}"' for column in table.columns]
    kind = f"CASE WHEN copies.n <= {LATE} THEN 'late-' ELSE 'idle-' END"
    given = {f'"{key}"': "copies.id", '"code"': f"{kind} || copies.n"}
    if not is_dossier:
        given.pop('"code"')
        # The history names the code as well.
        given['"payload"'] = "replace(known.payload, :code, 'late-' || copies.n)"
    values = [given.get(column, f"known.{column}") for column in columns]
    narrow = "" if is_dossier else f" AND copies.n <= {LATE}"
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(values)} "
            f"FROM {table.name} known, copies WHERE known.{key} = :base{narrow}"
        ),
        {"base": base} | ({} if ":code" not in str(values) else {"code": code}),
    )


def _bare(swept: Database, twin: Database) -> float:
    """Bring the twin to where the sweep brought the other database; seconds."""
    plan = []
    for table in TABLES:
        names = [column.name for column in table.columns]
        keys = [column.name for column in table.primary_key.columns]
        before, after_ = _rows(twin, table, keys), _rows(swept, table, keys)
        added = [row for key, row in after_.items() if key not in before]
        changed = [
            (*(row[names.index(name)] for name in names if name not in keys), *key)
            for key, row in after_.items()
            if key in before and before[key] != row
        ]
        mark = "?" if twin.is_sqlite else "%s"
        quoted = [f'"{name}"' for name in names]
        insert = f"INSERT INTO {table.name} ({', '.join(quoted)}) VALUES ({', '.join([mark] * len(names))})"
        sets = ", ".join(f'"{name}" = {mark}' for name in names if name not in keys)
        where = " AND ".join(f'"{name}" = {mark}' for name in keys)
        plan += [(insert, added), (f"UPDATE {table.name} SET {sets} WHERE {where}", changed)]
    connection: Any = (
        sqlite3.connect(str(twin.file), isolation_level=None)
        if twin.is_sqlite
        else psycopg.connect(twin.url.set(drivername="postgresql").render_as_string(hide_password=False))
    )
    if twin.is_sqlite:
        connection.execute("PRAGMA synchronous=FULL")
    begun = time.perf_counter()
    cursor = connection.cursor()
    if twin.is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    for statement, rows in plan:
        if rows:
            cursor.executemany(statement, rows)
    connection.commit()
    took = time.perf_counter() - begun
    connection.close()
    return took


def _rows(database: Database, table: Table, keys: list[str]) -> dict[Any, tuple[Any, ...]]:
    """The rows of the dossiers that were late, as the driver gives them."""
    names = [column.name for column in table.columns]
    narrow = " WHERE code NOT LIKE 'idle-%'" if table.name == "dossiers" else ""
    quoted = ", ".join(f'"{name}"' for name in names)
    with database.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {quoted} FROM {table.name}{narrow}"))
        places = [names.index(key) for key in keys]
        return {tuple(row[place] for place in places): tuple(row) for row in rows}


if __name__ == "__main__":
    main()
