"""The pages of the agency desk ask the database a bounded number of questions, and answer at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from api.rooms.account.people import DEMO_PASSWORD
from dossiers.records.models import DossierRow
from tests.pages.cases import Cases
from tests.pages.site import Site

MOST_QUESTIONS = 20
MOST_SECONDS = 0.1


@contextmanager
def questions(site: Site) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    engine = site.office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def overseer(site: Site) -> Iterator[httpx.Client]:
    """Somebody who sees the whole province, signed in without a browser."""
    with httpx.Client(base_url=site.url) as client:
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
        assert found is not None
        form = {"csrf": found[1], "login": site.login("Quản trị hệ thống"), "password": DEMO_PASSWORD}
        assert client.post("/sign-in", data=form).status_code == 303
        yield client


def longest(site: Site) -> str:
    """The dossier with the longest history."""
    with site.office.database.reading() as connection:
        statement = select(DossierRow.code).order_by(DossierRow.seq.desc()).limit(1)
        return str(connection.execute(statement).scalar_one())


def test_the_dossier_page_asks_no_more_for_a_long_history(site: Site, overseer: httpx.Client) -> None:
    cases = Cases(site)
    paths = [f"/dossiers/{code}" for code in (cases.register(), cases.assigned(), longest(site))]
    numbers = []
    for path in paths:
        overseer.get(path)
        with questions(site) as asked:
            assert overseer.get(path).status_code == 200
        numbers.append(len(asked))
    assert max(numbers) <= MOST_QUESTIONS, numbers


def test_the_inbox_asks_no_more_for_a_long_list(site: Site, overseer: httpx.Client) -> None:
    cases = Cases(site)
    overseer.get("/work?tab=team")
    numbers = []
    for _ in range(2):
        for number in range(3):
            cases.assigned(f"Người nộp {number}")
        with questions(site) as asked:
            assert overseer.get("/work?tab=team").status_code == 200
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= MOST_QUESTIONS


def test_pages_answer_within_a_tenth_of_a_second(site: Site, overseer: httpx.Client) -> None:
    code = Cases(site).late()
    for path in ("/work", f"/dossiers/{longest(site)}", f"/dossiers/{code}", f"/work?tab=team&open={code}"):
        overseer.get(path)
        times = []
        for _ in range(5):
            begins = perf_counter()
            assert overseer.get(path).status_code == 200
            times.append(perf_counter() - begins)
        assert median(times) < MOST_SECONDS, path
