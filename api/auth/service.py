"""Giving out tokens, taking them back, and knowing who calls.

A token is 256 random bits; the database keeps its SHA-256 only and finds it by that digest, so neither a
copy of the table nor the time a comparison takes tells anything about it. Using a token writes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.auth import repository
from api.auth.models import ApiTokenRow
from api.auth.scopes import Scope, scopes_of, scopes_text
from dossiers.agencies.directory import Directory
from dossiers.core.canonical import sha256_hex
from dossiers.core.errors import BadInput, Conflict, MotcuaError, NotFound
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from dossiers.core.tables import require_fitting
from workflows.engine.draft import Actor

PREFIX = "motcua_"
"""Begins every token, so that one left in a file or a log is recognised for what it is."""


class NotAuthenticated(MotcuaError):
    """Nobody knows who calls: no token, or one that is not valid (any more)."""

    code = "token_missing"
    status = 401


def create_token(
    connection: Connection,
    official: str,
    agency: str,
    label: str,
    at: datetime,
    expires_at: datetime | None = None,
    *,
    scopes: Iterable[str] = (),
) -> str:
    """A new token for the official in the agency, for these scopes or for all. The text is given here and
    never again.

    Raises ``Conflict`` (``official_elsewhere``) when the official holds no role there or is not active, and
    ``BadInput`` (``token_expires_too_early``, ``scope_unknown``).
    """
    if not repository.works_in(connection, official, agency):
        raise Conflict(
            Said(
                "Công chức “{official}” không giữ vai trò nào tại “{agency}”.",
                official=official,
                agency=agency,
            ),
            code="official_elsewhere",
            where=official,
            hint="Kiểm tra lại mã công chức và mã cơ quan.",
        )
    if expires_at is not None and expires_at <= at:
        raise BadInput(
            "Mã truy cập phải hết hạn sau thời điểm cấp.", code="token_expires_too_early", where="expires_at"
        )
    require_fitting(ApiTokenRow, {"label": label})
    text = PREFIX + secrets.token_urlsafe(32)
    repository.add(
        connection,
        {
            "id": uuid7(at),
            "digest": sha256_hex(text),
            "official": official,
            "agency": agency,
            "label": label,
            "scopes": scopes_text(scopes),
            "created_at": at,
            "expires_at": expires_at,
            "revoked_at": None,
        },
    )
    return text


def revoke_token(connection: Connection, token_id: UUID, at: datetime) -> None:
    """From now on the token opens nothing. ``NotFound`` (``token_unknown``) when no valid one has this id."""
    if not repository.revoke(connection, token_id, at):
        raise NotFound(
            "Không có mã truy cập này, hoặc đã bị thu hồi.", code="token_unknown", where=str(token_id)
        )


def list_tokens(connection: Connection, official: str | None = None) -> list[Any]:
    """Tokens given out, the latest first. Their texts are not known."""
    return repository.tokens(connection, official)


def authenticate(
    connection: Connection, text: str, directory: Directory, at: datetime
) -> tuple[Actor, frozenset[Scope]]:
    """Who calls with this token, with the roles held now, and what for. Raises ``NotAuthenticated``."""
    row = repository.by_digest(connection, sha256_hex(text))
    if row is None:
        raise _invalid("Mã truy cập không đúng.", "token_invalid")
    if row.revoked_at is not None:
        raise _invalid("Mã truy cập đã bị thu hồi.", "token_revoked")
    if row.expires_at is not None and row.expires_at <= at:
        raise _invalid("Mã truy cập đã hết hạn.", "token_expired")
    if row.disabled_at is not None:
        raise _invalid("Tài khoản của chủ mã truy cập đang bị khoá.", "account_disabled")
    official = directory.official(row.official)
    roles = official.roles_in(row.agency)
    if not official.active or not roles:
        raise _invalid("Chủ mã truy cập không còn làm việc tại cơ quan này.", "token_owner_left")
    return Actor("official", official.id, row.agency, roles), scopes_of(row.scopes)


def _invalid(message: str, code: str) -> NotAuthenticated:
    return NotAuthenticated(message, code=code, hint="Đề nghị người quản trị cấp mã truy cập mới.")
