"""Formats of dossier codes: data with dates, so that a new rule is a new entry and not a release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import yaml

from dossiers.core.errors import BadInput
from dossiers.core.said import Said, joined


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """A format in force for receptions from ``since`` until ``until`` (both included)."""

    id: str
    since: date
    until: date | None
    pattern: str
    text: str
    source: str
    confidence: str
    only_by_choice: bool = False

    def write(self, agency: str, day: date, number: int, owner: str = "00") -> str:
        """A code: ``H44.101-261120-0007``. A day's numbers past 9999 simply grow longer."""
        return self.pattern.format(
            agency=agency,
            agency_reversed=".".join(reversed(agency.split("."))),
            day=f"{day:%y%m%d}",
            number=number,
            owner=owner,
        )


@lru_cache(maxsize=1)
def all_formats() -> tuple[CodeFormat, ...]:
    """Every format, as shipped."""
    text = files("dossiers.numbering").joinpath("formats.yaml").read_text(encoding="utf-8")
    return tuple(
        CodeFormat(
            id=item["id"],
            since=item["from"],
            until=item["until"],
            pattern=item["pattern"],
            text=item["text"],
            source=item["source"],
            confidence=item["confidence"],
            only_by_choice=item.get("only_by_choice", False),
        )
        for item in yaml.safe_load(text)["formats"]
    )


def format_on(day: date, chosen: str | None = None) -> CodeFormat:
    """The format in force on a day of reception; ``chosen`` picks one that is only used by choice.

    Raises ``BadInput`` (``code_format_missing``) when none is in force.
    """
    for item in all_formats():
        in_force = item.since <= day and (item.until is None or day <= item.until)
        if in_force and (item.id == chosen if chosen else not item.only_by_choice):
            return item
    raise BadInput(
        Said("Không có cách đánh mã hồ sơ cho ngày {day:%d/%m/%Y}.", day=day),
        code="code_format_missing",
        where=chosen or "",
        hint=Said(
            "Các cách đánh mã: {known}",
            known=joined(
                ", ", (Said("{id} (từ {since:%d/%m/%Y})", id=f.id, since=f.since) for f in all_formats())
            ),
        ),
    )
