"""Running ``motcua`` as a person would: the real entry point, a database of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from api.cli.main import main
from dossiers.core.db import Database
from dossiers.core.settings import settings


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as data."""
        return json.loads(self.out)


class Terminal:
    """A terminal at which commands are typed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], database: Database) -> None:
        self.capsys, self.database = capsys, database

    def __call__(self, *words: str) -> Said:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        said = self.capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err)


@pytest.fixture
def motcua(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """``motcua`` on a database of this test."""
    monkeypatch.setenv("MOTCUA_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()
    yield Terminal(capsys, database)
    settings.cache_clear()
