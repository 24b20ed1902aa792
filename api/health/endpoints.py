"""Whether the process lives and may take requests; the interface described for programs and for people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.deps import Anybody
from api.docs_page import PAGE_POLICY, page_of
from api.errors import ErrorCode, error_codes
from api.health.schemas import HealthRead, ReadinessRead
from api.office.service import stopped_duties
from dossiers.core.errors import NotFound
from dossiers.core.migrating import require_current

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Tiến trình còn sống")
async def get_health(_visit: Anybody) -> HealthRead:
    """The process answers. Takes no thread: it must answer when all of them are busy."""
    return HealthRead()


@router.get("/readyz", summary="Sẵn sàng nhận yêu cầu")
def get_readiness(visit: Anybody) -> ReadinessRead:
    """The database can be reached and has the schema of this program; which standing duties stopped."""
    require_current(visit.office.database)
    with visit.reading() as connection:
        return ReadinessRead(duties_stopped=stopped_duties(connection, visit.settings, visit.at))


@router.get("/problems/{problem}", summary="Ý nghĩa của một mã lỗi")
async def get_problem(
    problem: Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+$")], _visit: Anybody
) -> ErrorCode:
    """What the ``type`` of a problem stands for."""
    known = error_codes().get(problem)
    if known is None:
        raise NotFound("Không có mã lỗi này.", code="problem_unknown", where=problem)
    return known


@router.get("/openapi.json", include_in_schema=False)
def get_openapi(request: Request, _visit: Anybody) -> JSONResponse:
    """The interface described for programs."""
    return JSONResponse(_description(request), headers={"Cache-Control": "public, max-age=300"})


@router.get("/docs", include_in_schema=False)
def get_docs(request: Request, _visit: Anybody) -> HTMLResponse:
    """The interface described for people: one page that needs nothing from anywhere else."""
    return HTMLResponse(
        page_of(_description(request)),
        headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "public, max-age=300"},
    )


def _description(request: Request) -> dict[str, Any]:
    description: dict[str, Any] = request.app.openapi()
    return description
