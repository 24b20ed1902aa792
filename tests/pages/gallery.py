"""Pictures of every page, for docs/pages: ``python -m tests.pages.gallery``. To be looked at one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.pages.conftest import CHROMIUM, DESKTOP, PHONE
from tests.pages.site import Site, build_template, running, site_on
from workflows.views.late import late as late_dossiers
from workflows.views.lists import Filter, dossiers
from workflows.views.sight import EVERYTHING

DOSSIERS = 600
"""Enough for every page to have something to show."""

TARGET = Path(__file__).parents[2] / "docs" / "pages"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page as somebody sees it. ``role`` is empty for a citizen."""

    name: str
    title: str
    path: str
    role: str = ""
    dark: bool = False


def shots_of(site: Site) -> Iterator[Shot]:
    """Every page worth a picture, in the order of a dossier's life."""
    desk, officer, head, leader, admin = (
        "Tiếp nhận hồ sơ",
        "Chuyên viên",
        "Thủ trưởng đơn vị",
        "Lãnh đạo Ủy ban nhân dân",
        "Quản trị hệ thống",
    )
    code, late = example(site), example(site, late=True)
    yield Shot("sign-in", "Đăng nhập", "/sign-in")
    yield Shot("desk", "Quầy hôm nay", "/desk", desk)
    yield Shot("register", "Tiếp nhận hồ sơ", "/desk/register?procedure=1.001193", desk)
    yield Shot("search", "Tìm hồ sơ", "/desk/search?q=Nguyễn", desk)
    yield Shot("pickup", "Chờ trả kết quả", "/desk/pickup", desk)
    yield Shot("work", "Việc của tôi", "/work", officer)
    yield Shot("dossier", "Một hồ sơ", f"/dossiers/{code}", leader)
    yield Shot("dossier-late", "Một hồ sơ trễ hạn", f"/dossiers/{late}", leader)
    yield Shot("dossier-dark", "Một hồ sơ, nền tối", f"/dossiers/{late}", leader, dark=True)
    yield Shot("slip", "Phiếu kiểm soát", f"/dossiers/{code}/slip", leader)
    yield Shot("oversight", "Trễ hạn và xin lỗi", "/oversight", leader)
    yield Shot("oversight-dark", "Trễ hạn và xin lỗi, nền tối", "/oversight", leader, dark=True)
    yield Shot("ledger", "Sổ trách nhiệm", "/oversight/ledger", leader)
    yield Shot("load", "Khối lượng việc", "/oversight/load", head)
    yield Shot("month", "Tháng qua", "/oversight/month", leader)
    yield Shot("day", "Danh sách trễ của một ngày đã qua", "/oversight/day?on=2026-11-16", leader)
    yield Shot("agencies", "Các cơ quan", "/oversight/agencies", leader)
    yield Shot("voices", "Ý kiến người dân", "/oversight/voices", leader)
    yield Shot("public", "Tra cứu hồ sơ", "/public")
    yield Shot("public-dossier", "Người dân xem hồ sơ", f"/public/{code}")
    yield Shot("public-late", "Công khai hồ sơ trễ hạn", "/public/late")
    yield Shot("complain", "Gửi phản ánh, kiến nghị", "/public/complain")
    yield Shot("admin", "Quản trị", "/admin", admin)
    yield Shot("procedures", "Thủ tục", "/admin/procedures", admin)
    yield Shot("procedure", "Một thủ tục", "/admin/procedures/1.001193", admin)
    yield Shot("calendars", "Lịch làm việc", "/admin/calendars/vn-office?year=2026", admin)
    yield Shot("admin-agencies", "Cơ quan", "/admin/agencies", admin)
    yield Shot("users", "Người dùng", "/admin/users", admin)
    yield Shot("duties", "Việc định kỳ", "/admin/duties", admin)
    yield Shot("health", "Tình trạng", "/admin/health", admin)
    yield Shot("account", "Tài khoản của tôi", "/account", officer)


def example(site: Site, *, late: bool = False) -> str:
    """A dossier of the commune the demonstration's people work in."""
    desk = site.login("Tiếp nhận hồ sơ")
    with site.office.database.reading() as connection:
        directory = site.office.reference(connection).directory
        commune = directory.agency(directory.official(desk).agency).parent
        listing = late_dossiers if late else dossiers
        page = listing(site.office, connection, site.at, Filter(EVERYTHING, agency=commune, open_only=True))
    return page.items[0].code


class Photographer:
    """Takes pictures; signs in once for each person and size."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.pages: dict[tuple[str, bool, bool], Page] = {}

    def take(self, shot: Shot) -> None:
        """One page, on a desk and on a phone."""
        for phone in (False, True):
            page = self._page(shot, phone)
            answer = page.goto(shot.path)
            assert answer is not None and answer.ok, f"{shot.path}: {answer and answer.status}"
            picture = Image.open(BytesIO(page.screenshot(full_page=not phone)))
            path = TARGET / f"{shot.name}{'-phone' if phone else ''}.png"
            picture.convert("RGB").quantize(128).save(path, optimize=True)

    def _page(self, shot: Shot, phone: bool) -> Page:
        known = self.pages.get((shot.role, shot.dark, phone))
        if known is not None:
            return known
        page = self.browser.new_context(
            base_url=self.site.url,
            viewport=PHONE if phone else DESKTOP,
            locale="vi-VN",
            color_scheme="dark" if shot.dark else "light",
        ).new_page()
        if shot.role:
            page.goto("/sign-in")
            page.get_by_role("button", name=shot.role).click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        self.pages[shot.role, shot.dark, phone] = page
        return page


def index(shots: list[Shot]) -> str:
    """The page that shows the pictures."""
    lines = ["# Pages", "", "Made by `python -m tests.pages.gallery` on the demonstration office.", ""]
    for shot in shots:
        lines += [
            f"## {shot.title}",
            "",
            f"`{shot.path}`" + (f", {shot.role}" if shot.role else ", người dân"),
            "",
            f"![{shot.title}]({shot.name}.png) ![{shot.title}, điện thoại]({shot.name}-phone.png)",
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    """Take every picture anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, running() as served, sync_playwright() as playwright:
        template = build_template(Path(folder), DOSSIERS)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        with site_on(*served, template, Path(folder)) as site:
            shots = list(shots_of(site))
            photographer = Photographer(browser, site)
            for shot in shots:
                sys.stdout.write(f"{shot.path}\n")
                photographer.take(shot)
    (TARGET / "README.md").write_text(index(shots), encoding="utf-8")


if __name__ == "__main__":
    main()
