"""Publishing procedures: checked, then frozen. A definition with errors is never published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from dossiers.core import revisions
from dossiers.core.canonical import canonical_json, sha256_hex
from dossiers.core.errors import Conflict
from dossiers.core.revisions import REFERENCE
from dossiers.procedures import repository
from dossiers.procedures.models import VersionStatus
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
    known = {row.version: row for row in repository.versions(connection, definition.code)}
    row = known.get(definition.version)
    if row is None:
        repository.add(connection, fields)
        revisions.advance(connection, REFERENCE)
        return True
    if row.status == VersionStatus.DRAFT.value:
        repository.replace_draft(connection, definition.code, definition.version, fields)
        revisions.advance(connection, REFERENCE)
        return True
    if row.digest == fields["digest"]:
        return False
    raise Conflict(
        f"Thủ tục {definition.code} phiên bản {definition.version} đã công bố nên không sửa được.",
        code="version_frozen",
        where=definition.code,
        hint=f"Tăng version lên {max(known) + 1} rồi công bố bản mới.",
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
