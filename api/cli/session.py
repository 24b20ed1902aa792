"""Opening the office for a command, and saying who acts and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from api.cli.output import VIETNAM
from dossiers.core import clock
from dossiers.core.db import Database
from dossiers.core.errors import BadInput
from dossiers.core.migrating import require_current
from dossiers.core.settings import settings
from workflows.engine.draft import Actor
from workflows.office import Office

AsJson = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác đọc")]
As = Annotated[
    str | None,
    typer.Option("--as", envvar="MOTCUA_AS", help="Mã công chức thực hiện (hoặc biến MOTCUA_AS)"),
]
At = Annotated[
    str | None, typer.Option("--at", help="Thời điểm thực hiện, ví dụ 2026-11-20T08:30 (mặc định: bây giờ)")
]
Key = Annotated[str | None, typer.Option("--key", help="Khoá chống gửi trùng: cùng khoá chỉ làm một lần")]


_opened: list[Database] = []


def open_database() -> Database:
    """The database of this installation, whatever state it is in; closed when the command ends."""
    known = settings()
    database = Database(known.database_url, pool_size=known.pool_size)
    _opened.append(database)
    return database


def close_databases() -> None:
    """Close what the command opened."""
    while _opened:
        _opened.pop().dispose()


def open_office() -> Office:
    """The office on its database; refused when the schema is not current."""
    database = open_database()
    require_current(database)
    return Office(database)


def moment(text: str | None, *, what: str = "--at") -> datetime:
    """An instant from the command line; local time of Vietnam when it names no offset; now when empty."""
    if text is None:
        return clock.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"Không đọc được thời điểm “{text}”.",
            code="instant_unreadable",
            where=what,
            hint="Viết dạng 2026-11-20T08:30, giờ Việt Nam.",
        ) from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=VIETNAM)
    return at.astimezone(UTC)


def acting(office: Office, official_id: str | None) -> Actor:
    """The official who acts, with the roles held in their own agency."""
    if official_id is None:
        raise BadInput(
            "Chưa nêu ai thực hiện.",
            code="actor_needed",
            where="--as",
            hint="Thêm --as MÃ_CÔNG_CHỨC, hoặc đặt biến MOTCUA_AS. Danh sách: motcua official list.",
        )
    with office.database.reading() as connection:
        official = office.reference(connection).directory.official(official_id)
    return Actor("official", official.id, official.agency, official.roles_in(official.agency))
