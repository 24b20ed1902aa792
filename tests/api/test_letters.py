"""The apology as a PDF, and whether a letter somebody holds is genuine."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from httpx import Response

from tests.api.conftest import APPLICANT, SECRETS, Http, problem
from tests.support.office import after
from workflows.service import find
from workflows.views.letters import apology_letter


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


@pytest.fixture
def late(http: Http) -> str:
    """A late dossier with a letter to sign."""
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.at = after(days=10)
    http.post("/sweep", by="tinh")
    return code


def pdf_text(response: Response) -> str:
    """The words on the letter."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def sign(http: Http, code: str) -> None:
    """The head signs."""
    body = {"apology": 1, "reason": "Hồ sơ tăng đột biến.", "new_due_at": "2026-03-20T17:00:00+07:00"}
    http.do(code, "sign-apology", body, "binh")


def test_a_letter_is_a_draft_until_it_is_signed(http: Http, late: str) -> None:
    draft = pdf_text(http.get(f"/dossiers/{late}/apologies/1.pdf"))
    assert "DỰ THẢO" in draft
    assert "Phạm Bình" in draft, "who is to sign"
    sign(http, late)
    signed = http.get(f"/dossiers/{late}/apologies/1.pdf")
    words = pdf_text(signed)
    assert "DỰ THẢO" not in words
    for expected in (APPLICANT["name"], APPLICANT["identity_no"], late, "Hồ sơ tăng đột biến", "Thử"):
        assert expected in words, expected
    assert "UBND phường Việt Trì".lower() in words.lower()
    assert "Việt Trì, ngày 12" in words
    assert signed.content == http.get(f"/dossiers/{late}/apologies/1.pdf").content


def test_a_letter_that_is_not_there_is_not_found(http: Http, late: str) -> None:
    problem(http.get(f"/dossiers/{late}/apologies/2.pdf"), 404, "letter_unknown")
    problem(http.get(f"/dossiers/{late}/apologies/0.pdf"), 422, "bad_input")
    problem(http.get(f"/dossiers/{late}/apologies/x.pdf"), 422, "bad_input")


def test_a_letter_no_longer_owed_is_not_printed(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.at = after(days=7, hours=1)
    http.post("/sweep", by="tinh")
    assert [letter["dossier"] for letter in http.get("/apologies", "binh").json()["items"]] == [code]
    http.do(code, "withdraw", {"reason": "Thôi."}, "le", after(days=7, hours=2))
    problem(http.get(f"/dossiers/{code}/apologies/1.pdf"), 409, "letter_withdrawn")


def test_a_signed_letter_is_verified_without_naming_the_applicant(http: Http, late: str) -> None:
    sign(http, late)
    token = http.letter_token(late, 1)
    verified = http.client.get(f"/api/v1/public/letters/{token}")
    assert verified.json() == {
        "code": late,
        "apology": 1,
        "agency": {"code": "H44.101.02", "name": "Phòng Kinh tế phường Việt Trì"},
        "signed_by": "Phạm Bình",
        "signed_at": "2026-03-12T00:30:00Z",
        "new_due_at": "2026-03-20T10:00:00Z",
        "withdrawn": False,
    }
    for secret in SECRETS:
        assert secret not in verified.text


def test_the_code_on_the_letter_leads_to_its_verification(http: Http, late: str) -> None:
    sign(http, late)
    with http.database.reading() as connection:
        letter = apology_letter(
            http.world.office, connection, find(connection, late), 1, http.at, link_to="https://x/letters/"
        )
    assert letter.verification_link == f"https://x/letters/{http.letter_token(late, 1)}"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token[:-1],
        lambda token: token.replace(".1.", ".2."),
        lambda token: token.replace("0001", "0002"),
        lambda token: token.rpartition(".")[0] + ".draft",
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: "x",
        lambda token: "a.b.c",
        lambda token: f"{token.rpartition('.')[0].rpartition('.')[0]}.99999.{token[-16:]}",
    ],
)
def test_a_letter_with_anything_changed_is_not_known(
    http: Http, late: str, change: Callable[[str], str]
) -> None:
    sign(http, late)
    token = change(http.letter_token(late, 1))
    problem(http.client.get(f"/api/v1/public/letters/{token}"), 404, "letter_unknown")


def test_an_unsigned_letter_cannot_be_verified(http: Http, late: str) -> None:
    problem(http.client.get(f"/api/v1/public/letters/{late}.1.draft"), 404, "letter_unknown")
