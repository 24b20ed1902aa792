"""How the exceptional days of Vietnam are built: the holidays library, corrected by ``vn-overrides.yaml``.

The result is shipped frozen in ``vn-office.yaml``: a calendar version must not change because a library was
upgraded. Build again only to make a new version, and read what differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import holidays
import yaml

from sla.calendars.days import ExceptionalDay
from sla.calendars.model import day_as_dict, day_from_dict

OVERRIDES_FILE = "vn-overrides.yaml"
_SWAP = re.compile(r"Ngày nghỉ \(thay cho ngày (\d{2})/(\d{2})/(\d{4})\)")
_COMPENSATION = " (nghỉ bù)"
_NATIONAL_DAY = "Quốc khánh"


def build_days(first_year: int, last_year: int) -> tuple[ExceptionalDay, ...]:
    """The holidays, days off by swap and make-up days of these years, each with its source."""
    overrides = _overrides()
    days: dict[date, dict[str, Any]] = {}
    library = holidays.country_holidays("VN", years=range(first_year, last_year + 1), language="vi")
    for day, name in sorted(library.items()):
        if swap := _SWAP.fullmatch(name):
            worked = date(int(swap[3]), int(swap[2]), int(swap[1]))
            for one in _swap(day, worked):
                days[one["date"]] = one
        else:
            days[day] = {"date": day, "kind": "closed", "name": _name(day, name, overrides["names"])}
    for one in days.values():
        one |= _basis(one["date"], one["name"], overrides)
    for change in overrides["days"]:
        day = change["date"]
        if first_year <= day.year <= last_year:
            known = days.get(day) or _year_basis(day, overrides)
            days[day] = known | change
    return tuple(day_from_dict(days[day]) for day in sorted(days))


def days_as_yaml(days: Iterable[ExceptionalDay]) -> str:
    """The days as the lines of a calendar file, one day a line."""
    lines = ["days:"]
    for day in days:
        fields = day_as_dict(day)
        plain = [key for key in ("date", "kind", "replaces", "confidence") if key in fields]
        parts = [f"{key}: {fields.pop(key)}" for key in plain]
        parts += [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
        lines.append(f"  - {{{', '.join(parts)}}}")
    return "\n".join(lines) + "\n"


def _overrides() -> dict[str, Any]:
    text = files("sla.calendars").joinpath("data", OVERRIDES_FILE).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _swap(off: date, worked: date) -> list[dict[str, Any]]:
    return [
        {"date": off, "kind": "closed", "name": f"Nghỉ hoán đổi, làm bù ngày {worked:%d/%m/%Y}"},
        {"date": worked, "kind": "makeup", "replaces": off, "name": f"Làm bù cho ngày {off:%d/%m/%Y}"},
    ]


def _name(day: date, name: str, names: Mapping[str, str]) -> str:
    if name == _NATIONAL_DAY and (day.month, day.day) != (9, 2):
        return "Nghỉ thêm dịp Quốc khánh"
    if name.endswith(_COMPENSATION):
        return f"Nghỉ bù {name.removesuffix(_COMPENSATION)}"
    return names.get(name, name)


def _basis(day: date, name: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    law = overrides["law"]
    if law["since"] <= day and name in law["names"] and day.year in overrides["years"]:
        return {"source": law["source"], "confidence": law["confidence"]}
    return _year_basis(day, overrides)


def _year_basis(day: date, overrides: Mapping[str, Any]) -> dict[str, Any]:
    basis: dict[str, Any] = overrides["years"].get(day.year, overrides["guess"])
    return dict(basis)
