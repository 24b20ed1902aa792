"""Newly late dossiers, and what must be true of them however often a machine lost power meanwhile."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import text

from dossiers.core import clock
from dossiers.core.db import Database
from dossiers.records.repository import duties_waiting
from tests.support.office import TestOffice, definition

ROUNDS = int(os.environ.get("MOTCUA_KILL_ROUNDS", "3"))
DOSSIERS = int(os.environ.get("MOTCUA_KILL_DOSSIERS", "100"))
"""``make kill-test`` asks for 50 rounds of 2,000."""

ONCE_EACH = ("apologies", "faults", "ledger_entries")


@dataclass
class Late:
    """An office with more and more late dossiers."""

    database: Database
    dice: random.Random = field(
        default_factory=lambda: random.Random(os.environ.get("MOTCUA_KILL_SEED", "7"))
    )
    registered: int = 0

    def __post_init__(self) -> None:
        self.world = TestOffice(self.database)
        self.world.publish(definition())

    def register(self) -> None:
        """A round's dossiers: handed in long ago, nobody has looked at them since."""
        for _ in range(DOSSIERS):
            self.world.register()
        self.registered += DOSSIERS

    def count(self, table: str) -> int:
        """How many rows there are."""
        with self.database.reading() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    def asked_for_more_than(self, letters: int) -> Callable[[], bool]:
        """Whether by now more letters were asked for, as a question to put again and again."""
        return lambda: self.count("apologies") > letters

    def waiting(self) -> int:
        """Dossiers of which something is still due."""
        with self.database.reading() as connection:
            return duties_waiting(connection, clock.now())

    def time_passes(self) -> None:
        """As when the leases of killed processes have run out: a test does not wait 90 seconds for each."""
        with self.database.writing() as connection:
            connection.execute(
                text("UPDATE duty_runs SET lease_until = begun_at WHERE outcome = 'running'"),
            )

    def require_once_each(self) -> None:
        """One letter asked for, one fault and one entry for each broken promise, and none missing."""
        with self.database.reading() as connection:
            broken = connection.execute(
                text("SELECT count(*) FROM events WHERE kind = 'promise:broken'")
            ).scalar_one()
            dossiers = {
                table: connection.execute(
                    text(f"SELECT count(DISTINCT dossier_id) FROM {table}")
                ).scalar_one()
                for table in ONCE_EACH
            }
        assert broken == self.registered
        assert {table: self.count(table) for table in ONCE_EACH} == dict.fromkeys(ONCE_EACH, self.registered)
        assert dossiers == dict.fromkeys(ONCE_EACH, self.registered)
