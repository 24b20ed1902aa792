"""Every list and every dossier page of every role with 100,000 dossiers in PostgreSQL, one user.

Of each page: the median, the questions it asked the database, the processor time of this process and of
PostgreSQL, and the reference: the very same statements sent again by the bare driver in the same run. On a
machine that does other work too the clock says how long one waited; processor time says what the page costs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import event, text

from api.accounts.service import open_session
from api.app import create_app
from api.deps import Door, present
from api.public.limiting import Limit, Limits
from api.rooms.account.people import demo_people
from dossiers.core.settings import Settings
from tests.api.client import AppClient
from tests.bench.asked import ASKED, COMMUNE, ROLES, example
from tests.bench.crowd import AT, crowded
from workflows.office import Office

ROUNDS = 9
MOST_MS = 100
Sent = list[tuple[str, Any]]


@dataclass
class Taken:
    """What a page cost: milliseconds by the clock, of both processes' processor, and by the bare driver."""

    path: str
    milliseconds: float
    ours: float
    servers: float
    bare: float
    sent: Sent = field(repr=False)

    @property
    def work(self) -> float:
        """What the page is on a machine with nothing else to do: the processor time of both processes."""
        return self.ours + self.servers

    @property
    def row(self) -> str:
        """A line of the table."""
        slow = (self.milliseconds >= MOST_MS) + (self.work >= MOST_MS)
        mark = ("", "  slow by the clock", "  SLOW")[slow]
        return (
            f"  {self.milliseconds:7.1f} {len(self.sent):4} {self.ours:7.1f} {self.servers:7.1f} "
            f"{self.bare:7.1f}  {self.path}{mark}\n"
        )


def main(only: str = "") -> None:
    """Build the office, ask, print. ``only``: pages whose role and address contain this."""
    server = os.environ.get("MOTCUA_TEST_POSTGRES_URL")
    if not server:
        sys.stdout.write("pages: needs MOTCUA_TEST_POSTGRES_URL\n")
        return
    with crowded(server) as office:
        _measure(office, only)


def _measure(office: Office, only: str) -> None:
    settings = Settings(demo=True)
    app = create_app(office, settings)
    app.dependency_overrides = {present: lambda: AT}
    with office.database.reading() as connection:
        people = demo_people(office, connection)
        count = connection.execute(text("SELECT count(*) FROM dossiers")).scalar_one()
    sys.stdout.write(
        f"pages, PostgreSQL, {count:,} dossiers: milliseconds of the page (median of {ROUNDS}), questions,\n"
        "milliseconds of this process's processor, of the server's, of the questions by the bare driver\n"
    )
    every = []
    with AppClient(app) as client, _bare(office) as bare, _meter(office) as servers:
        for role, paths in ASKED.items():
            person = people[ROLES[role]] if role in ROLES else None
            headers, agency = {}, COMMUNE
            if person is not None:
                with office.database.writing() as connection:
                    official = office.reference(connection).directory.official(person.login)
                    token = open_session(connection, official.id, official.agency, AT - timedelta(minutes=1))
                headers = {"Cookie": f"motcua_session={token}"}
                agency = official.agency
            names = example(office, agency, AT)
            sys.stdout.write(f" {role}{f' ({person.name}, {person.agency})' if person else ''}\n")
            for path in paths:
                if only not in f"{role} {path}":
                    continue
                generous = Limits(client=Limit(10**6, 1.0))
                app.state.door = Door(office, settings, generous)
                taken = _ask(client, office, path.format(**names), headers, bare, servers)
                every.append(taken)
                sys.stdout.write(taken.row)
                sys.stdout.flush()
    by_clock = sum(each.milliseconds >= MOST_MS for each in every)
    by_work = sum(each.work >= MOST_MS for each in every)
    dearest, most = max(each.work for each in every), max(len(each.sent) for each in every)
    sys.stdout.write(
        f"{len(every)} pages; {MOST_MS} ms or more: {by_clock} by the clock, {by_work} by processor time\n"
        f"at most {dearest:.0f} ms of processor and {most} questions; load {os.getloadavg()[0]:.1f}\n"
    )


def _ask(
    client: AppClient,
    office: Office,
    path: str,
    headers: dict[str, str],
    bare: psycopg.Connection[Any],
    servers: Callable[[], float],
) -> Taken:
    with _heard(office) as sent:
        response = client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code, response.text[:300])
    client.get(path, headers=headers)
    taken = []
    ours, theirs = time.process_time(), servers()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(path, headers=headers)
        taken.append(time.perf_counter() - started)
    ours, theirs = time.process_time() - ours, servers() - theirs
    driver = []
    for _ in range(5):
        started = time.perf_counter()
        for statement, parameters in sent:
            cursor = bare.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
        bare.rollback()
        driver.append(time.perf_counter() - started)
    return Taken(
        path,
        median(taken) * 1000,
        ours / ROUNDS * 1000,
        theirs / ROUNDS * 1000,
        median(driver) * 1000,
        sent,
    )


@contextmanager
def _heard(office: Office) -> Iterator[Sent]:
    """The statements that run within."""
    sent: Sent = []

    def note(*heard: Any) -> None:
        sent.append((heard[2], heard[3]))

    event.listen(office.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(office.database.engine, "before_cursor_execute", note)


@contextmanager
def _bare(office: Office) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**_address(office)) as connection:
        yield connection


def _address(office: Office) -> dict[str, Any]:
    """What the office itself connects with, so that the server plans alike."""
    engine = office.database.engine
    return dict(engine.dialect.create_connect_args(engine.url)[1])


@contextmanager
def _meter(office: Office) -> Iterator[Callable[[], float]]:
    """The processor seconds of the server's processes for this database; zero where they cannot be seen."""
    tick = os.sysconf("SC_CLK_TCK")
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    query = f"SELECT pid FROM pg_stat_activity WHERE {others}"
    with psycopg.connect(**_address(office), autocommit=True) as connection:

        def seconds() -> float:
            backends = [row[0] for row in connection.execute(query)]
            return sum(int(value) for pid in backends for value in _stat(pid)[13:15]) / tick

        yield seconds


def _stat(pid: int) -> list[str]:
    """The fields of a process as the kernel gives them; the second, its name, without spaces."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    before, _, after = content.rpartition(")")
    return [before.split(" ", 1)[0], "name", *after.split()]


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
