"""A receptionist's day in a browser: registering by keyboard alone, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import require_accessible
from tests.pages.site import Site
from workflows.commands import Command, Decide, FinishStep, Receive
from workflows.engine.draft import SYSTEM
from workflows.engine.state import State, TaskStatus
from workflows.service import execute, find, load
from workflows.verify import verify_one
from workflows.views.dossier import read_dossier

Visit = Callable[..., Page]

RECEPTIONIST = "Tiếp nhận hồ sơ"
RESIDENCE = "1.004222"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NUMBER = "025190004321"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A paper as a file."""
    path = tmp_path / "Tờ khai.pdf"
    path.write_bytes(PDF)
    return path


def fill_person(page: Page, name: str = "Quỳnh Thị Dao") -> None:
    """Who hands in the dossier."""
    page.locator("#a-name").fill(name)
    page.locator("#a-identity").fill(NUMBER)
    page.locator("#a-phone").fill("0912 348 765")
    page.locator("#a-address").fill("Số 9 ngõ Hàng Kẹo")


def register(page: Page, procedure: str = RESIDENCE) -> str:
    """Register with what is asked for; the code of the dossier."""
    page.goto(f"/desk/register?procedure={procedure}")
    fill_person(page)
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")
    return page.locator(".code-large").inner_text()


def state_of(site: Site, code: str) -> State:
    """The dossier by its history, which must be proved right."""
    with site.office.database.reading() as connection:
        dossier_id = find(connection, code)
        assert verify_one(connection, dossier_id) is None
        return load(connection, dossier_id).state


def finish(site: Site, code: str) -> None:
    """Let every agency do its work, as the system may."""

    def do(dossier_id: UUID, command: Command) -> None:
        with site.office.database.writing() as connection:
            execute(site.office, connection, dossier_id, command, SYSTEM, site.at)

    for _ in range(20):
        state = state_of(site, code)
        live = state.live_tasks()
        if state.phase.is_closed or not live:
            return
        task = live[0]
        with site.office.database.reading() as connection:
            plan = site.office.plan(connection, state.procedure, state.version)
        step = plan.steps[task.step]
        if task.status is TaskStatus.SENT:
            do(state.id, Receive(task=task.no))
        else:
            kind = Decide if step.decides else FinishStep
            do(state.id, kind(task=task.no, outcome=step.ways[0].id))
    raise AssertionError(f"{code} never ends")


def test_registering_takes_nothing_but_a_keyboard(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST)
    page.goto("/desk/register")
    keyboard = page.keyboard
    keyboard.type("dang ky thuong tru")
    expect(page.locator("#results .choice").first).to_contain_text("Đăng ký thường trú")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(page.locator("#number")).to_be_focused()
    keyboard.type("0912348765")
    keyboard.press("Enter")
    expect(page.get_by_text("Chưa có trong hệ thống")).to_be_visible()
    expect(page.locator("#a-phone")).to_have_value("0912348765")
    expect(page.locator("#a-name")).to_be_focused()
    keyboard.type("Quỳnh Thị Dao")
    due = page.locator(".due").inner_text()
    keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")
    expect(page.get_by_text(due)).to_be_visible()
    slip = page.get_by_role("link", name="In giấy tiếp nhận (mẫu 01)")
    expect(slip).to_be_focused()
    code = page.locator(".code-large").inner_text()
    expect(slip).to_have_attribute("href", f"/api/v1/dossiers/{code}/forms/01.pdf")
    assert page.request.get(f"/api/v1/dossiers/{code}/forms/01.pdf").body().startswith(b"%PDF-")
    assert state_of(site, code).accepted_at == site.at


def test_registering_without_a_script(visitors: Visit, site: Site, scan: Path) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    page.goto("/desk/register")
    page.get_by_label("Tên hoặc mã thủ tục").fill("thuong tru")
    page.get_by_label("Tên hoặc mã thủ tục").press("Enter")
    page.get_by_role("button", name=re.compile("^Đăng ký thường trú")).click()
    page.get_by_label("Trực tuyến").check()
    page.locator("input[type=file]").first.set_input_files(scan)
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_text("Ghi họ tên hoặc tên tổ chức.")).to_be_visible()
    expect(page.get_by_label("Trực tuyến")).to_be_checked()
    expect(page.get_by_role("link", name="Tờ khai.pdf")).to_be_visible()
    fill_person(page)
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")
    state = state_of(site, page.locator(".code-large").inner_text())
    assert (state.channel, len(state.files)) == ("online", 1)


def test_the_date_the_fee_and_the_files_are_shown_at_once(
    visitors: Visit, scan: Path, tmp_path: Path
) -> None:
    page = visitors(RECEPTIONIST)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    fill_person(page)
    summary = page.locator("#summary")
    expect(summary).to_contain_text("20.000 đ")
    expect(summary).to_contain_text("Ngày 24/11/2026 không tính: Ngày Văn hóa Việt Nam")
    page.get_by_label("Trực tuyến").check()
    expect(summary).to_contain_text("10.000 đ")
    other = tmp_path / "ghi-chu.txt"
    other.write_text("không phải giấy tờ")
    page.locator("input[type=file]").first.set_input_files([scan, other])
    expect(page.get_by_role("link", name="Tờ khai.pdf")).to_be_visible()
    expect(page.get_by_text("không thuộc loại được nhận")).to_be_visible()
    expect(page.locator("#a-name")).to_have_value("Quỳnh Thị Dao")
    page.get_by_role("button", name="Bỏ tệp Tờ khai.pdf").click()
    expect(page.get_by_role("link", name="Tờ khai.pdf")).to_have_count(0)
    expect(page.locator("#a-name")).to_have_value("Quỳnh Thị Dao")


def test_who_came_before_is_found_and_their_papers_are_used_again(
    visitors: Visit, site: Site, scan: Path
) -> None:
    page = visitors(RECEPTIONIST)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    fill_person(page)
    page.locator("input[type=file]").first.set_input_files(scan)
    expect(page.get_by_role("link", name="Tờ khai.pdf")).to_be_visible()
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    first = page.locator(".code-large").inner_text()

    page.goto(f"/desk/register?procedure={RESIDENCE}")
    page.locator("#number").fill("025190004321")
    page.locator("#number").press("Enter")
    expect(page.locator("#a-name")).to_have_value("Quỳnh Thị Dao")
    expect(page.locator("#a-phone")).to_have_value("0912348765")
    page.get_by_label(re.compile("^Dùng lại giấy tờ đã nộp")).first.select_option(index=1)
    expect(page.get_by_role("link", name="Tờ khai.pdf")).to_be_visible()
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_text("dùng lại từ hồ sơ")).to_be_visible()
    second = page.locator(".code-large").inner_text()
    again, before = state_of(site, second), state_of(site, first)
    assert again.papers[0]["reused_from"] == first
    assert again.applicant == before.applicant
    [old], [new] = before.files.values(), again.files.values()
    assert (new["sha256"], new["file"] != old["file"]) == (old["sha256"], True)


def test_a_sheet_sent_twice_registers_once(visitors: Visit) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    with page.expect_request(lambda request: request.method == "POST" and "register" in request.url) as sent:
        code = register(page)
    again = page.request.post(
        "/desk/register",
        data=sent.value.post_data_buffer,
        headers={"content-type": sent.value.headers["content-type"]},
    )
    assert again.url.endswith(f"/desk/dossiers/{code}?new=1")


def test_somebody_else_may_hand_in(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    fill_person(page)
    page.get_by_text("Nộp thay (người được uỷ quyền)").click()
    page.locator("#r-name").fill("Quỳnh Văn Thay")
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_text("Quỳnh Văn Thay")).to_be_visible()
    assert state_of(site, page.locator(".code-large").inner_text()).representative is not None


def test_another_procedure_keeps_the_person(visitors: Visit) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    fill_person(page)
    page.get_by_role("button", name="Đổi thủ tục").click()
    page.get_by_label("Tên hoặc mã thủ tục").fill("1.001193")
    page.get_by_role("button", name="Tìm", exact=True).last.click()
    page.get_by_role("button", name=re.compile("khai sinh")).click()
    expect(page.get_by_role("heading", name="Thủ tục đăng ký khai sinh")).to_be_visible()
    expect(page.locator("#a-name")).to_have_value("Quỳnh Thị Dao")


def test_an_incomplete_dossier_is_asked_for_once_and_completely(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    fill_person(page)
    first = page.get_by_role("spinbutton", name=re.compile("^Bản chính")).first
    first.fill("0")
    expect(page.locator("#summary")).to_contain_text("Còn thiếu")
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_role("alert")).to_contain_text("Hồ sơ còn thiếu")
    expect(page.locator("#a-name")).to_have_value("Quỳnh Thị Dao")
    page.get_by_role("button", name="Chưa đủ: đăng ký, yêu cầu bổ sung").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yêu cầu bổ sung, hoàn thiện hồ sơ")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.get_by_label("Nội dung khác cần bổ sung").fill("Căn cước còn thời hạn")
    page.get_by_label("Lý do").fill("Thiếu theo Thông tư 53/2025/TT-BCA")
    page.get_by_role("button", name="Ghi yêu cầu, in phiếu (mẫu 02)").click()
    expect(page.get_by_role("link", name="In yêu cầu bổ sung (mẫu 02)")).to_be_visible()
    code = page.locator(".code-large").inner_text()
    with site.office.database.reading() as connection:
        [asked] = read_dossier(site.office, connection, find(connection, code), site.at).supplements
    assert asked.content is not None
    assert asked.content.splitlines()[1:] == [
        "2. Căn cước còn thời hạn",
        "Lý do: Thiếu theo Thông tư 53/2025/TT-BCA",
    ]
    page.get_by_role("link", name="Nhận bổ sung").click()
    page.get_by_role("spinbutton", name=re.compile("^Bản chính")).first.fill("1")
    page.get_by_role("button", name="Ghi nhận bổ sung").click()
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")


@pytest.mark.parametrize(
    ("link", "button", "form"),
    [
        ("Dừng giải quyết", "Dừng giải quyết", "In thông báo dừng (mẫu 05)"),
        ("Người nộp rút hồ sơ", "Ghi nhận rút hồ sơ", "In thông báo dừng (mẫu 05)"),
    ],
)
def test_a_dossier_is_ended_with_its_slip(visitors: Visit, link: str, button: str, form: str) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    register(page)
    page.get_by_role("link", name=link).click()
    page.get_by_label("Lý do").fill("Người nộp có đơn đề nghị.")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("link", name=form)).to_be_visible()


def test_a_refusal_is_written_on_the_spot(visitors: Visit) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    fill_person(page)
    page.get_by_role("button", name="Chưa đủ: đăng ký, yêu cầu bổ sung").click()
    page.get_by_role("link", name="Quay lại").click()
    page.get_by_role("link", name="Từ chối tiếp nhận").click()
    page.get_by_label("Lý do").fill("Thuộc thẩm quyền của Sở Xây dựng.")
    page.get_by_role("button", name="Từ chối tiếp nhận").click()
    expect(page.get_by_role("link", name="In phiếu từ chối (mẫu 03)")).to_be_visible()


def test_a_refused_slip_keeps_what_was_typed(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST)
    code = register(page)
    page.goto(f"/desk/dossiers/{code}/stop")
    page.get_by_label("Lý do").fill("Đơn đề nghị dài, gõ mất công.")
    finish(site, code)
    page.get_by_role("button", name="Dừng giải quyết").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Lý do")).to_have_value("Đơn đề nghị dài, gõ mất công.")


def test_a_mistake_is_corrected_and_nothing_is_lost(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    code = register(page)
    before = state_of(site, code)
    page.get_by_role("link", name="Đính chính").click()
    page.locator("#a-name").fill("Quỳnh Thị Đào")
    page.get_by_role("button", name="Ghi đính chính").click()
    expect(page.get_by_text("Ghi lý do đính chính.")).to_be_visible()
    expect(page.locator("#a-name")).to_have_value("Quỳnh Thị Đào")
    page.get_by_label("Lý do đính chính").fill("Gõ nhầm tên.")
    page.get_by_role("button", name="Ghi đính chính").click()
    expect(page.get_by_text("Quỳnh Thị Đào")).to_be_visible()
    after = state_of(site, code)
    assert after.applicant != before.applicant
    assert (after.papers, after.channel, after.facts) == (before.papers, before.channel, before.facts)


@pytest.mark.parametrize("words", ["quynh thi dao", "Dao", "0912348765", NUMBER])
def test_a_dossier_is_looked_up_by_what_people_know(visitors: Visit, words: str) -> None:
    page = visitors(RECEPTIONIST)
    code = register(page)
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search?q=*")
    expect(page.get_by_role("link", name=code)).to_be_visible()
    page.get_by_label("Chỉ hồ sơ chưa xong").check()
    page.get_by_role("button", name="Tìm", exact=True).last.click()
    expect(page).to_have_url(re.compile("open=true"))
    expect(page.get_by_role("link", name=code)).to_be_visible()


def test_a_file_attached_by_mistake_is_removed_with_a_reason(visitors: Visit, site: Site, scan: Path) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    code = register(page)
    page.get_by_role("link", name="Đính kèm tệp").click()
    page.locator("input[type=file]").first.set_input_files(scan)
    page.get_by_role("button", name="Đính kèm tệp").click()
    expect(page.get_by_role("link", name="Tờ khai.pdf")).to_be_visible()
    page.goto(f"/desk/dossiers/{code}/papers")
    page.get_by_text("Gỡ tệp Tờ khai.pdf").click()
    page.get_by_label("Lý do gỡ").fill("Tệp của hồ sơ khác.")
    page.get_by_role("button", name="Gỡ tệp").click()
    expect(page.get_by_text("Đã gỡ tệp")).to_be_visible()
    assert state_of(site, code).files == {}


def test_another_desk_has_no_say(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST)
    own = register(page)
    with site.office.database.reading() as connection:
        desks = connection.exec_driver_sql("SELECT code, desk FROM dossiers").all()
    mine = next(row.desk for row in desks if row.code == own)
    other = next(row.code for row in desks if row.desk != mine)
    page.goto(f"/desk/dossiers/{other}")
    expect(page.get_by_role("alert")).to_be_visible()


def test_every_page_of_the_desk_is_accessible(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST)
    code = register(page)
    require_accessible(page)
    for address in (
        "/desk",
        "/desk?pile=pickup",
        "/desk/register",
        f"/desk/register?procedure={RESIDENCE}",
        "/desk/search",
        "/desk/search?q=khong-co-ai",
        f"/desk/dossiers/{code}/correct",
        f"/desk/dossiers/{code}/papers",
        f"/desk/dossiers/{code}/supplement",
        f"/desk/dossiers/{code}/stop",
        f"/desk/dossiers/{code}/payment",
        f"/desk/dossiers/{code}/fees",
    ):
        page.goto(address)
        require_accessible(page)
    page.goto(f"/desk/register?procedure={RESIDENCE}")
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    require_accessible(page)
    finish(site, code)
    for address in ("/desk/pickup", f"/desk/dossiers/{code}/give-back", f"/desk/rate/{code}"):
        page.goto(address)
        require_accessible(page)
