"""Every list and every dossier page of every role asks the database a bounded number of questions, and no
more where there is more to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from api.accounts.service import open_session
from api.deps import Door
from api.public.limiting import Limit, Limits
from api.rooms.account.people import demo_people
from dossiers.core.settings import Settings
from tests.bench.asked import ASKED, COMMUNE, NOBODY, ROLES, example
from tests.pages.cases import Cases
from tests.pages.site import Site
from tests.pages.test_agency_bounds import questions

MOST = {"open=": 23}
MOST_ELSEWHERE = 20
"""With the sign-in and the mark of the reference data, which each question for it asks for again."""


@contextmanager
def signed_in(site: Site, role: str) -> Iterator[tuple[httpx.Client, str]]:
    """A browser of somebody with this role, and their agency."""
    site.app.state.door = Door(
        site.office, Settings(public_url=site.url, demo=True), Limits(client=Limit(10**6, 1.0))
    )
    with httpx.Client(base_url=site.url, timeout=60) as client:
        agency = COMMUNE
        if role != NOBODY:
            with site.office.database.writing() as connection:
                person = demo_people(site.office, connection)[ROLES[role]]
                official = site.office.reference(connection).directory.official(person.login)
                agency = official.agency
                token = open_session(connection, official.id, agency, site.at - timedelta(minutes=1))
            client.cookies.set("motcua_session", token)
        yield client, agency


@pytest.mark.parametrize("role", ASKED)
def test_every_page_asks_a_bounded_number_of_questions(site: Site, role: str) -> None:
    Cases(site).assigned()
    with signed_in(site, role) as (client, agency):
        names = example(site.office, agency, site.at)
        over = {}
        for path in (each.format(**names) for each in ASKED[role]):
            client.get(path)  # definitions are read once and kept
            with questions(site) as asked:
                answer = client.get(path)
            assert answer.status_code == 200, (path, answer.text[:300])
            most = next((most for part, most in MOST.items() if part in path), MOST_ELSEWHERE)
            number = sum(not statement.startswith("BEGIN") for statement in asked)
            if number > most:
                over[path] = number
    assert over == {}


GROWING = (
    "/work?tab=team",
    "/desk/search",
    "/oversight",
    "/oversight/day?on=2026-11-19",
    "/api/v1/tasks?size=50",
)


@pytest.mark.parametrize("path", GROWING)
def test_a_longer_list_asks_no_more(site: Site, path: str) -> None:
    cases = Cases(site)
    numbers = []
    with signed_in(site, "admin") as (client, _agency):
        for more in (2, 5):
            for _ in range(more):
                cases.late()
            client.get(path)
            with questions(site) as asked:
                assert client.get(path).status_code == 200
            numbers.append(len(asked))
    assert numbers[0] == numbers[1]
