"""The monitor at work: let time pass for every dossier to which something fell due.

Each dossier in a transaction of its own: one that cannot be handled is put aside and the rest goes on.
Doing it twice, or from two processes at once, changes nothing more: the second finds nothing due.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dossiers.records import repository as records
from workflows.commands import Tick
from workflows.engine.draft import SYSTEM
from workflows.office import Office
from workflows.service import execute

log = logging.getLogger(__name__)

BATCH = 500
RETRY_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class SweepReport:
    """What a sweep did: dossiers looked at, events by kind, dossiers put aside."""

    looked_at: int = 0
    failed: list[UUID] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)


def sweep(office: Office, at: datetime, *, progress: Callable[[int], None] | None = None) -> SweepReport:
    """Handle everything that has fallen due by ``at``."""
    report = SweepReport()
    seen: set[UUID] = set()
    while True:
        with office.database.reading() as connection:
            due = records.with_duty(connection, at, BATCH)
        fresh = [dossier_id for dossier_id in due if dossier_id not in seen]
        if not fresh:
            return report
        for dossier_id in fresh:
            _handle(office, dossier_id, at, report)
        seen.update(fresh)
        if progress is not None:
            progress(report.looked_at)


def try_again(office: Office, dossier_id: UUID, at: datetime) -> SweepReport:
    """Handle one dossier that was put aside, now rather than when its time comes."""
    report = SweepReport()
    _handle(office, dossier_id, at, report)
    if not report.failed:
        with office.database.writing() as connection:
            records.forget_failure(connection, dossier_id)
    return report


def _handle(office: Office, dossier_id: UUID, at: datetime, report: SweepReport) -> None:
    report.looked_at += 1
    try:
        with office.database.writing() as connection:
            receipt = execute(office, connection, dossier_id, Tick(), SYSTEM, at)
            if receipt.events:
                records.forget_failure(connection, dossier_id)
        report.events.update(event.kind for event in receipt.events)
    except Exception as error:
        # Whatever is wrong with this dossier must not keep the others from being watched.
        log.exception("sweep: dossier %s put aside", dossier_id)
        report.failed.append(dossier_id)
        with office.database.writing() as connection:
            records.put_aside(
                connection, dossier_id, f"{type(error).__name__}: {error}", at, at + RETRY_AFTER
            )
