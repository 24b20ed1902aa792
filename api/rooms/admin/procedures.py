"""Procedures: found, read, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import Administrator
from api.procedures.endpoints import ProcedureCode, stored_definition
from api.web.pages import show
from dossiers.core.errors import NotFound
from dossiers.core.said import Said
from dossiers.procedures import repository
from dossiers.procedures.models import VersionStatus
from dossiers.records import repository as records
from workflows.definitions.checks.findings import can_publish
from workflows.definitions.checks.lint import lint
from workflows.definitions.diff import Affects, Change, diff
from workflows.definitions.model import Arc, Definition, Outcome
from workflows.definitions.wording import arc_text, limits_text, target_text
from workflows.procedures import matches

router = APIRouter(prefix="/admin/procedures")

STATUS = {
    VersionStatus.DRAFT: (Said("bản nháp"), "warn"),
    VersionStatus.PUBLISHED: (Said("đã công bố"), "good"),
    VersionStatus.RETIRED: (Said("đã thôi dùng"), "quiet"),
}
"""A status in words, and its tone."""

_No = Annotated[int | None, Query(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure in the list: its latest published version, if any, and its draft, if any."""

    code: str
    row: Any
    published: int | None
    draft: int | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in words."""

    name: str
    agency: str
    limit: str
    counted: bool
    leads: list[tuple[str, str]]


@router.get("", name="admin_procedures")
def get_procedures(
    request: Request,
    call: Administrator,
    q: Annotated[str, Query(max_length=200)] = "",
    drafts: Annotated[bool, Query()] = False,
) -> Response:
    """Every procedure; those that hold every word when asked."""
    with call.reading() as connection:
        rows = repository.versions(connection)
    lines = [_line(code, list(group)) for code, group in groupby(rows, lambda row: row.code)]
    shown = [line for line in lines if matches(line.row, q) and (line.draft or not drafts)]
    return show(
        request,
        "admin/procedures.html",
        call,
        lines=shown,
        q=q,
        drafts=drafts,
        many=len(lines),
        many_drafts=sum(line.draft is not None for line in lines),
    )


@router.get("/{procedure}", name="admin_procedure")
def get_procedure_page(
    request: Request, procedure: ProcedureCode, call: Administrator, v: _No = None
) -> Response:
    """A version: its steps, its diagram, what the checks find; and the versions there are."""
    with call.reading() as connection:
        rows = repository.versions(connection, procedure)
        row = chosen(rows, procedure, v)
        definition = stored_definition(connection, procedure, row.version)
        found = lint(definition, call.office.reference(connection).directory)
        running = records.running_by_version(connection, procedure)
    return show(
        request,
        "admin/procedure.html",
        call,
        rows=rows,
        row=row,
        status_words=STATUS,
        definition=definition,
        limits=limits_of(definition),
        steps=_steps(definition),
        findings=found,
        can_publish=can_publish(found),
        running=running,
    )


@router.get("/{procedure}/diff", name="admin_procedure_diff")
def get_diff_page(
    request: Request,
    procedure: ProcedureCode,
    call: Administrator,
    old: Annotated[_No, Query(alias="from")] = None,
    new: Annotated[_No, Query(alias="to")] = None,
) -> Response:
    """What changed between two versions, in words."""
    with call.reading() as connection:
        rows = repository.versions(connection, procedure)
        newer = chosen(rows, procedure, new)
        earlier = [row.version for row in rows if row.version < newer.version]
        older = chosen(rows, procedure, old or (earlier[-1] if earlier else newer.version))
        changes = diff(
            stored_definition(connection, procedure, older.version),
            stored_definition(connection, procedure, newer.version),
        )
    return show(
        request,
        "admin/procedure_diff.html",
        call,
        rows=rows,
        older=older,
        newer=newer,
        groups=by_subject(changes),
    )


def chosen(rows: Sequence[Any], procedure: str, version: int | None) -> Any:
    """The version asked for; else the latest published one, else the latest."""
    published = [row for row in rows if row.status == VersionStatus.PUBLISHED.value]
    for row in rows:
        if row.version == version:
            return row
    if not rows or version is not None:
        raise NotFound(
            Said("Không có thủ tục {procedure}.", procedure=procedure),
            code="procedure_unknown",
            where=procedure,
        )
    return (published or rows)[-1]


def by_subject(changes: Sequence[Change]) -> list[tuple[Affects, list[Change]]]:
    """Changes under the heading of what they touch."""
    found = ((affects, [change for change in changes if change.affects is affects]) for affects in Affects)
    return [(affects, some) for affects, some in found if some]


def limits_of(definition: Definition) -> list[tuple[str, str]]:
    """The limits in words, by stage."""
    if definition.stages:
        return [(stage.name, limits_text(definition, stage.limits)) for stage in definition.stages]
    return [("", limits_text(definition, definition.limits))] if definition.limits else []


def _line(code: str, rows: list[Any]) -> Line:
    published = [row for row in rows if row.status == VersionStatus.PUBLISHED.value]
    drafts = [row for row in rows if row.status == VersionStatus.DRAFT.value]
    return Line(
        code,
        (published or rows)[-1],
        published[-1].version if published else None,
        drafts[-1].version if drafts else None,
    )


def _steps(definition: Definition) -> list[StepLine]:
    def agency(key: str) -> str:
        known = definition.participants.get(key)
        return known.name if known else key

    return [
        StepLine(
            step.name,
            agency(step.agency),
            limits_text(definition, step.limit),
            step.counted,
            [
                (_way(definition, outcome, arc), target_text(definition, arc.to))
                for outcome in step.ways
                for arc in outcome.next
            ],
        )
        for step in definition.steps
    ]


def _way(definition: Definition, outcome: Outcome, arc: Arc) -> str:
    case = arc_text(definition, arc)
    return Said("{outcome} ({case})", outcome=outcome.name, case=case) if case else outcome.name
