"""The standard forms as PDF: each when it is due, filled in from the history, and checked by who holds it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
import yaml
import zxingcpp
from httpx import Response
from pypdfium2 import PdfDocument

from tests.api.conftest import APPLICANT, SECRETS, Http, problem
from tests.support.office import DESK, OTHER_DESK, SIMPLE, after, definition

PAPERS = [
    {"id": "don", "name": "Đơn đề nghị"},
    {"id": "ban_ve", "name": "Bản vẽ thiết kế", "required": False},
    {"id": "xac_nhan", "name": "Giấy xác nhận", "required": False},
]
PROXY = {"name": "Cao Thị Thay", "identity_no": "025190009999", "phone": "0987000111"}


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only, with a procedure that has papers and forms of its sector."""
    own = {"forms": {"receipt": "CT04", "refusal": "CT06"}}
    sqlite_http.world.publish(
        definition(yaml.safe_dump({**yaml.safe_load(SIMPLE), "code": "T.P", "papers": PAPERS})),
        definition(yaml.safe_dump({**yaml.safe_load(SIMPLE), "code": "T.S", **own})),
    )
    return sqlite_http


def text(response: Response) -> str:
    """The words of a PDF."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def form(http: Http, code: str, number: str, **query: Any) -> str:
    """The words of a form."""
    return text(http.get(f"/dossiers/{code}/forms/{number}.pdf", **query))


def scanned(http: Http, code: str, number: str) -> str:
    """What the QR code of a form says."""
    page = PdfDocument(http.get(f"/dossiers/{code}/forms/{number}.pdf").content)[0]
    [found] = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    return str(found.text)


def says(words: str, *expected: str) -> None:
    for part in expected:
        assert part in words, (part, words)


def test_the_receipt_says_what_was_registered(http: Http) -> None:
    papers = [{"id": "don"}, {"id": "ban_ve", "originals": 2, "copies": 1}]
    code = http.register(procedure="T.P", papers=papers)
    says(
        form(http, code, "01"),
        "Mẫu số 01",
        "Số: …/…-TTPVHCC Việt Trì, ngày 02 tháng 3 năm 2026",
        f"Mã hồ sơ: {code} Trung tâm Phục vụ hành chính công phường Việt Trì",
        "Tổ chức: Quỳnh Thị Dao Số định danh cá nhân/tổ chức: 025190004321 Địa chỉ: Số 9 ngõ Hàng Kẹo",
        "Số điện thoại: 0912348765 Email: ....",
        "Nội dung yêu cầu giải quyết: Thủ tục thử",
        "1. Đơn đề nghị (01 bản chính) 2. Bản vẽ thiết kế (02 bản chính, 01 bản sao) Số lượng",
        "theo quy định là: 5 ngày làm việc",
        "Thời gian nhận hồ sơ: 07 giờ 30 phút, ngày 02 tháng 3 năm 2026",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 30 phút, ngày 09 tháng 3 năm 2026",
        "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Quỳnh Thị Dao",
        "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Lê",
    )


def test_the_receipt_stays_as_it_was_whatever_happens_later(http: Http) -> None:
    code = http.register(procedure="T.P", papers=[{"id": "don"}])
    first = http.get(f"/dossiers/{code}/forms/01.pdf").content
    http.do(code, "ask-supplement", {"content": "Thiếu giấy xác nhận."}, "le", after(hours=1))
    http.do(code, "receive-supplement", {"papers": [{"id": "xac_nhan"}]}, "le", after(days=1))
    http.do(code, "finish-step", {"task": 1}, "le", after(days=1, hours=1))
    assert http.get(f"/dossiers/{code}/forms/01.pdf").content == first


def test_a_corrected_receipt_says_what_is_right(http: Http) -> None:
    code = http.register(procedure="T.P", papers=[{"id": "don"}])
    body: dict[str, Any] = {"reason": "Ghi nhầm.", "papers": [{"id": "don"}, {"id": "xac_nhan"}]}
    http.do(
        code, "correct", body | {"applicant": APPLICANT | {"name": "Quỳnh Thị Đào"}}, "le", after(hours=1)
    )
    says(form(http, code, "01"), "Tổ chức: Quỳnh Thị Đào", "2. Giấy xác nhận (01 bản chính)")


def test_papers_brought_before_the_dossier_is_accepted_are_on_the_receipt(http: Http) -> None:
    code = http.register(procedure="T.P", papers=[{"id": "ban_ve"}], accept=False)
    problem(http.get(f"/dossiers/{code}/forms/01.pdf"), 409, "form_not_due")
    http.do(code, "ask-supplement", {"content": "Thiếu đơn."}, "le", after(hours=1))
    http.do(code, "receive-supplement", {"papers": [{"id": "don"}]}, "le", after(days=1))
    http.do(code, "accept", {}, "le", after(days=1))
    says(
        form(http, code, "01"),
        "1. Bản vẽ thiết kế (01 bản chính) 2. Đơn đề nghị (01 bản chính)",
        "Thời gian nhận hồ sơ: 07 giờ 30 phút, ngày 03 tháng 3 năm 2026",
    )


def test_who_hands_in_for_somebody_else_is_named_before_them(http: Http) -> None:
    code = http.register(representative=PROXY)
    says(
        form(http, code, "01"),
        "Tổ chức: Cao Thị Thay Số định danh cá nhân/tổ chức: 025190009999",
        "Người ủy quyền: Quỳnh Thị Dao; địa chỉ: Số 9 ngõ Hàng Kẹo; số định danh cá nhân: 025190004321",
        "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Cao Thị Thay",
    )


def test_an_organisation_writes_by_hand_who_signs_for_it(http: Http) -> None:
    code = http.register(applicant=APPLICANT | {"kind": "organisation", "name": "Công ty A"})
    says(
        form(http, code, "01"), "Tổ chức: Công ty A", "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) NGƯỜI TIẾP NHẬN"
    )


def test_a_receipt_for_elsewhere_promises_nothing_until_the_file_has_come(http: Http) -> None:
    code = http.register(desk=DESK, serves=OTHER_DESK, bindings={"division": ["H44.101.02"]})
    says(form(http, code, "01"), "theo quy định là: ....", "Thời gian trả kết quả giải quyết hồ sơ: ....")


def test_a_sector_s_own_form_is_named_in_place_of_the_common_one(http: Http) -> None:
    code = http.register(procedure="T.S", accept=False)
    http.do(code, "refuse", {"reason": "Không thuộc thẩm quyền."}, "le", after(hours=1))
    assert form(http, code, "03").startswith("Mẫu CT06 ")
    assert form(http, http.register(procedure="T.S"), "01").startswith("Mẫu CT04 ")


def test_a_supplement_request_lists_what_and_says_why(http: Http) -> None:
    content = "1. Bản vẽ mặt bằng\n- Cam kết an toàn\nLý do: bản vẽ chưa ký.\nNiêm phong hết hạn."
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    problem(http.get(f"/dossiers/{code}/forms/02.pdf"), 409, "form_not_due")
    http.do(code, "ask-supplement", {"content": content, "task": 2}, "an", after(hours=3))
    says(
        form(http, code, "02"),
        "Mẫu số 02",
        "Số: …/PBS-TTPVHCC",
        "Hồ sơ của: Quỳnh Thị Dao Nội dung yêu cầu giải quyết: Thủ tục thử Địa chỉ: Số 9 ngõ Hàng Kẹo",
        "sau: 1. Bản vẽ mặt bằng 2. Cam kết an toàn Lý do: bản vẽ chưa ký. Niêm phong hết hạn.",
        "Thời hạn bổ sung, hoàn thiện hồ sơ: chậm nhất",
        "ngày 16 tháng 3 năm 2026 Trong quá trình",
        "liên hệ với Phòng Kinh tế phường Việt Trì số điện thoại ....",
        "NGƯỜI HƯỚNG DẪN (Ký và ghi rõ họ tên) Nguyễn Văn An",
    )
    assert form(http, code, "02", no=1) == form(http, code, "02")
    problem(http.get(f"/dossiers/{code}/forms/02.pdf", no=2), 404, "form_unknown")


def test_each_request_has_its_own_form(http: Http) -> None:
    http.world.publish(
        definition(code="T.2X", supplement={"effect": "pause", "cap": "10 working_day", "max_requests": 2})
    )
    code = http.register(procedure="T.2X")
    for number, what in enumerate(("Đơn", "Ảnh")):
        http.do(code, "ask-supplement", {"content": what}, "le", after(hours=1, days=2 * number))
        http.do(code, "receive-supplement", {}, "le", after(hours=2, days=2 * number))
    says(form(http, code, "02", no=1), "ngày 02 tháng 3", "1. Đơn")
    says(form(http, code, "02"), "ngày 04 tháng 3", "1. Ảnh")


def test_a_refusal_says_why(http: Http) -> None:
    code = http.register(accept=False)
    problem(http.get(f"/dossiers/{code}/forms/03.pdf"), 409, "form_not_due")
    http.do(code, "refuse", {"reason": "Không thuộc thẩm quyền."}, "le", after(hours=1))
    says(
        form(http, code, "03"),
        "Số: …/PTC-TTPVHCC",
        f"Mã hồ sơ: {code}",
        "lý do cụ thể như sau: Không thuộc thẩm quyền. Xin thông báo",
        "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Lê",
    )


def test_a_dossier_not_completed_in_time_is_refused_with_the_dates(http: Http) -> None:
    code = http.register(accept=False)
    http.do(code, "ask-supplement", {"content": "Thiếu đơn."}, "le", after(hours=1))
    http.at = after(days=30)
    http.post("/sweep", by="tinh")
    says(
        form(http, code, "03"),
        "Quá thời hạn bổ sung, hoàn thiện hồ sơ (ngày 16/03/2026) theo Phiếu yêu cầu bổ sung, hoàn thiện hồ "
        "sơ ngày 02/03/2026 mà chưa nhận được giấy tờ bổ sung.",
    )


def decided(http: Http, outcome: str) -> str:
    """A dossier decided by the chair."""
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.do(code, "finish-step", {"task": 2}, "an", after(hours=3))
    http.do(code, "receive", {"task": 3}, "chu", after(days=1))
    body = {"task": 3, "outcome": outcome, "reason": "Không đủ điều kiện."}
    http.do(code, "decide", body, "chu", after(days=1, hours=1))
    return code


def test_a_refusal_after_appraisal_gives_the_reason_of_the_decision(http: Http) -> None:
    says(form(http, decided(http, "tu_choi"), "03"), "như sau: Không đủ điều kiện.", "Lê Thị Lê")
    problem(http.get(f"/dossiers/{decided(http, 'dong_y')}/forms/03.pdf"), 409, "form_not_due")


def test_a_withdrawal_is_confirmed_by_a_stop_notice(http: Http) -> None:
    code = http.register()
    problem(http.get(f"/dossiers/{code}/forms/05.pdf"), 409, "form_not_due")
    http.do(code, "withdraw", {"reason": "Gia đình đổi ý."}, "le", after(days=1))
    says(
        form(http, code, "05"),
        "Mẫu số 05",
        "Kính gửi: Ông/Bà Quỳnh Thị Dao",
        f"số định danh: 025190004321; mã số hồ sơ: {code}.",
        "Ngày 03 tháng 3 năm 2026, Ông/Bà có đề nghị dừng",
        "Lý do: Gia đình đổi ý.",
        "kể từ 07 giờ 30 phút, ngày 03 tháng 3 năm 2026.",
        "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ (Ký và ghi rõ họ tên)",
    )


def test_a_stop_by_the_head_is_signed_by_the_head_in_office(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.do(code, "stop", {"reason": "Có tranh chấp."}, "binh", after(days=1))
    words = form(http, code, "05")
    says(words, "PHÒNG KINH TẾ PHƯỜNG VIỆT TRÌ", "Lý do: Có tranh chấp.", "Phạm Bình")
    assert "có đề nghị dừng" not in words


def test_the_control_slip_grows_with_the_handovers(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    waiting = form(http, code, "06")
    says(
        waiting,
        "Số: …/PKS-TTPVHCC",
        "08 giờ 30 phút, ngày 02/03/2026",
        "Người giao Lê Thị Lê Người nhận Ghi chú",
    )
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    says(
        form(http, code, "06"),
        "Mẫu số 06",
        "Số: …/PKS-TTPVHCC",
        f"Mã số hồ sơ: {code} Cơ quan (bộ phận) giải quyết hồ sơ: UBND phường Việt Trì",
        "Cơ quan phối hợp giải quyết hồ sơ: Phòng Kinh tế phường Việt Trì",
        "Ngày nhận: 07 giờ 30 phút, ngày 02 tháng 3 năm 2026",
        "Hẹn trả kết quả vào: 17 giờ 30 phút, ngày 09 tháng 3 năm 2026",
        "Giao: 08 giờ 30 phút, ngày 02/03/2026 Nhận: 09 giờ 30 phút, ngày 02/03/2026",
        "1. Giao: Trung tâm Phục vụ hành chính công phường Việt Trì 2. Nhận: Phòng Kinh tế phường Việt Trì",
        "Đúng hạn",
        "Người nhận Nguyễn Văn An",
    )


def test_a_file_sent_back_says_why_on_the_slip(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "return-to-sender", {"task": 2, "reason": "Thiếu chữ ký."}, "an", after(hours=2))
    says(form(http, code, "06"), "Trả lại: Thiếu chữ ký.")


def test_the_apology_is_one_of_the_forms(http: Http) -> None:
    code = http.register()
    http.at = after(days=10)
    http.post("/sweep", by="tinh")
    same = http.get(f"/dossiers/{code}/apologies/1.pdf")
    assert http.get(f"/dossiers/{code}/forms/04.pdf").content == same.content
    problem(http.get(f"/dossiers/{code}/forms/04.pdf", no=2), 404, "letter_unknown")


def test_the_register_book_is_printed_for_a_period_and_a_sector(http: Http) -> None:
    given = decided(http, "dong_y")
    http.do(given, "give-back", {"method": "postal"}, "le", after(days=2))
    other = http.register(after(days=2))
    march: dict[str, Any] = {"desk": DESK, "from_": "2026-03-01", "to": "2026-03-31"}
    response = http.get("/register-book.pdf", **march)
    assert "so-theo-doi-H44.101.01-20260301-20260331.pdf" in response.headers["content-disposition"]
    words = text(response).replace("- ", "-").replace("\u200b", "")
    says(
        words,
        "SỔ THEO DÕI HỒ SƠ Từ ngày 01/03/2026 đến ngày 31/03/2026",
        f"1 {given} Thủ tục thử Quỳnh Thị Dao Số 9 ngõ Hàng Kẹo / 0912348765 UBND phường Việt Trì "
        "07:30 02/03/2026 17:30 09/03/2026 07:30 04/03/2026 Bưu chính",
        f"2 {other} ",
        "Sổ này có 2 hồ sơ.",
    )
    says(
        text(http.get("/register-book.pdf", field="Thử nghiệm", **march)),
        "Lĩnh vực: Thử nghiệm",
        "có 2 hồ sơ",
    )
    says(text(http.get("/register-book.pdf", field="Đất đai", **march)), "Sổ này có 0 hồ sơ.")
    problem(
        http.get("/register-book.pdf", desk="H99", from_="2026-03-01", to="2026-03-31"), 404, "agency_unknown"
    )


@pytest.mark.parametrize("number", ["00", "07", "1", "x", "receipt"])
def test_a_form_there_is_not_is_refused(http: Http, number: str) -> None:
    problem(http.get(f"/dossiers/{http.register()}/forms/{number}.pdf"), 422, "bad_input")


def test_forms_of_an_unknown_dossier_are_not_found(http: Http) -> None:
    problem(http.get("/dossiers/H44-260302-9999/forms/01.pdf"), 404, "dossier_unknown")


MADE_BY: dict[str, tuple[str, dict[str, Any]] | None] = {
    "01": None,
    "02": ("ask-supplement", {"content": "x"}),
    "05": ("withdraw", {"reason": "x"}),
    "06": ("finish-step", {"task": 1}),
}
TITLES = {
    "01": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    "02": "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    "05": "Thông báo dừng giải quyết hồ sơ",
    "06": "Phiếu kiểm soát quá trình giải quyết hồ sơ",
}


@pytest.mark.parametrize("number", MADE_BY)
def test_who_scans_a_form_is_told_that_it_is_genuine_without_the_applicant(http: Http, number: str) -> None:
    code = http.register()
    made_by = MADE_BY[number]
    if made_by is not None:
        http.do(code, *made_by, "le", after(hours=1))
    link = scanned(http, code, number)
    assert link.startswith("https://motcua.example.gov.vn/public/forms/")
    page = link.removeprefix("https://motcua.example.gov.vn")
    assert http.client.get(page).headers["content-type"].startswith("text/html")
    found = http.client.get(f"/api/v1{page}")
    assert found.status_code == 200, found.text
    said = found.json()
    assert (said["code"], said["form"], said["title"]) == (code, number, TITLES[number])
    assert (said["made_by"], said["agency"]["code"]) == ("Lê Thị Lê", DESK)
    for secret in SECRETS:
        assert secret not in found.text


def test_a_refusal_is_verified_under_the_number_of_its_sector(http: Http) -> None:
    code = http.register(procedure="T.S", accept=False)
    http.do(code, "refuse", {"reason": "x"}, "le", after(hours=1))
    path = scanned(http, code, "03").removeprefix("https://motcua.example.gov.vn")
    said = http.client.get(f"/api/v1{path}").json()
    assert (said["form"], said["made_at"]) == ("CT06", "2026-03-02T01:30:00Z")


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token[:-1],
        lambda token: token.replace("receipt", "refusal"),
        lambda token: token.replace("receipt", "register"),
        lambda token: token.replace("0001", "0002"),
        lambda token: "x",
        lambda token: "a.b.c",
    ],
)
def test_a_form_with_anything_changed_is_not_known(http: Http, change: Callable[[str], str]) -> None:
    token = scanned(http, http.register(), "01").rpartition("/")[2]
    problem(http.client.get(f"/api/v1/public/forms/{change(token)}"), 404, "form_unknown")


def test_forms_are_for_officials(http: Http) -> None:
    code = http.register()
    problem(http.client.get(f"/api/v1/dossiers/{code}/forms/01.pdf"), 401, "token_missing")
    problem(http.client.get("/api/v1/register-book.pdf"), 401, "token_missing")
