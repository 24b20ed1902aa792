"""How the duties of an office fare: when each ran, what it met, when it is next, whether its heart beats."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from workflows.duties import repository
from workflows.duties.doing import missed_slots
from workflows.duties.models import Duty, Outcome
from workflows.duties.pace import Daily, Every

SHOWN = 50
"""How many runs of one duty are shown."""


class FoundRead(BaseModel):
    """One thing a run found: what, and how many or which."""

    what: str
    value: int | str


class DutyRunRead(BaseModel):
    """A run of a duty."""

    slot: datetime = Field(description="Đến hạn lúc")
    begun_at: datetime
    ended_at: datetime | None = Field(description="Không có: đang làm dở")
    took_ms: int | None = Field(description="Mất bao nhiêu mili giây")
    outcome: Outcome
    attempts: int = Field(description="Số lần bắt đầu")
    made_up: int = Field(description="Số lượt trước đó đã lỡ, được làm bù bằng lượt này")
    looked_at: int = Field(description="Số việc đã xem")
    done: int
    failed: int = Field(description="Số việc phải gác lại")
    found: list[FoundRead]
    error: str


class DutyRead(BaseModel):
    """A standing duty and how it fares."""

    name: str
    title: str
    every_seconds: int | None = Field(description="Nhịp; không có khi là việc hằng ngày")
    daily_at: str | None = Field(description="Giờ Việt Nam hằng ngày; không có khi theo nhịp")
    next_at: datetime = Field(description="Lượt tới")
    last: DutyRunRead | None = Field(description="Lượt gần nhất, xong hay không; không có khi chưa lần nào")
    last_done_at: datetime | None = Field(description="Lần gần nhất làm xong")
    missed: int = Field(description="Số lượt đã lỡ từ lần gần nhất làm xong")
    stopped: bool = Field(description="Đã quá lâu không làm xong lượt nào")


def duties_read(connection: Connection, duties: Iterable[Duty], at: datetime) -> list[DutyRead]:
    """How each duty fares, in the order of the registry."""
    known = list(duties)
    names = [duty.name for duty in known]
    last = repository.newest(connection, names, at)
    done = repository.newest(connection, names, at, done=True)
    return [_read(duty, last.get(duty.name), done.get(duty.name), at) for duty in known]


def _read(duty: Duty, last: Any | None, done: Any | None, at: datetime) -> DutyRead:
    pace = duty.pace
    return DutyRead(
        name=duty.name,
        title=duty.title,
        every_seconds=pace.length if isinstance(pace, Every) else None,
        daily_at=f"{pace.hour:02d}:{pace.minute:02d}" if isinstance(pace, Daily) else None,
        next_at=pace.next(at),
        last=run_read(last) if last is not None else None,
        last_done_at=done.ended_at if done is not None else None,
        missed=missed_slots(duty, done.slot, pace.latest(at)) if done is not None else 0,
        stopped=done is None or at - done.ended_at > pace.patience,
    )


def runs_read(connection: Connection, duty: Duty, size: int = SHOWN) -> list[DutyRunRead]:
    """The runs of a duty, the newest first."""
    return [run_read(row) for row in repository.runs(connection, duty.name, size)]


def run_read(row: Any) -> DutyRunRead:
    """A run as data."""
    return DutyRunRead(
        slot=row.slot,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        took_ms=row.took_ms,
        outcome=Outcome(row.outcome),
        attempts=row.attempts,
        made_up=row.made_up,
        looked_at=row.looked_at,
        done=row.done,
        failed=row.failed,
        found=_found(json.loads(row.found)),
        error=row.error,
    )


def _found(found: dict[str, Any]) -> list[FoundRead]:
    """What was found, level by level; lists by how long they are."""
    read = []
    for name, value in found.items():
        if isinstance(value, dict):
            read += _found(value)
        elif isinstance(value, list):
            if value:
                read.append(FoundRead(what=name, value=len(value)))
        elif value:
            read.append(FoundRead(what=name, value=value if isinstance(value, int) else str(value)))
    return read
