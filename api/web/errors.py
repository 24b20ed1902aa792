"""Refusals and failures as pages: what is wrong, how to mend it, and nothing that was typed is lost."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.deps import FORMS, SAFE_METHODS
from api.web.carried import Carried
from api.web.forms import Form
from api.web.pages import safe_path, show
from dossiers.core.errors import MotcuaError

_MACHINES = ("/api/", "/healthz", "/readyz", "/problems/", "/openapi.json", "/docs", "/static/")


def wants_page(request: Request) -> bool:
    """Whether whoever asks reads pages."""
    path = request.url.path
    asks_json = request.headers.get("accept", "").startswith(("application/json", "application/problem+json"))
    return not path.startswith(_MACHINES) and not asks_json


async def refusal_page(request: Request, status: int, error: MotcuaError) -> Response:
    """The page of a refusal; who is not signed in is sent to sign in and back, with what was typed."""
    if status == 401:
        return await _to_sign_in(request, error)
    if error.code == "password_must_change":
        return RedirectResponse("/account?must_change=1", status_code=303)
    if error.code == "form_expired" and _is_from_here(request):
        return await _to_confirm(request, status, error)
    caller = getattr(request.state, "call", None)
    return show(request, "errors/refusal.html", caller, status=status, error=error)


async def _to_sign_in(request: Request, error: MotcuaError) -> Response:
    if request.method in SAFE_METHODS:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = f"/sign-in?next={quote(path, safe='')}"
        return RedirectResponse(back + ("&ended=1" if error.code == "session_ended" else ""), status_code=303)
    if request.url.path == "/sign-out":
        return RedirectResponse("/sign-in", status_code=303)
    carried = Carried.of_ended(request, Form(await request.form()))
    return _sign_in_page(request, 401, error, carried=carried.hidden)


async def _to_confirm(request: Request, status: int, error: MotcuaError) -> Response:
    """What was typed in a form whose guard is out of date, to be sent by a press on a page of ours."""
    form = Form(await request.form())
    if request.url.path == "/sign-in":
        carried = Carried.read(form).hidden
        return _sign_in_page(request, status, error, carried=carried, next_=form["next"], login=form["login"])
    session = getattr(request.state, "session", None)
    return show(
        request,
        "account/carry_on.html",
        status=status,
        to=safe_path(request.url.path),
        carried=form.typed(),
        fresh_csrf=session.csrf if session else "",
        expired=True,
    )


def _is_from_here(request: Request) -> bool:
    """Whether a form was sent, and by no other site as far as the browser says."""
    sent = request.headers.get("content-type", "").startswith(FORMS)
    return sent and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def _sign_in_page(
    request: Request,
    status: int,
    error: MotcuaError,
    *,
    carried: list[tuple[str, str]],
    next_: str = "",
    login: str = "",
) -> Response:
    return show(
        request,
        "account/sign_in.html",
        status=status,
        next=next_,
        error=error,
        login=login,
        people=[],
        demo_password="",
        elsewhere="",
        carried=carried,
    )
