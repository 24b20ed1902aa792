"""What the inbox page is asked by its address, and the bulk actions on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from api.deps import Call
from api.web.acting import act
from api.web.forms import Form
from api.web.shown import VIETNAM
from dossiers.core.errors import MotcuaError
from workflows.views.worklists import Narrow, Which

MOST_AT_ONCE = 200


class Asked(BaseModel):
    """The filters of the inbox, as they stand in its address."""

    tab: Which = Which.MINE
    q: str = Field(default="", max_length=200)
    procedure: str = Field(default="", max_length=40)
    official: str = Field(default="", max_length=64)
    due: str = Field(default="", pattern="^(late|today|week)?$")
    cursor: str = Field(default="", max_length=300)
    open: str = Field(default="", max_length=64, pattern=r"^[0-9A-Za-z._-]*$")

    def narrow(self, at: datetime) -> Narrow:
        """What the list is narrowed to."""
        return Narrow(self.q, self.procedure, self.official, _due_before(self.due, at))

    def address(self, **change: str) -> str:
        """The address of the page with some of it changed; a change starts from the first page."""
        fields = self.model_dump(mode="json") | {"cursor": ""} | change
        query = urlencode({name: value for name, value in fields.items() if value and value != Which.MINE})
        return f"/work?{query}" if query else "/work"

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.q or self.procedure or self.official or self.due)


Filters = Annotated[Asked, Query()]


@dataclass(frozen=True, slots=True)
class Failure:
    """A dossier the bulk action could not be done to, and why."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk action did."""

    kind: str
    done: list[str]
    failed: list[Failure]


def in_bulk(call: Call, kind: str, form: Form) -> Outcome:
    """Do one command to every task ticked, each dossier in its own transaction."""
    outcome = Outcome(kind, [], [])
    for ticked in dict.fromkeys(form.all("ticked")[:MOST_AT_ONCE]):
        code, _, no = ticked.rpartition(":")
        try:
            act(call, code, kind, {"task": no}, key=f"{form['key']}:{ticked}")
            outcome.done.append(code)
        except MotcuaError as error:
            outcome.failed.append(Failure(code, error.message, error.hint))
    return outcome


def _due_before(due: str, at: datetime) -> datetime | None:
    if due == "late":
        return at
    midnight = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"today": midnight + timedelta(days=1), "week": midnight + timedelta(days=7)}.get(due)
