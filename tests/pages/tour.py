"""The five-minute tour, walked in a browser; its pictures for docs/vi: ``python -m tests.pages.tour``."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.pages.conftest import CHROMIUM, DESKTOP
from tests.pages.gallery import DOSSIERS
from tests.pages.site import Site, build_template, running, site_on

TARGET = Path(__file__).parents[2] / "docs" / "vi"

Snap = Callable[[Page, str], None]
Visit = Callable[[str | None], Page]


def walk(site: Site, visit: Visit, snap: Snap) -> None:
    """A birth registered, worked on, signed, given back; a citizen looks on; a leader sees what is late."""
    desk = visit("Tiếp nhận hồ sơ")
    code = _register(desk, snap)
    officer = visit("Chuyên viên")
    _receive_and_finish(officer, code, snap)
    leader = visit("Lãnh đạo Ủy ban nhân dân")
    _sign(leader, code, snap)
    _give_back(desk, code, snap)
    citizen = visit(None)
    citizen.goto("/public")
    citizen.locator("main input[name=code]").fill(code)
    citizen.get_by_role("button", name="Tra cứu").click()
    expect(citizen.get_by_text(code).first).to_be_visible()
    snap(citizen, "7-tra-cuu")
    leader.goto("/oversight")
    late = leader.locator("main details > summary").first
    if late.count():
        late.click()
    snap(leader, "8-tre-han")


def _register(desk: Page, snap: Snap) -> str:
    desk.goto("/desk/register?procedure=1.001193")
    desk.locator("#a-name").fill("Trần Thị Bình")
    desk.locator("[name='a.identity_no']").fill("025190001234")
    desk.locator("[name='a.phone']").fill("0912345678")
    snap(desk, "1-tiep-nhan")
    desk.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")
    snap(desk, "2-da-tiep-nhan")
    return desk.url.rpartition("/")[2].partition("?")[0]


def _receive_and_finish(officer: Page, code: str, snap: Snap) -> None:
    officer.goto(f"/dossiers/{code}")
    snap(officer, "3-ho-so")
    while True:
        officer.goto(f"/dossiers/{code}")
        receive = officer.get_by_role("button", name="Nhận bàn giao", exact=True)
        finish = officer.get_by_role("link", name="Hoàn thành bước", exact=True)
        if receive.count():
            receive.click()
        elif finish.count():
            finish.first.click()
            choices = officer.locator("main input[name=outcome]")
            if choices.count():
                choices.first.check()
            snap(officer, "4-hoan-thanh-buoc")
            officer.get_by_role("button", name="Hoàn thành bước").click()
        else:
            return
        officer.wait_for_load_state()


def _sign(leader: Page, code: str, snap: Snap) -> None:
    leader.goto(f"/dossiers/{code}")
    receive = leader.get_by_role("button", name="Nhận bàn giao", exact=True)
    if receive.count():
        receive.click()
    leader.get_by_role("link", name="Quyết định", exact=True).first.click()
    leader.locator("main input[name=outcome]").first.check()
    leader.locator("[name=result_number]").fill("112/GKS")
    snap(leader, "5-quyet-dinh")
    leader.get_by_role("button", name="Quyết định").click()
    expect(leader.get_by_text("Đã xử lý xong").first).to_be_visible()


def _give_back(desk: Page, code: str, snap: Snap) -> None:
    desk.goto(f"/desk/dossiers/{code}/give-back")
    desk.get_by_label("Người nhận đã ký nhận").check()
    snap(desk, "6-tra-ket-qua")
    desk.locator("main form button.primary").first.click()
    expect(desk.get_by_text("Đã trả kết quả").first).to_be_visible()


def main() -> None:
    """Walk the tour and keep its pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, running() as served, sync_playwright() as playwright:
        template = build_template(Path(folder), DOSSIERS)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        with site_on(*served, template, Path(folder)) as site:

            def visit(role: str | None) -> Page:
                context = browser.new_context(base_url=site.url, viewport=DESKTOP, locale="vi-VN")
                page = context.new_page()
                if role:
                    page.goto("/sign-in")
                    page.get_by_role("button", name=role).click()
                    page.wait_for_url(lambda url: "/sign-in" not in url)
                return page

            def snap(page: Page, name: str) -> None:
                picture = Image.open(BytesIO(page.screenshot()))
                picture.convert("RGB").quantize(128).save(TARGET / f"{name}.png", optimize=True)

            walk(site, visit, snap)


if __name__ == "__main__":
    main()
