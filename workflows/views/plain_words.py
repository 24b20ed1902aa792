"""The working of a date in a few sentences, for people who never counted one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from dossiers.core.said import Said, joined
from sla.explanation import BREAK, OUTSIDE
from sla.limits import parse_limit
from sla.lines import LineKind, day_text, moment

_WEEKEND = ("Thứ Bảy", "Chủ nhật")
_HOURS = frozenset({BREAK, OUTSIDE})

Line = Mapping[str, Any]


def in_plain_words(lines: Sequence[Line]) -> list[str]:
    """What was asked, from when, what was not counted and when it ends, each in one sentence."""
    if not lines:
        return []
    start, said = lines[0], list[str]()
    limit = parse_limit(start["limit"]).label
    said.append(Said("Thời hạn giải quyết là {limit}, tính từ {at}.", limit=limit, at=_at(start["start"])))
    if any(line["kind"] == LineKind.FIRST_DAY for line in lines[:2]):
        said.append(Said("Ngày nhận hồ sơ không tính; ngày làm việc tiếp theo là ngày thứ nhất."))
    said += _skipped(lines)
    said += [_paused(line) for line in lines if line["kind"] == LineKind.PAUSE]
    said += [_restarted(line) for line in lines if line["kind"] == LineKind.RESTART]
    if lines[-1]["kind"] == LineKind.DUE:
        said.append(Said("Vì vậy hẹn trả kết quả chậm nhất lúc {at}.", at=_at(lines[-1]["end"])))
    return said


def _skipped(lines: Iterable[Line]) -> list[str]:
    skips = [line for line in lines if line["kind"] == LineKind.SKIP]
    reasons = {line.get("reason", ""): line.get("reason", "") for line in skips}
    said: list[str] = []
    weekend = [reasons[day] for day in _WEEKEND if day in reasons]
    if weekend:
        said.append(Said("Không tính {days}.", days=joined(Said(" và "), weekend)))
    if _HOURS & reasons.keys():
        said.append(Said("Chỉ tính trong giờ làm việc."))
    holidays = [line for line in skips if line.get("reason") and line["reason"] not in {*_WEEKEND, *_HOURS}]
    for reason, days in groupby(holidays, key=lambda line: line["reason"]):
        said.append(
            Said(
                "Không tính {days} ({reason}).",
                days=joined(", ", (_day(line["start"]) for line in days)),
                reason=reason,
            )
        )
    return said


def _paused(line: Line) -> str:
    because = Said(" ({reason})", reason=line["reason"]) if line.get("reason") else ""
    if line["start"] == line["end"]:
        return Said("Tạm dừng tính từ {at}{because}.", at=_at(line["start"]), because=because)
    return Said(
        "Thời gian từ {at} đến {at2} không tính{because}.",
        at=_at(line["start"]),
        at2=_at(line["end"]),
        because=because,
    )


def _restarted(line: Line) -> str:
    because = Said(" ({reason})", reason=line["reason"]) if line.get("reason") else ""
    return Said("Từ {at} thời hạn được tính lại từ đầu{because}.", at=_at(line["end"]), because=because)


def _at(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return day_text(datetime.fromisoformat(text))
