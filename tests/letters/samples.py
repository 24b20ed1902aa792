"""Every standard form, filled in and left empty, changed as a test needs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pypdf
from PIL import Image

from sla.letters.control_slip import ControlSlip, Handover
from sla.letters.document import Document
from sla.letters.parts import Letterhead, Party, Signatory, Whom
from sla.letters.receipt import Receipt
from sla.letters.refusal import Refusal
from sla.letters.register import Entry, RegisterBook
from sla.letters.stop_notice import StopNotice
from sla.letters.supplement import SupplementRequest

CODE = "H44.101.01-261119-0012"
LINK = "https://motcua.example.gov.vn/api/v1/public/forms/H44.101.01-261119-0012.receipt.7a4d5e6f70819203"
DESK = Letterhead(
    superior="Ủy ban nhân dân phường Việt Trì",
    agency="Trung tâm Phục vụ hành chính công phường Việt Trì",
    place="Việt Trì",
)
PROCEDURE = "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ"
APPLICANT = Party(
    "Nguyễn Hữu Thưởng",
    "025085012345",
    "Số 9, ngõ 12, đường Hùng Vương, phường Việt Trì, tỉnh Phú Thọ",
    "0912 345 678",
    "thuong@example.vn",
)
PROXY = Party("Trần Thị Thay", "025190054321", "Khu 3, phường Nông Trang", "0987 654 321", "thay@example.vn")


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A Vietnamese wall clock time in 2026."""
    return datetime(2026, month, day, hour - 7, minute, tzinfo=UTC)


def _common(**changes: Any) -> dict[str, Any]:
    return {"letterhead": DESK, "issued_on": date(2026, 11, 19), "verification_link": LINK} | changes


def receipt(**changes: Any) -> Receipt:
    """Form 01 with every field filled."""
    fields = _common(
        number=45,
        dossier_code=CODE,
        submitter=PROXY,
        authoriser=APPLICANT,
        authority="Hợp đồng ủy quyền số 12",
        procedure=PROCEDURE,
        papers=(
            "Đơn đề nghị cấp giấy phép xây dựng (01 bản chính)",
            "Giấy tờ chứng minh quyền sử dụng đất (01 bản sao)",
            "Bản vẽ thiết kế xây dựng (02 bản chính)",
        ),
        sets=1,
        limit="10 ngày làm việc",
        received_at=at(19, 8, 15),
        promised_at=at(3, 17, month=12),
        collect_at="Nhà riêng, qua bưu chính",
        book="02",
        place_in_book="118",
        signed_by="Trần Thị Thay",
        receptionist="Lê Thị Lê",
    )
    return Receipt(**(fields | changes))


def plain_receipt(**changes: Any) -> Receipt:
    """Form 01 as most are: handed in by the applicant, with what is usually not known left to be written."""
    own = {"submitter": APPLICANT, "authoriser": None, "authority": None, "number": None, "sets": None}
    rest = {"collect_at": None, "book": None, "place_in_book": None, "signed_by": APPLICANT.name}
    return receipt(**(own | rest | changes))


def empty_receipt(**changes: Any) -> Receipt:
    """Form 01 with nothing but what must be known."""
    own = {"dossier_code": CODE, "submitter": Party("Nguyễn Hữu Thưởng"), "procedure": PROCEDURE}
    return Receipt(**_common(received_at=at(19, 8, 15), **(own | changes)))


def supplement(**changes: Any) -> SupplementRequest:
    """Form 02 with every field filled."""
    fields = _common(
        number=7,
        dossier_code=CODE,
        applicant=APPLICANT,
        procedure=PROCEDURE,
        items=(
            "Bản vẽ mặt bằng có xác nhận của đơn vị thiết kế",
            "Cam kết bảo đảm an toàn công trình liền kề",
        ),
        reason="Bản vẽ đã nộp chưa có chữ ký của chủ trì thiết kế.",
        contact="Phòng Kinh tế, Hạ tầng và Đô thị",
        contact_phone="0210 3846 123",
        guide="Lê Thị Lê",
    )
    return SupplementRequest(**(fields | changes))


def refusal(**changes: Any) -> Refusal:
    """Form 03 with every field filled."""
    fields = _common(
        number=3,
        dossier_code=CODE,
        applicant=APPLICANT,
        procedure=PROCEDURE,
        reason="Thửa đất không thuộc địa giới hành chính của phường; hồ sơ thuộc UBND xã Hy Cương.",
        signed_by="Nguyễn Hữu Thưởng",
        receptionist="Lê Thị Lê",
    )
    return Refusal(**(fields | changes))


def stop_notice(**changes: Any) -> StopNotice:
    """Form 05 with every field filled."""
    fields = _common(
        number=2,
        addressee="Ông/Bà Nguyễn Hữu Thưởng",
        whom=Whom.PERSON,
        applicant_id="025085012345",
        dossier_code=CODE,
        procedure=PROCEDURE,
        received_at=at(3, 8),
        stopped_at=at(19, 9, 30),
        asked_on=date(2026, 11, 18),
        reason="Gia đình thay đổi phương án xây dựng.",
        returned=("Đơn đề nghị cấp giấy phép xây dựng", "Bản vẽ thiết kế xây dựng"),
        refund="75.000 đồng",
        signatory=Signatory("Phạm Văn Đức", head_title="Giám đốc"),
    )
    return StopNotice(**(fields | changes))


HANDOVERS = (
    Handover(
        giver="Trung tâm Phục vụ hành chính công phường Việt Trì",
        receiver="Phòng Kinh tế phường Việt Trì",
        given_at=at(3, 9),
        received_at=at(3, 9, 30),
        given_by="Lê Thị Lê",
        received_by="Nguyễn Văn An",
        verdict="Trước hạn",
    ),
    Handover(
        giver="Phòng Kinh tế phường Việt Trì",
        receiver="Ủy ban nhân dân phường Việt Trì",
        given_at=at(10, 9),
        received_at=at(10, 9),
        given_by="Nguyễn Văn An",
        received_by="Đỗ Chủ",
        verdict="Quá hạn",
        note="Trả lại: thiếu ý kiến Sở Xây dựng",
    ),
    Handover(
        giver="Ủy ban nhân dân phường Việt Trì",
        receiver="Trung tâm Phục vụ hành chính công phường Việt Trì",
        given_at=at(17, 9),
        given_by="Đỗ Chủ",
    ),
)


def control_slip(**changes: Any) -> ControlSlip:
    """Form 06 with every field filled."""
    fields = _common(
        number=45,
        dossier_code=CODE,
        agency="Ủy ban nhân dân phường Việt Trì",
        coordinating=("Phòng Kinh tế phường Việt Trì", "Sở Xây dựng"),
        received_at=at(3, 8, 15),
        promised_at=at(17, 17),
        handovers=HANDOVERS,
    )
    return ControlSlip(**(fields | changes))


def entry(no: int = 1, **changes: Any) -> Entry:
    """A line of the book with every cell filled."""
    fields: dict[str, Any] = {
        "no": no,
        "dossier_code": f"H44.101.01-261119-{no:04d}",
        "procedure": PROCEDURE,
        "applicant": "Nguyễn Hữu Thưởng",
        "address_or_phone": "Số 9, ngõ 12, đường Hùng Vương / 0912345678",
        "agency": "Ủy ban nhân dân phường Việt Trì",
        "received_at": at(3, 8, 15),
        "promised_at": at(17, 17),
        "returned_at": at(16, 10, 5),
        "return_method": "Trực tiếp",
    }
    return Entry(**(fields | changes))


def register_book(lines: int = 30, **changes: Any) -> RegisterBook:
    """Form 07 with so many lines."""
    fields = _common(
        number=1,
        since=date(2026, 11, 1),
        until=date(2026, 11, 30),
        field="Quản lý hoạt động xây dựng",
        entries=tuple(entry(number) for number in range(1, lines + 1)),
        signatory=Signatory("Phạm Văn Đức", head_title="Giám đốc"),
    ) | {"verification_link": None}
    return RegisterBook(**(fields | changes))


FILLED: dict[str, Callable[..., Document]] = {
    "receipt": receipt,
    "supplement": supplement,
    "refusal": refusal,
    "stop_notice": stop_notice,
    "control_slip": control_slip,
    "register": register_book,
}
"""Every form but the apology, which has tests of its own."""

EMPTY: dict[str, Callable[..., Document]] = {
    "receipt": empty_receipt,
    "supplement": lambda **more: supplement(
        applicant=Party("Nguyễn Hữu Thưởng"),
        **({"items": (), "reason": "", "contact": None, "contact_phone": None, "guide": None} | more),
    ),
    "refusal": lambda **more: refusal(
        applicant=Party("Nguyễn Hữu Thưởng"),
        **({"reason": "", "signed_by": None, "receptionist": None} | more),
    ),
    "stop_notice": lambda **more: stop_notice(
        **({"reason": "", "returned": (), "refund": None, "applicant_id": "", "signatory": None} | more)
    ),
    "control_slip": lambda **more: control_slip(
        **({"coordinating": (), "received_at": None, "promised_at": None, "handovers": ()} | more)
    ),
    "register": lambda **more: register_book(0, **({"signatory": None, "field": None} | more)),
}
"""The same forms with what need not be known left out."""


def pages(document: Document) -> list[str]:
    """The text of each page of the PDF, every run of white space one space."""
    reader = pypdf.PdfReader(io.BytesIO(document.pdf()))
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in reader.pages]


def words(document: Document) -> str:
    """The text of the PDF."""
    return " ".join(pages(document))


def pictures(document: Document, ppi: float) -> list[Image.Image]:
    """The pages in grey."""
    return [Image.open(io.BytesIO(page)).convert("L") for page in document.png(ppi=ppi)]
