"""How often a duty falls due: a grid of Vietnamese local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.duties.pace import VIETNAM, Daily, Every, Pace


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("pace", "at", "latest", "following"),
    [
        (Every(seconds=60), "2026-11-20T08:30:59", "2026-11-20T08:30", "2026-11-20T08:31"),
        (Every(15), "2026-11-20T08:30", "2026-11-20T08:30", "2026-11-20T08:45"),
        (Every(60), "2026-11-20T00:10", "2026-11-20T00:00", "2026-11-20T01:00"),
        (Every(seconds=45), "2026-11-20T00:01", "2026-11-20T00:00:45", "2026-11-20T00:01:30"),
        (Every(7 * 60), "2026-11-20T23:00", "2026-11-20T21:00", "2026-11-21T00:00"),
        (Every(24 * 60), "2026-11-20T23:00", "2026-11-20T00:00", "2026-11-21T00:00"),
        (Daily(0, 10), "2026-11-20T00:09", "2026-11-19T00:10", "2026-11-20T00:10"),
        (Daily(0, 10), "2026-11-20T00:10", "2026-11-20T00:10", "2026-11-21T00:10"),
        (Daily(17, 30), "2026-12-31T23:00", "2026-12-31T17:30", "2027-01-01T17:30"),
    ],
)
def test_slots_lie_on_a_grid_of_local_time(pace: Pace, at: str, latest: str, following: str) -> None:
    assert pace.latest(local(at)) == local(latest)
    assert pace.next(local(at)) == local(following)


@pytest.mark.parametrize(
    ("pace", "cron"),
    [
        (Every(seconds=30), "* * * * *"),
        (Every(1), "* * * * *"),
        (Every(seconds=90), "* * * * *"),
        (Every(5), "*/5 * * * *"),
        (Every(7), "*/6 * * * *"),
        (Every(60), "0 * * * *"),
        (Every(5 * 60), "0 */4 * * *"),
        (Every(24 * 60), "0 0 * * *"),
        (Daily(0, 10), "10 0 * * *"),
    ],
)
def test_a_cron_line_comes_round_at_least_as_often(pace: Pace, cron: str) -> None:
    assert pace.cron == cron


@pytest.mark.parametrize("seconds", [0, -60, 86_401])
def test_a_pace_of_nothing_or_of_more_than_a_day_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="pace"):
        Every(seconds=seconds)


PACES = st.one_of(
    st.builds(Every, seconds=st.integers(1, 86_400)),
    st.builds(Daily, st.integers(0, 23), st.integers(0, 59)),
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(PACES, INSTANTS)
def test_slots_follow_one_another_without_a_gap(pace: Pace, at: datetime) -> None:
    latest, following = pace.latest(at), pace.next(at)
    assert latest <= at < following
    assert pace.latest(latest) == latest
    assert pace.latest(following - timedelta(microseconds=1)) == latest
    assert pace.next(latest) == following
    assert pace.number(following) == pace.number(latest) + 1 == pace.number(at) + 1
