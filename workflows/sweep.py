"""The monitor at work: let time pass for every dossier to which something fell due.

Some dozens in a transaction, and each by itself when one of them cannot be handled: that one is put aside
and the rest goes on.
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
from workflows.together import tick_together

log = logging.getLogger(__name__)

BATCH = 500
TOGETHER = 50
"""Dossiers in one transaction: so many keep another writer waiting for about a tenth of a second."""
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
        for start in range(0, len(fresh), TOGETHER):
            _handle_together(office, fresh[start : start + TOGETHER], at, report)
        seen.update(fresh)
        if progress is not None:
            progress(report.looked_at)


def _handle_together(office: Office, dossier_ids: list[UUID], at: datetime, report: SweepReport) -> None:
    """Some dossiers in one transaction; whatever it cannot do is done one by one."""
    left = dossier_ids
    if len(dossier_ids) > 1:
        try:
            with office.database.writing() as connection:
                ticked = tick_together(office, connection, dossier_ids, at)
        except Exception:
            # One of them stands in the way: found out by trying each for itself.
            log.info("sweep: %s dossiers are looked at one by one", len(dossier_ids))
        else:
            report.looked_at += len(dossier_ids) - len(ticked.left)
            report.events.update(ticked.events)
            left = ticked.left
    for dossier_id in left:
        _handle(office, dossier_id, at, report)


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
