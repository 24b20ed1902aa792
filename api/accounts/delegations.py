"""Delegation (uỷ quyền): an official acts in the place of another, within an agency and for a time.

The delegate gets roles the other holds there, all or some, and commands, all or some; never administration,
and never more than the other still holds. History names both. Who answers for an agency stays its head.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.accounts import repository
from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict, NotFound
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from dossiers.history.events import actor_label
from workflows.commands import COMMANDS, SYSTEM_ONLY
from workflows.engine.draft import Actor

LONGEST_LABEL = 80
"""How history names who acts has at most so many characters."""

NEVER = frozenset({Role.ADMINISTRATOR})
"""What is not delegated: another administrator is appointed instead."""


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """A delegation to be kept; no roles or commands named means all."""

    from_official: str
    to_official: str
    agency: str
    since: datetime
    until: datetime
    decision: str
    roles: tuple[Role, ...] = ()
    commands: tuple[str, ...] = ()
    reason: str = ""


def delegate(
    connection: Connection, directory: Directory, wanted: NewDelegation, by: str, at: datetime
) -> UUID:
    """Let an official act in another's place.

    Raises ``NotFound`` (``official_unknown``), ``BadInput`` (``delegation_to_self``,
    ``delegation_dates_wrong``, ``delegation_decision_needed``, ``delegation_roles_wrong``,
    ``command_not_delegable``, ``delegation_names_too_long``) and ``Conflict`` (``official_left``).
    """
    giver, taker = directory.official(wanted.from_official), directory.official(wanted.to_official)
    _check(wanted, at)
    held = giver.roles_in(wanted.agency) - NEVER
    if not held or not set(wanted.roles) <= held:
        raise BadInput(
            "Chỉ uỷ quyền được vai trò mình đang giữ tại cơ quan này; quyền quản trị không uỷ quyền.",
            code="delegation_roles_wrong",
            where="roles",
        )
    if not taker.active:
        raise Conflict(
            Said("{taker} không còn làm việc.", taker=taker.name), code="official_left", where="to_official"
        )
    if len(actor_label("official", taker.id, giver.id)) > LONGEST_LABEL:
        raise BadInput(
            "Hai mã công chức quá dài nên không ghi được vào lịch sử hồ sơ.",
            code="delegation_names_too_long",
            where="to_official",
        )
    delegation_id = uuid7(at)
    repository.add_delegation(
        connection,
        {
            "id": delegation_id,
            "from_official": giver.id,
            "to_official": taker.id,
            "agency": wanted.agency,
            "roles": _joined(role.value for role in wanted.roles),
            "commands": _joined(wanted.commands),
            "since": wanted.since,
            "until": wanted.until,
            "decision": wanted.decision,
            "reason": wanted.reason,
            "created_at": at,
            "created_by": by,
            "revoked_at": None,
        },
    )
    return delegation_id


def revoke(connection: Connection, delegation_id: UUID, official: str, at: datetime) -> None:
    """End a delegation one gave or received; ``NotFound`` (``delegation_unknown``) otherwise."""
    row = repository.delegation(connection, delegation_id)
    concerned = row is not None and official in (row.from_official, row.to_official)
    if not concerned or not repository.revoke_delegation(connection, delegation_id, at):
        raise _unknown(delegation_id)


def state_of(row: Any, at: datetime) -> str:
    """Where a delegation stands: ``holds``, ``to_come``, ``over`` or ``revoked``."""
    if row.revoked_at is not None:
        return "revoked"
    if row.until <= at:
        return "over"
    return "holds" if row.since <= at else "to_come"


def usable(connection: Connection, directory: Directory, official: str, at: datetime) -> list[Any]:
    """The delegations by which an official may act at ``at``."""
    return [
        row
        for row in repository.delegations_of(connection, official)
        if row.to_official == official and _roles(row, directory, at)
    ]


def acting(row: Any | None, directory: Directory, official: str, at: datetime) -> Actor | None:
    """The official acting by a delegation; None when it does not hold at ``at``."""
    if row is None or row.to_official != official:
        return None
    roles = _roles(row, directory, at)
    if not roles:
        return None
    only = frozenset(row.commands.split()) or None
    return Actor("official", official, row.agency, roles, behalf=row.from_official, only=only)


def required(
    connection: Connection, directory: Directory, delegation_id: UUID, official: str, at: datetime
) -> Any:
    """A delegation by which the official may act now; ``NotFound`` (``delegation_unknown``) otherwise."""
    row = repository.delegation(connection, delegation_id)
    if acting(row, directory, official, at) is None:
        raise _unknown(delegation_id)
    return row


def _roles(row: Any, directory: Directory, at: datetime) -> frozenset[Role]:
    """What the delegation gives at ``at``: of what it names, what the giver holds."""
    if row.revoked_at is not None and row.revoked_at <= at:
        return frozenset()
    giver = directory.official(row.from_official)
    if not giver.active or not row.since <= at < row.until:
        return frozenset()
    held = giver.roles_in(row.agency) - NEVER
    named = frozenset(Role(each) for each in row.roles.split())
    return held & named if named else held


def _check(wanted: NewDelegation, at: datetime) -> None:
    if wanted.from_official == wanted.to_official:
        raise BadInput("Không uỷ quyền cho chính mình.", code="delegation_to_self", where="to_official")
    if wanted.until <= max(wanted.since, at):
        raise BadInput(
            "Ngày kết thúc phải sau ngày bắt đầu và chưa qua.", code="delegation_dates_wrong", where="until"
        )
    if not wanted.decision.strip():
        raise BadInput(
            "Cần số văn bản uỷ quyền.",
            code="delegation_decision_needed",
            where="decision",
            hint="Ví dụ: 15/GUQ-UBND.",
        )
    unknown = sorted(set(wanted.commands) - (COMMANDS.keys() - SYSTEM_ONLY))
    if unknown:
        raise BadInput(
            Said("Không có việc “{unknown}”.", unknown=unknown[0]),
            code="command_not_delegable",
            where="commands",
        )


def _joined(names: Iterable[str]) -> str:
    return " ".join(sorted(set(names)))


def _unknown(delegation_id: UUID) -> NotFound:
    return NotFound(
        "Không có uỷ quyền này, hoặc không còn hiệu lực.",
        code="delegation_unknown",
        where=str(delegation_id),
    )
