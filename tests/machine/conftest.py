"""Many machines as plain processes on one. They need PostgreSQL, Redis and nginx installed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dossiers.core.db import Database
from tests.machine.stack import NEEDED, Stack, found_programs, running
from tests.support.office import TestOffice, definition

WITH_SERVERS = ["test_walk.py", "test_kills_of_many.py"]
HAS_SERVERS = bool(os.environ.get("MOTCUA_TEST_POSTGRES_URL")) and found_programs().keys() == NEEDED.keys()
collect_ignore = [] if HAS_SERVERS or os.environ.get("CI") == "true" else WITH_SERVERS
"""As for every test on PostgreSQL: a developer without the servers leaves them out. CI never does, nor who
names one of these files: there a missing program is a failure that says what to install."""


@pytest.fixture(scope="session", params=["postgresql"])
def stack() -> Iterator[Stack]:
    """Every service of docker-compose.yml, well. It takes a minute to start: the files share one."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-stack-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    try:
        yield from running(folder, {"MOTCUA_SWEEP_SECONDS": "1", "MOTCUA_MAIL_PER_MINUTE": "100000"})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def world(stack: Stack) -> Iterator[TestOffice]:
    """The office on it, and its database for a look inside."""
    database = Database(stack.database_url())
    world = TestOffice(database)
    world.publish(definition())
    yield world
    database.dispose()
