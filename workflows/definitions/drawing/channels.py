"""The room between the rows: names of outcomes, bars of splits, ends, and a track for every sideways run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from workflows.definitions.drawing.content import LABEL_SIZE, Content, Exit, Port, text_width, wrap
from workflows.definitions.drawing.places import (
    BAR,
    GAP,
    Bar,
    Layout,
    Link,
    Pill,
    Place,
    Route,
    Words,
    offsets,
)

LANE, ARROW = 13.0, 20.0
LABEL_LINE = LABEL_SIZE * 1.3
PILL_PADDING, PILL_SIZE = 6.0, 11.0
HEADING = 56.0
"""Room for the heading of a stage."""


class Channels:
    """Gives rows their y, and arcs their way, from the top of the picture down."""

    def __init__(self, content: Content, layout: Layout, links: Sequence[Link], top: float) -> None:
        self.content = content
        self.layout = layout
        self.links = links
        self.top = top
        self.starts: dict[str, tuple[float, float]] = {}
        """By arc: where its own line begins, below the name of the outcome or at the bar."""
        self.gutters: dict[str, float] = {}
        self.from_the_side = self._entering_from_the_side()

    def run(self) -> None:
        """Lay everything out."""
        self._arrivals()
        self._gutters()
        tracks = self._tracks()
        y = self.top
        lanes: dict[tuple[int, str], float] = {}
        for row in range(-1, len(self.layout.rows)):
            if row in self.content.stage_starts:
                y += HEADING
            floor = self._row(row, y) if row >= 0 else y
            used = tracks.get(row, {})
            count = 1 + max(used.values(), default=-1)
            for where, lane in used.items():
                lanes[row, where] = floor + 8 + lane * LANE
            y = floor + 8 + count * LANE + (ARROW if row >= 0 or count else 0)
            self.layout.row_ends.append(y)
        for link in self.links:
            self.layout.routes.append(Route(tuple(self._points(link, lanes)), link))
        self.layout.height = y

    def _row(self, row: int, y: float) -> float:
        """Set the row at y; the y below its cards and what hangs right under them."""
        floor = y
        for key in self.layout.rows[row]:
            place = self.layout.places[key]
            place.y = y
            floor = max(floor, y + place.height)
            if place.node in self.content.cards:
                floor = max(floor, self._under(place))
        return floor

    def _under(self, place: Place) -> float:
        """What hangs under a card: outcomes, bars, cases, ends."""
        bottom = place.y + place.height
        exits = self.layout.exits[place.key]
        where = {port.edge.where: place.x + off for port, off in offsets(self.content, place.key, exits)}
        label_floor = bottom + max((len(each.label) for each in exits), default=0) * LABEL_LINE
        label_floor += 8 if label_floor > bottom else 0
        floor = bottom
        for each in exits:
            floor = max(floor, self._exit(each, where, bottom, label_floor))
        return floor

    def _exit(self, each: Exit, where: dict[str, float], bottom: float, label_floor: float) -> float:
        xs = [where[port.edge.where] for port in each.ports]
        middle = sum(xs) / len(xs)
        if each.label:
            self.layout.words.append(Words(middle, bottom + 5, each.label, "outcome"))
        start = bottom
        if each.splits:
            start = label_floor + 8
            self.layout.stems.append(((middle, bottom), (middle, start)))
            style = "choice" if each.conditional else "split"
            self.layout.bars.append(Bar(min(xs) - 14, max(xs) + 14, start, style))
        floor = max(label_floor, start)
        for port, x in zip(each.ports, xs, strict=True):
            self.starts[port.edge.where] = (x, start)
            y = max(label_floor, start) + (4 if each.splits else 0)
            if port.case:
                self.layout.words.append(Words(x, y + 2, port.case, "case"))
                y += 6 + len(port.case) * LABEL_LINE
            if port.ends is not None:
                y = self._pill(port, x, start, y + ARROW - 4)
            floor = max(floor, y)
        return floor

    def _pill(self, port: Port, x: float, start: float, y: float) -> float:
        end = port.ends or ""
        room = self.content.room(port.edge.source) - 10
        lines = wrap(self.content.end_name(end), room - 2 * PILL_PADDING, PILL_SIZE, 4)
        width = max(44.0, max(text_width(line, PILL_SIZE) for line in lines) + 2 * PILL_PADDING + 6)
        height = len(lines) * PILL_SIZE * 1.3 + 2 * PILL_PADDING
        self.layout.pills.append(
            Pill(x, y, width, height, lines, self.content.is_good(end), end in self.content.definition.ends)
        )
        self.layout.drops.append(((x, start), (x, y)))
        return y + height

    def _entering_from_the_side(self) -> frozenset[str]:
        """The cards a loop can enter from the right: those with no other card to their right."""
        places = self.layout.places
        last = (
            max(
                (key for key in row if places[key].node is not None),
                key=lambda key: places[key].x,
                default=None,
            )
            for row in self.layout.rows
        )
        return frozenset(key for key in last if key is not None)

    def _arrivals(self) -> None:
        """Where on the upper edge each arc arrives, apart from each other, straight below if it can be."""
        arriving: dict[str, list[tuple[float, Link]]] = defaultdict(list)
        for link in self.links:
            if link.port.loop and link.target in self.from_the_side:
                continue
            place = self.layout.places[link.target]
            before = self.layout.places[link.path[-2]]
            x = before.x + (link.offset if link.path[-2] == link.source else 0.0)
            wanted = place.x + place.width / 2 if link.port.loop else x
            arriving[link.target].append((wanted, link))
        for target, wishes in arriving.items():
            place = self.layout.places[target]
            edge = place.width / 2 - 18
            wishes.sort(key=lambda wish: wish[0])
            xs = [min(max(wanted, place.x - edge), place.x + edge) for wanted, _ in wishes]
            for link, x in zip((link for _, link in wishes), _apart(xs, place.x + edge), strict=True):
                link.arrives = x

    def _gutters(self) -> None:
        """A column on the right for every loop; short loops keep to the inside."""
        columns: list[list[tuple[int, int]]] = []
        loops = [link for link in self.links if link.port.loop]
        right = self.layout.width - GAP + 18
        for link in sorted(loops, key=self._span):
            low, high = self.content.rank[link.target] - 1, self.content.rank[link.source]
            column = next(
                (n for n, taken in enumerate(columns) if all(high < a or b < low for a, b in taken)),
                len(columns),
            )
            if column == len(columns):
                columns.append([])
            columns[column].append((low, high))
            self.gutters[link.port.edge.where] = right + column * LANE
        if columns:
            self.layout.width = right + len(columns) * LANE + 6

    def _span(self, link: Link) -> int:
        return self.content.rank[link.source] - self.content.rank[link.target]

    def _tracks(self) -> dict[int, dict[str, int]]:
        """By channel (the row above it): the track of every arc that runs sideways there."""
        runs: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
        for link in self.links:
            where = link.port.edge.where
            for row, (start, end) in self._sideways(link):
                if abs(start - end) > 0.5:
                    runs[row].append((start, end, where))
        return {row: _on_tracks(found) for row, found in runs.items()}

    def _sideways(self, link: Link) -> Iterable[tuple[int, tuple[float, float]]]:
        """The sideways runs of an arc: the row above, from x, to x."""
        rank, places = self.content.rank, self.layout.places
        leaves = places[link.source].x + link.offset
        if link.port.loop:
            gutter = self.gutters[link.port.edge.where]
            yield rank[link.source], (leaves, gutter)
            if link.target not in self.from_the_side:
                yield rank[link.target] - 1, (gutter, link.arrives)
            return
        xs = [leaves, *(places[key].x for key in link.passes), link.arrives]
        yield from enumerate(pairwise(xs), start=rank[link.source])

    def _points(self, link: Link, lanes: dict[tuple[int, str], float]) -> Iterable[tuple[float, float]]:
        where, target = link.port.edge.where, self.layout.places[link.target]
        yield self.starts[where]
        for row, (start, end) in self._sideways(link):
            if (row, where) in lanes:
                yield (start, lanes[row, where])
                yield (end, lanes[row, where])
        card = self.content.cards.get(link.target)
        joined = BAR if card is not None and card.step.join is not None else 0.0
        if link.port.loop and link.target in self.from_the_side:
            middle = target.y + joined + (target.height - joined) / 2 + self._beside(link) * 11
            yield (self.gutters[where], middle)
            yield (target.x + target.width / 2, middle)
        else:
            yield (link.arrives, target.y + (5 if joined else 0))

    def _beside(self, link: Link) -> float:
        """Loops into one card enter it one above the other."""
        same = [each for each in self.links if each.port.loop and each.target == link.target]
        return same.index(link) - (len(same) - 1) / 2


def _apart(xs: Sequence[float], most: float) -> list[float]:
    """The same positions, in order, at least a little apart and not beyond ``most``."""
    apart: list[float] = []
    for x in xs:
        apart.append(max(x, apart[-1] + 16) if apart else x)
    for number in range(len(apart) - 1, -1, -1):
        limit = most if number == len(apart) - 1 else apart[number + 1] - 16
        apart[number] = min(apart[number], limit)
    return apart


def _on_tracks(runs: list[tuple[float, float, str]]) -> dict[str, int]:
    """Tracks on which no two runs touch; ordered so that arcs which fan out do not cross."""
    ordered = sorted(runs, key=lambda run: (run[1] < run[0], -run[0] if run[1] > run[0] else run[0]))
    tracks: list[list[tuple[float, float]]] = []
    found: dict[str, int] = {}
    for start, end, where in ordered:
        low, high = min(start, end) - 8, max(start, end) + 8
        track = next(
            (n for n, taken in enumerate(tracks) if all(high < a or b < low for a, b in taken)), len(tracks)
        )
        if track == len(tracks):
            tracks.append([])
        tracks[track].append((low, high))
        found[where] = track
    return found
