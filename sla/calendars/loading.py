"""Reading calendar files: YAML, inheritance, and the calendars shipped with the program.

A file that says ``extends: vn-office`` starts from that calendar and states only what differs: ``weekly``
replaces the weekdays it names, ``days`` adds or replaces days, and a day of kind ``normal`` cancels an
inherited exception. The result stands alone: it keeps no link to its parent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dossiers.core.errors import BadInput, NotFound
from dossiers.core.said import Said, joined
from sla.calendars.days import WEEKDAYS, DayKind
from sla.calendars.model import (
    DAY_FIELDS,
    DAY_REQUIRED,
    CalendarVersion,
    check_fields,
    day_as_dict,
    day_from_dict,
    read_date,
    read_weekly,
)

SHIPPED = ("vn-office", "vn-office-sat")
_OWN = frozenset({"extends", "name", "version"})
_MAY_DIFFER = frozenset(
    {"title", "utc_offset", "day_minutes", "weekly", "days", "hours_source", "hours_confidence"}
    | {"covers_from", "covers_until", "official_until"}
)


@cache
def load_shipped(name: str) -> CalendarVersion:
    """A calendar shipped with the program. Raises ``NotFound`` (``calendar_unknown``)."""
    if name not in SHIPPED:
        raise NotFound(
            Said("Không có lịch làm việc “{name}”.", name=name),
            code="calendar_unknown",
            where=name,
            hint=Said("Các lịch có sẵn: {shipped}.", shipped=joined(", ", SHIPPED)),
        )
    path = files("sla.calendars").joinpath("data", f"{name}.yaml")
    return read_calendar(path.read_text(encoding="utf-8"))


def read_calendar(text: str, parent: Callable[[str], CalendarVersion] = load_shipped) -> CalendarVersion:
    """Read a calendar file. ``parent`` finds the calendar that ``extends`` names. Raises ``BadInput``."""
    try:
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise BadInput(
            "Không đọc được tệp lịch (YAML sai cú pháp).",
            code="calendar_unreadable",
            where=str(getattr(error, "problem_mark", "")).strip(),
        ) from error
    return resolve(data, parent)


def resolve(data: Mapping[str, Any], parent: Callable[[str], CalendarVersion]) -> CalendarVersion:
    """The calendar described, with what it inherits written out. Raises ``BadInput``."""
    if not isinstance(data, Mapping) or "extends" not in data:
        return CalendarVersion.from_dict(data)
    check_fields(data, _OWN, _OWN | _MAY_DIFFER)
    base = _parent(str(data["extends"]), parent)
    merged = base.as_dict()
    weekly = read_weekly(data.get("weekly") or {})
    for weekday in WEEKDAYS:
        if weekday in weekly:
            merged["weekly"][weekday] = [str(one) for one in weekly[weekday]]
    merged |= {key: value for key, value in data.items() if key not in {"extends", "weekly", "days"}}
    merged["days"] = _merged_days(base, data.get("days") or ())
    return CalendarVersion.from_dict(merged)


def _parent(wanted: str, parent: Callable[[str], CalendarVersion]) -> CalendarVersion:
    name, _, version = wanted.partition("@")
    found = parent(name)
    if version and found.version != version:
        raise BadInput(
            Said("Lịch gốc “{wanted}” không có; phiên bản đang có là {id}.", wanted=wanted, id=found.id),
            code="calendar_parent_unknown",
            where=wanted,
        )
    return found


def _merged_days(base: CalendarVersion, changes: Any) -> list[dict[str, Any]]:
    days = {day.date: day_as_dict(day) for day in base.days}
    seen: set[date] = set()
    for change in changes:
        check_fields(change, DAY_REQUIRED, DAY_FIELDS)
        day = read_date(change["date"])
        if day in seen:
            raise BadInput(
                Said("Ngày {day:%d/%m/%Y} được ghi hai lần.", day=day),
                code="calendar_day_duplicate",
                where=str(day),
            )
        seen.add(day)
        if change["kind"] == DayKind.NORMAL:
            days.pop(day, None)
        else:
            days[day] = day_as_dict(day_from_dict(change))
    return list(days.values())
