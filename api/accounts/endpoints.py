"""Accounts, for administrators: listed, opened, given a new password, locked, signed out everywhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.accounts import administering, repository
from api.accounts.schemas import AccountCreate, AccountRead, PasswordGiven, SignedOut
from api.agencies.schemas import OfficialId
from api.deps import Administrator, Call, reaches
from api.paging import ListRead

router = APIRouter(prefix="/accounts", tags=["accounts"])

OfficialPath = Annotated[OfficialId, Path(description="Mã công chức")]


@router.get("", summary="Các tài khoản đăng nhập")
def list_accounts(call: Administrator) -> ListRead[AccountRead]:
    """The accounts of those the caller administers, by login."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        sight = call.sight(connection)
        rows = [
            row for row in repository.accounts(connection) if reaches(sight, directory.official(row.official))
        ]
    return ListRead(items=[AccountRead.of(row, directory.official_name(row.official)) for row in rows])


@router.post("", status_code=201, summary="Lập tài khoản")
def create_official_account(wanted: AccountCreate, call: Administrator, response: Response) -> PasswordGiven:
    """Let an official sign in. The password is answered here and never again."""
    with call.writing() as connection:
        directory = call.office.reference(connection).directory
        call.administers_official(connection, wanted.official)
        login = wanted.login or wanted.official
        password = administering.open_account(connection, directory, wanted.official, login, call.at)
    return _given(call, wanted.official, password, response)


@router.post("/{official}/reset-password", summary="Đặt lại mật khẩu")
def reset_account_password(official: OfficialPath, call: Administrator, response: Response) -> PasswordGiven:
    """A new password in place of one forgotten; every session ends. Answered here and never again."""
    with call.writing() as connection:
        password = administering.reset_password(connection, official, call.at)
    return _given(call, official, password, response)


@router.post("/{official}/lock", summary="Khoá tài khoản")
def lock_official_account(official: OfficialPath, call: Administrator) -> AccountRead:
    """The official is signed out and signs in no more until unlocked; tokens open nothing meanwhile."""
    with call.writing() as connection:
        administering.lock_account(connection, official, call.at, by=call.actor.id)
    return _read(call, official)


@router.post("/{official}/unlock", summary="Mở khoá tài khoản")
def unlock_official_account(official: OfficialPath, call: Administrator) -> AccountRead:
    """The official may sign in again; wrong passwords are forgotten."""
    with call.writing() as connection:
        administering.unlock_account(connection, official)
    return _read(call, official)


@router.post("/{official}/sign-out", summary="Đăng xuất mọi nơi")
def sign_out_official(official: OfficialPath, call: Administrator) -> SignedOut:
    """End every session of the official and revoke every token."""
    with call.writing() as connection:
        sessions, tokens = administering.sign_out_everywhere(connection, official, call.at)
    return SignedOut(sessions=sessions, tokens=tokens)


def _given(call: Call, official: str, password: str, response: Response) -> PasswordGiven:
    response.headers["Cache-Control"] = "no-store"
    return PasswordGiven(official=official, login=_read(call, official).login, password=password)


def _read(call: Call, official: str) -> AccountRead:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        row = repository.of_official(connection, official)
    return AccountRead.of(row, directory.official_name(official))
