"""Rendering pages and leading from one to the next."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, unquote

from heroicons.jinja import heroicon_outline
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.service import csrf_of
from api.deps import Call, Visit, cookie_name
from api.web.navigation import menu
from api.web.saying import noted, speak, with_marks
from api.web.shown import filters, input_instant
from api.web.translation import LANGUAGES, Language, language_of, translations
from dossiers.core.canonical import sha256_hex
from dossiers.core.said import Said, capital
from workflows.views.models import Named

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; object-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)
"""What a page may load: our own files, nothing inline."""

FORM_COOKIE = "motcua_form"
"""Ties a form of somebody who is not signed in to their browser."""

NOTE_COOKIE = "motcua_note"
THEME_COOKIE = "motcua_theme"


@lru_cache(maxsize=2)
def environment(language: Language) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=PackageLoader("api.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known = translations(language)
    made.install_gettext_callables(known.gettext, known.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(filters(language))
    made.filters["input_instant"] = input_instant
    made.filters["capital"] = capital
    made.globals["icon_svg"] = _icon
    made.globals["asset"] = asset
    made.globals["language"] = language
    speak(made, language)
    return made


@lru_cache(maxsize=200)
def _icon(name: str, size: int) -> str:
    return heroicon_outline(name, size=size, aria_hidden="true", focusable="false")


@lru_cache(maxsize=50)
def asset(name: str) -> str:
    """The address of a file of ours, which changes with its content and may be kept for ever."""
    body = files("api.web").joinpath("static").joinpath(name).read_bytes()
    return f"/static/{name}?v={sha256_hex(body.decode())[:12]}"


def show(
    request: Request,
    template: str,
    call: Call | Visit | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page. The template sees the context, who is signed in, the menu and the language."""
    person = call if isinstance(call, Call) and call.session is not None else None
    form_token = "" if person else request.cookies.get(FORM_COOKIE, "") or secrets.token_urlsafe(24)
    csrf_token = person.session.csrf if person and person.session else csrf_of(form_token)
    language = language_of(request)
    page = environment(language).get_template(template)
    body = page.render(
        request=request,
        path=request.url.path,
        here=quote(_here(request), safe=""),
        person=_person(person) if person else None,
        rooms=list(menu(person.actor.roles)) if person else [],
        note=_note(request, language),
        theme=request.cookies.get(THEME_COOKIE, ""),
        csrf=lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(csrf_token),
        csrf_token=csrf_token,
        **context,
    )
    response = HTMLResponse(with_marks(body), status_code=status, headers=dict(headers or {}))
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if form_token and form_token != request.cookies.get(FORM_COOKIE):
        set_cookie(response, request, FORM_COOKIE, form_token)
    if NOTE_COOKIE in request.cookies:
        response.delete_cookie(NOTE_COOKIE)
    return response


def go(to: str, note: str = "") -> Response:
    """Send the browser on after a form was carried out; ``note`` is shown on the next page, once.

    It is kept in every language it can be said in, since the next page chooses.
    """
    response = RedirectResponse(to, status_code=303)
    if note:
        kept = dict.fromkeys(quote(noted(note, each)) for each in LANGUAGES)
        response.set_cookie(NOTE_COOKIE, "|".join(kept), max_age=60, httponly=True, samesite="lax")
    return response


def set_cookie(
    response: Response, request: Request, name: str, value: str, *, max_age: int | None = None
) -> None:
    """A cookie no script can read, sent to this office only."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=bool(request.app.state.door.settings.is_secure),
        path="/",
    )


def session_cookie(response: Response, request: Request, token: str) -> None:
    """Keep a session in the browser until it is closed."""
    set_cookie(response, request, cookie_name(request.app.state.door.settings), token)


def safe_path(to: str) -> str:
    """A path of this office; ``/`` instead of anything that leads elsewhere."""
    inside = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if inside else "/"


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _note(request: Request, language: Language) -> Said:
    kept = request.cookies.get(NOTE_COOKIE, "").split("|")
    return Said(unquote(kept[LANGUAGES.index(language) % len(kept)])[:500])


def _person(call: Call) -> dict[str, Any]:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
    agency = call.actor.agency or ""
    official = directory.official(call.actor.id)
    return {
        "name": official.name,
        "title": official.title,
        "id": official.id,
        "agency": Named(code=agency, name=directory.name(agency)),
        "agencies": [
            Named(code=each, name=directory.name(each))
            for each in sorted({where for where, _role in official.roles})
        ],
        "roles": call.actor.roles,
        "behalf": directory.official_name(call.actor.behalf),
    }
