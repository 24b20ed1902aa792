"""One apology with every field filled, changed as a test needs."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest

from sla.letters.apology import ApologyLetter
from sla.letters.parts import Letterhead, Signatory, Whom


def _letter(**changes: Any) -> ApologyLetter:
    fields: dict[str, Any] = {
        "letterhead": Letterhead(
            superior="Ủy ban nhân dân phường Ba Đình",
            agency="Phòng Kinh tế, Hạ tầng và Đô thị",
            place="Hà Nội",
        ),
        "number": 5,
        "issued_on": date(2026, 11, 19),
        "addressee": "Ông Nguyễn Hữu Thưởng",
        "whom": Whom.MAN,
        "applicant_id": "001085012345",
        "procedure": "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
        "dossier_code": "H26.001.015-261102-0012",
        "received_at": datetime(2026, 11, 2, 1, 15, tzinfo=UTC),
        "promised_at": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
        "reason": "Hồ sơ phải lấy ý kiến của Sở Quy hoạch - Kiến trúc về chiều cao công trình; đến ngày "
        "18/11/2026 cơ quan phối hợp chưa có văn bản trả lời.",
        "new_promise_at": datetime(2026, 11, 27, 7, 30, tzinfo=UTC),
        "signatory": Signatory("Trần Thị Bích Hường"),
        "verification_link": "https://motcua.example.gov.vn/xac-thuc/7Q4M-K2XH-91TD-RWB8",
    }
    return ApologyLetter(**(fields | changes))


def _page_texts(letter: ApologyLetter) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(letter.pdf()))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def _text(letter: ApologyLetter) -> str:
    extracted = " ".join(_page_texts(letter))
    assert extracted == unicodedata.normalize("NFC", extracted)
    return extracted


@pytest.fixture(scope="session")
def letter() -> Callable[..., ApologyLetter]:
    """Make a letter, changing the fields named."""
    return _letter


@pytest.fixture(scope="session")
def pages_of() -> Callable[[ApologyLetter], list[str]]:
    """The text of each page of the PDF, every run of white space one space."""
    return _page_texts


@pytest.fixture(scope="session")
def text_of() -> Callable[[ApologyLetter], str]:
    """The text of the PDF; checked to be in NFC."""
    return _text


@pytest.fixture(scope="session")
def long_letter() -> ApologyLetter:
    """A procedure title of 300 characters, a reason of 2,000 in five paragraphs, and long names."""
    paragraph = (
        "Việc xác minh nguồn gốc sử dụng đất phải thực hiện tại nhiều thửa đất liền kề, trong đó có thửa đất "
        "đang tranh chấp ranh giới đã được Ủy ban nhân dân phường tiếp nhận đơn và tổ chức hòa giải nhưng "
        "chưa có kết quả; hồ sơ lưu trữ qua các thời kỳ không thống nhất về diện tích, hình thể thửa đất nên "
        "phải đo đạc lại, lấy ý kiến công khai trong thời hạn quy định và báo cáo cơ quan có thẩm quyền "
        "xem xét."
    )
    procedure = (
        "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu đối "
        "với tổ chức đang sử dụng đất, trong đó có tài sản thuộc sở hữu chung của nhiều chủ sở hữu, tài "
        "sản hình thành từ hợp đồng hợp tác, liên doanh theo quy định của pháp luật về đất đai, nhà ở "
        "và xây dựng"
    )
    return _letter(
        letterhead=Letterhead(
            superior="Sở Nông nghiệp và Môi trường Thành phố Hồ Chí Minh",
            agency="Chi nhánh Văn phòng Đăng ký đất đai khu vực số 12",
            place="Thành phố Hồ Chí Minh",
        ),
        addressee="Công ty Trách nhiệm hữu hạn Một thành viên Thương mại Dịch vụ Xuất nhập khẩu và Đầu tư "
        "Phát triển Hạ tầng Kỹ thuật Đô thị Nguyễn Thị Minh Khai",
        whom=Whom.ORGANISATION,
        procedure=procedure,
        reason="\n".join([paragraph] * 5),
        signatory=Signatory(
            "Nguyễn Phúc Hoàng Vĩnh Thụy Kim Ngân Phương Khanh", head_title="Giám đốc chi nhánh"
        ),
    )
