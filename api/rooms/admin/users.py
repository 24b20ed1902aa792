"""People: officials with their roles, and the accounts by which they sign in."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.accounts import administering, repository
from api.agencies.schemas import OfficialId
from api.deps import Administrator, Call, reaches
from api.web.forms import Form, Posted
from api.web.pages import go, show
from dossiers.agencies.directory import Official
from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial, add_officials, change_official
from dossiers.core.errors import BadInput, Conflict, MotcuaError
from dossiers.core.said import Said
from dossiers.core.searching import searchable

router = APIRouter(prefix="/admin/users")

OfficialPath = Annotated[OfficialId, Path()]
PAGE = 50
_FREE_ROWS = 2
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@router.get("", name="admin_users")
def get_users(
    request: Request,
    call: Administrator,
    q: Annotated[str, Query(max_length=200)] = "",
    under: Annotated[str, Query(max_length=35)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Those the caller administers, with their roles and accounts."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
        accounts = {row.official: row for row in repository.accounts(connection)}
    within = set(directory.below(directory.agency(under).code)) if under else None
    words = searchable(q).split()
    found = [
        each
        for each in directory.officials()
        if reaches(sight, each)
        and (within is None or each.agency in within)
        and all(word in searchable(f"{each.id} {each.name} {directory.name(each.agency)}") for word in words)
    ]
    start = (page - 1) * PAGE
    query = request.url.include_query_params
    return show(
        request,
        "admin/users.html",
        call,
        q=q,
        under=under,
        people=[
            (each, directory.name(each.agency), account_state(accounts.get(each.id), call))
            for each in found[start : start + PAGE]
        ],
        many=len(found),
        next=f"?{query(page=page + 1).query}" if start + PAGE < len(found) else None,
        first=f"?{query(page=1).query}" if page > 1 else None,
        agencies=[each for each in directory.agencies() if not each.closed and sight.sees((each.code,))],
    )


@router.get("/new", name="admin_user_new")
def get_new_user(
    request: Request, call: Administrator, agency: Annotated[str, Query(max_length=35)] = ""
) -> Response:
    """The form of a new official."""
    return _new_page(request, call, {"agency": agency, "account": "1"}, [])


@router.post("/new", name="admin_user_add")
def post_new_user(request: Request, call: Administrator, form: Posted) -> Response:
    """Keep a new official, with an account when asked; its password is shown this once."""
    official = form["id"].lower()
    try:
        password = _add(call, official, form)
    except MotcuaError as error:
        return _new_page(request, call, dict(form.typed()), form.all("role"), error=error)
    if password is not None:
        return password_page(request, call, official, password)
    return go(f"/admin/users/{official}", note=Said("Đã thêm công chức."))


@router.get("/{official}", name="admin_user")
def get_user(request: Request, official: OfficialPath, call: Administrator) -> Response:
    """An official: roles, account, sessions."""
    return user_page(request, call, official)


@router.post("/{official}", name="admin_user_change")
def post_user(request: Request, official: OfficialPath, call: Administrator, form: Posted) -> Response:
    """Change an official; the rows of roles are all that are held from now on."""
    try:
        roles = _roles(form)
        if not form["name"]:
            raise BadInput("Ghi họ tên.", code="field_missing", where="name")
        with call.writing() as connection:
            for agency, _role in roles:
                call.administers(connection, agency)
            change_official(
                connection,
                call.office.reference(connection).directory,
                official,
                name=form["name"][:120],
                title=form["title"][:120],
                active=form.checked("active"),
                roles=roles,
            )
    except MotcuaError as error:
        return user_page(request, call, official, form=form, error=error)
    return go(f"/admin/users/{official}", note=Said("Đã lưu."))


def _add(call: Call, official: str, form: Form) -> str | None:
    roles = tuple(Role(role) for role in dict.fromkeys(form.all("role")) if role in list(Role))
    if not form["name"]:
        raise BadInput("Ghi họ tên.", code="field_missing", where="name")
    if not roles:
        raise BadInput("Chọn ít nhất một vai trò.", code="field_missing", where="role")
    if not _ID.fullmatch(official):
        raise BadInput(
            "Mã công chức gồm chữ thường không dấu, chữ số và các dấu . _ -",
            code="official_id_wrong",
            where="id",
        )
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        agency = directory.agency(form["agency"]).code
        call.administers(connection, agency)
        if any(each.id == official for each in directory.officials()):
            raise Conflict(
                Said("Công chức “{official}” đã có.", official=official), code="already_exists", where="id"
            )
        add_officials(
            connection, [NewOfficial(official, form["name"][:120], agency, roles, form["title"][:120])]
        )
        if not form.checked("account"):
            return None
        directory = call.office.reference(connection).directory
        return administering.open_account(connection, directory, official, official, call.at)


def _roles(form: Form) -> list[tuple[str, Role]]:
    """The rows of agency and role; a row without both is none."""
    found = []
    for agency, role in zip(form.all("role_agency"), form.all("role"), strict=False):
        if not agency and not role:
            continue
        if not agency or role not in list(Role):
            raise BadInput(
                "Mỗi dòng vai trò cần cả mã cơ quan và vai trò.", code="field_missing", where="role"
            )
        found.append((agency, Role(role)))
    return found


def user_page(
    request: Request,
    call: Call,
    official: str,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    """An official: roles, account, sessions."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        known = directory.official(official)
        account = repository.of_official(connection, official)
        sessions = repository.sessions_of(connection, official, call.at)
    held = [(agency, role.value) for agency, role in known.roles]
    values = {"name": known.name, "title": known.title, "active": known.active}
    if form is not None:
        held = list(zip(form.all("role_agency"), form.all("role"), strict=False))
        values = {"name": form["name"], "title": form["title"], "active": form.checked("active")}
    held = [row for row in held if any(row)]
    return show(
        request,
        "admin/user.html",
        call,
        status=error.status if error else 200,
        official=known,
        agency_name=directory.name(known.agency),
        agency_names={each.code: each.name for each in directory.agencies()},
        held=held + [(known.agency if not held else "", "")] * _FREE_ROWS,
        roles=list(Role),
        values=values,
        account=account,
        state=account_state(account, call),
        is_locked=account is not None and _is_locked(account, call),
        sessions=sessions,
        is_self=official == call.actor.id,
        error=error,
        errors={error.where: error.message} if error else {},
    )


def password_page(request: Request, call: Call, official: str, password: str) -> Response:
    """A password shown this once. Nothing keeps the page."""
    with call.reading() as connection:
        known: Official = call.office.reference(connection).directory.official(official)
        account = repository.of_official(connection, official)
    return show(
        request,
        "admin/password.html",
        call,
        headers={"Cache-Control": "no-store"},
        official=known,
        login=account.login if account else "",
        password=password,
    )


def account_state(account: Any | None, call: Call) -> tuple[str, str]:
    """An account in words, and its tone."""
    if account is None:
        return Said("chưa có tài khoản"), "quiet"
    if account.disabled_at is not None:
        return Said("đã khoá"), "bad"
    if _is_locked(account, call):
        return Said("tạm khoá vì nhập sai"), "warn"
    if account.must_change:
        return Said("chờ đổi mật khẩu"), "info"
    return Said("đang dùng"), "good"


def _is_locked(account: Any, call: Call) -> bool:
    return account.disabled_at is not None or (
        account.locked_until is not None and account.locked_until > call.at
    )


def _new_page(
    request: Request,
    call: Call,
    values: dict[str, Any],
    chosen: list[str],
    *,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
    fields = ("id", "name", "title", "agency", "account")
    wheres = {"agency_unknown": "agency", "login_taken": "id", "login_unreadable": "id"}
    return show(
        request,
        "admin/user_new.html",
        call,
        status=error.status if error else 200,
        values={name: values.get(name, "") for name in fields},
        chosen=chosen,
        roles=list(Role),
        agencies=[each for each in directory.agencies() if not each.closed and sight.sees((each.code,))],
        error=error,
        errors={wheres.get(error.code, error.where): error.message} if error else {},
    )
