"""The working of a date in a few sentences, for people who never counted one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sla.explanation import BREAK, OUTSIDE
from sla.limits import parse_limit
from sla.lines import LineKind, day_text, moment

_WEEKEND = frozenset({"Thứ Bảy", "Chủ nhật"})
_HOURS = frozenset({BREAK, OUTSIDE})

Line = Mapping[str, Any]


def in_plain_words(lines: Sequence[Line]) -> list[str]:
    """What was asked, from when, what was not counted and when it ends, each in one sentence."""
    if not lines:
        return []
    start, said = lines[0], []
    limit = parse_limit(start["limit"]).label
    said.append(f"Thời hạn giải quyết là {limit}, tính từ {_at(start['start'])}.")
    if any(line["kind"] == LineKind.FIRST_DAY for line in lines[:2]):
        said.append("Ngày nhận hồ sơ không tính; ngày làm việc tiếp theo là ngày thứ nhất.")
    said += _skipped(lines)
    said += [_paused(line) for line in lines if line["kind"] == LineKind.PAUSE]
    said += [_restarted(line) for line in lines if line["kind"] == LineKind.RESTART]
    if lines[-1]["kind"] == LineKind.DUE:
        said.append(f"Vì vậy hẹn trả kết quả chậm nhất lúc {_at(lines[-1]['end'])}.")
    return said


def _skipped(lines: Iterable[Line]) -> list[str]:
    skips = [line for line in lines if line["kind"] == LineKind.SKIP]
    reasons = {str(line.get("reason", "")) for line in skips}
    said = []
    if reasons & _WEEKEND:
        said.append(f"Không tính {' và '.join(sorted(reasons & _WEEKEND, reverse=True))}.")
    if reasons & _HOURS:
        said.append("Chỉ tính trong giờ làm việc.")
    holidays = [line for line in skips if line.get("reason") and line["reason"] not in _WEEKEND | _HOURS]
    for reason, days in groupby(holidays, key=lambda line: str(line["reason"])):
        said.append(f"Không tính {', '.join(_day(line['start']) for line in days)} ({reason}).")
    return said


def _paused(line: Line) -> str:
    because = f" ({line['reason']})" if line.get("reason") else ""
    if line["start"] == line["end"]:
        return f"Tạm dừng tính từ {_at(line['start'])}{because}."
    return f"Thời gian từ {_at(line['start'])} đến {_at(line['end'])} không tính{because}."


def _restarted(line: Line) -> str:
    because = f" ({line['reason']})" if line.get("reason") else ""
    return f"Từ {_at(line['end'])} thời hạn được tính lại từ đầu{because}."


def _at(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return day_text(datetime.fromisoformat(text))
