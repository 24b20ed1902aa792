"""Doing a duty: claim its slot, run it, stamp it. Two processes at once do each slot once.

What was decided:

- One run of a duty at a time. Who runs it holds a lease and renews it; when that process dies, the lease
  ends by itself within ``LEASE`` and the slot is begun again by whoever looks next.
- Missed slots: ``CatchUp.LATEST`` makes them up by one run; ``CatchUp.EACH`` does each, oldest first, and
  goes no further than one that did not end well. ``MOST`` days back, no more: a seal takes in all that came
  before it, and a clock that ran years ahead by mistake must not use up the years.
- A clock that was put back finds its slots done. One that was put forward and back again leaves done the
  slots it visited, and the others go on as they come.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from typing import Any

from dossiers.core.canonical import canonical_json
from dossiers.core.clock import Clock
from workflows.duties import repository
from workflows.duties.models import CatchUp, Done, Duty, Outcome
from workflows.office import Office

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""For how long a process that fell silent holds a slot."""

RENEW_EVERY = 30.0
"""Seconds between two renewals."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much the clocks of two machines may differ. A lease beyond it comes from a clock put back since."""

RETRY_AFTER = timedelta(minutes=5)
"""How soon a slot that failed is tried again."""

MOST = timedelta(days=31)
"""How far back missed slots are made up one by one."""


class Ended(StrEnum):
    """What came of asking for a slot to be done."""

    DONE = "done"
    FAILED = "failed"
    ALREADY = "already"
    """It was done before."""
    BUSY = "busy"
    """Another process has this duty in hand."""
    LATER = "later"
    """It failed a moment ago and is tried again later; or an earlier slot has to be done first."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of asking; ``what`` when it ran, ``error`` when it failed."""

    duty: str
    slot: datetime
    ended: Ended
    what: Done | None = None
    error: str = ""


def do_due(office: Office, duties: Iterable[Duty], clock: Clock) -> list[Turn]:
    """Do what is due of each duty, in their order."""
    turns = []
    for duty in duties:
        at = clock()
        turns.append(do_duty(office, duty, duty.pace.latest(at), at, clock))
    return turns


def do_duty(
    office: Office,
    duty: Duty,
    slot: datetime,
    at: datetime,
    clock: Clock | None = None,
    *,
    again: bool = False,
) -> Turn:
    """Do one slot of a duty, and before it those it has to make up one by one.

    ``clock`` tells when it was done; without it the run counts as no time. ``again`` runs it though it was
    done before: somebody asked.
    """
    now = clock or (lambda: at)
    with office.database.reading() as connection:
        known = repository.run_of(connection, duty.name, slot)
        last = repository.newest_done(connection, duty.name, slot)
    if known is not None and known.outcome == Outcome.DONE.value and not again:
        return Turn(duty.name, slot, Ended.ALREADY)
    if duty.catch_up is CatchUp.LATEST or last is None:
        made_up = missed_slots(duty, last.slot, slot) if last is not None else 0
        return _do(office, duty, slot, at, now, made_up=made_up, again=again)
    each = duty.pace.next(max(last.slot, slot - MOST))
    while each < slot:
        turn = _do(office, duty, each, at, now, made_up=0, again=False)
        if turn.ended not in (Ended.DONE, Ended.ALREADY):
            return turn
        each = duty.pace.next(each)
    return _do(office, duty, slot, at, now, made_up=0, again=again)


def do_now(office: Office, duty: Duty, at: datetime, clock: Clock | None = None) -> Turn:
    """Do a duty because somebody asked, whether due or not; what is done day by day is brought up to date."""
    if duty.catch_up is CatchUp.EACH:
        return do_duty(office, duty, duty.pace.latest(at), at, clock)
    return do_duty(office, duty, at, at, clock, again=True)


def missed_slots(duty: Duty, last: datetime, slot: datetime) -> int:
    """How many slots lie between the last one done and this one."""
    return max(duty.pace.number(slot) - duty.pace.number(last) - 1, 0)


def note_done(office: Office, duty: str, at: datetime, what: Done) -> None:
    """Note a run that somebody made outside the pace, at its own instant."""
    token = secrets.token_hex(16)
    with office.database.writing() as connection:
        fields = {"token": token, "begun_at": at, "lease_until": at, "made_up": 0}
        repository.begin(connection, duty, at, fields)
        repository.set_fields(connection, duty, at, token, **_ended(Outcome.DONE, what, at, 0, ""))


def _do(
    office: Office, duty: Duty, slot: datetime, at: datetime, now: Clock, *, made_up: int, again: bool
) -> Turn:
    token = secrets.token_hex(16)
    refused = _claim(office, duty, slot, at, token, made_up=made_up, again=again)
    if refused is not None:
        return Turn(duty.name, slot, refused)
    try:
        with _lease_kept(office, duty, slot, token, now):
            what = duty.run(office, slot, at)
    except Exception as error:
        # Whatever is wrong with this duty must not keep the others from being done.
        log.exception("duty %s of %s failed", duty.name, slot.isoformat())
        reason = f"{type(error).__name__}: {error}"
        _stamp(office, duty, slot, token, Outcome.FAILED, Done(), at, now(), reason)
        return Turn(duty.name, slot, Ended.FAILED, error=reason)
    _stamp(office, duty, slot, token, Outcome.DONE, what, at, now(), "")
    return Turn(duty.name, slot, Ended.DONE, what)


def _claim(
    office: Office, duty: Duty, slot: datetime, at: datetime, token: str, *, made_up: int, again: bool
) -> Ended | None:
    """Take the slot; what to say when it cannot be had."""
    with office.database.writing() as connection:
        repository.alone(connection, duty.name)
        if repository.at_work(connection, duty.name, at, at + LEASE + CLOCKS_DIFFER) is not None:
            return Ended.BUSY
        known = repository.run_of(connection, duty.name, slot)
        if known is not None and not again:
            if known.outcome == Outcome.DONE.value:
                return Ended.ALREADY
            waits = at < known.lease_until <= at + RETRY_AFTER + CLOCKS_DIFFER
            if known.outcome == Outcome.FAILED.value and waits:
                return Ended.LATER
        repository.begin(
            connection,
            duty.name,
            slot,
            {"token": token, "begun_at": at, "lease_until": at + LEASE, "made_up": made_up},
        )
    return None


def _stamp(
    office: Office,
    duty: Duty,
    slot: datetime,
    token: str,
    outcome: Outcome,
    what: Done,
    begun_at: datetime,
    ended_at: datetime,
    error: str,
) -> None:
    took = min(max(int((ended_at - begun_at) / timedelta(milliseconds=1)), 0), 2**31 - 1)
    fields = _ended(outcome, what, max(ended_at, begun_at), took, error)
    if outcome is Outcome.FAILED:
        fields["lease_until"] = ended_at + RETRY_AFTER
    with office.database.writing() as connection:
        kept = repository.set_fields(connection, duty.name, slot, token, **fields)
    if not kept:
        log.warning("duty %s of %s was taken over meanwhile", duty.name, slot.isoformat())


def _ended(outcome: Outcome, what: Done, at: datetime, took_ms: int, error: str) -> dict[str, Any]:
    return {
        "outcome": outcome.value,
        "ended_at": at,
        "took_ms": took_ms,
        "looked_at": what.looked_at,
        "done": what.done,
        "failed": what.failed,
        "found": canonical_json(what.found),
        "error": error[:2000],
    }


@contextmanager
def _lease_kept(office: Office, duty: Duty, slot: datetime, token: str, now: Clock) -> Iterator[None]:
    """Renew the lease while the block runs."""
    over = Event()

    def renew() -> None:
        while not over.wait(RENEW_EVERY):
            try:
                with office.database.writing() as connection:
                    repository.set_fields(connection, duty.name, slot, token, lease_until=now() + LEASE)
            except Exception:
                # The database does not answer: the next time it may, and else the lease ends by itself.
                log.warning("duty %s: its lease was not renewed", duty.name, exc_info=True)

    thread = Thread(target=renew, name=f"lease-{duty.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
