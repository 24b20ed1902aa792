"""The rendered letter as a file and a picture: fonts, PDF properties, QR code, threads and processes."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image, ImageChops

from sla.letters.apology import ApologyLetter
from sla.letters.parts import Capacity, DigitalSignature, Letterhead, Signatory

Make = Callable[..., ApologyLetter]

A5_POINTS = (419.53, 595.28)
PPI = 100
_SIGNED = DigitalSignature("Trần Thị Bích Hường", datetime(2026, 11, 19, 3, 5, 9, tzinfo=UTC))


def _pictures(letter: ApologyLetter, ppi: float = PPI) -> list[Image.Image]:
    return [Image.open(io.BytesIO(page)).convert("L") for page in letter.png(ppi=ppi)]


def _fonts(node: Any, seen: set[int]) -> Iterator[Any]:
    """Every font dictionary below a PDF object, in pages and in drawings inside pages."""
    node = node.get_object()
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, dict):
        if node.get("/Type") == "/Font":
            yield node
        for key, value in node.items():
            if key not in ("/Parent", "/P"):
                yield from _fonts(value, seen)
    elif isinstance(node, list):
        for value in node:
            yield from _fonts(value, seen)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"draft": True, "number": None},
        {"signature": _SIGNED},
        {"addressee": "Ông Ёлкин Αθήνα Škvorecký №5 ₫ € ≥ → 王 🙂 \u0623"},
    ],
)
def test_the_pdf_embeds_the_letter_font_and_no_other(letter: Make, changes: dict[str, Any]) -> None:
    reader = pypdf.PdfReader(io.BytesIO(letter(**changes).pdf()))
    fonts = [font for page in reader.pages for font in _fonts(page, set())]
    names = {font["/BaseFont"].split("+")[-1] for font in fonts}
    assert {name.split("-")[0] for name in names} == {"TeXGyreTermes"}
    assert {name.split("-")[1] for name in names} == {"Regular", "Bold", "Italic"}
    descriptors = [font["/FontDescriptor"] for font in fonts if "/FontDescriptor" in font]
    assert descriptors
    assert all("/FontFile3" in descriptor for descriptor in descriptors)


def test_the_pdf_is_a5_for_archiving_and_reading_aloud_with_title_and_language(letter: Make) -> None:
    reader = pypdf.PdfReader(io.BytesIO(letter().pdf()))
    assert reader.metadata is not None
    assert reader.metadata.title == "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết"
    assert reader.metadata.author == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert reader.metadata.subject == "Số: 05/PXL"
    assert str(reader.root_object["/Lang"]).startswith("vi")
    assert (float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)) == pytest.approx(
        A5_POINTS, abs=0.1
    )
    assert reader.xmp_metadata is not None
    xmp = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_the_same_letter_gives_the_same_bytes_dated_as_the_letter(letter: Make) -> None:
    first, second = letter().pdf(), letter().pdf()
    assert first == second
    metadata = pypdf.PdfReader(io.BytesIO(first)).metadata
    assert metadata is not None
    assert metadata.creation_date == metadata.modification_date == datetime(2026, 11, 18, 17, tzinfo=UTC)


def test_another_process_gives_the_same_bytes(letter: Make) -> None:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(ApologyLetter.pdf, letter()).result(timeout=120) == letter().pdf()


def test_four_threads_at_once_give_the_same_bytes_as_one(letter: Make) -> None:
    letters = [letter(number=number, addressee=f"Ông Nguyễn Văn {number}") for number in range(1, 41)]
    expected = [one.pdf() for one in letters]
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(ApologyLetter.pdf, letters)) == expected


def test_a_process_forked_after_the_first_letter_is_refused_instead_of_hanging() -> None:
    script = """
import os
from datetime import datetime, timezone
from sla.letters.rendering import to_png
data, at = {}, datetime(2026, 11, 20, tzinfo=timezone.utc)
try:
    to_png("apology.typ", data, created=at)
except Exception as error:
    assert type(error).__name__ == "TypstError", error
child = os.fork()
if child == 0:
    try:
        to_png("apology.typ", data, created=at)
    except RuntimeError as error:
        os._exit(7 if "spawn" in str(error) else 1)
    os._exit(2)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], timeout=60, check=False)
    assert done.returncode == 7


@pytest.mark.parametrize("changes", [{}, {"draft": True}, {"signature": _SIGNED}, {"new_promise_at": None}])
@pytest.mark.parametrize("ppi", [100, 150])
def test_the_qr_code_on_the_page_reads_back_as_the_verification_link(
    letter: Make, changes: dict[str, Any], ppi: int
) -> None:
    link = "https://motcua.example.gov.vn/xac-thuc?so=05/PXL&ma=7Q4M-K2XH-91TD-RWB8"
    (page,) = _pictures(letter(verification_link=link, **changes), ppi)
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [link]


@pytest.mark.parametrize("link", ["https://x.gov.vn/" + "a" * 180, "https://hộ-tịch.vn/xác-thực/đ"])
def test_the_longest_link_and_one_with_vietnamese_letters_read_back(letter: Make, link: str) -> None:
    (page,) = _pictures(letter(verification_link=link), 200)
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [link]


def test_the_qr_code_is_on_the_page_of_the_signature(long_letter: ApologyLetter) -> None:
    found = [len(zxingcpp.read_barcodes(page)) for page in _pictures(long_letter, 150)]
    assert found == [0] * (len(found) - 1) + [1]


def _side_margins_are_white(page: Image.Image) -> bool:
    left, right = round(15 / 25.4 * PPI), page.width - round(10 / 25.4 * PPI)
    sides = [page.crop((0, 0, left, page.height)), page.crop((right, 0, page.width, page.height))]
    bottom = page.crop((0, page.height - round(11 / 25.4 * PPI), page.width, page.height))
    return all(ImageChops.invert(strip).getbbox() is None for strip in [*sides, bottom])


@pytest.mark.parametrize("filler", ["W" * 300, "Ẫ" * 300, "Nghiêng " * 60, "A" * 13 + " W" * 100])
def test_nothing_runs_into_the_margins_however_long_a_field_or_a_word_is(letter: Make, filler: str) -> None:
    crowded = letter(
        letterhead=Letterhead(agency=filler, place=filler[:60], superior=filler),
        addressee=filler,
        applicant_id=filler[:60],
        procedure=filler,
        dossier_code=filler[:47],
        reason="\n".join([filler] * 5),
        signatory=Signatory(filler[:120], Capacity.DEPUTY, head_title=filler[:120]),
        signature=DigitalSignature(filler[:120], _SIGNED.signed_at),
    )
    pages = _pictures(crowded)
    assert len(pages) > 1
    assert all(_side_margins_are_white(page) for page in pages)


def test_a_long_letter_keeps_to_its_margins(long_letter: ApologyLetter) -> None:
    assert all(_side_margins_are_white(page) for page in _pictures(long_letter))
