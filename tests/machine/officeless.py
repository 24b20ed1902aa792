"""A process like `motcua run --machine-room` without pages and clock: only the machine room beside it."""

from __future__ import annotations

import signal
from threading import Event

from api.cli.serving import DUTIES
from dossiers.core.settings import settings
from workflows.machine_room.beside import machine_room

if __name__ == "__main__":
    over = Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: over.set())
    with machine_room(settings(), duties=DUTIES):
        over.wait()
