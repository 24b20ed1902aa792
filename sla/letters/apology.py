"""Form 04: the apology for a late result, with the new date (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from dossiers.core.errors import BadInput
from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.parts import Signatory, Whom
from sla.letters.wording import (
    date_parts,
    one_line,
    paragraphs,
    procedure_name,
    required,
    sentence_start,
    time_parts,
)

_NOT_GIVEN = "…"


@dataclass(frozen=True, kw_only=True)
class ApologyLetter(Document):
    """One apology.

    ``addressee``         after “Kính gửi:”, with the form of address: ``Ông Nguyễn Văn An``
    ``applicant_id``      personal or organisation number; None prints “…”
    ``promised_at``       the time on the receipt that was not kept
    ``reason``            may have several paragraphs, one a line
    ``new_promise_at``    the new time, printed as a date; None when the law allows no further date, and the
                          letter then promises the earliest possible and says who follows it up
    ``overseer``          who follows up a letter without a date; by default the letterhead's ``superior``
    """

    kind: ClassVar[FormKind] = FormKind.APOLOGY
    template: ClassVar[str] = "apology.typ"

    addressee: str
    procedure: str
    dossier_code: str
    received_at: datetime
    promised_at: datetime
    reason: str
    new_promise_at: datetime | None
    signatory: Signatory
    verification_link: str
    applicant_id: str | None = None
    whom: Whom = Whom.ANYONE
    overseer: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.new_promise_at is not None and self.new_promise_at <= self.promised_at:
            raise BadInput(
                "Ngày hẹn mới phải sau ngày hẹn cũ.",
                code="letter_new_promise_not_later",
                where="new_promise_at",
                hint="Chọn ngày trả kết quả mới sau thời gian đã hẹn.",
            )

    def fields(self) -> dict[str, Any]:
        """What the letter says."""
        return {
            "agency": required(self.letterhead.agency, where="letterhead.agency"),
            "addressee": required(self.addressee, where="addressee"),
            "whom": {"slashed": self.whom.slashed, "bracketed": self.whom.bracketed},
            "procedure": procedure_name(self.procedure),
            "applicant_id": one_line(self.applicant_id or "") or _NOT_GIVEN,
            "dossier": required(self.dossier_code, where="dossier_code"),
            "received_on": sentence_start(date_parts(self.local("received_at").date())),
            "promised_at": time_parts(self.local("promised_at")),
            "reason": paragraphs(self.reason) or (required("", where="reason"),),
            "new_date": self.new_promise_at and date_parts(self.local("new_promise_at").date()),
            "overseer": self._overseer(),
            "signer": self.signatory.fields(),
        }

    def _overseer(self) -> str:
        named = one_line(self.overseer or self.letterhead.superior or "")
        return named or "cơ quan cấp trên trực tiếp"
