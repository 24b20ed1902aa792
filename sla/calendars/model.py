"""A version of a working calendar: weekly hours, day length, exceptional days, and how far it can be trusted.

A version never changes once used: a correction is a new version with a new name, so a deadline computed
last year can be computed again. ``as_dict`` is canonical, so ``fingerprint`` is the same on every machine.

The local time of a calendar is a fixed offset from UTC (Vietnam: +07:00, always). Zones with summer time
are refused: on their two change days a local minute happens twice or never, so "the minute on the slip"
and the number of minutes in a day would no longer be facts, and a change of zone rules would silently move
deadlines already promised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from dossiers.core.canonical import canonical_json, sha256_hex
from dossiers.core.errors import BadInput
from dossiers.core.said import Said, joined
from sla.calendars.days import (
    DAY_MINUTES,
    WEEKDAY_NAMES,
    WEEKDAYS,
    Confidence,
    DayKind,
    DayStatus,
    ExceptionalDay,
    Interval,
    check_order,
    overlap,
    parse_interval,
)

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """One version of one calendar.

    ``weekly`` holds the hours of Monday to Sunday. ``day_minutes`` is the length of "one working day" when
    days are turned into minutes; it is stated, never derived from the hours (07:30-11:30 and 13:30-17:00
    make seven and a half hours and may still be called a day of eight). ``utc_offset`` is in minutes.
    Days after ``official_until`` are a guess by rule until the yearly notice is published.

    Raises ``BadInput`` with a ``calendar_...`` code for anything that cannot be a calendar.
    """

    name: str
    version: str
    title: str
    utc_offset: int
    day_minutes: int
    weekly: tuple[tuple[Interval, ...], ...]
    days: tuple[ExceptionalDay, ...]
    covers_from: date
    covers_until: date
    official_until: date
    hours_source: str = ""
    hours_confidence: Confidence = Confidence.TO_VERIFY
    fingerprint: str = field(init=False, repr=False, compare=False)
    _exceptions: dict[date, ExceptionalDay] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", tuple(sorted(self.days, key=lambda day: day.date)))
        object.__setattr__(self, "_exceptions", {day.date: day for day in self.days})
        _check(self)
        object.__setattr__(self, "fingerprint", sha256_hex(canonical_json(self.as_dict())))

    def __hash__(self) -> int:
        return hash((self.id, self.fingerprint))

    @property
    def id(self) -> str:
        """``vn-office@2026.1``: what a deadline keeps to say which calendar it was counted on."""
        return f"{self.name}@{self.version}"

    def exception(self, day: date) -> ExceptionalDay | None:
        """The exceptional day on this date, if the calendar lists one."""
        return self._exceptions.get(day)

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """The hours that open on this date. Raises ``BadInput`` (``calendar_out_of_range``)."""
        self.require_covered(day)
        return self._hours(day)

    def _hours(self, day: date) -> tuple[Interval, ...]:
        exception = self._exceptions.get(day)
        if exception is None:
            return self.weekly[day.weekday()]
        if exception.replaces is not None:
            return self.weekly[exception.replaces.weekday()]
        return exception.hours

    def covers(self, day: date) -> bool:
        """Whether the calendar says anything about this date."""
        return self.covers_from <= day <= self.covers_until

    def require_covered(self, day: date) -> None:
        """Raise ``BadInput`` (``calendar_out_of_range``) for a date the calendar says nothing about."""
        if not self.covers(day):
            raise out_of_range(self, Said("Ngày {day:%d/%m/%Y}", day=day))

    def day_status(self, day: date) -> DayStatus:
        """Whether the day is worked, why, who says so and how sure it is."""
        hours = self.hours_on(day)
        exception = self._exceptions.get(day)
        provisional = day > self.official_until
        if exception is not None:
            return DayStatus(
                day, bool(hours), exception.kind, exception.name,
                exception.source, exception.confidence, provisional, hours,
            )  # fmt: skip
        kind = DayKind.NORMAL if hours else DayKind.WEEKLY_REST
        reason = Said("Ngày làm việc") if hours else WEEKDAY_NAMES[day.weekday()]
        return DayStatus(
            day, bool(hours), kind, reason, self.hours_source, self.hours_confidence, provisional, hours
        )

    def as_dict(self) -> dict[str, Any]:
        """The version as plain data for YAML, JSON or a database; ``from_dict`` reads it back."""
        return {
            "name": self.name,
            "version": self.version,
            "title": self.title,
            "utc_offset": offset_text(self.utc_offset),
            "day_minutes": self.day_minutes,
            "weekly": {
                day: [str(one) for one in hours] for day, hours in zip(WEEKDAYS, self.weekly, strict=True)
            },
            "hours_source": self.hours_source,
            "hours_confidence": self.hours_confidence.value,
            "covers_from": self.covers_from.isoformat(),
            "covers_until": self.covers_until.isoformat(),
            "official_until": self.official_until.isoformat(),
            "days": [day_as_dict(day) for day in self.days],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CalendarVersion:
        """Read what ``as_dict`` wrote. Raises ``BadInput`` for a wrong, missing or unknown field."""
        check_fields(data, _REQUIRED, _REQUIRED | {"hours_source", "hours_confidence"})
        weekly = read_weekly(data["weekly"])
        return cls(
            name=str(data["name"]),
            version=str(data["version"]),
            title=str(data["title"]),
            utc_offset=read_offset(data["utc_offset"]),
            day_minutes=read_day_minutes(data["day_minutes"]),
            weekly=tuple(weekly.get(day, ()) for day in WEEKDAYS),
            days=tuple(day_from_dict(day) for day in data["days"] or ()),
            covers_from=read_date(data["covers_from"]),
            covers_until=read_date(data["covers_until"]),
            official_until=read_date(data["official_until"]),
            hours_source=str(data.get("hours_source", "")),
            hours_confidence=_read_confidence(data.get("hours_confidence", Confidence.TO_VERIFY)),
        )


_REQUIRED = frozenset(
    {"name", "version", "title", "utc_offset", "day_minutes", "weekly", "days"}
    | {"covers_from", "covers_until", "official_until"}
)
DAY_REQUIRED = frozenset({"date", "kind"})
DAY_FIELDS = DAY_REQUIRED | {"name", "source", "confidence", "replaces", "hours"}


def out_of_range(version: CalendarVersion, what: str) -> BadInput:
    """The error of an instant or date the calendar says nothing about."""
    return BadInput(
        Said("{what} nằm ngoài phạm vi của lịch làm việc {id}.", what=what, id=version.id),
        code="calendar_out_of_range",
        where=version.id,
        hint=Said(
            "Lịch này có từ {covers_from:%d/%m/%Y} đến {covers_until:%d/%m/%Y}. Kiểm tra lại ngày "
            "tháng, hoặc ban hành phiên bản lịch có phạm vi rộng hơn.",
            covers_from=version.covers_from,
            covers_until=version.covers_until,
        ),
    )


def day_as_dict(day: ExceptionalDay) -> dict[str, Any]:
    """One exceptional day as plain data, without empty fields."""
    data: dict[str, Any] = {"date": day.date.isoformat(), "kind": day.kind.value}
    if day.replaces is not None:
        data["replaces"] = day.replaces.isoformat()
    if day.hours:
        data["hours"] = [str(one) for one in day.hours]
    return data | {"name": day.name, "source": day.source, "confidence": day.confidence.value}


def day_from_dict(data: Mapping[str, Any]) -> ExceptionalDay:
    """Read one exceptional day. Raises ``BadInput``."""
    check_fields(data, DAY_REQUIRED, DAY_FIELDS)
    kinds = {kind.value: kind for kind in DayKind}
    if data["kind"] not in kinds:
        raise _wrong(
            Said("Không có loại ngày “{kind}”.", kind=data["kind"]),
            "calendar_day_kind_wrong",
            str(data["date"]),
        )
    return ExceptionalDay(
        date=read_date(data["date"]),
        kind=kinds[data["kind"]],
        name=str(data.get("name", "")),
        source=str(data.get("source", "")),
        confidence=_read_confidence(data.get("confidence", Confidence.TO_VERIFY)),
        replaces=read_date(data["replaces"]) if data.get("replaces") else None,
        hours=tuple(parse_interval(str(text)) for text in data.get("hours") or ()),
    )


def read_weekly(data: Mapping[str, Any]) -> dict[str, tuple[Interval, ...]]:
    """Read hours by weekday (``mon`` … ``sun``). Raises ``BadInput``."""
    check_fields(data, frozenset(), frozenset(WEEKDAYS))
    return {day: tuple(parse_interval(str(text)) for text in hours or ()) for day, hours in data.items()}


def read_date(value: Any) -> date:
    """A date from YAML (already a date) or text. Raises ``BadInput`` (``calendar_date_unreadable``)."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _wrong(
            Said("Không đọc được ngày “{value}”.", value=value), "calendar_date_unreadable", str(value)
        ) from error


def read_offset(value: Any) -> int:
    """``+07:00`` as minutes. Raises ``BadInput`` (``calendar_offset_unreadable``)."""
    found = _OFFSET.fullmatch(str(value))
    if found is None or int(found[3]) > 59:
        raise _wrong(
            Said("Không đọc được độ lệch giờ “{value}”.", value=value),
            "calendar_offset_unreadable",
            str(value),
            Said("Ghi dạng “+07:00”."),
        )
    return (int(found[2]) * 60 + int(found[3])) * (-1 if found[1] == "-" else 1)


def read_day_minutes(value: Any) -> int:
    """A whole number of minutes. Raises ``BadInput`` (``calendar_day_minutes_wrong``)."""
    if type(value) is not int:
        raise _wrong(
            Said("Độ dài ngày “{value}” phải là số phút nguyên.", value=value),
            "calendar_day_minutes_wrong",
            str(value),
        )
    return value


def offset_text(minutes: int) -> str:
    """Minutes as ``+07:00``."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def check_fields(data: Mapping[str, Any], required: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise ``BadInput`` for a missing or unknown field, and a clearer one for a time zone."""
    if not isinstance(data, Mapping):
        raise _wrong(
            Said("Cần các cặp “trường: giá trị”, không phải “{data}”.", data=data), "calendar_unreadable"
        )
    if {"timezone", "tz", "zone"} & set(data):
        raise _wrong(
            Said("Lịch làm việc không nhận tên múi giờ, chỉ nhận độ lệch cố định so với UTC."),
            "calendar_zone_refused",
            hint='Ghi “utc_offset: "+07:00"”. Múi giờ có giờ mùa hè không dùng được: trong ngày đổi giờ, '
            "một phút có thể lặp lại hoặc không có.",
        )
    if missing := sorted(set(required) - set(data)):
        raise _wrong(
            Said("Lịch thiếu trường {missing}.", missing=joined(", ", missing)),
            "calendar_field_missing",
            missing[0],
        )
    if unknown := sorted(set(data) - set(allowed)):
        raise _wrong(
            Said("Lịch có trường lạ: {unknown}.", unknown=joined(", ", unknown)),
            "calendar_field_unknown",
            unknown[0],
            Said("Các trường được dùng: {known}.", known=joined(", ", sorted(allowed))),
        )


def _read_confidence(value: Any) -> Confidence:
    try:
        return Confidence(value)
    except ValueError as error:
        raise _wrong(
            Said("Không có mức tin cậy “{value}”.", value=value),
            "calendar_confidence_wrong",
            str(value),
            Said("T: văn bản chính thức; D: quyết định thực tế; C: nguồn thứ ba; M: cần kiểm tra."),
        ) from error


def _wrong(message: str, code: str, where: str = "", hint: str = "") -> BadInput:
    return BadInput(message, code=code, where=where, hint=hint)


def _check(version: CalendarVersion) -> None:
    if not _NAME.fullmatch(version.name) or not _VERSION.fullmatch(version.version):
        raise _wrong(
            Said("Tên lịch “{id}” không hợp lệ.", id=version.id),
            "calendar_name_wrong",
            version.id,
            Said("Tên gồm chữ thường không dấu, số và gạch nối; phiên bản như “2026.1”."),
        )
    if abs(version.utc_offset) > 14 * 60:
        raise _wrong(Said("Độ lệch giờ quá 14 giờ."), "calendar_offset_unreadable", version.id)
    if not 0 < version.day_minutes <= DAY_MINUTES:
        raise _wrong(
            Said("Độ dài ngày làm việc {day_minutes} phút không hợp lệ.", day_minutes=version.day_minutes),
            "calendar_day_minutes_wrong",
            version.id,
        )
    if version.covers_until < version.covers_from:
        raise _wrong(
            Said("Phạm vi lịch kết thúc trước khi bắt đầu."), "calendar_coverage_reversed", version.id
        )
    if len(version.weekly) != len(WEEKDAYS) or not any(version.weekly):
        raise _wrong(
            Said("Lịch phải có giờ làm việc của bảy ngày và ít nhất một ngày làm việc trong tuần."),
            "calendar_never_open",
            version.id,
        )
    _check_days(version)
    _check_hours(version)


def _check_days(version: CalendarVersion) -> None:
    for earlier, later in pairwise(version.days):
        if earlier.date == later.date:
            raise _wrong(
                Said("Ngày {date:%d/%m/%Y} được ghi hai lần.", date=later.date),
                "calendar_day_duplicate",
                str(later.date),
            )
    for day in version.days:
        where = day.date.isoformat()
        if not version.covers(day.date):
            raise _wrong(
                Said("Ngày {date:%d/%m/%Y} nằm ngoài phạm vi của lịch.", date=day.date),
                "calendar_day_outside_coverage",
                where,
                Said(
                    "Lịch có từ {covers_from:%d/%m/%Y} đến {covers_until:%d/%m/%Y}.",
                    covers_from=version.covers_from,
                    covers_until=version.covers_until,
                ),
            )
        if day.replaces is not None:
            replaced = version.exception(day.replaces)
            listed_closed = replaced is not None and replaced.kind is DayKind.CLOSED
            if not version.weekly[day.replaces.weekday()] or (
                version.covers(day.replaces) and not listed_closed
            ):
                raise _wrong(
                    Said(
                        "Ngày làm bù {date:%d/%m/%Y} bù cho ngày {replaces:%d/%m/%Y}, nhưng ngày ấy "
                        "không phải ngày làm việc được cho nghỉ.",
                        date=day.date,
                        replaces=day.replaces,
                    ),
                    "calendar_makeup_replaced_day_open",
                    where,
                    Said("Ghi ngày được bù là “closed”, và là ngày thường có giờ làm việc."),
                )


def _check_hours(version: CalendarVersion) -> None:
    for index, hours in enumerate(version.weekly):
        check_order(hours, WEEKDAYS[index])
        _check_apart(hours, version.weekly[(index + 1) % 7], WEEKDAYS[index])
    for day in version.days:
        before, after = day.date - _ONE_DAY, day.date + _ONE_DAY
        _check_apart(version._hours(before), version._hours(day.date), day.date.isoformat())
        _check_apart(version._hours(day.date), version._hours(after), day.date.isoformat())


def _check_apart(today: tuple[Interval, ...], tomorrow: tuple[Interval, ...], where: str) -> None:
    if today and tomorrow and today[-1].closes - DAY_MINUTES > tomorrow[0].opens:
        raise overlap(Said("{today} (hôm trước) và {tomorrow}", today=today[-1], tomorrow=tomorrow[0]), where)
