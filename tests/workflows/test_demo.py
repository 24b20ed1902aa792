"""The demonstration office: its monitor looks often, so warnings come before what they warn of."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from api.cli.procedures import shipped
from dossiers.core.db import Database
from sla.records.models import AlertRow, PromiseRow
from workflows.demo.simulation import LOOKS_EVERY, make_demo
from workflows.office import Office
from workflows.verify import verify

UNTIL = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_warnings_come_before_what_they_warn_of(database: Database) -> None:
    office = Office(database)
    report = make_demo(office, shipped(), dossiers=40, until=UNTIL, seed="tests")
    assert report.dossiers == 40
    with database.reading() as connection:
        alerts = list(connection.execute(select(AlertRow.__table__)))
        promised = {
            (row.dossier_id, row.no): row.due_at for row in connection.execute(select(PromiseRow.__table__))
        }
        assert verify(connection).ok
    warned = [alert for alert in alerts if alert.kind == "nearly_due"]
    assert warned
    assert all(alert.raised_at <= alert.due_at + 2 * LOOKS_EVERY for alert in alerts)
    assert all(alert.raised_at < promised[alert.dossier_id, int(alert.key.split(":")[1])] for alert in warned)
