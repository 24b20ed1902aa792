"""Choosing a procedure at the desk: by words without diacritics or by code, the most used first."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.core.searching import searchable
from dossiers.procedures.repository import KnownVersion
from dossiers.records.repository import registered_by_procedure
from workflows.office import Office

LATELY = timedelta(days=90)
"""How far back the desk's own habits are counted."""


class ProcedureChoice(BaseModel):
    """A procedure that may be registered now."""

    code: str
    version: int
    name: str
    field: str
    level: str
    used: int = Field(description="Số hồ sơ nơi tiếp nhận này đã đăng ký trong 90 ngày qua")


def procedures_for(
    office: Office, connection: Connection, at: datetime, desk: str, words: str = "", limit: int = 12
) -> list[ProcedureChoice]:
    """Procedures in force with every word in the code, or at the beginning of a word of name and field.

    A code that begins so comes first, then names that hold the words as they stand, then what this desk
    registers most, then the shortest name. Members of a group are left out: they are opened by the group.
    """
    reference = office.reference(connection)
    day = reference.calendars.reception(reference.directory, desk).to_local(at).date()
    used = registered_by_procedure(connection, desk, at - LATELY)
    wanted = searchable(words)
    found: list[tuple[tuple[bool, bool, int, int, str], ProcedureChoice]] = []
    for code in reference.versions:
        known = reference.in_force(code, day)
        if known is None or code in reference.members:
            continue
        text = searchable(f"{code} {known.name} {known.field}")
        if all(f" {word}" in f" {text}" or word in code for word in wanted.split()):
            choice = _choice(code, known, used.get(code, 0))
            rank = (
                not text.startswith(wanted),
                wanted not in text,
                -choice.used,
                len(choice.name),
                choice.name,
            )
            found.append((rank, choice))
    found.sort(key=lambda item: item[0])
    return [choice for _, choice in found[:limit]]


def _choice(code: str, known: KnownVersion, used: int) -> ProcedureChoice:
    return ProcedureChoice(
        code=code,
        version=known.version,
        name=known.name,
        field=known.field,
        level=known.level,
        used=used,
    )
