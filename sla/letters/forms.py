"""Which standard form is in force on a date: number, title, number suffix, paper and circular, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dossiers.core.errors import NotFound
from dossiers.core.said import Said

_DATA = Path(__file__).parent / "data" / "forms.yaml"


class FormKind(StrEnum):
    """What a form is for; its printed number changes with the circular."""

    RECEIPT = "receipt"
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""
    SUPPLEMENT = "supplement"
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ."""
    REFUSAL = "refusal"
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ."""
    APOLOGY = "apology"
    """Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết."""
    STOP_NOTICE = "stop_notice"
    """Thông báo dừng giải quyết hồ sơ."""
    CONTROL_SLIP = "control_slip"
    """Phiếu kiểm soát quá trình giải quyết hồ sơ."""
    REGISTER = "register"
    """Sổ theo dõi hồ sơ."""


class Paper(StrEnum):
    """Paper of a form: A5 148 x 210 mm, A4 210 x 297 mm (TT 01/2018/TT-VPCP art. 9.2)."""

    A5 = "a5"
    A4 = "a4"


class Confidence(StrEnum):
    """How a fact was seen."""

    OFFICIAL_TEXT = "T"
    DECISION = "D"
    THIRD_PARTY = "C"
    TO_BE_VERIFIED = "M"


@dataclass(frozen=True, slots=True)
class Circular:
    """The circular that prescribes a form, and the days it is in force, both inclusive."""

    name: str
    issued: date
    effective_from: date
    effective_to: date | None
    confidence: Confidence
    effective_to_confidence: Confidence
    source: str

    def in_force(self, on: date) -> bool:
        """Whether the circular is in force on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Form:
    """One form as one circular prescribes it. ``number_suffix`` is None where the form was not seen."""

    kind: FormKind
    circular: Circular
    number: str
    title_lines: tuple[str, ...]
    number_suffix: str | None
    paper: Paper
    confidence: Confidence
    number_suffix_confidence: Confidence

    @property
    def title(self) -> str:
        """The title on one line."""
        return " ".join(self.title_lines)

    @property
    def effective_from(self) -> date:
        """First day in force."""
        return self.circular.effective_from

    @property
    def effective_to(self) -> date | None:
        """Last day in force; None while it still is."""
        return self.circular.effective_to

    def numbered(self, number: int | None, *, unit: str = "BPTNTKQ") -> str:
        """The document number as printed after “Số:”, ``05/PXL``; ``…/PXL`` while none was given.

        Numbers below 10 take a leading zero, as documents are numbered (NĐ 30/2020/NĐ-CP, Phụ lục I).
        """
        suffix = (self.number_suffix or "").replace("{unit}", unit)
        return ("…" if number is None else f"{number:02d}") + suffix


@cache
def all_forms() -> tuple[Form, ...]:
    """Every form of every circular known, oldest circular first within a kind."""
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    circulars = {name: _circular(name, fields) for name, fields in data["circulars"].items()}
    found = [
        _form(FormKind(kind), circulars[version["circular"]], version)
        for kind, versions in data["forms"].items()
        for version in versions
    ]
    return tuple(sorted(found, key=lambda form: (list(FormKind).index(form.kind), form.effective_from)))


def form_in_force(kind: FormKind, on: date) -> Form:
    """The form of this kind in force on that day.

    Raises ``NotFound`` (``form_not_in_force``) for a day no known circular covers.
    """
    for form in all_forms():
        if form.kind is kind and form.circular.in_force(on):
            return form
    raise NotFound(
        Said("Không có biểu mẫu “{kind}” có hiệu lực vào ngày {on:%d/%m/%Y}.", kind=kind.value, on=on),
        code="form_not_in_force",
        where=kind.value,
        hint="Kiểm tra ngày lập văn bản hoặc bổ sung biểu mẫu kèm ngày hiệu lực vào danh mục biểu mẫu.",
        details={"on": on.isoformat()},
    )


def _circular(name: str, fields: Mapping[str, Any]) -> Circular:
    return Circular(
        name=name,
        issued=fields["issued"],
        effective_from=fields["effective_from"],
        effective_to=fields["effective_to"],
        confidence=Confidence(fields["confidence"]),
        effective_to_confidence=Confidence(fields["effective_to_confidence"]),
        source=fields["source"],
    )


def _form(kind: FormKind, circular: Circular, fields: Mapping[str, Any]) -> Form:
    return Form(
        kind=kind,
        circular=circular,
        number=fields["number"],
        title_lines=tuple(fields["title"]),
        number_suffix=fields["number_suffix"],
        paper=Paper(fields["paper"]),
        confidence=Confidence(fields["confidence"]),
        number_suffix_confidence=Confidence(
            fields.get("number_suffix_confidence", fields["confidence"]),
        ),
    )
