"""Signing in: passwords, the second step, lock-out, sessions, cookies, the guard of forms."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from api.accounts import repository
from api.deps import Door
from api.public.limiting import Limit, Limits
from dossiers.core.settings import Settings
from tests.api.browser import PASSWORD, Browser, give_account, refusal
from tests.api.conftest import Http, problem


@pytest.fixture
def browser(http: Http) -> Browser:
    """Somebody before the sign-in page; ``cong`` and ``binh`` have accounts."""
    for official in ("cong", "binh"):
        give_account(http, official)
    return Browser(http)


def test_a_session_opens_pages_and_ends_for_good(browser: Browser) -> None:
    assert not browser.signed_in
    arrived = browser.sign_in("binh")
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/account")
    assert browser.signed_in
    kept = dict(browser.cookies)
    browser.get("/account")
    browser.post("/sign-out")
    assert not browser.signed_in
    browser.cookies = kept
    assert not browser.signed_in


def test_the_cookies_of_an_office_over_https_are_for_it_alone(browser: Browser) -> None:
    browser.sign_in("binh")
    [name] = [each for each in browser.cookies if each.endswith("motcua_session")]
    assert name == "__Host-motcua_session"
    flags = {flag.strip().lower() for flag in browser.set[name].split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)
    with browser.http.database.reading() as connection:
        kept = str(connection.execute(text("SELECT * FROM web_sessions")).all())
    assert browser.cookies[name] not in kept
    for each in browser.set.values():
        assert "httponly" in each.lower()
        assert "samesite=lax" in each.lower()


def test_over_plain_http_the_cookie_says_so(browser: Browser) -> None:
    door = browser.http.app.state.door
    plain = Settings(public_url="http://127.0.0.1:8000")
    browser.http.app.state.door = Door(door.office, plain, door.limits)
    assert "strict-transport-security" not in browser.sign_in("binh").headers
    assert "motcua_session" in browser.cookies
    assert "secure" not in browser.set["motcua_session"].lower()


def test_pages_carry_safe_headers(browser: Browser) -> None:
    browser.sign_in("binh")
    page = browser.get("/account")
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_forged_form_does_nothing(browser: Browser) -> None:
    browser.sign_in("binh")
    browser.csrf = "0" * 64
    assert browser.post("/account/sessions/end", here="1").status_code == 403
    assert browser.signed_in
    bare = browser.http.client.post("/sign-in", data={"login": "binh", "password": PASSWORD})
    assert bare.status_code == 403


def test_after_five_wrong_passwords_the_account_rests_longer_each_time(browser: Browser) -> None:
    http = browser.http
    for _ in range(4):
        assert "không đúng" in refusal(browser.sign_in("binh", "sai hết cả rồi"))
    rests = []
    for _ in range(4):
        assert "không đúng" in refusal(browser.sign_in("binh", "sai hết cả rồi"))
        told = refusal(browser.sign_in("binh"))
        rests.append(int(re.findall(r"sau (\d+) phút", told)[0]))
        http.at += timedelta(minutes=rests[-1])
    assert rests == [1, 2, 4, 8]
    assert browser.sign_in("binh").status_code == 303
    assert "không đúng" in refusal(browser.sign_in("binh", "sai hết cả rồi")), "counted from the beginning"
    assert browser.sign_in("binh").status_code == 303


def test_failures_are_forgotten_after_half_a_day(browser: Browser) -> None:
    http = browser.http
    for _ in range(6):
        browser.sign_in("binh", "sai hết cả rồi")
        http.at += timedelta(minutes=3)
    http.at += timedelta(hours=13)
    for _ in range(4):
        assert "không đúng" in refusal(browser.sign_in("binh", "sai hết cả rồi"))
    http.at += timedelta(hours=13)
    for _ in range(4):
        assert "không đúng" in refusal(browser.sign_in("binh", "sai hết cả rồi"))
    assert browser.sign_in("binh").status_code == 303, "four a day are no reason to rest"


def test_that_an_account_rests_is_told_only_to_who_has_the_password(browser: Browser) -> None:
    for _ in range(5):
        browser.sign_in("binh", "sai hết cả rồi")
    wrong, unknown = browser.sign_in("binh", "sai hết cả rồi"), browser.sign_in("khong-ai", "sai hết cả rồi")
    assert (wrong.status_code, refusal(wrong)) == (unknown.status_code, refusal(unknown))
    assert "tạm khoá" in refusal(browser.sign_in("binh"))


def test_of_wrong_passwords_at_the_same_time_each_is_counted(browser: Browser) -> None:
    database, at = browser.http.database, browser.http.at

    def count(_: int) -> int:
        with database.writing() as connection:
            return repository.count_failure(connection, "binh", at)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(count, range(8))) == list(range(1, 9))


def test_neither_a_machine_nor_a_name_may_be_tried_without_end(browser: Browser) -> None:
    http = browser.http
    door = http.app.state.door
    limits = Limits(browser=Limit(burst=3, every=60), login=Limit(burst=2, every=600))
    http.app.state.door = Door(door.office, door.settings, limits)
    for _ in range(2):
        assert browser.sign_in("khong-ai", "x").status_code == 401
    assert browser.sign_in("khong-ai", "x").status_code == 429, "the name, though nobody has it"
    assert browser.sign_in("binh").status_code == 429, "the machine"
    http.at += timedelta(minutes=1)
    assert browser.sign_in("binh").status_code == 303


def test_who_guesses_learns_nothing_about_names(browser: Browser) -> None:
    wrong, unknown = browser.sign_in("binh", "sai hết cả rồi"), browser.sign_in("khong-ai", "sai hết cả rồi")
    assert (wrong.status_code, refusal(wrong)) == (unknown.status_code, refusal(unknown))


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("ngắn", "ít nhất 10 ký tự"),
        ("password123", "dễ đoán"),
        ("aaaaaaaaaaaa", "dễ đoán"),
        ("binh binh binh", "dễ đoán"),
        ("x" * 201, "dài quá"),
    ],
)
def test_a_weak_password_is_refused(browser: Browser, new: str, told: str) -> None:
    browser.sign_in("binh")
    browser.get("/account")
    refused = browser.post("/account/password", old=PASSWORD, new=new, again=new)
    assert refused.status_code == 422
    assert told in refusal(refused)
    assert new not in refused.text


def test_the_same_password_again_is_no_new_one(browser: Browser) -> None:
    browser.sign_in("binh")
    browser.get("/account")
    refused = browser.post("/account/password", old=PASSWORD, new=PASSWORD, again=PASSWORD)
    assert refused.status_code == 422
    assert "phải khác mật khẩu hiện tại" in refusal(refused)


def test_changing_the_password_signs_out_the_other_machines(browser: Browser) -> None:
    other = Browser(browser.http)
    for each in (browser, other):
        each.sign_in("binh")
    browser.get("/account")
    wanted = {"new": "câu mới của tôi", "again": "câu mới của tôi"}
    assert "hiện tại không đúng" in refusal(browser.post("/account/password", old="x", **wanted))
    differs = browser.post("/account/password", old=PASSWORD, **wanted | {"again": "câu mới của tôj"})
    assert "không giống nhau" in refusal(differs)
    assert browser.post("/account/password", old=PASSWORD, **wanted).status_code == 303
    assert browser.signed_in
    assert not other.signed_in
    assert other.sign_in("binh").status_code == 401
    assert other.sign_in("binh", "câu mới của tôi").status_code == 303


def test_who_was_given_a_password_chooses_an_own_one_first(browser: Browser) -> None:
    give_account(browser.http, "chu", must_change=True)
    browser.sign_in("chu")
    refused = browser.http.client.get(
        "/api/v1/dossiers", headers={**browser._headers(), "Accept": "application/json"}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "password_must_change")
    browser.get("/account")
    browser.post("/account/password", old=PASSWORD, new="câu mới của tôi", again="câu mới của tôi")
    assert browser.http.client.get("/api/v1/dossiers", headers=browser._headers()).status_code == 200


def test_sessions_are_listed_and_ended(browser: Browser) -> None:
    phone = Browser(browser.http, "Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Safari/537.36")
    third, stranger = Browser(browser.http), Browser(browser.http)
    for each in (phone, third, browser):
        each.sign_in("binh")
    stranger.sign_in("cong")
    page = browser.get("/account").text
    assert "Firefox trên Windows" in page
    assert "Chrome trên Android" in page
    ends = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", page)
    assert len(ends) == 2, "not one's own"
    stranger.get("/account")
    assert stranger.post(f"/account/sessions/{ends[0]}/end").status_code == 404
    for end in ends:
        assert browser.post(f"/account/sessions/{end}/end").status_code == 303
    assert [each.signed_in for each in (phone, third, browser, stranger)] == [False, False, True, True]


def test_signing_out_everywhere(browser: Browser) -> None:
    other = Browser(browser.http)
    for each in (other, browser):
        each.sign_in("binh")
    browser.get("/account")
    browser.post("/account/sessions/end")
    assert (other.signed_in, browser.signed_in) == (False, True)
    browser.post("/account/sessions/end", here="1")
    assert not browser.signed_in


def test_tokens_open_nothing_while_the_account_is_locked_and_after_signing_out(browser: Browser) -> None:
    http = browser.http
    assert http.get("/me", "binh").status_code == 200
    http.post("/accounts/binh/lock", by="tinh")
    problem(http.get("/me", "binh"), 401, "account_disabled")
    http.post("/accounts/binh/unlock", by="tinh")
    assert http.get("/me", "binh").status_code == 200
    assert http.post("/accounts/binh/sign-out", by="tinh").json() == {"sessions": 0, "tokens": 1}
    problem(http.get("/me", "binh"), 401, "token_revoked")
    browser.sign_in("cong")
    assert "thu hồi mọi mã truy cập" in browser.get("/account").text
    browser.post("/account/sessions/end")
    assert http.get("/me", "cong").status_code == 200
    browser.post("/account/sessions/end", here="1")
    problem(http.get("/me", "cong"), 401, "token_revoked")


def test_a_session_ends_when_idle_and_with_the_day(browser: Browser) -> None:
    browser.sign_in("binh")
    for _ in range(11):
        browser.http.at += timedelta(hours=1)
        assert browser.signed_in
    browser.http.at += timedelta(hours=1)
    assert not browser.signed_in
    browser.sign_in("binh")
    browser.http.at += timedelta(hours=2)
    assert not browser.signed_in


def _turn_on(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Set up the second step as a person would; the authenticator and the recovery codes."""
    browser.get("/account/totp")
    assert browser.post("/account/totp/start", old=PASSWORD).status_code == 303
    page = browser.get("/account/totp").text
    assert "<svg" in page
    found = re.search(r'id="secret">([A-Z2-7]+)<', page)
    assert found
    phone = pyotp.TOTP(found[1])
    done = browser.post("/account/totp", otp=phone.at(browser.http.at))
    codes = re.findall(r"<li><code>([a-z2-7-]+)</code></li>", done.text)
    assert len(codes) == len(set(codes)) == 10
    return phone, codes


def test_the_second_step_is_asked_for_once_it_is_on(browser: Browser) -> None:
    http = browser.http
    other = Browser(http)
    for each in (other, browser):
        each.sign_in("binh")
    phone, codes = _turn_on(browser)
    assert not other.signed_in, "signed out when the second step was turned on"
    http.at += timedelta(minutes=1)

    asked = other.sign_in("binh")
    assert asked.status_code == 200
    assert "Mã xác thực" in asked.text
    assert not other.signed_in, "the password alone opens nothing"
    assert "__Host-motcua_code" in other.cookies
    other.get("/sign-in")
    assert "không đúng" in refusal(other.post("/sign-in/code", otp="000000", next="/account"))
    entered = other.post("/sign-in/code", otp=phone.at(http.at), next="/account")
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    assert other.signed_in

    again = Browser(http)
    again.sign_in("binh")
    refused = again.post("/sign-in/code", otp=phone.at(http.at))
    assert "đã dùng" in refusal(refused), "the same code does not count twice"
    assert again.post("/sign-in/code", otp=codes[3].upper()).status_code == 303
    assert again.signed_in

    last = Browser(http)
    last.sign_in("binh")
    assert "đã dùng" in refusal(last.post("/sign-in/code", otp=codes[3]))
    with http.database.reading() as connection:
        kept = str(connection.execute(text("SELECT * FROM account_recovery_codes")).all())
    assert not any(code in kept for code in codes)


def test_the_second_step_is_not_guessed(browser: Browser) -> None:
    """Knowing the password gives no more tries: failures are forgotten only by the whole sign-in."""
    http = browser.http
    browser.sign_in("binh")
    phone, _codes = _turn_on(browser)
    http.at += timedelta(minutes=1)
    thief = Browser(http)
    for _ in range(4):
        thief.sign_in("binh")
        assert "không đúng" in refusal(thief.post("/sign-in/code", otp="000000"))
    thief.sign_in("binh")
    assert "không đúng" in refusal(thief.post("/sign-in/code", otp="000000"))
    assert "tạm khoá" in refusal(thief.post("/sign-in/code", otp=phone.at(http.at)))
    assert "tạm khoá" in refusal(thief.sign_in("binh"))


def test_the_code_is_waited_for_five_minutes(browser: Browser) -> None:
    http = browser.http
    browser.sign_in("binh")
    phone, _codes = _turn_on(browser)
    slow = Browser(http)
    http.at += timedelta(minutes=1)
    slow.sign_in("binh")
    http.at += timedelta(minutes=5)
    assert slow.post("/sign-in/code", otp=phone.at(http.at)).status_code == 401
    assert not slow.signed_in


def test_the_second_step_is_turned_off_with_the_password(browser: Browser) -> None:
    browser.sign_in("binh")
    _turn_on(browser)
    browser.get("/account/totp")
    assert "hiện tại không đúng" in refusal(browser.post("/account/totp/remove", old="sai"))
    renewed = browser.post("/account/totp/codes", old=PASSWORD)
    assert len(re.findall(r"<li><code>", renewed.text)) == 10
    browser.get("/account/totp")
    assert browser.post("/account/totp/remove", old=PASSWORD).status_code == 303
    assert Browser(browser.http).sign_in("binh").status_code == 303


def test_a_token_is_no_way_into_an_account(http: Http) -> None:
    """A partner's token cannot set a password, a second step or a delegation."""
    give_account(http, "binh")
    for path in ("/account/password", "/account/totp/start", "/account/delegations", "/account/sessions/end"):
        response = http.client.post(
            path, data={}, headers={**http.auth("binh"), "Accept": "application/json"}
        )
        assert (response.status_code, response.json()["code"]) == (403, "session_needed")
