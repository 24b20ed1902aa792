"""A running office for a browser: a real server on a copy of a small demonstration office."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli.procedures import shipped
from api.deps import Door, passing, present
from api.rooms.account.people import add_demo_accounts, demo_people
from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from dossiers.core.settings import Settings
from workflows.demo.simulation import make_demo
from workflows.office import Office

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
"""09:30 on a Friday in Hà Nội: when the demonstration ends and its pages are looked at."""

DOSSIERS = 90


@dataclass
class Site:
    """The office a browser looks at. ``at`` is what its clock shows."""

    url: str
    app: FastAPI
    office: Office
    at: datetime = NOW

    def login(self, role: str) -> str:
        """The login of the demonstration's person for a role, by its Vietnamese name."""
        with self.office.database.reading() as connection:
            people = demo_people(self.office, connection)
        return next(person.login for person in people if person.role == role)


def build_template(folder: Path, dossiers: int = DOSSIERS) -> Path:
    """The demonstration every test starts from."""
    path = folder / "demo.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    office = Office(database)
    make_demo(office, shipped(), dossiers=dossiers, until=NOW, seed="pages")
    with database.writing() as connection:
        add_demo_accounts(office, connection, NOW)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@contextmanager
def running() -> Iterator[tuple[str, FastAPI]]:
    """The application behind a real server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app = create_app(Office(Database("sqlite://")), Settings(public_url=url, demo=True))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + 20
    while not server.started and monotonic() < until:
        sleep(0.02)  # a real server on a real socket says no other way that it listens
    assert server.started
    yield url, app
    server.should_exit = True
    thread.join(10)


@contextmanager
def site_on(url: str, app: FastAPI, template: Path, folder: Path) -> Iterator[Site]:
    """The server on a fresh copy of the template."""
    path = folder / "motcua.sqlite3"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    site = Site(url, app, Office(database))
    app.state.door = Door(site.office, Settings(public_url=url, demo=True))
    app.dependency_overrides = {present: lambda: site.at, passing: lambda: lambda: site.at}
    yield site
    database.dispose()
