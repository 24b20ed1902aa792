"""The administrators' room in a browser: a calendar day, a procedure, a head, people, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from dossiers.agencies.models import Role
from tests.pages.conftest import require_accessible
from tests.pages.site import NOW, Site
from workflows.commands import NewApplicant, Register
from workflows.engine.draft import Actor
from workflows.office import Office
from workflows.service import load, register

Visit = Callable[..., Page]

ADMIN = "Quản trị hệ thống"
STILL = {"reduced_motion": "reduce"}
PROCEDURE = "1.004194"
COMMUNE = "H44.100"

PAGES = (
    "/admin",
    "/admin/procedures",
    "/admin/procedures?q=khong-co-gi",
    f"/admin/procedures/{PROCEDURE}",
    f"/admin/procedures/{PROCEDURE}/edit",
    f"/admin/procedures/{PROCEDURE}/diff",
    "/admin/procedures/new",
    "/admin/calendars",
    "/admin/calendars/vn-office",
    "/admin/calendars/vn-office/days/2026-11-24",
    "/admin/agencies",
    "/admin/agencies?q=kinh+te",
    f"/admin/agencies/{COMMUNE}",
    f"/admin/agencies/{COMMUNE}/appoint",
    f"/admin/agencies/{COMMUNE}.02/close",
    "/admin/agencies/new",
    f"/admin/agencies/{COMMUNE}/edit",
    "/admin/users",
    "/admin/users/quan-tri",
    "/admin/users/new",
    "/admin/users/h44-100.chu-tich/lock",
    "/admin/tokens",
    "/admin/webhooks",
    "/admin/delegations",
    "/admin/outbox",
    "/admin/outbox?state=done",
    "/admin/outbox/letters",
    "/admin/forms",
    "/admin/settings",
    "/admin/health?sample=1",
)


def open_dossier(office: Office) -> UUID:
    """A dossier received this morning, due after three working days."""
    applicant = NewApplicant(name="Nguyễn Thị Dân", identity_no="025190000001", phone="0912345678")
    with office.database.writing() as connection:
        directory = office.reference(connection).directory
        clerk = next(
            each
            for each in directory.officials()
            if each.agency == f"{COMMUNE}.01" and Role.RECEPTIONIST in each.roles_in(each.agency)
        )
        actor = Actor("official", clerk.id, clerk.agency, clerk.roles_in(clerk.agency))
        command = Register(procedure=PROCEDURE, applicant=applicant)
        return register(office, connection, command, actor, NOW - timedelta(minutes=30)).dossier_id


def due(office: Office, dossier: UUID) -> str:
    with office.database.reading() as connection:
        promise = load(connection, dossier).state.judged_promise()
    assert promise is not None
    return promise.due_at.isoformat()


@pytest.fixture
def admin(visitors: Visit) -> Page:
    """A page of the administrator."""
    return visitors(ADMIN, **STILL)


def test_every_page_is_accessible_in_light_and_dark_and_fits_a_phone(admin: Page) -> None:
    for path in PAGES:
        answer = admin.goto(path)
        assert answer is not None and answer.status == 200, path
        expect(admin.locator("h1")).to_have_count(1)
        require_accessible(admin)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_a_day_is_closed_after_seeing_what_it_does(visitors: Visit, site: Site, scripts: bool) -> None:
    dossier = open_dossier(site.office)
    before = due(site.office, dossier)
    page = visitors(ADMIN, java_script_enabled=scripts)
    page.goto("/admin/calendars/vn-office")
    page.locator("a[href$='/days/2026-11-25']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sửa ngày 25/11/2026")
    page.get_by_label("Nghỉ", exact=False).nth(0).check()
    page.get_by_label("Tên gọi").fill("Nghỉ theo quyết định của tỉnh")
    page.get_by_label("Căn cứ").fill("Quyết định 45/QĐ-UBND")
    page.get_by_role("button", name="Tính thử ảnh hưởng").click()

    expect(page.get_by_text("sẽ đổi ngày hẹn").locator("..")).to_contain_text("1")
    expect(page.get_by_role("table").first).to_contain_text("nghỉ (Nghỉ theo quyết định của tỉnh)")
    assert due(site.office, dossier) == before, "nothing changed yet"
    page.get_by_label("Lý do").fill("Thực hiện Quyết định 45/QĐ-UBND")
    page.get_by_role("button", name="Áp dụng lịch mới").click()
    expect(page.get_by_role("status")).to_contain_text("Lịch mới đã có hiệu lực")
    expect(page.get_by_text("đã áp dụng")).to_be_visible()
    assert due(site.office, dossier) > before
    page.get_by_role("link", name="Về lịch").click()
    expect(page.get_by_role("row", name="25/11/2026")).to_contain_text("Quyết định 45/QĐ-UBND")


def test_a_make_up_day_closes_the_day_it_makes_up_for_and_a_change_may_be_dropped(admin: Page) -> None:
    admin.goto("/admin/calendars/vn-office/days/2026-12-05")
    admin.get_by_label("Làm bù", exact=False).first.check()
    admin.get_by_role("button", name="Tính thử").click()
    expect(admin.get_by_role("alert")).to_contain_text("Ghi ngày nghỉ được làm bù")
    admin.get_by_label("Làm bù cho ngày").fill("2026-12-04")
    admin.get_by_role("button", name="Tính thử").click()
    table = admin.get_by_role("table").first
    expect(table).to_contain_text("Nghỉ hoán đổi, làm bù ngày 05/12/2026")
    expect(table).to_contain_text("Làm bù cho ngày 04/12/2026")
    require_accessible(admin)
    admin.get_by_role("button", name="Bỏ thay đổi này").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã bỏ thay đổi")


def test_a_procedure_is_published_after_its_error_was_mended(admin: Page) -> None:
    admin.goto(f"/admin/procedures/{PROCEDURE}")
    admin.get_by_role("link", name="Soạn phiên bản mới").click()
    text = admin.get_by_label("Định nghĩa (YAML)")
    right = text.input_value()
    assert "version: 2" in right
    wrong = re.sub(r"next: \w+", "next: khong_co_buoc_nay", right, count=1)
    text.fill(wrong)
    admin.get_by_role("button", name="Lưu và xem trước khi công bố").click()
    expect(admin.get_by_role("alert")).to_contain_text("còn lỗi nên chưa công bố được")
    expect(admin.locator(".findings > .error").first).to_contain_text("khong_co_buoc_nay")
    assert admin.get_by_label("Định nghĩa (YAML)").input_value().strip() == wrong.strip()
    require_accessible(admin)

    mended = right.replace("limit: 3 working_day", "limit: 4 working_day", 1)
    assert mended != right
    admin.get_by_label("Định nghĩa (YAML)").fill(mended)
    admin.get_by_role("button", name="Lưu và xem trước khi công bố").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(f"Công bố {PROCEDURE} bản 2")
    expect(admin.get_by_text("Khác bản 1 thế nào")).to_be_visible()
    expect(admin.get_by_role("heading", name="Thời gian")).to_be_visible()
    require_accessible(admin)
    admin.get_by_role("button", name="Công bố").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã công bố phiên bản 2")
    admin.get_by_role("link", name="So sánh các phiên bản").click()
    expect(admin.get_by_role("main")).to_contain_text("4 ngày làm việc")


def test_a_text_that_cannot_be_read_is_kept(admin: Page) -> None:
    admin.goto("/admin/procedures/new")
    admin.get_by_label("Định nghĩa (YAML)").fill("code: T.9\nsteps: nhiều\n")
    admin.get_by_role("button", name="Lưu bản nháp và kiểm tra").click()
    expect(admin.locator(".findings > .error").first).to_be_visible()
    assert "steps: nhiều" in admin.get_by_label("Định nghĩa (YAML)").input_value()


def test_a_head_is_appointed_and_the_post_left_vacant(admin: Page, site: Site) -> None:
    admin.goto(f"/admin/agencies/{COMMUNE}")
    admin.get_by_role("link", name="Bổ nhiệm", exact=True).click()
    admin.get_by_label("Với tư cách").select_option("acting")
    admin.get_by_role("button", name="Ghi nhiệm kỳ").click()
    expect(admin.get_by_role("alert")).to_contain_text("Chọn người đứng đầu")
    admin.get_by_label("Người đứng đầu").select_option("h44-100.pho-chu-tich")
    admin.get_by_label("Số quyết định").fill("77/QĐ-UBND")
    admin.get_by_role("button", name="Ghi nhiệm kỳ").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã ghi nhiệm kỳ mới")
    first = admin.locator(".timeline > li").first
    expect(first).to_contain_text("quyền thủ trưởng")
    expect(first).to_contain_text("77/QĐ-UBND")
    site.at += timedelta(hours=1)
    admin.goto(f"/admin/agencies/{COMMUNE}/appoint")
    admin.get_by_label("Với tư cách").select_option("vacant")
    admin.get_by_role("button", name="Ghi nhiệm kỳ").click()
    admin.goto("/admin")
    expect(admin.get_by_role("main")).to_contain_text("UBND phường Việt Trì không có người đứng đầu")


def test_an_agency_is_added_and_closed_for_its_successor(admin: Page) -> None:
    admin.goto(f"/admin/agencies/new?parent={COMMUNE}")
    admin.get_by_label("Mã cơ quan").first.fill("h44.100.99")
    admin.get_by_label("Tên").fill("Phòng Thử nghiệm")
    admin.get_by_label("Loại").fill("Sai dạng")
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("alert")).to_contain_text("Loại cơ quan")
    expect(admin.get_by_label("Tên")).to_have_value("Phòng Thử nghiệm")
    admin.get_by_label("Loại").fill("division.trial")
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Phòng Thử nghiệm")
    admin.get_by_role("link", name="Ngừng hoạt động").click()
    admin.get_by_label("Cơ quan kế thừa").fill(f"{COMMUNE}.02")
    admin.get_by_role("button", name="Ngừng hoạt động cơ quan này").click()
    expect(admin.get_by_text("Đã ngừng hoạt động ngày 20/11/2026.")).to_be_visible()
    expect(admin.get_by_role("link", name="Phòng Kinh tế phường Việt Trì")).to_be_visible()


def test_a_new_official_signs_in_with_the_password_shown_once(admin: Page, visitors: Visit) -> None:
    admin.goto(f"/admin/users/new?agency={COMMUNE}.02")
    admin.get_by_label("Họ tên").fill("Lý Thị Mai")
    admin.get_by_label("Mã công chức").fill("ly-thi-mai")
    admin.get_by_role("button", name="Thêm").click()
    expect(admin.get_by_role("alert")).to_contain_text("ít nhất một vai trò")
    admin.get_by_label("chuyên viên").check()
    admin.get_by_role("button", name="Thêm").click()
    password = admin.locator("#secret").inner_text()
    require_accessible(admin)
    page = visitors()
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("ly-thi-mai")
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_label("Mật khẩu", exact=True).press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    admin.goto("/admin/users/ly-thi-mai")
    expect(admin.get_by_text("chờ đổi mật khẩu")).to_be_visible()
    admin.get_by_role("link", name="Khoá", exact=True).click()
    admin.get_by_role("button", name="Khoá tài khoản").click()
    expect(admin.get_by_text("đã khoá", exact=True)).to_be_visible()
    page.goto("/account")
    assert "/sign-in" in page.url, "a locked account is signed out"
    admin.get_by_role("link", name="Mở khoá").click()
    admin.get_by_role("button", name="Mở khoá tài khoản").click()
    admin.get_by_role("link", name="Đặt lại mật khẩu").click()
    admin.get_by_role("button", name="Đặt lại mật khẩu").click()
    assert admin.locator("#secret").inner_text() != password


def test_roles_are_given_and_the_last_administrator_stays(admin: Page) -> None:
    admin.goto("/admin/users/h44-100.van-thu")
    admin.get_by_label("Mã cơ quan, dòng 3").fill(f"{COMMUNE}.02")
    admin.get_by_label("Vai trò, dòng 3").select_option("inspector")
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã lưu")
    expect(admin.get_by_label("Vai trò, dòng 3")).to_have_value("inspector")
    admin.goto("/admin/users/quan-tri")
    admin.get_by_label("Vai trò, dòng 1").select_option("clerk")
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("alert")).to_contain_text("ít nhất một người quản trị")
    expect(admin.get_by_label("Vai trò, dòng 1")).to_have_value("clerk")


def test_signing_out_everywhere_ends_the_sessions_of_somebody(
    admin: Page, visitors: Visit, site: Site
) -> None:
    other = visitors("Chuyên viên")
    login = site.login("Chuyên viên")
    admin.goto(f"/admin/users/{login}")
    admin.get_by_role("link", name="Đăng xuất mọi nơi").click()
    admin.get_by_role("button", name="Đăng xuất mọi nơi").click()
    other.goto("/account")
    assert "/sign-in" in other.url


def test_a_token_is_shown_once_opens_the_interface_and_is_taken_back(admin: Page) -> None:
    admin.goto("/admin/tokens")
    admin.get_by_label("Dùng vào việc gì").fill("Cổng dịch vụ công")
    admin.get_by_label("Mã công chức").fill("khong-co-ai")
    admin.get_by_role("button", name="Cấp mã").click()
    expect(admin.get_by_role("alert")).to_contain_text("khong-co-ai")
    expect(admin.get_by_label("Dùng vào việc gì")).to_have_value("Cổng dịch vụ công")
    admin.get_by_label("Mã công chức").fill("h44-100.chu-tich")
    admin.get_by_label("xem hồ sơ và danh mục").check()
    admin.get_by_role("button", name="Cấp mã").click()
    token = admin.locator("#secret").inner_text()
    with_token = {"Authorization": f"Bearer {token}"}
    asked = admin.request.get("/api/v1/me", headers=with_token)
    assert asked.json()["official"]["code"] == "h44-100.chu-tich"
    admin.goto("/admin/tokens")
    expect(admin.get_by_role("row", name="Cổng dịch vụ công")).to_contain_text("xem hồ sơ và danh mục")
    require_accessible(admin)
    admin.get_by_role("link", name="Thu hồi Cổng dịch vụ công").click()
    admin.get_by_role("button", name="Thu hồi").click()
    expect(admin.get_by_text("đã thu hồi", exact=True)).to_be_visible()
    assert admin.request.get("/api/v1/me", headers=with_token).status == 401


def test_a_calendar_is_given_to_an_agency(admin: Page) -> None:
    admin.goto("/admin/calendars/vn-office-sat")
    admin.get_by_label("Mã cơ quan").fill("H99")
    admin.get_by_role("button", name="Giao lịch").click()
    expect(admin.get_by_role("alert")).to_contain_text("H99")
    admin.get_by_label("Mã cơ quan").fill(COMMUNE)
    admin.get_by_role("button", name="Giao lịch").click()
    expect(admin.get_by_role("main")).to_contain_text("cùng 6 đơn vị bên dưới theo")


def test_the_monitor_looks_when_asked(admin: Page) -> None:
    admin.goto("/admin/health")
    expect(admin.get_by_text("chưa lần nào")).to_be_visible()
    admin.get_by_role("button", name="Rà soát thời hạn ngay").click()
    expect(admin.get_by_text("đều đặn")).to_be_visible()


def test_nobody_else_enters_the_room(visitors: Visit) -> None:
    page = visitors("Chuyên viên")
    for path in ("/admin", "/admin/users", "/admin/calendars/vn-office/days/2026-11-24"):
        answer = page.goto(path)
        assert answer is not None and answer.status == 403
        expect(page.get_by_role("main")).to_contain_text("quản trị hệ thống")
