"""Who the caller is, over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, Field

from workflows.views.models import Named


class MeRead(BaseModel):
    """The official behind a token."""

    official: Named
    agency: Named
    roles: list[Named]
    scopes: list[Named] = Field(description="Mã truy cập này dùng được vào việc gì")
