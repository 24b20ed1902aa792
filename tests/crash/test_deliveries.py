"""Killing who delivers at random moments: each message is confirmed once, and known by one id."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from dossiers.core.db import Database
from tests.deliveries.conftest import Delivering
from tests.deliveries.receivers import Gateway, Mailbox, http_server, mail_server
from tests.support.office import MONDAY, after
from workflows.deliveries.delivering import LEASE

DOSSIERS, KILLS = 60, 6


def test_a_killed_delivery_loses_nothing_and_sends_nothing_under_a_second_id(database: Database) -> None:
    with mail_server() as mailbox, http_server() as gateway:
        office = Delivering(database, mailbox, gateway)
        for number in range(DOSSIERS):
            at = MONDAY + timedelta(seconds=number)
            office.came(email=f"dan{number}@example.vn" if number % 2 else "", at=at)
        mailbox.answer = lambda number, to: "451 busy" if number % 9 == 4 else "250 OK"
        gateway.wait = lambda number: 0.01 * (number % 3)
        dice, killed, at = random.Random(11), 0, after(minutes=2)
        for _ in range(KILLS):
            killed += _deliver_and_kill(office, mailbox, gateway, at, dice.uniform(0.05, 0.5))
            office.assert_proven()
            at += LEASE + timedelta(minutes=1)
        assert killed, "every delivery ended before it could be killed"
        for _ in range(4):
            while office.deliver(at).looked_at:
                pass
            at += LEASE + timedelta(hours=1)

        rows = office.messages()
        assert Counter(row.state for row in rows) == {"done": DOSSIERS}
        with database.reading() as connection:
            accepted = connection.execute(
                text("SELECT outbox_id, message_id FROM outbox_attempts WHERE outcome = 'accepted'")
            ).all()
        assert len(accepted) == len({row.outbox_id for row in accepted}) == DOSSIERS
        known = {message_id.split("@")[0].strip("<") for message_id in mailbox.ids()} | set(gateway.keys)
        assert known == {f"{row.id}.1" for row in rows}
        assert {row.message_id for row in accepted} == known
        office.assert_proven()


def _deliver_and_kill(
    office: Delivering, mailbox: Mailbox, gateway: Gateway, at: datetime, seconds: float
) -> bool:
    """Start a delivery and kill it so many seconds after it began; whether it was still at work."""
    url = office.database.url.render_as_string(hide_password=False)
    words = [url, at.isoformat(), str(mailbox.port), gateway.url]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.delivering", *words],
        cwd=Path(__file__).parents[2],
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
