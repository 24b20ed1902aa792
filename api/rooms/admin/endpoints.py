"""All pages of the administrators' room."""

from __future__ import annotations

from fastapi import APIRouter

from api.rooms.admin.accounts import router as accounts
from api.rooms.admin.agencies import router as agencies
from api.rooms.admin.calendar_changes import router as calendar_changes
from api.rooms.admin.calendars import router as calendars
from api.rooms.admin.closing import router as closing
from api.rooms.admin.delegations import router as delegations
from api.rooms.admin.duties import router as duties
from api.rooms.admin.office import router as office
from api.rooms.admin.outbox import router as outbox
from api.rooms.admin.procedures import router as procedures
from api.rooms.admin.tokens import router as tokens
from api.rooms.admin.users import router as users
from api.rooms.admin.webhooks import router as webhooks
from api.rooms.admin.writing import router as writing

router = APIRouter(include_in_schema=False)
for _part in (
    office, duties, calendar_changes, calendars, writing, procedures, closing, agencies, users, accounts,
    tokens, delegations, outbox, webhooks,
):  # fmt: skip
    router.include_router(_part)
