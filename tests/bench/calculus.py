"""Speed of due dates against numpy (whole days) and pandas (hours), measured in turns in the same run.

Run with ``python -m tests.bench.calculus``. Absolute figures depend on the machine; the ratios are what
counts. Each figure is the median of several rounds, and the rounds of all contestants are interleaved.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from sla.bulk import due_many
from sla.calendars.days import DayKind
from sla.calendars.loading import load_shipped
from sla.deadline import due
from sla.limits import Rule, parse_limit
from sla.working_time import Landing, WorkingCalendar, working_calendar

FEW, MANY, ROUNDS = 20_000, 1_000_000, 5
PANDAS_SAMPLE = 2_000
"""Pandas is so slow one at a time that a part of the starts gives its rate."""
SEED = 20_261_120
HOURS, DAYS = parse_limit("20 working_hour"), parse_limit("10 working_day")

Contest = dict[str, tuple[int, Callable[[], object]]]


def rates(contest: Contest) -> dict[str, float]:
    """Results per second of each contestant, the median of interleaved rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in contest}
    for _ in range(ROUNDS):
        for name, (_, run) in contest.items():
            begin = perf_counter()
            run()
            seconds[name].append(perf_counter() - begin)
    return {name: count / median(seconds[name]) for name, (count, _) in contest.items()}


def starts(count: int) -> list[datetime]:
    """Random minutes of 2024 to 2026."""
    first = datetime(2024, 1, 1, tzinfo=UTC)
    minutes = np.random.default_rng(SEED).integers(0, 3 * 365 * 1440, count)
    return [first + timedelta(minutes=int(minute)) for minute in minutes]


def holidays() -> list[date]:
    """The weekdays off of the Vietnamese calendar; the others cannot express its make-up Saturdays."""
    days = load_shipped("vn-office").days
    return [day.date for day in days if day.kind is DayKind.CLOSED and day.date.weekday() < 5]


def business_hours() -> pd.offsets.CustomBusinessHour:
    """Twenty working hours for pandas."""
    return pd.offsets.CustomBusinessHour(
        n=20, start=["07:30", "13:30"], end=["11:30", "17:30"], holidays=holidays()
    )


def one_at_a_time(calendar: WorkingCalendar) -> Contest:
    """Twenty thousand due dates, each from one datetime to another."""
    at = starts(FEW)
    local = [pd.Timestamp(calendar.to_local(one).replace(tzinfo=None)) for one in at[:PANDAS_SAMPLE]]
    days = [np.datetime64(calendar.to_local(one).date()) for one in at]
    offset = business_hours()
    busy = np.busdaycalendar(holidays=np.array(holidays(), dtype="datetime64[D]"))
    civil, hourly = Rule.CIVIL_CODE, Rule.HOUR_FOR_HOUR
    return {
        "pandas CustomBusinessHour, 20 h": (PANDAS_SAMPLE, lambda: [one + offset for one in local]),
        "numpy busday_offset, 10 days": (
            FEW,
            lambda: [np.busday_offset(one, 10, roll="backward", busdaycal=busy) for one in days],
        ),
        "due, 20 working hours": (FEW, lambda: [due(one, HOURS, civil, calendar) for one in at]),
        "due, 10 working days hour for hour": (
            FEW,
            lambda: [due(one, DAYS, hourly, calendar) for one in at],
        ),
        "due, 10 working days civil": (FEW, lambda: [due(one, DAYS, civil, calendar) for one in at]),
        "add, 1200 working minutes": (FEW, lambda: [calendar.add(one, minutes=1200) for one in at]),
        "due and its lines, 10 days civil": (
            PANDAS_SAMPLE,
            lambda: [due(one, DAYS, civil, calendar).lines for one in at[:PANDAS_SAMPLE]],
        ),
        "due and its lines, 20 working hours": (
            PANDAS_SAMPLE,
            lambda: [due(one, HOURS, civil, calendar).lines for one in at[:PANDAS_SAMPLE]],
        ),
    }


def in_bulk(calendar: WorkingCalendar) -> Contest:
    """A million due dates, from one array to another."""
    first = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) // 60
    minutes = first + np.random.default_rng(SEED).integers(0, 3 * 365 * 1440, MANY)
    days = ((minutes + calendar.version.utc_offset) // 1440).astype("datetime64[D]")
    busy = np.busdaycalendar(holidays=np.array(holidays(), dtype="datetime64[D]"))
    civil, hourly = Rule.CIVIL_CODE, Rule.HOUR_FOR_HOUR
    return {
        "numpy busday_offset, 10 days": (
            MANY,
            lambda: np.busday_offset(days, 10, roll="backward", busdaycal=busy),
        ),
        "due_many, 20 working hours": (MANY, lambda: due_many(minutes, HOURS, civil, calendar)),
        "due_many, 10 days hour for hour": (MANY, lambda: due_many(minutes, DAYS, hourly, calendar)),
        "due_many, 10 days civil": (MANY, lambda: due_many(minutes, DAYS, civil, calendar)),
    }


def agreement(calendar: WorkingCalendar) -> str:
    """How many of pandas' results ours equal, away from the make-up Saturdays it cannot express."""
    makeup = [day.date for day in calendar.version.days if day.kind is DayKind.MAKEUP]
    offset = business_hours()
    same = total = 0
    for at in starts(PANDAS_SAMPLE):
        local = calendar.to_local(at).replace(tzinfo=None)
        later = calendar.add(at, minutes=1200, landing=Landing.OPENING)
        ours = calendar.to_local(later).replace(tzinfo=None)
        if not any(local.date() <= day <= ours.date() for day in makeup):
            total += 1
            same += pd.Timestamp(local) + offset == ours
    return f"{same:,} of {total:,} results equal to pandas (spans with a make-up Saturday left out)"


def table(title: str, measured: dict[str, float], references: list[str]) -> str:
    """The rates, and each against every reference."""
    lines = [title]
    for name, rate in measured.items():
        against = "  ".join(f"{rate / measured[one]:8.2f} x {one.split(' ')[0]}" for one in references)
        lines.append(f"  {name:<38}{rate:>14,.0f}/s  {against}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    calendar = working_calendar(load_shipped("vn-office"))
    due_many(np.array([29_000_000]), HOURS, Rule.CIVIL_CODE, calendar)
    few = rates(one_at_a_time(calendar))
    many = rates(in_bulk(calendar))
    pandas, numpy = "pandas CustomBusinessHour, 20 h", "numpy busday_offset, 10 days"
    write = sys.stdout.write
    write(f"{agreement(calendar)}\n\n")
    write(table(f"One at a time, {FEW:,} random starts", few, [pandas, numpy]) + "\n\n")
    write(table(f"In bulk, {MANY:,} random starts", many, [numpy]) + "\n")


if __name__ == "__main__":
    main()
