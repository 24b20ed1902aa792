"""The machine room beside an office: started in the background, watched, ended with the office."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from dossiers.core.settings import Settings
from workflows.machine_room.environment import environment, listening_at, make_auth
from workflows.machine_room.supervising import Keeper, Post, keep


def log_file(known: Settings) -> Path:
    """Where the machine room says what it does."""
    return Path(known.prefect_folder) / "machine-room.log"


@contextmanager
def machine_room(known: Settings, *, duties: str) -> Iterator[None]:
    """While the block runs, a Prefect server and a worker run beside it. Nothing here waits for them."""
    host, port = listening_at(known)
    make_auth(known)
    room = Post(
        "machine room",
        (sys.executable, "-m", "workflows.machine_room", "room", host, str(port)),
        environment(known, os.environ, duties=duties),
        log_file(known),
        by_pipe=True,
    )
    over = Event()
    thread = Thread(target=keep, args=([Keeper(room)], over.wait), name="machine-room")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
