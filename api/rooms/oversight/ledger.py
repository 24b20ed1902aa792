"""The ledger of heads: my matters and those of the heads below me; explain, acknowledge, close, correct."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.deps import Call, Code, Overseer
from api.paging import Cursor
from api.rooms.oversight.place import Chosen, may_sign, place_of
from api.web.acting import act
from api.web.forms import Form, Posted, new_key
from api.web.pages import go, show
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said
from workflows.views import reckoning
from workflows.views.models import FaultRead
from workflows.views.reckoning import Ledger

router = APIRouter(include_in_schema=False)

ROWS = 25


class Whose(StrEnum):
    """Whose matters are shown."""

    MINE = "mine"
    AGENCY = "agency"


class Deed(StrEnum):
    """What is done to a matter."""

    EXPLAIN = "explain"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    CORRECT = "correct"


_COMMANDS = {
    Deed.EXPLAIN: ("explain_fault", Said("Đã ghi giải trình.")),
    Deed.ACKNOWLEDGE: ("acknowledge_fault", Said("Đã xác nhận trách nhiệm.")),
    Deed.CLOSE: ("close_fault", Said("Đã khép lại mục theo dõi.")),
    Deed.CORRECT: ("correct_fault", Said("Đã đính chính sổ trách nhiệm.")),
}


@router.get("/oversight/ledger", name="ledger")
def get_ledger(
    request: Request,
    call: Overseer,
    whose: Annotated[Whose | None, Query()] = None,
    every: Annotated[bool, Query(alias="all")] = False,
    agency: Chosen = None,
    cursor: Cursor = None,
) -> Response:
    """Matters still open, or all; mine and of those below me, or of an agency.

    Unasked, mine, unless there are none.
    """
    return _page(request, call, whose or _whose(call, every), every, agency, cursor)


def _whose(call: Call, every: bool) -> Whose:
    with call.reading() as connection:
        narrow = Ledger(call.sight(connection), concerns=call.actor.id, open_only=not every)
        found = reckoning.ledger(call.office, connection, narrow, size=1).items
    return Whose.MINE if found else Whose.AGENCY


@router.post("/oversight/ledger/{code}/{no}/{deed}", name="enter_in_ledger")
def post_entry(
    request: Request,
    code: Code,
    no: Annotated[int, Path(ge=1, le=9999)],
    deed: Deed,
    call: Overseer,
    form: Posted,
) -> Response:
    """Add an entry to a matter."""
    whose = Whose.AGENCY if form["whose"] == Whose.AGENCY else Whose.MINE
    kind, note = _COMMANDS[deed]
    fields: dict[str, Any] = {"fault": no}
    if deed is not Deed.ACKNOWLEDGE:
        fields["text"] = form["text"]
    if deed is Deed.CORRECT:
        fields["minutes"] = form["minutes"]
    try:
        act(call, code, kind, fields, key=form["key"])
    except MotcuaError as error:
        return _page(
            request,
            call,
            whose,
            form.checked("all"),
            form["agency"] or None,
            None,
            wrong=(f"{code}/{no}", deed, error),
            form=form,
        )
    every = "&all=1" if form.checked("all") else ""
    return go(f"/oversight/ledger?whose={whose.value}{every}", note)


def _page(
    request: Request,
    call: Call,
    whose: Whose,
    every: bool,
    agency: str | None,
    cursor: str | None,
    *,
    wrong: tuple[str, Deed, MotcuaError] | None = None,
    form: Form | None = None,
) -> Response:
    mine = whose is Whose.MINE
    with call.reading() as connection:
        place = place_of(call, connection, agency)
        narrow = Ledger(
            call.sight(connection),
            agency=None if mine else place.agency,
            concerns=call.actor.id if mine else None,
            open_only=not every,
        )
        page = reckoning.ledger(call.office, connection, narrow, cursor=cursor, size=ROWS)
    told = {"whose": whose.value, "all": "1" if every else ""}
    asked = {"mine": "true" if mine else "", "open": "" if every else "true"}
    return show(
        request,
        "oversight/ledger.html",
        call,
        status=422 if wrong else 200,
        whose=whose.value,
        every=every,
        place=place,
        lines=[(f"{item.dossier}/{item.no}", item, deeds(call, item)) for item in page.items],
        wrong=wrong,
        typed=form,
        next=f"/oversight/ledger?{place.query(**told, cursor=page.next_cursor)}"
        if page.next_cursor
        else None,
        first=f"/oversight/ledger?{place.query(**told)}" if cursor else None,
        sheet=f"/api/v1/sheets/ledger.xlsx?{_of(place.query(**asked), mine)}",
        key=new_key(),
    )


def _of(query: str, mine: bool) -> str:
    return "&".join(part for part in query.split("&") if not (mine and part.startswith("agency=")))


def deeds(call: Call, fault: FaultRead) -> list[str]:
    """What this official may do to a matter that is still open."""
    if fault.closed_at is not None:
        return []
    own = (fault.head is not None and fault.head.code == call.actor.id) or may_sign(call, fault.agency.code)
    above = may_sign(call, (fault.up_agency or fault.agency).code)
    settled = fault.minutes is not None or fault.kind == "unsigned_apology"
    acknowledged = any(entry.kind == "acknowledged" for entry in fault.entries)
    return [
        deed.value
        for deed, may in (
            (Deed.EXPLAIN, own),
            (Deed.ACKNOWLEDGE, own and not acknowledged),
            (Deed.CLOSE, above and settled),
            (Deed.CORRECT, above and settled),
        )
        if may
    ]
