"""A building permit from the desk to its result, done in a browser by the people concerned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from api.rooms.account.people import DEMO_PASSWORD
from dossiers.agencies.models import Role
from tests.pages.cases import EARLIER, Cases
from tests.pages.conftest import require_accessible
from tests.pages.site import Site

Visit = Callable[..., Page]
CONSTRUCTION = "H44.44"
"""Sở Xây dựng."""


@dataclass
class Staff:
    """Each of the people with a browser of their own."""

    visit: Visit
    scripts: bool = True
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, login: str) -> Page:
        """The browser of somebody, signed in."""
        if login not in self.pages:
            page = self.visit(java_script_enabled=self.scripts)
            page.goto("/sign-in?next=/account")
            page.get_by_label("Tên đăng nhập").fill(login)
            page.get_by_label("Mật khẩu", exact=True).fill(DEMO_PASSWORD)
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
            page.wait_for_url("**/account")
            self.pages[login] = page
        return self.pages[login]


def open_dossier(page: Page, code: str) -> Page:
    """The dossier's page."""
    page.goto(f"/dossiers/{code}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    return page


def press(page: Page, name: str) -> None:
    """Press the link or button of this name in what may be done now."""
    todo = page.get_by_role("region", name="Việc bạn làm được bây giờ")
    todo.get_by_role("link", name=name).or_(todo.get_by_role("button", name=name)).first.click()


def confirm(page: Page, name: str) -> None:
    """Send the form."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(f"Đã ghi: {name}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_desk_to_the_result_across_agencies(visitors: Visit, site: Site, scripts: bool) -> None:
    cases = Cases(site)
    code = cases.register("Đặng Thị Hồng Nhung", EARLIER)
    staff = Staff(visitors, scripts)
    desk = staff.page(site.login("Tiếp nhận hồ sơ"))
    head = staff.page(site.login("Thủ trưởng đơn vị"))
    officer = staff.page(site.login("Chuyên viên"))
    leader = staff.page(site.login("Lãnh đạo Ủy ban nhân dân"))
    committee = cases.official("Lãnh đạo Ủy ban nhân dân").agency or ""
    clerk = staff.page(cases.somebody(committee, Role.CLERK).id)
    consulted = staff.page(cases.somebody(CONSTRUCTION, Role.OFFICER).id)

    press(open_dossier(desk, code), "Hoàn thành bước")
    confirm(desk, "Hoàn thành bước")

    head.goto("/work?tab=incoming")
    head.get_by_label(f"Chọn {code}").check()
    head.get_by_role("button", name="Nhận các hồ sơ đã chọn").click()
    expect(head.get_by_role("status").first).to_contain_text("Nhận bàn giao: đã xong 1 hồ sơ.")
    press(open_dossier(head, code), "Hoàn thành bước")
    head.get_by_label("Phải lấy ý kiến cơ quan quản lý nhà nước liên quan").select_option("yes")
    head.get_by_label("Giao thẩm định").check()
    head.get_by_label("Sở Xây dựng").check()
    confirm(head, "Hoàn thành bước")

    press(open_dossier(officer, code), "Yêu cầu bổ sung")
    officer.get_by_label("Nội dung cần bổ sung").fill("Bản vẽ mặt bằng móng, tỷ lệ 1/50.")
    confirm(officer, "Yêu cầu bổ sung, hoàn thiện hồ sơ")
    expect(officer.get_by_text("Đồng hồ đang dừng: chờ người nộp.")).to_be_visible()

    press(open_dossier(desk, code), "Nhận bổ sung")
    desk.get_by_role("button", name="Ghi nhận bổ sung").click()
    expect(desk.get_by_role("status").first).to_contain_text("Đã nhận bổ sung.")

    press(open_dossier(officer, code), "Yêu cầu thực hiện nghĩa vụ tài chính")
    officer.get_by_label("Số tiền (đồng)").fill("150.000")
    confirm(officer, "Yêu cầu thực hiện nghĩa vụ tài chính")
    press(open_dossier(desk, code), "Xác nhận đã nộp")
    desk.get_by_label("Số chứng từ").fill("BL-0047")
    confirm(desk, "Xác nhận đã nộp")

    press(open_dossier(consulted, code), "Nhận bàn giao")
    press(consulted, "Cho ý kiến")
    consulted.get_by_label("Nội dung ý kiến").fill("Phù hợp quy hoạch chi tiết.")
    confirm(consulted, "Cho ý kiến")

    press(open_dossier(officer, code), "Hoàn thành bước")
    confirm(officer, "Hoàn thành bước")
    press(officer, "Hoàn thành bước")
    officer.get_by_label("Đủ điều kiện cấp phép").first.check()
    confirm(officer, "Hoàn thành bước")
    press(open_dossier(head, code), "Hoàn thành bước")
    head.get_by_label("Trình lãnh đạo UBND").check()
    confirm(head, "Hoàn thành bước")

    press(open_dossier(leader, code), "Nhận bàn giao")
    press(leader, "Quyết định")
    leader.get_by_label("Cấp giấy phép xây dựng").check()
    leader.get_by_label("Số, ký hiệu văn bản kết quả").fill("47/GPXD")
    confirm(leader, "Quyết định")
    press(open_dossier(clerk, code), "Hoàn thành bước")
    confirm(clerk, "Hoàn thành bước")

    press(open_dossier(desk, code), "Trả kết quả")
    desk.get_by_label("Người nhận đã ký nhận").check()
    desk.get_by_role("button", name="Ghi đã trả kết quả").click()
    open_dossier(desk, code)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Đã trả kết quả")
    expect(desk.get_by_text("47/GPXD").first).to_be_visible()

    dossier = cases.read(code)
    assert dossier.phase == "returned"
    assert {task.agency.code for task in dossier.tasks} == {
        dossier.desk.code,
        "H44.100.02",
        CONSTRUCTION,
        committee,
    }
    assert dossier.supplements[0].received_at is not None
    assert (dossier.payments[0].amount, dossier.payments[0].receipt) == (150_000, "BL-0047")

    desk.goto(f"/dossiers/{code}/slip")
    expect(desk.get_by_role("row")).to_have_count(4)
    if scripts:
        require_accessible(desk)


def test_a_file_given_back_says_why(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.at_the_leader()
    leader = visitors("Lãnh đạo Ủy ban nhân dân")
    press(open_dossier(leader, code), "Trả lại nơi gửi")
    leader.get_by_label("Lý do trả lại").fill("Dự thảo ghi sai số thửa đất.")
    confirm(leader, "Trả lại nơi gửi")
    officer = visitors("Chuyên viên")
    open_dossier(officer, code)
    expect(officer.get_by_text("“Dự thảo ghi sai số thửa đất”").first).to_be_visible()


def test_a_head_gives_work_to_a_colleague(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    head = visitors("Thủ trưởng đơn vị")
    press(open_dossier(head, code), "Giao việc")
    officer = cases.official("Chuyên viên")
    head.locator(f'input[value="{officer.id}"]').check()
    head.get_by_role("button", name="Giao việc").click()
    expect(head.get_by_role("status").first).to_be_visible()
    task = cases.read(code).tasks[-1]
    assert task.official is not None
    assert task.official.code == officer.id
    mine = visitors("Chuyên viên")
    mine.goto("/work")
    expect(mine.get_by_role("link", name=code)).to_be_visible()


def test_a_head_signs_and_explains_a_lateness_without_scripts(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.late()
    head = visitors("Thủ trưởng đơn vị", java_script_enabled=False)
    press(open_dossier(head, code), "Ký thư xin lỗi")
    head.get_by_label("Lý do chậm").fill("Phải đo đạc lại thực địa.")
    head.get_by_label("Hẹn lại lúc").fill("2026-11-22T09:00")
    head.get_by_role("button", name="Ký thư xin lỗi").click()
    expect(head.get_by_role("alert").first).to_contain_text("ngoài giờ làm việc")
    expect(head.get_by_label("Lý do chậm")).to_have_value("Phải đo đạc lại thực địa.")
    head.get_by_label("Hẹn lại lúc").fill("2026-11-25T09:00")
    confirm(head, "Ký thư xin lỗi")
    apology = cases.read(code).apologies[0]
    assert apology.signed_at is not None
    assert apology.new_due_at == EARLIER.replace(day=25, hour=2, minute=0)
    head.get_by_role("link", name="Giải trình").first.click()
    head.get_by_label("Giải trình").fill("Thiếu người đo đạc trong tháng 10.")
    confirm(head, "Giải trình")
    assert cases.read(code).faults[0].entries[-1].text == "Thiếu người đo đạc trong tháng 10."


def test_consulting_another_agency(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    officer = visitors("Chuyên viên")
    press(open_dossier(officer, code), "Lấy ý kiến")
    officer.get_by_label("Tìm trong danh sách").fill("so xay")
    officer.get_by_label("Sở Xây dựng").check()
    officer.get_by_label("Nội dung xin ý kiến").fill("Công trình có vượt chiều cao cho phép không?")
    officer.get_by_label("Không trả lời trong thời hạn thì coi là đồng ý").check()
    require_accessible(officer)
    confirm(officer, "Lấy ý kiến")
    officer.goto("/work?tab=waiting")
    expect(officer.get_by_role("row", name=code).first).to_contain_text("Sở Xây dựng, cho ý kiến")
    opinion = cases.read(code).tasks[-1]
    assert (opinion.agency.code, opinion.allotted) == (CONSTRUCTION, "3 working_day")
    assert opinion.due_at is not None
    assert opinion.due_at - site.at >= timedelta(days=3)
