"""What an office still lacks to work: heads who answer, agencies that take part in a procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from dossiers.agencies.directory import Agency, Directory
from dossiers.core.errors import MotcuaError
from workflows.definitions.model import Definition
from workflows.office import Office

_MOST_NAMED = 5


def without_head(directory: Directory, at: datetime) -> list[str]:
    """Open agencies that nobody heads now."""
    return [
        agency.code
        for agency in directory.agencies()
        if not agency.closed and directory.head_at(agency.code, at).official is None
    ]


def without_agencies(office: Office, connection: Connection, at: datetime) -> list[str]:
    """Procedures in force that a desk here takes in, with the parts of them that no agency plays."""
    reference = office.reference(connection)
    desks = [agency for agency in reference.directory.agencies() if not agency.closed]
    found = []
    for code in reference.versions:
        try:
            version = reference.version_in_force(code, at.date())
        except MotcuaError:
            continue
        definition = office.plan(connection, code, version).definition
        found += list(_unplayed(reference.directory, definition, desks))
    return found


def _unplayed(directory: Directory, definition: Definition, agencies: list[Agency]) -> Iterator[str]:
    receiving = definition.participants[definition.receiving].kind
    for desk in agencies:
        if desk.kind != receiving:
            continue
        lacking = [
            key
            for key, participant in definition.participants.items()
            if key != definition.receiving
            and not _plays(directory, definition.code, key, participant.kind, desk.code, participant.many)
        ]
        if lacking:
            yield f"{definition.code} tại {desk.code}: {', '.join(lacking)}"


def _plays(directory: Directory, code: str, key: str, kind: str, desk: str, many: bool) -> bool:
    try:
        directory.resolve(code, key, kind, desk, many=many)
    except MotcuaError:
        return False
    return True


def told(found: list[str]) -> str:
    """The first few, and how many more."""
    more = f" và {len(found) - _MOST_NAMED} nơi khác" if len(found) > _MOST_NAMED else ""
    return "; ".join(found[:_MOST_NAMED]) + more
