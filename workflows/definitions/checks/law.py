"""What the definition rests on: legal basis, sources, dates, channels and papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject
from workflows.definitions.model import Confidence, SplitOrigin

NO_BASIS = Rule(
    "MC701",
    Severity.WARNING,
    "No legal basis",
    "Thủ tục chưa nêu căn cứ pháp lý.",
    "The procedure names no legal basis.",
    "Thêm legal_basis: số văn bản, điều khoản, mức tin cậy.",
)
NO_DECREE = Rule(
    "MC702",
    Severity.WARNING,
    "No reference to a law, decree or circular",
    "{what}",
    "{what_en}",
    "Ghi số đầy đủ, ví dụ “118/2025/NĐ-CP”, “60/2014/QH13”, “03/2025/TT-VPCP”.",
)
NO_SOURCES = Rule(
    "MC703",
    Severity.WARNING,
    "No sources",
    "Chưa ghi nội dung định nghĩa lấy từ đâu.",
    "The definition names no sources.",
    "Thêm sources: văn bản hoặc quyết định đã đọc, kèm mức tin cậy T, D, C hoặc M.",
)
TO_VERIFY = Rule(
    "MC704",
    Severity.INFO,
    "A fact is still to be verified",
    "“{text}” mới ở mức M (theo hiểu biết chung), cần đối chiếu văn bản gốc.",
    "“{text}” is of confidence M: to be verified.",
    "Tìm văn bản gốc rồi sửa mức tin cậy.",
)
EXAMPLE_SPLIT = Rule(
    "MC705",
    Severity.WARNING,
    "An example split of time without a note",
    "Thời hạn từng bước chỉ là ví dụ (split: example) nhưng không ghi chú điều đó cho người dùng.",
    "The split of time between the steps is an example, without a note.",
    "Ghi split_note: đơn vị cần thay bằng quyết định nội bộ của mình.",
)
ENDS_BEFORE_START = Rule(
    "MC706",
    Severity.ERROR,
    "It ends before it begins",
    "{what} hết hiệu lực ({end}) trước khi có hiệu lực ({start}).",
    "{what_en} ends ({end}) before it begins ({start}).",
    "Sửa effective_from hoặc effective_to.",
)
BASIS_NOT_IN_FORCE = Rule(
    "MC707",
    Severity.WARNING,
    "A legal basis not in force when the procedure begins",
    "Căn cứ {number} {when} ngày thủ tục có hiệu lực ({start}).",
    "The basis {number} is not in force on {start}.",
    "Thay bằng văn bản đang có hiệu lực.",
)
NO_CHANNEL = Rule(
    "MC708",
    Severity.ERROR,
    "No channel to hand a dossier in",
    "Thủ tục không nhận hồ sơ qua kênh nào.",
    "The procedure takes dossiers through no channel.",
    "Thêm channels: [direct, online, postal].",
)
NO_PAPERS = Rule(
    "MC709",
    Severity.INFO,
    "No papers",
    "Thủ tục không yêu cầu giấy tờ nào.",
    "The procedure asks for no papers.",
    "Nếu có thành phần hồ sơ thì ghi vào papers; phiếu tiếp nhận sẽ in danh mục này.",
)
NO_COPIES = Rule(
    "MC710",
    Severity.WARNING,
    "A required paper of no copies",
    "Giấy tờ “{paper}” bắt buộc nhưng nộp 0 bản chính và 0 bản sao.",
    "The paper “{paper}” is required in no originals and no copies.",
    "Ghi originals hoặc copies lớn hơn không; giấy tờ chỉ xuất trình thì required: false.",
)
RULES = (
    NO_BASIS,
    NO_DECREE,
    NO_SOURCES,
    TO_VERIFY,
    EXAMPLE_SPLIT,
    ENDS_BEFORE_START,
    BASIS_NOT_IN_FORCE,
    NO_CHANNEL,
    NO_PAPERS,
    NO_COPIES,
)

# Normative documents carry their year (118/2025/NĐ-CP); individual decisions do not (1582/QĐ-UBND).
_NORMATIVE = re.compile(r"\d+/(19|20)\d{2}/[A-ZĐ]")
_NUMBERED = re.compile(r"\d+/\S")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the basis, the sources, the dates and what is handed in."""
    yield from _basis(subject)
    yield from _sources(subject)
    definition = subject.definition
    start, end = definition.effective_from, definition.effective_to
    if end is not None and end < start:
        yield ENDS_BEFORE_START.at(
            "effective_to", what="Thủ tục", what_en="The procedure", start=_day(start), end=_day(end)
        )
    if not definition.channels:
        yield NO_CHANNEL.at("channels")
    if not definition.papers:
        yield NO_PAPERS.at("papers")
    for number, paper in enumerate(definition.papers):
        if paper.required and paper.originals + paper.copies <= 0:
            yield NO_COPIES.at(f"papers[{number}].originals", paper=paper.name.strip() or paper.id)


def _basis(subject: Subject) -> Iterator[Finding]:
    definition = subject.definition
    if not definition.legal_basis:
        yield NO_BASIS.at("legal_basis")
        return
    if not any(_NORMATIVE.search(basis.number) for basis in definition.legal_basis):
        yield NO_DECREE.at(
            "legal_basis",
            what="Căn cứ pháp lý chưa dẫn luật, nghị định hay thông tư nào.",
            what_en="The legal basis refers to no law, decree or circular.",
        )
    for number, basis in enumerate(definition.legal_basis):
        where = f"legal_basis[{number}]"
        start = definition.effective_from
        if not _NUMBERED.search(basis.number):
            yield NO_DECREE.at(
                f"{where}.number",
                what=f"“{basis.number}” không phải số văn bản.",
                what_en=f"“{basis.number}” is not the number of a document.",
            )
        if basis.effective_from and basis.effective_to and basis.effective_to < basis.effective_from:
            yield ENDS_BEFORE_START.at(
                f"{where}.effective_to",
                what=f"Căn cứ {basis.number}",
                what_en=f"The basis {basis.number}",
                start=_day(basis.effective_from),
                end=_day(basis.effective_to),
            )
        elif basis.effective_to is not None and basis.effective_to < start:
            words = {"number": basis.number, "when": "đã hết hiệu lực trước", "start": _day(start)}
            yield BASIS_NOT_IN_FORCE.at(f"{where}.effective_to", **words)
        elif basis.effective_from is not None and basis.effective_from > start:
            words = {"number": basis.number, "when": "chưa có hiệu lực vào", "start": _day(start)}
            yield BASIS_NOT_IN_FORCE.at(f"{where}.effective_from", **words)
        if basis.confidence is Confidence.MEMORY:
            yield TO_VERIFY.at(f"{where}.confidence", text=basis.number)


def _sources(subject: Subject) -> Iterator[Finding]:
    definition = subject.definition
    if not definition.sources:
        yield NO_SOURCES.at("sources")
    for number, source in enumerate(definition.sources):
        if source.confidence is Confidence.MEMORY:
            yield TO_VERIFY.at(f"sources[{number}].confidence", text=source.what or source.text)
    if definition.split is SplitOrigin.EXAMPLE and not definition.split_note.strip():
        yield EXAMPLE_SPLIT.at("split_note")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
