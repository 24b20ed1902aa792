"""Queries about access tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from api.accounts.models import AccountRow
from api.auth.models import ApiTokenRow
from dossiers.agencies.models import OfficialRoleRow, OfficialRow

_TOKENS = ApiTokenRow.__table__


def add(connection: Connection, fields: dict[str, Any]) -> None:
    """Keep a new token's digest."""
    connection.execute(insert(ApiTokenRow), fields)


def by_digest(connection: Connection, digest: str) -> Any | None:
    """The token with this digest, if there is one, and whether its owner's account is locked."""
    return connection.execute(
        select(*_TOKENS.c, AccountRow.disabled_at)
        .outerjoin(AccountRow, AccountRow.official == ApiTokenRow.official)
        .where(ApiTokenRow.digest == digest)
    ).one_or_none()


def by_id(connection: Connection, token_id: UUID) -> Any | None:
    """The token with this id, if there is one."""
    return connection.execute(select(*_TOKENS.c).where(ApiTokenRow.id == token_id)).one_or_none()


def tokens(connection: Connection, official: str | None = None) -> list[Any]:
    """Tokens, the latest first; those of one official when named."""
    statement = select(*_TOKENS.c).order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id)
    if official is not None:
        statement = statement.where(ApiTokenRow.official == official)
    return list(connection.execute(statement))


def revoke(connection: Connection, token_id: UUID, at: datetime) -> int:
    """Revoke a token that is still valid; the number of rows changed."""
    return connection.execute(
        update(ApiTokenRow)
        .where(ApiTokenRow.id == token_id, ApiTokenRow.revoked_at.is_(None))
        .values(revoked_at=at)
    ).rowcount


def revoke_all(connection: Connection, official: str, at: datetime) -> int:
    """Revoke every token of an official that is still valid; how many there were."""
    return connection.execute(
        update(ApiTokenRow)
        .where(
            ApiTokenRow.official == official,
            ApiTokenRow.revoked_at.is_(None),
            or_(ApiTokenRow.expires_at.is_(None), ApiTokenRow.expires_at > at),
        )
        .values(revoked_at=at)
    ).rowcount


def works_in(connection: Connection, official: str, agency: str) -> bool:
    """Whether the official is active and holds a role in the agency."""
    return (
        connection.execute(
            select(OfficialRoleRow.official)
            .join(OfficialRow, OfficialRow.id == OfficialRoleRow.official)
            .where(
                OfficialRow.id == official,
                OfficialRow.active.is_(True),
                OfficialRoleRow.agency == agency,
            )
            .limit(1)
        ).one_or_none()
        is not None
    )
