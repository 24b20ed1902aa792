"""Taking values out of JSON that may hold anything: what is not as it should be becomes a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sla.limit_texts.words import normalise
from workflows.importers.faults import Findings

UNSTATED = Decimal(-1)
"""How the source says that it names no time."""
MOST_DAYS = 500
"""About two years of working days; anything longer is a slip of the pen."""

_DAYS = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
_MONEY = re.compile(r"\d{1,12}|\d{1,3}(?:[.,]\d{3}){1,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_QUARTER = Decimal("0.25")
_SHOWN = 40
_TYPES = {
    dict: "một đối tượng",
    list: "một danh sách",
    str: "chữ",
    bool: "true hoặc false",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of the source, the path that leads to it, and where to put what is wrong with it."""

    data: dict[str, Any]
    where: str
    findings: Findings

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.where}.{name}" if self.where else name

    def text(self, name: str, *, most: int, needed: bool = True) -> str:
        """A text on one line; empty when it is missing, which is a fault when it is ``needed``."""
        value = self.data.get(name)
        if isinstance(value, str):
            cleaned = _CONTROL.sub(" ", normalise(value))
            cleaned = " ".join(cleaned.split())
            if len(cleaned) > most or not _storable(cleaned):
                self.findings.fault("text_unreadable", self.at(name), field=name, most=most)
                return ""
            if cleaned or not needed:
                return cleaned
        elif value is not None:
            self._wrong_type(name, "chữ", value)
            return ""
        if needed:
            self.findings.fault("field_missing", self.at(name), field=name)
        return ""

    def flag(self, name: str) -> bool:
        """``true`` or ``"true"``; false when missing or empty."""
        value = self.data.get(name)
        text = scalar(value).lower()
        if value is True or text == "true":
            return True
        off = value is None or value is False or (isinstance(value, str) and text in ("false", ""))
        if not off:
            self._wrong_type(name, "true hoặc false", value)
        return False

    def days(self, name: str, *, needed: bool = True) -> Decimal | None:
        """A number of days, ``UNSTATED`` for ``-1``; None when there is none or it cannot be read."""
        value = self.data.get(name)
        if value is None or value == "":
            if needed:
                self.findings.fault("field_missing", self.at(name), field=name)
            return None
        text = scalar(value)
        if not text:
            self._wrong_type(name, "số ngày", value)
            return None
        if text in ("-1", "-1.0"):
            return UNSTATED
        if not _DAYS.fullmatch(text):
            self.findings.fault("time_unreadable", self.at(name), field=name, found=shown(text))
            return None
        amount = Decimal(text.replace(",", "."))
        if amount > MOST_DAYS or amount % _QUARTER:
            self.findings.fault(
                "time_out_of_range", self.at(name), field=name, found=shown(text), most=MOST_DAYS
            )
            return None
        return amount

    def money(self, name: str) -> int:
        """An amount in đồng, ``50000`` or ``50.000``; zero when none is named or it cannot be read."""
        value = self.data.get(name)
        if value is None or value == "":
            return 0
        text = scalar(value)
        if not _MONEY.fullmatch(text):
            self.findings.fault("fee_unreadable", self.at(name), found=shown(value))
            return 0
        return int(re.sub(r"[.,]", "", text))

    def number(self, name: str, *, default: int, most: int) -> int:
        """A whole number from one, ``3`` or ``"3"``; the default when it is missing."""
        value = self.data.get(name)
        if value is None or value == "":
            return default
        text = scalar(value)
        if re.fullmatch(r"\d{1,9}", text) and 1 <= int(text) <= most:
            return int(text)
        self._wrong_type(name, f"số nguyên từ 1 đến {most}", value)
        return default

    def objects(self, name: str) -> list[Fields]:
        """The objects of a list; a list that is missing, empty or holds other things is a fault."""
        value = self.data.get(name)
        if value is None or value == []:
            self.findings.fault("field_missing", self.at(name), field=name)
            return []
        if not isinstance(value, list):
            self._wrong_type(name, "một danh sách", value)
            return []
        found = []
        for number, item in enumerate(value):
            if isinstance(item, dict):
                found.append(Fields(item, f"{self.at(name)}[{number}]", self.findings))
            else:
                self._wrong_type(f"{name}[{number}]", "một đối tượng", item)
        return found

    def _wrong_type(self, name: str, expected: str, found: object) -> None:
        self.findings.fault(
            "field_type",
            self.at(name),
            field=name,
            expected=expected,
            found=_TYPES.get(type(found)) or shown(found),
        )


def shown(value: object) -> str:
    """A value of the source as a message may quote it: short, and nothing that cannot be stored."""
    text = scalar(value) or _TYPES.get(type(value), "") if not isinstance(value, str) else value
    text = _CONTROL.sub(" ", text.encode("utf-8", "replace").decode("utf-8"))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def scalar(value: object) -> str:
    """A text or number as text; empty for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _storable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
