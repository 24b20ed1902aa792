"""An office of 100,000 dossiers in PostgreSQL, for the benches.

A demonstration of a thousand dossiers is made through the engine, then copied by the database itself: every
derived row of every dossier again and again under another id, an applicant of its own for each, and the
history of the open ones. Open ones are copied more often, until every tenth dossier is open, as where one
takes five weeks. Every copy happened to somebody else, but at the instants of the one it was made from.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.engine import make_url

from api.cli.procedures import shipped
from api.rooms.account.people import add_demo_accounts
from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from dossiers.core.tables import table_of
from dossiers.history.models import EventRow
from dossiers.people.models import ApplicantRow
from tests.pages.site import NOW
from workflows.demo.simulation import make_demo
from workflows.engine.projection import DERIVED
from workflows.office import Office
from workflows.sweep import sweep

WANTED, OPEN, MADE = 100_000, 10_000, 1_200
AT = NOW + timedelta(hours=3)
KEPT = "MOTCUA_BENCH_DATABASE"
"""Names a database on the test server that is built once, brought up to date and kept for the next run."""


@contextmanager
def crowded(server: str) -> Iterator[Office]:
    """The office, dropped afterwards unless its database is to be kept."""
    kept = os.environ.get(KEPT, "")
    name = kept or f"motcua_bench_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{name}"')
        # One process for a question: all of its time is then seen, and no page is fast by a second processor.
        connection.execute(f'ALTER DATABASE "{name}" SET max_parallel_workers_per_gather = 0')
    database = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    try:
        upgrade(database)
        office = Office(database)
        if known is None:
            _fill(office)
        yield office
    finally:
        database.dispose()
        if not kept:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _fill(office: Office) -> None:
    make_demo(office, shipped(), dossiers=MADE, until=NOW, seed="bench")
    sweep(office, AT)
    with office.database.writing() as connection:
        add_demo_accounts(office, connection, NOW)
        _copy(connection)
    with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _copy(connection: Connection) -> None:
    """Every dossier many times more, open ones most; parents of members stay who they are."""
    connection.execute(
        text(
            "CREATE TEMP TABLE made ON COMMIT DROP AS SELECT id AS made_id, applicant AS made_by, "
            "closed_at IS NULL AS made_open, CASE WHEN closed_at IS NULL "
            f"THEN {OPEN} / greatest(1, count(*) FILTER (WHERE closed_at IS NULL) OVER ()) "
            f"ELSE {WANTED - OPEN} / count(*) FILTER (WHERE closed_at IS NOT NULL) OVER () END - 1 AS times "
            "FROM dossiers"
        )
    )
    _other_people(connection)
    for model in DERIVED:
        table = table_of(model)
        _again(connection, table, "id" if table.name == "dossiers" else "dossier_id", "true")
    _again(connection, table_of(EventRow), "dossier_id", "made_open")


def _other_people(connection: Connection) -> None:
    """An applicant for every copy, with numbers of their own; family names are drawn from another's."""
    values = {
        "id": _COPIED.format("made_id"),
        "identity_no": "CASE WHEN own.identity_no = '' THEN '' "
        "ELSE lpad((abs(hashtext(made_id::text || copy))::bigint * 7)::text, 12, '0') END",
        "phone": "CASE WHEN own.phone = '' THEN '' "
        "ELSE '09' || lpad((abs(hashtext(copy || made_id::text)) % 100000000)::text, 8, '0') END",
        "name": "split_part(other.name, ' ', 1) || ' ' || substr(own.name, strpos(own.name, ' ') + 1)",
        "search_name": "split_part(other.search_name, ' ', 1) || ' ' "
        "|| substr(own.search_name, strpos(own.search_name, ' ') + 1)",
        "supersedes": "NULL::uuid",
    }
    columns = [column.name for column in table_of(ApplicantRow).columns]
    chosen = ", ".join(values.get(name, f'own."{name}"') for name in columns)
    connection.execute(
        text(
            "CREATE TEMP TABLE people ON COMMIT DROP AS "
            "SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM applicants"
        )
    )
    connection.execute(
        text(
            f"INSERT INTO applicants ({', '.join(columns)}) SELECT {chosen} FROM made "
            "JOIN people AS own ON own.id = made_by CROSS JOIN generate_series(1, times) AS copy "
            "JOIN people AS other ON other.place = (own.place + copy) % (SELECT count(*) FROM people)"
        )
    )


_COPIED = "md5({}::text || copy)::uuid"


def _again(connection: Connection, table: Table, key: str, which: str) -> None:
    changed = {"code": "code || '-' || copy", key: _COPIED.format(key)}
    if table.name == "dossiers":
        changed |= {"applicant": _COPIED.format("made_id")}
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(changed.get(column.name, f'"{column.name}"') for column in table.columns)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name} "
            f"JOIN made ON made_id = {key} CROSS JOIN generate_series(1, times) AS copy WHERE {which}"
        )
    )
