"""Opening the office for a command, and saying who acts and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
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


_CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much the clock of another machine may be ahead of ours."""

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
    if not 1900 <= at.year <= 2200:
        raise BadInput(
            f"Thời điểm “{text}” quá xa.",
            code="instant_out_of_range",
            where=what,
            hint="Năm phải từ 1900 đến 2200.",
        )
    return at.astimezone(UTC)


def day_named(text: str, what: str) -> date:
    """A day from the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"Không đọc được ngày “{text}”.", code="date_unreadable", where=what, hint="Viết dạng 2026-11-24."
        ) from error


def past_moment(text: str | None, *, what: str = "--at") -> datetime:
    """As ``moment``, refused (``instant_in_future``) when it has not come yet: history tells what was."""
    at = moment(text, what=what)
    if at > clock.now() + _CLOCKS_DIFFER:
        raise BadInput(
            f"Thời điểm “{text}” chưa tới.",
            code="instant_in_future",
            where=what,
            hint="Kiểm tra lại ngày, tháng, năm; bỏ trống là bây giờ.",
        )
    return at


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
