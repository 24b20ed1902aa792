"""What each form says: every field of the printed form, in its order; what is not known is a dotted line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from sla.letters.document import Document
from sla.letters.parts import Letterhead, Party, Whom
from tests.letters.samples import (
    APPLICANT,
    DESK,
    EMPTY,
    HANDOVERS,
    PROCEDURE,
    at,
    control_slip,
    entry,
    pages,
    plain_receipt,
    receipt,
    refusal,
    register_book,
    stop_notice,
    supplement,
    words,
)

DOTS = "......"
HEAD = (
    "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT TRÌ TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG VIỆT TRÌ",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
)
DATED = "Việt Trì, ngày 19 tháng 11 năm 2026"
WHERE = "Số 9, ngõ 12, đường Hùng Vương, phường Việt Trì, tỉnh Phú Thọ"

FORMS: dict[str, tuple[Callable[..., Document], tuple[str, ...]]] = {
    "01": (
        receipt,
        (
            "Mẫu số 01",
            *HEAD,
            "Số: 45/…-TTPVHCC",
            DATED,
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            "Mã hồ sơ: H44.101.01-261119-0012",
            "Trung tâm Phục vụ hành chính công phường Việt Trì",
            "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Trần Thị Thay",
            "Số định danh cá nhân/tổ chức: 025190054321",
            "Địa chỉ: Khu 3, phường Nông Trang",
            "Số điện thoại: 0987 654 321",
            "Email: thay@example.vn",
            f"Người ủy quyền: Nguyễn Hữu Thưởng; địa chỉ: {WHERE}; số định danh cá nhân: 025085012345; "
            "số điện thoại: 0912 345 678; email: thuong@example.vn; "
            "giấy tờ ủy quyền: Hợp đồng ủy quyền số 12",
            f"Nội dung yêu cầu giải quyết: {PROCEDURE}",
            "Thành phần hồ sơ nộp gồm:",
            "1. Đơn đề nghị cấp giấy phép xây dựng (01 bản chính)",
            "2. Giấy tờ chứng minh quyền sử dụng đất (01 bản sao)",
            "3. Bản vẽ thiết kế xây dựng (02 bản chính)",
            "Số lượng hồ sơ: 01 (bộ)",
            "Thời gian giải quyết hồ sơ theo quy định là: 10 ngày làm việc",
            "Thời gian nhận hồ sơ: 08 giờ 15 phút, ngày 19 tháng 11 năm 2026",
            "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 03 tháng 12 năm 2026",
            "Đăng ký nhận kết quả tại: Nhà riêng, qua bưu chính",
            "Vào Sổ theo dõi hồ sơ, Quyển số 02 Số thứ tự 118 (nếu có)",
            "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Trần Thị Thay",
            "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Lê",
        ),
    ),
    "02": (
        supplement,
        (
            "Mẫu số 02",
            *HEAD,
            "Số: 07/PBS-TTPVHCC",
            DATED,
            "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
            "Hồ sơ của: Nguyễn Hữu Thưởng",
            f"Nội dung yêu cầu giải quyết: {PROCEDURE}",
            f"Địa chỉ: {WHERE}",
            "Số điện thoại: 0912 345 678",
            "Email: thuong@example.vn",
            "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
            "1. Bản vẽ mặt bằng có xác nhận của đơn vị thiết kế",
            "2. Cam kết bảo đảm an toàn công trình liền kề",
            "Lý do: Bản vẽ đã nộp chưa có chữ ký của chủ trì thiết kế.",
            "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với Phòng Kinh tế, Hạ tầng và "
            "Đô thị số điện thoại 0210 3846 123 để được hướng dẫn./.",
            "Quét mã để xác thực H44.101.01-261119-0012",
            "NGƯỜI HƯỚNG DẪN (Ký và ghi rõ họ tên) Lê Thị Lê",
        ),
    ),
    "03": (
        refusal,
        (
            "Mẫu số 03",
            *HEAD,
            "Số: 03/PTC-TTPVHCC",
            DATED,
            "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
            "Trung tâm Phục vụ hành chính công phường Việt Trì",
            "Tiếp nhận hồ sơ của: Nguyễn Hữu Thưởng",
            "Số định danh cá nhân/tổ chức: 025085012345",
            f"Địa chỉ: {WHERE}",
            "Số điện thoại: 0912 345 678",
            "Email: thuong@example.vn",
            "Mã hồ sơ: H44.101.01-261119-0012",
            f"Nội dung yêu cầu giải quyết: {PROCEDURE}",
            "Qua xem xét, Bộ phận Tiếp nhận và Trả kết quả thông báo không tiếp nhận, giải quyết hồ sơ này "
            "với lý do cụ thể như sau:",
            "Thửa đất không thuộc địa giới hành chính của phường; hồ sơ thuộc UBND xã Hy Cương.",
            "Xin thông báo cho Ông/Bà được biết và thực hiện./.",
            "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Nguyễn Hữu Thưởng",
            "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Lê",
        ),
    ),
    "05": (
        stop_notice,
        (
            "Mẫu số 05",
            *HEAD,
            "Số: 02",
            DATED,
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
            "Kính gửi: Ông/Bà Nguyễn Hữu Thưởng",
            f"Ngày 03 tháng 11 năm 2026, {DESK.agency} tiếp nhận hồ sơ đề nghị giải quyết thủ tục hành chính "
            f"{PROCEDURE} của Ông/Bà; số định danh: 025085012345; mã số hồ sơ: H44.101.01-261119-0012.",
            "Ngày 18 tháng 11 năm 2026, Ông/Bà có đề nghị dừng giải quyết hồ sơ nêu trên.",
            "Lý do: Gia đình thay đổi phương án xây dựng.",
            f"{DESK.agency} thông báo dừng giải quyết hồ sơ nêu trên kể từ 09 giờ 30 phút, ngày 19 tháng 11 "
            "năm 2026.",
            "Giấy tờ trả lại kèm theo thông báo này gồm:",
            "1. Đơn đề nghị cấp giấy phép xây dựng",
            "2. Bản vẽ thiết kế xây dựng",
            "Phí, lệ phí hoàn trả (nếu có): 75.000 đồng",
            f"{DESK.agency} thông báo để Ông/Bà được biết./.",
            "GIÁM ĐỐC (Ký và ghi rõ họ tên) Phạm Văn Đức",
        ),
    ),
    "06": (
        control_slip,
        (
            "Mẫu số 06",
            *HEAD,
            "Số: 45/PKS-TTPVHCC",
            DATED,
            "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
            "Mã số hồ sơ: H44.101.01-261119-0012",
            "Cơ quan (bộ phận) giải quyết hồ sơ: Ủy ban nhân dân phường Việt Trì",
            "Cơ quan phối hợp giải quyết hồ sơ: Phòng Kinh tế phường Việt Trì; Sở Xây dựng",
            "Ngày nhận: 08 giờ 15 phút, ngày 03 tháng 11 năm 2026",
            "Hẹn trả kết quả vào: 17 giờ 00 phút, ngày 17 tháng 11 năm 2026",
            "Tên đơn vị Thời gian giao nhận hồ sơ Kết quả giải quyết hồ sơ",
            "(trước hạn/ đúng hạn/ quá hạn) Ghi chú",
            "Giao: 09 giờ 00 phút, ngày 03/11/2026 Nhận: 09 giờ 30 phút, ngày 03/11/2026",
            "1. Giao: Trung tâm Phục vụ hành chính công phường Việt Trì",
            "2. Nhận: Phòng Kinh tế phường Việt Trì",
            "Trước hạn",
            "Người giao Lê Thị Lê",
            "Người nhận Nguyễn Văn An",
            "09 giờ 00 phút, ngày 10/11/2026",
            "1. Giao: Phòng Kinh tế phường Việt Trì 2. Nhận: Ủy ban nhân dân phường Việt Trì",
            "Quá hạn",
            "Trả lại: thiếu ý kiến Sở Xây dựng",
            "Người giao Nguyễn Văn An",
            "Người nhận Đỗ Chủ",
            "Kết quả giải quyết hồ sơ do bên nhận nhập thông tin/ghi khi nhận bàn giao hồ sơ.",
            "Việc lưu vết được thực hiện tự động theo chức năng của Hệ thống thông tin giải quyết thủ tục "
            "hành chính và thể hiện trên mẫu phiếu điện tử.",
        ),
    ),
    "07": (
        register_book,
        (
            "Mẫu số 07",
            *HEAD,
            "Số: 01/STD-TTPVHCC",
            DATED,
            "SỔ THEO DÕI HỒ SƠ",
            "Từ ngày 01/11/2026 đến ngày 30/11/2026 – Lĩnh vực: Quản lý hoạt động xây dựng",
            "Nhận và trả kết quả",
            "STT Mã hồ sơ Tên TTHC Tên tổ chức, cá nhân Địa chỉ/SĐT Cơ quan chủ trì giải quyết",
            "Nhận hồ sơ Hẹn trả kết quả Trả kết quả Phương thức nhận kết quả Ký nhận",
            f"1 H44.101.01- 261119-0001 {PROCEDURE} Nguyễn Hữu Thưởng "
            "Số 9, ngõ 12, đường Hùng Vương / 0912345678 Ủy ban nhân dân phường Việt Trì "
            "08:15 03/11/2026 17:00 17/11/2026 10:05 16/11/2026 Trực tiếp",
            "Sổ này có 30 hồ sơ.",
            "GIÁM ĐỐC (Ký và ghi rõ họ tên) Phạm Văn Đức",
        ),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_every_field_in_the_order_of_the_printed_form(form: str) -> None:
    make, expected = FORMS[form]
    text, reached = words(make()), 0
    for printed in expected:
        assert printed in text[reached:], printed
        reached = text.index(printed, reached) + len(printed)


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        (
            "receipt",
            (
                "Số định danh cá nhân/tổ chức: ",
                "Địa chỉ: ",
                "Số điện thoại: ",
                "Email: ",
                "gồm: 1. ",
                "Số lượng hồ sơ: ",
                "theo quy định là: ",
                "trả kết quả giải quyết hồ sơ: ",
                "Đăng ký nhận kết quả tại: ",
                "Quyển số ",
                "Số thứ tự ",
            ),
        ),
        ("supplement", ("Địa chỉ: ", "sau: 1. ", "Lý do: ", "liên hệ với ", "số điện thoại ")),
        ("refusal", ("Số định danh cá nhân/tổ chức: ", "Email: ", "lý do cụ thể như sau: ")),
        ("stop_notice", ("Lý do: ", "gồm: 1. ", "hoàn trả (nếu có): ")),
        (
            "control_slip",
            ("Cơ quan phối hợp giải quyết hồ sơ: ", "Ngày nhận: ", "Hẹn trả kết quả vào: ", "1. Giao: "),
        ),
    ],
)
def test_what_is_not_known_is_a_dotted_line(form: str, labels: tuple[str, ...]) -> None:
    text = words(EMPTY[form]())
    for label in labels:
        assert label + DOTS in text, label


def test_a_receipt_handed_in_by_the_applicant_names_nobody_who_authorised() -> None:
    text = words(plain_receipt())
    assert "Tổ chức: Nguyễn Hữu Thưởng Số định danh" in text
    assert "ủy quyền" not in text
    assert "Số: …/…-TTPVHCC" in text


def test_an_authoriser_of_whom_little_is_known_leaves_room_to_write() -> None:
    text = words(receipt(authoriser=Party("Nguyễn Hữu Thưởng"), authority=None))
    assert "Người ủy quyền: Nguyễn Hữu Thưởng; địa chỉ: ……………; số định danh" in text
    assert "giấy tờ ủy quyền: ……………" in text


def test_a_provisional_appointment_is_marked_as_such() -> None:
    assert "ngày 03 tháng 12 năm 2026 (tạm tính) Đăng ký" in words(plain_receipt(provisional=True))


def test_a_desk_whose_name_does_not_say_so_is_introduced_in_the_words_of_the_form() -> None:
    desk = Letterhead(agency="Một cửa phường Việt Trì", place="Việt Trì")
    introduced = "Trung tâm Phục vụ hành chính công/Bộ phận Tiếp nhận và Trả kết quả: Một cửa phường Việt Trì"
    assert introduced in words(plain_receipt(letterhead=desk))
    assert introduced in words(refusal(letterhead=desk))


def test_reasons_of_several_paragraphs_are_kept_apart() -> None:
    assert "Lý do: Thứ nhất. Thứ hai." in words(supplement(reason="Thứ nhất.\n\nThứ hai."))
    assert "như sau: Thứ nhất. Thứ hai. Xin thông báo" in words(refusal(reason="Thứ nhất.\nThứ hai."))


def test_a_stop_by_the_office_does_not_say_that_the_applicant_asked() -> None:
    text = words(stop_notice(asked_on=None, whom=Whom.ORGANISATION, addressee="Công ty A"))
    assert "có đề nghị dừng" not in text
    assert "Kính gửi: Công ty A" in text
    assert "để Tổ chức được biết./." in text


def test_a_long_chain_of_handovers_repeats_the_head_of_the_table_and_keeps_each_whole() -> None:
    read = pages(control_slip(handovers=HANDOVERS * 4))
    assert len(read) > 2
    assert all("Tên đơn vị Thời gian giao nhận hồ sơ" in page for page in read)
    assert sum(page.count("1. Giao:") for page in read) == 12
    assert all(page.count("Người giao") == page.count("1. Giao:") for page in read)


def test_a_slip_whose_file_went_nowhere_has_three_blocks_to_fill_in() -> None:
    assert words(EMPTY["control_slip"]()).count("Người giao Người nhận") == 3


def test_hundreds_of_lines_fill_page_after_page_numbered_with_the_head_repeated() -> None:
    read = pages(register_book(600))
    assert len(read) > 30
    assert all("STT Mã hồ sơ Tên TTHC" in page for page in read)
    assert [page.split(" ", 1)[0] for page in read[1:]] == [str(number) for number in range(2, len(read) + 1)]
    text = " ".join(read)
    assert all(f" {number} H44.101.01- 261119-{number:04d} " in text for number in range(1, 601))
    assert "Sổ này có 600 hồ sơ." in read[-1]
    assert "GIÁM ĐỐC" in read[-1]


def test_what_has_not_happened_yet_is_left_empty_in_the_book() -> None:
    waiting = entry(1, promised_at=None, returned_at=None, return_method=None)
    text = words(register_book(entries=(waiting,), field=None, since=date(2026, 1, 1)))
    assert "08:15 03/11/2026 Sổ này có 1 hồ sơ." in text
    assert "Từ ngày 01/01/2026 đến ngày 30/11/2026 Nhận và trả" in text


def test_times_are_printed_on_the_wall_clock_of_the_calendar() -> None:
    late = at(19, 23, 30)
    assert "23 giờ 30 phút, ngày 19 tháng 11" in words(plain_receipt(received_at=late))
    assert "16 giờ 30 phút, ngày 19 tháng 11" in words(plain_receipt(received_at=late, offset_minutes=0))
    assert "16:30 19/11/2026" in words(register_book(entries=(entry(1, received_at=late),), offset_minutes=0))


def test_names_are_printed_composed() -> None:
    assert APPLICANT.name in words(
        plain_receipt(submitter=Party(unicodedata.normalize("NFD", APPLICANT.name)))
    )
