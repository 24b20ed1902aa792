"""Who issues a document: the letterhead, the place before the date, who signs and in what capacity."""

from __future__ import annotations

import re
from dataclasses import replace

from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Capacity as Held
from dossiers.agencies.models import Role
from dossiers.history.events import read_actor
from sla.letters.parts import Capacity, Letterhead, Signatory

_UNITS = re.compile(
    r"^(UBND|Ủy ban nhân dân|Uỷ ban nhân dân) +(tỉnh|thành phố|xã|phường|thị trấn|đặc khu|quận|huyện)? *"
)


def letterhead_of(directory: Directory, code: str) -> Letterhead:
    """The letterhead of an agency."""
    agency = directory.agency(code)
    return Letterhead(
        agency=agency.name,
        place=_place(directory, code),
        superior=directory.name(agency.parent) if agency.parent else None,
    )


def signing_as(directory: Directory, official_id: str, capacity: str) -> Signatory:
    """An official who signs for an agency in a capacity held there."""
    official = directory.official(official_id)
    if capacity == Held.HEAD.value:
        usual = Signatory(official.name)
        return replace(usual, head_title=official.title) if official.title else usual
    roles = sorted(Role(role).label for where, role in official.roles if where == official.agency)
    own = official.title or (roles[0] if roles else None)
    own = own[:1].upper() + own[1:] if own else None
    if capacity == Held.ACTING.value:
        return Signatory(official.name, Capacity.ACTING)
    if capacity == Held.DEPUTY.value:
        return Signatory(official.name, Capacity.DEPUTY, own_title=official.title or None)
    return Signatory(official.name, Capacity.FOR_HEAD, own_title=own or "Người được uỷ quyền")


def official_behind(directory: Directory, actor: str | None) -> str | None:
    """The name of the official who acted; None for the system, the applicant or another system."""
    if not actor or read_actor(actor)[0] != "official":
        return None
    return directory.official_name(read_actor(actor)[1])


def _place(directory: Directory, code: str) -> str:
    """The place before the date: the name of the area whose committee the agency is or belongs to."""
    for above in directory.ancestors(code):
        agency = directory.agency(above)
        if agency.kind.startswith("committee"):
            return _UNITS.sub("", agency.name) or agency.name
    return directory.name(code)
