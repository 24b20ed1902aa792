"""The clock on one machine: APScheduler calls the monitor at a steady pace. Rows are the truth, not jobs.

No job store: the job is code, and what falls due stands in the database. A look that was missed (the machine
slept) is made up once, and two looks never overlap. This is the only file that knows APScheduler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler


@contextmanager
def keep_watch(look: Callable[[], None], *, every_seconds: int) -> Iterator[None]:
    """While the block runs, call ``look`` now and then every so many seconds, in a thread of its own."""
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(look, "interval", seconds=every_seconds, id="watch")
    scheduler.add_job(look, id="watch-at-start")
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)
