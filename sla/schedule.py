"""The clock on one machine: APScheduler looks, at a steady pace, whether a duty is due. Rows are the truth.

What was decided, and why (shared measurements of APScheduler 3.11):

- No job store: the jobs are code, and what falls due stands in the database.
- ``misfire_grace_time=None`` and ``coalesce``: a look that was missed, however long ago (the machine slept),
  is made up once. Which slots a look then does is for the duty to say, not for the scheduler.
- ``max_instances=1``: two looks of one job never overlap in a process. Each job has a thread of its own, so
  that a long one does not keep the others waiting.
- APScheduler waits for an instant of the wall clock. Were the clock put back an hour it would look again an
  hour later, so a job found waiting longer than its pace is called at once.

This is the only file that knows APScheduler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from dossiers.core import clock
from dossiers.core.clock import Clock

_GUARD_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Look:
    """Something to call again and again."""

    name: str
    call: Callable[[], object]
    every_seconds: int


@contextmanager
def keep_watch(looks: Iterable[Look], *, now: Clock = clock.now) -> Iterator[None]:
    """While the block runs, call each now and then every so many seconds, in threads of their own."""
    jobs = list(looks)
    over = Event()
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(len(jobs), 1))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            job.call, "interval", seconds=job.every_seconds, id=job.name, next_run_time=clock.now()
        )
    scheduler.start()
    guard = Thread(target=_guard, args=(scheduler, now, over), name="clock-guard", daemon=True)
    guard.start()
    try:
        yield
    finally:
        over.set()
        guard.join()
        scheduler.shutdown(wait=True)


def call_what_waits_too_long(scheduler: BackgroundScheduler, now: datetime) -> list[str]:
    """Have jobs called at once whose next call is further off than their pace; their names."""
    stuck = [
        job.id
        for job in scheduler.get_jobs()
        if job.next_run_time is not None
        and job.next_run_time - now > job.trigger.interval + timedelta(seconds=_GUARD_SECONDS)
    ]
    for name in stuck:
        scheduler.modify_job(name, next_run_time=now)
    return stuck


def _guard(scheduler: BackgroundScheduler, now: Clock, over: Event) -> None:
    while not over.wait(_GUARD_SECONDS):
        call_what_waits_too_long(scheduler, now())
