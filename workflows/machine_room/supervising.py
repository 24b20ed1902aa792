"""Keeping processes alive: started again with growing pauses when they die, ended when the block ends."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a process that died is started again; doubled each time."""

STEADY = 60.0
"""Who lived so many seconds is started again after the first pause."""

GRACE = 15.0
"""Seconds a process gets to end by itself."""

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Post:
    """A process that should be there."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    log: Path | None = None
    """Where what it says is added; None for where its keeper's goes."""
    by_pipe: bool = False
    """It watches its standard input and ends when that closes, that is when its keeper is gone."""


@dataclass(slots=True)
class Keeper:
    """Keeps one post filled. ``look`` is called now and then; ``end`` ends the process."""

    post: Post
    clock: Callable[[], float] = monotonic
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _begun: float = 0.0
    _pause: float = 0.0
    _start_at: float = field(default=float("-inf"))

    def look(self) -> None:
        """Start the process if it is not there and its pause is over."""
        now = self.clock()
        if self.process is not None:
            if self.process.poll() is None:
                return
            self._close()
            steady = now - self._begun >= STEADY
            self._pause = FIRST_PAUSE if steady or not self._pause else min(self._pause * 2, LONGEST_PAUSE)
            self._start_at = now + self._pause
        if now >= self._start_at:
            self._start(now)

    def ask_to_end(self) -> None:
        """Tell the process to end; ``end`` waits for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """End the process, by force when it takes too long."""
        if self.process is None:
            return
        self.ask_to_end()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close()

    def _start(self, now: float) -> None:
        self.starts += 1
        self._begun = now
        post = self.post
        log = None
        if post.log is not None:
            post.log.parent.mkdir(parents=True, exist_ok=True)
            log = post.log.open("ab")
        try:
            self.process = subprocess.Popen(  # noqa: S603 - a command of ours
                list(post.command),
                env=None if post.environment is None else dict(post.environment),
                stdin=subprocess.PIPE if post.by_pipe else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT if log else None,
                start_new_session=True,  # Ctrl+C is for the keeper, who ends its processes in order
                preexec_fn=None if post.by_pipe else _end_with_keeper,
            )
        finally:
            if log is not None:
                log.close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def keep(keepers: Sequence[Keeper], wait: Callable[[float], bool]) -> None:
    """Keep all posts filled until ``wait`` (a pause of so many seconds) says that it is over."""
    try:
        while True:
            for keeper in keepers:
                keeper.look()
            if wait(0.5):
                return
    finally:
        for keeper in keepers:
            keeper.ask_to_end()
        for keeper in reversed(keepers):
            keeper.end()


def _end_with_keeper() -> None:
    """In the new process: be told to end when the keeper dies by force (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
