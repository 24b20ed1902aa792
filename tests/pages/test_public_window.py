"""The public window in a browser: what a citizen finds, says and is told, and what nobody else learns."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, Response, expect

from tests.pages.citizen import CITIZEN, SECRETS, Given
from tests.pages.conftest import PHONE, require_accessible
from tests.pages.site import Site

Visit = Callable[..., Page]
LEADER = "Lãnh đạo Ủy ban nhân dân"


@pytest.fixture
def given(site: Site) -> Given:
    """The citizen's dossiers."""
    return Given(site)


def prove(page: Page, code: str, last4: str = "8765") -> None:
    """Look a dossier up and prove it one's own."""
    page.goto("/public")
    page.get_by_label("Mã hồ sơ của ông (bà)").fill(code.lower())
    page.get_by_role("button", name="Tra cứu").click()
    page.get_by_label("4 ký tự cuối").fill(last4)
    page.get_by_role("button", name="Xem chi tiết").click()


def complain(page: Page, code: str) -> str:
    """Complain about a dossier; the number given."""
    page.goto(f"/public/complain?dossier={code}")
    page.get_by_label("Chậm giải quyết").check()
    page.get_by_label("Sự việc và đề nghị").fill("Hồ sơ đã quá ngày hẹn, không ai báo cho tôi.")
    page.get_by_label("Họ và tên").fill(CITIZEN.name)
    page.get_by_label("Số điện thoại").fill("0912 348 765")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhận phản ánh")
    return page.url.rpartition("/")[2]


RANDOM_DIGITS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|127\.0\.0\.1:\d+")
"""Request numbers and ports: four digits of theirs are anybody's by chance."""


def assert_tells_nobody(text: str) -> None:
    """Nothing of the citizen is in a text."""
    text = RANDOM_DIGITS.sub("", text)
    for secret in SECRETS:
        assert secret not in text, secret


@pytest.mark.parametrize("java_script", [True, False])
def test_a_citizen_looks_up_and_rates(visitors: Visit, given: Given, java_script: bool) -> None:
    code = given.given_back()
    page = visitors(java_script_enabled=java_script, viewport=PHONE)
    page.goto("/public")
    page.get_by_label("Mã hồ sơ của ông (bà)").fill(f" {code.lower()} ")
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hồ sơ {code}")
    expect(page.get_by_text("100%").first).to_be_visible()
    assert "Đăng ký thường trú" not in page.content(), "the procedure is not told before the proof"
    page.get_by_label("4 ký tự cuối").fill("4321")
    page.get_by_role("button", name="Xem chi tiết").click()
    expect(page.get_by_text("Đăng ký thường trú")).to_be_visible()
    expect(page.get_by_text("Đã trả kết quả", exact=True)).to_be_visible()
    page.get_by_role("link", name="Đánh giá: Trả kết quả").click()
    page.get_by_label("2 Không hài lòng").check()
    page.get_by_label("Thời gian giải quyết").check()
    page.get_by_label("Ý kiến thêm").fill("Chờ từ sáng đến chiều.")
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("heading", name="Cảm ơn ông (bà) đã đánh giá")).to_be_visible()
    head = visitors(LEADER)
    head.goto("/oversight/voices/ratings")
    said = head.get_by_role("article").filter(has_text="Chờ từ sáng đến chiều.")
    expect(said).to_contain_text("2/5")
    expect(said).to_contain_text(code)


@pytest.mark.parametrize("java_script", [True, False])
def test_a_citizen_complains_and_reads_the_answer(visitors: Visit, given: Given, java_script: bool) -> None:
    code = given.late()
    page = visitors(java_script_enabled=java_script)
    no = complain(page, code)
    expect(page.get_by_text("17:30 ngày 14/12/2026")).to_be_visible()
    head = visitors(LEADER, java_script_enabled=java_script)
    head.goto("/oversight/voices")
    head.get_by_role("link", name=no).click()
    expect(head.get_by_text(CITIZEN.name)).to_be_visible()
    head.get_by_text("Hỏi thêm người gửi").click()
    head.get_by_label("Cần biết thêm điều gì").fill("Ông (bà) nộp ở quầy nào?")
    head.get_by_role("button", name="Gửi câu hỏi").click()
    page.get_by_label("4 số cuối").fill("8765")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_text("Ông (bà) nộp ở quầy nào?")).to_be_visible()
    page.get_by_label("Trả lời của ông (bà)").fill("Quầy số 3.")
    page.get_by_label("4 số cuối điện thoại").fill("0000")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("alert")).to_contain_text("không khớp")
    expect(page.get_by_label("Trả lời của ông (bà)")).to_have_value("Quầy số 3.")
    page.get_by_label("4 số cuối").fill("8765")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_text("Quầy số 3.")).to_be_visible()
    head.goto(f"/oversight/voices/{no}")
    head.get_by_label("Câu trả lời gửi người dân").fill("Kết quả sẽ trả trong tuần này.")
    head.get_by_role("button", name="Gửi câu trả lời").click()
    head.get_by_label("Tóm tắt phản ánh").fill(f"Bà {CITIZEN.name} phản ánh chậm trả.")
    head.get_by_label("Câu trả lời công khai").fill("Cơ quan đã rút kinh nghiệm.")
    head.get_by_role("button", name="Công khai").click()
    expect(head.get_by_role("alert")).to_contain_text("Nội dung công khai còn tên")
    expect(head.get_by_label("Câu trả lời công khai")).to_have_value("Cơ quan đã rút kinh nghiệm.")
    head.get_by_label("Tóm tắt phản ánh").fill("Chậm trả kết quả.")
    head.get_by_role("button", name="Công khai").click()
    expect(head.get_by_role("status")).to_contain_text("Đã công khai câu trả lời.")
    page.goto(f"/public/complaints/{no}")
    page.get_by_label("4 số cuối").fill("8765")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_text("Kết quả sẽ trả trong tuần này.")).to_be_visible()
    page.goto("/public/complaints")
    expect(page.get_by_role("article").first).to_contain_text("Cơ quan đã rút kinh nghiệm.")
    assert_tells_nobody(page.content())


def test_the_appointment_is_explained_in_plain_words(page: Page, given: Given) -> None:
    prove(page, given.registered())
    when = page.get_by_role("region", name="Ngày hẹn trả kết quả")
    expect(when).to_contain_text("17:30 ngày 02/12/2026")
    expect(when).to_contain_text("Thời hạn giải quyết là 7 ngày làm việc, tính từ 08:30 ngày 20/11/2026.")
    expect(when).to_contain_text("Không tính ngày 24/11/2026 (Ngày Văn hóa Việt Nam).")
    when.get_by_text("Xem cách tính từng ngày").click()
    expect(when.get_by_text("Bắt đầu 08:30 ngày 20/11/2026")).to_be_visible()


def test_the_citizen_is_told_what_to_do_next(page: Page, given: Given) -> None:
    supplement, payment, ready = (
        given.asked_to_supplement(f"Bổ sung bản sao giấy khai sinh của {CITIZEN.name}."),
        given.asked_to_pay(1_250_000),
        given.ready(),
    )
    prove(page, supplement)
    asked = page.get_by_role("region", name="Cần ông (bà) bổ sung hồ sơ")
    expect(asked).to_contain_text("Bổ sung bản sao giấy khai sinh của (…).")
    expect(asked).to_contain_text("Bổ sung chậm nhất")
    expect(asked).to_contain_text("Trung tâm Phục vụ hành chính công")
    prove(page, payment)
    expect(page.get_by_role("region", name="Cần ông (bà) nộp tiền")).to_contain_text("1.250.000 đ")
    prove(page, ready)
    waiting = page.get_by_role("region", name="Đã có kết quả, mời ông (bà) đến nhận")
    expect(waiting).to_contain_text("Nhận tại: Trung tâm Phục vụ hành chính công")


def test_a_signed_letter_is_checked_by_its_qr_code(page: Page, given: Given) -> None:
    code, token = given.apologised()
    page.goto(f"/public/letters/{token}")
    expect(page.get_by_role("heading", name="Thư này do cơ quan nhà nước gửi")).to_be_visible()
    expect(page.get_by_text("09:30 ngày 25/11/2026")).to_be_visible()
    assert_tells_nobody(page.content())
    wrong = page.goto(f"/public/letters/{token[:-1]}{'0' if token[-1] != '0' else '1'}")
    assert wrong is not None
    assert wrong.status == 404
    expect(page.get_by_role("heading", name="Không tìm thấy thư này")).to_be_visible()
    prove(page, code)
    expect(page.get_by_text("đã gửi thư xin lỗi và hẹn lại")).to_be_visible()


def test_the_receipt_leads_to_the_progress_and_to_a_rating(page: Page, given: Given) -> None:
    code = given.registered()
    token = given.receipt_token(code)
    page.goto(f"/public/forms/{token}")
    expect(page.get_by_role("heading", name="Văn bản này do cơ quan nhà nước lập")).to_be_visible()
    require_accessible(page)
    assert_tells_nobody(page.content())
    page.get_by_role("link", name="Đánh giá").click()
    page.get_by_label("4 Hài lòng").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.get_by_role("link", name="Xem tiến độ hồ sơ này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hồ sơ {code}")
    page.goto(f"/public/forms/{token}")
    expect(page.get_by_role("link", name="Đánh giá")).to_have_count(0)
    wrong = page.goto(f"/public/forms/{token[:-1]}{'0' if token[-1] != '0' else '1'}")
    assert wrong is not None
    assert wrong.status == 404
    require_accessible(page)


def test_the_late_board_leads_to_codes_and_no_further(page: Page, given: Given) -> None:
    code = given.late()
    page.goto("/public/late")
    page.get_by_role("row", name="Công an phường Việt Trì").get_by_role("link").click()
    expect(page.get_by_role("link", name=code)).to_be_visible()
    assert_tells_nobody(page.content())


def test_wrong_proofs_are_answered_alike_and_then_wait(page: Page, given: Given) -> None:
    code = given.registered()
    for _ in range(5):
        prove(page, code, "0000")
        expect(page.get_by_role("alert")).to_contain_text("Mã hồ sơ hoặc 4 ký tự cuối không khớp.")
    prove(page, code)
    expect(page.get_by_role("alert")).to_contain_text("Thử lại sau 30 phút.")


def test_a_code_nobody_has_is_said_so_and_kept_in_the_box(page: Page) -> None:
    for typed in ("H44.100.01-990101-0001", "không phải mã!"):
        page.goto("/public")
        page.get_by_label("Mã hồ sơ của ông (bà)").fill(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Mã hồ sơ của ông (bà)")).to_have_value(typed)


def test_a_complaint_nobody_sent_is_said_so(page: Page) -> None:
    for typed in ("PA-990101-0001", "số nào?"):
        page.goto("/public/complaints")
        page.get_by_label("Số phản ánh của ông (bà)").fill(typed)
        page.get_by_role("button", name="Xem").click()
        expect(page.get_by_role("alert")).to_contain_text("phản ánh")
        expect(page.get_by_label("Số phản ánh của ông (bà)")).to_have_value(typed)


def test_what_is_missing_is_said_beside_each_box_and_nothing_is_lost(page: Page) -> None:
    page.goto("/public/complain")
    page.get_by_label("Sự việc và đề nghị").fill("Đề nghị bố trí thêm ghế ngồi chờ.")
    page.get_by_label("Số điện thoại").fill("không có")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Chọn một loại nội dung.")).to_be_visible()
    expect(page.get_by_text("Số điện thoại cần từ 8 đến 15 chữ số.")).to_be_visible()
    expect(page.get_by_label("Sự việc và đề nghị")).to_have_value("Đề nghị bố trí thêm ghế ngồi chờ.")
    expect(page.get_by_label("Số điện thoại")).to_have_value("không có")
    page.get_by_label("Nội dung khác").check()
    page.get_by_label("Số điện thoại").fill("0912348765")
    page.get_by_label("Họ và tên").fill("Vi Thị Chờ")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa nêu cơ quan được phản ánh.")
    page.get_by_label("Cơ quan").select_option(label="UBND phường Việt Trì")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PA-261120-0001")


def test_a_citizen_needs_no_mouse(page: Page, given: Given) -> None:
    code = given.given_back()
    page.goto("/public")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hồ sơ {code}")
    page.get_by_label("4 ký tự cuối").focus()
    page.keyboard.type("8765")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Đánh giá: Trả kết quả").press("Enter")
    page.get_by_label("5 Rất hài lòng").press("Space")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.get_by_role("button", name="Gửi đánh giá").evaluate("it => it === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cảm ơn ông (bà) đã đánh giá")).to_be_visible()


def test_forms_from_elsewhere_are_refused(site: Site, given: Given) -> None:
    code = given.registered()
    for path, fields in (
        (f"/public/{code}/proof", {"last4": "8765"}),
        ("/public/complain", {"text": "Nội dung phản ánh gửi từ trang khác."}),
        ("/public/complaints/PA-261120-0001", {"last4": "8765"}),
    ):
        answer = httpx.post(site.url + path, data=fields)
        assert answer.status_code == 403, path
        assert "Biểu mẫu đã cũ" in answer.text


def test_the_pages_speak_english_too(page: Page, given: Given) -> None:
    page.goto("/public")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look up a dossier")
    page.get_by_label("Your dossier code").fill(given.registered())
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("heading", name="Degree of completion")).to_be_visible()


def test_every_page_is_accessible_in_light_and_dark_and_on_a_phone(
    page: Page, site: Site, given: Given
) -> None:
    code, token = given.apologised()
    for path in (
        "/public",
        "/public?code=!",
        f"/public/{code}",
        f"/public/letters/{token}",
        "/public/letters/x.1.0",
        "/public/late",
        "/public/late/H44.100.03",
        "/public/complain",
        "/public/complaints",
    ):
        page.goto(path)
        require_accessible(page)
    for own in (code, given.asked_to_supplement("Bổ sung tờ khai."), given.asked_to_pay(1000), given.ready()):
        prove(page, own)
        require_accessible(page)
    page.get_by_role("link", name="Đánh giá").first.click()
    require_accessible(page)
    page.get_by_label("5 Rất hài lòng").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    require_accessible(page)
    complain(page, code)
    require_accessible(page)
    page.get_by_label("4 số cuối").fill("8765")
    page.get_by_role("button", name="Xem").click()
    require_accessible(page)


def test_the_heads_pages_are_accessible(visitors: Visit, given: Given) -> None:
    no = complain(visitors(), given.late())
    page = visitors(LEADER)
    for path in ("/oversight/voices", f"/oversight/voices/{no}", "/oversight/voices/ratings"):
        page.goto(path)
        require_accessible(page)


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Every line any logger writes, the most talkative level included."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root, keep = logging.getLogger(), Keep()
    loggers = [root, *(logging.getLogger(name) for name in ("motcua.api", "uvicorn.error", "uvicorn.access"))]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    root.addHandler(keep)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.propagate = True
    yield lines
    root.removeHandler(keep)
    for logger, level, propagate in before:
        logger.setLevel(level)
        logger.propagate = propagate


def test_a_walk_leaves_nothing_of_the_citizen_behind(
    visitors: Visit, given: Given, everything_logged: list[str]
) -> None:
    code, token = given.apologised()
    page, answers = visitors(), list[Response]()
    page.on("response", lambda answer: answers.append(answer))
    prove(page, code, "0000")
    titles = [page.title()]
    prove(page, code)
    titles.append(page.title())
    own = page.content()
    page.get_by_role("link", name="Đánh giá").first.click()
    page.get_by_label("5 Rất hài lòng").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    titles.append(page.title())
    page.goto(f"/public/letters/{token}")
    page.goto("/public/late")
    no = complain(page, code)
    page.get_by_label("4 số cuối").fill("8765")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("heading", name="Trao đổi")).to_be_visible()
    titles.append(page.title())
    assert_tells_nobody(own)
    for answer in answers:
        if "/static/" in answer.url:
            continue
        assert answer.headers["cache-control"] == "no-store", answer.url
        assert answer.headers["referrer-policy"] == "no-referrer", answer.url
        assert_tells_nobody(answer.url + str(answer.headers))
        assert "referer" not in answer.request.headers, answer.url
    assert_tells_nobody("\n".join(titles))
    assert_tells_nobody(str(page.context.cookies()))
    logged = "\n".join(everything_logged)
    assert "POST /public/{code}/proof 200" in logged
    assert_tells_nobody(logged)
    for secret in (code, token, no):
        assert secret not in logged, secret
