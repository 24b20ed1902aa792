"""One PC that loses power at random moments of a sweep: `motcua run` on SQLite, killed and started again."""

from __future__ import annotations

from pathlib import Path

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from tests.machine.killing import DOSSIERS, ROUNDS, Late
from tests.machine.processes import Process, free_port, until


def test_a_pc_that_loses_power_asks_for_each_letter_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    database = Database(url)
    upgrade(database)
    late = Late(database)
    settings = {
        "MOTCUA_DATABASE_URL": url,
        "MOTCUA_PORT": str(free_port()),
        "MOTCUA_SWEEP_SECONDS": "1",
    }
    office = Process("office", ["motcua", "run"], settings, tmp_path)
    struck = 0
    try:
        for _ in range(ROUNDS):
            late.register()
            before = late.count("apologies")
            office.start()
            # From here on the sweep is at work: killed now, or a moment later, or when half is done.
            enough = before + late.dice.randrange(DOSSIERS)
            until(late.asked_for_more_than(enough), office.said)
            office.kill()
            struck += late.waiting() > 0
            late.time_passes()
            office.start()
            until(lambda: late.waiting() == 0, office.said)
            office.kill()
            late.time_passes()
            late.require_once_each()
    finally:
        office.end()
    assert struck, "every sweep was over before it could be killed"
    late.world.assert_proven()
    database.dispose()
