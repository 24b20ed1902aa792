"""Keeping imported workflows: each wholly, with its agencies and bindings, or not at all.

Nothing is ever taken away: agencies and versions that are there stay as they are, and a workflow whose
content changed becomes a further version.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from dossiers.agencies.directory import Agency, Directory
from dossiers.agencies.service import NewAgency, add_agencies, bind
from dossiers.core.canonical import canonical_json
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.procedures import repository
from dossiers.procedures.models import VersionStatus
from workflows.definitions.checks.lint import lint
from workflows.definitions.model import Definition
from workflows.importers.drafting import WHAT
from workflows.importers.epar import ORIGIN, ReadWorkflow, read_workflows
from workflows.importers.faults import Fault, Findings
from workflows.importers.groups import Group
from workflows.office import Office
from workflows.procedures import save

log = logging.getLogger(__name__)

MOST_WORKFLOWS = 20_000
ROOT = NewAgency("NHAP", "Đơn vị có quy trình nhập từ tệp", "committee")
"""The agency that holds the imported departments, unless the caller names another."""

_VIETNAM = timezone(timedelta(hours=7))
_NOT_CONTENT = ("version", "effective_from")


class ImportStatus(StrEnum):
    """What became of a workflow."""

    IMPORTED = "imported"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """What became of one workflow, and why. ``findings`` counts what the checks found, by code.

    ``unchanged``: the same content was there already, so nothing was written.
    """

    code: str
    status: ImportStatus
    faults: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    name: str = ""
    version: int | None = None
    agencies: list[str] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The entry as data."""
        return {
            "code": self.code,
            "status": self.status.value,
            "faults": self.faults,
            "notes": self.notes,
            "name": self.name,
            "version": self.version,
            "agencies": self.agencies,
            "findings": self.findings,
            "unchanged": self.unchanged,
        }


def load_workflows(text: str | bytes) -> list[Any]:
    """The list a JSON file holds.

    Raises ``BadInput``: ``workflows_unreadable`` with the place of the mistake, ``workflows_shape`` when the
    file holds something else than a list of workflows.
    """
    try:
        data = json.loads(
            text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        )
    except json.JSONDecodeError as error:
        where = f"dòng {error.lineno}, cột {error.colno}"
        raise _unreadable(f"không phải JSON ({where}: {error.msg})", where) from error
    except UnicodeDecodeError as error:
        raise _unreadable(
            f"byte thứ {error.start + 1} không phải UTF-8", f"byte {error.start + 1}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable("có số quá dài hoặc lồng nhau quá sâu", "") from error
    return _list_of_workflows(data)


def _unreadable(why: str, where: str) -> BadInput:
    return BadInput(
        f"Không đọc được tệp quy trình: {why}.",
        code="workflows_unreadable",
        where=where,
        hint="Tệp JSON, mã hoá UTF-8. Chưa có gì được nhập.",
    )


def _list_of_workflows(data: Any) -> list[Any]:
    if isinstance(data, list) and len(data) <= MOST_WORKFLOWS and (not data or any(map(_alike, data))):
        return data
    if not isinstance(data, list):
        why = f"ở ngoài cùng phải là một danh sách, tệp có {type(data).__name__}"
    elif len(data) > MOST_WORKFLOWS:
        why = f"có {len(data)} mục, nhiều hơn {MOST_WORKFLOWS}"
    else:
        why = "không mục nào có “code” và “steps”"
    raise BadInput(
        f"Tệp không phải danh sách quy trình: {why}.",
        code="workflows_shape",
        hint="Mỗi quy trình cần code, name, totaltime_days và steps. Chưa có gì được nhập.",
    )


def _alike(item: Any) -> bool:
    return isinstance(item, dict) and bool({"code", "steps"} & item.keys())


def import_workflows(
    office: Office,
    connection: Connection,
    data: Any,
    at: datetime,
    *,
    effective_from: date | None = None,
    publish: bool = True,
    root: NewAgency = ROOT,
    names: Mapping[str, str] | None = None,
    origin: str = ORIGIN,
    progress: Callable[[int], None] | None = None,
) -> list[ImportEntry]:
    """Import every workflow of the list in its order; one entry for each.

    In force from the day of the import unless told otherwise. ``root`` holds the departments: an agency of
    that code that exists is used as it is. ``names`` are the departments' names by their code. Raises
    ``BadInput`` (``workflows_shape``) before anything is kept.
    """
    day = effective_from or at.astimezone(_VIETNAM).date()
    read = read_workflows(_list_of_workflows(data), effective_from=day, names=names, origin=origin)
    keeper = _Keeper(connection, office.reference(connection).directory, root, at, publish)
    entries = []
    for number, workflow in enumerate(read, start=1):
        entries.append(keeper.keep(workflow))
        if progress is not None:
            progress(number)
    return entries


class _Keeper:
    """Keeps workflows one after the other and knows agencies and bindings as they stand."""

    def __init__(
        self, connection: Connection, directory: Directory, root: NewAgency, at: datetime, publish: bool
    ) -> None:
        self.connection = connection
        self.directory = directory
        self.agencies = {agency.code: agency for agency in directory.agencies()}
        self.bound: set[tuple[str, str]] = set()
        self.root = root
        self.at = at
        self.publish = publish

    def keep(self, read: ReadWorkflow) -> ImportEntry:
        """Keep one workflow in a savepoint of its own."""
        if read.definition is None:
            return _entry(read, ImportStatus.REFUSED, read.faults)
        findings = Findings(notes=list(read.notes))
        unbound = [group for group in read.groups if not self._is_bound(read.code, group)]
        try:
            with self.connection.begin_nested():
                definition, changed = self._version(read.definition, findings)
                if findings.faults:
                    return _entry(read, ImportStatus.REFUSED, findings.faults)
                if changed:
                    save(self.connection, definition, self.at, publish=self.publish)
                new = self._add_agencies(unbound)
                self._bind(read.code, unbound, new)
        except MotcuaError as error:
            fault = Fault(error.code, error.message, error.where, error.hint)
            return _entry(read, ImportStatus.REFUSED, [fault])
        except (DataError, IntegrityError):
            log.exception("import of workflow %s was refused by the database", read.code)
            findings.fault("database_refused", "")
            return _entry(read, ImportStatus.REFUSED, findings.faults)
        self.agencies.update((agency.code, _as_agency(agency)) for agency in new)
        self.bound.update((read.code, group.id) for group in unbound)
        return replace(
            _entry(read, ImportStatus.IMPORTED),
            notes=_dicts(findings.notes),
            version=definition.version,
            agencies=[agency.code for agency in new],
            findings=_found(definition),
            unchanged=not (changed or unbound),
        )

    def _version(self, definition: Definition, findings: Findings) -> tuple[Definition, bool]:
        """The definition under its number, and whether it is to be kept: it is new or changed."""
        rows = repository.versions(self.connection, definition.code)
        if not rows:
            return definition, True
        last = rows[-1]
        known = json.loads(last.definition)
        if all(source.get("what") != WHAT for source in known.get("sources", ())):
            findings.fault("code_taken", "code", found=definition.code)
        draft = last.status == VersionStatus.DRAFT.value
        same = _content(known) == _content(definition.model_dump(mode="json", exclude_defaults=True))
        if same or draft:
            as_it_was = definition.model_copy(update={"version": last.version})
            return as_it_was, not same or (draft and self.publish)
        findings.note("new_version", before=last.version, version=last.version + 1)
        return definition.model_copy(update={"version": last.version + 1}), True

    def _is_bound(self, procedure: str, group: Group) -> bool:
        known = self.directory.bound(procedure, group.id, self.root.code)
        return known is not None or (procedure, group.id) in self.bound

    def _add_agencies(self, groups: Sequence[Group]) -> list[NewAgency]:
        """Add the agencies that are missing; those that are there stay as they are."""
        if not groups:
            return []
        wanted = [self.root]
        wanted.extend(
            NewAgency(group.agency_code(self.root.code), group.name, group.kind, self.root.code)
            for group in groups
        )
        new = [agency for agency in wanted if agency.code not in self.agencies]
        for agency in new:
            add_agencies(self.connection, [agency])
        return new

    def _bind(self, procedure: str, groups: Sequence[Group], new: Sequence[NewAgency]) -> None:
        directory = Directory([*self.agencies.values(), *map(_as_agency, new)])
        for group in groups:
            bind(
                self.connection,
                directory,
                procedure=procedure,
                participant=group.id,
                scope=self.root.code,
                agencies=[group.agency_code(self.root.code)],
            )


def _as_agency(agency: NewAgency) -> Agency:
    return Agency(agency.code, agency.name, agency.kind, agency.parent)


def _content(definition: dict[str, Any]) -> str:
    return canonical_json({key: value for key, value in definition.items() if key not in _NOT_CONTENT})


def _entry(read: ReadWorkflow, status: ImportStatus, faults: Sequence[Fault] = ()) -> ImportEntry:
    return ImportEntry(read.code, status, _dicts(faults), _dicts(read.notes), read.name)


def _dicts(items: Sequence[Any]) -> list[dict[str, str]]:
    return [item.as_dict() for item in items]


def _found(definition: Definition) -> dict[str, int]:
    counted: dict[str, int] = {}
    for finding in lint(definition):
        counted[finding.code] = counted.get(finding.code, 0) + 1
    return counted
