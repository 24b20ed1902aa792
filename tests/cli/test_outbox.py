"""The outbox at a terminal: nothing set up means letters to print, and no error."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import MONDAY, Terminal, register

NOON = "2026-03-02T12:00"


def test_letters_are_listed_read_printed_and_posted(commune: Terminal, tmp_path: Path) -> None:
    code = register(commune).json["code"]
    listed = commune("outbox", "list", "--json").json
    assert listed["counts"]["waiting"] == 1
    [line] = listed["items"]
    assert (line["dossier"], line["topic"]["code"]) == (code, "accepted")
    assert code in commune("outbox", "list").out
    delivered = commune("outbox", "deliver", "--at", NOON, "--json").json
    assert delivered == {"looked_at": 1, "done": 1, "failed": 0, "put_off": 0}
    assert "chờ in" in commune("outbox", "show", line["id"]).out
    out = tmp_path / "thu.txt"
    assert commune("outbox", "print", "--out", str(out), "--posted", "--as", "le").code == 0
    assert "Nguyễn Thị Dân" in out.read_text(encoding="utf-8")
    assert commune("outbox", "show", line["id"], "--json").json["state"] == "done"
    assert commune("outbox", "print").out.startswith("Không có thư nào")


def test_a_message_is_cancelled_and_sent_anew(commune: Terminal) -> None:
    register(commune)
    message = commune("outbox", "list", "--json").json["items"][0]["id"]
    assert commune("outbox", "cancel", message, "--reason", "Đã báo tại quầy", "--at", MONDAY).code == 0
    assert commune("outbox", "retry", message, "--email", "dan@example.vn", "--at", MONDAY).code == 0
    assert commune("outbox", "list", "--json").json["counts"]["waiting"] == 1
    said = commune("outbox", "show", "khong-phai")
    assert (said.code, "message_unknown" in said.err) == (1, True)


def test_an_official_says_where_to_be_told(commune: Terminal) -> None:
    assert commune("outbox", "contact", "official:le", "--email", "le@example.gov.vn").code == 0
    assert "recipient_unreadable" in commune("outbox", "contact", "le").err
    assert "email_unreadable" in commune("outbox", "contact", "official:le", "--email", "le").err
