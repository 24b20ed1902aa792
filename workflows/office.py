"""One running office: its database, and copies of the reference data that decisions ask.

Made once per process and shared by its threads. Copies are immutable and replaced whole when the database
says the data changed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.agencies.repository import load_directory
from dossiers.core import revisions
from dossiers.core.db import Database
from dossiers.core.ids import Bits
from dossiers.core.revisions import REFERENCE
from dossiers.procedures import repository as procedures
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


class Office:
    """A database and what its decisions need to know."""

    def __init__(self, database: Database, *, bits: Bits = secrets.randbits) -> None:
        self.database = database
        self.bits = bits
        self._reference: Reference | None = None
        self._plans: dict[tuple[str, int], Plan] = {}

    def reference(self, connection: Connection) -> Reference:
        """The reference data, read again only when it changed."""
        current = revisions.revision(connection, REFERENCE)
        known = self._reference
        if known is None or known.revision != current:
            directory = load_directory(connection, current)
            known = Reference(current, directory, load_book(connection, current))
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

    def env(self, connection: Connection, plan: Plan) -> Env:
        """What a decision on this plan may ask."""
        reference = self.reference(connection)
        return Env(plan, reference.directory, reference.calendars, self.bits)
