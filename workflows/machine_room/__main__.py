"""Keeps Prefect's processes alive: ``python -m workflows.machine_room room HOST PORT`` or ``worker``.

``room`` is the machine room of one PC: a server, and a worker that deploys first. It ends when its standard
input closes, so that it never outlives the office that started it. ``worker`` is one worker of many.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from time import sleep
from types import FrameType

from workflows.machine_room.supervising import Keeper, Post, keep

_FLOWS = (sys.executable, "-m", "workflows.flows")
_ENDING = (signal.SIGTERM, signal.SIGINT)


class _Over(BaseException):
    """Somebody asked this process to end."""


def _posts(arguments: list[str]) -> list[Post]:
    match arguments:
        case ["room", host, port]:
            start = ("-m", "prefect", "server", "start", "--host", host, "--port", port)
            return [
                Post("server", (sys.executable, *start)),
                Post("worker", (*_FLOWS, "worker", "--deploy")),
            ]
        case ["worker"]:
            return [Post("worker", (*_FLOWS, "worker"))]
        case _:
            raise SystemExit(f"usage: {__package__} room HOST PORT | worker")


def _ended(_signal: int, _frame: FrameType | None) -> None:
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)  # what is being ended is ended in peace
    raise _Over


def _office_left(seconds: float) -> bool:
    """Wait so long; whether the office at the other end of the pipe is gone."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(ready) and not os.read(sys.stdin.fileno(), 1024)


def _never(seconds: float) -> bool:
    sleep(seconds)
    return False


def main(arguments: list[str]) -> None:
    """Keep the processes until told to end."""
    posts = _posts(arguments)
    for each in _ENDING:
        signal.signal(each, _ended)
    try:
        keep([Keeper(post) for post in posts], _office_left if arguments[0] == "room" else _never)
    except _Over:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
