"""Typed dependencies: the running office, the present instant, who calls and by what right.

Every route takes exactly one right. A right that asks for a token looks the caller up in a short read of
its own; the work is then done in one transaction that the endpoint opens and closes itself. A transaction
is deliberately no dependency: the framework would enter it, run the endpoint and leave it in three turns
of a small pool of threads, and holders waiting for a thread while waiters hold the threads is a deadlock.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime, BeforeValidator, Field
from sqlalchemy import Connection

from api.accounts import repository as accounts
from api.accounts.service import Session, csrf_of, session_of
from api.auth.scopes import Scope, require_scope
from api.auth.service import NotAuthenticated, authenticate
from api.public.limiting import Limits
from dossiers.agencies.directory import Official as Known
from dossiers.agencies.models import Role
from dossiers.core.clock import Clock, now
from dossiers.core.errors import NotAllowed
from dossiers.core.said import Said, joined
from dossiers.core.settings import Settings
from workflows.engine.draft import Actor
from workflows.office import Office
from workflows.views.sight import Sight, find

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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

    def writing(self) -> AbstractContextManager[Connection]:
        """The one transaction of something done."""
        return self.office.database.writing()


@dataclass(frozen=True, slots=True)
class Call:
    """A call by an official who may make it."""

    office: Office
    settings: Settings
    at: datetime
    actor: Actor
    session: Session | None = None
    """The browser's session; None for a call by token."""
    scopes: frozenset[Scope] = frozenset(Scope)
    limits: Limits = field(default_factory=Limits)

    def reading(self) -> AbstractContextManager[Connection]:
        """The one transaction of a question."""
        return self.office.database.reading()

    def sight(self, connection: Connection) -> Sight:
        """What the caller may see."""
        return Sight.of(self.office.reference(connection).directory, self.actor.agency)

    def find(self, connection: Connection, code: str) -> UUID:
        """The dossier with this code, if the caller may see it; ``NotFound`` (``dossier_unknown``)."""
        return find(connection, code, self.sight(connection))

    def administers(self, connection: Connection, agency: str | None) -> None:
        """Refuse unless the agency lies within the caller's own; None is the whole office.

        Raises ``NotFound`` (``agency_unknown``), ``NotAllowed`` (``agency_out_of_sight``,
        ``whole_office_only``).
        """
        directory = self.office.reference(connection).directory
        if agency is not None:
            self.sight(connection).agency(directory, agency)
        elif self.actor.agency is None or directory.agency(self.actor.agency).parent is not None:
            raise NotAllowed(
                "Việc này có hiệu lực với mọi cơ quan nên do quản trị của cơ quan cấp trên cùng thực hiện.",
                code="whole_office_only",
                hint="Đề nghị quản trị của cơ quan cấp trên cùng thực hiện.",
            )

    def administers_official(self, connection: Connection, official: str) -> None:
        """Refuse unless the official works within the caller's own agency, in every role held.

        Whoever holds a role further up could otherwise be signed in for by who administers below.
        Raises ``NotFound`` (``official_unknown``), ``NotAllowed`` (``official_out_of_reach``).
        """
        known = self.office.reference(connection).directory.official(official)
        if not reaches(self.sight(connection), known):
            raise NotAllowed(
                Said(
                    "{known} thuộc hoặc giữ vai trò tại cơ quan nằm ngoài phạm vi quản trị của bạn.",
                    known=known.name,
                ),
                code="official_out_of_reach",
                where=official,
                hint="Đề nghị quản trị của cơ quan cấp trên thực hiện.",
            )

    def writing(self) -> AbstractContextManager[Connection]:
        """The one transaction of a command."""
        return self.office.database.writing()


def reaches(sight: Sight, official: Known) -> bool:
    """Whether administration that sees so far covers an official: the own agency and every role."""
    return all(sight.sees((agency,)) for agency in {official.agency, *(where for where, _ in official.roles)})


@dataclass(frozen=True, slots=True)
class Right:
    """Who may use a route: ``roles`` is None for any official; nobody is asked when ``public``.

    A token needs ``scope``; where none is named, reading or acting by the method. ``in_person`` is for the
    browser somebody is signed in with, for no token; ``top`` for those of an agency that has none above it.
    """

    public: bool = False
    roles: frozenset[Role] | None = None
    scope: Scope | None = None
    in_person: bool = False
    top: bool = False

    def scope_for(self, method: str) -> Scope:
        """What a token must be for."""
        return self.scope or (Scope.READ if method in SAFE_METHODS else Scope.ACT)

    @property
    def label(self) -> str:
        """The right in Vietnamese."""
        if self.public:
            return "Công khai, không cần mã truy cập"
        if self.in_person:
            return "Công chức tự đăng nhập"
        if self.roles is None:
            return "Mọi công chức có mã truy cập"
        where = " ở cơ quan cấp trên cùng" if self.top else ""
        return f"Công chức giữ vai trò{where}: " + ", ".join(
            role.label for role in Role if role in self.roles
        )


RIGHTS: dict[Callable[..., Any], Right] = {}
"""The right behind each dependency that grants one. A route without any of them is refused by the tests."""

CSRF_HEADER = "x-csrf-token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""How forms of pages are sent."""

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


async def passing() -> Clock:
    """A clock for work that goes on after the answer. Tests put another here."""
    return now


Passing = Annotated[Clock, Depends(passing)]
At = Annotated[datetime, Depends(present)]
DoorOf = Annotated[Door, Depends(door_of)]


async def csrf_sent(request: Request) -> str:
    """The token against forged requests that came with the request: in a header, or in a form's field."""
    header = request.headers.get(CSRF_HEADER)
    if header is not None or request.method in SAFE_METHODS:
        return header or ""
    if not request.headers.get("content-type", "").startswith(FORMS):
        return ""
    sent = (await request.form()).get("csrf")
    return sent if isinstance(sent, str) else ""


def require_csrf(request: Request, sent: str, *tokens: str) -> None:
    """Refuse (``form_expired``) a request that changes something and was not sent from a page of ours:
    what it carries belongs to none of the browser's tokens."""
    if request.method in SAFE_METHODS:
        return
    if not any(token and hmac.compare_digest(csrf_of(token).encode(), sent.encode()) for token in tokens):
        raise NotAllowed(
            "Biểu mẫu đã cũ hoặc không gửi từ trang này.",
            code="form_expired",
            hint="Tải lại trang rồi gửi lại.",
        )


def _official(
    *roles: Role, scope: Scope | None = None, in_person: bool = False, top: bool = False
) -> Callable[..., Call]:
    wanted = frozenset(roles) or None
    right = Right(roles=wanted, scope=scope, in_person=in_person, top=top)

    def caller(
        request: Request,
        door: DoorOf,
        at: At,
        bearer: Bearer,
        sent: Annotated[str, Depends(csrf_sent)],
    ) -> Call:
        session, scopes = None, frozenset(Scope)
        cookie = request.cookies.get(cookie_name(door.settings), "")
        if bearer is not None:
            with door.office.database.reading() as connection:
                directory = door.office.reference(connection).directory
                actor, scopes = authenticate(connection, bearer.credentials, directory, at)
            require_scope(scopes, right.scope_for(request.method))
        elif cookie:
            actor, session = _signed_in(door, cookie, at)
            request.state.session = session
            require_csrf(request, sent, cookie)
            _require_own_password(request, session)
        else:
            raise NotAuthenticated(
                Said("Cần đăng nhập hoặc mã truy cập."),
                hint="Gửi kèm tiêu đề Authorization: Bearer <mã truy cập>.",
            )
        call = Call(door.office, door.settings, at, actor, session, scopes, door.limits)
        request.state.call = call
        if in_person and session is None:
            raise NotAllowed(
                "Việc này chỉ làm được khi tự đăng nhập, không làm bằng mã truy cập.", code="session_needed"
            )
        if wanted is not None and not any(actor.has(role) for role in wanted):
            raise _refused(wanted)
        if wanted == _ADMINISTRATION or top:
            _require_reach(call, request.path_params, top=top)
        return call

    RIGHTS[caller] = right
    return caller


def _require_reach(call: Call, named: Mapping[str, Any], *, top: bool) -> None:
    """Administration reaches as far as the agency: whom or what an address names must lie within."""
    with call.reading() as connection:
        if top:
            call.administers(connection, None)
        if "agency" in named:
            call.administers(connection, str(named["agency"]))
        if "official" in named:
            call.administers_official(connection, str(named["official"]))


def _require_own_password(request: Request, session: Session) -> None:
    """Who was given a password by somebody else chooses an own one before anything else."""
    if session.must_change and not request.url.path.startswith(("/account", "/sign-out")):
        raise NotAllowed(
            "Mật khẩu này do người khác đặt; hãy đổi mật khẩu trước khi làm việc.",
            code="password_must_change",
            hint="Đổi tại trang Tài khoản của tôi.",
        )


def cookie_name(settings: Settings) -> str:
    """The cookie of a session; over HTTPS its name itself forbids other hosts and plain HTTP."""
    return "__Host-motcua_session" if settings.is_secure else "motcua_session"


def _signed_in(door: Door, token: str, at: datetime) -> tuple[Actor, Session]:
    database = door.office.database
    with database.reading() as connection:
        directory = door.office.reference(connection).directory
        actor, session, to_note = session_of(connection, token, directory, at)
    if to_note:
        with database.writing() as connection:
            accounts.touch(connection, session.id, at)
    return actor, session


def _refused(wanted: frozenset[Role]) -> NotAllowed:
    labels = joined(", ", (role.label for role in Role if role in wanted))
    return NotAllowed(
        Said("Việc này cần vai trò: {labels}.", labels=labels),
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
Reader = Annotated[Call, Depends(_official(scope=Scope.READ))]
"""Any official, for a question that is asked by ``POST``."""
Registrar = Annotated[Call, Depends(_official(scope=Scope.REGISTER))]
"""Any official; the engine asks for the role in the agency that receives."""
InPerson = Annotated[Call, Depends(_official(in_person=True))]
_ADMINISTRATION = frozenset({Role.ADMINISTRATOR})
Delegator = Annotated[Call, Depends(_official(Role.ADMINISTRATOR, Role.LEADER, in_person=True))]
"""Sets up delegations for those absent."""
Administrator = Annotated[Call, Depends(_official(Role.ADMINISTRATOR, scope=Scope.ADMIN))]
TopAdministrator = Annotated[Call, Depends(_official(Role.ADMINISTRATOR, scope=Scope.ADMIN, top=True))]
"""For what holds for every agency: procedures, calendars, the monitor."""
TopInspector = Annotated[
    Call, Depends(_official(Role.ADMINISTRATOR, Role.INSPECTOR, scope=Scope.OVERSEE, top=True))
]
DeskOfficial = Annotated[Call, Depends(_official(Role.RECEPTIONIST, Role.CLERK, scope=Scope.REGISTER))]
Overseer = Annotated[
    Call,
    Depends(
        _official(
            Role.UNIT_HEAD,
            Role.HEAD,
            Role.LEADER,
            Role.INSPECTOR,
            Role.ADMINISTRATOR,
            scope=Scope.OVERSEE,
        )
    ),
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
