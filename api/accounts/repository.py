"""Queries about accounts, sessions, second factors, identities and delegations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from api.accounts.models import (
    AccountRow,
    DelegationRow,
    IdentityRow,
    RecoveryCodeRow,
    TotpRow,
    WebSessionRow,
)

_ACCOUNTS = AccountRow.__table__
_SESSIONS = WebSessionRow.__table__


def add_accounts(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keep new accounts."""
    if rows:
        connection.execute(insert(AccountRow), rows)


def by_login(connection: Connection, login: str) -> Any | None:
    """The account with this login."""
    return connection.execute(select(*_ACCOUNTS.c).where(AccountRow.login == login)).one_or_none()


def of_official(connection: Connection, official: str) -> Any | None:
    """The account of an official."""
    return connection.execute(select(*_ACCOUNTS.c).where(AccountRow.official == official)).one_or_none()


def accounts(connection: Connection) -> list[Any]:
    """Every account."""
    return list(connection.execute(select(*_ACCOUNTS.c).order_by(AccountRow.login)))


def change(connection: Connection, official: str, **values: Any) -> int:
    """Change an account; the number of rows changed."""
    return connection.execute(
        update(AccountRow).where(AccountRow.official == official).values(**values)
    ).rowcount


def count_failure(connection: Connection, official: str, forgotten_before: datetime) -> int:
    """Count one more failure, or the first when the last rest ended before; how many there are now.

    Counted by the database, so that of failures at the same time none is lost.
    """
    failures = case((AccountRow.locked_until <= forgotten_before, 1), else_=AccountRow.failures + 1)
    return connection.execute(
        update(AccountRow)
        .where(AccountRow.official == official)
        .values(failures=failures)
        .returning(AccountRow.failures)
    ).scalar_one()


def add_session(connection: Connection, row: dict[str, Any]) -> None:
    """Keep a new session."""
    connection.execute(insert(WebSessionRow), row)


def session_by_digest(connection: Connection, digest: str) -> Any | None:
    """The session with this digest and what of its account decides whether it still counts."""
    return connection.execute(
        select(*_SESSIONS.c, AccountRow.must_change, AccountRow.disabled_at)
        .join(AccountRow, AccountRow.official == WebSessionRow.official)
        .where(WebSessionRow.digest == digest)
    ).one_or_none()


def sessions_of(connection: Connection, official: str, at: datetime) -> list[Any]:
    """The sessions of an official that still count, the latest used first."""
    return list(
        connection.execute(
            select(*_SESSIONS.c)
            .where(
                WebSessionRow.official == official,
                WebSessionRow.ended_at.is_(None),
                WebSessionRow.awaits_code.is_(False),
                WebSessionRow.expires_at > at,
            )
            .order_by(WebSessionRow.seen_at.desc())
        )
    )


def forget_sessions(connection: Connection, before: datetime) -> int:
    """Forget sessions that ended or expired before an instant; how many."""
    return connection.execute(
        delete(WebSessionRow).where(or_(WebSessionRow.expires_at < before, WebSessionRow.ended_at < before))
    ).rowcount


def touch(connection: Connection, session_id: UUID, at: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(WebSessionRow).where(WebSessionRow.id == session_id).values(seen_at=at))


def end_sessions(connection: Connection, official: str, at: datetime, *, but: UUID | None = None) -> int:
    """End the sessions of an official, all or all but one; how many were ended."""
    statement = update(WebSessionRow).where(
        WebSessionRow.official == official, WebSessionRow.ended_at.is_(None)
    )
    if but is not None:
        statement = statement.where(WebSessionRow.id != but)
    return connection.execute(statement.values(ended_at=at)).rowcount


def end_session(connection: Connection, session_id: UUID, at: datetime) -> int:
    """End one session."""
    return connection.execute(
        update(WebSessionRow)
        .where(WebSessionRow.id == session_id, WebSessionRow.ended_at.is_(None))
        .values(ended_at=at)
    ).rowcount


def session_of_official(connection: Connection, session_id: UUID, official: str) -> Any | None:
    """A session, if it is this official's."""
    return connection.execute(
        select(*_SESSIONS.c).where(WebSessionRow.id == session_id, WebSessionRow.official == official)
    ).one_or_none()


def act_by(connection: Connection, session_id: UUID, agency: str, delegation: UUID | None) -> None:
    """From now on the session acts in this agency, or in the place of another."""
    connection.execute(
        update(WebSessionRow)
        .where(WebSessionRow.id == session_id)
        .values(agency=agency, delegation=delegation)
    )


def totp_of(connection: Connection, official: str) -> Any | None:
    """The authenticator of an account, confirmed or not."""
    return connection.execute(select(TotpRow.__table__).where(TotpRow.official == official)).one_or_none()


def start_totp(connection: Connection, official: str, secret: str, at: datetime) -> None:
    """Keep a new secret in place of one that was not confirmed."""
    connection.execute(delete(TotpRow).where(TotpRow.official == official, TotpRow.confirmed_at.is_(None)))
    connection.execute(
        insert(TotpRow),
        {
            "official": official,
            "secret": secret,
            "started_at": at,
            "confirmed_at": None,
            "last_step": 0,
        },
    )


def confirm_totp(connection: Connection, official: str, at: datetime) -> None:
    """From now on the authenticator is asked for."""
    connection.execute(update(TotpRow).where(TotpRow.official == official).values(confirmed_at=at))


def use_step(connection: Connection, official: str, step: int) -> bool:
    """Whether the code of this step may count: no code of this or a later step did."""
    return (
        connection.execute(
            update(TotpRow)
            .where(TotpRow.official == official, TotpRow.last_step < step)
            .values(last_step=step)
        ).rowcount
        == 1
    )


def remove_totp(connection: Connection, official: str) -> None:
    """Forget the authenticator and its recovery codes."""
    connection.execute(delete(TotpRow).where(TotpRow.official == official))
    connection.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.official == official))


def keep_recovery_codes(connection: Connection, official: str, digests: Iterable[str]) -> None:
    """Keep new recovery codes in place of those there were."""
    connection.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.official == official))
    rows = [{"official": official, "digest": digest, "used_at": None} for digest in digests]
    connection.execute(insert(RecoveryCodeRow), rows)


def use_recovery_code(connection: Connection, official: str, digest: str, at: datetime) -> bool:
    """Whether there was such a code, not used before; it is used now."""
    return (
        connection.execute(
            update(RecoveryCodeRow)
            .where(
                RecoveryCodeRow.official == official,
                RecoveryCodeRow.digest == digest,
                RecoveryCodeRow.used_at.is_(None),
            )
            .values(used_at=at)
        ).rowcount
        == 1
    )


def recovery_codes_left(connection: Connection, official: str) -> int:
    """How many recovery codes were not used yet."""
    return connection.execute(
        select(func.count())
        .select_from(RecoveryCodeRow)
        .where(RecoveryCodeRow.official == official, RecoveryCodeRow.used_at.is_(None))
    ).scalar_one()


def official_known_as(connection: Connection, issuer: str, subject: str) -> str | None:
    """Whose account is linked to this identity."""
    return connection.execute(
        select(IdentityRow.official).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    ).scalar_one_or_none()


def subject_of(connection: Connection, issuer: str, official: str) -> str | None:
    """The identity an account is linked to."""
    return connection.execute(
        select(IdentityRow.subject).where(IdentityRow.issuer == issuer, IdentityRow.official == official)
    ).scalar_one_or_none()


def link(connection: Connection, issuer: str, subject: str, official: str, at: datetime) -> None:
    """Link an account to an identity."""
    connection.execute(
        insert(IdentityRow),
        {"issuer": issuer, "subject": subject, "official": official, "linked_at": at},
    )


def add_delegation(connection: Connection, row: dict[str, Any]) -> None:
    """Keep a new delegation."""
    connection.execute(insert(DelegationRow), row)


def delegation(connection: Connection, delegation_id: UUID) -> Any | None:
    """A delegation."""
    return connection.execute(
        select(DelegationRow.__table__).where(DelegationRow.id == delegation_id)
    ).one_or_none()


def delegations_of(connection: Connection, official: str) -> list[Any]:
    """Delegations given or received by an official, the latest first."""
    return list(
        connection.execute(
            select(DelegationRow.__table__)
            .where(or_(DelegationRow.from_official == official, DelegationRow.to_official == official))
            .order_by(DelegationRow.since.desc(), DelegationRow.id)
        )
    )


def revoke_delegation(connection: Connection, delegation_id: UUID, at: datetime) -> int:
    """End a delegation early; the number of rows changed."""
    return connection.execute(
        update(DelegationRow)
        .where(DelegationRow.id == delegation_id, DelegationRow.revoked_at.is_(None))
        .values(revoked_at=at)
    ).rowcount
