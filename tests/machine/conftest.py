"""Many machines as plain processes on one. They need PostgreSQL, Redis and nginx installed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine.stack import Stack, running

WITH_SERVERS = ["test_walk.py", "test_kills_of_many.py"]
collect_ignore = (
    [] if os.environ.get("MOTCUA_TEST_POSTGRES_URL") or os.environ.get("CI") == "true" else WITH_SERVERS
)
"""As for every test on PostgreSQL: a developer without it leaves them out, CI never does."""


@pytest.fixture(scope="module", params=["postgresql"])
def stack() -> Iterator[Stack]:
    """Every service of docker-compose.yml, well."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-stack-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    try:
        yield from running(folder, {"MOTCUA_SWEEP_SECONDS": "1"})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
