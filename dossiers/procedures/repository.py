"""Queries about procedure versions and the national catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.core.errors import NotFound
from dossiers.procedures.models import CatalogueRow, ProcedureVersionRow, VersionStatus

_VERSIONS = ProcedureVersionRow.__table__


def get(connection: Connection, code: str, version: int) -> Any:
    """A version of a procedure; ``NotFound`` (``procedure_unknown``) otherwise."""
    row = connection.execute(
        select(*_VERSIONS.c).where(ProcedureVersionRow.code == code, ProcedureVersionRow.version == version)
    ).one_or_none()
    if row is None:
        raise NotFound(f"Không có thủ tục {code} phiên bản {version}.", code="procedure_unknown", where=code)
    return row


def in_force(connection: Connection, code: str, day: date) -> Any:
    """The latest published version in force on a day; ``NotFound`` (``procedure_not_in_force``) otherwise."""
    row = connection.execute(
        select(*_VERSIONS.c)
        .where(
            ProcedureVersionRow.code == code,
            ProcedureVersionRow.status == VersionStatus.PUBLISHED.value,
            ProcedureVersionRow.effective_from <= day,
            or_(ProcedureVersionRow.effective_to.is_(None), ProcedureVersionRow.effective_to >= day),
        )
        .order_by(ProcedureVersionRow.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"Thủ tục {code} không có phiên bản nào có hiệu lực ngày {day:%d/%m/%Y}.",
            code="procedure_not_in_force",
            where=code,
            hint="Xem: motcua procedure list; công bố: motcua procedure publish TỆP.",
        )
    return row


def versions(connection: Connection, code: str | None = None) -> list[Any]:
    """All versions, of one procedure or of every one."""
    statement = select(*_VERSIONS.c).order_by(ProcedureVersionRow.code, ProcedureVersionRow.version)
    if code is not None:
        statement = statement.where(ProcedureVersionRow.code == code)
    return list(connection.execute(statement))


def last_version(connection: Connection, code: str) -> int:
    """The highest version number of a procedure; zero when there is none."""
    highest = connection.execute(
        select(func.max(ProcedureVersionRow.version)).where(ProcedureVersionRow.code == code)
    ).scalar_one_or_none()
    return highest or 0


def add(connection: Connection, fields: dict[str, Any]) -> None:
    """Keep a new version."""
    connection.execute(insert(ProcedureVersionRow), fields)


def replace_draft(connection: Connection, code: str, version: int, fields: dict[str, Any]) -> int:
    """Change a version that is still a draft; the number of rows changed (none when it was published)."""
    return connection.execute(
        update(ProcedureVersionRow)
        .where(
            ProcedureVersionRow.code == code,
            ProcedureVersionRow.version == version,
            ProcedureVersionRow.status == VersionStatus.DRAFT.value,
        )
        .values(**fields)
    ).rowcount


def set_status(connection: Connection, code: str, version: int, status: VersionStatus, at: datetime) -> None:
    """Publish or retire a version."""
    fields: dict[str, Any] = {"status": status.value}
    if status is VersionStatus.PUBLISHED:
        fields["published_at"] = at
    connection.execute(
        update(ProcedureVersionRow)
        .where(ProcedureVersionRow.code == code, ProcedureVersionRow.version == version)
        .values(**fields)
    )


def catalogue_codes(connection: Connection) -> set[str]:
    """Codes of the national catalogue already imported."""
    return set(connection.execute(select(CatalogueRow.code)).scalars())


def add_catalogue(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep entries of the national catalogue."""
    connection.execute(insert(CatalogueRow), list(rows))


def catalogue_entries(connection: Connection, codes: Iterable[str]) -> dict[str, Any]:
    """Those of the codes that are in the national catalogue, with their rows."""
    statement = select(CatalogueRow.__table__).where(CatalogueRow.code.in_(list(codes)))
    return {row.code: row for row in connection.execute(statement)}


def put_catalogue(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep entries of the national catalogue, in place of earlier ones with the same code."""
    if not rows:
        return
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(CatalogueRow)
    changing = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changing), list(rows))


def search_catalogue(connection: Connection, words: str, limit: int = 20) -> list[Any]:
    """Entries whose code or name holds every word; ``words`` without diacritics, in lower case."""
    statement = select(CatalogueRow.__table__).order_by(CatalogueRow.code).limit(limit)
    for word in words.split():
        statement = statement.where(CatalogueRow.search_text.contains(word, autoescape=True))
    return list(connection.execute(statement))
