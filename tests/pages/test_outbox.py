"""What leaves the office, in a browser: the queue, one message sent elsewhere, letters posted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from dossiers.records.repository import code_of
from tests.pages.conftest import require_accessible
from tests.pages.site import NOW, Site
from tests.pages.test_administration import ADMIN, open_dossier
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.delivering import deliver_due

Visit = Callable[..., Page]


@pytest.fixture
def code(site: Site) -> str:
    """A dossier received this morning, whose message waits."""
    dossier = open_dossier(site.office)
    with site.office.database.reading() as connection:
        return code_of(connection, dossier) or ""


def test_a_message_is_read_cancelled_and_sent_to_another_address(visitors: Visit, code: str) -> None:
    page = visitors(ADMIN)
    page.goto("/admin")
    page.get_by_role("link", name="Thư gửi đi").first.click()
    page.get_by_label("Mã hồ sơ", exact=True).fill(code)
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name=f"Đã tiếp nhận {code}").click()
    expect(page.get_by_role("main")).to_contain_text("Kính gửi Nguyễn Thị Dân")
    require_accessible(page)
    page.get_by_label("Lý do").fill("Đã báo tại quầy")
    page.get_by_role("button", name="Huỷ thư này").click()
    expect(page.get_by_role("status")).to_contain_text("Đã huỷ")
    page.get_by_label("Địa chỉ thư điện tử khác").fill("khong phai thu")
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.get_by_role("alert")).to_contain_text("Địa chỉ thư điện tử chưa đúng")
    page.get_by_label("Địa chỉ thư điện tử khác").fill("dan@example.vn")
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.get_by_role("main")).to_contain_text("chờ gửi")
    expect(page.locator(".timeline > li")).to_have_count(2)


def test_letters_are_printed_and_recorded_as_posted(visitors: Visit, site: Site, code: str) -> None:
    deliver_due(site.office, NOW, WaysOut())
    page = visitors(ADMIN)
    page.goto("/admin/outbox/letters")
    letter = page.locator("article", has_text=code)
    expect(letter).to_contain_text("Nguyễn Thị Dân")
    require_accessible(page)
    page.get_by_role("button", name="Ghi là đã gửi bưu chính").click()
    expect(page.get_by_role("status")).to_contain_text("gửi bưu chính")
    expect(page.locator("article", has_text=code)).to_have_count(0)
    site.at += timedelta(minutes=1)
    page.goto(f"/admin/outbox?q={code}")
    expect(page.get_by_role("table")).to_contain_text("đã gửi")


def test_nobody_else_sees_what_leaves(visitors: Visit) -> None:
    page = visitors("Chuyên viên")
    answer = page.goto("/admin/outbox")
    assert answer is not None and answer.status == 403
