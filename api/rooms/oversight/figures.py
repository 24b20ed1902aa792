"""Load per officer, the past month, any past day's late list, agencies side by side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import Overseer
from api.paging import Cursor
from api.rooms.oversight.chart import chart_of
from api.rooms.oversight.place import Chosen, place_of
from api.web.pages import show
from dossiers.core.errors import BadInput
from workflows.views import figures, late
from workflows.views.lists import Filter

router = APIRouter(include_in_schema=False)

ROWS = 25

First = Annotated[date | None, Query(alias="from")]
Last = Annotated[date | None, Query(alias="to")]


@router.get("/oversight/load", name="oversight_load")
def get_load(request: Request, call: Overseer, agency: Chosen = None) -> Response:
    """What lies with each official."""
    with call.reading() as connection:
        place = place_of(call, connection, agency)
        lines = figures.load(call.office, connection, call.at, place.agency)
    return show(
        request,
        "oversight/load.html",
        call,
        place=place,
        lines=lines,
        most=max((line.open for line in lines), default=0),
        sheet=f"/api/v1/sheets/load.xlsx?{place.query()}",
    )


@router.get("/oversight/month", name="oversight_month")
def get_month(
    request: Request, call: Overseer, agency: Chosen = None, since: First = None, until: Last = None
) -> Response:
    """Received, finished and late day by day."""
    error = None
    with call.reading() as connection:
        place = place_of(call, connection, agency)
        reference = call.office.reference(connection)
        try:
            days = figures.series(call.office, connection, call.at, place.agency, first=since, last=until)
            first, last = figures.period(reference, call.at, since, until)
        except BadInput as refusal:
            error = refusal
            days = figures.series(call.office, connection, call.at, place.agency)
            first, last = figures.period(reference, call.at, None, None)
    period = {"from": first.isoformat(), "to": last.isoformat()}
    return show(
        request,
        "oversight/month.html",
        call,
        status=422 if error else 200,
        error=error,
        place=place,
        days=days,
        chart=chart_of(days),
        chosen=since is not None or until is not None,
        first=first,
        last=last,
        sheet=f"/api/v1/sheets/days.xlsx?{place.query(**period)}",
    )


@router.get("/oversight/day", name="oversight_day")
def get_day(
    request: Request,
    call: Overseer,
    on: Annotated[date | None, Query()] = None,
    agency: Chosen = None,
    cursor: Cursor = None,
) -> Response:
    """The late list as it stood when a day ended."""
    error = None
    with call.reading() as connection:
        place = place_of(call, connection, agency)
        reference = call.office.reference(connection)
        today = figures.today(reference, call.at)
        day = on or today - timedelta(days=1)
        try:
            then = figures.end_of(reference, day, call.at)
        except BadInput as refusal:
            error, day = refusal, today
            then = call.at
        page = late.late_then(
            call.office,
            connection,
            then,
            Filter(call.sight(connection), place.agency),
            cursor=cursor,
            size=ROWS,
        )
    return show(
        request,
        "oversight/day.html",
        call,
        status=422 if error else 200,
        error=error,
        place=place,
        day=day,
        today=today,
        then=then,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        lines=page.items,
        next=f"/oversight/day?{place.query(on=day.isoformat(), cursor=page.next_cursor)}"
        if page.next_cursor
        else None,
        first=f"/oversight/day?{place.query(on=day.isoformat())}" if cursor else None,
        sheet=f"/api/v1/sheets/late.xlsx?{place.query(as_of=then.isoformat())}",
    )


@router.get("/oversight/agencies", name="oversight_agencies")
def get_agencies(
    request: Request, call: Overseer, agency: Chosen = None, since: First = None, until: Last = None
) -> Response:
    """The agencies below one, side by side."""
    error = None
    with call.reading() as connection:
        place = place_of(call, connection, agency)
        reference = call.office.reference(connection)
        try:
            first, last = figures.period(reference, call.at, since, until)
        except BadInput as refusal:
            error = refusal
            first, last = figures.period(reference, call.at, None, None)
        lines = figures.standings(call.office, connection, call.at, place.agency, first=first, last=last)
    period = {"from": first.isoformat(), "to": last.isoformat()}
    return show(
        request,
        "oversight/agencies.html",
        call,
        status=422 if error else 200,
        error=error,
        place=place,
        lines=lines,
        first=first,
        last=last,
        sheet=f"/api/v1/sheets/standings.xlsx?{place.query(**period)}",
    )
