"""Pages in English are English: on every page of every role, what is Vietnamese is data and marked so."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from httpx import Response
from sqlalchemy import inspect, text

from api.app import create_app
from api.deps import Door, passing, present
from api.rooms.account.people import DEMO_PASSWORD, demo_people
from api.rooms.admin.writing import NEW
from api.web.translation import english
from dossiers.core.db import Database
from dossiers.core.settings import Settings
from tests.api.browser import Browser
from tests.api.client import AppClient
from tests.api.conftest import Http
from tests.api.sentences import sentences
from tests.pages.reading import VIETNAMESE, Piece, read, vietnamese
from tests.pages.site import NOW, build_template
from workflows.office import Office

ROLES = (
    "",
    "Tiếp nhận hồ sơ",
    "Chuyên viên",
    "Thủ trưởng đơn vị",
    "Lãnh đạo Ủy ban nhân dân",
    "Quản trị hệ thống",
)
"""Who walks; nobody signed in is a citizen."""

PAGES = 150
"""How many pages each of them opens."""

OF_A_KIND = 3
"""How many pages that differ only in a name or number."""

LONG = 8
"""A text longer than this that is a part of data is data: a name broken into lines."""

UNMARKED = ("title",)
"""Elements within which no part can be marked; attributes neither."""

NAMES = ("Tiếng Việt", "Một Cửa", "đồng", "QĐ-TTg", "NĐ-CP")
"""What is called so in English too."""

_ENGLISH = re.compile(r"\b(the|is|was|of|from|until|does|not|has)\b")

_NUMBERED = re.compile(r"[0-9][\w.-]*|[0-9a-f-]{36}")


@dataclass
class Walker:
    """Somebody who reads the pages in English, one after another."""

    browser: Browser

    def get(self, path: str) -> Response:
        """Open a page."""
        return self.browser.get(path)

    def walk(self, starts: list[str]) -> Iterator[tuple[str, list[Piece]]]:
        """Pages reached by links, breadth first, a few of each kind."""
        ahead, seen, kinds = list(starts), set(starts), dict[str, int]()
        opened = 0
        while ahead and opened < PAGES:
            path = ahead.pop(0)
            kind = _NUMBERED.sub("*", path)
            if kinds.get(kind, 0) >= OF_A_KIND:
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
            answer = self.get(path)
            assert answer.status_code < 500, path
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            opened += 1
            pieces, links = read(answer.text)
            yield path, pieces
            for link in links:
                to = link.partition("#")[0]
                if to.startswith("/") and not to.startswith(_ELSEWHERE) and to not in seen:
                    seen.add(to)
                    ahead.append(to)


_ELSEWHERE = ("/language/", "/theme/", "/docs", "/static/", "/api/", "/sign-")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A small demonstration."""
    path = tmp_path_factory.mktemp("english") / "motcua.sqlite3"
    shutil.copy(build_template(tmp_path_factory.mktemp("demo"), 60), path)
    database = Database(f"sqlite:///{path}")
    yield Office(database)
    database.dispose()


@pytest.fixture(scope="module")
def data(office: Office) -> Data:
    """What the office's database says."""
    return Data(office)


class Data:
    """Every text in a database, also inside its JSON and YAML."""

    def __init__(self, office: Office) -> None:
        self.texts: set[str] = {*NAMES, " ".join(NEW.split()), Settings().oidc_name}
        with office.database.reading() as connection:
            for table in inspect(connection).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    for value in row:
                        self._note(value)
        self.longest_first = sorted(self.texts, key=len, reverse=True)

    def _note(self, value: Any) -> None:
        if isinstance(value, str):
            stripped = value.strip()
            if stripped.startswith(("{", "[")):
                self._note(json.loads(stripped))
            elif VIETNAMESE.search(value):
                if "\n" in value and ": " in value:
                    self._note(yaml.safe_load(value))
                self.texts |= {" ".join(stripped.split()), *map(str.strip, stripped.splitlines())}
        elif isinstance(value, dict):
            for name, each in value.items():
                self._note(name)
                self._note(each)
        elif isinstance(value, list):
            for each in value:
                self._note(each)

    def without(self, said: str) -> str:
        """What is left of a text without data."""
        if said in self.texts or (
            said.endswith("...")
            and any(known.startswith(said.removesuffix("...").strip()) for known in self.texts)
        ):
            return ""
        if any(said.rstrip("…") in known for known in self.texts if len(said) > LONG):
            return ""
        for known in self.longest_first:
            if not VIETNAMESE.search(said):
                break
            for form in (known, known.removesuffix("."), known[:1].upper() + known[1:]):
                said = said.replace(form, "")
        return said


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "citizen")
def test_what_is_vietnamese_on_an_english_page_is_data_and_marked(
    office: Office, data: Data, role: str
) -> None:
    settings = Settings(public_url="https://motcua.example.gov.vn", demo=True)
    app = create_app(office, settings)
    app.state.door = Door(office, settings)
    app.dependency_overrides = {present: lambda: NOW, passing: lambda: lambda: NOW}
    left: dict[str, str] = {}
    with AppClient(app) as client:
        walker = Walker(Browser(cast(Http, SimpleNamespace(client=client))))
        for path, pieces in walker.walk(starts(walker.browser, office, role)):
            for piece in pieces:
                if piece.marked and not piece.attribute and _ENGLISH.search(piece.text):
                    left.setdefault(f"English marked as Vietnamese: {piece.text}", path)
            for piece in vietnamese(pieces):
                free = piece.marked or piece.attribute or piece.where in UNMARKED
                rest = data.without(piece.text) if free else names(piece.text)
                if VIETNAMESE.search(rest):
                    left.setdefault(f"{piece.where}: {piece.text}", path)
    assert left == {}


def names(said: str) -> str:
    """A text without the names that are the same in English."""
    for name in NAMES:
        said = said.replace(name, "")
    return said


def starts(browser: Browser, office: Office, role: str) -> list[str]:
    """Where somebody begins, signed in and in English."""
    codes = [""]
    with office.database.reading() as connection:
        people = {person.role: person.login for person in demo_people(office, connection)}
        codes = [str(code) for code in connection.execute(text("SELECT code FROM dossiers")).scalars()]
    if role:
        browser.sign_in(people[role], DEMO_PASSWORD)
        assert browser.signed_in
    browser.cookies["motcua_lang"] = "en"
    if not role:
        return [
            "/public",
            "/public/late",
            "/public/complain",
            "/sign-in",
            "/public/none",
            *(f"/public/{code}" for code in codes[:20]),
        ]
    return ["/", "/account", "/work", "/desk", "/nowhere", *(f"/dossiers/{code}" for code in codes)]


def test_every_sentence_has_its_english() -> None:
    found = sentences()
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in english()}
    missing = {text: place for text, place in found.patterns.items() if VIETNAMESE.search(text)}
    assert {text: place for text, place in missing.items() if text not in known} == {}
    assert found.glued == []
