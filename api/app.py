"""The one composition root: an application over an office. Importing this starts nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI

from api import errors, openapi
from api.accounts.endpoints import router as accounts
from api.agencies.endpoints import router as agencies
from api.applicants.endpoints import router as applicants
from api.auth.endpoints import router as auth
from api.auth.tokens import router as tokens
from api.calendars.changes import router as calendar_changes
from api.calendars.endpoints import router as calendars
from api.deadlines.endpoints import router as deadlines
from api.deps import Door
from api.desk.endpoints import router as desk
from api.documents.endpoints import router as documents
from api.dossiers.commands import command_routes
from api.dossiers.endpoints import router as dossiers
from api.duties.endpoints import router as duties
from api.forms.endpoints import router as forms
from api.front import Front
from api.health.endpoints import router as health
from api.office.endpoints import router as own_office
from api.outbox.endpoints import router as outbox
from api.oversight.board import router as board
from api.oversight.endpoints import router as oversight
from api.oversight.sheets import router as sheets
from api.procedures.endpoints import router as procedures
from api.public.endpoints import router as public
from api.rooms.account.elsewhere import router as elsewhere
from api.rooms.account.endpoints import router as account
from api.rooms.account.own import router as own_account
from api.rooms.admin.endpoints import router as administration
from api.rooms.agency.endpoints import router as agency_desk
from api.rooms.desk.endpoints import router as desk_room
from api.rooms.oversight.endpoints import router as oversight_board
from api.rooms.oversight.figures import router as oversight_figures
from api.rooms.oversight.ledger import router as oversight_ledger
from api.rooms.public.endpoints import router as public_window
from api.rooms.voices.endpoints import router as citizens_voices
from api.voices.endpoints import router as voices
from api.webhooks.endpoints import router as webhooks
from dossiers.core.settings import Settings
from workflows.office import Office

PREFIX = "/api/v1"

THREADS = 6
"""Requests worked on at once. More threads only wait for one another: measured best from 4 to 8."""

NOUNS = (
    auth,
    dossiers,
    forms,
    applicants,
    agencies,
    calendars,
    deadlines,
    procedures,
    board,
    sheets,
    oversight,
    voices,
    accounts,
    tokens,
    calendar_changes,
    own_office,
    duties,
    documents,
    desk,
    outbox,
    webhooks,
    public,
)

ROOMS = (
    account,
    agency_desk,
    oversight_board,
    oversight_ledger,
    oversight_figures,
    public_window,
    citizens_voices,
    administration,
    desk_room,
    own_account,
    elsewhere,
)
"""The pages, room by room."""


def create_app(office: Office, settings: Settings) -> FastAPI:
    """The doors of an office: the JSON interface and the pages."""
    app = FastAPI(
        title="Một Cửa",
        version="1",
        lifespan=_few_threads,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.door = Door(office, settings)
    errors.install(app)
    app.include_router(health)
    v1 = APIRouter(prefix=PREFIX)
    v1.include_router(command_routes())
    for router in NOUNS:
        v1.include_router(router)
    app.include_router(v1)
    for room in ROOMS:
        app.include_router(room)
    app.add_middleware(Front)
    openapi.install(app)
    return app


@asynccontextmanager
async def _few_threads(_app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield
