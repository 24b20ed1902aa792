"""Reading a log: cases with their promise, events with who did what where. Nothing is dropped silently."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dossiers.core.errors import BadInput

CASE_COLUMNS = ("case_id", "startdate", "enddate_planned", "enddate")
EVENT_COLUMNS = ("case_id", "activity", "timestamp", "resource", "org_group")


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the log that cannot be right, and what was done about it."""

    case: str
    fault: str
    detail: str


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Somebody of a group did something at an instant."""

    at: datetime
    activity: str
    resource: str
    group: str


@dataclass(slots=True)
class LogCase:
    """A case: when it began, what was promised, when it ended (None: still open)."""

    id: str
    started_at: datetime
    promised_at: datetime | None
    ended_at: datetime | None
    channel: str
    events: list[LogEvent] = field(default_factory=list)

    @property
    def begins_at(self) -> datetime:
        """When the case is registered: at its start, or at its first event when that came before."""
        return min(self.started_at, self.events[0].at) if self.events else self.started_at

    @property
    def is_promised_too_early(self) -> bool:
        """Whether the promise had passed before the case began."""
        return self.promised_at is not None and self.promised_at <= self.begins_at


@dataclass(slots=True)
class Log:
    """Cases in the order of the file, the rows that were odd, and the last instant the log knows."""

    cases: list[LogCase]
    oddities: list[Oddity]
    last_event_at: datetime

    @property
    def groups(self) -> list[str]:
        """The groups that did anything, the busiest first."""
        counted = Counter(event.group for case in self.cases for event in case.events)
        return [group for group, _ in counted.most_common()]


def read_log(cases_path: Path, events_path: Path) -> Log:
    """Read both files. Raises ``BadInput`` when a file is missing, unreadable or lacks a column."""
    oddities: list[Oddity] = []
    cases: dict[str, LogCase] = {}
    for row in _rows(cases_path, CASE_COLUMNS):
        case = _case(row, oddities)
        if case is None:
            continue
        if case.id in cases:
            oddities.append(Oddity(case.id, "duplicate_case", "giữ dòng đầu tiên"))
            continue
        cases[case.id] = case
    for row in _rows(events_path, EVENT_COLUMNS):
        _add_event(row, cases, oddities)
    for case in cases.values():
        case.events.sort(key=lambda event: event.at)
        oddities.extend(_odd_times(case))
    instants = [event.at for case in cases.values() for event in case.events]
    if not instants:
        raise BadInput("Nhật ký không có sự kiện nào đọc được.", code="log_empty", where=str(events_path))
    return Log(list(cases.values()), oddities, max(instants))


def _rows(path: Path, needed: Iterable[str]) -> Iterable[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(
                    f"Tệp {path.name} thiếu cột: {', '.join(missing)}.",
                    code="log_column_missing",
                    where=str(path),
                    hint=f"Cần các cột: {', '.join(needed)}.",
                )
            yield from reader
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(
            f"Không đọc được tệp {path}: {error}.", code="file_unreadable", where=str(path)
        ) from error


def _case(row: Mapping[str, str], oddities: list[Oddity]) -> LogCase | None:
    case_id = (row["case_id"] or "").strip()
    started_at = _instant(row["startdate"])
    if not case_id or started_at is None:
        oddities.append(
            Oddity(case_id or "?", "case_unreadable", f"thiếu mã hoặc ngày bắt đầu: {row['startdate']!r}")
        )
        return None
    promised_at, ended_at = _instant(row["enddate_planned"]), _instant(row["enddate"])
    if promised_at is None:
        oddities.append(Oddity(case_id, "no_promise", "không có ngày dự kiến kết thúc"))
    if row["enddate"] and ended_at is None:
        oddities.append(
            Oddity(case_id, "end_unreadable", f"ngày kết thúc {row['enddate']!r}; coi như còn mở")
        )
    return LogCase(case_id, started_at, promised_at, ended_at, row.get("channel") or "")


def _add_event(row: Mapping[str, str], cases: dict[str, LogCase], oddities: list[Oddity]) -> None:
    case = cases.get((row["case_id"] or "").strip())
    at = _instant(row["timestamp"])
    if case is None or at is None:
        fault = "event_without_case" if case is None else "event_unreadable"
        oddities.append(Oddity(row["case_id"] or "?", fault, f"{row['activity']!r} lúc {row['timestamp']!r}"))
        return
    group = (row["org_group"] or "").strip() or "EMPTY"
    case.events.append(LogEvent(at, row["activity"] or "", row["resource"] or "", group))


def _odd_times(case: LogCase) -> Iterable[Oddity]:
    if not case.events:
        yield Oddity(case.id, "no_events", "chỉ có ngày bắt đầu và kết thúc")
    elif case.events[0].at < case.started_at:
        yield Oddity(
            case.id,
            "event_before_start",
            f"sự kiện đầu {case.events[0].at.isoformat()} trước ngày bắt đầu {case.started_at.isoformat()}; "
            "đăng ký từ lúc có sự kiện đầu",
        )
    if case.promised_at is not None and case.is_promised_too_early:
        yield Oddity(
            case.id,
            "promise_before_start",
            f"hẹn {case.promised_at.isoformat()} không sau lúc bắt đầu; coi như không có ngày hẹn",
        )
    if case.ended_at is not None and case.ended_at < case.started_at:
        yield Oddity(
            case.id,
            "end_before_start",
            f"kết thúc {case.ended_at.isoformat()} trước ngày bắt đầu {case.started_at.isoformat()}; "
            "kết thúc ngay khi đăng ký",
        )


def _instant(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
