"""The apology letter: what it says, on one page or several, and what it refuses to say."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.core.errors import BadInput, NotFound
from sla.letters.apology import ApologyLetter
from sla.letters.parts import Capacity, DigitalSignature, Letterhead, Signatory, Whom

Make = Callable[..., ApologyLetter]
TextOf = Callable[[ApologyLetter], str]
PagesOf = Callable[[ApologyLetter], list[str]]

SIGNED = DigitalSignature("Trần Thị Bích Hường", datetime(2026, 11, 19, 3, 5, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    "printed",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ",
        "Số: 05/PXL",
        "Hà Nội, ngày 19 tháng 11 năm 2026",
        "PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "Kính gửi: Ông Nguyễn Hữu Thưởng",
        "Ngày 02 tháng 11 năm 2026, Phòng Kinh tế, Hạ tầng và Đô thị tiếp nhận giải quyết hồ sơ đề nghị giải "
        "quyết thủ tục hành chính Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở "
        "riêng lẻ của Ông/Bà/Tổ chức; số định danh: 001085012345; mã số hồ sơ: H26.001.015-261102-0012.",
        "Thời gian hẹn trả kết quả giải quyết hồ sơ: 14 giờ 30 phút, ngày 20 tháng 11 năm 2026.",
        "Tuy nhiên đến nay, Phòng Kinh tế, Hạ tầng và Đô thị chưa trả kết quả giải quyết hồ sơ của "
        "Ông/Bà/Tổ chức đúng thời hạn quy định ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
        "Lý do: Hồ sơ phải lấy ý kiến của Sở Quy hoạch - Kiến trúc về chiều cao công trình; đến ngày "
        "18/11/2026 cơ quan phối hợp chưa có văn bản trả lời.",
        "Phòng Kinh tế, Hạ tầng và Đô thị xin trân trọng gửi lời xin lỗi đến Ông (Bà)/Tổ chức vì sự chậm trễ "
        "trong quá trình giải quyết hồ sơ có thể gây phiền hà, tốn kém về chi phí, công sức của "
        "Ông (Bà)/Tổ chức.",
        "Phòng Kinh tế, Hạ tầng và Đô thị xin lỗi Ông/Bà/Tổ chức và sẽ trả kết quả giải quyết hồ sơ cho "
        "Ông/Bà/Tổ chức vào ngày 27 tháng 11 năm 2026.",
        "Mong nhận được sự thông cảm của Ông/Bà/Tổ chức vì sự chậm trễ này./.",
        "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ (Ký và ghi rõ họ tên) Trần Thị Bích Hường",
        "Quét mã để xác thực",
    ],
)
def test_the_letter_says_what_the_form_prints_with_the_fields_filled(
    letter: Make, text_of: TextOf, printed: str
) -> None:
    assert printed in text_of(letter(whom=Whom.ANYONE))


def test_fields_given_in_decomposed_letters_come_out_composed(letter: Make, text_of: TextOf) -> None:
    decomposed = unicodedata.normalize("NFD", "Bà Nguyễn Thị Hồng Thưởng")
    assert "Kính gửi: Bà Nguyễn Thị Hồng Thưởng" in text_of(letter(addressee=decomposed))


@pytest.mark.parametrize(
    ("whom", "in_the_apology", "elsewhere"),
    [
        (Whom.ANYONE, "đến Ông (Bà)/Tổ chức vì", "thông cảm của Ông/Bà/Tổ chức vì"),
        (Whom.MAN, "đến Ông vì", "thông cảm của Ông vì"),
        (Whom.WOMAN, "đến Bà vì", "thông cảm của Bà vì"),
        (Whom.PERSON, "đến Ông (Bà) vì", "thông cảm của Ông/Bà vì"),
        (Whom.ORGANISATION, "đến Tổ chức vì", "thông cảm của Tổ chức vì"),
    ],
)
def test_the_applicant_is_addressed_the_same_way_throughout(
    letter: Make, text_of: TextOf, whom: Whom, in_the_apology: str, elsewhere: str
) -> None:
    text = text_of(letter(whom=whom))
    assert in_the_apology in text
    assert elsewhere in text


def test_times_are_printed_on_the_wall_clock_of_the_calendar(letter: Make, text_of: TextOf) -> None:
    late = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)
    text = text_of(letter(promised_at=late, new_promise_at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC)))
    assert "01 giờ 05 phút, ngày 21 tháng 11 năm 2026" in text
    assert "vào ngày 01 tháng 01 năm 2027." in text
    assert "18 giờ 05 phút, ngày 20 tháng 11" in text_of(letter(promised_at=late, offset_minutes=0))


@pytest.mark.parametrize(
    ("letterhead", "overseer", "follows_up"),
    [
        (
            Letterhead(agency="Phòng Tư pháp", place="Huế", superior="Ủy ban nhân dân phường Thuận Hóa"),
            None,
            "Ủy ban nhân dân phường Thuận Hóa",
        ),
        (
            Letterhead(agency="Phòng Tư pháp", place="Huế"),
            "Văn phòng Ủy ban nhân dân thành phố Huế",
            "Văn phòng Ủy ban nhân dân thành phố Huế",
        ),
        (Letterhead(agency="Sở Xây dựng", place="Huế"), None, "cơ quan cấp trên trực tiếp"),
    ],
)
def test_when_no_second_date_is_allowed_the_letter_promises_the_earliest_and_names_who_follows_up(
    letter: Make, text_of: TextOf, letterhead: Letterhead, overseer: str | None, follows_up: str
) -> None:
    text = text_of(letter(new_promise_at=None, letterhead=letterhead, overseer=overseer))
    assert (
        "trong thời gian sớm nhất. Do việc hẹn lại ngày trả kết quả chỉ được thực hiện một lần, "
        f"{follows_up} theo dõi, đôn đốc việc giải quyết hồ sơ này cho đến khi có kết quả."
    ) in text
    assert "vào ngày" not in text


@pytest.mark.parametrize(
    ("signatory", "printed"),
    [
        (Signatory("Lê Văn Đạt"), "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ (Ký"),
        (Signatory("Lê Văn Đạt", head_title="Giám đốc"), " GIÁM ĐỐC (Ký"),
        (Signatory("Lê Văn Đạt", Capacity.ACTING, head_title="Giám đốc"), "Q. GIÁM ĐỐC (Ký"),
        (Signatory("Lê Văn Đạt", Capacity.DEPUTY, head_title="Chủ tịch"), "KT. CHỦ TỊCH PHÓ CHỦ TỊCH (Ký"),
        (
            Signatory(
                "Lê Văn Đạt", Capacity.DEPUTY, head_title="Giám đốc", own_title="Phó Giám đốc Thường trực"
            ),
            "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC THƯỜNG TRỰC (Ký",
        ),
        (
            Signatory(
                "Lê Văn Đạt", Capacity.FOR_HEAD, head_title="Chủ tịch", own_title="Trưởng phòng Tư pháp"
            ),
            "TL. CHỦ TỊCH TRƯỞNG PHÒNG TƯ PHÁP (Ký",
        ),
    ],
)
def test_the_signature_block_says_in_what_capacity_somebody_signs(
    letter: Make, text_of: TextOf, signatory: Signatory, printed: str
) -> None:
    text = text_of(letter(signatory=signatory))
    assert printed in text
    assert "Lê Văn Đạt" in text


def test_a_digitally_signed_letter_shows_who_signed_and_when_instead_of_the_place_to_sign(
    letter: Make, text_of: TextOf
) -> None:
    text = text_of(letter(signature=SIGNED))
    assert "Người ký: Trần Thị Bích Hường Thời gian ký: 19/11/2026 10:05:09 +07:00" in text
    assert "Ký và ghi rõ họ tên" not in text


def test_only_a_draft_carries_the_watermark_on_every_page(
    letter: Make, long_letter: ApologyLetter, pages_of: PagesOf
) -> None:
    assert "DỰ THẢO" not in pages_of(letter())[0]
    draft = letter(draft=True, number=None, reason=long_letter.reason, procedure=long_letter.procedure)
    pages = pages_of(draft)
    assert len(pages) > 1
    assert all("DỰ THẢO" in page for page in pages)
    assert "Số: …/PXL" in pages[0]


def test_an_unknown_applicant_number_is_left_as_dots(letter: Make, text_of: TextOf) -> None:
    assert "số định danh: …; mã số hồ sơ:" in text_of(letter(applicant_id=None))


def test_a_letter_before_the_2025_circular_carries_the_title_of_its_time(
    letter: Make, text_of: TextOf
) -> None:
    old = letter(issued_on=date(2025, 6, 2))
    assert old.form.circular.name == "01/2018/TT-VPCP"
    assert "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ Kính gửi:" in text_of(old)


def test_a_long_letter_flows_on_with_page_numbers_and_keeps_its_end_together(
    long_letter: ApologyLetter, pages_of: PagesOf
) -> None:
    pages = pages_of(long_letter)
    assert len(pages) in (2, 3)
    assert not pages[0].startswith("1 ")
    for number, page in enumerate(pages[1:], start=2):
        assert page.startswith(f"{number} ")
    for kept in ("vào ngày 27 tháng 11 năm 2026.", "sự chậm trễ này./.", "GIÁM ĐỐC CHI NHÁNH", "Vĩnh Thụy"):
        assert kept in pages[-1]
    assert " ".join(pages).count("Việc xác minh nguồn gốc") == 5


HOSTILE = [
    '#import "x.typ": *',
    "#panic()",
    "$x^2$ \\alpha \\",
    "\"nháy\" 'đơn' `mã`",
    "<script>alert(1)</script>",
    "*đậm* _nghiêng_ = đề mục",
    "@nhãn <nhãn> [khối] {khối}",
    "// chú thích /* và */",
    "a -- b --- c ... d ~ e",
    "{{ x }} ${y} %(z)s",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_field_is_printed_as_it_stands(letter: Make, text_of: TextOf, hostile: str) -> None:
    text = text_of(letter(procedure=hostile, reason=hostile, addressee=hostile))
    assert f"thủ tục hành chính {hostile} của Ông;" in text
    assert f"Lý do: {hostile} Phòng Kinh tế" in text
    assert f"Kính gửi: {hostile} Ngày" in text


def test_direction_marks_and_controls_are_dropped(letter: Make, text_of: TextOf) -> None:
    text = text_of(letter(addressee="Ông An\u202egnùH\u202c \x00\x07Bình\u200f"))
    assert "Kính gửi: Ông AngnùH Bình Ngày" in text


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1, max_size=80), reason=st.text(min_size=1, max_size=400))
def test_any_text_in_any_field_gives_a_letter_or_an_error_a_clerk_can_mend(
    letter: Make, text: str, reason: str
) -> None:
    try:
        made = letter(
            letterhead=Letterhead(agency=text, place=text, superior=text),
            addressee=text,
            applicant_id=text,
            procedure=text,
            dossier_code=text,
            reason=reason,
            signatory=Signatory(text, Capacity.DEPUTY, head_title=text, own_title=text),
            signature=DigitalSignature(text, SIGNED.signed_at),
        )
    except BadInput as refused:
        assert refused.code == "letter_field_empty"
    else:
        assert made.pdf().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"addressee": " "}, "letter_field_empty", "addressee"),
        ({"procedure": "\u200b"}, "letter_field_empty", "procedure"),
        ({"dossier_code": ""}, "letter_field_empty", "dossier_code"),
        ({"reason": "\n \n"}, "letter_field_empty", "reason"),
        ({"letterhead": Letterhead(agency="", place="Huế")}, "letter_field_empty", "letterhead.agency"),
        ({"letterhead": Letterhead(agency="Sở", place="")}, "letter_field_empty", "letterhead.place"),
        ({"signatory": Signatory("")}, "letter_field_empty", "signatory.name"),
        (
            {"signatory": Signatory("An", Capacity.FOR_HEAD)},
            "signatory_title_missing",
            "signatory.own_title",
        ),
        ({"received_at": datetime(2026, 11, 2)}, "datetime_naive", "received_at"),
        ({"promised_at": datetime(2026, 11, 2)}, "datetime_naive", "promised_at"),
        ({"new_promise_at": datetime(2026, 12, 2)}, "datetime_naive", "new_promise_at"),
        (
            {"signature": DigitalSignature("An", datetime(2026, 11, 2))},
            "datetime_naive",
            "signature.signed_at",
        ),
        (
            {"new_promise_at": datetime(2026, 11, 20, 7, 30, tzinfo=UTC)},
            "letter_new_promise_not_later",
            "new_promise_at",
        ),
        ({"draft": True, "signature": SIGNED}, "letter_draft_signed", "draft"),
        ({"number": 0}, "letter_number_invalid", "number"),
        ({"offset_minutes": 2000}, "utc_offset_out_of_range", "offset_minutes"),
        ({"verification_link": ""}, "verification_link_unusable", "verification_link"),
        ({"verification_link": "https://a b"}, "verification_link_unusable", "verification_link"),
        ({"verification_link": "https://a/\ud800"}, "verification_link_unusable", "verification_link"),
        ({"verification_link": "x" * 214}, "verification_link_too_long", "verification_link"),
        ({"verification_link": "x" * 9000}, "verification_link_too_long", "verification_link"),
    ],
)
def test_what_cannot_be_printed_is_refused_when_the_letter_is_made(
    letter: Make, changes: dict[str, Any], code: str, where: str
) -> None:
    with pytest.raises(BadInput) as caught:
        letter(**changes)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_a_date_before_any_known_form_is_refused(letter: Make) -> None:
    with pytest.raises(NotFound):
        letter(issued_on=date(2018, 1, 1))
