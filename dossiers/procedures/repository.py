"""Queries about procedure versions and the national catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.core.errors import NotFound
from dossiers.core.said import Said
from dossiers.procedures.models import CatalogueRow, ProcedureVersionRow, VersionStatus

_VERSIONS = ProcedureVersionRow.__table__


def get(connection: Connection, code: str, version: int) -> Any:
    """A version of a procedure; ``NotFound`` (``procedure_unknown``) otherwise."""
    row = connection.execute(
        select(*_VERSIONS.c).where(ProcedureVersionRow.code == code, ProcedureVersionRow.version == version)
    ).one_or_none()
    if row is None:
        raise NotFound(
            Said("Không có thủ tục {code} phiên bản {version}.", code=code, version=version),
            code="procedure_unknown",
            where=code,
        )
    return row


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version without its definition: enough to choose one."""

    version: int
    status: str
    effective_from: date
    effective_to: date | None
    name: str
    field: str
    level: str

    def is_in_force(self, day: date) -> bool:
        """Whether dossiers received on the day are taken by it."""
        return (
            self.status == VersionStatus.PUBLISHED.value
            and self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
        )


def known_versions(connection: Connection) -> dict[str, tuple[KnownVersion, ...]]:
    """Every version by procedure, the oldest first."""
    columns = (
        ProcedureVersionRow.code,
        ProcedureVersionRow.version,
        ProcedureVersionRow.status,
        ProcedureVersionRow.effective_from,
        ProcedureVersionRow.effective_to,
        ProcedureVersionRow.name,
        ProcedureVersionRow.field,
        ProcedureVersionRow.level,
    )
    found: dict[str, list[KnownVersion]] = {}
    order = (ProcedureVersionRow.code, ProcedureVersionRow.version)
    for code, *rest in connection.execute(select(*columns).order_by(*order)):
        found.setdefault(code, []).append(KnownVersion(*rest))
    return {code: tuple(items) for code, items in found.items()}


def member_codes(connection: Connection) -> frozenset[str]:
    """Procedures that steps of others open: parts of a group, never handed in by themselves."""
    groups = select(ProcedureVersionRow.definition).where(
        ProcedureVersionRow.definition.contains('"member":"', autoescape=True)
    )
    steps = [step for text in connection.execute(groups).scalars() for step in json.loads(text)["steps"]]
    return frozenset(step["member"] for step in steps if "member" in step)


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


def add(connection: Connection, fields: dict[str, Any]) -> bool:
    """Keep a new version; false when the version is there already, though it came a moment ago."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(ProcedureVersionRow).values(**fields).on_conflict_do_nothing()
    return connection.execute(statement.returning(ProcedureVersionRow.version)).first() is not None


def replace_draft(connection: Connection, fields: dict[str, Any]) -> bool:
    """Change a version that is still a draft; false when it was published, though it was a moment ago."""
    statement = update(ProcedureVersionRow).where(
        ProcedureVersionRow.code == fields["code"],
        ProcedureVersionRow.version == fields["version"],
        ProcedureVersionRow.status == VersionStatus.DRAFT.value,
    )
    return connection.execute(statement.values(**fields)).rowcount == 1


def catalogue_codes(connection: Connection) -> set[str]:
    """Codes of the national catalogue already imported."""
    return set(connection.execute(select(CatalogueRow.code)).scalars())


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
