"""Agencies, officials, heads and bindings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.agencies.schemas import (
    AgencyClose,
    AgencyCreate,
    AgencyLine,
    AgencyRead,
    AgencyUpdate,
    BindingCreate,
    CalendarAssign,
    HeadRead,
    OfficialCreate,
    OfficialId,
    OfficialRead,
    OfficialUpdate,
    TenureCreate,
    TenureRead,
)
from api.deps import Administrator, AgencyCode, Call, Moment, Official
from api.paging import ListRead
from dossiers.agencies import repository
from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Capacity
from dossiers.agencies.service import (
    NewAgency,
    NewOfficial,
    add_agencies,
    add_officials,
    appoint_head,
    bind,
    change_agency,
    change_official,
    close_agency,
)
from dossiers.core.errors import Conflict
from dossiers.core.said import Said
from dossiers.records import repository as records
from sla.calendars.book import DEFAULT_CALENDAR, Purpose
from sla.calendars.service import assign
from workflows.office import Reference
from workflows.procedures import require_participant
from workflows.views.models import Named

router = APIRouter(tags=["agencies"])

AgencyPath = Annotated[AgencyCode, Path(description="Mã cơ quan")]


@router.get("/agencies", summary="Danh sách cơ quan")
def list_agencies(
    call: Official,
    under: Annotated[AgencyCode | None, Query(description="Chỉ cơ quan này và các đơn vị bên dưới")] = None,
    kind: Annotated[str | None, Query(max_length=60, description="Loại, ví dụ one_stop")] = None,
) -> ListRead[AgencyLine]:
    """Agencies by code."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    codes = (
        set(directory.below(directory.agency(under).code))
        if under is not None
        else {agency.code for agency in directory.agencies()}
    )
    return ListRead(
        items=[
            AgencyLine.of(agency)
            for agency in directory.agencies()
            if agency.code in codes and kind in (None, agency.kind)
        ]
    )


@router.get("/agencies/{agency}", summary="Một cơ quan")
def get_agency(agency: AgencyPath, call: Official) -> AgencyRead:
    """An agency with its children, its officials, its head now and the calendars it works by."""
    return agency_read(call, agency)


def agency_read(call: Call, agency: str) -> AgencyRead:
    """All there is to say of an agency."""
    with call.reading() as connection:
        reference = call.office.reference(connection)
        directory = reference.directory
        known = directory.agency(agency)
        row = repository.agency_row(connection, agency)
        in_hand = records.open_at(connection, agency)
        sight = call.sight(connection)
    return AgencyRead(
        **AgencyLine.of(known).model_dump(),
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        successor=Named(code=row.successor, name=directory.name(row.successor)) if row.successor else None,
        open_dossiers=in_hand,
        address=known.address,
        phone=known.phone,
        children=[AgencyLine.of(each) for each in directory.agencies() if each.parent == agency],
        officials=[
            OfficialRead.of(each)
            for each in directory.officials()
            if each.agency == agency and sight.sees((agency,))
        ],
        head=HeadRead.of(directory, directory.head_at(agency, call.at), call.at),
        calendars={purpose: _calendar_of(reference, agency, purpose) for purpose in Purpose},
    )


@router.get("/agencies/{agency}/head", summary="Người đứng đầu tại một thời điểm")
def get_head(
    agency: AgencyPath,
    call: Official,
    at: Annotated[Moment | None, Query(description="Mặc định: bây giờ")] = None,
) -> HeadRead:
    """The head in office at an instant, or that the post was vacant."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    instant = at or call.at
    return HeadRead.of(directory, directory.head_at(directory.agency(agency).code, instant), instant)


@router.get("/agencies/{agency}/tenures", summary="Các nhiệm kỳ của một cơ quan")
def list_tenures(agency: AgencyPath, call: Official) -> ListRead[TenureRead]:
    """Who headed an agency when, oldest first."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        rows = repository.tenures_of(connection, directory.agency(agency).code)
    return ListRead(
        items=[
            TenureRead(
                official=Named(code=row.official, name=directory.official_name(row.official))
                if row.official
                else None,
                capacity=Capacity(row.capacity),
                capacity_name=Capacity(row.capacity).label,
                since=row.since,
                until=row.until,
                decision=row.decision,
            )
            for row in rows
        ]
    )


@router.get("/officials", summary="Danh sách công chức")
def list_officials(
    call: Official,
    under: Annotated[AgencyCode | None, Query(description="Chỉ của cơ quan này và bên dưới")] = None,
) -> ListRead[OfficialRead]:
    """Officials within reach by id, with their roles: those of the caller's agency and below."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
    codes = None if under is None else set(sight.below(directory, under))
    return ListRead(
        items=[
            OfficialRead.of(official)
            for official in directory.officials()
            if sight.sees((official.agency,)) and (codes is None or official.agency in codes)
        ]
    )


@router.post("/agencies", status_code=201, summary="Thêm cơ quan")
def create_agency(agency: AgencyCreate, call: Administrator, response: Response) -> AgencyLine:
    """Keep an agency. Its code never changes afterwards."""
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        call.administers(connection, agency.parent)
        if _has(directory, agency.code):
            raise _exists(Said("Cơ quan mã “{agency}” đã có.", agency=agency.code), agency.code)
        add_agencies(connection, [NewAgency(**agency.model_dump())])
    response.headers["Location"] = f"/api/v1/agencies/{agency.code}"
    return AgencyLine(
        code=agency.code, name=agency.name, kind=agency.kind, parent=agency.parent, closed=False
    )


@router.put("/agencies/{agency}", summary="Sửa thông tin cơ quan")
def update_agency(agency: AgencyPath, wanted: AgencyUpdate, call: Administrator) -> AgencyRead:
    """Change how an agency is called and reached."""
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        change_agency(connection, directory, agency, **wanted.model_dump())
    return agency_read(call, agency)


@router.post("/agencies/{agency}/close", summary="Ngừng hoạt động một cơ quan")
def close_one_agency(agency: AgencyPath, wanted: AgencyClose, call: Administrator) -> AgencyRead:
    """No new dossier is sent there from now on; what it has in hand it still finishes."""
    with call.writing() as connection:
        reference = call.office.reference(connection)
        reference.directory.agency(agency)
        if wanted.successor is not None:
            call.administers(connection, wanted.successor)
        today = reference.calendars.processing(reference.directory, agency).to_local(call.at).date()
        close_agency(connection, reference.directory, agency, today, wanted.successor)
    return agency_read(call, agency)


@router.put("/officials/{official}", summary="Sửa công chức và vai trò")
def update_official(
    official: Annotated[OfficialId, Path(description="Mã công chức")],
    wanted: OfficialUpdate,
    call: Administrator,
) -> OfficialRead:
    """Change an official; the roles given are all that are held from now on."""
    with call.writing() as connection:
        for held in wanted.roles:
            call.administers(connection, held.agency)
        change_official(
            connection,
            call.office.reference(connection).directory,
            official,
            name=wanted.name,
            title=wanted.title,
            active=wanted.active,
            roles=[(held.agency, held.role) for held in wanted.roles],
        )
    with call.reading() as connection:
        return OfficialRead.of(call.office.reference(connection).directory.official(official))


@router.post("/officials", status_code=201, summary="Thêm công chức")
def create_official(official: OfficialCreate, call: Administrator) -> OfficialRead:
    """Keep an official with roles in the agency."""
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        call.administers(connection, official.agency)
        if any(each.id == official.id for each in directory.officials()):
            raise _exists(Said("Công chức “{id}” đã có.", id=official.id), official.id)
        roles = tuple(dict.fromkeys(official.roles))
        add_officials(connection, [NewOfficial(**official.model_dump(exclude={"roles"}), roles=roles)])
    with call.reading() as connection:
        return OfficialRead.of(call.office.reference(connection).directory.official(official.id))


@router.post("/agencies/{agency}/tenures", status_code=201, summary="Bổ nhiệm người đứng đầu")
def create_tenure(agency: AgencyPath, tenure: TenureCreate, call: Administrator) -> HeadRead:
    """From an instant on, somebody else heads the agency, or nobody does. The past is not rewritten."""
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        if tenure.official is not None:
            call.administers(connection, directory.official(tenure.official).agency)
        appoint_head(
            connection,
            directory,
            agency,
            tenure.official,
            tenure.capacity,
            tenure.since,
            bits=call.office.bits,
            decision=tenure.decision,
        )
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    return HeadRead.of(directory, directory.head_at(agency, tenure.since), tenure.since)


@router.post("/bindings", status_code=201, summary="Gán cơ quan cho vai trong thủ tục")
def create_binding(binding: BindingCreate, call: Administrator) -> BindingCreate:
    """Say which agencies play a participant within a scope, in place of an earlier binding."""
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        call.administers(connection, binding.scope)
        require_participant(connection, binding.procedure, binding.participant)
        bind(connection, directory, **binding.model_dump())
    return binding


@router.put("/agencies/{agency}/calendars/{purpose}", summary="Giao lịch làm việc cho cơ quan")
def assign_calendar(
    agency: AgencyPath, purpose: Purpose, assignment: CalendarAssign, call: Administrator
) -> CalendarAssign:
    """Let an agency, and those below it without one of their own, work by a calendar."""
    with call.writing() as connection:
        reference = call.office.reference(connection)
        reference.calendars.current(assignment.calendar)
        assign(connection, agency, purpose, assignment.calendar)
    return assignment


def _calendar_of(reference: Reference, agency: str, purpose: Purpose) -> str:
    book, directory = reference.calendars, reference.directory
    name = book.assigned_name(directory, agency, purpose)
    if name is None and purpose is Purpose.RECEPTION:
        name = book.assigned_name(directory, agency, Purpose.PROCESSING)
    return name or DEFAULT_CALENDAR


def _has(directory: Directory, code: str) -> bool:
    return any(agency.code == code for agency in directory.agencies())


def _exists(message: str, where: str) -> Conflict:
    return Conflict(message, code="already_exists", where=where)
