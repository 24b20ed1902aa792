"""The machine room on the administrators' page *Tình trạng*."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from api.deps import Door
from dossiers.core.settings import Settings
from tests.pages.conftest import require_accessible
from tests.pages.site import Site

Visit = Callable[..., Page]
NOBODY_LISTENS = "http://127.0.0.1:9/api"
FAR_AWAY = "/srv/mot-cua/uy-ban-nhan-dan-phuong-viet-tri/phong-may/prefect"


def test_a_machine_room_that_does_not_answer_worries_nobody(site: Site, visitors: Visit) -> None:
    known = Settings(
        public_url=site.url,
        demo=True,
        machine_room=True,
        prefect_api_url=NOBODY_LISTENS,
        prefect_folder=FAR_AWAY,
    )
    site.app.state.door = Door(site.office, known)
    page = visitors("Quản trị hệ thống")
    page.goto("/admin/health")
    card = page.get_by_role("region", name="Phòng máy")
    expect(card).to_contain_text("không trả lời")
    expect(card).to_contain_text("Văn phòng vẫn làm việc bình thường.")
    expect(card.get_by_role("link")).to_have_attribute("href", "http://127.0.0.1:9")
    expect(card).to_contain_text(f"{FAR_AWAY}/auth")
    require_accessible(page)


def test_an_office_without_one_shows_none(site: Site, visitors: Visit) -> None:
    page = visitors("Quản trị hệ thống")
    page.goto("/admin/health")
    expect(page.get_by_role("region", name="Bộ giám sát thời hạn")).to_be_visible()
    expect(page.get_by_role("region", name="Phòng máy")).to_have_count(0)
