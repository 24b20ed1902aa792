"""The desk takes numbers only as they can be."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.pages.test_desk import RECEPTIONIST, RESIDENCE, Visit, fill_person


def test_numbers_that_cannot_be_right_are_refused_and_none_at_all_is_warned_of(visitors: Visit) -> None:
    page = visitors(RECEPTIONIST)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    warning = page.get_by_text("người nộp sẽ không tự tra cứu được")
    expect(warning).to_be_visible()
    fill_person(page)
    expect(warning).to_be_hidden()
    page.locator("#a-identity").fill("abc")
    page.locator("#a-phone").fill("12")
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_text("Số định danh cần 12 chữ số")).to_be_visible()
    expect(page.get_by_text("Số điện thoại cần từ 9 đến 11 chữ số")).to_be_visible()
    fill_person(page)
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")
