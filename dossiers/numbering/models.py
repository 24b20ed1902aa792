"""The counter behind dossier codes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import Base


class CounterRow(Base):
    """The last number given for a series on a day. Incremented in the transaction that uses it."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]

    __table_args__ = (CheckConstraint("last > 0", name="last_positive"),)
