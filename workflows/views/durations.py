"""Lengths of working time as people read them, the same everywhere."""

from __future__ import annotations

from dossiers.core.said import Said, joined, thousands

_HOUR, _DAY = 60, 480


def parts_of(minutes: int) -> tuple[tuple[int, str], ...]:
    """Working days of eight hours, hours and minutes, without those that are none."""
    days, rest = divmod(abs(minutes), _DAY)
    hours, left = divmod(rest, _HOUR)
    return tuple(
        (amount, unit) for amount, unit in ((days, "ngày làm việc"), (hours, "giờ"), (left, "phút")) if amount
    )


def length(minutes: int) -> Said:
    """``2 ngày làm việc 3 giờ 10 phút``, to the minute."""
    said = [Said(f"{{n}} {unit}", n=thousands(amount)) for amount, unit in parts_of(minutes)]
    return joined(" ", said) if said else Said("{n} phút", n=0)
