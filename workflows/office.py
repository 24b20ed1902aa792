"""One running office: its database, and copies of the reference data that decisions ask.

Made once per process and shared by its threads. Copies are immutable and replaced whole when the database
says the data changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.agencies.repository import load_directory
from dossiers.core import revisions
from dossiers.core.db import Database
from dossiers.core.errors import Conflict, NotFound
from dossiers.core.ids import Bits
from dossiers.core.revisions import REFERENCE
from dossiers.core.said import Said
from dossiers.outbox import webhooks
from dossiers.outbox.webhooks import Webhook
from dossiers.procedures import repository as procedures
from dossiers.procedures.models import VersionStatus
from dossiers.procedures.repository import KnownVersion
from sla.calendars.book import CalendarBook
from sla.calendars.repository import load_book
from workflows.definitions.model import Definition
from workflows.engine.draft import Env
from workflows.engine.plan import Plan


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference data as of one revision."""

    revision: str
    directory: Directory
    calendars: CalendarBook
    versions: Mapping[str, tuple[KnownVersion, ...]]
    members: frozenset[str]
    webhooks: tuple[Webhook, ...] = ()

    def version_in_force(self, code: str, day: date) -> int:
        """The latest published version of a procedure in force on a day.

        Raises ``NotFound`` (``procedure_not_in_force``).
        """
        known = self.in_force(code, day)
        if known is not None:
            return known.version
        raise NotFound(
            Said(
                "Thủ tục {code} không có phiên bản nào có hiệu lực ngày {day:%d/%m/%Y}.", code=code, day=day
            ),
            code="procedure_not_in_force",
            where=code,
            hint="Chọn thủ tục khác, hoặc đề nghị quản trị công bố một phiên bản.",
            command="motcua procedure list; motcua procedure publish TỆP.yaml",
        )

    def in_force(self, code: str, day: date) -> KnownVersion | None:
        """The latest published version of a procedure in force on a day, if any."""
        versions = reversed(self.versions.get(code, ()))
        return next((known for known in versions if known.is_in_force(day)), None)

    def published(self, code: str, version: int) -> int:
        """The version, refused (``version_not_published``) unless it was published."""
        for known in self.versions.get(code, ()):
            if known.version == version and known.status == VersionStatus.PUBLISHED.value:
                return version
        raise Conflict(
            Said(
                "Thủ tục {code} phiên bản {version} chưa công bố hoặc đã thôi dùng.",
                code=code,
                version=version,
            ),
            code="version_not_published",
            where=f"{code}@{version}",
            hint="Chọn phiên bản khác, hoặc công bố phiên bản này trước.",
            command="motcua procedure publish TỆP.yaml",
        )


class Telling(Enum):
    """Whom what happens is told to: nobody while history is put in after the fact."""

    PEOPLE = "people"
    NOBODY = "nobody"


class Office:
    """A database and what its decisions need to know. ``invented``: the people of a demonstration."""

    def __init__(self, database: Database, *, bits: Bits = secrets.randbits) -> None:
        self.database = database
        self.bits = bits
        self.telling = Telling.PEOPLE
        self.invented = False
        self._reference: Reference | None = None
        self._plans: dict[tuple[str, int], Plan] = {}

    def reference(self, connection: Connection) -> Reference:
        """The reference data, read again only when it changed."""
        current = revisions.revision(connection, REFERENCE)
        known = self._reference
        if known is None or known.revision != current:
            known = Reference(
                current,
                load_directory(connection, current),
                load_book(connection, current),
                procedures.known_versions(connection),
                procedures.member_codes(connection),
                webhooks.load(connection),
            )
            self._reference = known
        return known

    def plan(self, connection: Connection, code: str, version: int) -> Plan:
        """The compiled definition of a version. Published versions never change, so it is kept."""
        plan = self._plans.get((code, version))
        if plan is None:
            row = procedures.get(connection, code, version)
            plan = Plan(Definition.model_validate_json(row.definition))
            self._plans[code, version] = plan
        return plan

    def env(self, connection: Connection, plan: Plan, reference: Reference | None = None) -> Env:
        """What a decision on this plan may ask; by the reference data just read, if the caller has it."""
        reference = reference or self.reference(connection)
        return Env(plan, reference.directory, reference.calendars, self.bits)
