"""Signing in elsewhere, with a real provider of identities in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.accounts import repository
from api.deps import Door
from dossiers.core.clock import now
from dossiers.core.settings import Settings
from tests.pages.conftest import require_accessible
from tests.pages.site import Site

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider of identities."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    command += ["--require-nonce", "true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url, until = f"http://127.0.0.1:{port}", monotonic() + 30
        while monotonic() < until and process.poll() is None:
            try:
                httpx.get(f"{url}/.well-known/openid-configuration", timeout=1).raise_for_status()
                break
            except httpx.HTTPError:
                sleep(0.1)  # a process says no other way that it listens
        yield url
        process.terminate()


@pytest.fixture
def office(site: Site, issuer: str) -> Site:
    """The office that trusts the provider; its clock shows what the provider's does."""
    site.at = now()
    _trust(site, issuer)
    return site


def _trust(site: Site, issuer: str, **more: Any) -> None:
    settings = Settings(
        public_url=site.url,
        oidc_issuer=issuer,
        oidc_client_id="motcua",
        oidc_client_secret="bí mật/của+motcua",
        oidc_name="Cổng xác thực tỉnh",
        **more,
    )
    site.app.state.door = Door(site.office, settings)


def _person(issuer: str, subject: str, **claims: Any) -> None:
    httpx.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()


def _login(site: Site, login: str) -> None:
    """The officer of the demonstration signs in by this name from now on."""
    official = site.login("Chuyên viên")
    with site.office.database.writing() as connection:
        repository.change(connection, official, login=login)


def _go(page: Page, subject: str, to: str = "/account") -> None:
    page.goto(f"/sign-in?next={to}")
    page.get_by_role("link", name="Đăng nhập bằng Cổng xác thực tỉnh").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_somebody_signs_in_elsewhere(page: Page, office: Site, issuer: str) -> None:
    _login(office, "cb.an@phutho.example")
    _person(issuer, "cb-1", email="CB.An@phutho.example", email_verified=True)
    page.goto("/sign-in")
    require_accessible(page)
    _go(page, "cb-1")
    page.wait_for_url("**/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")


def test_who_was_on_the_way_to_an_address_with_dots_arrives_there(
    page: Page, office: Site, issuer: str
) -> None:
    _login(office, "cb.an@phutho.example")
    _person(issuer, "cb-6", email="cb.an@phutho.example", email_verified=True)
    _go(page, "cb-6", to="/account?tab=H44.101.01")
    page.wait_for_url("**/account?tab=H44.101.01")


def test_an_address_given_to_somebody_else_opens_nothing(visitors: Visit, office: Site, issuer: str) -> None:
    _login(office, "cb.an@phutho.example")
    _person(issuer, "cb-2", email="cb.an@phutho.example", email_verified=True)
    first, second, third = visitors(), visitors(), visitors()
    _go(first, "cb-2")
    first.wait_for_url("**/account")
    _person(issuer, "cb-2", email="moi@phutho.example", email_verified=True)
    _person(issuer, "cb-3", email="cb.an@phutho.example", email_verified=True)
    _go(second, "cb-3")
    expect(second.get_by_role("alert")).to_contain_text("Chưa có tài khoản nào ứng với")
    _go(third, "cb-2")
    third.wait_for_url("**/account")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "khong-ai@phutho.example", "email_verified": True},
        {"email": "cb.an@phutho.example", "email_verified": False},
        {"email": "cb.an@phutho.example"},
        {},
    ],
    ids=json.dumps,
)
def test_who_is_not_known_stays_outside(
    page: Page, office: Site, issuer: str, claims: dict[str, Any]
) -> None:
    _login(office, "cb.an@phutho.example")
    _person(issuer, f"la-{len(json.dumps(claims))}", **claims)
    _go(page, f"la-{len(json.dumps(claims))}")
    expect(page.get_by_role("alert")).to_contain_text("Chưa có tài khoản nào ứng với")


def test_the_subject_itself_may_be_the_login(page: Page, office: Site, issuer: str) -> None:
    _trust(office, issuer, oidc_claim="sub")
    _login(office, "cb.so-4")
    _go(page, "cb.so-4")
    page.wait_for_url("**/account")


def test_a_return_that_did_not_begin_here_is_refused(visitors: Visit, office: Site, issuer: str) -> None:
    """Somebody else's code brought to another browser, and a state that was made up."""
    _login(office, "cb.an@phutho.example")
    _person(issuer, "cb-5", email="cb.an@phutho.example", email_verified=True)
    mine, theirs = visitors(), visitors()
    mine.goto("/sign-in/elsewhere")
    back = httpx.post(mine.url, data={"sub": "cb-5"}).headers["location"]
    assert back.startswith(f"{office.url}/sign-in/elsewhere/return?")
    theirs.goto(back)
    expect(theirs.get_by_role("alert")).to_contain_text("Lượt đăng nhập này đã cũ.")
    theirs.goto("/sign-in/elsewhere")
    theirs.goto(back)
    expect(theirs.get_by_role("alert")).to_contain_text("không bắt đầu từ máy này")


def test_a_provider_that_does_not_answer_is_said_to_be_so(page: Page, office: Site, issuer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    _trust(office, nobody)
    page.goto("/sign-in")
    page.get_by_role("link", name="Đăng nhập bằng Cổng xác thực tỉnh").click()
    expect(page.get_by_role("alert")).to_contain_text("Không liên lạc được với nơi xác thực.")
    _trust(office, "http://sso.phutho.example")
    page.goto("/sign-in/elsewhere")
    expect(page.get_by_role("alert")).to_contain_text("phải dùng HTTPS")


def test_where_nothing_is_set_nothing_is_offered(page: Page, site: Site) -> None:
    page.goto("/sign-in")
    expect(page.get_by_role("link", name="Đăng nhập bằng")).to_have_count(0)
    answer = page.goto("/sign-in/elsewhere")
    assert answer is not None
    assert answer.status == 404
