"""What an administrator does with accounts: made, given a new password, locked, signed out everywhere.

A password is given by somebody else only to be changed at once: it is drawn, shown one time and must be
changed on signing in.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection

from api.accounts import repository
from api.accounts.passwords import hashed
from api.accounts.service import create_account
from api.auth import repository as tokens
from dossiers.agencies.directory import Directory
from dossiers.core.errors import Conflict, NotFound

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for one another when read aloud or from paper."""


def drawn_password() -> str:
    """A password easy to read out: four groups of four, nearly eighty bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def open_account(
    connection: Connection, directory: Directory, official: str, login: str, at: datetime
) -> str:
    """A new account; its first password, which must be changed on signing in."""
    password = drawn_password()
    create_account(connection, directory, official, login, password, at, must_change=True)
    return password


def reset_password(connection: Connection, official: str, at: datetime) -> str:
    """A new password in place of one forgotten; every session ends. ``NotFound`` (``account_unknown``)."""
    _require_account(connection, official)
    password = drawn_password()
    put_password(connection, official, password, at)
    return password


def put_password(connection: Connection, official: str, password: str, at: datetime) -> None:
    """Put a password in place of the present one, to be changed at the next sign-in; every session ends."""
    repository.change(
        connection,
        official,
        password_hash=hashed(password),
        must_change=True,
        failures=0,
        locked_until=None,
        changed_at=at,
    )
    repository.end_sessions(connection, official, at)


def lock_account(connection: Connection, official: str, at: datetime, *, by: str) -> None:
    """The official signs in no more, and is signed out; tokens open nothing until unlocked.

    Raises ``Conflict`` (``account_own``) for one's own account, ``NotFound`` (``account_unknown``).
    """
    if official == by:
        raise Conflict("Không tự khoá tài khoản của mình.", code="account_own", where=official)
    _require_account(connection, official)
    repository.change(connection, official, disabled_at=at)
    repository.end_sessions(connection, official, at)


def unlock_account(connection: Connection, official: str) -> None:
    """The official may sign in again; wrong passwords are forgotten. ``NotFound`` (``account_unknown``)."""
    _require_account(connection, official)
    repository.change(connection, official, disabled_at=None, locked_until=None, failures=0)


def sign_out_everywhere(connection: Connection, official: str, at: datetime) -> tuple[int, int]:
    """End every session of an official and revoke every token; how many there were of each.

    Raises ``NotFound`` (``account_unknown``).
    """
    _require_account(connection, official)
    sessions = repository.end_sessions(connection, official, at)
    return sessions, tokens.revoke_all(connection, official, at)


def _require_account(connection: Connection, official: str) -> None:
    if repository.of_official(connection, official) is None:
        raise NotFound("Công chức này chưa có tài khoản.", code="account_unknown", where=official)
