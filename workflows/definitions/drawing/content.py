"""What is drawn: a card per step, a way out per arc, an end per ending; and how large their text is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from workflows.definitions.graph import Edge, Graph
from workflows.definitions.model import Definition, Silence, Step, StepKind
from workflows.definitions.schema import value_labels
from workflows.definitions.wording import arc_text, limits_summary, target_text

CARD_WIDTH = 268.0
PORT_WIDTH = 96.0
PADDING = 12.0
NAME_SIZE, AGENCY_SIZE, SMALL_SIZE, LABEL_SIZE = 14.0, 12.0, 12.0, 11.0
BOLD = 1.09
"""How much wider bold text is."""

_NARROW = frozenset("fijlrtI.,:;'|!()[]{}·“”‘’ ")
_WIDE = frozenset("mwMWQGOĐÔƠ@%—→")


@dataclass(frozen=True)
class Line:
    """A line of text on a card: its size, and what it is (a class of the style sheet)."""

    text: str
    size: float
    style: str

    @property
    def height(self) -> float:
        """The height the line takes."""
        return self.size * 1.36


@dataclass(frozen=True)
class Card:
    """A step as it is drawn."""

    step: Step
    number: int
    lines: tuple[Line, ...]
    width: float

    @property
    def height(self) -> float:
        """The height of the card with its padding."""
        return sum(line.height for line in self.lines) + 2 * PADDING


@dataclass(frozen=True)
class Port:
    """Where one arc leaves its card. ``ends`` is an end drawn right below instead of far away."""

    edge: Edge
    case: tuple[str, ...]
    loop: bool
    ends: str | None = None


@dataclass(frozen=True)
class Exit:
    """An outcome as it is drawn: its name and its arcs side by side."""

    label: tuple[str, ...]
    ports: tuple[Port, ...]

    @property
    def splits(self) -> bool:
        """Whether several arcs leave together."""
        return len(self.ports) > 1

    @property
    def conditional(self) -> bool:
        """Whether only some of the arcs may be taken."""
        return any(port.edge.arc.when or port.edge.arc.otherwise for port in self.ports)


def text_width(text: str, size: float) -> float:
    """About how wide the text is in a usual sans-serif font, rather too wide than too narrow."""
    return size * sum(
        0.37 if letter in _NARROW else 0.9 if letter in _WIDE else 0.72 if letter.isupper() else 0.6
        for letter in text
    )


def wrap(text: str, width: float, size: float, most: int = 6) -> tuple[str, ...]:
    """The text in lines no wider than ``width``; a word too long is broken, what is too much ends in “…”."""
    lines: list[str] = []
    for word in _pieces(text, width, size):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" .,;") + "…"]
    return tuple(lines)


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    for word in text.split():
        piece = ""
        for letter in word:
            if piece and text_width(piece + letter, size) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece


class Content:
    """Everything to draw of one definition."""

    def __init__(self, definition: Definition, current: frozenset[str], done: frozenset[str]) -> None:
        self.definition = definition
        self.graph = Graph(definition)
        self.current = current
        self.done = done
        self.reached = self.graph.reachable(self.graph.start)
        self.rank = self._ranks()
        self.agencies = tuple(dict.fromkeys(step.agency for step in self.graph.steps.values()))

    @cached_property
    def cards(self) -> dict[str, Card]:
        """The card of every step."""
        return {
            step.id: self._card(step, number)
            for number, step in enumerate(self.graph.steps.values(), start=1)
        }

    @cached_property
    def exits(self) -> dict[str, tuple[Exit, ...]]:
        """The outcomes of every step: ends first, then what leads on, then what leads back."""
        return {step.id: self._exits(step) for step in self.graph.steps.values()}

    @cached_property
    def stage_starts(self) -> dict[int, int]:
        """The row each stage begins at, with the place of the stage; empty when stages share rows."""
        stages = [stage.id for stage in self.definition.stages]
        rows: dict[int, set[int]] = {}
        for step in self.graph.steps.values():
            stage = step.stage or (stages[0] if stages else "")
            if stage in stages:
                rows.setdefault(self.rank[step.id], set()).add(stages.index(stage))
        starts: dict[int, int] = {}
        latest = -1
        for row in sorted(rows):
            if len(rows[row]) > 1 or min(rows[row]) < latest:
                return {}
            if min(rows[row]) > latest:
                latest = min(rows[row])
                starts[row] = latest
        return starts

    def room(self, step: str) -> float:
        """The width each arc has below its card."""
        card = self.cards[step]
        return card.width / max(1, sum(len(way.next) for way in card.step.ways))

    def end_name(self, end: str) -> str:
        """What an end is called; an unknown target keeps its id."""
        return target_text(self.definition, end)

    def is_good(self, end: str) -> bool:
        """Whether an end gives the applicant what was asked."""
        known = self.definition.ends.get(end)
        return known is not None and known.positive

    def agency_name(self, agency: str) -> str:
        """What an agency is called."""
        participant = self.definition.participants.get(agency)
        return participant.name if participant is not None else agency

    def _ranks(self) -> dict[str, int]:
        """The row of every step and of the good ends: below all that leads forward to it."""
        graph = self.graph
        rank: dict[str, int] = {}
        for node in (node for node in graph.order if node in self.reached and node in graph.steps):
            before = (
                e.source for e in graph.arriving(node) if e not in graph.loop_backs and e.source in rank
            )
            rank[node] = 1 + max((rank[source] for source in before), default=-1)
        lowest = max(rank.values(), default=-1)
        for step in graph.steps:
            if step not in rank:
                lowest += 1
                rank[step] = lowest
        for end in graph.nodes:
            sources = [rank[edge.source] for edge in graph.arriving(end)] if end in graph.ends else []
            if sources and self.definition.ends[end].positive:
                rank[end] = 1 + max(sources)
        return rank

    def _card(self, step: Step, number: int) -> Card:
        ports = sum(max(1, len(outcome.next)) for outcome in step.ways)
        width = max(CARD_WIDTH, ports * PORT_WIDTH)
        inside = width - 2 * PADDING - 6
        lines = [
            *_lines(f"{number}. {self.agency_name(step.agency)}", inside / BOLD, AGENCY_SIZE, "agency", 2),
            *_lines(step.name.strip() or step.id, inside / BOLD, NAME_SIZE, "name", 5),
            *_lines(self._work(step), inside, SMALL_SIZE, "small", 4),
        ]
        tags = " · ".join(self._tags(step))
        if tags:
            lines += _lines(tags, inside, SMALL_SIZE, "tag", 3)
        return Card(step, number, tuple(lines), width)

    def _work(self, step: Step) -> str:
        """Who does it and in what time."""
        who = step.role.label
        if step.kind is StepKind.OUTSIDE:
            who = f"chờ {value_labels()['owner'][step.owner]}"
        elif step.kind in (StepKind.AUTOMATIC, StepKind.DOSSIER, StepKind.PAYMENT):
            who = value_labels()["StepKind"][step.kind.value]
        time = limits_summary(self.definition, step.limit)
        return " · ".join(part for part in (who, time) if part)

    def _tags(self, step: Step) -> Iterator[str]:
        participant = self.definition.participants.get(step.agency)
        if step.id not in self.reached:
            yield "⚠ không đến được"
        if step.id in self.done:
            yield "✓ đã xong"
        if step.id in self.current:
            yield "▶ đang xử lý"
        if step.kind is StepKind.OPINION:
            yield value_labels()["StepKind"][step.kind.value]
        if participant is not None and participant.many:
            yield "nhiều cơ quan, " + value_labels()["Send"][step.send.value]
        if step.kind is StepKind.OPINION and step.silence is Silence.CONSENT:
            yield "im lặng là đồng ý"
        if step.decides:
            yield "★ quyết định"
        if not step.counted:
            yield "không tính thời gian"
        if step.stage is not None and not self.stage_starts:
            yield f"giai đoạn {step.stage}"

    def _exits(self, step: Step) -> tuple[Exit, ...]:
        width = self.cards[step.id].width
        count = sum(max(1, len(outcome.next)) for outcome in step.ways)
        each = width / max(1, count) - 8
        exits = []
        for way, outcome in enumerate(step.ways):
            edges = [e for e in (*self.graph.leaving(step.id), *self.graph.dangling) if e.way == way]
            ports = tuple(self._port(edge, each) for edge in edges if edge.source == step.id)
            if not ports:
                continue
            plain = len(step.ways) == 1 and outcome.id == "done"
            label = (
                ()
                if plain
                else wrap(outcome.name.strip() or outcome.id, each * len(ports) / BOLD, LABEL_SIZE, 3)
            )
            exits.append(Exit(label, tuple(sorted(ports, key=_side))))
        return tuple(sorted(exits, key=lambda exit_: min(map(_side, exit_.ports))))

    def _port(self, edge: Edge, width: float) -> Port:
        case = wrap(arc_text(self.definition, edge.arc), width, LABEL_SIZE, 7)
        far = edge.target not in self.rank or (
            edge.target in self.graph.ends and self.rank[edge.target] != self.rank[edge.source] + 1
        )
        ends = edge.target if far else None
        back = not far and self.rank[edge.target] <= self.rank[edge.source]
        return Port(edge, case, back, ends)


def _side(port: Port) -> int:
    """Left to right: what ends, what goes on, what goes back."""
    return 0 if port.ends is not None else 2 if port.loop else 1


def _lines(text: str, width: float, size: float, style: str, most: int) -> Iterable[Line]:
    return [Line(line, size, style) for line in wrap(text, width, size, most)]
