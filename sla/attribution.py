"""Lateness split among agencies, to the minute.

Each agency has an allotment per step. What it used beyond that is its overrun, less what others saved:
time saved earlier is drawn first, time saved later pays back what was overrun before, in proportion. What
the definition promised beyond its own steps counts as saved from the start; what its steps allow beyond
the promise is nobody's but the plan's. The parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of counted time one agency spent on one step.

    ``used`` and ``allotted`` in minutes; a further visit of a step brings no new allotment, and an agency
    that lent part of its time to an opinion brings less. ``last``: the step is not visited again, so what
    is left of its allotment is saved.
    """

    agency: str
    step: str
    used: int
    allotted: int
    last: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a lateness. ``leg`` is the index of the leg that overran (None: the plan itself) and
    ``after`` the minutes of that leg that were still within its allotment."""

    leg: int | None
    minutes: int
    after: int = 0


def split(legs: Sequence[Leg], late: int, to_come: int = 0) -> list[Share]:
    """Split ``late`` minutes among the legs; ``to_come`` is the allotment of steps not yet begun.

    1. What the promise held beyond all allotments is saved from the start; if the allotments hold more than
       the promise, that is the plan's own overrun.
    2. Leg by leg: an overrun draws what was saved before it, the rest becomes a debt of the leg; a saving
       pays back debts in proportion, the rest is kept for later.
    3. Allotments not used or not yet begun are savings too.
    """
    if late <= 0:
        return []
    used = sum(leg.used for leg in legs)
    allotted = sum(leg.allotted for leg in legs) + to_come
    slack = (used - late) - allotted
    saved = max(slack, 0)
    debts: list[Share] = [Share(None, -slack)] if slack < 0 else []
    balances: dict[tuple[str, str], int] = {}
    for index, leg in enumerate(legs):
        key = (leg.agency, leg.step)
        before = balances.get(key, 0) + leg.allotted
        left = before - leg.used
        if left < 0:
            drawn = min(saved, -left)
            saved -= drawn
            if -left > drawn:
                debts.append(Share(index, -left - drawn, max(before, 0) + drawn))
            left = 0
        if left and leg.last:
            debts, rest = _pay_back(debts, left)
            saved += rest
            left = 0
        balances[key] = left
    debts, _ = _pay_back(debts, sum(balances.values()) + to_come)
    return debts


def _pay_back(debts: list[Share], amount: int) -> tuple[list[Share], int]:
    """Lower the debts by ``amount`` in proportion (largest remainder first); the rest is returned."""
    total = sum(debt.minutes for debt in debts)
    if amount >= total:
        return [], amount - total
    if amount == 0:
        return debts, 0
    parts = [debt.minutes * amount // total for debt in debts]
    by_remainder = sorted(range(len(debts)), key=lambda i: (-(debts[i].minutes * amount % total), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    lowered = [
        Share(debt.leg, debt.minutes - part, debt.after)
        for debt, part in zip(debts, parts, strict=True)
        if debt.minutes > part
    ]
    return lowered, 0
