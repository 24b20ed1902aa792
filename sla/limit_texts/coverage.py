"""How much of a catalogue is understood: readings counted by verdict, by unit group and by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sla.limit_texts.catalogue import read_catalogue_row
from sla.limit_texts.model import Reading, Verdict

COLUMNS = ("deadline_value", "deadline_unit", "raw_unit", "stage_description")
"""The columns of a row a reading depends on, in the order ``read_catalogue_row`` takes them."""
PLAIN_GROUPS = ("working_day", "calendar_day", "hour", "month", "year", "other")


def coverage(rows: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Rows and distinct texts per verdict, per unit group (odd units count as “text”) and per reason.

    Rows are mappings with the columns of ``COLUMNS``; equal rows are read once.
    """
    counted = Counter(tuple(row[column] for column in COLUMNS) for row in rows)
    rows_of: Counter[str] = Counter()
    distinct_of: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    groups: dict[str, Counter[str]] = {}
    for (value, unit, raw_unit, text), times in sorted(counted.items()):
        reading = read_catalogue_row(value, unit, raw_unit, text)
        rows_of[reading.verdict] += times
        distinct_of[reading.verdict] += 1
        reasons[_reason(reading)] += times
        groups.setdefault(unit if unit in PLAIN_GROUPS else "text", Counter())[reading.verdict] += times
    return {
        "rows": counted.total(),
        "distinct": len(counted),
        "by_verdict": {
            verdict.value: {"rows": rows_of[verdict], "distinct": distinct_of[verdict]} for verdict in Verdict
        },
        "by_unit": {
            group: {verdict.value: found[verdict] for verdict in Verdict}
            for group, found in sorted(groups.items())
        },
        "by_reason": {code: count for code, count in reasons.most_common() if code},
    }


def _reason(reading: Reading) -> str:
    return f"{reading.verdict}: {reading.reason.code}" if reading.reason else ""
