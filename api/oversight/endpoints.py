"""Alerts, the monitor and the proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Administrator, AgencyCode, Moment, Official, TopAdministrator, TopInspector
from api.oversight.schemas import SweepFailureRead, SweepRead
from api.paging import ListRead
from dossiers.records import repository as records
from workflows.duties.standing import sweep_now
from workflows.verify import Verdict, verify
from workflows.views import lists
from workflows.views.models import AlertRead
from workflows.views.sight import seen

router = APIRouter(tags=["oversight"])

Agency = Annotated[AgencyCode | None, Query(description="Cơ quan, gồm cả các đơn vị bên dưới")]
Most = Annotated[int, Query(alias="size", ge=1, le=500, description="Nhiều nhất bao nhiêu dòng")]


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
                sight=call.sight(connection),
                agency=agency,
                since=since or call.at - timedelta(days=7),
                size=size,
            )
        )


@router.get("/sweep-failures", summary="Hồ sơ bộ giám sát phải gác lại")
def list_sweep_failures(call: Administrator) -> ListRead[SweepFailureRead]:
    """Dossiers the monitor could not handle, when it tries again, and how often it tried."""
    with call.reading() as connection:
        rows = records.failures(connection)
        codes = seen(connection, [row.dossier_id for row in rows], call.sight(connection))
    return ListRead(
        items=[
            SweepFailureRead(
                dossier=codes[row.dossier_id],
                attempts=row.attempts,
                error=row.error,
                failed_at=row.failed_at,
                retry_at=row.retry_at,
            )
            for row in rows
            if row.dossier_id in codes
        ]
    )


@router.post("/sweep", summary="Rà soát thời hạn ngay")
def run_sweep(call: TopAdministrator) -> SweepRead:
    """Let the monitor look now: each dossier to which something fell due, in a transaction of its own."""
    report = sweep_now(call.office, call.at)
    with call.reading() as connection:
        codes = seen(connection, report.failed, call.sight(connection))
    return SweepRead(
        looked_at=report.looked_at,
        events=dict(report.events),
        failed=[codes[each] for each in report.failed if each in codes],
    )


@router.get("/verify", summary="Kiểm chứng lịch sử và số liệu")
def run_verify(call: TopInspector) -> Verdict:
    """Check every chain and fold every history again; names the first thing that differs."""
    with call.reading() as connection:
        return verify(connection)
