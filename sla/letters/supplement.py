"""Form 02: the request to complete a dossier, once and completely (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.parts import Party, handwritten
from sla.letters.wording import one_line, optional, paragraphs, required


@dataclass(frozen=True, kw_only=True)
class SupplementRequest(Document):
    """One request.

    ``until``                     the last moment to complete the dossier; None where the procedure sets none
    ``contact``, ``contact_phone`` whom the applicant asks when something is unclear
    """

    kind: ClassVar[FormKind] = FormKind.SUPPLEMENT
    template: ClassVar[str] = "supplement.typ"

    dossier_code: str
    applicant: Party
    procedure: str
    items: tuple[str, ...]
    reason: str = ""
    until: datetime | None = None
    contact: str | None = None
    contact_phone: str | None = None
    guide: str | None = None

    def fields(self) -> dict[str, Any]:
        """What the request says."""
        return {
            "dossier": required(self.dossier_code, where="dossier_code"),
            "applicant": self.applicant.fields(),
            "procedure": required(self.procedure, where="procedure"),
            "items": [item for item in map(one_line, self.items) if item],
            "reason": paragraphs(self.reason),
            "until": self.time("until"),
            "contact": optional(self.contact),
            "contact_phone": optional(self.contact_phone),
            "left": None,
            "signer": handwritten("Người hướng dẫn", self.guide),
        }
