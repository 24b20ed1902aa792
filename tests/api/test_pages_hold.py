"""Pages that open whatever is asked of them, and refusals that leave a way on."""

from __future__ import annotations

import re

import pytest
from starlette.datastructures import FormData

from api.accounts.service import create_account
from api.front import MOST_BODY, MOST_UPLOAD
from api.web.forms import Form
from dossiers.agencies.service import close_agency
from dossiers.core.errors import BadInput
from tests.api.browser import PASSWORD, Browser, refusal
from tests.api.conftest import Http
from tests.api.test_files import PDF
from tests.support.office import TAX, after

SHEET = {
    "procedure": "T.1",
    "shown": "T.1",
    "channel": "direct",
    "a.kind": "person",
    "a.name": "Quỳnh Thị Dao",
    "do": "accept",
}


def seen_by(http: Http, official: str) -> Browser:
    """An official signed in."""
    with http.database.writing() as connection:
        directory = http.world.office.reference(connection).directory
        login = f"{official}.viettri"
        create_account(connection, directory, official, login, PASSWORD, http.at, must_change=False)
    browser = Browser(http)
    browser.sign_in(login)
    return browser


@pytest.mark.parametrize("narrowed", ["q=Qu%E1%BB%B3nh", "procedure=T.1"])
def test_every_list_of_the_inbox_is_narrowed(http: Http, narrowed: str) -> None:
    sent, stays = http.register(), http.register()
    http.do(sent, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(sent, "receive", {"task": 2}, "an", after(hours=2))
    http.do(stays, "finish-step", {"task": 1, "send": False}, "le", after(hours=2))
    officer, desk = seen_by(http, "an"), seen_by(http, "le")
    assert sent in officer.get(f"/work?{narrowed}").text
    assert stays in desk.get(f"/work?tab=outgoing&{narrowed}").text
    assert sent not in desk.get("/work?tab=outgoing&q=khong-co-ai").text
    for tab in ("mine", "team", "incoming", "outgoing", "waiting"):
        for browser in (officer, desk):
            assert browser.get(f"/work?tab={tab}&{narrowed}").status_code == 200


def test_the_tree_of_agencies_shows_closed_ones_and_those_without_a_head(http: Http) -> None:
    with http.database.writing() as connection:
        directory = http.world.office.reference(connection).directory
        close_agency(connection, directory, TAX, http.at.date(), None)
    page = seen_by(http, "tinh").get("/admin/agencies")
    assert page.status_code == 200
    assert "đã ngừng" in page.text
    assert "khuyết thủ trưởng" in page.text


def test_the_desk_opens_for_a_token(http: Http) -> None:
    code = http.register()
    for path in ("/desk", "/desk?pile=today", "/desk/search", "/desk/pickup", "/desk/register"):
        page = http.client.get(path, headers={**http.auth("le"), "Accept": "text/html"})
        assert page.status_code == 200, path
    assert code in http.client.get("/desk/search", headers=http.auth("le")).text


def test_a_sheet_whose_key_was_used_gets_a_new_one(http: Http) -> None:
    desk = seen_by(http, "le")
    sheet = SHEET | {"key": "one-key-for-a-sheet"}
    desk.get("/desk/register?procedure=T.1")
    code = desk.post("/desk/register", **sheet).headers["location"].split("/")[-1].partition("?")[0]
    again = desk.post("/desk/register", **sheet | {"a.name": "Bùi Thị Hai"})
    assert again.status_code == 409
    [key] = set(re.findall(r'name="key" value="([^"]+)"', again.text))
    assert key != sheet["key"]
    assert desk.post("/desk/register", **sheet | {"a.name": "Bùi Thị Hai", "key": key}).status_code == 303
    path = f"/desk/dossiers/{code}/correct"
    for name, status in (("Quỳnh Thị Đào", 303), ("Quỳnh Thị Đạo", 409)):
        fields = SHEET | {"a.name": name, "reason": "Ghi sai tên.", "key": "one-key-to-correct"}
        shown = desk.post(path, **fields)
        assert shown.status_code == status
    assert 'value="one-key-to-correct"' not in shown.text


def test_citizens_are_told_of_no_command_line(http: Http) -> None:
    page = http.client.get("/public/late/ZZ", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Không có cơ quan, đơn vị mã “ZZ”." in refusal(page)
    assert "motcua agency" not in page.text


def test_files_of_a_dossier_may_be_as_large_as_at_the_desk(http: Http) -> None:
    code = http.register()
    desk = seen_by(http, "le")
    desk.get(f"/dossiers/{code}/do/attach")
    scan = PDF + b"\0" * MOST_BODY
    sent = http.client.post(
        f"/dossiers/{code}/do/attach",
        data={"csrf": desk.csrf, "key": "one-key-for-files"},
        files={"files": ("ban-ve.pdf", scan, "application/pdf")},
        headers=desk._headers(),
    )
    assert sent.status_code == 303, sent.text
    [file] = http.get(f"/dossiers/{code}/files").json()["items"]
    assert file["size"] == len(scan)


@pytest.mark.parametrize(("path", "most"), [("attach", "64 MiB"), ("note", "1 MiB")])
def test_too_much_is_refused_on_a_page(http: Http, path: str, most: str) -> None:
    headers = {"Accept": "text/html", "content-length": str(MOST_UPLOAD + 1)}
    page = http.client.post(f"/dossiers/{http.register()}/do/{path}", content=b"x", headers=headers)
    assert page.status_code == 413
    assert refusal(page) == f"Nội dung gửi lên lớn hơn {most}."
    assert "Quay lại" in page.text


@pytest.mark.parametrize(
    ("typed", "number"), [("", None), ("1500", 1500), ("1.500", 1500), ("12.500.000", 12500000)]
)
def test_dots_stand_between_thousands(typed: str, number: int | None) -> None:
    assert Form(FormData({"days": typed})).number("days") == number


@pytest.mark.parametrize("typed", ["1.5", "1.50", "1500.000", ".500", "1..500", "1,5", "-1", "²", "1" * 16])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="số nguyên"):
        Form(FormData({"days": typed})).number("days")


def test_reception_is_not_called_acceptance_in_english(http: Http) -> None:
    desk = seen_by(http, "le")
    desk.get("/language/en")
    heading = re.search(r'<h2 id="quick">(.*?)</h2>', desk.get("/desk").text)
    assert heading
    assert heading[1] == "Reception"
    code = http.register()
    assert "<dt>Received</dt>" in desk.get(f"/dossiers/{code}").text
