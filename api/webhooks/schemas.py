"""How webhooks are asked for and shown over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.deps import AgencyCode
from dossiers.agencies.directory import Directory
from workflows.deliveries.subscribing import CHOICES, MOST_URL
from workflows.views.models import Named

Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_URL)]
KindChoice = Annotated[str, StringConstraints(max_length=40)]
Kinds = Annotated[
    list[KindChoice],
    Field(
        max_length=len(CHOICES),
        description="Loại sự kiện, hoặc cả nhóm như handoff:*; trống: mọi loại",
        examples=[["dossier:accepted", "handoff:*"]],
    ),
]


class WebhookCreate(BaseModel):
    """Another system to be told of events."""

    model_config = ConfigDict(extra="forbid")

    url: Url = Field(description="Địa chỉ nhận, https")
    agency: AgencyCode | None = Field(
        default=None, description="Hồ sơ của cơ quan nào, gồm cả các đơn vị bên dưới; mặc định: cơ quan bạn"
    )
    kinds: Kinds = []


class WebhookUpdate(BaseModel):
    """What is changed; what is not named stays as it was."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = Field(default=None, description="Địa chỉ nhận mới, https")
    kinds: Kinds | None = None
    active: bool | None = Field(default=None, description="Còn gửi hay thôi")


class WebhookRead(BaseModel):
    """A subscription, without its secret."""

    id: UUID
    agency: Named
    url: str
    kinds: list[str] = Field(description="Trống: mọi loại")
    active: bool
    created_at: datetime
    created_by: Named
    changed_at: datetime
    changed_by: Named

    @classmethod
    def of(cls, row: Any, directory: Directory) -> WebhookRead:
        """A row, shown."""
        official = directory.official_name
        return cls(
            id=row.id,
            agency=Named(code=row.agency, name=directory.name(row.agency)),
            url=row.url,
            kinds=row.kinds.split(),
            active=row.active,
            created_at=row.created_at,
            created_by=Named(code=row.created_by, name=official(row.created_by)),
            changed_at=row.changed_at,
            changed_by=Named(code=row.changed_by, name=official(row.changed_by)),
        )


class WebhookGiven(BaseModel):
    """The secret of a subscription."""

    id: UUID
    secret: str = Field(description="Khoá kiểm chữ ký (whsec_…); chỉ trả về lần này")
