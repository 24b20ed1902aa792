"""What is said in English: the history, the working of a date, why-lines, notes and refusals."""

from __future__ import annotations

import pickle
import re
from html import unescape

import pytest

from api.accounts.service import create_account
from api.web.saying import say
from dossiers.core.said import Said, capital, joined
from tests.api.browser import PASSWORD, Browser, refusal
from tests.api.conftest import Http
from tests.support.office import after

_TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


def english(http: Http, official: str) -> Browser:
    """An official signed in, reading English."""
    with http.database.writing() as connection:
        directory = http.world.office.reference(connection).directory
        login = f"{official}.viettri"
        create_account(connection, directory, official, login, PASSWORD, http.at, must_change=False)
    browser = Browser(http)
    browser.sign_in(login)
    browser.get("/language/en")
    return browser


def text_of(page: str) -> str:
    """The words of a page."""
    return unescape(" ".join(_TAG.sub("", page).split()))


def test_the_history_of_a_dossier_is_told(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-supplement", {"content": "Bổ sung <b>bản vẽ</b>."}, "le", after(hours=1))
    page = english(http, "le").get(f"/dossiers/{code}").text
    assert (
        "Lê Thị Lê asked the applicant to complete the dossier (request 1): “Bổ sung <b>bản vẽ</b>”; the "
        "clock is paused. Supplement due: 17:30 on 16/03/2026."
    ) in text_of(page)
    assert '<span lang="vi">Lê Thị Lê</span> asked' in page
    assert '“<span lang="vi">Bổ sung &lt;b&gt;bản vẽ&lt;/b&gt;</span>”' in page
    assert "The clock is paused: waiting for a supplement; this time is the applicant’s" in text_of(page)


def test_the_interface_says_the_same_words_whatever_the_pages_speak(http: Http) -> None:
    code = http.register()
    headers = {**http.auth("le"), "Cookie": "motcua_lang=en"}
    events = http.client.get(f"/api/v1/dossiers/{code}/history", headers=headers).json()["items"]
    assert "Lê Thị Lê tiếp nhận hồ sơ." in [event["text"] for event in events]


def test_the_working_of_a_date_is_explained(http: Http) -> None:
    code = http.register()
    said = text_of(english(http, "le").get(f"/dossiers/{code}").text)
    assert "Starts 07:30 on 02/03/2026; time limit 5 working days." in said
    assert "07/03/2026 does not count: Saturday." in said
    assert "Due 17:30 on 09/03/2026 (Civil Code 2015, article 148)." in said


def test_why_something_may_not_be_done_is_said(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    said = text_of(english(http, "an").get(f"/dossiers/{code}").text)
    assert "Correct: this is a task of Trung tâm" in said
    assert "(receptionist). Ask Trung tâm" in said


def test_a_note_is_said_in_the_language_of_the_page_it_is_shown_on(http: Http) -> None:
    browser = english(http, "le")
    browser.get("/account")
    done = browser.post("/account/sessions/end")
    assert done.status_code == 303
    note = browser.cookies["motcua_note"]
    assert "All other computers have been signed out." in browser.get("/account").text
    browser.cookies |= {"motcua_note": note, "motcua_lang": "vi"}
    assert "Đã đăng xuất mọi máy khác." in browser.get("/account").text


def test_refusals_are_said(http: Http) -> None:
    browser = english(http, "le")
    unknown = browser.get("/dossiers/X-1")
    assert unknown.status_code == 404
    assert refusal(unknown) == "There is no dossier with the code “X-1”."
    browser.cookies.clear()
    browser.cookies["motcua_lang"] = "en"
    wrong = browser.sign_in("le.viettri", "sai mật khẩu này")
    assert refusal(wrong) == "The sign-in name or password is wrong."


def test_a_sentence_is_its_vietnamese_text() -> None:
    said = Said("{who} tiếp nhận hồ sơ.", who="Lê Thị Lê")
    assert said == "Lê Thị Lê tiếp nhận hồ sơ."
    assert say(said, "vi") == said
    assert say(said, "en") == "Lê Thị Lê accepted the dossier."
    again = pickle.loads(pickle.dumps(said))
    assert (again, again.pattern, again.values) == (said, said.pattern, said.values)


def test_what_somebody_typed_is_never_translated() -> None:
    assert say(Said("{who} ghi nhận: {activity}.", who="Lê", activity="Đã lưu"), "en") == "Lê noted: Đã lưu."
    assert say(Said("{why}"), "en") == "{why}"


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "1 working day"), (2, "2 working days"), ("1", "1 working day"), ("0,5", "0,5 working days")],
)
def test_numbers_choose_singular_and_plural(n: int | str, words: str) -> None:
    assert say(Said("{n} ngày làm việc", n=n), "en") == words


def test_sentences_are_put_together_and_begun() -> None:
    both = joined(Said(" và "), [Said("Thứ Bảy"), Said("Chủ nhật")])
    assert both == "Thứ Bảy và Chủ nhật"
    assert say(both, "en") == "Saturday and Sunday"
    assert capital(Said("tính tiếp thời gian.")) == "Tính tiếp thời gian."
    assert say(capital(Said("tính tiếp thời gian.")), "en") == "The clock goes on."
    assert say(Said("Hồ sơ đã kết thúc") + ". " + Said("Đã lưu."), "en") == "The dossier is closed. Saved."
    assert joined("; ", []) == ""
