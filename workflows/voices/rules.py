"""The rules for ratings and complaints, as shipped in ``rules.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.deadline import due
from sla.limits import Limit, Rule, parse_limit
from sla.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class ComplaintLimits:
    """How long the office may take over a complaint."""

    refuse: Limit
    ask: Limit
    answer: Limit
    publish: Limit


@cache
def _rules() -> Mapping[str, Any]:
    text = files("workflows.voices").joinpath("rules.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def criteria() -> Mapping[str, str]:
    """What a rating may name as its reason, by id."""
    return dict(_rules()["criteria"]["items"])


def limits_on(day: date) -> ComplaintLimits:
    """The limits for complaints received on a day. Raises ``BadInput`` (``complaint_limits_missing``)."""
    for item in _rules()["complaints"]:
        if item["from"] <= day and (item["until"] is None or day <= item["until"]):
            return ComplaintLimits(
                *(parse_limit(item[name]) for name in ("refuse", "ask", "answer", "publish"))
            )
    raise BadInput(
        Said("Chưa có quy định về thời hạn xử lý phản ánh cho ngày {day:%d/%m/%Y}.", day=day),
        code="complaint_limits_missing",
        where=day.isoformat(),
    )


def due_after(calendar: WorkingCalendar, at: datetime, limit: Limit) -> datetime:
    """The last minute of a limit that began at an instant: the first day is not counted."""
    ends = due(at, limit, Rule.CIVIL_CODE, calendar).due_at
    assert ends is not None
    return ends
