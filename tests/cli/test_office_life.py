"""A commune opens its office with nothing but the command line."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from dossiers.core.settings import settings
from tests.cli.conftest import APPLICANT, MONDAY, Terminal, register
from tests.support.office import SIMPLE


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


def test_forms_and_the_book_are_written_to_files(commune: Terminal, tmp_path: Path) -> None:
    code = register(commune).json["code"]
    receipt, slip, book = tmp_path / "01.pdf", tmp_path / "06.pdf", tmp_path / "07.pdf"
    assert str(receipt) in commune("form", code, "01", "--out", str(receipt)).out
    assert commune("form", code, "06", "-o", str(slip)).code == 0
    said = commune("book", "H44.101.01", "--from", "2026-01-01", "--to", "2026-12-31", "--out", str(book))
    assert said.code == 0, said.err
    words = {
        path: " ".join(PdfReader(path).pages[0].extract_text().split()) for path in (receipt, slip, book)
    }
    assert f"Mã hồ sơ: {code}" in words[receipt]
    assert "PHIẾU KIỂM SOÁT" in words[slip]
    assert "Từ ngày 01/01/2026 đến ngày 31/12/2026" in words[book]
    assert "Nguyễn Thị Dân" in words[book]
    not_yet = commune("form", code, "03")
    assert (not_yet.code, "form_not_due" in not_yet.err) == (1, True)
    assert commune("form", code, "09").code == 2


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


def test_a_late_dossier_shows_its_letter_and_who_answers(commune: Terminal) -> None:
    code = register(commune).json["code"]
    commune("sweep", "--at", "2026-03-04T08:00")
    shown = commune("show", code).out
    assert "Thư xin lỗi" in shown
    assert "Trách nhiệm người đứng đầu" in shown
    assert "trễ hẹn" in shown
    before = commune("show", code, "--as-of", "2026-03-01T09:00")
    assert code in before.err


def test_hints_name_commands_as_they_are_typed(commune: Terminal) -> None:
    code = register(commune).json["code"]
    asked = commune("ask-supplement", code, "--content", "Giấy chứng sinh", "--as", "le", "--at", MONDAY)
    assert asked.code == 0, asked.err
    commune("receive", code, "--task", "1", "--as", "ho", "--at", "2026-03-02T09:00")
    said = commune(
        *("finish-step", code, "--task", "1", "--outcome", "hop_le"),
        *("--as", "ho", "--at", "2026-03-02T10:00"),
    )
    assert "receive-supplement" in said.err


def test_a_letter_is_said_to_be_where_it_is(
    commune: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = register(commune).json["code"]
    commune("sweep", "--at", "2026-03-04T08:00")
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path / f"thu-xin-loi-{code}-1.pdf") in commune("letter", code).out


def test_all_that_is_wrong_with_a_definition_is_said_at_once(sqlite_motcua: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "sai.yaml"
    path.write_text("code: 1.001193\nversion: mot\nname: no\n", encoding="utf-8")
    for verb in ("lint", "publish"):
        said = sqlite_motcua("procedure", verb, str(path))
        assert said.code == 1
        told = said.out + said.err
        assert told.count("MC0") > 3
        assert "dòng 2" in told or ":2" in told
    missing = sqlite_motcua("procedure", "lint", "/khong/co.yaml")
    assert "/khong/co.yaml" in missing.err


def test_a_version_in_force_as_early_as_the_one_before_is_pointed_out(
    sqlite_motcua: Terminal, tmp_path: Path
) -> None:
    for code, kind in (("H44", "committee.commune"), ("H44.1", "one_stop"), ("H44.2", "division.economy")):
        parent = () if code == "H44" else ("--parent", "H44")
        assert sqlite_motcua("agency", "add", code, code, kind, *parent).code == 0
    path = tmp_path / "t.yaml"
    said = []
    for version, since in ((1, "2026-01-01"), (2, "2026-01-01"), (3, "2026-03-01")):
        path.write_text(
            SIMPLE.replace("version: 1", f"version: {version}").replace("2025-01-01", since), encoding="utf-8"
        )
        said.append(sqlite_motcua("procedure", "publish", str(path)))
    assert [each.code for each in said] == [0, 0, 0], said
    assert ["Lưu ý" in each.out for each in said] == [False, True, False]
    assert "bản 1: từ ngày ấy hồ sơ mới đều theo bản 2" in " ".join(said[1].out.split())
