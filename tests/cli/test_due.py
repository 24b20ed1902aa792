"""``motcua due``: the names scripts rely on."""

from __future__ import annotations

from datetime import datetime

import pytest

from sla.lines import Line
from sla.recompute import recompute
from tests.cli.conftest import Terminal


@pytest.mark.parametrize(
    ("start", "limit", "rule", "due_at"),
    [
        ("2026-12-31T16:10", "3 working_day", "civil-code", "2027-01-06T17:30:00+07:00"),
        ("2026-12-31T16:10", "3 working_day", "hour-for-hour", "2027-01-06T16:10:00+07:00"),
        ("2026-02-13T09:00", "3 working_day", "civil-code", "2026-02-25T17:30:00+07:00"),
        ("2027-02-03T09:00", "3 working_day", "civil-code", "2027-02-15T17:30:00+07:00"),
        ("2026-11-23T10:00", "1 working_day", "civil-code", "2026-11-25T17:30:00+07:00"),
        ("2026-11-20T15:00", "same_day 15:00", "civil-code", "2026-11-20T17:30:00+07:00"),
        ("2026-11-20T15:01", "same_day 15:00", "civil-code", "2026-11-23T17:30:00+07:00"),
        ("2026-01-09T16:00", "1 working_day", "civil-code", "2026-01-10T17:30:00+07:00"),
    ],
)
def test_a_due_date_is_printed_with_its_working(
    motcua: Terminal, start: str, limit: str, rule: str, due_at: str
) -> None:
    said = motcua("due", "--from", start, "--limit", limit, "--rule", rule, "--json")
    assert said.code == 0
    assert set(said.json) == {"due_at", "lines", "calendar_version", "provisional"}
    assert said.json["due_at"] == due_at
    assert said.json["calendar_version"] == "vn-office@2026.1"
    recomputed = recompute([Line.from_dict(line) for line in said.json["lines"]])
    assert recomputed == datetime.fromisoformat(due_at)


def test_after_the_horizon_a_date_is_provisional(motcua: Terminal) -> None:
    said = motcua("due", "--from", "2027-12-31T10:00", "--limit", "3 working_day", "--json")
    assert said.json["provisional"] is True


def test_a_limit_that_cannot_be_read_says_how_to_write_it(motcua: Terminal) -> None:
    said = motcua("due", "--from", "2026-12-31T16:10", "--limit", "ba ngày", "--json")
    assert said.code == 2
    assert said.json["error"]["code"] == "limit_unreadable"
    assert "3 working_day" in said.err


def test_a_person_reads_sentences(motcua: Terminal) -> None:
    said = motcua("due", "--from", "2026-12-31T16:10", "--limit", "3 working_day")
    assert "Ngày 01/01/2027 không tính: Tết Dương lịch" in said.out
    assert "Hạn trả: 17:30 ngày 06/01/2027" in said.out
