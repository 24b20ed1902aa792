"""What a desk asks before and between commands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.deps import DeskOfficial
from api.desk.schemas import QueueCount, RegistrationPreview
from api.paging import Cursor, ListRead, PageRead, Size, paged
from workflows.views import queue
from workflows.views.choosing import ProcedureChoice, procedures_for
from workflows.views.models import DossierLine
from workflows.views.preview import Preview, preview

router = APIRouter(prefix="/desk", tags=["desk"])


@router.get("/procedures", summary="Tìm thủ tục để tiếp nhận")
def find_procedures(
    call: DeskOfficial,
    words: Annotated[
        str, Query(alias="q", max_length=200, description="Mã hoặc tên, không cần dấu: khai sinh, 1.001193")
    ] = "",
    size: Annotated[int, Query(ge=1, le=100)] = 12,
) -> ListRead[ProcedureChoice]:
    """Procedures in force by code or by words without diacritics, those this desk uses most first."""
    with call.reading() as connection:
        found = procedures_for(call.office, connection, call.at, call.actor.agency or "", words, limit=size)
    return ListRead(items=found)


@router.post("/preview", summary="Ngày hẹn trả nếu tiếp nhận bây giờ")
def preview_registration(wanted: RegistrationPreview, call: DeskOfficial) -> Preview:
    """The due date of a registration not made yet, with its working, papers and fees. Nothing is written."""
    with call.reading() as connection:
        return preview(
            call.office,
            connection,
            wanted.as_command(),
            call.actor,
            call.at,
            wanted.applicant_kind.value,
        )


@router.get("/queue", summary="Việc của quầy hôm nay")
def count_queue(call: DeskOfficial) -> ListRead[QueueCount]:
    """How much waits in each pile of the caller's desk."""
    with call.reading() as connection:
        reference = call.office.reference(connection)
        found = queue.counts(connection, queue.desk_at(reference, call.actor.agency or "", call.at))
    return ListRead(items=[QueueCount(pile=pile.value, count=count) for pile, count in found.items()])


@router.get("/queue/{pile}", summary="Một nhóm việc của quầy")
def list_queue(
    pile: Annotated[queue.Pile, Path(description="Nhóm việc")],
    request: Request,
    response: Response,
    call: DeskOfficial,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[DossierLine]:
    """The dossiers of a pile, what presses most first; of today the latest first."""
    with call.reading() as connection:
        desk = queue.desk_at(call.office.reference(connection), call.actor.agency or "", call.at)
        page = queue.pile_of(call.office, connection, desk, pile, cursor=cursor, size=size)
    return paged(request, response, page)
