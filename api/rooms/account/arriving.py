"""What happens between the right password and the first page: the code, the cookie, what was typed before."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from api.accounts.service import Opened, csrf_of
from api.auth.service import NotAuthenticated
from api.web.carried import Carried
from api.web.pages import go, safe_path, session_cookie, set_cookie, show
from dossiers.core.settings import Settings

_BROWSERS = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR", "Opera"), ("Firefox", "Firefox"))
_BROWSERS_LAST = (("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def arrived(request: Request, opened: Opened, to: str, carried: Carried) -> Response:
    """On to where the person was going, with what they had typed; by way of the code when it is due."""
    carried = carried.for_whom(request, opened.token)
    if opened.awaits_code:
        response = code_page(request, to, carried)
        set_cookie(response, request, code_cookie(request.app.state.door.settings), opened.token)
        return response
    response = _landed(request, opened, to, carried)
    settings: Settings = request.app.state.door.settings
    response.delete_cookie(code_cookie(settings), path="/", secure=settings.is_secure, httponly=True)
    session_cookie(response, request, opened.token)
    return response


def code_page(
    request: Request, to: str, carried: Carried, *, error: NotAuthenticated | None = None
) -> Response:
    """The form for the authenticator's code."""
    status = 200 if error is None else 401
    return show(request, "account/code.html", status=status, next=to, carried=carried.hidden, error=error)


def code_cookie(settings: Settings) -> str:
    """The cookie between the password and the code."""
    return "__Host-motcua_code" if settings.is_secure else "motcua_code"


def device_name(agent: str) -> str:
    """The browser and the system in words, as far as they can be told."""
    browser = next((name for mark, name in (*_BROWSERS, *_BROWSERS_LAST) if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, agent)), "")
    return " trên ".join(filter(None, (browser, system))) or "Thiết bị khác"


def _landed(request: Request, opened: Opened, to: str, carried: Carried) -> Response:
    if not carried.to:
        return go(safe_path(to) if to else "/")
    return show(
        request,
        "account/carry_on.html",
        to=safe_path(carried.to),
        carried=carried.fields,
        fresh_csrf=csrf_of(opened.token),
        expired=False,
    )
