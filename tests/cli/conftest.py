"""Running ``motcua`` as a person would: the real entry point, a database of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import main
from dossiers.core.db import Database
from dossiers.core.settings import settings

APPLICANT = json.dumps({"name": "Nguyễn Thị Dân", "identity_no": "025190000001", "phone": "0912345678"})
MONDAY = "2026-03-02T08:00"
REGISTER = (
    *("register", "--procedure", "1.001193", "--applicant", APPLICANT),
    *("--as", "le", "--at", MONDAY, "--json"),
)


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

    def __init__(self, capsys: pytest.CaptureFixture[str], url: str) -> None:
        self.capsys, self.url = capsys, url

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
    yield from _terminal(database.url.render_as_string(hide_password=False), capsys, monkeypatch)


@pytest.fixture
def sqlite_motcua(
    sqlite_template: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Terminal]:
    """The same on SQLite only, for what no database can make different."""
    path = shutil.copy(sqlite_template, tmp_path / "motcua.sqlite3")
    yield from _terminal(f"sqlite:///{path}", capsys, monkeypatch)


def _terminal(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    monkeypatch.setenv("MOTCUA_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()
    yield Terminal(capsys, url)
    settings.cache_clear()


@pytest.fixture
def commune(motcua: Terminal) -> Terminal:
    """An office of a commune, made by typing."""
    for words in (
        ("seed",),
        ("agency", "add", "H44", "UBND tỉnh", "committee.province"),
        ("agency", "add", "H44.101", "UBND phường", "committee.commune", "--parent", "H44"),
        ("agency", "add", "H44.101.01", "Một cửa phường", "one_stop", "--parent", "H44.101"),
        ("agency", "add", "H44.101.04", "Tư pháp - Hộ tịch", "civil_status", "--parent", "H44.101"),
        ("official", "add", "le", "Lê Thị Lê", "H44.101.01", "--role", "receptionist"),
        ("official", "add", "ho", "Hồ Văn Tịch", "H44.101.04", "--role", "officer", "--role", "head"),
        (
            "official",
            "add",
            "chu",
            "Đỗ Chủ",
            "H44.101",
            "--role",
            "leader",
            "--role",
            "head",
            "--role",
            "clerk",
        ),
        ("head", "appoint", "H44.101", "chu", "--since", "2025-01-01"),
        ("head", "appoint", "H44.101.04", "ho", "--since", "2025-01-01"),
    ):
        said = motcua(*words)
        assert said.code == 0, said.err
    return motcua


def register(commune: Terminal, *more: str) -> Said:
    """A birth is registered at the desk on Monday morning."""
    return commune(*REGISTER, *more)
