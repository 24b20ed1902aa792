"""Whose figures a page shows: the official's own agency and those below it, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from sqlalchemy import Connection

from api.deps import AgencyCode, Call
from dossiers.agencies.models import Role
from workflows.views.models import Named

Chosen = Annotated[AgencyCode | None, Query()]
"""The agency chosen on the page."""

SIGNERS = (Role.HEAD, Role.LEADER)


@dataclass(frozen=True, slots=True)
class Place:
    """The agency whose figures are shown, and those one may choose."""

    agency: str | None
    name: str
    choices: list[Named]

    def query(self, **more: str | None) -> str:
        """The rest of an address that stays with this agency."""
        given = {"agency": self.agency, **more}
        return urlencode({name: value for name, value in given.items() if value})


def place_of(call: Call, connection: Connection, agency: str | None) -> Place:
    """The chosen agency; else the official's own. Raises ``NotFound`` (``agency_unknown``), ``NotAllowed``
    (``agency_out_of_sight``)."""
    directory = call.office.reference(connection).directory
    own = call.actor.agency or ""
    chosen = call.sight(connection).agency(directory, agency or own)
    choices = [Named(code=code, name=directory.name(code)) for code in directory.below(own)]
    return Place(chosen, directory.name(chosen), choices)


def may_sign(call: Call, agency: str) -> bool:
    """Whether the official signs for this agency."""
    return call.actor.agency == agency and any(call.actor.has(role) for role in SIGNERS)
