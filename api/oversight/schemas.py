"""What the monitor reports over HTTP."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class SweepRead(BaseModel):
    """What a sweep did."""

    looked_at: int = Field(description="Số hồ sơ đã xem xét")
    events: dict[str, int] = Field(description="Số sự kiện đã ghi, theo loại")
    failed: list[str] = Field(description="Mã hồ sơ phải gác lại vì lỗi")


class SweepFailureRead(BaseModel):
    """A dossier the monitor could not handle."""

    dossier: str
    attempts: int
    error: str
    failed_at: datetime
    retry_at: datetime
