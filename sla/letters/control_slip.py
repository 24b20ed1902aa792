"""Form 06: the control slip, which travels with the dossier (TT 03/2025/TT-VPCP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sla.letters.document import Document
from sla.letters.forms import FormKind
from sla.letters.wording import LONGEST_CELL_TOKEN as CELL
from sla.letters.wording import local, one_line, optional, required, short_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One handover of the file. ``verdict`` is what the receiver says of the step before, in words."""

    giver: str
    receiver: str
    given_at: datetime
    received_at: datetime | None = None
    given_by: str | None = None
    received_by: str | None = None
    verdict: str | None = None
    note: str | None = None

    def fields(self, offset_minutes: int) -> dict[str, Any]:
        """The fields for the template."""
        received = self.received_at and short_time(
            local(self.received_at, offset_minutes, where="received_at")
        )
        return {
            "giver": required(self.giver, where="giver", longest=CELL),
            "receiver": required(self.receiver, where="receiver", longest=CELL),
            "given_at": short_time(local(self.given_at, offset_minutes, where="given_at")),
            "received_at": received,
            "given_by": optional(self.given_by, longest=CELL),
            "received_by": optional(self.received_by, longest=CELL),
            "verdict": optional(self.verdict, longest=CELL),
            "note": one_line(self.note or "", longest=CELL),
        }


@dataclass(frozen=True, kw_only=True)
class ControlSlip(Document):
    """One control slip, as far as the dossier has come."""

    kind: ClassVar[FormKind] = FormKind.CONTROL_SLIP
    template: ClassVar[str] = "control_slip.typ"

    dossier_code: str
    agency: str
    coordinating: tuple[str, ...] = ()
    received_at: datetime | None = None
    promised_at: datetime | None = None
    handovers: tuple[Handover, ...] = ()

    def fields(self) -> dict[str, Any]:
        """What the slip says."""
        return {
            "dossier": required(self.dossier_code, where="dossier_code"),
            "agency": required(self.agency, where="agency"),
            "coordinating": optional("; ".join(self.coordinating)),
            "received_at": self.time("received_at"),
            "promised_at": self.time("promised_at"),
            "handovers": [handover.fields(self.offset_minutes) for handover in self.handovers],
        }
