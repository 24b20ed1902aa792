"""Lengths of working time as people read them, the same everywhere."""

from __future__ import annotations

from dossiers.core.said import Said, joined, thousands

_HOUR, _DAY = 60, 480


def length(minutes: int) -> Said:
    """``2 ngày làm việc 3 giờ 10 phút``: working days of eight hours, hours and minutes."""
    days, rest = divmod(abs(minutes), _DAY)
    hours, left = divmod(rest, _HOUR)
    parts = [
        Said("{n} ngày làm việc", n=thousands(days)) if days else None,
        Said("{n} giờ", n=hours) if hours else None,
        Said("{n} phút", n=left) if left else None,
    ]
    return joined(" ", filter(None, parts)) or Said("{n} phút", n=0)
