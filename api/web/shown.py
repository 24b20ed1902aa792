"""How values are shown on pages: instants, days, numbers, lengths of working time, sizes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from api.web.saying import say
from api.web.translation import Language, translations
from dossiers.core.said import Said, joined
from workflows.views.durations import length
from workflows.views.money import money

VIETNAM = timezone(timedelta(hours=7))


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """The filters of the templates in one language."""
    text = translations(language).gettext

    def instant(at: datetime | None) -> str:
        """``14:30 ngày 20/11/2026``."""
        if at is None:
            return "–"
        local = at.astimezone(VIETNAM)
        return f"{local:%H:%M} {text('ngày')} {local:%d/%m/%Y}".replace("  ", " ")

    def day(value: date | datetime | None) -> str:
        if value is None:
            return "–"
        local = value.astimezone(VIETNAM) if isinstance(value, datetime) else value
        return f"{local:%d/%m/%Y}"

    def minutes(value: int | None) -> str:
        """Working time in days of eight hours, hours and minutes."""
        if value is None:
            return "–"
        return say(length(value), language)

    def time_left(value: int | None) -> str:
        """``còn 3 giờ`` or ``quá 2 ngày làm việc``."""
        if value is None:
            return text("không tính giờ")
        return f"{text('còn') if value >= 0 else text('quá')} {minutes(value)}"

    def amount(dong: int | None) -> str:
        """``12.000 đ``."""
        return "–" if dong is None else say(money(dong), language)

    return {
        "money": amount,
        "instant": instant,
        "day": day,
        "minutes": minutes,
        "time_left": time_left,
        "number": number,
        "device": device,
    }


def device(name: str) -> str:
    """A browser and its system, as kept when a session was opened."""
    return joined(Said(" trên "), name.split(" trên ")) if name else Said("Thiết bị khác")


def number(value: Any) -> str:
    """A whole number with a dot for thousands."""
    return "–" if value is None else f"{value:,}".replace(",", ".")


def input_instant(at: datetime | None) -> str:
    """An instant as ``<input type=datetime-local>`` wants it."""
    return "" if at is None else f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
