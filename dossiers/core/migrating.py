"""Bringing a database's schema up to date."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from dossiers.core.db import Database
from dossiers.core.errors import Conflict

_ADVISORY_LOCK = 7_108_202_611
"""Keeps two processes that start together from migrating at once (PostgreSQL)."""


def _config() -> Config:
    with as_file(files("dossiers.migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
    return config


def head() -> str:
    """The one newest revision of the schema."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def current(connection: Connection) -> str | None:
    """The revision a database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def revision_of(database: Database) -> str | None:
    """The revision a database is at; None when there is none yet, and then none is made by asking."""
    if database.file is not None and not database.file.exists():
        return None
    with database.reading() as connection:
        return current(connection)


def upgrade(database: Database, to: str = "head") -> str | None:
    """Migrate to the newest schema, or to a revision; returns where the database was before.

    A SQLite file is created with its folder, so that a first start needs no preparation.
    """
    if database.file is not None:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        before = current(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        return before


def require_current(database: Database) -> None:
    """Refuse (``schema_outdated``) to work on a database that was not migrated."""
    found = revision_of(database)
    if found != head():
        raise Conflict(
            "Cơ sở dữ liệu chưa được tạo." if found is None else "Cơ sở dữ liệu chưa được nâng cấp.",
            code="schema_outdated",
            where=found or "",
            hint="Đề nghị người vận hành nâng cấp cơ sở dữ liệu.",
            command="motcua migrate",
        )
