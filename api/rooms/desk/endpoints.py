"""The desk's own pages: today's piles, looking up, what waits to be given back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import DeskOfficial, Official
from api.rooms.desk.corrections import router as corrections
from api.rooms.desk.counter import router as counter
from api.rooms.desk.rating import router as rating
from api.rooms.desk.registering import router as registering
from api.rooms.desk.registration import Desk
from api.web.pages import show
from api.web.shown import VIETNAM
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said
from dossiers.records.statuses import Status
from workflows.views import lists, queue
from workflows.views.paging import Page
from workflows.views.queue import Pile

router = APIRouter(include_in_schema=False)
router.include_router(registering)
router.include_router(rating)
router.include_router(corrections)
router.include_router(counter)

PILES = {
    Pile.TO_SEND: Said("Chờ chuyển"),
    Pile.NEARLY_DUE: Said("Sắp đến hẹn"),
    Pile.AWAITED: Said("Chờ bổ sung"),
    Pile.PICKUP: Said("Chờ trả kết quả"),
    Pile.TODAY: Said("Tiếp nhận hôm nay"),
}

Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/desk", name="desk_page")
def get_desk(
    request: Request, call: DeskOfficial, pile: Annotated[Pile | None, Query()] = None, cursor: Cursor = None
) -> Response:
    """What the desk has before it, pile by pile, and the way to register the next."""
    with call.reading() as connection:
        desk = queue.desk_at(call.office.reference(connection), call.actor.agency or "", call.at)
        counts = queue.counts(connection, desk)
        shown = pile or next((each for each in PILES if counts[each]), Pile.TODAY)
        page = queue.pile_of(call.office, connection, desk, shown, cursor=cursor)
        usual = [choice for choice in Desk(call, connection).choices("", 6) if choice.used]
    return show(
        request,
        "desk/home.html",
        call,
        piles=[(each, label, counts[each]) for each, label in PILES.items()],
        pile=shown,
        page=page,
        usual=usual,
        today=call.at.astimezone(VIETNAM).date().isoformat(),
        cursor=cursor,
    )


@router.get("/desk/pickup", name="pickup_page")
def get_pickup(
    request: Request,
    call: DeskOfficial,
    words: Annotated[str, Query(alias="q", max_length=200)] = "",
    cursor: Cursor = None,
) -> Response:
    """Results that wait for whoever comes for them."""
    with call.reading() as connection:
        if words.strip():
            narrow = lists.Filter(
                call.sight(connection), desk=call.actor.agency, words=words, status=Status.FINISHED.value
            )
            page = lists.dossiers(call.office, connection, call.at, narrow, cursor=cursor)
        else:
            desk = queue.desk_at(call.office.reference(connection), call.actor.agency or "", call.at)
            page = queue.pile_of(call.office, connection, desk, Pile.PICKUP, cursor=cursor)
    return show(
        request,
        "desk/pickup.html",
        call,
        words=words,
        page=page,
        next=_next("/desk/pickup", page.next_cursor, q=words),
    )


@router.get("/desk/search", name="search_page")
def get_search(
    request: Request,
    call: Official,
    words: Annotated[str, Query(alias="q", max_length=200)] = "",
    procedure: Annotated[str, Query(max_length=40)] = "",
    status: Annotated[str, Query(max_length=2)] = "",
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    until: Annotated[str, Query(alias="to", max_length=10)] = "",
    open_only: Annotated[bool, Query(alias="open")] = False,
    cursor: Cursor = None,
) -> Response:
    """Dossiers by name without diacritics, code, number or procedure; every filter stands in the address."""
    filters = {"q": words, "procedure": procedure, "status": status, "from": since, "to": until}
    error: MotcuaError | None = None
    with call.reading() as connection:
        try:
            narrow = lists.Filter(
                call.sight(connection),
                procedure=procedure or None,
                status=int(status) if status.isascii() and status.isdigit() else None,
                open_only=open_only,
                words=words,
                registered_from=_midnight(since),
                registered_until=_midnight(until, days_later=1),
            )
            page = lists.dossiers(call.office, connection, call.at, narrow, cursor=cursor, size=30)
        except MotcuaError as refusal:
            error, page = refusal, Page([], None)
        offered = Desk(call, connection).choices("", 100)
    return show(
        request,
        "desk/search.html",
        call,
        error=error,
        filters=filters,
        open_only=open_only,
        page=page,
        procedure_options=[(choice.code, choice.name) for choice in offered],
        statuses=list(Status),
        next=_next("/desk/search", page.next_cursor, **filters, open="true" if open_only else ""),
        cursor=cursor,
    )


def _next(path: str, cursor: str | None, **filters: str) -> str | None:
    """The address of the following page, with the filters of this one."""
    if cursor is None:
        return None
    return f"{path}?" + urlencode(
        {name: value for name, value in filters.items() if value} | {"cursor": cursor}
    )


def _midnight(text: str, *, days_later: int = 0) -> datetime | None:
    """The beginning of a day given as ``2026-11-20``; None for what is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + timedelta(days=days_later)
