"""The overview, and what the office says of itself: health, settings, forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.accounts import repository as accounts
from api.deps import Administrator, TopAdministrator, reaches
from api.office.schemas import FormVersionRead
from api.office.service import health, settings_shown
from api.web.forms import Posted
from api.web.pages import go, show
from api.web.shown import VIETNAM, number
from dossiers.core.said import Said
from dossiers.core.settings import Settings
from dossiers.procedures import repository as procedures
from dossiers.procedures.models import VersionStatus
from sla.calendars.book import DEFAULT_CALENDAR
from sla.letters.forms import all_forms
from workflows.calendars import repository as calendar_changes
from workflows.calendars.models import Stage
from workflows.duties.standing import sweep_now
from workflows.machine_room.asking import is_up
from workflows.machine_room.environment import auth_file, ui_url
from workflows.office import Reference

router = APIRouter(prefix="/admin")

_NOTICE_MONTH = 10
"""From this month on the calendar of the next year is wanted."""


@router.get("", name="admin")
def get_overview(request: Request, call: Administrator) -> Response:
    """How the office fares, and what asks for attention."""
    with call.reading() as connection:
        state = health(call.office, call.settings, connection, call.at)
        reference = call.office.reference(connection)
        sight = call.sight(connection)
        known = procedures.known_versions(connection)
        locked = [
            row
            for row in accounts.accounts(connection)
            if reaches(sight, reference.directory.official(row.official))
            and row.disabled_at is None
            and row.locked_until is not None
            and row.locked_until > call.at
        ]
        open_changes = [
            row for row in calendar_changes.changes(connection) if row.stage == Stage.PREVIEWED.value
        ]
    vacant = [
        agency
        for agency in reference.directory.agencies()
        if sight.sees((agency.code,))
        and not agency.closed
        and reference.directory.head_at(agency.code, call.at).official is None
    ]
    drafts = [
        code
        for code, versions in known.items()
        if any(version.status == VersionStatus.DRAFT.value for version in versions)
    ]
    return show(
        request,
        "admin/overview.html",
        call,
        health=state,
        vacant=vacant,
        drafts=drafts,
        locked=locked,
        open_changes=open_changes,
        notice_missing=_year_without_notice(reference, call.at.astimezone(VIETNAM).date()),
    )


@router.get("/health", name="admin_health")
def get_health_page(
    request: Request, call: Administrator, sample: Annotated[bool, Query()] = False
) -> Response:
    """The database, the monitor and how much there is; a sample is verified when asked."""
    with call.reading() as connection:
        state = health(call.office, call.settings, connection, call.at, sample=sample)
    return show(request, "admin/health.html", call, health=state, room=_machine_room(call.settings))


@router.post("/health/sweep", name="admin_sweep")
def post_sweep(call: TopAdministrator, _form: Posted) -> Response:
    """Let the monitor look now."""
    report = sweep_now(call.office, call.at)
    return go("/admin/health", note=Said("Đã rà soát {looked_at} hồ sơ.", looked_at=number(report.looked_at)))


@router.get("/settings", name="admin_settings")
def get_settings_page(request: Request, call: Administrator) -> Response:
    """Every setting and where it comes from."""
    return show(request, "admin/settings.html", call, settings=settings_shown(call.settings))


@router.get("/forms", name="admin_forms")
def get_forms_page(request: Request, call: Administrator) -> Response:
    """Every standard form, version by version."""
    today = call.at.astimezone(VIETNAM).date()
    kinds = [
        [FormVersionRead.of(form, today) for form in group]
        for _, group in groupby(all_forms(), lambda form: form.kind)
    ]
    return show(request, "admin/forms.html", call, kinds=kinds)


@dataclass(frozen=True, slots=True)
class _Room:
    """Where Prefect's pages are and whether they answer."""

    url: str
    up: bool
    password_file: str


def _machine_room(settings: Settings) -> _Room | None:
    """The machine room, if this office has one; asked in no transaction, and not for long."""
    if not settings.has_machine_room:
        return None
    up = is_up(settings.prefect_api_url, seconds=1.0)
    return _Room(ui_url(settings), up, str(auth_file(settings)) if settings.machine_room else "")


def _year_without_notice(reference: Reference, today: date) -> int | None:
    """The year whose days off are still a guess though it is near."""
    wanted = today.year + (today.month >= _NOTICE_MONTH)
    version = reference.calendars.current(DEFAULT_CALENDAR).version
    return wanted if version.official_until < date(wanted, 12, 31) else None
