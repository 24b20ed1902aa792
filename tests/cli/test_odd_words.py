"""Whatever is typed ends as a sentence and an exit code, and is printed as it stands."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from dossiers.core.settings import settings
from tests.cli.conftest import REGISTER, Terminal, register


def test_a_name_with_brackets_is_printed_as_it_stands(commune: Terminal) -> None:
    odd = "[/b]"  # short enough not to be folded in a narrow terminal
    assert register(commune, "--applicant", json.dumps({"name": odd})).code == 0
    assert commune("agency", "add", "H44.9", odd, "tax", "--parent", "H44").code == 0
    for words in (("list",), ("agency", "list")):
        said = commune(*words)
        assert said.code == 0, said.err
        assert odd in said.out


@pytest.mark.parametrize(
    "words",
    [
        ("show", "[/b]"),
        ("due", "--from", "[/b]", "--limit", "1 working_day"),
        ("calendar", "assign", "H44", "[/b]"),
        ("procedure", "show", "[/b]"),
    ],
)
def test_a_refusal_repeats_brackets_as_they_stand(commune: Terminal, words: tuple[str, ...]) -> None:
    said = commune(*words)
    assert said.code in (1, 2)
    assert "[/b]" in said.err


def test_an_empty_key_is_refused_and_swallows_nothing(commune: Terminal) -> None:
    for key in ("", "  ", "x" * 129):
        said = register(commune, "--key", key)
        assert (said.code, said.json["error"]["code"]) == (2, "key_unusable")
    code = register(commune).json["code"]
    said = commune("note", code, "--activity", "Gọi điện", "--as", "le", "--key", "")
    assert said.code == 2
    assert commune("list", "--json").json["items"][0]["code"] == code


def test_four_who_send_one_key_at_once_register_one_dossier(commune: Terminal) -> None:
    words = [*REGISTER, "--key", "quay-1-0001"]
    environment = {**os.environ, "MOTCUA_DATABASE_URL": commune.url}
    sent = [
        subprocess.Popen(
            [sys.executable, "-m", "api", *words], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in sent]
    assert len({answer["code"] for answer in answers}) == 1
    assert sorted(answer["repeated"] for answer in answers) == [False, True, True, True]


LONG = "x" * 400
DEEP = '{"name":' + "[" * 100_000
NOTE = ("note", "CODE", "--activity", "x", "--as", "le")
ODD: tuple[tuple[tuple[str, ...], set[str]], ...] = (
    (("due", "--from", "0001-01-01T00:00", "--limit", "1 working_day"), {"instant_out_of_range"}),
    (("due", "--from", "9999-12-31T23:59-07:00", "--limit", "1 working_day"), {"instant_out_of_range"}),
    (("due", "--from", "2026-11-20T08:00", "--limit", "same_day -99999m"), {"limit_cut_off_too_early"}),
    (("sweep", "--at", "0001-01-01T00:00"), {"instant_out_of_range"}),
    (("show", "CODE", "--as-of", "0001-01-01T00:00"), {"instant_out_of_range"}),
    ((*NOTE, "--at", "0001-01-01T00:00"), {"instant_out_of_range"}),
    (("head", "appoint", "H44", "chu", "--since", "0001-01-01"), {"instant_out_of_range"}),
    (("head", "appoint", "H44", "chu", "--decision", LONG), {"text_too_long"}),
    (("book", "H44.101.01", "--from", "0001-01-01"), {"instant_out_of_range"}),
    ((*REGISTER, "--applicant", "@khong-co"), {"file_unreadable"}),
    ((*REGISTER, "--applicant", "@/tmp"), {"file_unreadable"}),
    ((*REGISTER, "--applicant", "@/bin/ls"), {"file_unreadable"}),
    ((*REGISTER, "--applicant", DEEP), {"json_unreadable"}),
    ((*REGISTER, "--papers", "{bad"), {"json_unreadable"}),
    ((*REGISTER, "--facts", f"a={'9' * 5000}"), {"json_unreadable"}),
    ((*REGISTER, "--version", "3000000000"), {"version_not_published"}),
    (("agency", "add", "H44.8", "A", "a" * 61), {"text_too_long"}),
    (("agency", "add", "H44.8", LONG, "tax"), {"text_too_long"}),
    (("agency", "add", "H44", "A", "tax"), {"already_exists"}),
    (("official", "add", "x" * 65, "A", "H44", "--role", "head"), {"text_too_long"}),
    (("token", "create", "le", "--label", LONG), {"text_too_long"}),
    (("procedure", "diff", "1.001193", "1.001193@99999999999"), {"bad_input"}),
    (("procedure", "show", "1.001193@2"), {"procedure_unknown"}),
    (
        ("procedure", "migrate", "1.001193", "--to", "99999999999", "--reason", "x", "--as", "le"),
        {"version_not_published"},
    ),
    (
        ("procedure", "migrate", "1.001193", "--to", "2", "--reason", "x", "--as", "le", "--dry-run"),
        {"version_not_published"},
    ),
    (("show", "\udcff"), {"argument_unreadable"}),
    (("import", "workflows", "/tmp"), {"file_unreadable"}),
    (("procedure", "lint", "/tmp/"), {"procedure_unknown", "file_unreadable"}),
    (("procedure", "diagram", "1.001193", "-o", "/khong/co/a.svg"), {"file_unreadable"}),
)


def test_whatever_is_typed_ends_as_a_sentence(commune: Terminal) -> None:
    code = register(commune).json["code"]
    for words, codes in ODD:
        said = commune(*(code if word == "CODE" else word for word in words))
        assert said.code in (1, 2), (words, said.err)
        assert any(each in said.err for each in codes), (words, said.err)
        assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("MOTCUA_DATABASE_URL", "foo://x", "database_url_unreadable"),
        ("MOTCUA_DATABASE_URL", "mysql://u@h/d", "database_url_unreadable"),
        ("MOTCUA_DATABASE_URL", "postgresql+asyncpg://u@h/d", "database_url_unreadable"),
        ("MOTCUA_DATABASE_URL", f"sqlite:///{__file__}", "database_unavailable"),
        ("MOTCUA_POOL_SIZE", "0", "setting_wrong"),
        ("MOTCUA_PORT", "99999999", "setting_wrong"),
    ],
)
def test_a_wrong_setting_is_named(
    sqlite_motcua: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    said = sqlite_motcua("list")
    assert said.code in (1, 2)
    assert code in said.err


def test_what_nobody_foresaw_is_said_and_noted(
    sqlite_motcua: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    sqlite_motcua("migrate")
    with sqlite3.connect(sqlite_motcua.url.removeprefix("sqlite:///")) as connection:
        connection.execute(
            "INSERT INTO calendar_versions (name, version, number, title, content, digest, published_at,"
            " reason) VALUES ('a', '1', 1, 'Nguyễn Thị Dân', '[', '', '2026-01-01', '')"
        )
    said = sqlite_motcua("agency", "list")
    assert said.code == 3
    assert "internal_error" in said.err
    assert "Traceback" not in said.err
    noted = (tmp_path / "var" / "motcua-failures.log").read_text(encoding="utf-8")
    assert "load_book" in noted
    assert "Dân" not in noted
