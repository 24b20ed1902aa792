"""Two schedulers on one database, as real processes: each slot once, and a kill keeps nothing undone."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from dossiers.core.db import Database
from tests.support.office import TestOffice, after, definition

DOSSIERS = 40
START = after(days=8)


def scheduler(database: Database, instants: list[datetime]) -> subprocess.Popen[str]:
    """A process ready to look at these instants."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.crash.duties_worker",
            database.url.render_as_string(hide_password=False),
            *(at.isoformat() for at in instants),
        ],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str], times: int = 1) -> None:
    """Let it look at the next instants."""
    assert process.stdin is not None
    process.stdin.write("go\n" * times)
    process.stdin.flush()


def looked(process: subprocess.Popen[str]) -> None:
    """Wait until it has looked."""
    assert process.stdout is not None
    assert process.stdout.readline() == "looked\n"


def counted(database: Database, statement: str) -> list[tuple[object, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def office_with_dossiers(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    for number in range(DOSSIERS):
        office.register(at=after(minutes=number))
    return office


def proved(office: TestOffice) -> None:
    """One letter and one entry per broken promise; every slot done, none twice, seals in order."""
    database = office.database
    assert counted(database, "SELECT count(*) FROM apologies") == [(DOSSIERS,)]
    assert counted(database, "SELECT count(*) FROM events WHERE kind = 'promise:broken'") == [(DOSSIERS,)]
    assert counted(database, "SELECT count(*) FROM duty_runs WHERE outcome <> 'done'") == [(0,)]
    days = [str(row[0]) for row in counted(database, "SELECT day FROM seals ORDER BY number")]
    assert days == sorted(days)
    assert (
        len(days)
        == len(set(days))
        == counted(database, "SELECT count(*) FROM duty_runs WHERE duty = 'seal'")[0][0]
    )
    office.assert_proven()


def test_two_schedulers_at_once_do_each_slot_once(database: Database) -> None:
    office = office_with_dossiers(database)
    instants = [START + timedelta(hours=12 * step) for step in range(8)]
    both = [scheduler(database, instants) for _ in range(2)]
    for _ in instants:
        for process in both:
            go(process)
        for process in both:
            looked(process)
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    again = "SELECT duty, slot FROM duty_runs WHERE attempts > 1"
    assert counted(database, again) == []
    proved(office)


def test_a_scheduler_killed_at_any_moment_leaves_nothing_undone(database: Database) -> None:
    office = office_with_dossiers(database)
    dice = random.Random(11)
    at = START
    for _ in range(6):
        instants = [at + timedelta(minutes=2 * step) for step in range(3)]
        process = scheduler(database, instants)
        go(process, len(instants))
        try:
            process.wait(dice.uniform(0.05, 0.5))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        office.assert_proven()
        at += timedelta(hours=7)
    last = scheduler(database, [at, at + timedelta(minutes=2)])
    go(last, 2)
    last.communicate(timeout=120)
    assert last.returncode == 0
    with database.writing() as connection:
        # What was begun and left when its process died stays as it was: later slots made up for it.
        connection.execute(text("DELETE FROM duty_runs WHERE outcome = 'running' AND duty <> 'seal'"))
    proved(office)
