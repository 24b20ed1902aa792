"""My account in a browser: the second step, lock-out, sessions, delegation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyotp
from playwright.sync_api import Page, expect

from api.rooms.account.people import DEMO_PASSWORD
from tests.pages.conftest import require_accessible
from tests.pages.site import Site

Visit = Callable[..., Page]


def _sign_in(page: Page, login: str, password: str = DEMO_PASSWORD) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def test_the_second_step_from_setting_up_to_signing_in(visitors: Visit, site: Site) -> None:
    page = visitors("Chuyên viên")
    page.goto("/account")
    require_accessible(page)
    page.get_by_role("link", name="Bật xác thực hai bước").click()
    require_accessible(page)
    page.get_by_label("Mật khẩu hiện tại").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_role("img", name="Mã QR")).to_be_visible()
    require_accessible(page)
    phone = pyotp.TOTP(page.locator("#secret").inner_text())
    page.get_by_label("Mã 6 số").fill("000000")
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.get_by_role("alert")).to_contain_text("không đúng hoặc đã dùng")
    page.get_by_label("Mã 6 số").fill(phone.at(site.at))
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã khôi phục")
    require_accessible(page)
    codes = page.locator("#codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="Đã cất").click()
    expect(page.get_by_text("Đang bật")).to_be_visible()

    site.at += timedelta(minutes=1)
    for code, javascript in ((phone.at(site.at), True), (codes[0], False)):
        other = visitors(java_script_enabled=javascript)
        _sign_in(other, site.login("Chuyên viên"))
        expect(other.get_by_role("heading", level=1)).to_have_text("Mã xác thực")
        if javascript:
            require_accessible(other)
        other.get_by_label("Mã 6 số").fill(code)
        other.get_by_role("button", name="Tiếp tục").click()
        other.wait_for_url("**/account")
    page.goto("/account/totp")
    expect(page.get_by_text("Số mã khôi phục chưa dùng: 9")).to_be_visible()
    require_accessible(page)


def test_an_account_rests_after_five_wrong_passwords(page: Page, site: Site) -> None:
    login = site.login("Chuyên viên")
    for _ in range(5):
        _sign_in(page, login, "không phải mật khẩu này")
        expect(page.get_by_role("alert")).to_contain_text("không đúng")
    _sign_in(page, login)
    expect(page.get_by_role("alert")).to_contain_text("tạm khoá vì nhập sai nhiều lần; mở lại sau 1 phút")
    require_accessible(page)
    site.at += timedelta(minutes=1)
    _sign_in(page, login)
    page.wait_for_url("**/account")


def test_signing_out_everywhere(visitors: Visit) -> None:
    here, there = visitors("Chuyên viên"), visitors("Chuyên viên", java_script_enabled=False)
    here.goto("/account")
    expect(here.locator(".badge", has_text="máy này")).to_have_count(1)
    here.get_by_role("button", name="Đăng xuất khắp nơi").click()
    here.wait_for_url("**/sign-in")
    for page in (here, there):
        page.goto("/account")
        assert "/sign-in" in page.url


def test_one_other_machine_is_signed_out(visitors: Visit) -> None:
    here, there = visitors("Chuyên viên"), visitors("Chuyên viên")
    here.goto("/account")
    here.get_by_role("button", name="Đăng xuất máy này").click()
    expect(here.get_by_role("status")).to_contain_text("Đã đăng xuất máy ấy.")
    there.goto("/account")
    assert "/sign-in" in there.url


def test_a_head_lets_somebody_stand_in(visitors: Visit, site: Site) -> None:
    head, officer = visitors("Thủ trưởng đơn vị"), visitors("Chuyên viên")
    head.goto("/account")
    head.get_by_text("Uỷ quyền cho người khác").click()
    require_accessible(head)
    head.get_by_label("Người được uỷ quyền (mã công chức)").fill(site.login("Chuyên viên"))
    head.get_by_label("Từ ngày").fill("2026-11-20")
    head.get_by_label("Đến hết ngày").fill("2026-11-19")
    head.get_by_label("Số văn bản uỷ quyền").fill("15/GUQ-PKT")
    head.get_by_role("button", name="Uỷ quyền", exact=True).click()
    expect(head.get_by_role("alert")).to_contain_text("Ngày kết thúc phải sau ngày bắt đầu")
    expect(head.get_by_label("Số văn bản uỷ quyền")).to_have_value("15/GUQ-PKT")
    head.get_by_label("Đến hết ngày").fill("2026-11-27")
    head.get_by_role("button", name="Uỷ quyền", exact=True).click()
    expect(head.get_by_role("row").filter(has_text="15/GUQ-PKT")).to_contain_text("đang có hiệu lực")
    require_accessible(head)

    officer.goto("/account")
    officer.get_by_label("thay mặt").check()
    officer.get_by_role("button", name="Chuyển sang nơi đã chọn").click()
    officer.goto("/account")
    expect(officer.locator("summary").first).to_contain_text("thay mặt")
    require_accessible(officer)
    site.at += timedelta(days=8)
    again = visitors("Chuyên viên")
    again.goto("/account")
    expect(again.get_by_label("thay mặt")).to_have_count(0)
