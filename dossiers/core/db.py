"""The database: SQLite on one machine, PostgreSQL in a real office. The only place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dossiers.core.errors import BadInput

_WRITES = "motcua_writes"
_PLANNING = "-c random_page_cost=1.1 -c jit=off"
"""How PostgreSQL is to plan for us: what an office asks for lies in memory or on a disk without moving parts,
and no question is so long that compiling it pays. ``?options=…`` in the address of the database replaces it.
"""
_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")


class Database:
    """One database. ``reading()`` and ``writing()`` give a connection in a transaction of its own."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise BadInput(
                f"Địa chỉ cơ sở dữ liệu “{url}” không đúng dạng.",
                code="database_url_unreadable",
                where="MOTCUA_DATABASE_URL",
                hint="Dùng sqlite:///var/motcua.sqlite3 hoặc postgresql+psycopg://user@host/name.",
            ) from error
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername not in _DRIVERS:
            raise BadInput(
                f"Không dùng được loại cơ sở dữ liệu “{parsed.drivername}”.",
                code="database_url_unreadable",
                where="MOTCUA_DATABASE_URL",
                hint="Dùng sqlite:///var/motcua.sqlite3 hoặc postgresql+psycopg://user@host/name.",
            )
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _make_engine(self, pool_size)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that is always rolled back: nothing read here can be changed by mistake."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits when the block ends well and leaves no trace when it does not."""
        with (
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _make_engine(database: Database, pool_size: int) -> Engine:
    if not database.is_sqlite:
        url = database.url
        if "options" not in url.query:
            url = url.update_query_dict({"options": _PLANNING})
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    engine = create_engine(database.url, hide_parameters=True, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    try:
        # FULL: a receipt that was printed must survive a power cut.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}").close()
    except Exception:
        connection.close()  # the pool lets go of a connection that could not be prepared without closing it
        raise


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a transaction that reads first and writes later could otherwise
    # fail half-way when another writer came between.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
