"""The clock on one machine: what is missed is made up once, and a clock put back stops nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler

from sla.schedule import Look, call_what_waits_too_long, keep_watch


def test_every_look_is_called_at_once_and_none_waits_for_another() -> None:
    slow_began, quick_done, release = Event(), Event(), Event()

    def slow() -> None:
        slow_began.set()
        release.wait(10)

    with keep_watch([Look("slow", slow, 3600), Look("quick", quick_done.set, 3600)]):
        assert slow_began.wait(10)
        assert quick_done.wait(10)
        release.set()


def test_closing_waits_for_what_is_at_work() -> None:
    begun, ended = Event(), Event()

    def work() -> None:
        begun.set()
        ended.set()

    with keep_watch([Look("work", work, 3600)]):
        assert begun.wait(10)
    assert ended.is_set()


def test_a_clock_put_back_calls_what_would_wait_for_hours() -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    now = datetime.now(UTC)
    ahead = now + timedelta(hours=3)
    scheduler.add_job(print, "interval", seconds=60, id="stuck", next_run_time=ahead)
    scheduler.add_job(print, "interval", seconds=60, id="well", next_run_time=now + timedelta(seconds=50))
    scheduler.start(paused=True)
    try:
        assert call_what_waits_too_long(scheduler, now) == ["stuck"]
        assert scheduler.get_job("stuck").next_run_time == now
        assert call_what_waits_too_long(scheduler, now) == []
    finally:
        scheduler.shutdown()
