"""Form 04: the apology for a late result, with the new date (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cached_property
from typing import Any

from dossiers.core.errors import BadInput
from sla.letters.forms import Form, FormKind, form_in_force
from sla.letters.parts import DigitalSignature, Letterhead, Signatory, verification_fields
from sla.letters.rendering import to_pdf, to_png
from sla.letters.wording import (
    VIETNAM_OFFSET_MINUTES,
    date_parts,
    local,
    one_line,
    paragraphs,
    required,
    sentence_start,
    time_parts,
)

_TEMPLATE = "apology.typ"
_NOT_GIVEN = "…"


class Whom(StrEnum):
    """How the body of the letter speaks of the applicant; ``ANYONE`` keeps the form's own wording."""

    ANYONE = "anyone"
    MAN = "man"
    WOMAN = "woman"
    PERSON = "person"
    ORGANISATION = "organisation"


_WORDS = {
    Whom.ANYONE: ("Ông/Bà/Tổ chức", "Ông (Bà)/Tổ chức"),
    Whom.MAN: ("Ông", "Ông"),
    Whom.WOMAN: ("Bà", "Bà"),
    Whom.PERSON: ("Ông/Bà", "Ông (Bà)"),
    Whom.ORGANISATION: ("Tổ chức", "Tổ chức"),
}


@dataclass(frozen=True, kw_only=True)
class ApologyLetter:
    """One apology. Datetimes are aware and printed ``offset_minutes`` ahead of UTC.

    ``number``            the number in the office's book; None while a draft has none
    ``issued_on``         the date on the letter; it also decides which circular's form is used
    ``addressee``         after “Kính gửi:”, with the form of address: ``Ông Nguyễn Văn An``
    ``applicant_id``      personal or organisation number; None prints “…”
    ``promised_at``       the time on the receipt that was not kept
    ``reason``            may have several paragraphs, one a line
    ``new_promise_at``    the new time, printed as a date; None when the law allows no further date, and the
                          letter then promises the earliest possible and says who follows it up
    ``overseer``          who follows up a letter without a date; by default the letterhead's ``superior``
    ``verification_link`` printed as a QR code
    ``draft``             prints DỰ THẢO across the page; a draft cannot be signed

    Raises ``BadInput`` for what cannot be printed as a letter.
    """

    letterhead: Letterhead
    issued_on: date
    addressee: str
    procedure: str
    dossier_code: str
    received_at: datetime
    promised_at: datetime
    reason: str
    new_promise_at: datetime | None
    signatory: Signatory
    verification_link: str
    number: int | None = None
    applicant_id: str | None = None
    whom: Whom = Whom.ANYONE
    overseer: str | None = None
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
        if self.new_promise_at is not None and self.new_promise_at <= self.promised_at:
            raise BadInput(
                "Ngày hẹn mới phải sau ngày hẹn cũ.",
                code="letter_new_promise_not_later",
                where="new_promise_at",
                hint="Chọn ngày trả kết quả mới sau thời gian đã hẹn.",
            )

    @property
    def form(self) -> Form:
        """The form in force on the day of the letter."""
        return form_in_force(FormKind.APOLOGY, on=self.issued_on)

    def pdf(self) -> bytes:
        """The letter as PDF/A-2b; the same letter always gives the same bytes."""
        return to_pdf(_TEMPLATE, self._data, created=self._created)

    def png(self, *, ppi: float = 144) -> tuple[bytes, ...]:
        """The letter's pages as pictures."""
        return to_png(_TEMPLATE, self._data, created=self._created, ppi=ppi)

    @property
    def _created(self) -> datetime:
        return datetime.combine(self.issued_on, time(), timezone(timedelta(minutes=self.offset_minutes)))

    @cached_property
    def _data(self) -> dict[str, Any]:
        """What the template prints; raises ``BadInput`` for the first thing that cannot be printed."""
        agency = required(self.letterhead.agency, where="letterhead.agency")
        number = self.form.numbered(self.number)
        slashed, bracketed = _WORDS[self.whom]
        return {
            "paper": self.form.paper.value,
            "title": self.form.title,
            "title-lines": self.form.title_lines,
            "summary": f"Số: {number}",
            "issued_on": {
                "year": self.issued_on.year,
                "month": self.issued_on.month,
                "day": self.issued_on.day,
            },
            "draft": self.draft,
            "letterhead": self.letterhead.fields()
            | {"number": number, "date": " ".join(date_parts(self.issued_on))},
            "agency": agency,
            "addressee": required(self.addressee, where="addressee"),
            "whom": {"slashed": slashed, "bracketed": bracketed},
            "procedure": required(self.procedure, where="procedure"),
            "applicant_id": one_line(self.applicant_id or "") or _NOT_GIVEN,
            "dossier": required(self.dossier_code, where="dossier_code"),
            "received_on": sentence_start(date_parts(self._local("received_at").date())),
            "promised_at": time_parts(self._local("promised_at")),
            "reason": paragraphs(self.reason) or (required("", where="reason"),),
            "new_date": self.new_promise_at and date_parts(self._local("new_promise_at").date()),
            "overseer": self._overseer(),
            "signer": self.signatory.fields(),
            "signature": self.signature and self.signature.fields(self.offset_minutes),
            "verification": verification_fields(self.verification_link),
        }

    def _local(self, field: str) -> datetime:
        return local(getattr(self, field), self.offset_minutes, where=field)

    def _overseer(self) -> str:
        named = one_line(self.overseer or self.letterhead.superior or "")
        return named or "cơ quan cấp trên trực tiếp"
