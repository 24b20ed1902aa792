"""Signing in and out, the way home, the language, files of the pages."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.accounts import repository
from api.accounts.elsewhere import is_offered
from api.accounts.service import enter_code, session_of, sign_in
from api.auth.service import NotAuthenticated
from api.deps import Anybody, Official, Visit, cookie_name
from api.errors import RateLimited
from api.public.limiting import client_key
from api.rooms.account.arriving import arrived, code_cookie, code_page, device_name
from api.rooms.account.people import DEMO_PASSWORD, demo_people
from api.web.carried import Carried
from api.web.forms import Form, Posted
from api.web.navigation import home_of
from api.web.pages import THEME_COOKIE, go, safe_path, set_cookie, show
from api.web.translation import COOKIE
from dossiers.core.errors import MotcuaError, NotFound
from dossiers.core.said import Said

router = APIRouter(include_in_schema=False)

_KINDS = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "webmanifest": "application/json",
}
_YEAR = 365 * 24 * 3600


@router.get("/", name="home")
def get_home(request: Request, visit: Anybody) -> Response:
    """To the first page of whoever is signed in; citizens to the public window."""
    token = request.cookies.get(cookie_name(visit.settings), "")
    if not token:
        return RedirectResponse("/sign-in", status_code=303)
    with visit.reading() as connection:
        directory = visit.office.reference(connection).directory
        try:
            actor, _session, _noted = session_of(connection, token, directory, visit.at)
        except NotAuthenticated:
            return RedirectResponse("/sign-in?ended=1", status_code=303)
    return RedirectResponse(home_of(actor.roles), status_code=303)


@router.get("/sign-in", name="sign_in_page")
def get_sign_in(
    request: Request,
    visit: Anybody,
    next_: Annotated[str, Query(alias="next", max_length=2000)] = "",
    ended: Annotated[bool, Query()] = False,
) -> Response:
    """The form to sign in by."""
    error = (
        NotAuthenticated(Said("Phiên làm việc đã hết."), hint="Đăng nhập lại để tiếp tục.") if ended else None
    )
    return _sign_in_page(request, visit, next_=next_, error=error)


@router.post("/sign-in", name="sign_in")
def post_sign_in(request: Request, visit: Anybody, form: Posted) -> Response:
    """Open a session and go where the person was going; by way of the authenticator's code, if it is on."""
    login = f"login:{form['login'].lower()}"
    wait = visit.limits.browser.take(client_key(visit.client), visit.at)
    wait = wait or visit.limits.login.take(login, visit.at)
    if wait:
        refused = RateLimited(wait)
        return _sign_in_page(request, visit, next_=form["next"], error=refused, form=form, status=429)
    with visit.writing() as connection:
        opened = sign_in(
            connection,
            visit.office.reference(connection).directory,
            form["login"],
            str(form.data.get("password", "")),
            visit.at,
            device=device_name(request.headers.get("user-agent", "")),
        )
    if isinstance(opened, NotAuthenticated):
        return _sign_in_page(request, visit, next_=form["next"], error=opened, form=form, status=401)
    visit.limits.login.give_back(login)
    return arrived(request, opened, form["next"], Carried.read(form))


@router.post("/sign-in/code", name="sign_in_code")
def post_code(request: Request, visit: Anybody, form: Posted) -> Response:
    """The code of the authenticator, after the password."""
    wait = visit.limits.browser.take(client_key(visit.client), visit.at)
    if wait:
        refused = RateLimited(wait)
        return _sign_in_page(request, visit, next_=form["next"], error=refused, form=form, status=429)
    token = request.cookies.get(code_cookie(visit.settings), "")
    with visit.writing() as connection:
        opened = enter_code(connection, token, form["otp"], visit.at)
    if not isinstance(opened, NotAuthenticated):
        return arrived(request, opened, form["next"], Carried.read(form))
    if opened.code == "code_wrong":
        return code_page(request, form["next"], Carried.read(form), error=opened)
    return _sign_in_page(request, visit, next_=form["next"], error=opened, form=form, status=401)


@router.post("/sign-out", name="sign_out")
def post_sign_out(request: Request, call: Official, _form: Posted) -> Response:
    """End the session."""
    response = go("/sign-in")
    if call.session is not None:
        with call.writing() as connection:
            repository.end_session(connection, call.session.id, call.at)
    response.delete_cookie(
        cookie_name(call.settings), path="/", secure=call.settings.is_secure, httponly=True
    )
    return response


@router.get("/language/{language}", name="language")
def get_language(
    request: Request,
    _visit: Anybody,
    language: Annotated[str, Path(pattern="^(vi|en)$")],
    back: Annotated[str, Query(max_length=2000)] = "/",
) -> Response:
    """Read pages in another language from now on."""
    response = go(safe_path(back))
    set_cookie(response, request, COOKIE, language, max_age=_YEAR)
    return response


@router.get("/theme/{theme}", name="theme")
def get_theme(
    request: Request,
    _visit: Anybody,
    theme: Annotated[str, Path(pattern="^(light|dark|auto)$")],
    back: Annotated[str, Query(max_length=2000)] = "/",
) -> Response:
    """Light, dark, or as the computer says."""
    response = go(safe_path(back))
    set_cookie(response, request, THEME_COOKIE, "" if theme == "auto" else theme, max_age=_YEAR)
    return response


@router.get("/static/{name}", name="static_file")
async def get_static(
    _visit: Anybody, name: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]*\.(css|js|svg|webmanifest)$")]
) -> Response:
    """A style sheet, script or picture of ours. Its address changes with its content."""
    file = files("api.web").joinpath("static").joinpath(name)
    if not file.is_file():
        raise NotFound("Không có tệp này.", code="route_unknown", where=name)
    return Response(
        file.read_bytes(),
        media_type=_KINDS[name.rpartition(".")[2]],
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def _sign_in_page(
    request: Request,
    visit: Visit,
    *,
    next_: str,
    error: MotcuaError | None = None,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    people = []
    if visit.settings.demo:
        with visit.reading() as connection:
            people = demo_people(visit.office, connection)
    return show(
        request,
        "account/sign_in.html",
        status=status,
        next=next_,
        error=error,
        login=form["login"] if form else "",
        people=people,
        demo_password=DEMO_PASSWORD,
        carried=Carried.read(form).hidden if form else [],
        elsewhere=visit.settings.oidc_name if is_offered(visit.settings) else "",
    )
