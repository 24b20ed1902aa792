"""Duties over HTTP."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from workflows.duties.doing import Ended
from workflows.duties.reading import DutyRead, DutyRunRead


class DutyWhole(DutyRead):
    """A duty with its latest runs."""

    runs: list[DutyRunRead] = Field(description="Các lượt gần nhất, mới nhất trước")


class DutyAsked(BaseModel):
    """What came of asking for a duty to be done."""

    duty: str
    slot: datetime = Field(description="Lượt đã làm")
    ended: Ended = Field(description="done: đã làm; already: lượt này đã làm từ trước; failed: hỏng")
    looked_at: int
    done: int
    failed: int
    error: str = Field(description="Vì sao hỏng; trống khi không hỏng")


class TriedAgain(BaseModel):
    """What came of trying a dossier again that had been put aside."""

    dossier: str
    ok: bool = Field(description="Xử lý được; không còn bị gác lại")
    error: str = Field(description="Vẫn hỏng vì sao; trống khi được")
