"""Form 03: the refusal to accept or to handle a dossier, with the reason (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.parts import Party, handwritten
from sla.letters.receipt import desk_named
from sla.letters.wording import paragraphs, required


@dataclass(frozen=True, kw_only=True)
class Refusal(Document):
    """One refusal. ``signed_by``: the submitter under the place to sign; None for an organisation."""

    kind: ClassVar[FormKind] = FormKind.REFUSAL
    template: ClassVar[str] = "refusal.typ"

    dossier_code: str
    applicant: Party
    procedure: str
    reason: str = ""
    signed_by: str | None = None
    receptionist: str | None = None

    def fields(self) -> dict[str, Any]:
        """What the refusal says."""
        return {
            "dossier": required(self.dossier_code, where="dossier_code"),
            "desk": desk_named(self.letterhead.agency),
            "applicant": self.applicant.fields(),
            "procedure": required(self.procedure, where="procedure"),
            "reason": paragraphs(self.reason),
            "left": handwritten("Người nộp hồ sơ", self.signed_by),
            "signer": handwritten("Người tiếp nhận hồ sơ", self.receptionist),
        }
