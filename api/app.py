"""The one composition root: an application over an office. Importing this starts nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI

from api import errors, openapi
from api.agencies.endpoints import router as agencies
from api.applicants.endpoints import router as applicants
from api.auth.endpoints import router as auth
from api.calendars.endpoints import router as calendars
from api.deadlines.endpoints import router as deadlines
from api.deps import Door
from api.dossiers.commands import command_routes
from api.dossiers.endpoints import router as dossiers
from api.front import Front
from api.health.endpoints import router as health
from api.oversight.endpoints import router as oversight
from api.procedures.endpoints import router as procedures
from api.public.endpoints import router as public
from dossiers.core.settings import Settings
from workflows.office import Office

PREFIX = "/api/v1"

THREADS = 6
"""Requests worked on at once. More threads only wait for one another: measured best from 4 to 8."""

NOUNS = (auth, dossiers, applicants, agencies, calendars, deadlines, procedures, oversight, public)


def create_app(office: Office, settings: Settings) -> FastAPI:
    """The JSON interface of an office. Pages are further routers on what this returns."""
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
    app.add_middleware(Front)
    openapi.install(app)
    return app


@asynccontextmanager
async def _few_threads(_app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield
