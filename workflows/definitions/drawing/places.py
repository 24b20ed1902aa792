"""Where the cards go: every card in its row, near to what it is joined to.

1. Every card has a row; an arc over several rows passes each as a narrow place of its own.
2. Within a row, places are ordered so that few arcs cross.
3. Each place is put as near as can be to what it is joined to, without overlap.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from workflows.definitions.drawing.content import BOLD, CARD_WIDTH, Content, Exit, Port, text_width

GAP, BAR = 30.0, 24.0
END_HEIGHT, PASS_WIDTH = 40.0, 16.0

Point = tuple[float, float]


@dataclass
class Place:
    """Something in a row: a card, an end, or the passage of a long arc."""

    key: str
    row: int
    width: float
    height: float
    node: str | None
    x: float = 0.0
    """The middle."""
    y: float = 0.0
    """The top."""


@dataclass
class Link:
    """An arc with the places it passes; a loop back has only its two ends."""

    source: str
    target: str
    port: Port
    offset: float
    """Where it leaves, from the middle of the source."""
    passes: list[str] = field(default_factory=list)
    arrives: float = 0.0

    @property
    def path(self) -> tuple[str, ...]:
        """The places from source to target."""
        return (self.source, *self.passes, self.target)


@dataclass(frozen=True)
class Route:
    """A line to draw."""

    points: tuple[Point, ...]
    link: Link


@dataclass(frozen=True)
class Words:
    """Text on an arc, centred at x from y downwards."""

    x: float
    y: float
    lines: tuple[str, ...]
    style: str


@dataclass(frozen=True)
class Bar:
    """Where an outcome splits, or where branches join."""

    left: float
    right: float
    y: float
    style: str


@dataclass(frozen=True)
class Pill:
    """An end drawn right below the card that leads to it."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    good: bool
    known: bool


@dataclass
class Layout:
    """Everything with its coordinates."""

    places: dict[str, Place]
    rows: list[list[str]]
    exits: dict[str, tuple[Exit, ...]]
    """The outcomes of each step, their arcs in the order of where they go."""
    routes: list[Route] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    pills: list[Pill] = field(default_factory=list)
    stems: list[tuple[Point, Point]] = field(default_factory=list)
    """From a card to the bar of a split."""
    drops: list[tuple[Point, Point]] = field(default_factory=list)
    """From a card to an end right below it."""
    row_ends: list[float] = field(default_factory=list)
    """The y at which each row with its channel ends; first that of the channel above all rows."""
    width: float = 0.0
    height: float = 0.0


def set_places(content: Content) -> tuple[Layout, list[Link]]:
    """The places in their rows and columns, still without their y, and the arcs between them."""
    places, links = _places(content), _links(content)
    for link in links:
        _pass_through(link, content, places)
    rows = _order(places, links)
    layout = Layout(places, rows, _sorted_exits(content, rows, links))
    for link in links:
        link.offset = dict(offsets(content, link.source, layout.exits[link.source]))[link.port]
    _spread(content, layout, links)
    return layout, links


def _places(content: Content) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for node, row in content.rank.items():
        card = content.cards.get(node)
        if card is not None:
            joined = BAR if card.step.join is not None else 0.0
            places[node] = Place(node, row, card.width, card.height + joined, node)
        else:
            width = max(140.0, text_width(content.end_name(node), 13.0) * BOLD + 40)
            places[node] = Place(node, row, width, END_HEIGHT, node)
    return places


def _links(content: Content) -> list[Link]:
    """The arcs between places, each with where it leaves its card."""
    links = []
    for step, exits in content.exits.items():
        for port, offset in offsets(content, step, exits):
            if port.ends is None:
                links.append(Link(step, port.edge.target, port, offset))
    return links


def offsets(content: Content, step: str, exits: Sequence[Exit]) -> list[tuple[Port, float]]:
    """Where each arc leaves the card, from its middle, evenly along the lower edge."""
    ports = [port for each in exits for port in each.ports]
    share = content.cards[step].width / max(1, len(ports))
    return [
        (port, (number + 0.5) * share - content.cards[step].width / 2) for number, port in enumerate(ports)
    ]


def _pass_through(link: Link, content: Content, places: dict[str, Place]) -> None:
    if link.port.loop:
        return
    for row in range(content.rank[link.source] + 1, content.rank[link.target]):
        key = f"{link.source}>{link.port.edge.where}>{row}"
        places[key] = Place(key, row, PASS_WIDTH, 0.0, None)
        link.passes.append(key)


def _order(places: Mapping[str, Place], links: Sequence[Link]) -> list[list[str]]:
    """The rows with their places in an order in which few arcs cross."""
    rows: list[list[str]] = [[] for _ in range(1 + max(place.row for place in places.values()))]
    for place in places.values():
        rows[place.row].append(place.key)
    above, below = _neighbours(links)
    best, fewest = [list(row) for row in rows], None
    for sweep in range(8):
        down = sweep % 2 == 0
        walk = rows[1:] if down else rows[-2::-1]
        for row in walk:
            order = {key: number for each in rows for number, key in enumerate(each)}
            beside = above if down else below
            wanted = {
                key: sum(order[other] + part for other, part in beside[key]) / len(beside[key])
                if beside[key]
                else float(order[key])
                for key in row
            }
            row.sort(key=wanted.__getitem__)
        crossings = _crossings(rows, below)
        if fewest is None or crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _sorted_exits(
    content: Content, rows: Sequence[Sequence[str]], links: Sequence[Link]
) -> dict[str, tuple[Exit, ...]]:
    """The arcs of every step from left to right as their next places stand."""
    order = {key: number for row in rows for number, key in enumerate(row)}
    towards = {link.port: order[link.path[1]] for link in links if not link.port.loop}

    def side(port: Port) -> tuple[int, int]:
        return (0, 0) if port.ends is not None else (2, 0) if port.loop else (1, towards[port])

    sorted_ports = {
        step: [replace(each, ports=tuple(sorted(each.ports, key=side))) for each in exits]
        for step, exits in content.exits.items()
    }
    return {
        step: tuple(sorted(exits, key=lambda each: side(each.ports[len(each.ports) // 2])))
        for step, exits in sorted_ports.items()
    }


def _neighbours(
    links: Sequence[Link],
) -> tuple[Mapping[str, list[tuple[str, float]]], Mapping[str, list[tuple[str, float]]]]:
    """What every place is joined to above and below; a part of one tells apart arcs of one card."""
    above: dict[str, list[tuple[str, float]]] = defaultdict(list)
    below: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in links:
        if link.port.loop:
            continue
        for upper, lower in pairwise(link.path):
            part = link.offset / CARD_WIDTH if upper == link.source else 0.0
            above[lower].append((upper, part))
            below[upper].append((lower, 0.0))
    return above, below


def _crossings(rows: Sequence[Sequence[str]], below: Mapping[str, list[tuple[str, float]]]) -> int:
    order = {key: number for row in rows for number, key in enumerate(row)}
    count = 0
    for row in rows:
        pairs = [(order[key], order[other]) for key in row for other, _ in below[key]]
        count += sum(
            (one[0] - two[0]) * (one[1] - two[1]) < 0
            for number, one in enumerate(pairs)
            for two in pairs[number + 1 :]
        )
    return count


_FORCES = (2.0, 3.0, 12.0)
"""How strongly places pull each other, by how many of the two are passages: long arcs should be straight."""


def _spread(content: Content, layout: Layout, links: Sequence[Link]) -> None:
    """Put every place near what it is joined to; straight passages matter most."""
    pulls: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    alone = Counter(link.source for link in links if not link.port.loop)
    for link in links:
        if link.port.loop:
            continue
        for upper, lower in pairwise(link.path):
            fans_out = alone[upper] > 1 or lower not in content.cards
            offset = link.offset if upper == link.source and fans_out else 0.0
            force = _FORCES[sum(layout.places[key].node is None for key in (upper, lower))]
            pulls[lower].append((upper, offset, force))
            pulls[upper].append((lower, -offset, force))
    for row in layout.rows:
        _pack(layout, row, dict.fromkeys(row, (0.0, 1.0)))
    for sweep in range(24):
        rows = layout.rows if sweep % 2 == 0 else layout.rows[::-1]
        for row in rows:
            wanted = {}
            for key in row:
                force = sum(weight for _, _, weight in pulls[key])
                at = sum((layout.places[other].x + off) * weight for other, off, weight in pulls[key])
                wanted[key] = (at / force, force) if force else (layout.places[key].x, 0.1)
            _pack(layout, row, wanted)
    for link in links:
        _straighten(layout, link)
    left = min(place.x - place.width / 2 for place in layout.places.values())
    for place in layout.places.values():
        place.x += GAP - left
    layout.width = max(place.x + place.width / 2 for place in layout.places.values()) + GAP


def _straighten(layout: Layout, link: Link) -> None:
    """Leave out sideways steps too small to see a reason for."""
    x = layout.places[link.source].x + link.offset
    for key in link.passes:
        if abs(layout.places[key].x - x) < 9:
            layout.places[key].x = x
        x = layout.places[key].x


def _pack(layout: Layout, row: Sequence[str], wanted: Mapping[str, tuple[float, float]]) -> None:
    """Set the row as near to what is wanted as room allows (weighted, pools of those that touch)."""
    shifts, shift = [], 0.0
    for number, key in enumerate(row):
        if number:
            shift += (layout.places[row[number - 1]].width + layout.places[key].width) / 2 + GAP
        shifts.append(shift)
    pools: list[tuple[float, float, int]] = []
    for key, moved in zip(row, shifts, strict=True):
        at, force = wanted[key]
        pools.append(((at - moved) * force, force, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            last, before = pools.pop(), pools.pop()
            pools.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    number = 0
    for total, force, count in pools:
        for _ in range(count):
            layout.places[row[number]].x = total / force + shifts[number]
            number += 1
