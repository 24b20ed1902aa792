"""The standard forms as PDF: those of one dossier, and the register book of a desk."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.deps import AgencyCode, Code, Official
from api.links import public_window
from sla.letters.document import Document
from workflows.views.forms import FormNo, form_of
from workflows.views.slip_forms import register_book_form

router = APIRouter(tags=["dossiers"])


class Pdf(Response):
    """A PDF, shown by the browser rather than saved."""

    media_type = "application/pdf"


_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(
    "/dossiers/{code}/forms/{form}.pdf",
    summary="Biểu mẫu của hồ sơ (mẫu 01 đến 06)",
    response_class=Pdf,
    responses=_PDF,
)
def get_form_pdf(
    code: Code,
    form: Annotated[FormNo, Path(description="Số hiệu theo Thông tư 03/2025/TT-VPCP", examples=["01"])],
    call: Official,
    no: Annotated[
        int | None,
        Query(ge=1, le=9999, description="Mẫu 02: yêu cầu bổ sung số mấy; mẫu 04: thư xin lỗi số mấy"),
    ] = None,
) -> Response:
    """A form as PDF/A, filled in from the history; what is not known stays a dotted line.

    The number printed on it is the one in force on its own date, or the sector's own (CT04).
    """
    with call.reading() as connection:
        document = form_of(
            call.office,
            connection,
            call.find(connection, code),
            form,
            call.at,
            number=no,
            window=public_window(call.settings),
        )
    return shown(document, f"{form.file_name}-{code}")


@router.get("/register-book.pdf", summary="Sổ theo dõi hồ sơ (mẫu 07)", response_class=Pdf, responses=_PDF)
def get_register_book_pdf(
    desk: Annotated[AgencyCode, Query(description="Nơi tiếp nhận")],
    since: Annotated[date, Query(alias="from", description="Từ ngày")],
    until: Annotated[date, Query(alias="to", description="Đến hết ngày")],
    call: Official,
    field: Annotated[str | None, Query(max_length=200, description="Chỉ một lĩnh vực")] = None,
) -> Response:
    """The register book of a desk for a period as PDF/A, A4 lengthwise."""
    with call.reading() as connection:
        sight = call.sight(connection)
        document = register_book_form(
            call.office, connection, desk, since, until, call.at, sight=sight, field=field
        )
    return shown(document, f"so-theo-doi-{desk}-{since:%Y%m%d}-{until:%Y%m%d}")


def shown(document: Document, name: str) -> Pdf:
    """A document as the answer, under a file name."""
    return Pdf(document.pdf(), headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})
