"""Signing in elsewhere: there and back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.accounts import elsewhere
from api.accounts.elsewhere import Waiting
from api.accounts.service import open_for
from api.auth.service import NotAuthenticated
from api.deps import Anybody, Visit
from api.errors import RateLimited
from api.public.limiting import client_key
from api.rooms.account.arriving import arrived, device_name
from api.web.carried import Carried
from api.web.pages import set_cookie, show
from dossiers.core.errors import MotcuaError, NotFound
from dossiers.core.settings import Settings

router = APIRouter(include_in_schema=False)

WITHIN_SECONDS = 600


def _cookie(settings: Settings) -> str:
    return "__Host-motcua_elsewhere" if settings.is_secure else "motcua_elsewhere"


@router.get("/sign-in/elsewhere", name="sign_in_elsewhere")
def get_way(
    request: Request, visit: Anybody, next_: Annotated[str, Query(alias="next", max_length=2000)] = ""
) -> Response:
    """To the provider of identities."""
    _require_offered(visit)
    waiting = Waiting.fresh()
    try:
        response = RedirectResponse(elsewhere.way_there(visit.settings, waiting), status_code=303)
    except NotAuthenticated as error:
        return _refused(request, visit, error, next_)
    kept = f"{waiting.text}|{quote(next_, safe='')}"
    set_cookie(response, request, _cookie(visit.settings), kept, max_age=WITHIN_SECONDS)
    return response


@router.get("/sign-in/elsewhere/return", name="sign_in_return")
def get_return(
    request: Request,
    visit: Anybody,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Back from there, with a code."""
    _require_offered(visit)
    kept, _, to = request.cookies.get(_cookie(visit.settings), "").rpartition("|")
    response = _back(request, visit, kept, code, state, unquote(to))
    secure = visit.settings.is_secure
    response.delete_cookie(_cookie(visit.settings), path="/", secure=secure, httponly=True)
    return response


def _back(request: Request, visit: Visit, kept: str, code: str, state: str, to: str) -> Response:
    try:
        wait = visit.limits.browser.take(client_key(visit.client), visit.at)
        if wait:
            raise RateLimited(wait)
        who = elsewhere.identity(visit.settings, Waiting.read(kept), code, state, visit.at)
        with visit.writing() as connection:
            account = elsewhere.account_of(connection, who, visit.at)
            opened = open_for(
                connection,
                visit.office.reference(connection).directory,
                account,
                visit.at,
                device=device_name(request.headers.get("user-agent", "")),
            )
    except (NotAuthenticated, RateLimited) as error:
        return _refused(request, visit, error, to)
    if isinstance(opened, NotAuthenticated):
        return _refused(request, visit, opened, to)
    return arrived(request, opened, to, Carried())


def _refused(request: Request, visit: Visit, error: MotcuaError, to: str) -> Response:
    return show(
        request,
        "account/sign_in.html",
        status=error.status,
        next=to,
        error=error,
        login="",
        people=[],
        demo_password="",
        carried=[],
        elsewhere=visit.settings.oidc_name,
    )


def _require_offered(visit: Visit) -> None:
    if not elsewhere.is_offered(visit.settings):
        raise NotFound("Không có địa chỉ này.", code="route_unknown")
