"""Publishing procedures: checked, then frozen. A definition with errors is never published."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from dossiers.core import revisions
from dossiers.core.canonical import canonical_json, sha256_hex
from dossiers.core.errors import BadInput, Conflict, NotFound
from dossiers.core.revisions import REFERENCE
from dossiers.core.said import Said, joined
from dossiers.core.searching import searchable
from dossiers.core.tables import require_fitting
from dossiers.procedures import repository
from dossiers.procedures.models import ProcedureVersionRow, VersionStatus
from workflows.definitions.checks.findings import Directory, Finding, Severity, can_publish
from workflows.definitions.checks.lint import lint
from workflows.definitions.model import Definition
from workflows.definitions.reading import BadDefinition


def publish(
    connection: Connection, definition: Definition, at: datetime, directory: Directory | None = None
) -> list[Finding]:
    """Publish a version that the linter finds no error in; what else it found is returned.

    Raises ``BadDefinition`` (``definition_invalid``) with every error, ``Conflict`` (``version_frozen``).
    """
    findings = lint(definition, directory)
    if not can_publish(findings):
        raise BadDefinition(definition.code, [item for item in findings if item.severity is Severity.ERROR])
    save(connection, definition, at, publish=True)
    return findings


def save(connection: Connection, definition: Definition, at: datetime, *, publish: bool = False) -> bool:
    """Keep a version as a draft, or publish it; false when this very content was published before.

    Raises ``Conflict`` (``version_frozen``) when the version was published with other content.
    """
    fields = _fields(definition, at, publish)
    require_fitting(ProcedureVersionRow, fields)
    if repository.add(connection, fields) or repository.replace_draft(connection, fields):
        revisions.advance(connection, REFERENCE)
        return True
    if repository.get(connection, definition.code, definition.version).digest == fields["digest"]:
        return False
    raise Conflict(
        Said(
            "Thủ tục {definition} phiên bản {version} đã công bố nên không sửa được.",
            definition=definition.code,
            version=definition.version,
        ),
        code="version_frozen",
        where=definition.code,
        hint=Said(
            "Tăng version lên {last_version} rồi công bố bản mới.",
            last_version=repository.last_version(connection, definition.code) + 1,
        ),
    )


def matches(row: Any, words: str) -> bool:
    """Whether a version's code, name or field holds every word, with diacritics or without."""
    text = searchable(f"{row.code} {row.name} {row.field}")
    return all(word in text for word in searchable(words).split())


def overtaken(connection: Connection, definition: Definition) -> list[int]:
    """Earlier published versions that no dossier is taken by any more once this one is in force: of several
    versions in force on a day the latest takes the dossiers of that day."""
    return [
        row.version
        for row in repository.versions(connection, definition.code)
        if row.version < definition.version
        and row.status == VersionStatus.PUBLISHED.value
        and row.effective_from >= definition.effective_from
    ]


def require_participant(connection: Connection, procedure: str, participant: str) -> None:
    """Refuse (``participant_unknown``) to bind agencies to a part that no version of the procedure has;
    ``*`` stands for every procedure. ``NotFound`` (``procedure_unknown``)."""
    rows = repository.versions(connection, None if procedure == "*" else procedure)
    if not rows and procedure != "*":
        raise NotFound(
            Said("Không có thủ tục mã “{procedure}”.", procedure=procedure),
            code="procedure_unknown",
            where=procedure,
        )
    parts = {part for row in rows for part in json.loads(row.definition)["participants"]}
    if participant not in parts:
        raise BadInput(
            Said(
                "Thủ tục {procedure} không có vai “{participant}”.",
                procedure=procedure,
                participant=participant,
            ),
            code="participant_unknown",
            where=participant,
            hint=Said("Các vai: {known}.", known=joined(", ", sorted(parts))) if procedure != "*" else "",
        )


def _fields(definition: Definition, at: datetime, publish: bool) -> dict[str, Any]:
    content = canonical_json(definition.model_dump(mode="json", exclude_defaults=True))
    status = VersionStatus.PUBLISHED if publish else VersionStatus.DRAFT
    return {
        "code": definition.code,
        "version": definition.version,
        "status": status.value,
        "name": definition.name,
        "field": definition.field,
        "level": definition.level.value,
        "definition": content,
        "digest": sha256_hex(content),
        "effective_from": definition.effective_from,
        "effective_to": definition.effective_to,
        "saved_at": at,
        "published_at": at if publish else None,
    }
