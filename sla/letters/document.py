"""What every standard form is: data, the form in force on its date, and a PDF made from both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from typing import Any, ClassVar

from dossiers.core.errors import BadInput
from sla.letters.forms import Form, FormKind, form_in_force
from sla.letters.parts import DigitalSignature, Letterhead, verification_fields
from sla.letters.rendering import to_pdf, to_png
from sla.letters.wording import VIETNAM_OFFSET_MINUTES, date_parts, local, one_line, time_parts


@dataclass(frozen=True, kw_only=True)
class Document(ABC):
    """A standard form, filled in. Datetimes are aware and printed ``offset_minutes`` ahead of UTC.

    ``issued_on``         the date on the document; it also decides which circular's form is used
    ``number``            the number in the office's book; None leaves it to be written by hand
    ``own_form``          the number of the sector's own form that takes the place of the common one: CT04
    ``verification_link`` printed as a QR code; None where the form carries none
    ``draft``             prints DỰ THẢO across the page; a draft cannot be signed

    Making one raises ``BadInput`` for the first thing that cannot be printed.
    """

    kind: ClassVar[FormKind]
    template: ClassVar[str]

    letterhead: Letterhead
    issued_on: date
    number: int | None = None
    own_form: str | None = None
    verification_link: str | None = None
    signature: DigitalSignature | None = None
    draft: bool = False
    offset_minutes: int = VIETNAM_OFFSET_MINUTES

    def __post_init__(self) -> None:
        if self.number is not None and self.number < 1:
            raise BadInput("Số văn bản bắt đầu từ 1.", code="letter_number_invalid", where="number")
        if self.draft and self.signature is not None:
            raise BadInput(
                "Dự thảo không mang chữ ký số.",
                code="letter_draft_signed",
                where="draft",
                hint="Bỏ dấu dự thảo rồi mới ký.",
            )
        assert self._data

    @property
    def form(self) -> Form:
        """The form in force on the day of the document."""
        return form_in_force(self.kind, on=self.issued_on)

    @property
    def form_number(self) -> str:
        """The number of the form as printed: the sector's own, or the circular's."""
        return one_line(self.own_form or "") or self.form.number

    def pdf(self) -> bytes:
        """The document as PDF/A-2b; the same document always gives the same bytes."""
        return to_pdf(self.template, self._data, created=self._created)

    def png(self, *, ppi: float = 144) -> tuple[bytes, ...]:
        """The document's pages as pictures."""
        return to_png(self.template, self._data, created=self._created, ppi=ppi)

    @abstractmethod
    def fields(self) -> dict[str, Any]:
        """What this form prints besides what every form has."""

    @property
    def _created(self) -> datetime:
        return datetime.combine(self.issued_on, time(), timezone(timedelta(minutes=self.offset_minutes)))

    @cached_property
    def _data(self) -> dict[str, Any]:
        form = self.form
        number = form.numbered(self.number, unit=self.letterhead.unit)
        common = {
            "paper": form.paper.value,
            "form-label": f"Mẫu {self.form_number}" if self.own_form else f"Mẫu số {form.number}",
            "title": form.title,
            "title-lines": form.title_lines,
            "summary": f"Số: {number}",
            "draft": self.draft,
            "letterhead": self.letterhead.fields()
            | {"number": number, "date": " ".join(date_parts(self.issued_on))},
            "signature": self.signature and self.signature.fields(self.offset_minutes),
            "verification": verification_fields(self.verification_link)
            if self.verification_link is not None
            else None,
        }
        return common | self.fields()

    def local(self, field: str) -> datetime:
        """The instant in a field, on the wall clock the document is printed by."""
        return local(getattr(self, field), self.offset_minutes, where=field)

    def time(self, field: str) -> tuple[str, ...] | None:
        """The instant in a field as forms print it; None where there is none."""
        return time_parts(self.local(field)) if getattr(self, field) is not None else None
