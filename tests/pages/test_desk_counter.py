"""Results given back and fees taken, in a browser without scripts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.pages.site import Site
from tests.pages.test_desk import RECEPTIONIST, finish, register, state_of

Visit = Callable[..., Page]


def test_a_result_is_given_back(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    code = register(page)
    finish(site, code)
    page.goto("/desk/pickup?q=quynh+dao")
    page.get_by_role("link", name=f"Trả kết quả {code}").click()
    expect(page.get_by_text("NGƯỜI NHẬN KẾT QUẢ")).to_be_visible()
    page.get_by_role("button", name="Ghi đã trả kết quả").click()
    expect(page.get_by_role("alert")).to_contain_text("phải ký nhận")
    page.get_by_label("Người khác nhận thay").check()
    page.get_by_label("Họ tên người nhận thay").fill("Quỳnh Văn Nhận")
    page.get_by_label("Số định danh hoặc giấy tờ").fill("025190009999")
    page.get_by_label("Quan hệ, giấy uỷ quyền").fill("Con của người nộp")
    page.get_by_label("Người nhận đã ký nhận").check()
    page.get_by_role("button", name="Ghi đã trả kết quả").click()
    assert state_of(site, code).returned_at == site.at
    assert state_of(site, code).handover["receiver"] == "proxy"
    expect(page.get_by_role("heading", level=1)).to_have_text("Ông (bà) có hài lòng không?")
    page.get_by_label("Rất hài lòng").check()
    page.get_by_label("Thái độ phục vụ").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Cảm ơn ông (bà) đã đánh giá")).to_be_visible()
    with site.office.database.reading() as connection:
        rated = connection.exec_driver_sql("SELECT occasion, score, recorded_by FROM ratings").all()
    assert ("result", 5, site.login(RECEPTIONIST)) in [tuple(row) for row in rated]
    page.get_by_role("link", name="Phiếu trả kết quả").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiếu trả kết quả")
    expect(page.locator("main")).to_contain_text("Quỳnh Văn Nhận (nhận thay)")
    expect(page.locator("main")).to_contain_text("người nhận đã ký")


def test_a_fee_is_received_and_another_is_waived(visitors: Visit, site: Site) -> None:
    page = visitors(RECEPTIONIST, java_script_enabled=False)
    code = register(page)
    expect(page.get_by_role("region", name="Phí, lệ phí")).to_contain_text("20.000 đ")
    expect(page.get_by_role("region", name="Phí, lệ phí")).to_contain_text("chưa thu")
    page.get_by_role("link", name="Ghi thu hoặc miễn").click()
    page.get_by_label("Số tiền đã thu").fill("hai mươi")
    page.get_by_label("Số biên lai").fill("BL-0047")
    page.get_by_role("button", name="Ghi đã thu").click()
    expect(page.get_by_text("Cần một số nguyên không âm.").first).to_be_visible()
    expect(page.get_by_label("Số biên lai")).to_have_value("BL-0047")
    page.get_by_label("Số tiền đã thu").fill("")
    page.get_by_role("button", name="Ghi đã thu").click()
    expect(page.get_by_role("region", name="Phí, lệ phí")).to_contain_text("đã thu 20.000 đ")
    expect(page.get_by_role("region", name="Phí, lệ phí")).to_contain_text("BL-0047")
    assert state_of(site, code).payments[1].receipt == "BL-0047"
    other = register(page)
    page.goto(f"/desk/dossiers/{other}/fees")
    page.get_by_text("Miễn khoản này").click()
    page.get_by_label("Lý do, căn cứ miễn").fill("Hộ nghèo")
    page.get_by_role("button", name="Ghi miễn").click()
    expect(page.get_by_role("region", name="Phí, lệ phí")).to_contain_text("được miễn")
