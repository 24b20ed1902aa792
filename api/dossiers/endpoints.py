"""Questions about dossiers: lists, one dossier now or then, its history, why its date is what it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api.deps import AgencyCode, Call, Code, Moment, Official
from api.links import public_window
from api.paging import Cursor, ListRead, PageRead, Size, paged
from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.calendars.book import DEFAULT_CALENDAR
from workflows.office import Reference
from workflows.views import lists
from workflows.views.allowed import AllowedRead, allowed_now
from workflows.views.dossier import read_dossier
from workflows.views.explaining import explain
from workflows.views.inbox import TaskLine, inbox
from workflows.views.letters import apology_letter
from workflows.views.models import BookLine, ControlSlip, DossierLine, DossierRead, EventRead, Explanation
from workflows.views.slips import book, control_slip
from workflows.views.words import tell

router = APIRouter(tags=["dossiers"])

Agency = Annotated[AgencyCode | None, Query(description="Cơ quan, gồm cả các đơn vị bên dưới")]
AsOf = Annotated[
    Moment | None, Query(description="Xem lại tại một thời điểm đã qua, ví dụ 2026-03-02T08:00:00+07:00")
]
From = Annotated[date | None, Query(alias="from", description="Từ ngày (giờ Việt Nam)")]
To = Annotated[date | None, Query(alias="to", description="Đến hết ngày")]

MOST_BOOK_LINES = 5000


@router.get("/dossiers", summary="Danh sách hồ sơ")
def list_dossiers(
    request: Request,
    response: Response,
    call: Official,
    agency: Agency = None,
    procedure: Annotated[str | None, Query(max_length=40, description="Mã thủ tục")] = None,
    status: Annotated[int | None, Query(ge=1, le=10, description="Trạng thái quốc gia, 1 đến 10")] = None,
    open_only: Annotated[bool, Query(alias="open", description="Chỉ hồ sơ chưa xong")] = False,
    words: Annotated[
        str, Query(alias="q", max_length=200, description="Mã hồ sơ, số định danh, điện thoại hoặc tên")
    ] = "",
    since: From = None,
    until: To = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[DossierLine]:
    """Dossiers, the latest registered first; ``agency`` takes in all below it."""
    with call.reading() as connection:
        reference = call.office.reference(connection)
        narrow = lists.Filter(
            call.sight(connection),
            agency=agency,
            procedure=procedure,
            status=status,
            open_only=open_only,
            words=words,
            registered_from=_start_of(reference, since),
            registered_until=_start_of(reference, until, days_later=1),
        )
        page = lists.dossiers(call.office, connection, call.at, narrow, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/dossiers/{code}", summary="Một hồ sơ", responses={304: {"description": "Không thay đổi"}})
def get_dossier(
    code: Code,
    call: Official,
    response: Response,
    as_of: AsOf = None,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", max_length=200, description="ETag đã có")
    ] = None,
) -> DossierRead:
    """Everything about a dossier, now or as it stood by its history at a past instant.

    The ETag is the number of the last event: it moves when something happened to the dossier, not when a
    minute passed.
    """
    with call.reading() as connection:
        dossier = read_dossier(
            call.office, connection, call.find(connection, code), call.at, as_of=_past(call, as_of)
        )
    etag = f'"{dossier.seq}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and etag in _etags(if_none_match):
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]
    response.headers.update(headers)
    return dossier


@router.get("/dossiers/{code}/history", summary="Lịch sử hồ sơ")
def get_history(code: Code, call: Official, as_of: AsOf = None) -> ListRead[EventRead]:
    """Everything that happened to a dossier, oldest first, each event in a sentence."""
    with call.reading() as connection:
        told = tell(call.office, connection, call.find(connection, code), until=_past(call, as_of))
    return ListRead(items=told.events)


@router.get("/dossiers/{code}/explanation", summary="Vì sao ngày hẹn là ngày này")
def get_explanation(
    code: Code,
    call: Official,
    promise: Annotated[
        int | None, Query(ge=1, description="Số lịch hẹn; mặc định: lịch hẹn dùng để đánh giá")
    ] = None,
) -> Explanation:
    """The working of an appointment, line by line, by the calendar it was made on."""
    with call.reading() as connection:
        return explain(call.office, connection, call.find(connection, code), promise)


@router.get("/dossiers/{code}/control-slip", summary="Phiếu kiểm soát quá trình giải quyết (mẫu 06)")
def get_control_slip(code: Code, call: Official) -> ControlSlip:
    """Who gave the file to whom, when, and what the receiver said of the step before."""
    with call.reading() as connection:
        return control_slip(call.office, connection, call.find(connection, code))


@router.get("/dossiers/{code}/allowed", summary="Việc tôi được làm với hồ sơ này")
def get_allowed(code: Code, call: Official) -> ListRead[AllowedRead]:
    """Every command: whether the caller may carry it out now, on what, and if not why and who could."""
    with call.reading() as connection:
        dossier_id = call.find(connection, code)
        return ListRead(items=allowed_now(call.office, connection, dossier_id, call.actor, call.at))


class _Pdf(Response):
    media_type = "application/pdf"


@router.get(
    "/dossiers/{code}/apologies/{no}.pdf",
    summary="Thư xin lỗi (mẫu 04)",
    response_class=_Pdf,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_apology_pdf(code: Code, no: Annotated[int, Path(ge=1, le=9999)], call: Official) -> Response:
    """The letter as PDF/A; it says DỰ THẢO until it is signed. Its QR code leads to the public check."""
    with call.reading() as connection:
        letter = apology_letter(
            call.office,
            connection,
            call.find(connection, code),
            no,
            call.at,
            link_to=public_window(call.settings) + "/letters",
        )
    name = f"thu-xin-loi-{letter.dossier_code}-{no}.pdf"
    return _Pdf(letter.pdf(), headers={"Content-Disposition": f'inline; filename="{name}"'})


@router.get("/register-book", summary="Sổ theo dõi hồ sơ (mẫu 07)")
def get_register_book(
    desk: Annotated[AgencyCode, Query(description="Nơi tiếp nhận")],
    since: Annotated[date, Query(alias="from", description="Từ ngày")],
    until: Annotated[date, Query(alias="to", description="Đến hết ngày")],
    call: Official,
) -> ListRead[BookLine]:
    """The register book of a desk for a period, numbered in order of reception."""
    with call.reading() as connection:
        reference = call.office.reference(connection)
        start, end = _start_of(reference, since), _start_of(reference, until, days_later=1)
        assert start is not None
        assert end is not None
        lines = book(
            call.office, connection, desk, start, end, sight=call.sight(connection), size=MOST_BOOK_LINES + 1
        )
    if len(lines) > MOST_BOOK_LINES:
        raise BadInput(
            Said("Khoảng thời gian này có hơn {most_book_lines} hồ sơ.", most_book_lines=MOST_BOOK_LINES),
            code="period_too_long",
            where="to",
            hint="Chọn khoảng thời gian ngắn hơn.",
        )
    return ListRead(items=lines)


@router.get("/tasks", summary="Việc chờ xử lý")
def list_tasks(
    request: Request,
    response: Response,
    call: Official,
    agency: Annotated[AgencyCode | None, Query(description="Mặc định: cơ quan của người gọi")] = None,
    mine: Annotated[bool, Query(description="Chỉ việc của tôi và việc chưa ai nhận")] = False,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[TaskLine]:
    """The inbox: live tasks of an agency and all below it, the most urgent first."""
    with call.reading() as connection:
        page = inbox(
            call.office,
            connection,
            call.at,
            agency or call.actor.agency or "",
            sight=call.sight(connection),
            official=call.actor.id if mine else None,
            cursor=cursor,
            size=size,
        )
    return paged(request, response, page)


def _start_of(reference: Reference, day: date | None, *, days_later: int = 0) -> datetime | None:
    """Midnight at the beginning of a local day."""
    if day is None:
        return None
    return reference.calendars.current(DEFAULT_CALENDAR).local(day + timedelta(days=days_later))


def _past(call: Call, as_of: datetime | None) -> datetime | None:
    if as_of is not None and as_of > call.at:
        raise BadInput("Thời điểm xem lại chưa tới.", code="as_of_in_future", where="query.as_of")
    return as_of


def _etags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
