"""Tokens by which other programs call: given out once, listed, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.auth.repository import by_id
from api.auth.scopes import Scope, scopes_of
from api.auth.service import create_token, list_tokens, revoke_token
from api.deps import Administrator, Call, reaches
from api.web.forms import Form, Posted
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said

router = APIRouter(prefix="/admin/tokens")

TokenId = Annotated[UUID, Path()]

LONGEST_DAYS = 730


@router.get("", name="admin_tokens")
def get_tokens(request: Request, call: Administrator) -> Response:
    """Tokens given out, and the form of a new one."""
    return _page(request, call)


@router.post("", name="admin_token_add")
def post_token(request: Request, call: Administrator, form: Posted) -> Response:
    """A new token; its text is shown this once."""
    try:
        days = form.number("days")
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise BadInput(
                Said("Thời hạn từ 1 đến {longest_days} ngày.", longest_days=LONGEST_DAYS),
                code="token_expires_too_early",
                where="days",
            )
        if not form["label"]:
            raise BadInput("Ghi mã dùng vào việc gì.", code="field_missing", where="label")
        with call.writing() as connection:
            official = call.office.reference(connection).directory.official(form["official"])
            agency = form["agency"] or official.agency
            call.administers(connection, agency)
            call.administers_official(connection, official.id)
            text = create_token(
                connection,
                official.id,
                agency,
                form["label"][:120],
                call.at,
                call.at + timedelta(days=days) if days else None,
                scopes=form.all("scope"),
            )
    except MotcuaError as error:
        return _page(request, call, form=form, error=error)
    return show(
        request,
        "admin/token.html",
        call,
        headers={"Cache-Control": "no-store"},
        official=official,
        label=form["label"],
        token=text,
    )


@router.get("/{token}/revoke", name="admin_token_revoke_page")
def get_revoke(request: Request, token: TokenId, call: Administrator) -> Response:
    """What taking back a token means."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        row = by_id(connection, token)
        if row is not None:
            call.administers(connection, row.agency)
    name = directory.official_name(row.official) if row else ""
    return show(request, "admin/token_revoke.html", call, row=row, name=name)


@router.post("/{token}/revoke", name="admin_token_revoke")
def post_revoke(token: TokenId, call: Administrator, _form: Posted) -> Response:
    """From now on the token opens nothing."""
    with call.writing() as connection:
        row = by_id(connection, token)
        if row is not None:
            call.administers(connection, row.agency)
        revoke_token(connection, token, call.at)
    return go("/admin/tokens", note=Said("Đã thu hồi mã truy cập."))


def _page(
    request: Request, call: Call, *, form: Form | None = None, error: MotcuaError | None = None
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
        rows = [row for row in list_tokens(connection) if sight.sees((row.agency,))]
    wheres = {"official_unknown": "official", "official_elsewhere": "agency", "number_unreadable": "days"}
    fields = {"official": "", "agency": "", "label": "", "days": "365"}
    return show(
        request,
        "admin/tokens.html",
        call,
        status=error.status if error else 200,
        tokens=[
            (row, directory.official_name(row.official), directory.name(row.agency), _kept(row.scopes))
            for row in rows
        ],
        scopes=list(Scope),
        chosen=form.all("scope") if form else [],
        now=call.at,
        people=[each for each in directory.officials() if each.active and reaches(sight, each)],
        values={name: form[name] for name in fields} if form else fields,
        error=error,
        errors={wheres.get(error.code, error.where): error.message} if error else {},
    )


def _kept(scopes: str) -> list[Scope]:
    """The scopes a token is limited to; none when it is for all."""
    return [scope for scope in Scope if scope in scopes_of(scopes)] if scopes else []
