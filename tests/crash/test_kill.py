"""Killing the monitor in the middle, again and again: one letter and one entry per broken promise."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from dossiers.core.db import Database
from tests.support.office import TestOffice, after, definition

DOSSIERS, KILLS = 120, 6
AT = after(days=8)


def test_a_killed_sweep_leaves_nothing_half_done_and_nothing_twice(database: Database) -> None:
    office = TestOffice(database)
    office.publish(definition(warnings=["4 working_hour"]))
    for _ in range(DOSSIERS):
        office.register()
    url = database.url.render_as_string(hide_password=False)
    dice = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        killed += _sweep_and_kill(url, dice.uniform(0.05, 0.6))
        office.assert_proven()
    assert killed, "every sweep ended before it could be killed"
    office.sweep(AT)
    with database.reading() as connection:
        counts = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("apologies", "faults", "ledger_entries")
        }
        broken = connection.execute(
            text("SELECT count(*) FROM events WHERE kind = 'promise:broken'")
        ).scalar_one()
    assert counts == dict.fromkeys(counts, DOSSIERS)
    assert broken == DOSSIERS
    office.assert_proven()


def _sweep_and_kill(url: str, seconds: float) -> bool:
    """Start a sweep and kill it so many seconds after it began; whether it was still at work."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.worker", url, AT.isoformat()],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        return False
