"""One PC that loses power at random moments of a sweep and of the deliveries after it: `motcua run`
on SQLite, killed and started again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from tests.deliveries.receivers import mail_server
from tests.machine.killing import DOSSIERS, Late, rounds
from tests.machine.processes import Process, free_port, until
from tests.support.office import TestOffice, definition


def test_a_pc_that_loses_power_asks_for_each_letter_and_sends_it_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    database = Database(url)
    upgrade(database)
    world = TestOffice(database)
    world.publish(definition())
    late = Late(world)
    struck = Counter[str]()
    with mail_server() as mailbox:
        settings = {
            "MOTCUA_DATABASE_URL": url,
            "MOTCUA_PORT": str(free_port()),
            "MOTCUA_SWEEP_SECONDS": "1",
            "MOTCUA_SMTP_HOST": "127.0.0.1",
            "MOTCUA_SMTP_PORT": str(mailbox.port),
            "MOTCUA_SMTP_SECURITY": "none",
            "MOTCUA_SMTP_FROM": "motcua@example.vn",
            "MOTCUA_MAIL_PER_MINUTE": "100000",
        }
        office = Process("office", ["motcua", "run"], settings, tmp_path)
        try:
            for _ in rounds(struck):
                late.register()
                enough = late.count("apologies") + late.dice.randrange(DOSSIERS // 2)
                office.start()
                # From here on the sweep is at work: killed now, or a moment later, or when half is done.
                until(late.asked_for_more_than(enough), office.said)
                office.kill()
                struck["sweep"] += late.waiting() > 0
                late.time_passes()
                office.start()
                until(lambda: late.waiting() == 0, office.said)
                office.kill()
                late.time_passes()

                late.sign()
                enough = late.delivered() + late.dice.randrange(DOSSIERS // 2)
                office.start()
                until(late.has_delivered_more_than(enough), office.said)
                office.kill()
                struck["deliver"] += late.undelivered() > 0
                late.time_passes()
                office.start()
                until(lambda: late.undelivered() == 0, office.said)
                office.kill()
                late.time_passes()
                late.require_once_each(mailbox.ids())
        finally:
            office.end()
    assert struck["sweep"], "every sweep was over before it could be killed"
    assert struck["deliver"], "every delivery was over before it could be killed"
    world.assert_proven()
    database.dispose()
