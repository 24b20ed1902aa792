"""The table of duties done, and what a duty is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base, Instant
from workflows.duties.pace import Pace
from workflows.office import Office


class CatchUp(StrEnum):
    """What becomes of slots that nobody was awake for."""

    LATEST = "latest"
    """One run makes up for all of them."""
    EACH = "each"
    """Each is done, the oldest first."""


class Outcome(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Done:
    """What a duty did. ``found`` is for people: plain names, numbers and short texts, never personal data."""

    looked_at: int = 0
    done: int = 0
    failed: int = 0
    found: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something machines do at their hour. ``run(office, slot, at)`` may be called twice for one slot (after
    a crash, past a lease): the second time it finds nothing left to do."""

    name: str
    title: str
    pace: Pace
    run: Callable[[Office, datetime, datetime], Done]
    catch_up: CatchUp = CatchUp.LATEST


class DutyRunRow(Base):
    """A slot of a duty: who is at it until when, and how it ended. The key keeps a slot from two runs."""

    __tablename__ = "duty_runs"

    duty: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[datetime] = mapped_column(Instant, primary_key=True, comment="When it was due")
    outcome: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(Integer, comment="How often it was begun")
    made_up: Mapped[int] = mapped_column(Integer, comment="Earlier slots that this run makes up for")
    token: Mapped[str] = mapped_column(String(32), comment="Of the process that has it")
    begun_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime] = mapped_column(Instant, comment="Till then nobody else begins it")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    took_ms: Mapped[int | None] = mapped_column(Integer)
    looked_at: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    found: Mapped[str] = mapped_column(Text, comment="Canonical JSON, for people")
    error: Mapped[str] = mapped_column(
        Text, comment="Kind and words of the failure; empty when there is none"
    )

    __table_args__ = (CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name="ended_when_over"),)
