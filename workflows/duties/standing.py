"""The registry: every standing duty of an office, in the order a look goes through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from dossiers.core.clock import Clock
from dossiers.core.errors import NotFound
from dossiers.core.said import Said
from dossiers.documents.service import forget_trays
from dossiers.history import seals
from workflows.calendars.changing import carry_on_all
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.delivering import deliver_due
from workflows.duties.doing import note_done
from workflows.duties.models import CatchUp, Done, Duty
from workflows.duties.pace import VIETNAM, Daily, Every
from workflows.duties.retention import Forget, forget_all, old_runs
from workflows.office import Office
from workflows.sweep import SweepReport, sweep

SWEEP = "sweep"
CALENDARS = "calendars"
DELIVER = "deliver"
SEAL = "seal"
RETENTION = "retention"

NAMED_FAILURES = 20
"""How many dossiers put aside a run names."""


def standing_duties(
    sweep_seconds: int,
    clock: Clock,
    forget: Mapping[str, Forget] | None = None,
    ways: Callable[[], WaysOut] = WaysOut,
) -> tuple[Duty, ...]:
    """Every duty. ``forget`` adds kinds of short-lived rows that floors above keep; ``ways`` tells through
    which channels messages leave."""

    def carry_on(office: Office, _slot: datetime, _at: datetime) -> Done:
        carry_on_all(office, clock)
        return Done()

    def deliver(office: Office, _slot: datetime, at: datetime) -> Done:
        report = deliver_due(office, at, ways())
        return Done(report.looked_at, report.done, report.failed, {"put_off": report.put_off})

    def forget_old(office: Office, _slot: datetime, at: datetime) -> Done:
        return forget_all(office, at, {**(forget or {}), "trays": forget_trays, "duty_runs": old_runs})

    return (
        Duty(SWEEP, "Rà soát thời hạn", Every(seconds=sweep_seconds), _sweep),
        Duty(CALENDARS, "Tính lại hạn khi lịch thay đổi", Every(seconds=sweep_seconds), carry_on),
        Duty(DELIVER, "Gửi thư, tin", Every(seconds=sweep_seconds), deliver),
        Duty(SEAL, "Niêm phong cuối ngày", Daily(0, 10), _seal, CatchUp.EACH),
        Duty(RETENTION, "Dọn dữ liệu tạm", Daily(2, 30), forget_old),
    )


def duty_named(duties: tuple[Duty, ...], name: str) -> Duty:
    """The duty of that name; ``NotFound`` (``duty_unknown``) otherwise."""
    for duty in duties:
        if duty.name == name:
            return duty
    raise NotFound(
        Said("Không có việc định kỳ “{name}”.", name=name),
        code="duty_unknown",
        where=name,
        hint=Said("Có: {duties}.", duties=", ".join(duty.name for duty in duties)),
    )


def sweep_now(office: Office, at: datetime) -> SweepReport:
    """A sweep that somebody asked for, whatever is due; noted like any other, at its own instant."""
    report = sweep(office, at)
    note_done(office, SWEEP, at, _swept(report))
    return report


def _seal(office: Office, slot: datetime, at: datetime) -> Done:
    """Seal the local day before the slot."""
    morning = slot.astimezone(VIETNAM).date()
    until = datetime.combine(morning, time.min, VIETNAM)
    with office.database.writing() as connection:
        seal = seals.make(connection, morning - timedelta(days=1), until, at)
    found = {"number": seal.number, "day": seal.day.isoformat(), "seal": seal.printed}
    return Done(seal.dossiers, seal.dossiers, found=found)


def _sweep(office: Office, _slot: datetime, at: datetime) -> Done:
    return _swept(sweep(office, at))


def _swept(report: SweepReport) -> Done:
    return Done(
        report.looked_at,
        report.looked_at - len(report.failed),
        len(report.failed),
        {
            "events": dict(report.events),
            "put_aside": [str(each) for each in report.failed[:NAMED_FAILURES]],
        },
    )
