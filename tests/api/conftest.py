"""An office behind the JSON interface: callers with tokens, and a clock the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from httpx import Response

from api.app import create_app
from api.auth.service import create_token
from api.deps import Door, passing, present
from api.public.limiting import Limits
from dossiers.agencies.service import NewOfficial, add_officials
from dossiers.core.clock import Clock
from dossiers.core.db import Database
from dossiers.core.settings import Settings
from dossiers.history.repository import links_of
from tests.api.client import AppClient
from tests.support.office import DESK, MONDAY, OFFICIALS, TestOffice, definition
from workflows.engine.kinds import Kind
from workflows.office import Office
from workflows.service import find

APPLICANT = {
    "name": "Quỳnh Thị Dao",
    "identity_no": "025190004321",
    "phone": "0912348765",
    "address": "Số 9 ngõ Hàng Kẹo",
}
SETTINGS = Settings(public_url="https://motcua.example.gov.vn")
APP = create_app(cast(Office, None), SETTINGS)
"""Made once, since making it is slow: each test puts its own office behind it."""

SECRETS = (*APPLICANT.values(), "Quỳnh", "Dao", "4321", "8765")
"""What must not be found in anything public."""


class Http:
    """An application with callers. ``at`` is what its clock shows."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        self.database = database
        self.at = MONDAY
        self.world = TestOffice(database)
        self.app = APP
        self.app.state.door = Door(self.world.office, SETTINGS, limits or Limits())
        self.app.dependency_overrides = {present: self.now, passing: self.clock}
        with database.writing() as connection:
            self.tokens = {
                official.id: create_token(connection, official.id, official.agency, "tests", MONDAY)
                for official in OFFICIALS
            }
        self.client = AppClient(self.app)

    def add_official(self, official: NewOfficial) -> None:
        """One more official with a token."""
        with self.database.writing() as connection:
            add_officials(connection, [official])
            self.tokens[official.id] = create_token(connection, official.id, official.agency, "tests", MONDAY)

    async def now(self) -> datetime:
        """What the clock shows."""
        return self.at

    async def clock(self) -> Clock:
        """A clock that shows it."""
        return lambda: self.at

    def auth(self, official: str) -> dict[str, str]:
        """The header by which an official is known."""
        return {"Authorization": f"Bearer {self.tokens[official]}"}

    def get(
        self, path: str, by: str = "le", *, headers: dict[str, str] | None = None, **query: Any
    ) -> Response:
        """A question by an official; ``from_`` stands for the parameter ``from``."""
        params = {name.rstrip("_"): value for name, value in query.items()}
        return self.client.get(f"/api/v1{path}", params=params, headers={**self.auth(by), **(headers or {})})

    def post(
        self,
        path: str,
        body: Any = None,
        by: str = "le",
        *,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Response:
        """A command by an official."""
        return self.client.post(
            f"/api/v1{path}",
            json=body if body is not None else {},
            params=query,
            headers={**self.auth(by), **(headers or {})},
        )

    def letter_token(self, code: str, number: int) -> str:
        """What is printed in the QR code of a signed letter."""
        with self.database.reading() as connection:
            links = links_of(connection, find(connection, code))
        signing = next(link for link in links if link.event.kind == Kind.APOLOGY_SIGNED)
        return f"{code}.{number}.{signing.hash[:16]}"

    def form_token(self, code: str, made_by: Kind, form: str) -> str:
        """What is printed in the QR code of a form."""
        with self.database.reading() as connection:
            links = links_of(connection, find(connection, code))
        making = next(link for link in links if link.event.kind == made_by)
        return f"{code}.{form}.{making.hash[:16]}"

    def register(self, at: datetime = MONDAY, **more: Any) -> str:
        """Register a dossier of the simple procedure; its code."""
        self.at = at
        response = self.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT, **more})
        assert response.status_code == 201, response.text
        return str(response.json()["code"])

    def do(self, code: str, command: str, body: Any, by: str, at: datetime | None = None) -> dict[str, Any]:
        """Carry out a command that must succeed."""
        self.at = at or self.at
        response = self.post(f"/dossiers/{code}/{command}", body, by)
        assert response.status_code == 200, response.text
        return dict(response.json())


@pytest.fixture
def http(database: Database) -> Iterator[Http]:
    """The office open, with the simple procedure published."""
    http = Http(database)
    http.world.publish(definition())
    with http.client:
        yield http


@pytest.fixture
def sqlite_http(sqlite_template: Path, tmp_path: Path) -> Iterator[Http]:
    """The same on SQLite only, for what no database can make different."""
    path = tmp_path / "motcua.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    http = Http(database)
    http.world.publish(definition())
    with http.client:
        yield http
    database.dispose()


def problem(response: Response, status: int, code: str) -> dict[str, Any]:
    """The problem a response must be."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    data = dict(response.json())
    assert (response.status_code, data["status"], data["code"]) == (status, status, code), data
    assert data["type"] == f"/problems/{code}"
    assert data["instance"].removeprefix("urn:uuid:") == response.headers["x-request-id"]
    return data


__all__ = ["APPLICANT", "DESK", "SECRETS", "Http", "problem"]
