"""Prefect on one PC, a real server and a real worker: a cron run appears and does the sweep."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from dossiers.core.db import Database
from dossiers.core.migrating import upgrade
from tests.machine.prefect_api import PrefectApi
from tests.machine.processes import BIN, Process, descendants, free_port, surroundings, until
from tests.support.office import TestOffice, definition


@dataclass
class Room:
    """An office without a clock of its own, and the machine room of one PC."""

    folder: Path
    settings: dict[str, str]
    database: Database
    world: TestOffice
    prefect: PrefectApi
    office: Process

    def said(self) -> str:
        """What was said last."""
        log = self.folder / "prefect" / "machine-room.log"
        return self.office.said() + (log.read_text(encoding="utf-8")[-6000:] if log.exists() else "")

    def motcua(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command typed in a second terminal."""
        return subprocess.run(
            [str(BIN / "motcua"), *words],
            env={**surroundings(), **self.settings},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """`motcua run --machine-room`, open for work; its machine room may still be on the way."""
    folder = tmp_path_factory.mktemp("room")
    url = f"sqlite:///{folder / 'office.sqlite3'}"
    database = Database(url)
    upgrade(database)
    world = TestOffice(database)
    world.publish(definition())
    settings = {
        "MOTCUA_DATABASE_URL": url,
        "MOTCUA_PORT": str(free_port()),
        "MOTCUA_PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api",
        "MOTCUA_PREFECT_FOLDER": str(folder / "prefect"),
        "MOTCUA_WORKER_HEALTH_PORT": str(free_port()),
    }
    # The office of this test has no sweep of its own to be first: see ``officeless``.
    office = Process("office", ["python", "-m", "tests.machine.officeless"], settings, folder)
    office.start()
    try:
        until((folder / "prefect" / "auth").exists, office.said)
        auth = (folder / "prefect" / "auth").read_text(encoding="utf-8").strip()
        prefect = PrefectApi(settings["MOTCUA_PREFECT_API_URL"], auth)
        room = Room(folder, settings, database, world, prefect, office)
        until(prefect.is_up, room.said)
        yield room
    finally:
        office.end()
        database.dispose()


def test_a_cron_run_appears_by_itself_and_does_the_sweep(room: Room) -> None:
    """STACK.md names two sets of versions with which everything looks well and no cron run ever is made."""
    late = room.world.register()
    until(lambda: _has(room, "SCHEDULED"), room.said)
    planned = room.prefect.runs("sweep", "SCHEDULED")
    assert all(run["auto_scheduled"] for run in planned)
    until(lambda: bool(room.world.state(late).apologies), room.said)
    until(lambda: _has(room, "COMPLETED"), room.said)
    done = room.prefect.runs("sweep", "COMPLETED")[0]
    assert done["auto_scheduled"]
    assert done["expected_start_time"][17:19] == "00", "the slot is the scheduled minute"
    assert "đã làm. Xem 1, xong 1, gác lại 0" in done["state"]["message"]
    (table,) = room.prefect.artifacts("ho-so-qua-hen")[:1]
    code = room.world.state(late).code
    assert f"/dossiers/{code})" in table["data"]
    assert "Nguyễn" not in str(room.prefect.artifacts("ho-so-qua-hen")) + str(room.prefect.artifacts("sweep"))
    room.world.assert_proven()


def test_deploying_again_changes_nothing(room: Room) -> None:
    until(lambda: _has(room), room.said)
    before = room.prefect.deployment("sweep")
    said = room.motcua("deploy")
    assert said.returncode == 0, said.stderr
    assert "Rà soát thời hạn" in said.stdout
    after = room.prefect.deployment("sweep")
    assert after["id"] == before["id"]
    crons = [(each["schedule"]["cron"], each["schedule"]["timezone"]) for each in after["schedules"]]
    assert crons == [("* * * * *", "Asia/Ho_Chi_Minh")]


def test_a_server_that_dies_is_started_again_and_nobody_waits_for_it(room: Room) -> None:
    (server,) = [pid for pid in descendants(room.office.pid) if "server start" in _words(pid)]
    subprocess.run(["kill", "-9", str(server)], check=True)
    until(lambda: not room.prefect.is_up(), room.said)
    assert room.motcua("sweep").returncode == 0, "what is due is done without it"
    until(room.prefect.is_up, room.said)


def test_a_server_that_is_not_there_is_said_in_vietnamese(room: Room) -> None:
    settings = {**room.settings, "MOTCUA_PREFECT_API_URL": "http://127.0.0.1:9/api"}
    nowhere = replace(room, settings=settings)
    said = nowhere.motcua("deploy")
    assert said.returncode == 1
    assert "Không gọi được máy chủ Prefect" in said.stderr
    assert "Traceback" not in said.stderr


def test_all_of_it_ends_with_the_office(room: Room) -> None:
    left = descendants(room.office.pid)
    assert left
    room.office.end()
    assert [pid for pid in left if Path(f"/proc/{pid}").exists() and "prefect" in _words(pid)] == []


def _has(room: Room, *states: str) -> bool:
    try:
        return bool(room.prefect.runs("sweep", *states))
    except httpx.HTTPError:
        return False


def _words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
