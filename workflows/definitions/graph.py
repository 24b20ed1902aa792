"""A definition as a graph: its arcs, what can be reached, what loops back, order and longest paths.

Pure and compiled once per definition. An arc to a target that does not exist is kept apart in ``dangling``;
of steps with one id only the first counts. A *loop back* is an arc into the entry of a cycle; without the
loop backs the graph has an order from the start to the ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from workflows.definitions.model import Arc, Definition, Step


@dataclass(frozen=True, slots=True)
class Edge:
    """One arc of one outcome. ``way`` and ``number`` are the places of outcome and arc in their lists."""

    source: str
    way: int
    number: int
    outcome: str
    target: str
    where: str
    arc: Arc = field(compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """A way through the graph and what it weighs."""

    weight: int
    nodes: tuple[str, ...]


class Graph:
    """The steps and ends of a definition with the arcs between them."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.start: str = definition.steps[0].id
        steps: dict[str, Step] = {}
        position: dict[str, int] = {}
        for number, step in enumerate(definition.steps):
            steps.setdefault(step.id, step)
            position.setdefault(step.id, number)
        self.steps: Mapping[str, Step] = steps
        self.position: Mapping[str, int] = position
        self.ends: frozenset[str] = frozenset(definition.ends) - frozenset(self.steps)
        known = self.ends | frozenset(self.steps)
        edges = tuple(edge for step in steps.values() for edge in _edges(step, position[step.id]))
        self.edges: tuple[Edge, ...] = tuple(edge for edge in edges if edge.target in known)
        self.dangling: tuple[Edge, ...] = tuple(edge for edge in edges if edge.target not in known)
        leaving: dict[str, list[Edge]] = defaultdict(list)
        arriving: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            leaving[edge.source].append(edge)
            arriving[edge.target].append(edge)
        self._leaving = {node: tuple(found) for node, found in leaving.items()}
        self._arriving = {node: tuple(found) for node, found in arriving.items()}

    @property
    def nodes(self) -> tuple[str, ...]:
        """The steps as written, then the ends as written."""
        return (*self.position, *(end for end in self.definition.ends if end in self.ends))

    def leaving(self, node: str) -> tuple[Edge, ...]:
        """The arcs that leave a step, outcome by outcome."""
        return self._leaving.get(node, ())

    def arriving(self, node: str) -> tuple[Edge, ...]:
        """The arcs that lead to a step or an end."""
        return self._arriving.get(node, ())

    def place(self, step: str) -> str:
        """Where a step stands in the definition: ``steps[3]``."""
        return f"steps[{self.position[step]}]"

    def way_place(self, step: str, way: int) -> str:
        """Where the arcs of an outcome stand: ``steps[3].outcomes[0].next``, or ``steps[3].next``."""
        return f"{self.place(step)}{_arcs_of(self.steps[step], way)}"

    def reachable(self, node: str, *, avoiding: frozenset[str] = frozenset()) -> frozenset[str]:
        """The node and all that can be reached from it, not passing through what is avoided."""
        return self._closure((node,), avoiding, lambda at: (edge.target for edge in self.leaving(at)))

    def leading_to(self, nodes: Iterable[str], *, avoiding: frozenset[str] = frozenset()) -> frozenset[str]:
        """The nodes and all from which one of them can be reached, not passing through what is avoided."""
        return self._closure(nodes, avoiding, lambda at: (edge.source for edge in self.arriving(at)))

    def must_pass(self, node: str, to: str) -> bool:
        """Whether every way from the start to ``to`` passes through the node."""
        return to not in self.reachable(self.start, avoiding=frozenset({node}))

    @cached_property
    def upstream(self) -> Mapping[str, frozenset[str]]:
        """For each step with a join: the other steps from which a branch may still come to it.

        A loop back to a step that every way to the join passes through does not count: it would begin the
        parallel work anew, not bring a branch of it. Otherwise a nested join and the one around it would wait
        for each other wherever the whole can be sent back.
        """
        return {join: self._upstream(join) for join, step in self.steps.items() if step.join is not None}

    @cached_property
    def loop_backs(self) -> frozenset[Edge]:
        """The arcs into the entry of a cycle; of several entries, the one written first."""
        found: set[Edge] = set()
        pending = [frozenset(self.nodes)]
        while pending:
            inside = pending.pop()
            for knot in self._knots(inside, found):
                header = min(self._entries(knot, found) or knot, key=self.position.__getitem__)
                found.update(edge for edge in self.arriving(header) if edge.source in knot)
                pending.append(knot)
        return frozenset(found)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All nodes so that every arc except the loop backs leads forward; as written where it is free."""
        waiting = {node: len(self._forward_into(node)) for node in self.nodes}
        order: list[str] = []
        ready = [node for node in self.nodes if not waiting[node]]
        written = {node: number for number, node in enumerate(self.nodes)}
        while ready:
            node = min(ready, key=written.__getitem__)
            ready.remove(node)
            order.append(node)
            for edge in self.leaving(node):
                if edge not in self.loop_backs:
                    waiting[edge.target] -= 1
                    if not waiting[edge.target]:
                        ready.append(edge.target)
        return tuple(order)

    def longest(
        self,
        weigh: Callable[[str], int],
        *,
        to: Iterable[str] | None = None,
        usable: Callable[[Edge], bool] = lambda edge: True,
    ) -> Path | None:
        """The heaviest path from the start, loops walked once, to one of ``to`` (default: to anywhere).

        ``weigh`` gives the weight of a step. None when nothing of ``to`` can be reached.
        """
        best: dict[str, tuple[int, str | None]] = {self.start: (weigh(self.start), None)}
        for node in self.order:
            if node not in best:
                continue
            for edge in self.leaving(node):
                if edge in self.loop_backs or not usable(edge):
                    continue
                weight = best[node][0] + (weigh(edge.target) if edge.target in self.steps else 0)
                if edge.target not in best or weight > best[edge.target][0]:
                    best[edge.target] = (weight, node)
        goals = [node for node in (self.nodes if to is None else to) if node in best]
        if not goals:
            return None
        at: str | None = max(goals, key=lambda node: best[node][0])
        weight, nodes = best[at or self.start][0], list[str]()
        while at is not None:
            nodes.append(at)
            at = best[at][1]
        return Path(weight, tuple(reversed(nodes)))

    def _forward_into(self, node: str) -> list[Edge]:
        return [edge for edge in self.arriving(node) if edge not in self.loop_backs]

    def _upstream(self, join: str) -> frozenset[str]:
        anew = {
            edge
            for edge in self.loop_backs
            if self.must_pass(edge.target, join) and self.must_pass(edge.target, edge.source)
        }

        def behind(node: str) -> Iterator[str]:
            return (edge.source for edge in self.arriving(node) if edge not in anew)

        return self._closure(behind(join), frozenset({join}), behind)

    def _entries(self, knot: frozenset[str], without: set[Edge]) -> list[str]:
        return [
            node
            for node in knot
            if node == self.start
            or any(edge.source not in knot and edge not in without for edge in self.arriving(node))
        ]

    def _knots(self, inside: frozenset[str], without: set[Edge]) -> Iterator[frozenset[str]]:
        """The sets of nodes that can all reach each other, of more than one node or with an arc to itself."""

        def ahead(node: str) -> Iterator[str]:
            return (e.target for e in self.leaving(node) if e.target in inside and e not in without)

        def behind(node: str) -> Iterator[str]:
            return (e.source for e in self.arriving(node) if e.source in inside and e not in without)

        left = set(inside)
        for node in self.nodes:
            if node in left:
                knot = self._closure((node,), frozenset(), ahead) & self._closure(
                    (node,), frozenset(), behind
                )
                left -= knot
                if len(knot) > 1 or node in ahead(node):
                    yield knot

    @staticmethod
    def _closure(
        start: Iterable[str], avoiding: frozenset[str], step: Callable[[str], Iterable[str]]
    ) -> frozenset[str]:
        seen: set[str] = set()
        pending = [node for node in start if node not in avoiding]
        while pending:
            node = pending.pop()
            if node not in seen:
                seen.add(node)
                pending.extend(other for other in step(node) if other not in avoiding)
        return frozenset(seen)


def _edges(step: Step, place: int) -> Iterator[Edge]:
    for way, outcome in enumerate(step.ways):
        of = f"steps[{place}]{_arcs_of(step, way)}"
        for number, arc in enumerate(outcome.next):
            yield Edge(step.id, way, number, outcome.id, arc.to, f"{of}[{number}]", arc)


def _arcs_of(step: Step, way: int) -> str:
    return ".next" if way == len(step.outcomes) else f".outcomes[{way}].next"
