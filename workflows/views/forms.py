"""Any standard form of a dossier, by the number it has today."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from sla.letters.document import Document
from workflows.office import Office
from workflows.views.case import read_case
from workflows.views.desk_forms import receipt, refusal, stop_notice, supplement_request
from workflows.views.letters import apology_letter
from workflows.views.slip_forms import control_slip_form


class FormNo(StrEnum):
    """The forms of one dossier as TT 03/2025/TT-VPCP numbers them.

    What is printed is the number in force on the form's own date, or the sector's own.
    """

    RECEIPT = "01"
    SUPPLEMENT = "02"
    REFUSAL = "03"
    APOLOGY = "04"
    STOP_NOTICE = "05"
    CONTROL_SLIP = "06"

    @property
    def file_name(self) -> str:
        """What a file of this form is called."""
        return _FILES[self]


_FILES = {
    FormNo.RECEIPT: "giay-tiep-nhan",
    FormNo.SUPPLEMENT: "phieu-yeu-cau-bo-sung",
    FormNo.REFUSAL: "phieu-tu-choi",
    FormNo.APOLOGY: "thu-xin-loi",
    FormNo.STOP_NOTICE: "thong-bao-dung",
    FormNo.CONTROL_SLIP: "phieu-kiem-soat",
}


def form_of(
    office: Office,
    connection: Connection,
    dossier_id: UUID,
    form: FormNo,
    at: datetime,
    *,
    window: str,
    number: int | None = None,
) -> Document:
    """A form of a dossier. ``number`` chooses among several requests (02) or letters (04), by default the
    last request and the first letter; ``window`` begins the addresses in the QR codes.

    Raises ``Conflict`` (``form_not_due``) for a form the dossier has not come to, ``NotFound``
    (``form_unknown``, ``letter_unknown``, ``form_not_in_force``).
    """
    link_to = f"{window.rstrip('/')}/forms"
    match form:
        case FormNo.APOLOGY:
            letters = f"{window.rstrip('/')}/letters"
            return apology_letter(office, connection, dossier_id, number or 1, at, link_to=letters)
        case FormNo.CONTROL_SLIP:
            return control_slip_form(office, connection, dossier_id, link_to)
        case FormNo.RECEIPT:
            return receipt(read_case(office, connection, dossier_id), link_to)
        case FormNo.SUPPLEMENT:
            return supplement_request(read_case(office, connection, dossier_id), number, link_to)
        case FormNo.REFUSAL:
            return refusal(read_case(office, connection, dossier_id), link_to)
        case FormNo.STOP_NOTICE:
            return stop_notice(read_case(office, connection, dossier_id), link_to)
