"""A commune opens its office with nothing but the command line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dossiers.core.settings import settings
from tests.cli.conftest import Said, Terminal

APPLICANT = json.dumps({"name": "Nguyễn Thị Dân", "identity_no": "025190000001", "phone": "0912345678"})
MONDAY = "2026-03-02T08:00"


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
    return commune(
        "register",
        "--procedure",
        "1.001193",
        "--applicant",
        APPLICANT,
        "--as",
        "le",
        "--at",
        MONDAY,
        "--json",
        *more,
    )


def test_a_birth_is_registered_in_the_office_just_made(commune: Terminal) -> None:
    said = register(commune)
    assert said.code == 0, said.err
    code = said.json["code"]
    assert code == "H44.101.01-260302-0001"
    moment = datetime.fromisoformat(MONDAY)
    for _ in range(30):
        shown = commune("show", code, "--at", moment.isoformat(), "--json").json
        if shown["phase"] != "processing":
            break
        task = next(task for task in shown["tasks"] if task["status"] in ("sent", "open"))
        moment += timedelta(minutes=5)
        who = {"H44.101.01": "le", "H44.101.04": "ho", "H44.101": "chu"}[task["agency"]["code"]]
        words = ["receive", code, "--task", str(task["no"])]
        if task["status"] == "open":
            verb = "decide" if task["role"] == "leader" else "finish-step"
            words = [verb, code, "--task", str(task["no"]), "--outcome", task["outcomes"][0]["code"]]
        said = commune(*words, "--as", who, "--at", moment.isoformat())
        assert said.code == 0, said.err
    assert commune("give-back", code, "--as", "le", "--at", moment.isoformat()).code == 0
    assert commune("show", code, "--json").json["status"] == {"code": 10, "name": "Đã trả kết quả"}
    assert "Phiếu kiểm soát".upper() in commune("slip", code).out.upper()
    assert code in commune("book", "H44.101.01").out
    assert commune("list", "Dân", "--json").json["items"][0]["applicant"] == "Nguyễn Thị Dân"
    assert commune("verify", "--json").json == {
        "dossiers": 1,
        "events": commune("show", code, "--json").json["seq"],
        "ok": True,
        "first_fault": None,
    }


def test_a_refusal_says_who_could_and_changes_nothing(commune: Terminal) -> None:
    code = register(commune).json["code"]
    said = commune("receive", code, "--task", "1", "--as", "le", "--at", MONDAY)
    assert said.code == 1
    assert "Đề nghị" in said.err
    assert "not_allowed" in said.err
    assert commune("verify").code == 0


def test_a_late_dossier_is_listed_and_its_letter_printed(commune: Terminal, tmp_path: Path) -> None:
    code = register(commune).json["code"]
    swept = commune("sweep", "--at", "2026-03-04T08:00", "--json").json
    assert swept["events"]["promise:broken"] == 1
    assert swept["failed"] == []
    late = commune("late", "--at", "2026-03-04T08:00", "--json").json["items"]
    assert [item["code"] for item in late] == [code]
    assert late[0]["apology"] == "asked"
    assert commune("ledger", "--json").json[0]["dossier"] == code
    assert commune("apologies", "--json").json[0]["dossier"] == code
    path = tmp_path / "thu.pdf"
    assert commune("letter", code, "1", "-o", str(path)).code == 0
    assert path.read_bytes().startswith(b"%PDF")


def test_the_past_is_shown_as_it_stood(commune: Terminal) -> None:
    code = register(commune).json["code"]
    commune("sweep", "--at", "2026-03-04T08:00")
    then = commune("show", code, "--as-of", "2026-03-02T09:00", "--json").json
    assert (then["late"], then["faults"]) == (False, [])
    assert commune("show", code, "--at", "2026-03-04T09:00", "--json").json["late"] is True
    before = commune("show", code, "--as-of", "2026-03-01T09:00", "--json")
    assert before.json["error"]["code"] == "dossier_unknown_then"


def test_the_same_key_registers_once(commune: Terminal) -> None:
    first, again = register(commune, "--key", "desk-0001"), register(commune, "--key", "desk-0001")
    assert first.json["code"] == again.json["code"]
    assert again.json["repeated"] is True


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("show", "KHONG-CO"), "dossier_unknown", 1),
        (("late", "--at", "hôm qua"), "instant_unreadable", 2),
        (("calendar", "day", "24/11/2026"), "date_unreadable", 2),
        (
            ("register", "--procedure", "9.9", "--applicant", APPLICANT, "--as", "le"),
            "procedure_not_in_force",
            1,
        ),
        (("register", "--procedure", "1.001193", "--applicant", "{", "--as", "le"), "json_unreadable", 2),
        (("register", "--procedure", "1.001193", "--applicant", APPLICANT), "actor_needed", 2),
        (("import", "workflows", "khong-co.json"), "file_unreadable", 2),
        (("procedure", "lint", "khong-co.yaml"), "definition_file_missing", 1),
    ],
)
def test_bad_input_is_a_sentence_with_a_code(
    commune: Terminal, words: tuple[str, ...], code: str, status: int
) -> None:
    said = commune(*words)
    assert (said.code, code in said.err) == (status, True), said.err
    assert "Traceback" not in said.err


def test_before_the_schema_is_there_the_command_says_how_to_make_it(
    motcua: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    settings.cache_clear()
    said = motcua("list")
    assert said.code == 1
    assert "motcua migrate" in said.err
    assert motcua("migrate").code == 0
    assert motcua("doctor", "--json").code == 1
    assert motcua("seed").code == 0
    assert motcua("seed").code == 0
