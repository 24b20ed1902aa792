"""``python -m workflows.flows deploy`` and ``... worker [--deploy]``, in an environment made for Prefect."""

from __future__ import annotations

import asyncio
import sys

from prefect.settings import get_current_settings

from workflows.flows.deploying import deploy
from workflows.flows.working import work
from workflows.machine_room.asking import is_up

_BETWEEN_LOOKS = 1.0


async def _worker(*, deploying: bool) -> None:
    address = str(get_current_settings().api.url)
    while not await asyncio.to_thread(is_up, address):
        await asyncio.sleep(_BETWEEN_LOOKS)
    if deploying:
        await deploy()
    await work()


def main(arguments: list[str]) -> None:
    """Do what is asked, and say what was deployed."""
    match arguments:
        case ["deploy"]:
            for each in asyncio.run(deploy()):
                print(f"{each.name}\t{each.cron}\t{each.title}")  # noqa: T201 - a command line of its own
        case ["worker", *rest] if rest in ([], ["--deploy"]):
            asyncio.run(_worker(deploying=bool(rest)))
        case _:
            raise SystemExit(f"usage: {__package__} deploy | worker [--deploy]")


if __name__ == "__main__":
    main(sys.argv[1:])
