"""The head's board as questions: what is late now and on any past day, letters, ledger, load, figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from api.deps import AgencyCode, Call, Code, Moment, Official, Overseer
from api.paging import Cursor, ListRead, PageRead, Size, paged
from dossiers.core.errors import BadInput
from workflows.views import figures, late, reckoning
from workflows.views.figures import DayFigures, LoadLine, StandingLine
from workflows.views.lists import Filter
from workflows.views.models import ApologyLine, BoardCounts, FaultRead, LateLine, NearlyLine, WaitingLine
from workflows.views.paging import Page
from workflows.views.reckoning import Ledger
from workflows.views.splitting import LatenessRead, lateness

router = APIRouter(tags=["oversight"])

Agency = Annotated[AgencyCode | None, Query(description="Cơ quan, gồm cả các đơn vị bên dưới")]
Procedure = Annotated[str | None, Query(max_length=40, description="Mã thủ tục")]
AsOf = Annotated[
    Moment | None,
    Query(description="Danh sách tại một thời điểm đã qua, ví dụ 2026-03-02T17:00:00+07:00"),
]
From = Annotated[date | None, Query(alias="from", description="Từ ngày; mặc định: 30 ngày qua")]
To = Annotated[date | None, Query(alias="to", description="Đến hết ngày")]
Most = Annotated[int, Query(alias="size", ge=1, le=500, description="Nhiều nhất bao nhiêu dòng")]


@router.get("/late", summary="Hồ sơ quá hẹn")
def list_late(
    request: Request,
    response: Response,
    call: Official,
    agency: Agency = None,
    procedure: Procedure = None,
    as_of: AsOf = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[LateLine]:
    """Open dossiers past the appointment reports judge by, the longest overdue first; or the list as it
    stood at a past instant, by the histories up to then."""
    with call.reading() as connection:
        narrow = Filter(call.sight(connection), known(call, connection, agency), procedure)
        page = late_page(call, connection, narrow, as_of, cursor, size)
    return paged(request, response, page)


@router.get("/nearly-late", summary="Hồ sơ sắp đến hẹn")
def list_nearly_late(
    request: Request,
    response: Response,
    call: Official,
    agency: Agency = None,
    procedure: Procedure = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[NearlyLine]:
    """Dossiers not yet late whose appointment has been warned of, the most urgent first."""
    with call.reading() as connection:
        narrow = Filter(call.sight(connection), known(call, connection, agency), procedure)
        page = late.nearly_late(call.office, connection, call.at, narrow, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/not-received", summary="Hồ sơ chưa được nhận bàn giao đúng hạn")
def list_not_received(
    request: Request,
    response: Response,
    call: Official,
    agency: Agency = None,
    procedure: Procedure = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[WaitingLine]:
    """Files sent to an agency that has not received them in time, the longest waiting first."""
    with call.reading() as connection:
        narrow = Filter(call.sight(connection), known(call, connection, agency), procedure)
        page = late.not_received(call.office, connection, call.at, narrow, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/oversight-counts", summary="Số dòng của mỗi danh sách giám sát")
def get_oversight_counts(call: Official, agency: Agency = None) -> BoardCounts:
    """How many dossiers are late, nearly late, not received in time, and how many letters wait."""
    with call.reading() as connection:
        sight = call.sight(connection)
        return late.counts(call.office, connection, call.at, known(call, connection, agency), sight=sight)


@router.get("/apologies", summary="Thư xin lỗi")
def list_apologies(
    request: Request,
    response: Response,
    call: Official,
    agency: Agency = None,
    to_sign: Annotated[bool, Query(description="Chỉ thư còn phải ký")] = True,
    cursor: Cursor = None,
    size: Most = 200,
) -> PageRead[ApologyLine]:
    """Letters still to be signed, the most pressing first; or every letter."""
    with call.reading() as connection:
        page = reckoning.apologies(
            call.office,
            connection,
            sight=call.sight(connection),
            agency=known(call, connection, agency),
            to_sign=to_sign,
            cursor=cursor,
            size=size,
        )
    return paged(request, response, page)


@router.get("/ledger", summary="Sổ trách nhiệm người đứng đầu")
def list_ledger(
    request: Request,
    response: Response,
    call: Overseer,
    agency: Agency = None,
    head: Annotated[str | None, Query(max_length=64, description="Mã công chức đứng đầu")] = None,
    mine: Annotated[bool, Query(description="Chỉ mục của tôi, hoặc của cấp dưới tôi")] = False,
    open_only: Annotated[bool, Query(alias="open", description="Chỉ mục chưa khép")] = False,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
    cursor: Cursor = None,
    size: Most = 200,
) -> PageRead[FaultRead]:
    """Matters in the ledger of heads with their entries, the latest first."""
    with call.reading() as connection:
        narrow = Ledger(
            call.sight(connection),
            agency=known(call, connection, agency),
            head=head,
            concerns=call.actor.id if mine else None,
            open_only=open_only,
            since=since,
            until=until,
        )
        page = reckoning.ledger(call.office, connection, narrow, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/load", summary="Khối lượng việc theo công chức")
def list_load(call: Overseer, agency: Agency = None) -> ListRead[LoadLine]:
    """Open, overdue and nearly due tasks of each official, and those finished in 30 days."""
    with call.reading() as connection:
        return ListRead(items=figures.load(call.office, connection, call.at, known(call, connection, agency)))


@router.get("/days", summary="Số liệu từng ngày")
def list_days(
    call: Overseer, agency: Agency = None, since: From = None, until: To = None
) -> ListRead[DayFigures]:
    """Received, finished and late day by day, the last 30 days unless said otherwise."""
    with call.reading() as connection:
        known_agency = known(call, connection, agency)
        return ListRead(
            items=figures.series(call.office, connection, call.at, known_agency, first=since, last=until)
        )


@router.get("/standings", summary="So sánh các cơ quan")
def list_standings(
    call: Overseer, agency: Agency = None, since: From = None, until: To = None
) -> ListRead[StandingLine]:
    """The agencies right below one (or those at the top) side by side, with all under each."""
    with call.reading() as connection:
        known_agency = known(call, connection, agency)
        return ListRead(
            items=figures.standings(call.office, connection, call.at, known_agency, first=since, last=until)
        )


@router.get("/dossiers/{code}/lateness", summary="Phần phút trễ của từng cơ quan")
def get_lateness(code: Code, call: Official) -> LatenessRead:
    """How the lateness of a dossier is split among agencies: settled, or as if it were finished now."""
    with call.reading() as connection:
        return lateness(call.office, connection, call.find(connection, code), call.at)


def late_page(
    call: Call,
    connection: Connection,
    narrow: Filter,
    as_of: datetime | None,
    cursor: str | None,
    size: int,
) -> Page[LateLine]:
    """The late list now, or as it stood.

    Raises ``BadInput`` (``as_of_in_future``).
    """
    if as_of is None:
        return late.late(call.office, connection, call.at, narrow, cursor=cursor, size=size)
    if as_of > call.at:
        raise BadInput("Thời điểm xem lại chưa tới.", code="as_of_in_future", where="query.as_of")
    return late.late_then(call.office, connection, as_of, narrow, cursor=cursor, size=size)


def known(call: Call, connection: Connection, agency: str | None) -> str | None:
    """The agency, refused when there is none of this code or it is out of sight; of who does not see every
    agency, the own one when none is named."""
    sight = call.sight(connection)
    if agency is None:
        return None if sight.agencies is None else call.actor.agency
    return sight.agency(call.office.reference(connection).directory, agency)
