"""Who the caller is, over HTTP."""

from __future__ import annotations

from pydantic import BaseModel

from workflows.views.models import Named


class MeRead(BaseModel):
    """The official behind a token."""

    official: Named
    agency: Named
    roles: list[Named]
