"""The page on which a dossier is registered, by keyboard alone and without a script."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import Call, DeskOfficial
from api.errors import status_of
from api.rooms.desk.registration import Desk, confirm, matches, page_context
from api.rooms.desk.sheet import Sheet
from api.rooms.desk.trays import take_files
from api.web.forms import Posted, new_key
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said
from dossiers.people import repository as people
from dossiers.people.service import plain_phone

router = APIRouter(include_in_schema=False)


@router.get("/desk/register", name="register_page")
def get_register(
    request: Request,
    call: DeskOfficial,
    q: Annotated[str, Query(max_length=200)] = "",
    procedure: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """An empty sheet, for a procedure when one is named."""
    return _page(request, call, Sheet({"q": q, "procedure": procedure}))


@router.post("/desk/register", name="register_dossier")
def post_register(request: Request, call: DeskOfficial, form: Posted) -> Response:
    """Do what the pressed button says; whatever happens, the sheet keeps what was typed."""
    sheet = Sheet(dict(form.typed()))
    for name in ("do", "drop"):
        sheet.typed.pop(name, None)
    take_files(call, form, sheet)
    do = form["do"]
    if form["choose"]:
        sheet.typed["procedure"] = form["choose"]
    elif do == "change":
        sheet.typed["procedure"] = ""
    elif do in ("accept", "later"):
        return _registered(request, call, sheet, accept=do == "accept")
    elif do.startswith("person:"):
        _fill(call, sheet, do.removeprefix("person:"))
    elif sheet.get("number") and (do == "find" or not sheet.has_person("a")):
        _look_up(call, sheet)
    return _page(request, call, sheet)


def _registered(request: Request, call: Call, sheet: Sheet, *, accept: bool) -> Response:
    if not sheet.get("a.name"):
        sheet.errors["a.name"] = Said("Ghi họ tên hoặc tên tổ chức.")
    try:
        if sheet.errors:
            raise BadInput("Một số ô nhập chưa đúng; sửa các ô được đánh dấu rồi gửi lại.")
        receipt = confirm(call, sheet, accept=accept)
    except BadInput as error:
        sheet.refused(error)
        return _page(request, call, sheet, error)
    except MotcuaError as error:
        if error.code == "idempotency_key_reused":
            sheet.typed["key"] = new_key()
        return _page(request, call, sheet, error)
    return go(f"/desk/dossiers/{receipt.code}" + ("?new=1" if accept else "/supplement"))


def _page(request: Request, call: Call, sheet: Sheet, error: MotcuaError | None = None) -> Response:
    for name in ("key", "tray"):
        if not sheet.get(name):
            sheet.typed[name] = new_key()
    with call.reading() as connection:
        desk = Desk(call, connection)
        try:
            context = page_context(desk, sheet)
        except MotcuaError as refusal:
            sheet.typed["procedure"] = ""
            error = error or refusal
            context = page_context(desk, sheet)
    return show(
        request,
        "desk/register.html",
        call,
        status=status_of(error) if error is not None else 200,
        error=error,
        **context,
    )


def _look_up(call: Call, sheet: Sheet) -> None:
    """Fill in the one person with this number; a new one keeps the number where it belongs."""
    number = sheet.typed["number"] = _number(sheet.get("number"))
    with call.reading() as connection:
        found = matches(Desk(call, connection), sheet) or []
    if len(found) == 1:
        sheet.fill_person("a", found[0])
    elif not found:
        is_phone = number.startswith("0") and len(number) in (10, 11)
        sheet.typed["a.phone" if is_phone else "a.identity_no"] = number


def _fill(call: Call, sheet: Sheet, person: str) -> None:
    """Fill in the one chosen of several."""
    with call.reading() as connection:
        for row in matches(Desk(call, connection), sheet) or []:
            if str(row.id) == person:
                sheet.fill_person("a", people.get(connection, row.id))


def _number(typed: str) -> str:
    """A number without spaces and dots; one with a dash, such as a tax code, is left as it is."""
    return plain_phone(typed) if typed.replace("+", "").strip("0123456789 .()") == "" else typed
