"""Everything the dossier page shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from api.deps import Call
from api.rooms.agency.doing import Doings, doings
from api.rooms.agency.drawing import Picture, picture_of
from dossiers.core.errors import BadInput, NotAllowed
from workflows.definitions.model import FactType
from workflows.engine.draft import Actor
from workflows.views.allowed import allowed_folded
from workflows.views.course import course_of
from workflows.views.dossier import read_folded
from workflows.views.explaining import explain_of
from workflows.views.files import FileRead, files_folded
from workflows.views.folded import Folded, fold_dossier
from workflows.views.models import DossierRead, EventRead, Explanation
from workflows.views.relatives import RelativeRead, relatives
from workflows.views.words import tell_folded
from workflows.views.words_of_time import why_paused


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at one instant by one hand."""

    at: datetime
    events: list[EventRead]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper of the procedure, and how many of it were handed in."""

    name: str
    originals: int
    copies: int
    required: bool
    reused_from: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """The dossier page. ``doings`` is None for a dossier as it stood."""

    dossier: DossierRead
    doings: Doings | None
    moments: list[Moment]
    explanations: list[Explanation]
    picture: Picture
    papers: list[PaperLine]
    facts: list[tuple[str, Any]]
    relatives: list[RelativeRead]
    files: list[FileRead] | None
    """None where the reader's agency takes no part: its papers are not theirs to see."""
    pauses: dict[int, str]
    steps: dict[str, str]
    elapsed: bool
    """Whether the appointment counts every hour and not only those of the office."""


def whole(call: Call, connection: Connection, code: str, as_of: datetime | None = None) -> Whole:
    """The page of a dossier now, or as it stood."""
    if as_of is not None and as_of > call.at:
        raise BadInput("Thời điểm xem lại chưa tới.", code="as_of_in_future", where="as_of")
    folded = fold_dossier(call.office, connection, call.find(connection, code), as_of)
    dossier = read_folded(connection, folded, call.at, as_of=as_of)
    current = folded.state.current_promise()
    return Whole(
        dossier,
        None if as_of else _doings(call, connection, folded, dossier),
        _moments(tell_folded(call.office, connection, folded).events),
        _explanations(call, connection, folded),
        picture_of(course_of(folded)),
        _papers(folded),
        _facts(folded),
        relatives(call.office, connection, folded.state, call.sight(connection)),
        _files(call, connection, folded, as_of),
        {no: why_paused(folded.plan, pause.reason) for no, pause in folded.state.pauses.items()},
        {step.id: step.name for step in folded.plan.steps.values()},
        current is not None and current.measure == "elapsed",
    )


def _doings(call: Call, connection: Connection, folded: Folded, dossier: DossierRead) -> Doings:
    actor: Actor = call.actor
    return doings(allowed_folded(call.office, connection, folded, actor, call.at), dossier, actor)


def _moments(events: Iterable[EventRead]) -> list[Moment]:
    """Events of one instant and one hand together, the latest first."""
    together = groupby(events, key=lambda event: (event.at, event.actor))
    return [Moment(at, list(group)) for (at, _actor), group in together][::-1]


def _explanations(call: Call, connection: Connection, folded: Folded) -> list[Explanation]:
    """The working of every computed appointment, the latest first."""
    computed = [promise.no for promise in folded.state.promises.values() if promise.limit is not None]
    return [
        explain_of(call.office, connection, folded.reference, folded.state, folded.links, no)
        for no in computed[::-1][:6]
    ]


def _papers(folded: Folded) -> list[PaperLine]:
    known = {paper.id: paper for paper in folded.plan.definition.papers}
    handed = {paper["id"]: paper for paper in folded.state.papers}
    lines = [
        PaperLine(
            known[key].name if key in known else key,
            paper.get("originals", 0),
            paper.get("copies", 0),
            known[key].required if key in known else False,
            paper.get("reused_from"),
        )
        for key, paper in handed.items()
    ]
    missing = [
        PaperLine(paper.name, 0, 0, paper.required, None)
        for paper in known.values()
        if paper.id not in handed and paper.required and not paper.when
    ]
    return lines + missing


def _files(
    call: Call, connection: Connection, folded: Folded, as_of: datetime | None
) -> list[FileRead] | None:
    """The files attached then, or now."""
    try:
        files = files_folded(connection, folded, call.actor)
    except NotAllowed:
        return None
    then = as_of or call.at
    return [
        file
        for file in files
        if file.uploaded_at <= then and (file.removed_at is None or file.removed_at > then)
    ]


def _facts(folded: Folded) -> list[tuple[str, Any]]:
    """What is known of the case: the label, and the value as it is read (booleans stay booleans)."""
    case = folded.plan.definition.case
    shown = []
    for name, value in folded.state.facts.items():
        fact = case.get(name)
        choice = fact is not None and fact.type is FactType.CHOICE
        shown.append(
            (fact.label if fact else name, fact.choices.get(value, value) if choice and fact else value)
        )
    return shown
