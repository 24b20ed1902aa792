"""The people a command names: those new to the office are kept, the others are known."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from dossiers.people import repository as people
from dossiers.people.service import keep
from workflows.commands import Correct, NewApplicant, Register
from workflows.office import Office


def kind_of(connection: Connection, command: Register) -> str:
    """Whether a person or an organisation applies."""
    if isinstance(command.applicant, NewApplicant):
        return command.applicant.kind.value
    return str(people.get(connection, command.applicant).kind)


C = TypeVar("C", Correct, Register)


def with_kept(office: Office, connection: Connection, command: C, at: datetime) -> C:
    """The command with the ids under which its people are kept."""
    update = {
        name: _kept(office, connection, getattr(command, name), at)
        for name in ("applicant", "representative")
    }
    return command.model_copy(update=update)


def _kept(office: Office, connection: Connection, who: Any, at: datetime) -> UUID | None:
    if isinstance(who, NewApplicant):
        return keep(connection, who.model_dump(mode="json"), at=at, bits=office.bits)
    if who is not None:
        people.get(connection, who)
    return who  # type: ignore[no-any-return]
