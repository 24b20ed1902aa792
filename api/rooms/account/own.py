"""My account: in whose name I work, my password, second step, sessions, and who acts in my place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts import delegations, repository, totp
from api.accounts.delegations import NEVER, NewDelegation
from api.accounts.service import Session, act_by, act_in, change_password, require_password
from api.auth import repository as tokens
from api.deps import Call, InPerson, cookie_name
from api.errors import RateLimited
from api.web.forms import Form, Posted
from api.web.pages import go, show
from api.web.shown import VIETNAM
from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, MotcuaError, NotAllowed, NotFound
from dossiers.core.said import Said
from workflows.commands import COMMANDS, SYSTEM_ONLY
from workflows.views.models import Named

router = APIRouter(include_in_schema=False)


@router.get("/account", name="account")
def get_account(request: Request, call: InPerson, must_change: bool = Query(default=False)) -> Response:
    """Everything about how I sign in and in whose name I work."""
    error = None
    if must_change:
        error = BadInput("Mật khẩu này do người khác đặt; hãy đổi mật khẩu trước khi làm việc.")
    return _page(request, call, error=error)


@router.post("/account/password", name="change_password")
def post_password(request: Request, call: InPerson, form: Posted) -> Response:
    """Change my password; every other session of mine ends."""
    _slowly(call)
    try:
        if _secret(form, "new") != _secret(form, "again"):
            raise BadInput(
                "Hai lần nhập mật khẩu mới không giống nhau.",
                code="password_again_differs",
                where="again",
                hint="Nhập lại mật khẩu mới ở cả hai ô.",
            )
        with call.writing() as connection:
            change_password(
                connection,
                call.actor.id,
                _secret(form, "old"),
                _secret(form, "new"),
                call.at,
                session=_own(call).id,
            )
    except MotcuaError as error:
        return _page(request, call, error=error)
    return go("/account", note=Said("Đã đổi mật khẩu. Các máy khác đã được đăng xuất."))


@router.post("/account/acting", name="act_for")
def post_acting(request: Request, call: InPerson, form: Posted) -> Response:
    """From now on work in another agency of mine, or in the place of another."""
    kind, _, which = form["acting"].partition(":")
    try:
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            if kind == "delegation":
                act_by(connection, directory, _own(call), _id(which), call.actor.id, call.at)
            else:
                act_in(connection, directory, _own(call), which, call.actor.id)
    except MotcuaError as error:
        return _page(request, call, error=error)
    return go("/", note=Said("Đã đổi nơi làm việc."))


@router.post("/account/sessions/end", name="end_sessions")
def post_end_sessions(call: InPerson, form: Posted) -> Response:
    """Sign out everywhere, tokens included, or on every computer but this."""
    here = form.checked("here")
    with call.writing() as connection:
        repository.end_sessions(connection, call.actor.id, call.at, but=None if here else _own(call).id)
        if here:
            tokens.revoke_all(connection, call.actor.id, call.at)
    if not here:
        return go("/account#sessions", note=Said("Đã đăng xuất mọi máy khác."))
    response = go("/sign-in")
    response.delete_cookie(
        cookie_name(call.settings), path="/", secure=call.settings.is_secure, httponly=True
    )
    return response


@router.post("/account/sessions/{session_id}/end", name="end_session")
def post_end_session(session_id: UUID, call: InPerson, _form: Posted) -> Response:
    """Sign out on one of my devices."""
    with call.writing() as connection:
        if repository.session_of_official(connection, session_id, call.actor.id) is None:
            raise NotFound("Không có phiên làm việc này.", code="session_unknown", where=str(session_id))
        repository.end_session(connection, session_id, call.at)
    return go("/account#sessions", note=Said("Đã đăng xuất máy ấy."))


@router.get("/account/totp", name="totp")
def get_totp(request: Request, call: InPerson) -> Response:
    """Where the second step stands; while it is being set up, its QR code."""
    return _totp_page(request, call)


@router.post("/account/totp/start", name="start_totp")
def post_start(request: Request, call: InPerson, form: Posted) -> Response:
    """Begin to set up the second step."""
    return _with_password(
        request, call, form, lambda connection: totp.start(connection, call.actor.id, call.at)
    )


@router.post("/account/totp", name="confirm_totp")
def post_confirm(request: Request, call: InPerson, form: Posted) -> Response:
    """The first code: from now on it is asked for. The recovery codes are shown this once."""
    _slowly(call)
    try:
        with call.writing() as connection:
            codes = totp.confirm(connection, call.actor.id, form["otp"], call.at)
            repository.end_sessions(connection, call.actor.id, call.at, but=_own(call).id)
    except MotcuaError as error:
        return _totp_page(request, call, error=error)
    return show(request, "account/recovery.html", call, codes=codes)


@router.post("/account/totp/codes", name="new_recovery_codes")
def post_codes(request: Request, call: InPerson, form: Posted) -> Response:
    """New recovery codes in place of those there were."""
    _slowly(call)
    try:
        with call.writing() as connection:
            require_password(connection, call.actor.id, _secret(form, "old"))
            if not totp.is_on(connection, call.actor.id):
                raise BadInput("Chưa bật xác thực hai bước.", code="totp_off")
            codes = totp.new_recovery_codes(connection, call.actor.id)
    except MotcuaError as error:
        return _totp_page(request, call, error=error)
    return show(request, "account/recovery.html", call, codes=codes)


@router.post("/account/totp/remove", name="remove_totp")
def post_remove(request: Request, call: InPerson, form: Posted) -> Response:
    """No second step any more."""
    return _with_password(
        request, call, form, lambda connection: repository.remove_totp(connection, call.actor.id)
    )


@router.post("/account/delegations", name="delegate")
def post_delegation(request: Request, call: InPerson, form: Posted) -> Response:
    """Let somebody act in my place."""
    try:
        if call.actor.behalf:
            raise NotAllowed("Việc được uỷ quyền không uỷ quyền tiếp.", code="delegation_onward")
        with call.writing() as connection:
            directory = call.office.reference(connection).directory
            delegations.delegate(
                connection, directory, _wanted(call, form, directory), call.actor.id, call.at
            )
    except MotcuaError as error:
        return _page(request, call, error=error, typed=form)
    return go("/account#delegations", note=Said("Đã uỷ quyền."))


@router.post("/account/delegations/{delegation_id}/revoke", name="revoke_delegation")
def post_revoke(delegation_id: UUID, call: InPerson, _form: Posted) -> Response:
    """End a delegation I gave or was given."""
    with call.writing() as connection:
        delegations.revoke(connection, delegation_id, call.actor.id, call.at)
    return go("/account#delegations", note=Said("Đã thu hồi uỷ quyền."))


def _page(
    request: Request, call: Call, *, error: MotcuaError | None = None, typed: Form | None = None
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        context: dict[str, Any] = {
            "places": _places(connection, directory, call),
            "sessions": repository.sessions_of(connection, call.actor.id, call.at),
            "delegations": [
                _shown(row, directory, call.at)
                for row in repository.delegations_of(connection, call.actor.id)
            ],
            "totp_on": totp.is_on(connection, call.actor.id),
        }
    return show(
        request,
        "account/account.html",
        call,
        status=error.status if error else 200,
        error=error,
        errors={_FIELDS.get(error.where, error.where): error.message} if error else {},
        typed=typed.get if typed else _nothing,
        chosen=typed.all if typed else _none,
        here_session=_own(call).id,
        roles=sorted(call.actor.roles),
        delegable=[role for role in Role if role in call.actor.roles - NEVER],
        colleagues=_colleagues(directory, call),
        commands=[(kind, known.title) for kind, known in COMMANDS.items() if kind not in SYSTEM_ONLY],
        **context,
    )


_FIELDS = {"password": "new"}
"""Where the field of a refusal has another name on the page."""


def _nothing(_name: str) -> str:
    return ""


def _none(_name: str) -> list[str]:
    return []


def _totp_page(request: Request, call: Call, *, error: MotcuaError | None = None) -> Response:
    with call.reading() as connection:
        row = repository.totp_of(connection, call.actor.id)
        account = repository.of_official(connection, call.actor.id)
        left = repository.recovery_codes_left(connection, call.actor.id)
    started = row is not None and row.confirmed_at is None
    link = totp.address(row.secret, account.login) if started and row and account else ""
    return show(
        request,
        "account/totp.html",
        call,
        status=error.status if error else 200,
        error=error,
        on=row is not None and not started,
        secret=row.secret if started and row else "",
        qr=totp.qr_svg(link) if link else "",
        left=left,
    )


def _with_password(request: Request, call: Call, form: Form, work: Any) -> Response:
    """Something about the second step, done only with the password at hand."""
    _slowly(call)
    try:
        with call.writing() as connection:
            require_password(connection, call.actor.id, _secret(form, "old"))
            work(connection)
    except MotcuaError as error:
        return _totp_page(request, call, error=error)
    return go("/account/totp")


def _places(connection: Connection, directory: Directory, call: Call) -> list[tuple[str, str, bool]]:
    """Where and in whose name I may work: value, words, whether I do now."""
    actor = call.actor
    own = sorted({where for where, _role in directory.official(actor.id).roles})
    found = [
        (f"agency:{code}", directory.name(code), not actor.behalf and code == actor.agency) for code in own
    ]
    for row in delegations.usable(connection, directory, actor.id, call.at):
        words = Said(
            "{agency}, thay mặt {from_official}",
            agency=directory.name(row.agency),
            from_official=directory.official_name(row.from_official),
        )
        now = actor.behalf == row.from_official and actor.agency == row.agency
        found.append((f"delegation:{row.id}", words, now))
    return found


def _shown(row: Any, directory: Directory, at: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "giver": directory.official_name(row.from_official),
        "taker": directory.official_name(row.to_official),
        "agency": directory.name(row.agency),
        "roles": [Role(each).label for each in row.roles.split()],
        "commands": [COMMANDS[each].title for each in row.commands.split()],
        "since": row.since,
        "last": row.until - timedelta(microseconds=1),
        "decision": row.decision,
        "state": delegations.state_of(row, at),
    }


def _colleagues(directory: Directory, call: Call) -> list[Named]:
    """Who may be let act in my place: those of the agency above mine and of all below it."""
    agency = call.actor.agency or ""
    above = directory.agency(agency).parent or agency
    near = set(directory.below(above if directory.agency(above).parent else agency))
    return [
        Named(code=each.id, name=f"{each.name}, {directory.name(each.agency)}")
        for each in directory.officials()
        if each.active and each.agency in near and each.id != call.actor.id
    ]


def _wanted(call: Call, form: Form, directory: Directory) -> NewDelegation:
    if form["to_official"] not in {each.code for each in _colleagues(directory, call)}:
        raise BadInput(
            "Người được uỷ quyền phải làm việc trong cơ quan hoặc đơn vị gần bạn.",
            code="delegation_too_far",
            where="to_official",
            hint="Chọn một người trong danh sách.",
        )
    since, last = _day(form, "since"), _day(form, "until")
    return NewDelegation(
        from_official=call.actor.id,
        to_official=form["to_official"],
        agency=call.actor.agency or "",
        since=max(_midnight(since), call.at),
        until=_midnight(last + timedelta(days=1)),
        decision=form["decision"][:120],
        roles=tuple(Role(each) for each in form.all("roles") if each in set(Role)),
        commands=tuple(form.all("commands")),
    )


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        raise BadInput("Chọn một ngày.", code="day_unreadable", where=name) from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


def _own(call: Call) -> Session:
    assert call.session is not None, "the right asks for it"
    return call.session


def _secret(form: Form, name: str) -> str:
    """What was typed, untrimmed: a password may begin with a space."""
    return str(form.data.get(name, ""))


def _slowly(call: Call) -> None:
    """A stolen session must not try out passwords or codes."""
    wait = call.limits.login.take(f"own:{call.actor.id}", call.at)
    if wait:
        raise RateLimited(wait)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("Không có uỷ quyền này.", code="delegation_unknown", where="acting") from None
