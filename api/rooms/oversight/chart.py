"""The days of a month as a drawing: bars of what came in and went out, a line of what stood late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.views.figures import DayFigures

WIDTH, HEIGHT = 960, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; ``kind`` says what of."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A number beside the drawing, or a day below it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, in units of the drawing."""

    width: int
    height: int
    left: int
    right: int
    floor: int
    bars: list[Bar]
    late: str
    dots: list[tuple[float, float]]
    levels: list[Tick]
    days: list[Tick]


def chart_of(days: Sequence[DayFigures]) -> Chart:
    """The drawing of some days, oldest on the left."""
    step, top = _scale(max((max(day.received, day.finished, day.late) for day in days), default=0))
    floor = HEIGHT - BOTTOM
    slot = (WIDTH - LEFT - RIGHT) / max(len(days), 1)

    def level(count: int) -> float:
        return round(floor - (floor - TOP) * count / top, 1)

    bars, dots, names = [], [], []
    every = max(1, -(-len(days) // 15))
    for number, day in enumerate(days):
        x = LEFT + slot * number
        width = round(slot * 0.34, 1)
        for kind, count, offset in (("in", day.received, 0.14), ("out", day.finished, 0.52)):
            y = level(count)
            bars.append(Bar(kind, round(x + slot * offset, 1), y, width, round(floor - y, 1)))
        dots.append((round(x + slot / 2, 1), level(day.late)))
        if number % every == 0:
            names.append(Tick(round(x + slot / 2, 1), f"{day.day:%d/%m}"))
    return Chart(
        WIDTH,
        HEIGHT,
        LEFT,
        WIDTH - RIGHT,
        floor,
        bars,
        " ".join(f"{x},{y}" for x, y in dots),
        dots,
        [Tick(level(step * number), f"{step * number:,}".replace(",", ".")) for number in range(_LINES + 1)],
        names,
    )


def _scale(most: int) -> tuple[int, int]:
    """A round step between the lines, and the count at the top."""
    step = 1
    while step * _LINES < most:
        digits = str(step)
        step = step * 5 // 2 if digits[0] == "2" else step * 2
    return step, step * _LINES
