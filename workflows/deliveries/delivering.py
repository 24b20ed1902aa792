"""Delivering: take what is due in hand, send it, confirm each message in a transaction of its own.

Whoever is killed between sending and confirming leaves a lease that runs out; the message is then sent again
under the same id, so a receiver can drop the double, and it is confirmed once. Any number of processes may
deliver at once. What waits for tomorrow costs one probe of an index.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

from dossiers.core.ids import uuid7
from dossiers.core.settings import settings
from dossiers.outbox import repository as outbox
from dossiers.outbox.models import OutboxState
from workflows.deliveries.channels.base import SECONDS, ChannelName, WeAreWrong, WorldFailed
from workflows.deliveries.channels.setting_up import WaysOut, ways_out
from workflows.deliveries.preparing import Ready, make_ready
from workflows.office import Office

log = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(seconds=BATCH * SECONDS * 2)
"""Longer than a whole batch takes when every message takes as long as it may."""

MOST_BATCHES = 20
"""After so many batches one delivery ends; the next one goes on."""

MOST_CLAIMS = 50
"""A message taken in hand so often and never confirmed is not tried any more: it may be what kills us."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=8)
CHANNEL_RESTS = timedelta(minutes=1)
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class DeliveryReport:
    """What a delivery did: messages taken in hand; done with (sent, put on the list of letters, shown on the
    pages or overtaken); failed, to be tried again or dead; put off to a quieter or less busy time."""

    looked_at: int = 0
    done: int = 0
    failed: int = 0
    put_off: int = 0

    def add(self, other: DeliveryReport) -> None:
        """Count another delivery as well."""
        self.looked_at += other.looked_at
        self.done += other.done
        self.failed += other.failed
        self.put_off += other.put_off


def deliver_due(office: Office, at: datetime, ways: WaysOut | None = None) -> DeliveryReport:
    """Deliver everything that is due, by the settings of this process: a standing duty."""
    ways = ways or ways_out(settings())
    report = DeliveryReport()
    began = monotonic()
    for _ in range(MOST_BATCHES):
        batch = deliver(office, ways, at + timedelta(seconds=monotonic() - began))
        report.add(batch)
        if batch.looked_at < BATCH:
            break
    return report


def deliver(
    office: Office,
    ways: WaysOut,
    at: datetime,
    *,
    batch: int = BATCH,
    dice: Random | None = None,
    stopwatch: Callable[[], float] = monotonic,
) -> DeliveryReport:
    """Deliver one batch of what is due. ``dice`` spreads new tries; ``stopwatch`` says how long it takes.

    1. Take the batch in hand, under a lease.
    2. Send each message; what its channel cannot take now is put off without counting as a try.
    3. Confirm each in a transaction of its own, if the lease still holds.
    """
    with office.database.reading() as connection:
        if not outbox.is_anything_due(connection, at):
            return DeliveryReport()
    # Randomness for spreading load, not for secrets.
    run = _Run(office, ways, at, dice or Random(), stopwatch)  # noqa: S311
    with office.database.writing() as connection:
        rows = outbox.claim(connection, at, batch, lease=run.lease, lease_until=at + LEASE)
    if not rows:
        return run.report
    with office.database.reading() as connection:
        tried = outbox.tried_since(connection, at - _MINUTE)
    run.room = {name: way.per_minute - tried.get(name, 0) for name, way in ways.channels.items()}
    for row in rows:
        run.handle(row)
    return run.report


@dataclass(slots=True)
class _Run:
    """One batch in hand. ``room``: what each channel may still be given; ``resting``: until when nothing goes
    a way (a channel; of webhooks one receiver)."""

    office: Office
    ways: WaysOut
    at: datetime
    dice: Random
    stopwatch: Callable[[], float]
    lease: UUID = field(init=False)
    began: float = field(init=False)
    room: dict[ChannelName, int] = field(default_factory=dict)
    resting: dict[str, datetime] = field(default_factory=dict)
    report: DeliveryReport = field(default_factory=DeliveryReport)

    def __post_init__(self) -> None:
        self.began = self.stopwatch()
        self.lease = uuid7(self.at)

    def now(self) -> datetime:
        """The present instant: when the batch began, and what has passed since."""
        return self.at + timedelta(seconds=self.stopwatch() - self.began)

    def handle(self, row: Any) -> None:
        """Do with one message what is to be done now; nothing about it may keep the others from going."""
        self.report.looked_at += 1
        now = self.now()
        if now > self.at + LEASE - timedelta(seconds=2 * SECONDS):
            self.put_off(row, now)
            return
        try:
            with self.office.database.reading() as connection:
                ready = make_ready(self.office, connection, row, self.ways, now)
            self.decide(row, ready, now)
        except Exception as error:
            log.exception("message %s could not be handled", row.id)
            self.failed(row, None, type(error).__name__, None)

    def decide(self, row: Any, ready: Ready, now: datetime) -> None:
        """Where a message that is ready goes."""
        until = max(ready.allowed_at, self.resting.get(ready.lane, now))
        if ready.overtaken:
            self.finish(row, ready, OutboxState.CANCELLED, "overtaken", "")
        elif ready.channel is ChannelName.LETTER:
            self.finish(row, ready, OutboxState.TO_PRINT, "listed", "")
        elif ready.channel is ChannelName.PAGES:
            self.finish(row, ready, OutboxState.DONE, "shown", "")
        elif row.claims >= MOST_CLAIMS:
            self.dead(row, ready, "claimed too often", "failed")
        elif until > now:
            self.put_off(row, until)
        elif self.room.get(ready.channel, 0) <= 0:
            self.put_off(row, now + CHANNEL_RESTS)
        else:
            self.room[ready.channel] -= 1
            self.send(row, ready)

    def send(self, row: Any, ready: Ready) -> None:
        """Hand a message to its channel and write down what came of it."""
        try:
            answer = self.ways.channels[ready.channel].send(ready.message)
        except WeAreWrong as error:
            self.dead(row, ready, error.answer, "refused")
        except WorldFailed as error:
            if error.whole_channel:
                self.resting[ready.lane] = self.now() + max(error.wait or CHANNEL_RESTS, CHANNEL_RESTS)
            self.failed(row, ready, error.answer, error.wait)
        else:
            self.finish(row, ready, OutboxState.DONE, "accepted", answer)

    def finish(self, row: Any, ready: Ready, state: OutboxState, outcome: str, answer: str) -> None:
        """The message is done with, for the machine."""
        self.report.done += 1
        tried = row.attempts + (ready.leaves and outcome == "accepted")
        self.settle(row, ready, outcome, answer, state=state, error="", attempts=tried)

    def dead(self, row: Any, ready: Ready | None, answer: str, outcome: str) -> None:
        """Nothing more is tried; somebody has to look."""
        self.report.failed += 1
        self.settle(row, ready, outcome, answer, state=OutboxState.DEAD, attempts=row.attempts + 1)

    def failed(self, row: Any, ready: Ready | None, answer: str, wait: timedelta | None) -> None:
        """Try again later, ever later, until it was tried often enough."""
        attempts = row.attempts + 1
        if attempts >= self.ways.most_attempts:
            self.dead(row, ready, answer, "failed")
            return
        self.report.failed += 1
        pause = max(back_off(attempts, self.dice), wait or timedelta(0))
        self.settle(
            row,
            ready,
            "failed",
            answer,
            state=OutboxState.WAITING,
            attempts=attempts,
            next_at=self.now() + pause,
        )

    def put_off(self, row: Any, until: datetime) -> None:
        """Lay a message back; it was not tried."""
        self.report.put_off += 1
        with self.office.database.writing() as connection:
            outbox.settle(
                connection, row.id, self.lease, state=OutboxState.WAITING, next_at=until, claims=row.claims
            )

    def settle(self, row: Any, ready: Ready | None, outcome: str, answer: str, **values: Any) -> None:
        """Write what came of a message, with its proof, in one transaction; nothing if the lease was lost."""
        now = self.now()
        said = _without(answer, ready)
        values.setdefault("error", said[:300])
        if values["state"] is not OutboxState.WAITING:
            values["settled_at"] = now
        if ready is not None:
            values["channel"] = ready.channel.value
        with self.office.database.writing() as connection:
            if not outbox.settle(connection, row.id, self.lease, **values):
                log.warning("message %s: the lease was lost", row.id)
                return
            outbox.note(
                connection,
                row.id,
                now,
                outcome,
                channel=ready.channel.value if ready else None,
                message_id=ready.message_id if ready and ready.leaves else "",
                address=ready.shown_address if ready and ready.leaves else "",
                answer=said[:500],
                sha256=ready.text.sha256 if ready else "",
            )


def back_off(attempts: int, dice: Random) -> timedelta:
    """How long to wait after so many failures: three times longer each time, spread over half of it."""
    longest: timedelta = min(FIRST_WAIT * 3 ** min(attempts - 1, 10), LONGEST_WAIT)
    return longest * dice.uniform(0.5, 1.0)


def _without(answer: str, ready: Ready | None) -> str:
    """What the other side said, without the address and what cannot be kept."""
    plain = "".join(letter if letter.isprintable() else " " for letter in answer)
    return plain.replace(ready.address, ready.shown_address) if ready and ready.address else plain
