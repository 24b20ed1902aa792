"""What health answers over HTTP."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class HealthRead(BaseModel):
    """All is well; anything else is a problem."""

    status: Literal["ok"] = "ok"
