"""The registry: what every office does by itself, and what is forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from api.accounts.service import create_account, open_session
from api.duties.service import duties_of
from dossiers.core.db import Database
from dossiers.core.errors import NotFound
from dossiers.core.migrating import upgrade
from dossiers.core.settings import Settings
from tests.support.office import MONDAY, TestOffice, after, definition
from workflows.duties import repository
from workflows.duties.doing import Ended, do_now, note_done
from workflows.duties.models import Done
from workflows.duties.standing import RETENTION, SWEEP, duty_named, sweep_now

DAY = timedelta(days=1)
DUTIES = duties_of(Settings())


@pytest.fixture
def office(database: Database) -> TestOffice:
    office = TestOffice(database)
    office.publish(definition())
    return office


def test_every_duty_has_a_name_of_its_own_a_title_and_a_cron_line() -> None:
    assert len({duty.name for duty in DUTIES}) == len(DUTIES) >= 4
    assert all(duty.title and len(duty.pace.cron.split()) == 5 for duty in DUTIES)
    with pytest.raises(NotFound) as refusal:
        duty_named(DUTIES, "sweeep")
    assert refusal.value.code == "duty_unknown"


def test_a_sweep_that_somebody_asked_for_is_noted_as_a_beat_of_the_heart(office: TestOffice) -> None:
    office.register()
    assert sweep_now(office.office, after(days=8)).looked_at == 1
    with office.database.reading() as connection:
        beat = repository.newest_done(connection, SWEEP, after(days=8))
    assert beat is not None
    assert (beat.ended_at, beat.looked_at, beat.failed) == (after(days=8), 1, 0)


def test_what_is_kept_for_a_short_time_is_forgotten_and_the_last_beat_is_not(office: TestOffice) -> None:
    note_done(office.office, "once", MONDAY - 400 * DAY, Done())
    for days, met in ((200, 1), (200, 0), (20, 1), (20, 0), (1, 0)):
        note_done(office.office, SWEEP, MONDAY - days * DAY + timedelta(seconds=met), Done(met, met))
    with office.database.writing() as connection:
        directory = office.office.reference(connection).directory
        create_account(
            connection, directory, "le", "le.viettri", "bốn từ không liên quan", MONDAY, must_change=False
        )
        for days in (100, 1):
            open_session(connection, "le", "H44.101.01", MONDAY - days * DAY)
    turn = do_now(office.office, duty_named(DUTIES, RETENTION), MONDAY)
    assert turn.ended is Ended.DONE
    assert turn.what is not None
    assert turn.what.found == {"web_sessions": 1, "trays": 0, "duty_runs": 3}
    with office.database.reading() as connection:
        kept = [(run.slot - MONDAY).days for run in repository.runs(connection, SWEEP, 10)]
        assert kept == [-1, -20]
        assert len(repository.runs(connection, "once", 10)) == 1
        assert connection.execute(text("SELECT count(*) FROM web_sessions")).scalar_one() == 1


def test_the_last_beat_of_before_is_kept_when_the_schema_is_upgraded(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    upgrade(database, "20261120_0009")
    with database.writing() as connection:
        connection.execute(
            text("INSERT INTO heartbeats VALUES ('sweep', '2026-03-02 00:30:00.000000', 7, 2)")
        )
    upgrade(database)
    with database.reading() as connection:
        beat = repository.newest_done(connection, SWEEP, MONDAY)
        assert beat is not None
        assert (beat.ended_at, beat.looked_at, beat.done, beat.failed) == (MONDAY, 7, 5, 2)
    database.dispose()
