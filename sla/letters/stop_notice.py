"""Form 05: the notice that a dossier is no longer handled (NĐ 118/2025/NĐ-CP, art. 21).

The printed form was not seen; this is the least such a notice must say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.parts import Signatory, Whom, head_or_blank
from sla.letters.wording import (
    date_parts,
    one_line,
    optional,
    paragraphs,
    procedure_name,
    required,
    sentence_start,
)


@dataclass(frozen=True, kw_only=True)
class StopNotice(Document):
    """One notice.

    ``addressee``  after “Kính gửi:”, with the form of address: ``Ông/Bà Nguyễn Văn An``
    ``asked_on``   the day the applicant asked to stop; None when the office stops by itself
    ``signatory``  None leaves the place to sign without a name: nobody heads the agency
    ``returned``   papers given back with the notice; ``refund``: fees paid back, in words
    """

    kind: ClassVar[FormKind] = FormKind.STOP_NOTICE
    template: ClassVar[str] = "stop_notice.typ"

    addressee: str
    whom: Whom = Whom.ANYONE
    applicant_id: str = ""
    dossier_code: str
    procedure: str
    received_at: datetime
    stopped_at: datetime
    asked_on: date | None = None
    reason: str = ""
    returned: tuple[str, ...] = ()
    refund: str | None = None
    signatory: Signatory | None = None

    def fields(self) -> dict[str, Any]:
        """What the notice says."""
        return {
            "agency": required(self.letterhead.agency, where="letterhead.agency"),
            "addressee": required(self.addressee, where="addressee"),
            "whom": self.whom.slashed,
            "applicant_id": optional(self.applicant_id),
            "dossier": required(self.dossier_code, where="dossier_code"),
            "procedure": procedure_name(self.procedure),
            "received_on": sentence_start(date_parts(self.local("received_at").date())),
            "stopped_at": self.time("stopped_at"),
            "asked_on": self.asked_on and sentence_start(date_parts(self.asked_on)),
            "reason": paragraphs(self.reason),
            "returned": [paper for paper in map(one_line, self.returned) if paper],
            "refund": optional(self.refund),
            "signer": head_or_blank(self.signatory),
        }
