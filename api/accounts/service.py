"""Accounts and sessions: signing in, staying signed in, signing out.

A session's token is 256 random bits in a cookie; the database keeps its SHA-256. The token against forged
requests is derived from the session's, so it needs no place of its own.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import delegations, repository, totp
from api.accounts.passwords import fits, hashed, is_outdated, require_good
from api.auth.service import NotAuthenticated
from dossiers.agencies.directory import Directory, Official
from dossiers.core.canonical import sha256_hex
from dossiers.core.errors import BadInput, Conflict, NotFound
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from workflows.engine.draft import Actor

LIFETIME = timedelta(hours=12)
"""A session ends with the working day at the latest."""

IDLE = timedelta(hours=2)
"""A session unused for so long has ended."""

CODE_WITHIN = timedelta(minutes=5)
"""How long a session waits for the code of the authenticator."""

_SEEN_EVERY = timedelta(minutes=10)
_FREE_FAILURES = 5
_LONGEST_LOCK = timedelta(hours=1)
_FORGOTTEN_AFTER = timedelta(hours=12)
"""So long after the last rest failures are counted from the beginning."""
_LOGIN = re.compile(r"[a-z0-9._@+-]{3,120}")


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser, for the length of one request."""

    id: UUID
    token: str
    must_change: bool

    @property
    def csrf(self) -> str:
        """What every form of this session carries."""
        return csrf_of(self.token)


def csrf_of(token: str) -> str:
    """The token against forged requests that belongs to a cookie's token."""
    return sha256_hex(f"csrf:{token}")


def create_account(
    connection: Connection,
    directory: Directory,
    official: str,
    login: str,
    password: str,
    at: datetime,
    *,
    must_change: bool = True,
) -> None:
    """Let an official sign in.

    Raises ``NotFound`` (``official_unknown``), ``BadInput`` (``login_unreadable`` and those of the
    password), ``Conflict`` (``account_exists``, ``login_taken``).
    """
    directory.official(official)
    login = plain_login(login)
    if repository.of_official(connection, official) is not None:
        raise Conflict("Công chức này đã có tài khoản.", code="account_exists", where=official)
    if repository.by_login(connection, login) is not None:
        raise Conflict(
            Said("Tên đăng nhập “{login}” đã có người dùng.", login=login),
            code="login_taken",
            where="login",
            hint="Chọn tên đăng nhập khác.",
        )
    require_good(password, login)
    repository.add_accounts(connection, [account_row(official, login, hashed(password), at, must_change)])


def account_row(
    official: str, login: str, password_hash: str, at: datetime, must_change: bool
) -> dict[str, Any]:
    """The row of a new account."""
    return {
        "official": official,
        "login": login,
        "password_hash": password_hash,
        "must_change": must_change,
        "failures": 0,
        "locked_until": None,
        "disabled_at": None,
        "created_at": at,
        "changed_at": at,
    }


def plain_login(login: str) -> str:
    """The login as it is kept. ``BadInput`` (``login_unreadable``) when there is none to keep."""
    plain = login.strip().lower()
    if _LOGIN.fullmatch(plain) is None:
        raise BadInput(
            "Tên đăng nhập gồm 3 đến 120 chữ cái không dấu, chữ số và các dấu . _ @ + -.",
            code="login_unreadable",
            where="login",
        )
    return plain


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened; its token is given here and never again."""

    token: str
    awaits_code: bool = False


def sign_in(
    connection: Connection,
    directory: Directory,
    login: str,
    password: str,
    at: datetime,
    *,
    device: str = "",
) -> Opened | NotAuthenticated:
    """A new session, which may await a code still, or why there is none.

    The refusal is given back and not raised, since the count of failures must be kept. It does not tell
    whether the login or the password was wrong, nor, to who has not the right one, that the account rests.
    """
    account = repository.by_login(connection, login.strip().lower())
    right = fits(account.password_hash if account else "", password)
    if account is None:
        return _wrong()
    locked = _locked(account, at)
    if not right:
        if locked is None:
            _count_failure(connection, account.official, at)
        return _wrong()
    if locked is not None:
        return locked
    if is_outdated(account.password_hash):
        repository.change(connection, account.official, password_hash=hashed(password))
    return open_for(connection, directory, account, at, device=device)


def open_for(
    connection: Connection, directory: Directory, account: Any, at: datetime, *, device: str = ""
) -> Opened | NotAuthenticated:
    """A session for who proved to own the account, or why there is none.

    With an authenticator the session awaits its code; failures are forgotten only when that is right too,
    so that knowing the password does not give more tries.
    """
    official = directory.official(account.official)
    if account.disabled_at is not None or not official.active:
        return NotAuthenticated(Said("Tài khoản đã ngừng sử dụng."), code="account_disabled")
    agency = _agency_of(official)
    if agency is None:
        return NotAuthenticated(Said("Tài khoản chưa được giao vai trò nào."), code="account_without_role")
    awaits_code = totp.is_on(connection, official.id)
    if not awaits_code:
        repository.change(connection, official.id, failures=0, locked_until=None)
    token = open_session(connection, official.id, agency, at, device=device, awaits_code=awaits_code)
    return Opened(token, awaits_code)


def enter_code(connection: Connection, token: str, code: str, at: datetime) -> Opened | NotAuthenticated:
    """The session after the code of the authenticator, or why there is none.

    It is a new one: what the browser held before the code opens nothing afterwards.
    """
    row = repository.session_by_digest(connection, sha256_hex(token))
    if row is None or not row.awaits_code or row.ended_at is not None or row.expires_at <= at:
        return _ended()
    account = repository.of_official(connection, row.official)
    assert account is not None
    if locked := _locked(account, at):
        return locked
    if not totp.check(connection, row.official, code, at):
        _count_failure(connection, row.official, at)
        return NotAuthenticated(
            Said("Mã xác thực không đúng hoặc đã dùng."),
            code="code_wrong",
            hint="Nhập mã 6 số đang hiện trên điện thoại, hoặc một mã khôi phục chưa dùng.",
        )
    repository.change(connection, row.official, failures=0, locked_until=None)
    repository.end_session(connection, row.id, at)
    return Opened(open_session(connection, row.official, row.agency, at, device=row.device))


def open_session(
    connection: Connection,
    official: str,
    agency: str,
    at: datetime,
    *,
    device: str = "",
    awaits_code: bool = False,
) -> str:
    """A new session; its token is given here and never again."""
    token = secrets.token_urlsafe(32)
    repository.add_session(
        connection,
        {
            "id": uuid7(at),
            "digest": sha256_hex(token),
            "official": official,
            "agency": agency,
            "device": device[:120],
            "created_at": at,
            "seen_at": at,
            "expires_at": at + (CODE_WITHIN if awaits_code else LIFETIME),
            "ended_at": None,
            "awaits_code": awaits_code,
            "delegation": None,
        },
    )
    return token


def session_of(
    connection: Connection, token: str, directory: Directory, at: datetime
) -> tuple[Actor, Session, bool]:
    """Who is signed in with this token, the session, and whether its last use is to be noted.

    Raises ``NotAuthenticated`` (``session_ended``).
    """
    row = repository.session_by_digest(connection, sha256_hex(token))
    if (
        row is None
        or row.awaits_code
        or row.ended_at is not None
        or row.disabled_at is not None
        or row.expires_at <= at
        or row.seen_at + IDLE <= at
    ):
        raise _ended()
    official = directory.official(row.official)
    roles = official.roles_in(row.agency)
    if not official.active or not roles:
        raise _ended()
    actor = Actor("official", official.id, row.agency, roles)
    if row.delegation is not None:
        given = repository.delegation(connection, row.delegation)
        actor = delegations.acting(given, directory, official.id, at) or actor
    return actor, Session(row.id, token, row.must_change), row.seen_at + _SEEN_EVERY <= at


def act_in(
    connection: Connection, directory: Directory, session: Session, agency: str, official: str
) -> None:
    """Work in another agency where one holds a role, in one's own name.

    Raises ``Conflict`` (``official_elsewhere``).
    """
    if not directory.official(official).roles_in(agency):
        raise Conflict(
            Said("Bạn không giữ vai trò nào tại “{agency}”.", agency=directory.name(agency)),
            code="official_elsewhere",
            where="acting",
        )
    repository.act_by(connection, session.id, agency, None)


def act_by(
    connection: Connection,
    directory: Directory,
    session: Session,
    delegation: UUID,
    official: str,
    at: datetime,
) -> None:
    """Work in the place of another. ``NotFound`` (``delegation_unknown``) when one may not (any more)."""
    delegations.required(connection, directory, delegation, official, at)
    row = repository.session_of_official(connection, session.id, official)
    assert row is not None
    repository.act_by(connection, session.id, row.agency, delegation)


def require_password(connection: Connection, official: str, password: str) -> None:
    """Refuse (``password_wrong``) unless the account's owner is at the keyboard; who has no password, since
    they sign in elsewhere, is not asked."""
    account = repository.of_official(connection, official)
    if account is not None and account.password_hash and not fits(account.password_hash, password):
        raise BadInput("Mật khẩu hiện tại không đúng.", code="password_wrong", where="old")


def change_password(
    connection: Connection, official: str, old: str, new: str, at: datetime, *, session: UUID | None
) -> None:
    """Change one's own password; every other session ends.

    Raises ``BadInput`` (``password_wrong`` and those of a weak password), ``NotFound`` (``account_unknown``).
    """
    account = repository.of_official(connection, official)
    if account is None:
        raise NotFound("Công chức này chưa có tài khoản.", code="account_unknown", where=official)
    if not fits(account.password_hash, old):
        raise BadInput("Mật khẩu hiện tại không đúng.", code="password_wrong", where="old")
    if fits(account.password_hash, new):
        raise BadInput("Mật khẩu mới phải khác mật khẩu hiện tại.", code="password_same", where="password")
    require_good(new, account.login)
    repository.change(
        connection, official, password_hash=hashed(new), must_change=False, failures=0, changed_at=at
    )
    repository.end_sessions(connection, official, at, but=session)


def _locked(account: Any, at: datetime) -> NotAuthenticated | None:
    if account.locked_until is None or account.locked_until <= at:
        return None
    minutes = -(-int((account.locked_until - at).total_seconds()) // 60)
    return NotAuthenticated(
        Said("Tài khoản tạm khoá vì nhập sai nhiều lần; mở lại sau {minutes} phút.", minutes=minutes),
        code="account_locked",
        hint="Chờ hết thời gian khoá, hoặc đề nghị người quản trị mở khoá.",
    )


def _count_failure(connection: Connection, official: str, at: datetime) -> None:
    """After five failures the account rests: a minute, then twice as long each time, an hour at most.

    A failure that needs no rest is noted as one that ends at once, so that it too is forgotten in time.
    """
    failures = repository.count_failure(connection, official, at - _FORGOTTEN_AFTER)
    rest = timedelta()
    if failures >= _FREE_FAILURES:
        rest = min(timedelta(minutes=2 ** min(failures - _FREE_FAILURES, 10)), _LONGEST_LOCK)
    repository.change(connection, official, locked_until=at + rest)


def _agency_of(official: Official) -> str | None:
    """Where the official works on signing in: the own agency, else the first with a role."""
    if official.roles_in(official.agency):
        return official.agency
    return next((agency for agency, _role in official.roles), None)


def _wrong() -> NotAuthenticated:
    return NotAuthenticated(
        Said("Tên đăng nhập hoặc mật khẩu không đúng."),
        code="sign_in_wrong",
        hint="Kiểm tra bộ gõ tiếng Việt và phím Caps Lock rồi nhập lại.",
    )


def _ended() -> NotAuthenticated:
    return NotAuthenticated(
        Said("Phiên làm việc đã hết."),
        code="session_ended",
        hint="Đăng nhập lại; nội dung đã nhập vẫn được giữ.",
    )
