"""Newly late dossiers, and what must be true of them however often a machine lost power meanwhile."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial, add_officials
from dossiers.core import clock
from dossiers.core.errors import MotcuaError
from dossiers.records.repository import duties_waiting
from tests.support.office import DESK, LONG_AGO, TestOffice
from workflows.commands import NewApplicant, SignApology

ROUNDS = int(os.environ.get("MOTCUA_KILL_ROUNDS", "1"))
DOSSIERS = int(os.environ.get("MOTCUA_KILL_DOSSIERS", "160"))
"""``make kill-test`` asks for 50 rounds of 2,000."""

ONCE_EACH = ("apologies", "faults", "ledger_entries")
HEAD = "truong"


MORE_ROUNDS = 4


def rounds(struck: Counter[str]) -> Iterator[None]:
    """As many rounds as are asked for, and a few more while every piece of work was over before its kill."""
    for number in range(ROUNDS + MORE_ROUNDS):
        if number >= ROUNDS and struck["sweep"] and struck["deliver"]:
            return
        yield


@dataclass
class Late:
    """More and more late dossiers in an office. What others have in it when it begins is not looked at."""

    world: TestOffice
    dice: random.Random = field(
        default_factory=lambda: random.Random(os.environ.get("MOTCUA_KILL_SEED", "7"))
    )
    registered: list[UUID] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.world.database.writing() as connection:
            add_officials(connection, [NewOfficial(HEAD, "Trưởng Trung tâm", DESK, (Role.HEAD,))])
        self.world.appoint(DESK, HEAD, LONG_AGO)
        self.others = {table: self._count(table) for table in ONCE_EACH}

    def register(self) -> None:
        """A round's dossiers: handed in long ago, nobody has looked at them since."""
        for _ in range(DOSSIERS):
            email = f"dan{len(self.registered)}@kills.example.vn"
            applicant = NewApplicant(name="Nguyễn Thị Dân", email=email)
            self.registered.append(self.world.register(applicant=applicant))

    def count(self, table: str) -> int:
        """How many rows these dossiers have."""
        return self._count(table) - self.others[table]

    def asked_for_more_than(self, letters: int) -> Callable[[], bool]:
        """Whether by now more letters were asked for, as a question to put again and again."""
        return lambda: self.count("apologies") > letters

    def waiting(self) -> int:
        """Dossiers of which something is still due."""
        with self.world.database.reading() as connection:
            return duties_waiting(connection, clock.now())

    def sign(self) -> None:
        """The head signs every letter of this round."""
        morning = clock.now().replace(hour=2, minute=0, second=0, microsecond=0)
        days = 5
        for dossier in self.registered[-DOSSIERS:]:
            while not self._signs(dossier, morning + timedelta(days=days)):
                days += 1  # the first of these mornings that is one of a working day
                assert days < 30, "no working day in a month"

    def delivered(self) -> int:
        """How many of the signed letters are confirmed."""
        [[done]] = self._rows("SELECT count(*) FROM outbox WHERE topic = 'apology' AND state = 'done'")
        return int(done)

    def has_delivered_more_than(self, letters: int) -> Callable[[], bool]:
        """Whether by now more letters are confirmed, as a question to put again and again."""
        return lambda: self.delivered() > letters

    def undelivered(self) -> int:
        """How many of the signed letters are still to be sent or confirmed."""
        [[open_]] = self._rows("SELECT count(*) FROM outbox WHERE topic = 'apology' AND state <> 'done'")
        return int(open_)

    def time_passes(self) -> None:
        """As when the leases of killed processes have run out: a test does not wait until each has."""
        with self.world.database.writing() as connection:
            connection.execute(
                text("UPDATE duty_runs SET lease_until = begun_at WHERE outcome = 'running'"),
            )
            connection.execute(text("UPDATE outbox SET next_at = created_at WHERE state = 'sending'"))

    def require_once_each(self, received: Sequence[str]) -> None:
        """One letter asked for, one fault, one entry and one confirmed delivery for each broken promise, none
        missing; ``received`` are the Message-IDs the mail server got: each message under one of them only."""
        mine = {str(dossier).replace("-", "") for dossier in self.registered}

        def of_mine(question: str) -> list[Any]:
            rows = self._rows(question)
            return [row for row in rows if str(row[0]).replace("-", "") in mine]

        once = sorted(mine)
        broken = of_mine("SELECT dossier_id FROM events WHERE kind = 'promise:broken'")
        assert sorted(str(row[0]).replace("-", "") for row in broken) == once
        for table in ONCE_EACH:
            rows = of_mine(f"SELECT dossier_id FROM {table}")
            assert sorted(str(row[0]).replace("-", "") for row in rows) == once, table
        confirmed = of_mine(
            "SELECT o.dossier_id, a.message_id FROM outbox_attempts a JOIN outbox o ON o.id = a.outbox_id"
            " WHERE o.topic = 'apology' AND o.state = 'done' AND a.outcome = 'accepted'"
        )
        assert sorted(str(row[0]).replace("-", "") for row in confirmed) == once
        owed = of_mine("SELECT dossier_id, id, edition, topic FROM outbox")
        known = {f"{UUID(str(row[1]))}.{row[2]}" for row in owed}
        apologies = {f"{UUID(str(row[1]))}.1" for row in owed if row[3] == "apology"}
        got = {message_id.strip("<>").split("@")[0] for message_id in received}
        assert len(apologies) == len(self.registered)
        assert {row[1] for row in confirmed} == apologies
        assert apologies <= got, "confirmed, but the mail server has it not"
        messages = {each.split(".")[0] for each in known}
        assert {each for each in got if each.split(".")[0] in messages} <= known, "a second id"

    def _signs(self, dossier: UUID, new_due_at: Any) -> bool:
        command = SignApology(apology=1, reason="Hồ sơ tăng đột biến.", new_due_at=new_due_at)
        try:
            self.world.do(dossier, command, HEAD, clock.now())
        except MotcuaError as refused:
            assert refused.code == "new_date_outside_hours", refused
            return False
        return True

    def _count(self, table: str) -> int:
        [[many]] = self._rows(f"SELECT count(*) FROM {table}")
        return int(many)

    def _rows(self, question: str) -> list[Any]:
        with self.world.database.reading() as connection:
            return list(connection.execute(text(question)))
