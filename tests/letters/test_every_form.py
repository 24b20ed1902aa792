"""What holds for every standard form: paper, archiving, font, QR code, margins, the number of the form."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from dossiers.core.errors import BadInput, NotFound
from sla.letters.document import Document
from sla.letters.parts import DigitalSignature, Letterhead, Party, Signatory
from tests.letters.samples import (
    DESK,
    EMPTY,
    FILLED,
    LINK,
    control_slip,
    empty_receipt,
    entry,
    pages,
    pictures,
    receipt,
    refusal,
    register_book,
    stop_notice,
    supplement,
    words,
)

Make = Callable[..., Document]
SIGNED = DigitalSignature("Lê Thị Lê", datetime(2026, 11, 19, 3, 5, 9, tzinfo=UTC))
ALL = [
    *(pytest.param(make, id=name) for name, make in FILLED.items()),
    *(pytest.param(make, id=f"{name}-empty") for name, make in EMPTY.items()),
]
ONE_OF_EACH = [pytest.param(name, make, id=name) for name, make in FILLED.items()]


def reader(document: Document) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document.pdf()))


def fonts_below(node: Any, seen: set[int]) -> Iterator[str]:
    """The names of the fonts below a PDF object."""
    node = node.get_object()
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, dict):
        if node.get("/Type") == "/Font":
            yield str(node["/BaseFont"]).split("+")[-1]
        for key, value in node.items():
            if key not in ("/Parent", "/P"):
                yield from fonts_below(value, seen)
    elif isinstance(node, list):
        for value in node:
            yield from fonts_below(value, seen)


@pytest.mark.parametrize(("name", "make"), ONE_OF_EACH)
def test_the_paper_is_a5_and_the_book_a4_lengthwise(name: str, make: Make) -> None:
    millimetres = {
        tuple(round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height))
        for page in reader(make()).pages
    }
    assert millimetres == {(297, 210) if name == "register" else (148, 210)}


@pytest.mark.parametrize("make", ALL)
def test_a_form_is_for_archiving_and_reading_aloud_with_title_and_language(make: Make) -> None:
    document = make()
    read = reader(document)
    assert read.metadata is not None
    assert read.metadata.title == document.form.title
    assert read.metadata.author == DESK.agency
    assert str(read.root_object["/Lang"]).startswith("vi")
    assert read.xmp_metadata is not None
    xmp = read.xmp_metadata.stream.get_data().decode()
    for marker in ("<pdfaid:part>2<", "<pdfaid:conformance>B<", "<pdfuaid:part>1<"):
        assert marker in xmp


@pytest.mark.parametrize("make", ALL)
def test_a_form_embeds_the_letter_font_and_no_other(make: Make) -> None:
    names = {name for page in reader(make()).pages for name in fonts_below(page, set())}
    assert {name.split("-")[0] for name in names} == {"TeXGyreTermes"}


@pytest.mark.parametrize("make", ALL)
def test_the_same_form_gives_the_same_bytes(make: Make) -> None:
    assert make().pdf() == make().pdf()


@pytest.mark.parametrize("make", ALL)
def test_the_qr_code_reads_back_as_the_link_and_is_there_once(make: Make) -> None:
    document = make()
    found = [code.text for page in pictures(document, 150) for code in zxingcpp.read_barcodes(page)]
    assert found == ([LINK] if document.verification_link else [])


@pytest.mark.parametrize("make", [make for name, make in FILLED.items() if name != "register"])
@pytest.mark.parametrize("link", ["https://x.gov.vn/" + "a" * 180, "https://hộ-tịch.vn/đ"])
def test_the_longest_link_still_reads_back(make: Make, link: str) -> None:
    page = pictures(make(verification_link=link), 200)[0]
    assert [code.text for code in zxingcpp.read_barcodes(page)] == [link]


def test_a_form_without_a_link_has_no_qr_code_and_does_not_ask_to_scan_one() -> None:
    for make in FILLED.values():
        document = make(verification_link=None)
        assert "Quét mã" not in words(document)
        assert not zxingcpp.read_barcodes(pictures(document, 100)[0])


@pytest.mark.parametrize(
    ("name", "on", "number", "paper"),
    [
        ("receipt", date(2025, 6, 2), "Mẫu số 01", "Số: …"),
        ("receipt", date(2026, 6, 2), "Mẫu số 01", "Số: …/…-TTPVHCC"),
        ("supplement", date(2026, 6, 2), "Mẫu số 02", "Số: …/PBS-TTPVHCC"),
        ("refusal", date(2026, 6, 2), "Mẫu số 03", "Số: …/PTC-TTPVHCC"),
        ("stop_notice", date(2026, 6, 2), "Mẫu số 05", "Số: …"),
        ("control_slip", date(2025, 6, 2), "Mẫu số 05", "Số: …"),
        ("control_slip", date(2026, 6, 2), "Mẫu số 06", "Số: …/PKS-TTPVHCC"),
        ("register", date(2025, 6, 2), "Mẫu số 06", "Số: …"),
        ("register", date(2026, 6, 2), "Mẫu số 07", "Số: …/STD-TTPVHCC"),
    ],
)
def test_the_number_of_the_form_is_the_one_in_force_on_its_date(
    name: str, on: date, number: str, paper: str
) -> None:
    text = words(FILLED[name](issued_on=on, number=None))
    assert text.startswith(f"{number} ")
    assert f"{paper} " in text


def test_there_was_no_stop_notice_before_the_2025_circular() -> None:
    with pytest.raises(NotFound) as caught:
        stop_notice(issued_on=date(2025, 6, 2))
    assert caught.value.code == "form_not_in_force"


def test_a_sector_s_own_form_takes_the_place_of_the_number() -> None:
    document = receipt(own_form="CT04")
    assert document.form_number == "CT04"
    assert words(document).startswith("Mẫu CT04 ")


def test_a_one_stop_section_numbers_its_documents_as_such() -> None:
    section = Letterhead(
        superior="UBND xã Hy Cương", agency="Bộ phận Tiếp nhận và Trả kết quả", place="Hy Cương"
    )
    text = words(supplement(letterhead=section))
    assert "Số: 07/PBS-BPTNTKQ" in text
    assert "UBND XÃ HY CƯƠNG BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ" in text
    assert "Hy Cương, ngày 19 tháng 11 năm 2026" in text


@pytest.mark.parametrize("make", [receipt, supplement, refusal, stop_notice])
def test_a_digital_signature_is_shown_instead_of_the_official_s_place_to_sign(make: Make) -> None:
    text = words(make(signature=SIGNED))
    assert "Người ký: Lê Thị Lê Thời gian ký: 19/11/2026 10:05:09 +07:00" in text
    assert text.count("(Ký và ghi rõ họ tên)") == (1 if make in (receipt, refusal) else 0)


def test_a_draft_says_so() -> None:
    for make in FILLED.values():
        assert "DỰ THẢO" in words(make(draft=True))


def side_margins_are_white(page: Image.Image, ppi: float) -> bool:
    left, right = round(13 / 25.4 * ppi), page.width - round(8 / 25.4 * ppi)
    sides = [page.crop((0, 0, left, page.height)), page.crop((right, 0, page.width, page.height))]
    bottom = page.crop((0, page.height - round(9 / 25.4 * ppi), page.width, page.height))
    return all(ImageChops.invert(strip).getbbox() is None for strip in [*sides, bottom])


FILLERS = ["W" * 300, "Ẫ" * 300, "Nghiêng " * 40, "A" * 13 + " W" * 100]


def crowded(filler: str) -> list[Document]:
    """Every form with the filler wherever text from outside may stand."""
    who = Party(filler, filler[:20], filler, filler[:20], filler[:120])
    head: dict[str, Any] = {"letterhead": Letterhead(agency=filler, place=filler[:60], superior=filler)}
    common = head | {"procedure": filler, "dossier_code": filler[:47]}
    name = filler[:120]
    handover = control_slip().handovers[0]
    return [
        receipt(submitter=who, authoriser=who, papers=(filler,) * 3, limit=filler[:40], collect_at=filler,
                book=filler[:20], place_in_book=filler[:20], signed_by=name, receptionist=name, **common),
        supplement(applicant=who, items=(filler,) * 3, reason=filler, contact=filler, contact_phone=name,
                   guide=name, **common),
        refusal(applicant=who, reason=filler, signed_by=name, receptionist=name, **common),
        stop_notice(addressee=filler, applicant_id=name, reason=filler, returned=(filler,) * 2, refund=filler,
                    signatory=Signatory(name, head_title=name), **common),
        control_slip(agency=filler, coordinating=(filler, filler), dossier_code=filler[:47], handovers=(
            type(handover)(giver=filler, receiver=filler, given_at=handover.given_at, given_by=name,
                           received_by=name, verdict="Quá hạn", note=filler),) * 2, **head),
        register_book(entries=(entry(99999, dossier_code=filler[:47], procedure=filler, applicant=filler,
                                     address_or_phone=filler, agency=filler, return_method=name),) * 2,
                      field=filler, signatory=Signatory(name), **head),
    ]  # fmt: skip


@pytest.mark.parametrize("filler", FILLERS)
def test_nothing_runs_into_the_margins_however_long_a_field_or_a_word_is(filler: str) -> None:
    for document in crowded(filler):
        for page in pictures(document, 60):
            assert side_margins_are_white(page, 60), document.template


@pytest.mark.parametrize(
    "hostile", ['#import "x.typ": *', "*đậm* _x_ = @y <z>", "$x$ #panic() // \\", "- 1. + /"]
)
def test_markup_in_a_field_is_printed_as_it_stands(hostile: str) -> None:
    for make in (receipt, supplement, refusal, stop_notice):
        assert hostile in words(make(procedure=hostile))
    assert hostile in words(control_slip(agency=hostile))
    assert hostile in words(register_book(1, field=hostile))


@settings(max_examples=25)
@given(text=st.text(min_size=1, max_size=80))
def test_any_text_gives_a_form_or_an_error_a_clerk_can_mend(text: str) -> None:
    try:
        documents = [empty_receipt(submitter=Party(text, text, text, text, text), procedure=text)]
        documents.append(receipt(papers=(text, text), collect_at=text))
    except BadInput as refused:
        assert refused.code == "letter_field_empty"
    else:
        assert all(document.pdf().startswith(b"%PDF-") for document in documents)


@pytest.mark.parametrize(
    ("make", "changes", "where"),
    [
        (receipt, {"dossier_code": " "}, "dossier_code"),
        (receipt, {"procedure": ""}, "procedure"),
        (receipt, {"submitter": Party("")}, "submitter.name"),
        (receipt, {"authoriser": Party("\x00")}, "authoriser.name"),
        (supplement, {"applicant": Party("")}, "applicant.name"),
        (refusal, {"procedure": ""}, "procedure"),
        (stop_notice, {"addressee": ""}, "addressee"),
        (control_slip, {"agency": ""}, "agency"),
        (register_book, {"letterhead": Letterhead(agency="", place="Huế")}, "letterhead.agency"),
    ],
)
def test_what_a_form_cannot_be_without_is_named(make: Make, changes: dict[str, Any], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        make(**changes)
    assert (caught.value.code, caught.value.where) == ("letter_field_empty", where)


def test_number_and_time_are_checked_in_every_form() -> None:
    for make in FILLED.values():
        with pytest.raises(BadInput) as caught:
            make(number=0)
        assert caught.value.code == "letter_number_invalid"
        with pytest.raises(BadInput) as caught:
            make(draft=True, signature=SIGNED)
        assert caught.value.code == "letter_draft_signed"
    with pytest.raises(BadInput) as caught:
        receipt(promised_at=datetime(2026, 11, 20))
    assert (caught.value.code, caught.value.where) == ("datetime_naive", "promised_at")


def test_many_papers_flow_over_and_the_signatures_keep_what_was_agreed_with_them() -> None:
    papers = tuple(
        f"Giấy tờ thứ {number} chứng minh quyền sử dụng đất, tài sản gắn liền với đất"
        for number in range(1, 31)
    )
    read = pages(receipt(papers=papers))
    assert len(read) in (2, 3)
    assert all(f"{number}. Giấy tờ thứ {number} " in " ".join(read) for number in range(1, 31))
    assert read[1].startswith("2 ")
    assert "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ" in read[-1]
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in read[-1]
