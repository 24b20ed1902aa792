"""Accounts: opened, given a new password, locked, unlocked, signed out everywhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.accounts import administering
from api.deps import Administrator, Call
from api.rooms.admin.users import OfficialPath, password_page, user_page
from api.web.forms import Posted
from api.web.pages import go, show
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said

router = APIRouter(prefix="/admin/users")

Deed = Annotated[str, Path(pattern="^(reset|lock|unlock|sign-out)$")]


@router.post("/{official}/account", name="admin_account_add")
def post_account(request: Request, official: OfficialPath, call: Administrator, form: Posted) -> Response:
    """Open an account; its password is shown this once."""
    try:
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            login = form["login"] or official
            password = administering.open_account(connection, directory, official, login, call.at)
    except MotcuaError as error:
        return user_page(request, call, official, error=error)
    return password_page(request, call, official, password)


@router.get("/{official}/{deed}", name="admin_account_deed_page")
def get_deed(request: Request, official: OfficialPath, deed: Deed, call: Administrator) -> Response:
    """What is about to be done to an account."""
    return _deed_page(request, call, official, deed)


@router.post("/{official}/{deed}", name="admin_account_deed")
def post_deed(
    request: Request, official: OfficialPath, deed: Deed, call: Administrator, _form: Posted
) -> Response:
    """Reset the password, lock, unlock, or sign out everywhere."""
    try:
        with call.writing() as connection:
            if deed == "reset":
                password = administering.reset_password(connection, official, call.at)
            elif deed == "lock":
                administering.lock_account(connection, official, call.at, by=call.actor.id)
            elif deed == "unlock":
                administering.unlock_account(connection, official)
            else:
                administering.sign_out_everywhere(connection, official, call.at)
    except MotcuaError as error:
        return _deed_page(request, call, official, deed, error=error)
    if deed == "reset":
        return password_page(request, call, official, password)
    done = {
        "lock": Said("Đã khoá tài khoản."),
        "unlock": Said("Đã mở khoá."),
        "sign-out": Said("Đã đăng xuất mọi nơi."),
    }
    return go(f"/admin/users/{official}", note=done[deed])


def _deed_page(
    request: Request, call: Call, official: str, deed: str, *, error: MotcuaError | None = None
) -> Response:
    with call.reading() as connection:
        known = call.office.reference(connection).directory.official(official)
    return show(
        request,
        "admin/account_deed.html",
        call,
        status=error.status if error else 200,
        official=known,
        deed=deed,
        error=error,
    )
