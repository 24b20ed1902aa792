"""What heads, leaders, inspectors and administrators look at, and the monitor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from api.deps import Administrator, AgencyCode, Inspector, Moment, Official, Overseer
from api.oversight.schemas import SweepFailureRead, SweepRead
from api.paging import Cursor, ListRead, PageRead, Size, paged
from dossiers.records import repository as records
from dossiers.records.models import DossierRow
from workflows.sweep import sweep
from workflows.verify import Verdict, verify
from workflows.views import lists
from workflows.views.models import AlertRead, ApologyRead, FaultRead, LateLine

router = APIRouter(tags=["oversight"])

Agency = Annotated[AgencyCode | None, Query(description="Cơ quan, gồm cả các đơn vị bên dưới")]
Most = Annotated[int, Query(alias="size", ge=1, le=500, description="Nhiều nhất bao nhiêu dòng")]


@router.get("/late", summary="Hồ sơ quá hẹn")
def list_late(
    request: Request,
    response: Response,
    call: Official,
    agency: Agency = None,
    procedure: Annotated[str | None, Query(max_length=40, description="Mã thủ tục")] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[LateLine]:
    """Open dossiers past the appointment reports judge by, the longest overdue first."""
    with call.reading() as connection:
        narrow = lists.Filter(agency=_known(call, connection, agency), procedure=procedure)
        page = lists.late(call.office, connection, call.at, narrow, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/alerts", summary="Cảnh báo")
def list_alerts(
    call: Official,
    agency: Agency = None,
    since: Annotated[Moment | None, Query(description="Từ thời điểm; mặc định: 7 ngày qua")] = None,
    size: Most = 200,
) -> ListRead[AlertRead]:
    """What the monitor noticed, the latest first."""
    with call.reading() as connection:
        return ListRead(
            items=lists.alerts(
                call.office,
                connection,
                agency=_known(call, connection, agency),
                since=since or call.at - timedelta(days=7),
                size=size,
            )
        )


@router.get("/apologies", summary="Thư xin lỗi")
def list_apologies(
    call: Official,
    agency: Agency = None,
    to_sign: Annotated[bool, Query(description="Chỉ thư còn phải ký")] = True,
    size: Most = 200,
) -> ListRead[ApologyRead]:
    """Letters still to be signed, the most pressing first; or every letter."""
    with call.reading() as connection:
        known = _known(call, connection, agency)
        return ListRead(
            items=lists.apologies(call.office, connection, agency=known, to_sign=to_sign, size=size)
        )


@router.get("/ledger", summary="Sổ trách nhiệm người đứng đầu")
def list_ledger(
    call: Overseer,
    agency: Agency = None,
    head: Annotated[str | None, Query(max_length=64, description="Mã công chức đứng đầu")] = None,
    open_only: Annotated[bool, Query(alias="open", description="Chỉ mục chưa khép")] = False,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
    size: Most = 200,
) -> ListRead[FaultRead]:
    """Matters in the ledger of heads, the latest first."""
    with call.reading() as connection:
        return ListRead(
            items=lists.ledger(
                call.office,
                connection,
                agency=_known(call, connection, agency),
                head=head,
                open_only=open_only,
                since=since,
                until=until,
                size=size,
            )
        )


@router.get("/sweep-failures", summary="Hồ sơ bộ giám sát phải gác lại")
def list_sweep_failures(call: Administrator) -> ListRead[SweepFailureRead]:
    """Dossiers the monitor could not handle, when it tries again, and how often it tried."""
    with call.reading() as connection:
        rows = records.failures(connection)
        codes = _codes(connection, [row.dossier_id for row in rows])
    return ListRead(
        items=[
            SweepFailureRead(
                dossier=codes.get(row.dossier_id, str(row.dossier_id)),
                attempts=row.attempts,
                error=row.error,
                failed_at=row.failed_at,
                retry_at=row.retry_at,
            )
            for row in rows
        ]
    )


@router.post("/sweep", summary="Rà soát thời hạn ngay")
def run_sweep(call: Administrator) -> SweepRead:
    """Let the monitor look now: each dossier to which something fell due, in a transaction of its own."""
    report = sweep(call.office, call.at)
    with call.reading() as connection:
        codes = _codes(connection, report.failed)
    return SweepRead(
        looked_at=report.looked_at,
        events=dict(report.events),
        failed=[codes.get(each, str(each)) for each in report.failed],
    )


@router.get("/verify", summary="Kiểm chứng lịch sử và số liệu")
def run_verify(call: Inspector) -> Verdict:
    """Check every chain and fold every history again; names the first thing that differs."""
    with call.reading() as connection:
        return verify(connection)


def _known(call: Official, connection: Connection, agency: str | None) -> str | None:
    if agency is None:
        return None
    return call.office.reference(connection).directory.agency(agency).code


def _codes(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    return {row.id: row.code for row in records.stored_rows(connection, DossierRow, ids)}
