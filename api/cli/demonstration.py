"""Building the demonstration office: wholly, or not at all."""

from __future__ import annotations

from pathlib import Path

from api.auth.service import create_token, list_tokens, revoke_token
from api.cli.output import errors, number, progress
from api.cli.procedures import shipped
from api.cli.session import moment
from dossiers.agencies.models import Role
from dossiers.core import clock
from dossiers.core.db import Database
from dossiers.core.errors import Conflict
from dossiers.core.migrating import upgrade
from dossiers.core.settings import settings
from workflows.demo.places import ADMINISTRATOR
from workflows.demo.simulation import make_demo
from workflows.office import Office

_LABEL = "thử nghiệm"


def is_empty(office: Office) -> bool:
    """Whether nobody has set the office up yet."""
    with office.database.reading() as connection:
        return not any(True for _ in office.reference(connection).directory.agencies())


def not_empty() -> Conflict:
    """The refusal to build a demonstration over an office."""
    return Conflict(
        "Cơ sở dữ liệu đã có cơ quan, đơn vị; dữ liệu minh hoạ chỉ tạo trên cơ sở trống.",
        code="office_not_empty",
        hint="Dùng cơ sở dữ liệu khác: MOTCUA_DATABASE_URL=sqlite:///var/demo.sqlite3",
    )


def build_demo(database: Database, dossiers: int | None = None, until: str | None = None) -> None:
    """Fill an empty database with a year of history.

    On SQLite the year is built in a file beside and put in place when it is whole: a building that was
    interrupted leaves the office empty, to be begun again.
    """
    known = settings()
    wanted = known.demo_dossiers if dossiers is None else dossiers
    errors.print(f"Dựng văn phòng minh hoạ: một năm, {number(wanted)} hồ sơ…")
    aside = _beside(database) if database.is_sqlite else None
    target = Database(f"sqlite:///{aside}") if aside else database
    upgrade(target)
    with progress("Hồ sơ minh hoạ", wanted) as advance:
        report = make_demo(
            Office(target),
            shipped(),
            dossiers=wanted,
            until=moment(until),
            seed=known.demo_seed,
            progress=advance,
        )
    if aside is not None:
        _put_in_place(target, aside, database)
    errors.print(
        f"Xong: {number(report.dossiers)} hồ sơ, {number(report.commands)} thao tác. "
        "Người và hồ sơ đều là hư cấu."
    )


def _beside(database: Database) -> Path:
    path = Path(f"{database.url.database}.building")
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    return path


def _put_in_place(built: Database, aside: Path, database: Database) -> None:
    with built.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    built.dispose()
    database.dispose()
    target = Path(str(database.url.database))
    for journal in target.parent.glob(f"{target.name}-*"):
        journal.unlink()
    aside.replace(target)
    for journal in aside.parent.glob(f"{aside.name}-*"):
        journal.unlink()


def new_demo_tokens(office: Office) -> list[tuple[str, str]]:
    """Tokens for trying the API as a receptionist and as the administrator; those given before are revoked.

    Made anew at each start: only digests are kept, so a token cannot be shown twice.
    """
    at = clock.now()
    with office.database.writing() as connection:
        directory = office.reference(connection).directory
        people = {item.id: item for item in directory.officials()}
        if ADMINISTRATOR not in people:
            return []
        for token in list_tokens(connection):
            if token.label == _LABEL and token.revoked_at is None:
                revoke_token(connection, token.id, at)
        receptionist = next(
            item
            for item in people.values()
            if directory.agency(item.agency).kind == "one_stop"
            and Role.RECEPTIONIST in item.roles_in(item.agency)
        )
        return [
            (official.id, create_token(connection, official.id, official.agency, _LABEL, at))
            for official in (receptionist, people[ADMINISTRATOR])
        ]
