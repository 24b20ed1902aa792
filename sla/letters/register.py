"""Form 07: the register book of a desk (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.parts import Signatory, head_or_blank
from sla.letters.wording import LONGEST_CELL_TOKEN as CELL
from sla.letters.wording import LONGEST_NARROW_TOKEN as NARROW
from sla.letters.wording import breakable, local, one_line, optional, required


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dossier in the book."""

    no: int
    dossier_code: str
    procedure: str
    applicant: str
    address_or_phone: str
    agency: str
    received_at: datetime
    promised_at: datetime | None = None
    returned_at: datetime | None = None
    return_method: str | None = None

    def cells(self, offset_minutes: int) -> list[str]:
        """The eleven cells of the line; the last is signed by hand."""

        def time(moment: datetime | None, where: str) -> str:
            return f"{local(moment, offset_minutes, where=where):%H:%M %d/%m/%Y}" if moment else ""

        return [
            str(self.no),
            breakable(one_line(self.dossier_code)),
            *(
                one_line(text, longest=NARROW)
                for text in (self.procedure, self.applicant, self.address_or_phone, self.agency)
            ),
            time(self.received_at, "received_at"),
            time(self.promised_at, "promised_at"),
            time(self.returned_at, "returned_at"),
            one_line(self.return_method or "", longest=CELL),
            "",
        ]


@dataclass(frozen=True, kw_only=True)
class RegisterBook(Document):
    """The book for a period, both days included. ``field`` names the sector it is kept for, if only one."""

    kind: ClassVar[FormKind] = FormKind.REGISTER
    template: ClassVar[str] = "register.typ"

    since: date
    until: date
    field: str | None = None
    entries: tuple[Entry, ...] = ()
    signatory: Signatory | None = None

    def fields(self) -> dict[str, Any]:
        """What the book says."""
        required(self.letterhead.agency, where="letterhead.agency")
        return {
            "since": f"{self.since:%d/%m/%Y}",
            "until": f"{self.until:%d/%m/%Y}",
            "field": optional(self.field),
            "entries": [entry.cells(self.offset_minutes) for entry in self.entries],
            "count": f"{len(self.entries):,}".replace(",", "."),
            "signer": head_or_blank(self.signatory),
        }
