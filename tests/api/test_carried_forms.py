"""What was typed is not lost to an ended session or an old form, and is shown to nobody else."""

from __future__ import annotations

import html
import re

import pytest
from httpx import Response

from tests.api.browser import PASSWORD, Browser, give_account, refusal
from tests.api.conftest import Http
from tests.support.office import COMMUNE, after

REASON = "Chờ xác minh nguồn gốc."


@pytest.fixture
def browser(http: Http) -> Browser:
    """Somebody before the sign-in page; ``cong`` and ``binh`` have accounts."""
    for official in ("cong", "binh"):
        give_account(http, official)
    return Browser(http)


def hidden(page: Response) -> dict[str, str]:
    """The hidden fields of the page's forms."""
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found if name != "csrf"}


def finish(browser: Browser, code: str) -> Response:
    """The head of the division sends the form to finish a step."""
    fields = {"task": "2", "note": REASON, "key": "one-key-for-a-form"}
    return browser.post(f"/dossiers/{code}/do/finish_step", **fields)


def received(http: Http) -> str:
    """A dossier the division works on."""
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "binh", after(hours=1))
    return code


def test_a_form_opened_before_signing_in_again_is_confirmed_and_then_sent(browser: Browser) -> None:
    code = received(browser.http)
    browser.sign_in("binh")
    browser.get("/account")
    old = browser.csrf
    browser.sign_in("binh")
    browser.csrf = old
    asked = finish(browser, code)
    assert asked.status_code == 403
    assert f"<li>{REASON}</li>" in asked.text
    assert len(browser.http.get(f"/dossiers/{code}").json()["tasks"]) == 2
    kept = hidden(asked)
    assert kept["note"] == REASON
    browser.csrf = re.findall(r'name="csrf" value="([^"]+)"', asked.text)[-1]
    assert browser.post(f"/dossiers/{code}/do/finish_step", **kept).status_code == 303
    assert len(browser.http.get(f"/dossiers/{code}").json()["tasks"]) == 3


def test_a_form_of_another_site_is_not_offered_for_sending(browser: Browser) -> None:
    code = received(browser.http)
    browser.sign_in("binh")
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    headers |= {"Sec-Fetch-Site": "cross-site", "Accept": "text/html"}
    sent = browser.http.client.post(
        f"/dossiers/{code}/do/finish_step", data={"note": REASON}, headers=headers
    )
    assert sent.status_code == 403
    assert REASON not in sent.text


def test_a_complaint_is_kept_when_the_browser_forgot_its_cookies(http: Http) -> None:
    citizen = Browser(http)
    citizen.get("/public/complain")
    citizen.cookies.clear()
    said = {
        "matter": "conduct",
        "text": "Quầy đóng cửa trong giờ làm việc.",
        "name": "Nguyễn Thị Dân",
        "phone": "0912345678",
        "agency": COMMUNE,
    }
    asked = citizen.post("/public/complain", **said)
    assert asked.status_code == 403
    assert "Quầy đóng cửa trong giờ làm việc." in asked.text
    assert hidden(asked) == said
    assert citizen.post("/public/complain", **hidden(asked)).status_code == 303


def test_signing_in_with_an_old_form_asks_for_the_password_only(browser: Browser) -> None:
    browser.get("/sign-in")
    browser.cookies.clear()
    again = browser.post("/sign-in", login="binh", password=PASSWORD, next="/account")
    assert again.status_code == 403
    assert 'value="binh"' in again.text
    assert PASSWORD not in again.text
    landed = browser.post("/sign-in", login="binh", password=PASSWORD, **hidden(again))
    assert landed.headers["location"] == "/account"


def test_a_form_of_an_ended_session_is_for_the_same_person_only(browser: Browser) -> None:
    code = received(browser.http)
    browser.sign_in("binh")
    browser.http.at = after(hours=5)
    asked = finish(browser, code)
    assert asked.status_code == 401
    assert "vẫn được giữ" in asked.text
    kept, guard = hidden(asked), browser.csrf
    other = browser.post("/sign-in", login="cong", password=PASSWORD, **kept)
    assert other.status_code == 303
    assert REASON not in other.text
    browser.csrf = guard
    same = browser.post("/sign-in", login="binh", password=PASSWORD, **kept)
    assert f"<li>{REASON}</li>" in same.text


def test_a_form_of_nobody_known_is_not_carried(browser: Browser) -> None:
    asked = finish(browser, received(browser.http))
    assert asked.status_code == 401
    assert REASON not in asked.text


def test_signing_out_of_an_ended_session_leads_to_signing_in(browser: Browser) -> None:
    browser.sign_in("binh")
    browser.http.at = after(hours=5)
    left = browser.post("/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")


def test_a_wrong_password_keeps_what_is_carried(browser: Browser) -> None:
    code = received(browser.http)
    browser.sign_in("binh")
    browser.http.at = after(hours=5)
    kept = hidden(finish(browser, code))
    wrong = browser.post("/sign-in", login="binh", password="sai mất rồi", **kept)
    assert "không đúng" in refusal(wrong)
    assert {**kept, "next": ""} == hidden(wrong)
