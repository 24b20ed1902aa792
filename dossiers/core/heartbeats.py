"""When a standing job last did its work, so that one that stopped is noticed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant

SWEEP = "sweep"
"""The monitor of deadlines."""


class HeartbeatRow(Base):
    """The last time a job did its work, and what it met."""

    __tablename__ = "heartbeats"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    looked_at: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)


def beat(connection: Connection, job: str, at: datetime, *, looked_at: int, failed: int) -> None:
    """Note that a job did its work."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"at": at, "looked_at": looked_at, "failed": failed}
    connection.execute(
        insert(HeartbeatRow)
        .values(job=job, **values)
        .on_conflict_do_update(index_elements=["job"], set_=values)
    )


def last_beat(connection: Connection, job: str) -> Any | None:
    """When a job last did its work; None before the first time."""
    return connection.execute(select(HeartbeatRow.__table__).where(HeartbeatRow.job == job)).one_or_none()
