"""Webhooks in a browser: added with the secret shown once, changed, turned off."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.pages.conftest import require_accessible
from tests.pages.test_administration import ADMIN

Visit = Callable[..., Page]
URL = "https://phan-mem.example.gov.vn/motcua"


def test_a_receiver_is_added_changed_and_turned_off(visitors: Visit) -> None:
    page = visitors(ADMIN)
    page.goto("/admin/webhooks")
    require_accessible(page)
    page.get_by_label("Địa chỉ nhận").fill("https://192.168.1.5/")
    page.get_by_label("bàn giao").check()
    page.get_by_role("button", name="Thêm nơi nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("mạng nội bộ")
    expect(page.get_by_label("bàn giao")).to_be_checked()
    page.get_by_label("Địa chỉ nhận").fill(URL)
    page.get_by_role("button", name="Thêm nơi nhận").click()
    expect(page.locator("#secret")).to_contain_text("whsec_")
    require_accessible(page)
    page.get_by_role("link", name="về danh sách").click()
    require_accessible(page)
    expect(page.get_by_role("main")).to_contain_text("handoff:*")
    page.get_by_role("link", name=URL).click()
    require_accessible(page)
    page.get_by_label("Đang gửi").uncheck()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu")
    expect(page.get_by_role("main")).to_contain_text("đã tắt")
