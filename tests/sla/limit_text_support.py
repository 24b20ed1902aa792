"""How the tests of limit texts look at a reading."""

from __future__ import annotations

from sla.limit_texts.model import Kind, Reading, Verdict

UNDERSTOOD, AMBIGUOUS, CONTRADICTORY = Verdict.UNDERSTOOD, Verdict.AMBIGUOUS, Verdict.CONTRADICTORY


def limits(reading: Reading) -> list[tuple[str, Kind]]:
    return [(str(each.limit), each.kind) for each in reading.limits]


def may_be(reading: Reading) -> list[str]:
    return [str(each.limit) for each in reading.candidates]


def code(reading: Reading) -> str:
    return reading.reason.code if reading.reason else ""
