"""Fixtures for all tests: real databases, with the schema made by the migrations.

SQLite always; PostgreSQL too when ``MOTCUA_TEST_POSTGRES_URL`` names a server on which databases may be
created. Where CI says it runs (``CI=true``) the server must be there: a missing one fails, it never skips.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade

POSTGRES = os.environ.get("MOTCUA_TEST_POSTGRES_URL", "")

settings.register_profile(
    "motcua", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("motcua")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that asks for ``database`` runs on each kind there is."""
    if "database" in metafunc.fixturenames:
        kinds = ["sqlite"]
        if POSTGRES or os.environ.get("CI") == "true":
            kinds.append("postgresql")
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to copy from."""
    if not POSTGRES:
        pytest.fail("MOTCUA_TEST_POSTGRES_URL is not set, and CI=true asks for PostgreSQL")
    name = f"motcua_template_{uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}"')
    database = Database(_postgres_url(name))
    upgrade(database)
    database.dispose()
    yield name
    _on_server(f'DROP DATABASE "{name}"')


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with the present schema."""
    if request.param == "sqlite":
        path = tmp_path / "motcua.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.dispose()
        return
    template = request.getfixturevalue("postgres_template")
    name = f"motcua_test_{uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    database = Database(_postgres_url(name))
    yield database
    database.dispose()
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _postgres_url(name: str) -> str:
    return make_url(Database(POSTGRES).url).set(database=name).render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    engine = create_engine(Database(POSTGRES).url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
