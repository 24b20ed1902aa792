"""Closing an agency: what it means, then doing it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.agencies.endpoints import agency_read
from api.deps import Administrator, Call
from api.rooms.admin.agencies import AgencyPath
from api.web.forms import Posted
from api.web.pages import go, show
from dossiers.agencies.service import close_agency
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said

router = APIRouter(prefix="/admin/agencies")


@router.get("/{agency}/close", name="admin_agency_close_page")
def get_close(request: Request, agency: AgencyPath, call: Administrator) -> Response:
    """What closing the agency means."""
    return _page(request, call, agency)


@router.post("/{agency}/close", name="admin_agency_close")
def post_close(request: Request, agency: AgencyPath, call: Administrator, form: Posted) -> Response:
    """From now on the agency takes no new work."""
    try:
        with call.writing() as connection:
            reference = call.office.reference(connection)
            reference.directory.agency(agency)
            successor = form["successor"] or None
            if successor is not None:
                call.administers(connection, successor)
            today = reference.calendars.processing(reference.directory, agency).to_local(call.at).date()
            close_agency(connection, reference.directory, agency, today, successor)
    except MotcuaError as error:
        return _page(request, call, agency, successor=form["successor"], error=error)
    return go(f"/admin/agencies/{agency}", note=Said("Cơ quan đã ngừng hoạt động."))


def _page(
    request: Request, call: Call, agency: str, *, successor: str = "", error: MotcuaError | None = None
) -> Response:
    known = agency_read(call, agency)
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
    return show(
        request,
        "admin/agency_close.html",
        call,
        status=error.status if error else 200,
        agency=known,
        open_units=[each for each in known.children if not each.closed],
        others=[
            each
            for each in directory.agencies()
            if not each.closed and each.code != agency and sight.sees((each.code,))
        ],
        successor=successor,
        error=error,
        errors={error.where: error.message} if error else {},
    )
