"""Lengths of working time as people read them, the same everywhere."""

from __future__ import annotations

_HOUR, _DAY = 60, 480


def parts_of(minutes: int) -> tuple[tuple[int, str], ...]:
    """Working days of eight hours, hours and minutes, without those that are none."""
    days, rest = divmod(abs(minutes), _DAY)
    hours, left = divmod(rest, _HOUR)
    return tuple(
        (amount, unit) for amount, unit in ((days, "ngày làm việc"), (hours, "giờ"), (left, "phút")) if amount
    )


def length(minutes: int) -> str:
    """``2 ngày làm việc 3 giờ 10 phút``, to the minute."""
    said = [f"{amount:,} {unit}".replace(",", ".") for amount, unit in parts_of(minutes)]
    return " ".join(said) or "0 phút"
