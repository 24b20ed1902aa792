"""Every example in docs/deadlines.md is what the program counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from sla.calendars.loading import load_shipped
from sla.deadline import due
from sla.limits import Rule, parse_limit
from sla.stages import Extension, OutsideHours, Pause, PauseEffect
from sla.working_time import working_calendar

PAGE = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
CALENDAR = working_calendar(load_shipped("vn-office"))
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")


def _rows(*columns: str) -> Iterator[list[str]]:
    """The rows of every table whose heading begins with these columns."""
    inside = False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[: len(columns)] == list(columns):
            inside = True
        elif inside and not cells[0].startswith("---"):
            yield cells


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def _limit(text: str) -> tuple[str, Rule]:
    rule = Rule.HOUR_FOR_HOUR if text.endswith(Rule.HOUR_FOR_HOUR) else Rule.CIVIL_CODE
    return text.removesuffix(Rule.HOUR_FOR_HOUR).strip(), rule


@pytest.mark.parametrize("row", [*_rows("Start", "Limit", "Due"), *_rows("Received", "Limit", "Due")])
def test_a_due_date_in_the_tables(row: list[str]) -> None:
    limit, rule = _limit(row[1])
    assert due(_at(row[0]), parse_limit(limit), rule, CALENDAR).due_at == _at(row[2])


@pytest.mark.parametrize("row", [*_rows("Arrives", "Limit")])
def test_an_arrival_outside_hours(row: list[str]) -> None:
    limit = parse_limit(row[1])
    for outside, expected in zip(OutsideHours, row[2:4], strict=True):
        found = due(_at(row[0]), limit, Rule.CIVIL_CODE, CALENDAR, outside_hours=outside)
        assert found.due_at == _at(expected)


@pytest.mark.parametrize("row", [*_rows("Stopped", "Resumed")])
def test_a_stop(row: list[str]) -> None:
    pause = Pause(_at(row[0]), _at(row[1]), PauseEffect(row[2]))
    limit = parse_limit("3 working_day")
    found = due(_at("2026-11-18 16:10"), limit, Rule.CIVIL_CODE, CALENDAR, pauses=[pause])
    assert found.due_at == _at(row[3])


@pytest.mark.parametrize("row", [*_rows("Start", "Limit", "Extension")])
def test_an_extension(row: list[str]) -> None:
    granted = [Extension(parse_limit(row[2]))]
    found = due(_at(row[0]), parse_limit(row[1]), Rule.CIVIL_CODE, CALENDAR, extensions=granted)
    assert found.due_at == _at(row[3])


@pytest.mark.parametrize("row", [*_rows("Day", "Answer")])
def test_an_answer_about_a_day(row: list[str]) -> None:
    day, month, year = (int(part) for part in row[0].split("/"))
    status = CALENDAR.day_status(date(year, month, day))
    assert row[1] == f"{'worked' if status.working else 'off'}: *{status.reason}*"


def test_the_lines_at_the_end_of_the_page() -> None:
    lines = due(_at("2026-12-31 16:10"), parse_limit("3 working_day"), Rule.CIVIL_CODE, CALENDAR).lines
    quoted = [line[2:] for line in PAGE.splitlines() if line.startswith("> ")]
    assert quoted == [line.text for line in lines]


def test_no_table_of_dates_is_left_unread() -> None:
    tables = {line for line in PAGE.splitlines() if line.startswith("| ") and _MOMENT.search(line)}
    heads = [("Start", "Limit"), ("Received", "Limit"), ("Arrives", "Limit"), ("Stopped", "Resumed")]
    read = sum(len([*_rows(*head)]) for head in heads)
    assert read == len(tables)
