"""Form 01: the receipt for a dossier, with the appointment (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.parts import Party, handwritten
from sla.letters.wording import one_line, optional, required

_DESK = "Trung tâm Phục vụ hành chính công/Bộ phận Tiếp nhận và Trả kết quả"


@dataclass(frozen=True, kw_only=True)
class Receipt(Document):
    """One receipt. What is not known stays a dotted line.

    ``submitter``    who handed the dossier in: the applicant, or who was authorised to
    ``authoriser``   the applicant, when somebody authorised handed the dossier in
    ``authority``    the paper by which the submitter was authorised
    ``papers``       what was handed in, one text each
    ``sets``         how many sets of papers
    ``limit``        the time the procedure allows, in words: ``5 ngày làm việc``
    ``promised_at``  None while nothing is promised yet: the clock starts elsewhere, later
    ``provisional``  the appointment rests on a calendar that is not final
    ``fees``         what is to be paid and what was, one text each; a line of its own only when there is any
    ``collect_at``   where the applicant wants to be given the result
    ``signed_by``    the submitter's name under the place to sign; None for an organisation
    """

    kind: ClassVar[FormKind] = FormKind.RECEIPT
    template: ClassVar[str] = "receipt.typ"

    dossier_code: str
    submitter: Party
    procedure: str
    received_at: datetime
    promised_at: datetime | None = None
    authoriser: Party | None = None
    authority: str | None = None
    papers: tuple[str, ...] = ()
    sets: int | None = None
    limit: str | None = None
    provisional: bool = False
    fees: tuple[str, ...] = ()
    collect_at: str | None = None
    book: str | None = None
    place_in_book: str | None = None
    signed_by: str | None = None
    receptionist: str | None = None

    def fields(self) -> dict[str, Any]:
        """What the receipt says."""
        return {
            "dossier": required(self.dossier_code, where="dossier_code"),
            "desk": desk_named(self.letterhead.agency),
            "submitter": self.submitter.fields(where="submitter"),
            "authoriser": self.authoriser and self.authoriser.fields(where="authoriser"),
            "authority": optional(self.authority),
            "procedure": required(self.procedure, where="procedure"),
            "papers": [paper for paper in map(one_line, self.papers) if paper],
            "sets": f"{self.sets:02d}" if self.sets is not None else None,
            "limit": optional(self.limit),
            "received_at": self.time("received_at"),
            "promised_at": self.time("promised_at"),
            "provisional": self.provisional,
            "fees": [fee for fee in map(one_line, self.fees) if fee],
            "collect_at": optional(self.collect_at),
            "book": optional(self.book),
            "place_in_book": optional(self.place_in_book),
            "left": handwritten("Người nộp hồ sơ", self.signed_by),
            "signer": handwritten("Người tiếp nhận hồ sơ", self.receptionist),
        }


def desk_named(agency: str) -> str:
    """The line that names the desk: its own name when that says what it is, else the form's words and it."""
    name = required(agency, where="letterhead.agency")
    says = name.casefold().startswith(("trung tâm phục vụ hành chính công", "bộ phận tiếp nhận"))
    return name if says else f"{_DESK}: {name}"
