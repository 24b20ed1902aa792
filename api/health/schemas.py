"""What health answers over HTTP."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class HealthRead(BaseModel):
    """All is well; anything else is a problem."""

    status: Literal["ok"] = "ok"


class ReadinessRead(HealthRead):
    """May take requests. A duty that stopped keeps nobody from working: it is told, not refused."""

    duties_stopped: list[str] = Field(description="Việc định kỳ đã quá lâu không làm xong lượt nào")
