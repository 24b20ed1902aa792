"""A browser without a screen: it keeps cookies and sends back the guard of the forms it was shown."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from typing import Any

from httpx import Response

from api.accounts.service import create_account
from tests.api.conftest import Http

PASSWORD = "bốn từ không liên quan"


class Browser:
    """Somebody at a computer, in front of the pages of an office."""

    def __init__(self, http: Http, agent: str = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0") -> None:
        self.http, self.agent = http, agent
        self.cookies: dict[str, str] = {}
        self.set: dict[str, str] = {}
        """Each cookie with the words it was last set by."""
        self.csrf = ""

    def get(self, path: str, **more: Any) -> Response:
        """Open a page."""
        return self._seen(self.http.client.get(path, headers=self._headers(), **more))

    def post(self, path: str, **fields: Any) -> Response:
        """Send a form of the page last seen; a name's trailing ``_`` is left out."""
        data = {"csrf": self.csrf} | {name.rstrip("_"): value for name, value in fields.items()}
        return self._seen(self.http.client.post(path, data=data, headers=self._headers()))

    def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> Response:
        """By the form of the sign-in page."""
        self.get("/sign-in")
        return self.post("/sign-in", login=login, password=password, next="/account", **more)

    @property
    def signed_in(self) -> bool:
        """Whether the pages of officials open."""
        return self.get("/account").status_code == 200

    def _headers(self) -> dict[str, str]:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": kept, "User-Agent": self.agent, "Accept": "text/html"}

    def _seen(self, response: Response) -> Response:
        for line in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name], self.set[name] = morsel.value, line
                if not morsel.value:
                    del self.cookies[name]
        found = re.search(r'name="csrf" value="([^"]+)"', response.text)
        self.csrf = found[1] if found else self.csrf
        return response


def give_account(http: Http, official: str, *, password: str = PASSWORD, must_change: bool = False) -> None:
    """Let an official sign in."""
    with http.database.writing() as connection:
        directory = http.world.office.reference(connection).directory
        create_account(connection, directory, official, official, password, http.at, must_change=must_change)


def refusal(response: Response) -> str:
    """What the page says is wrong."""
    found = re.search(r'role="alert".*?<strong>(.*?)</strong>', response.text, re.DOTALL)
    assert found, response.text
    return found[1]
