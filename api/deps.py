"""Typed dependencies: the running office, the present instant, who calls and by what right.

Every route takes exactly one right. A right that asks for a token looks the caller up in a short read of
its own; the work is then done in one transaction that the endpoint opens and closes itself. A transaction
is deliberately no dependency: the framework would enter it, run the endpoint and leave it in three turns
of a small pool of threads, and holders waiting for a thread while waiters hold the threads is a deadlock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime, BeforeValidator, Field
from sqlalchemy import Connection

from api.auth.service import NotAuthenticated, authenticate
from api.public.limiting import Limits
from dossiers.agencies.models import Role
from dossiers.core.clock import now
from dossiers.core.errors import NotAllowed
from dossiers.core.settings import Settings
from workflows.engine.draft import Actor
from workflows.office import Office


@dataclass(frozen=True, slots=True)
class Door:
    """What the composition root hands to every endpoint."""

    office: Office
    settings: Settings
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Visit:
    """A call by anybody."""

    office: Office
    settings: Settings
    limits: Limits
    at: datetime
    client: str

    def reading(self) -> AbstractContextManager[Connection]:
        """The one transaction of a question."""
        return self.office.database.reading()


@dataclass(frozen=True, slots=True)
class Call:
    """A call by an official who may make it."""

    office: Office
    settings: Settings
    at: datetime
    actor: Actor

    def reading(self) -> AbstractContextManager[Connection]:
        """The one transaction of a question."""
        return self.office.database.reading()

    def writing(self) -> AbstractContextManager[Connection]:
        """The one transaction of a command."""
        return self.office.database.writing()


@dataclass(frozen=True, slots=True)
class Right:
    """Who may use a route: ``roles`` is None for any official; nobody is asked when ``public``."""

    public: bool = False
    roles: frozenset[Role] | None = None

    @property
    def label(self) -> str:
        """The right in Vietnamese."""
        if self.public:
            return "Công khai, không cần mã truy cập"
        if self.roles is None:
            return "Mọi công chức có mã truy cập"
        return "Công chức giữ vai trò: " + ", ".join(role.label for role in Role if role in self.roles)


RIGHTS: dict[Callable[..., Any], Right] = {}
"""The right behind each dependency that grants one. A route without any of them is refused by the tests."""

_bearer = HTTPBearer(auto_error=False, description="Mã truy cập của công chức", scheme_name="token")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def door_of(request: Request) -> Door:
    """The office behind this application."""
    door = request.app.state.door
    assert isinstance(door, Door)
    return door


async def present() -> datetime:
    """Now. Tests put another instant here."""
    return now()


At = Annotated[datetime, Depends(present)]
DoorOf = Annotated[Door, Depends(door_of)]


def _official(*roles: Role) -> Callable[..., Call]:
    wanted = frozenset(roles) or None

    def caller(door: DoorOf, at: At, bearer: Bearer) -> Call:
        if bearer is None:
            raise NotAuthenticated(
                "Cần mã truy cập.", hint="Gửi kèm tiêu đề Authorization: Bearer <mã truy cập>."
            )
        with door.office.database.reading() as connection:
            directory = door.office.reference(connection).directory
            actor = authenticate(connection, bearer.credentials, directory, at)
        if wanted is not None and not any(actor.has(role) for role in wanted):
            raise _refused(wanted)
        return Call(door.office, door.settings, at, actor)

    RIGHTS[caller] = Right(roles=wanted)
    return caller


def _refused(wanted: frozenset[Role]) -> NotAllowed:
    labels = ", ".join(role.label for role in Role if role in wanted)
    return NotAllowed(
        f"Việc này cần vai trò: {labels}.",
        hint="Đề nghị người giữ vai trò ấy thực hiện.",
        details={"could": [{"role": role.value} for role in Role if role in wanted]},
    )


async def anybody(request: Request, door: DoorOf, at: At) -> Visit:
    """Nobody is asked who they are."""
    client = request.client.host if request.client else ""
    return Visit(door.office, door.settings, door.limits, at, client)


RIGHTS[anybody] = Right(public=True)

Anybody = Annotated[Visit, Depends(anybody)]
Official = Annotated[Call, Depends(_official())]
Administrator = Annotated[Call, Depends(_official(Role.ADMINISTRATOR))]
Inspector = Annotated[Call, Depends(_official(Role.ADMINISTRATOR, Role.INSPECTOR))]
DeskOfficial = Annotated[Call, Depends(_official(Role.RECEPTIONIST, Role.CLERK))]
Overseer = Annotated[
    Call,
    Depends(_official(Role.UNIT_HEAD, Role.HEAD, Role.LEADER, Role.INSPECTOR, Role.ADMINISTRATOR)),
]

_SPACE_FOR_PLUS = re.compile(r" (\d{2}:?\d{2})$")


def _mended(value: Any) -> Any:
    """An unescaped “+07:00” in a query arrives with a space for its plus."""
    return _SPACE_FOR_PLUS.sub(r"+\1", value) if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, BeforeValidator(_mended)]
"""An instant in a query."""

Code = Annotated[
    str,
    Path(
        description="Mã hồ sơ",
        min_length=3,
        max_length=64,
        pattern=r"^[0-9A-Za-z._-]+$",
        examples=["H44.101.01-260302-0001"],
    ),
]
AgencyCode = Annotated[str, Field(max_length=35, pattern=r"^[0-9A-Z]+(\.[0-9A-Z]+)*$")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern=r"^[\x20-\x7e]+$",
        description="Khoá chống gửi trùng do bên gọi đặt, riêng cho từng lệnh; nên có",
    ),
]
