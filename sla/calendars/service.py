"""Publishing calendars and saying who works by which. A published version never changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from dossiers.core import revisions
from dossiers.core.canonical import canonical_json, sha256_hex
from dossiers.core.errors import Conflict
from dossiers.core.revisions import REFERENCE
from dossiers.core.said import Said
from sla.calendars import repository
from sla.calendars.book import Purpose
from sla.calendars.loading import SHIPPED, load_shipped
from sla.calendars.model import CalendarVersion


def publish(connection: Connection, version: CalendarVersion, at: datetime, *, reason: str = "") -> bool:
    """Publish a version; false when this very version was published before.

    Raises ``Conflict`` (``calendar_version_taken``) when the version exists with other content.
    """
    content = canonical_json(version.as_dict())
    digest = sha256_hex(content)
    known = repository.version_row(connection, version.name, version.version)
    if known is not None:
        if known.digest == digest:
            return False
        raise Conflict(
            Said("Lịch {id} đã công bố với nội dung khác.", id=version.id),
            code="calendar_version_taken",
            where=version.id,
            hint="Bản đã công bố không sửa; đặt số phiên bản mới.",
        )
    repository.add_version(
        connection,
        {
            "name": version.name,
            "version": version.version,
            "title": version.title,
            "content": content,
            "digest": digest,
            "published_at": at,
            "reason": reason,
        },
    )
    revisions.advance(connection, REFERENCE)
    return True


def publish_shipped(connection: Connection, at: datetime) -> list[str]:
    """Publish the calendars that come with the program; the ids that were new."""
    versions = [load_shipped(name) for name in SHIPPED]
    return [version.id for version in versions if publish(connection, version, at)]


def assign(connection: Connection, agency: str, purpose: Purpose, calendar: str) -> None:
    """Let an agency, and those below it without one of their own, work by a calendar."""
    repository.assign(connection, agency, purpose, calendar)
    revisions.advance(connection, REFERENCE)
