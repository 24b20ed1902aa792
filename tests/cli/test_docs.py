"""What the documentation tells a newcomer to type works, typed literally on an empty database."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dossiers.core.settings import settings
from tests.cli.conftest import Terminal

DOCS = Path(__file__).parents[2] / "docs"


def part(page: str, begins: str, ends: str) -> str:
    text = (DOCS / page).read_text(encoding="utf-8")
    return text[text.index(begins) : text.index(ends)]


def test_the_first_day_ends_with_a_result_given_back(
    sqlite_motcua: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_DATABASE_URL", f"sqlite:///{tmp_path / 'moi.sqlite3'}")
    settings.cache_clear()
    typed = re.findall(r"^motcua (.+)$", part("operating.md", "## The first day", "A definition names"), re.M)
    code = ""
    for line in typed:
        if line == "run":  # the server would keep the terminal
            continue
        words = [code if word == "MÃ_HỒ_SƠ" else word for word in shlex.split(line, comments=True)]
        if words[:2] == ["account", "add"]:
            words += ["--password", "bốn từ không liên quan"]  # asked for at a terminal
        said = sqlite_motcua(*words)
        assert said.code == 0, (line, said.out, said.err)
        if words[0] == "doctor":
            assert "H44; H44.100.01" in said.out
            assert "và 31 nơi khác" in said.out
        if words[0] == "register":
            found = re.search(r"H44\.100\.01-\d{6}-\d{4}", said.out)
            assert found is not None
            code = found[0]
    shown = sqlite_motcua("show", code, "--json").json
    assert shown["status"]["name"] == "Đã trả kết quả"


def test_the_example_of_a_workflow_is_imported(sqlite_motcua: Terminal, tmp_path: Path) -> None:
    blocks = re.findall(r"```json\n(.*?)```", part("importing.md", "### The file", "### How it is"), re.S)
    path = tmp_path / "quy-trinh.json"
    path.write_text(blocks[-1], encoding="utf-8")
    said = sqlite_motcua("import", "workflows", str(path), "--json")
    assert [entry["status"] for entry in said.json] == ["imported"], said.out
    path.write_text(blocks[-1].replace('"next": "NULL"', '"next": "KHONG_CO"'), encoding="utf-8")
    assert "steps[2].tasks[0].next" in sqlite_motcua("import", "workflows", str(path)).out
