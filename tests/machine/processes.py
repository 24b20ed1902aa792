"""Real processes of a test: started, watched, killed with all they started, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE = float(os.environ.get("MOTCUA_TEST_PATIENCE", "400"))
"""Seconds for which a process may be slow before a test gives up on it; other work makes it slow."""


class Process:
    """One process; what it says goes to a file."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name, self.command, self.environment, self.folder = name, command, environment, folder
        self.log = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again)."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env={**surroundings(), **self.environment},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process is not None
        return self.process.pid

    def is_up(self) -> bool:
        """Whether it is there."""
        return self.process is not None and self.process.poll() is None

    def finish(self, seconds: float = PATIENCE) -> None:
        """Wait until it ends well."""
        process = self.process
        assert process is not None
        until(
            lambda: process.poll() is not None, lambda: f"{self.name} does not end:\n{self.said()}", seconds
        )
        assert process.returncode == 0, f"{self.name} failed:\n{self.said()}"

    def kill(self) -> None:
        """As when a machine loses power: it and all that it started are gone at once."""
        if self.process is None:
            return
        for pid in [*descendants(self.process.pid), self.process.pid]:
            _send(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def end(self) -> None:
        """Ask it to end; kill it when it takes too long."""
        if self.process is None:
            return
        left = descendants(self.process.pid)
        _send(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in left:
            _send(pid, signal.SIGKILL)
        self.process = None

    def said(self) -> str:
        """The end of what it said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.exists() else ""


def surroundings() -> dict[str, str]:
    """What every process of a test sees, whatever the developer's shell has set."""
    return {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "HOME": os.environ.get("HOME", "/"),
    }


def descendants(pid: int) -> list[int]:
    """Every process that a process started, and theirs, by what Linux says."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, look = [], [pid]
    while look:
        for child in children.get(look.pop(), []):
            found.append(child)
            look.append(child)
    return found


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def until(what: Callable[[], bool], why: Callable[[], str], seconds: float = PATIENCE) -> None:
    """Wait until something is so. Processes say no other way that they got somewhere."""
    give_up = monotonic() + seconds
    while not what():
        assert monotonic() < give_up, why()
        sleep(0.1)
