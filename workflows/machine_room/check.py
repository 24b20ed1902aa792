"""Whether a service is well: ``python -m workflows.machine_room.check URL|services``; exit code 0 or 1.

Prefect's background services have no address. While they work, each writes its name into Redis every few
seconds; ``services`` asks whether one on this machine did so of late.
"""

from __future__ import annotations

import socket
import sys

import redis

from dossiers.core import clock
from dossiers.core.settings import settings
from workflows.machine_room.asking import answers

SIGNS_OF_LIFE = "prefect-server:workers"
"""The sorted set of Prefect's background workers, by when they were last heard of."""

SILENT_FOR = 30.0
"""Seconds after which one counts as gone."""


def services_work() -> bool:
    """Whether Prefect's background services on this machine were heard of within half a minute."""
    since = clock.now().timestamp() - SILENT_FOR
    with redis.Redis.from_url(settings().redis_url, socket_timeout=4.0, decode_responses=True) as client:
        heard = client.zrangebyscore(SIGNS_OF_LIFE, since, "+inf")
    return any(str(name).startswith(socket.gethostname()) for name in heard)


def main(arguments: list[str]) -> bool:
    """Whether what is asked about is well."""
    match arguments:
        case ["services"]:
            try:
                return services_work()
            except redis.RedisError:
                return False
        case [url]:
            return answers(url, seconds=4.0)
        case _:
            raise SystemExit(f"usage: {__package__}.check URL | services")


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
