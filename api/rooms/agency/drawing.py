"""Where the course of a dossier is drawn: numbers only, the template draws."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.definitions.drawing.content import wrap
from workflows.views.course import Course, Stop

COLUMN, LANE, RADIUS = 138, 104, 14
_FROM_TOP, _BEND = 46, 14
_NAME_WIDTH, _NAME_SIZE, _MOST_LINES = 130.0, 12.0, 3


@dataclass(frozen=True, slots=True)
class Node:
    """A stop with its place and its name in lines."""

    x: int
    y: int
    stop: Stop
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws."""

    width: int
    height: int
    lanes: list[tuple[str, int]]
    nodes: list[Node]
    paths: list[tuple[str, bool]]


def picture_of(course: Course) -> Picture:
    """The course with its places."""
    nodes = [
        Node(
            stop.column * COLUMN + COLUMN // 2,
            stop.lane * LANE + _FROM_TOP,
            stop,
            wrap(stop.name, _NAME_WIDTH, _NAME_SIZE, _MOST_LINES),
        )
        for stop in course.stops
    ]
    return Picture(
        max(course.columns, 3) * COLUMN,
        len(course.lanes) * LANE,
        [(name, index * LANE) for index, name in enumerate(course.lanes)],
        nodes,
        [(_path(nodes[way.source], nodes[way.target]), way.ahead) for way in course.ways],
    )


def _path(source: Node, target: Node) -> str:
    """A line between stops of a lane; between lanes it goes up or down where no name stands."""
    left, right = source.x + RADIUS, target.x - RADIUS - 3
    if source.y == target.y:
        return f"M{left} {source.y}H{right}"
    between = target.x - COLUMN // 2
    turn = _BEND if target.y > source.y else -_BEND
    return (
        f"M{left} {source.y}H{between - _BEND}Q{between} {source.y} {between} {source.y + turn}"
        f"V{target.y - turn}Q{between} {target.y} {between + _BEND} {target.y}H{right}"
    )
