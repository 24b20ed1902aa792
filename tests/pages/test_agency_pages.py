"""The inbox, the dossier page and its forms: what they show, refuse and keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from api.rooms.account.people import DEMO_PASSWORD
from tests.pages.cases import EARLIER, Cases
from tests.pages.conftest import PHONE, require_accessible
from tests.pages.site import NOW, Site
from workflows.commands import FinishStep, Receive, TakeOver

Visit = Callable[..., Page]


def test_the_inbox_shows_the_most_urgent_first_with_the_time_left(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    fresh, late = cases.assigned("Trần Thị Mới"), cases.late()
    page = visitors("Chuyên viên")
    page.goto("/work")
    rows = page.get_by_role("row").filter(has=page.get_by_role("link"))
    expect(rows.first).to_contain_text(late)
    expect(rows.first).to_contain_text("quá 18 ngày làm việc")
    expect(rows.nth(1)).to_contain_text(fresh)
    expect(rows.nth(1)).to_contain_text("còn 2 ngày làm việc")
    require_accessible(page)


def test_filters_stand_in_the_address(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    wanted, late = cases.assigned("Trần Thị Mới"), cases.late()
    page = visitors("Chuyên viên")
    page.goto("/work?tab=team")
    page.get_by_role("main").get_by_label("Mã, tên, số điện thoại").fill("thị mới")
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_role("link", name=wanted)).to_be_visible()
    expect(page.get_by_role("link", name=late)).to_have_count(0)
    assert "q=th" in page.url
    page.goto("/work?tab=team&due=late")
    expect(page.get_by_role("link", name=late)).to_be_visible()
    expect(page.get_by_role("link", name=wanted)).to_have_count(0)
    page.goto("/work?tab=team&official=nobody&procedure=1.013225")
    expect(page.get_by_role("link", name=wanted)).to_be_visible()
    page.goto("/work?tab=team&q=khong-co-ai")
    expect(page.get_by_text("Không có việc nào khớp với bộ lọc.")).to_be_visible()
    require_accessible(page)


def test_the_lists_say_whose_turn_it_is(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    incoming, taken = cases.sent("Nguyễn Hữu Khánh"), cases.assigned("Trần Thị Mới")
    officer = cases.official("Chuyên viên")
    cases.do(taken, TakeOver(task=3), officer, EARLIER + timedelta(hours=3))
    unsent = cases.register("Lý Kim Uyên")
    cases.do(unsent, FinishStep(task=1, send=False), cases.official("Tiếp nhận hồ sơ"), EARLIER)
    page = visitors("Chuyên viên")
    page.goto("/work?tab=incoming")
    expect(page.get_by_role("row", name=incoming)).to_contain_text("nhận trước")
    page.goto("/work?tab=team")
    expect(page.get_by_role("row", name=taken)).to_contain_text("Lý Văn Linh")
    desk = visitors("Tiếp nhận hồ sơ")
    desk.goto("/work?tab=waiting")
    expect(desk.get_by_role("row", name=incoming)).to_contain_text("chưa nhận; gửi lúc")
    desk.goto("/work?tab=outgoing")
    desk.get_by_label(f"Chọn {unsent}").check()
    desk.get_by_role("button", name="Chuyển các hồ sơ đã chọn").click()
    expect(desk.get_by_role("status").first).to_contain_text("Chuyển hồ sơ: đã xong 1 hồ sơ.")
    require_accessible(desk)


def test_in_bulk_each_dossier_stands_for_itself(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    codes = [cases.sent(name) for name in ("Nguyễn Một", "Nguyễn Hai", "Nguyễn Ba")]
    page = visitors("Thủ trưởng đơn vị", java_script_enabled=False)
    page.goto("/work?tab=incoming")
    for code in codes:
        page.get_by_label(f"Chọn {code}").check()
    cases.do(codes[1], Receive(task=2), cases.official("Chuyên viên"), NOW)
    page.get_by_role("button", name="Nhận các hồ sơ đã chọn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xong 2 hồ sơ.")
    expect(page.get_by_role("row", name=codes[1])).to_contain_text("đã nhận rồi")
    assert [cases.read(code).tasks[-1].status for code in codes] == ["open", "open", "open"]
    require_bulk_page_accessible(visitors, page)


def require_bulk_page_accessible(visitors: Visit, shown: Page) -> None:
    """The page a browser without scripts shows, looked at by one with them."""
    page = visitors()
    page.set_content(shown.content())
    page.set_viewport_size(PHONE)
    assert page.get_by_role("heading", level=1).count() == 1


def test_on_wide_screens_the_dossier_opens_beside_the_list(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    page = visitors("Chuyên viên")
    page.goto("/work")
    page.get_by_role("link", name=code).click()
    pane = page.get_by_role("complementary", name="Hồ sơ đang chọn")
    expect(pane.get_by_role("heading", level=2)).to_have_text(code)
    assert f"open={code}" in page.url
    require_accessible(page)
    page.reload()
    expect(pane.get_by_role("heading", level=2)).to_have_text(code)
    pane.get_by_role("button", name="Nhận xử lý").click()
    expect(page.get_by_role("status").first).to_contain_text(f"Đã ghi: Nhận xử lý (hồ sơ {code})")
    assert "/work" in page.url
    plain = visitors("Chuyên viên", java_script_enabled=False)
    plain.goto("/work")
    plain.get_by_role("link", name=code).click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text(code)


def test_the_dossier_page_explains_itself(visitors: Visit, site: Site) -> None:
    code = Cases(site).assigned()
    page = visitors("Chuyên viên")
    page.goto(f"/dossiers/{code}")
    expect(page.get_by_text("Đồng hồ đang chạy, thời gian của Phòng Kinh tế")).to_be_visible()
    page.get_by_text("Vì sao hẹn").click()
    expect(page.get_by_text("Bắt đầu 10:30 ngày 19/11/2026; thời hạn 7 ngày làm việc")).to_be_visible()
    page.get_by_text("Việc chưa làm được và vì sao").click()
    expect(page.get_by_text("Hồ sơ chưa có kết quả để trả.")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_contain_text("Thẩm định hồ sơ, kiểm tra thực địa")
    expect(page.get_by_role("img", name="Đường đi của hồ sơ")).to_be_visible()
    page.get_by_text("Sơ đồ toàn bộ quy trình").click()
    expect(page.get_by_alt_text("Sơ đồ quy trình")).to_be_visible()
    require_accessible(page)


@pytest.mark.parametrize("path", ["", "/slip", "?as_of=2026-09-01T08:00"])
def test_a_finished_late_dossier_is_accessible(visitors: Visit, site: Site, path: str) -> None:
    page = visitors("Quản trị hệ thống")
    page.goto(f"/dossiers/{late_and_returned(site)}{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    require_accessible(page)


def late_and_returned(site: Site) -> str:
    """A dossier of the demonstration with re-appointment, apology and matters of the ledger."""
    with site.office.database.reading() as connection:
        sql = "SELECT code FROM dossiers WHERE late_since IS NOT NULL ORDER BY seq DESC LIMIT 1"
        return str(connection.exec_driver_sql(sql).scalar_one())


def test_the_dossier_is_shown_as_it_stood(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    page = visitors("Chuyên viên")
    page.goto(f"/dossiers/{code}")
    page.locator("summary").filter(has_text="Xem lại").click()
    page.get_by_label("Hồ sơ như lúc").fill("2026-11-19T11:15")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_text("Đang xem hồ sơ như lúc 11:15 ngày 19/11/2026")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_contain_text("Chờ nhận bàn giao")
    expect(page.get_by_role("heading", name="Việc bạn làm được bây giờ")).to_have_count(0)
    page.goto(f"/dossiers/{code}?as_of=2020-01-01T00:00")
    expect(page.get_by_role("alert")).to_contain_text("Hồ sơ chưa được đăng ký tại thời điểm này.")
    page.goto(f"/dossiers/{code}?as_of=2030-01-01T00:00")
    expect(page.get_by_role("alert")).to_contain_text("Thời điểm xem lại chưa tới.")


def test_who_may_not_is_told_who_could(visitors: Visit, site: Site) -> None:
    code = Cases(site).assigned()
    page = visitors("Tiếp nhận hồ sơ")
    page.goto(f"/dossiers/{code}/do/finish_step?task=3")
    expect(page.get_by_role("alert")).to_contain_text("việc này của chuyên viên, Phòng Kinh tế")
    expect(page.get_by_role("button", name="Hoàn thành bước")).to_have_count(0)
    require_accessible(page)
    page.goto(f"/dossiers/{code}/do/tick")
    expect(page.get_by_role("alert")).to_contain_text("Không có thao tác này.")


def test_of_two_officers_at_once_the_second_sees_what_happened(visitors: Visit, site: Site) -> None:
    code = Cases(site).assigned()
    first, second = visitors("Chuyên viên"), visitors("Thủ trưởng đơn vị")
    for page in (first, second):
        page.goto(f"/dossiers/{code}/do/ask_supplement?task=3")
    first.get_by_label("Nội dung cần bổ sung").fill("Bản vẽ móng.")
    first.get_by_role("button", name="Yêu cầu bổ sung").click()
    second.get_by_label("Nội dung cần bổ sung").fill("Ảnh chụp hiện trạng thửa đất.")
    second.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(second.get_by_role("alert").first).to_contain_text("đã thay đổi từ lúc mở xem")
    since = second.get_by_role("region", name="Vừa có người làm trước")
    expect(since).to_contain_text("Lý Văn Linh yêu cầu người nộp bổ sung")
    expect(second.get_by_label("Nội dung cần bổ sung")).to_have_value("Ảnh chụp hiện trạng thửa đất.")
    require_accessible(second)
    second.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(second.get_by_role("alert").first).to_contain_text("Đã có một yêu cầu bổ sung")
    expect(second.get_by_label("Nội dung cần bổ sung")).to_have_value("Ảnh chụp hiện trạng thửa đất.")


def test_sending_a_form_twice_does_it_once(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    page = visitors("Chuyên viên")
    page.goto(f"/dossiers/{code}/do/note")
    hidden = {name: page.locator(f"form.card [name={name}]").input_value() for name in ("csrf", "key", "seq")}
    form: dict[str, str | float | bool] = {**hidden, "activity": "Đã đi kiểm tra thực địa"}
    for said in ("Đã ghi: Ghi nhận.", "Thao tác này đã được ghi từ trước"):
        answer = page.context.request.post(f"{site.url}/dossiers/{code}/do/note", form=form)
        assert said in answer.text()
    page.goto(f"/dossiers/{code}")
    expect(page.get_by_text("ghi nhận: Đã đi kiểm tra thực địa")).to_have_count(1)


def test_an_ended_session_loses_nothing_typed(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    page = visitors("Chuyên viên")
    page.goto(f"/dossiers/{code}/do/ask_supplement?task=3")
    page.get_by_label("Nội dung cần bổ sung").fill("Bản vẽ móng.")
    site.at += timedelta(hours=13)
    page.get_by_role("button", name="Yêu cầu bổ sung").click()
    page.get_by_label("Tên đăng nhập").fill(site.login("Chuyên viên"))
    page.get_by_label("Mật khẩu", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_role("button", name="Gửi tiếp").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi: Yêu cầu bổ sung")
    assert cases.read(code).supplements[0].content == "Bản vẽ móng."


def test_what_is_missing_is_said_beside_the_field(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    cases.do(code, FinishStep(task=3), cases.official("Chuyên viên"), NOW)
    page = visitors("Chuyên viên", java_script_enabled=False)
    page.goto(f"/dossiers/{code}/do/finish_step?task=4")
    page.get_by_label("Không đủ điều kiện").check()
    page.get_by_role("button", name="Hoàn thành bước").click()
    expect(page.get_by_label("Lý do, nội dung")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Không đủ điều kiện")).to_be_checked()
    page.get_by_label("Lý do, nội dung").fill("Vượt chỉ giới đường đỏ.")
    page.get_by_role("button", name="Hoàn thành bước").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi: Hoàn thành bước")


def test_an_officer_attaches_a_file_and_takes_it_away(visitors: Visit, site: Site) -> None:
    code = Cases(site).assigned()
    page = visitors("Chuyên viên", java_script_enabled=False)
    page.goto(f"/dossiers/{code}")
    page.get_by_role("link", name="Đính kèm tệp").click()
    scan = {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": b"not a paper"}
    page.get_by_label("Tệp", exact=True).set_input_files(scan)  # type: ignore[arg-type]
    page.get_by_role("button", name="Đính kèm tệp").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    scan["buffer"] = b"%PDF-1.4\n%%EOF\n"
    page.get_by_label("Tệp", exact=True).set_input_files(scan)  # type: ignore[arg-type]
    page.get_by_role("button", name="Đính kèm tệp").click()
    expect(page.get_by_role("link", name="bien-ban.pdf")).to_be_visible()
    page.get_by_role("link", name="Gỡ tệp").click()
    page.get_by_label("bien-ban.pdf").check()
    page.get_by_label("Lý do gỡ").fill("Tải nhầm.")
    page.get_by_role("button", name="Gỡ tệp").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi: Gỡ tệp")
    expect(page.get_by_role("link", name="bien-ban.pdf")).to_have_count(0)


@pytest.mark.parametrize("path", ["", "/pane", "/slip", "/diagram.svg", "/do/note"])
def test_other_peoples_dossiers_are_as_if_there_were_none(visitors: Visit, site: Site, path: str) -> None:
    page = visitors("Chuyên viên")
    answers = [
        page.goto(f"/dossiers/{code}{path}") for code in (of_another_commune(site), "H44.100.01-200101-0001")
    ]
    assert [answer.status for answer in answers if answer is not None] == [404, 404]
    expect(page.get_by_role("alert")).to_contain_text("Không có hồ sơ mã")


def of_another_commune(site: Site) -> str:
    """A dossier in which nobody of the commune takes part."""
    with site.office.database.reading() as connection:
        sql = "SELECT code FROM dossiers WHERE desk NOT LIKE 'H44.100%' AND competent NOT LIKE 'H44.100%'"
        return str(connection.exec_driver_sql(f"{sql} ORDER BY code LIMIT 1").scalar_one())


def test_a_step_is_finished_by_keyboard_alone(visitors: Visit, site: Site) -> None:
    cases = Cases(site)
    code = cases.assigned()
    page = visitors("Chuyên viên")
    page.goto(f"/dossiers/{code}")
    tab_to(page, "Hoàn thành bước")
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/finish_step**")
    tab_to(page, "Lý do, nội dung")
    page.keyboard.type("Đã kiểm tra thực địa.")
    tab_to(page, "Hoàn thành bước")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi: Hoàn thành bước")
    assert cases.read(code).tasks[2].status == "done"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        text = page.evaluate(
            "() => { const e = document.activeElement, own = e.matches('a, button') ? e.textContent : '';"
            " return `${e.labels?.[0]?.textContent ?? ''} ${own}`; }"
        )
        if name in text:
            return
    raise AssertionError(f"Tab never came to “{name}”")


FORMS = (
    ("Chuyên viên", "assigned", "finish_step?task=3"),
    ("Chuyên viên", "assigned", "ask_supplement?task=3"),
    ("Chuyên viên", "assigned", "ask_payment?task=3"),
    ("Chuyên viên", "assigned", "note"),
    ("Thủ trưởng đơn vị", "assigned", "take_over?task=3"),
    ("Thủ trưởng đơn vị", "assigned", "take_back?task=2"),
    ("Tiếp nhận hồ sơ", "assigned", "withdraw"),
    ("Chuyên viên", "assigned", "attach"),
    ("Thủ trưởng đơn vị", "late", "sign_apology?apology=1"),
    ("Lãnh đạo Ủy ban nhân dân", "assigned", "stop"),
    ("Lãnh đạo Ủy ban nhân dân", "late", "correct_fault?fault=1"),
    ("Lãnh đạo Ủy ban nhân dân", "at_the_leader", "decide?task=6"),
    ("Lãnh đạo Ủy ban nhân dân", "at_the_leader", "return_to_sender?task=6"),
)


@pytest.mark.parametrize(("role", "case", "form"), FORMS, ids=[form for _, _, form in FORMS])
def test_every_form_is_accessible(visitors: Visit, site: Site, role: str, case: str, form: str) -> None:
    code = getattr(Cases(site), case)()
    page = visitors(role)
    page.goto(f"/dossiers/{code}/do/{form}")
    expect(page.locator("form.card")).to_be_visible()
    require_accessible(page)
