"""A process to be killed: delivers what is due at a given instant, again and again, until nothing is left."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from dossiers.core.db import Database
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.channels.http import SmsChannel
from workflows.deliveries.channels.mail import MailChannel
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.delivering import deliver
from workflows.office import Office

if __name__ == "__main__":
    url, begins, port, gateway = sys.argv[1:]
    ways = WaysOut(
        {
            ChannelName.EMAIL: MailChannel(
                "127.0.0.1", int(port), "motcua@example.vn", security="none", per_minute=10**6
            ),
            ChannelName.SMS: SmsChannel(gateway, per_minute=10**6),
        },
        most_attempts=50,
    )
    office = Office(Database(url))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    at = datetime.fromisoformat(begins)
    while deliver(office, ways, at, batch=10).looked_at:
        at += timedelta(microseconds=1)
    sys.stdout.write("done\n")
