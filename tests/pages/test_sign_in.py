"""Signing in and out in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from api.rooms.account.people import DEMO_PASSWORD
from tests.pages.conftest import require_accessible
from tests.pages.site import Site

Visit = Callable[..., Page]


def test_sign_in_page_is_accessible(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    require_accessible(page)


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(page: Page, site: Site) -> None:
    page.goto("/account?tab=x")
    page.get_by_label("Tên đăng nhập").fill(site.login("Chuyên viên"))
    page.get_by_label("Mật khẩu", exact=True).fill(DEMO_PASSWORD)
    page.get_by_label("Mật khẩu", exact=True).press("Enter")
    page.wait_for_url("**/account?tab=x")


def test_a_wrong_password_says_so_and_keeps_the_name(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("ai-do")
    page.get_by_label("Mật khẩu", exact=True).fill("sai-mat-khau")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("ai-do")


def test_signing_out_ends_the_session_for_good(visitors: Visit) -> None:
    page = visitors("Chuyên viên", java_script_enabled=False)
    cookies = page.context.cookies()
    page.goto("/account")
    page.locator("summary").first.click()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto("/account")
    assert "/sign-in" in page.url


def test_an_ended_session_keeps_what_was_typed(visitors: Visit, site: Site) -> None:
    page = visitors("Chuyên viên")
    page.goto("/account")
    site.at += timedelta(hours=13)
    page.evaluate(
        """() => { const form = document.createElement("form");
        form.method = "post"; form.action = "/account/password";
        form.innerHTML = '<input name="reason" value="Chờ xác minh">';
        document.body.append(form); form.submit(); }"""
    )
    expect(page.get_by_text("Nội dung vừa nhập vẫn được giữ")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill(site.login("Chuyên viên"))
    page.get_by_label("Mật khẩu", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Đăng nhập").first.click()
    expect(page.get_by_text("Chờ xác minh")).to_be_visible()
