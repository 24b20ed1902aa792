"""The head's board in a browser: from a warning to a signed apology to the ledger, and reading why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from api.rooms.account.people import DEMO_PASSWORD
from dossiers.agencies.models import Role
from tests.pages.conftest import require_accessible
from tests.pages.site import NOW, Site
from tests.support.driving import by_officials, run_to_result
from workflows import service
from workflows.commands import NewApplicant, Receive, Register, Send, SignApology
from workflows.engine.draft import Actor
from workflows.engine.state import TaskStatus
from workflows.sweep import sweep
from workflows.views.explaining import explain

Visit = Callable[..., Page]


@dataclass
class Matter:
    """A dossier that an agency received and does not finish."""

    id: UUID
    code: str
    agency: str
    head: str
    superior: str
    due_at: datetime


def actor(site: Site, agency: str, *roles: Role) -> Actor:
    """Somebody of an agency who holds one of the roles."""
    with site.office.database.reading() as connection:
        directory = site.office.reference(connection).directory
    for official in directory.officials():
        found = Actor("official", official.id, agency, official.roles_in(agency))
        if any(found.has(role) for role in roles):
            return found
    raise AssertionError((agency, roles))


def neglected(site: Site, count: int = 1) -> list[Matter]:
    """Dossiers handed in at a commune, sent on, and left lying at a unit whose head signs."""
    made = []
    with site.office.database.writing() as connection:
        directory = site.office.reference(connection).directory
        desk = next(each.code for each in directory.agencies() if each.code == "H44.100.01")
        clerk = actor(site, desk, Role.RECEPTIONIST)
        for number in range(count):
            applicant = NewApplicant(name=f"Người Thử {number}", identity_no=f"09909999{number:04}")
            receipt = service.register(
                site.office, connection, Register(procedure="1.004873", applicant=applicant), clerk, NOW
            )
            at = NOW + timedelta(minutes=20)
            state = service.load(connection, receipt.dossier_id).state
            task = state.tasks[1]
            taker = actor(site, task.agency, Role(task.role))
            if task.status is TaskStatus.READY:
                service.execute(site.office, connection, state.id, Send(task=1), clerk, at)
            service.execute(site.office, connection, state.id, Receive(task=1), taker, at)
            head = directory.head_at(task.agency, at).official
            above = directory.superior_head_at(task.agency, at)
            promise = service.load(connection, state.id).state.judged_promise()
            assert head
            assert above
            assert above.official
            assert promise
            made.append(Matter(state.id, state.code, task.agency, head, above.official, promise.due_at))
    return made


def let_pass(site: Site, until: datetime) -> None:
    """Time passes and the monitor looks."""
    while site.at < until:
        site.at = min(until, site.at + timedelta(hours=6))
        sweep(site.office, site.at)


def sign_in(visitors: Visit, site: Site, login: str, **options: object) -> Page:
    page = visitors(reduced_motion="reduce", **options)
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Đăng nhập").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["js", "no-js"])
def test_a_late_dossier_from_warning_to_signed_apology_to_the_ledger(
    visitors: Visit, site: Site, scripts: bool
) -> None:
    [matter] = neglected(site)
    let_pass(site, matter.due_at - timedelta(hours=2))
    page = sign_in(visitors, site, matter.head, java_script_enabled=scripts)
    page.goto("/oversight?list=nearly")
    line = page.locator(".board > li", has_text=matter.code)
    expect(line.locator(".why")).to_contain_text("nữa đến hẹn.")

    let_pass(site, matter.due_at + timedelta(days=3))
    page = sign_in(visitors, site, matter.head, java_script_enabled=scripts)
    page.goto("/oversight")
    line = page.locator(".board > li", has_text=matter.code)
    expect(line.locator(".why")).to_contain_text("đã quá hẹn")
    expect(line.get_by_text("chờ ký thư")).to_be_visible()

    page.get_by_role("link", name=re.compile("Thư chờ ký")).click()
    line = page.locator(".board > li", has_text=matter.code)
    line.locator("summary").click()
    line.get_by_label("Lý do").fill("Cán bộ thụ lý nghỉ ốm, đơn vị bố trí người thay chậm.")
    line.get_by_label("Hẹn lại").fill("2026-12-05T10:00")
    line.get_by_role("button", name="Ký thư", exact=True).click()
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("Ngày hẹn lại rơi ngoài giờ làm việc.")
    line = page.locator(".board > li", has_text=matter.code)
    expect(line.get_by_label("Lý do")).to_have_value("Cán bộ thụ lý nghỉ ốm, đơn vị bố trí người thay chậm.")
    line.get_by_label("Hẹn lại").fill("2026-12-04T16:00")
    line.get_by_role("button", name="Ký thư", exact=True).click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Đã ký 1 thư xin lỗi."))
    expect(page.locator(".board > li", has_text=matter.code)).to_have_count(0)

    page.goto("/oversight")
    line = page.locator(".board > li", has_text=matter.code)
    expect(line.get_by_text("đã xin lỗi")).to_be_visible()
    line.locator("summary").click()
    expect(line.get_by_text("hẹn lại 16:00 ngày 04/12/2026")).to_be_visible()

    page.goto("/oversight/ledger")
    entry = page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")
    entry.locator("summary").click()
    entry.get_by_label("Nội dung giải trình").fill("Đã phân công người khác từ ngày 03/12.")
    entry.get_by_role("button", name="Gửi giải trình").click()
    entry = page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")
    entry.locator("summary").click()
    expect(entry.get_by_text("Đã phân công người khác từ ngày 03/12.")).to_be_visible()
    entry.get_by_role("button", name="Xác nhận").click()
    entry = page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")
    entry.locator("summary").click()
    expect(entry.get_by_role("button", name="Xác nhận")).to_have_count(0)


def test_a_superior_corrects_and_closes_what_is_settled(visitors: Visit, site: Site) -> None:
    [matter] = neglected(site)
    let_pass(site, matter.due_at + timedelta(days=4))
    run_to_result(site.office, matter.id, site.at, who=by_officials(site.office))
    site.at += timedelta(days=1)
    page = sign_in(visitors, site, matter.superior)
    page.goto("/oversight/ledger")
    entry = page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")
    entry.locator("summary").click()
    entry.get_by_label("Số phút đúng").fill("30")
    entry.get_by_label("Lý do đính chính").fill("Mất điện buổi sáng.")
    entry.get_by_role("button", name="Ghi đính chính").click()
    entry = page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")
    expect(entry.locator(".state")).to_contain_text("30 phút")
    entry.locator("summary").click()
    entry.get_by_label("Kết luận").fill("Đã rút kinh nghiệm.")
    entry.get_by_role("button", name="Khép lại").click()
    expect(page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")).to_have_count(0)
    page.get_by_role("link", name="Xem cả mục đã khép").click()
    expect(page.locator(".board > li", has_text=matter.code).filter(has_text="Trễ hẹn")).to_contain_text(
        "đã khép"
    )


def test_many_letters_are_signed_at_once_and_each_refusal_has_its_reason(visitors: Visit, site: Site) -> None:
    matters = neglected(site, 3)
    let_pass(site, matters[0].due_at + timedelta(days=3))
    page = sign_in(visitors, site, matters[0].head)
    page.goto("/oversight?list=letters")
    with site.office.database.writing() as connection:
        head = actor(site, matters[2].agency, Role.HEAD)
        signed_elsewhere = service.load(connection, matters[2].id).state.apologies[1]
        service.execute(
            site.office,
            connection,
            matters[2].id,
            SignApology(apology=signed_elsewhere.no, reason="x", new_due_at=NOW + timedelta(days=14)),
            head,
            site.at,
        )
    page.get_by_label("Chọn tất cả trên trang này").check()
    page.locator("#reason-many").fill("Số lượng hồ sơ tăng đột biến.")
    page.locator("#due-many").fill("2026-12-04T16:00")
    page.get_by_role("button", name="Ký các thư đã chọn").click()
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("Đã ký 2 thư; 1 việc chưa thực hiện được.")
    expect(alert).to_contain_text(f"{matters[2].code}/1: Thư xin lỗi số 1 đã ký.")


def test_signing_nothing_says_so(visitors: Visit, site: Site) -> None:
    [matter] = neglected(site)
    let_pass(site, matter.due_at + timedelta(days=3))
    page = sign_in(visitors, site, matter.head)
    page.goto("/oversight?list=letters")
    page.get_by_role("button", name="Ký các thư đã chọn").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa chọn thư nào.")


def test_a_head_reads_why(visitors: Visit, site: Site) -> None:
    [matter] = neglected(site)
    let_pass(site, matter.due_at + timedelta(days=3))
    page = sign_in(visitors, site, matter.head)
    page.goto("/oversight")
    line = page.locator(".board > li", has_text=matter.code)
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    with site.office.database.reading() as connection:
        lines = [str(each["text"]) for each in explain(site.office, connection, matter.id).lines]
        agency = site.office.reference(connection).directory.name(matter.agency)
    expect(line.locator(".working li")).to_have_text(lines)
    expect(
        line.get_by_role("cell", name="Cộng").or_(line.get_by_role("rowheader", name="Cộng"))
    ).to_be_visible()
    expect(line.locator(".why")).to_contain_text(f"{agency} giữ bước")
    with page.expect_popup() as opened:
        line.get_by_role("link", name=re.compile("Xem thư")).click()
    assert opened.value.url.endswith(f"/api/v1/dossiers/{matter.code}/apologies/1.pdf")


def test_any_past_day_is_reached_from_the_month(visitors: Visit, site: Site) -> None:
    page = visitors("Quản trị hệ thống", reduced_motion="reduce")
    page.goto("/oversight/month")
    expect(page.locator("svg rect")).to_have_count(60)
    first = page.locator("tbody tr").first
    late = int(first.locator("td").last.inner_text())
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danh sách quá hẹn ngày 20/11/2026")
    expect(page.locator("tbody tr")).to_have_count(late)
    page.goto("/oversight/day?on=2030-01-01")
    expect(page.get_by_role("alert")).to_contain_text("Ngày này chưa tới.")
    page.goto("/oversight/month?from=2026-11-20&to=2026-11-01")
    expect(page.get_by_role("alert")).to_contain_text("Ngày đầu kỳ phải trước ngày cuối kỳ.")


@pytest.mark.parametrize(
    "path",
    [
        "/oversight",
        "/oversight?list=nearly",
        "/oversight?list=waiting",
        "/oversight?list=letters",
        "/oversight/ledger",
        "/oversight/ledger?whose=agency&all=1",
        "/oversight/load",
        "/oversight/month",
        "/oversight/day",
        "/oversight/agencies",
    ],
)
def test_every_page_is_accessible_and_has_its_spreadsheet(visitors: Visit, site: Site, path: str) -> None:
    matters = neglected(site, 2)
    let_pass(site, matters[0].due_at + timedelta(days=1))
    page = sign_in(visitors, site, matters[0].head)
    page.goto(path)
    for summary in page.locator(".board summary").all()[:2]:
        summary.click()
    require_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bảng tính").click()
    sheet = load_workbook(BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    assert sheet["A4"].value


def test_the_board_is_for_who_oversees(visitors: Visit) -> None:
    page = visitors("Chuyên viên")
    assert "/oversight" not in page.content()
    page.goto("/oversight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chưa thực hiện được")


def test_a_head_sends_a_proposal_back(visitors: Visit, site: Site) -> None:
    [matter] = neglected(site)
    let_pass(site, matter.due_at + timedelta(days=3))
    page = sign_in(visitors, site, matter.head, java_script_enabled=False)
    page.goto("/oversight?list=letters")
    line = page.locator(".board > li", has_text=matter.code)
    line.locator("summary").first.click()
    line.get_by_label("Lý do", exact=True).fill("Bận việc khác.")
    line.get_by_role("button", name="Lưu bản soạn").click()
    expect(line.locator(".why")).to_contain_text("Bận việc khác.")
    line.locator("summary").first.click()
    line.get_by_text("Trả lại bản soạn").click()
    line.get_by_label("Vì sao trả lại").fill("Nêu rõ vì sao chậm.")
    line.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại bản soạn.")
    expect(line.locator(".why")).not_to_contain_text("Bận việc khác.")
