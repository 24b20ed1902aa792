"""Processes are kept alive: started again with growing pauses, and none outlives its keeper."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine.processes import ROOT, descendants, until
from workflows.machine_room import supervising
from workflows.machine_room.supervising import FIRST_PAUSE, LONGEST_PAUSE, STEADY, Keeper, Post

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")


def at_hand(now: list[float], command: tuple[str, ...] = SLEEPS) -> Keeper:
    """A keeper whose clock the test moves."""
    return Keeper(Post("post", command), clock=lambda: now[0])


def die(keeper: Keeper) -> None:
    """The process is killed."""
    assert keeper.process is not None
    keeper.process.kill()
    keeper.process.wait()


def test_a_process_that_dies_is_started_again_with_growing_pauses() -> None:
    now = [0.0]
    keeper = at_hand(now)
    keeper.look()
    pauses = []
    for _ in range(9):
        die(keeper)
        keeper.look()
        assert keeper.process is None
        starts, begun = keeper.starts, now[0]
        while keeper.starts == starts:
            now[0] += 0.5
            keeper.look()
        pauses.append(now[0] - begun)
    keeper.end()
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_one_that_worked_for_long_is_started_again_soon() -> None:
    now = [0.0]
    keeper = at_hand(now)
    for _ in range(3):
        keeper.look()
        now[0] += STEADY
        die(keeper)
        keeper.look()
        now[0] += FIRST_PAUSE
    keeper.look()
    assert keeper.starts == 4
    keeper.end()


def test_one_that_will_not_end_is_ended_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "GRACE", 0.2)
    deaf = tmp_path / "deaf"
    stubborn = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f" pathlib.Path({str(deaf)!r}).touch(); time.sleep(600)"
    )
    keeper = at_hand([0.0], (sys.executable, "-c", stubborn))
    keeper.look()
    process = keeper.process
    assert process is not None
    until(deaf.exists, lambda: "it did not begin")
    keeper.end()
    assert process.returncode == -signal.SIGKILL


def test_the_room_ends_when_the_office_is_killed(tmp_path: Path) -> None:
    """An office killed by force cannot tell its children anything: the pipe to them closes."""
    office = (
        "import subprocess, sys, time\n"
        "from workflows.machine_room.supervising import Keeper, Post\n"
        f"room = Post('room', [sys.executable, '-m', 'workflows.machine_room', 'room', '127.0.0.1', '1'],"
        f" environment={{'PATH': {str(tmp_path)!r}, 'PREFECT_HOME': {str(tmp_path)!r}}}, by_pipe=True)\n"
        "Keeper(room).look()\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", office], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until(lambda: len(descendants(process.pid)) >= 3, lambda: "the room did not open")
    left = descendants(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    until(lambda: not any(_lives(pid) for pid in left), lambda: "somebody outlived the office")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
