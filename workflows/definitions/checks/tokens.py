"""Every way a dossier can take, walked with tokens by the rules of the engine.

A step that is open holds a token; an outcome passes it along every arc whose condition holds. A join keeps
the tokens that arrive until it may open. Facts are answered only when a condition asks for them, so that the
walk stays small. The walk gives up, and says so, when there are more situations than ``MOST_SITUATIONS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.definitions.checks.domains import MOST_ASSIGNMENTS, Domains, Value, settle
from workflows.definitions.conditions import holds
from workflows.definitions.graph import Edge, Graph
from workflows.definitions.model import Outcome, StepKind

MOST_SITUATIONS = 20_000


ONE_WAY_KINDS = (StepKind.OPINION, StepKind.PAYMENT, StepKind.AUTOMATIC)
"""Kinds of step that end by themselves, so that only their first outcome ever happens."""

Facts = frozenset[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a dossier stands: open steps, tokens that wait at joins (by the step they came from), facts."""

    live: frozenset[str]
    waiting: frozenset[tuple[str, str]] = frozenset()
    facts: Facts = frozenset()
    decided: bool = False


@dataclass
class Walk:
    """What the walk has seen."""

    complete: bool = True
    opened: set[str] = field(default_factory=set)
    taken: set[Edge] = field(default_factory=set)
    doubled: dict[str, Edge] = field(default_factory=dict)
    """Steps that may be opened while still open, with the arc that does it."""
    stuck: dict[str, tuple[frozenset[str], Facts]] = field(default_factory=dict)
    """Joins that may wait for ever, with the steps that have led there and the facts of the case."""
    no_way_on: dict[tuple[str, int], Facts] = field(default_factory=dict)
    """Outcomes (step, place of the outcome) that may lead nowhere, with the answers for which they do."""
    widest: dict[str, int] = field(default_factory=dict)
    """Joins with the most tokens they ever gathered."""
    together: set[frozenset[str]] = field(default_factory=set)
    """Pairs of steps that may be open at once."""
    cancelled: set[Edge] = field(default_factory=set)
    """Arcs taken together with an arc to a negative end, which cancels them at once."""
    undecided: Facts | None = None
    """The facts of a case that finished well though nobody decided."""
    endless: frozenset[str] | None = None
    """Open steps of a situation from which no end can come any more."""


def walk(graph: Graph, domains: Domains, most: int = MOST_SITUATIONS) -> Walk:
    """Walk every way from the start."""
    return _Walker(graph, domains).run(most)


class _Walker:
    def __init__(self, graph: Graph, domains: Domains) -> None:
        self.graph = graph
        self.domains = domains
        self.seen = Walk()
        ends = graph.definition.ends
        self.negative = frozenset(name for name, end in ends.items() if not end.positive)
        self.asked_after = _facts_asked_after(graph)
        self.parents: dict[Situation, set[Situation]] = defaultdict(set)
        self.way_out: set[Situation] = set()
        """Situations that can end at once, or whose trouble is reported elsewhere."""

    def run(self, most: int) -> Walk:
        first = Situation(frozenset({self.graph.start}))
        pending, known = [first], {first}
        while pending:
            now = pending.pop()
            self._look(now)
            for after in self._after(now):
                self.parents[after].add(now)
                if after not in known:
                    known.add(after)
                    pending.append(after)
            if len(known) > most:
                self.seen.complete = False
                return self.seen
        self._find_endless(known)
        return self.seen

    def _look(self, now: Situation) -> None:
        self.seen.opened |= now.live
        live = sorted(now.live)
        self.seen.together.update(
            frozenset({one, other}) for number, one in enumerate(live) for other in live[number + 1 :]
        )
        if not now.live and now.waiting:
            came = defaultdict(set)
            for join, source in now.waiting:
                came[join].add(source)
            for join, sources in came.items():
                self.seen.stuck.setdefault(join, (frozenset(sources), now.facts))
            self.way_out.add(now)

    def _after(self, now: Situation) -> Iterator[Situation]:
        for step in sorted(now.live):
            ways = self.graph.steps[step].ways
            if self.graph.steps[step].kind in ONE_WAY_KINDS:
                ways = ways[:1]
            if not ways:
                self.way_out.add(now)
            for way, outcome in enumerate(ways):
                edges = [edge for edge in self.graph.leaving(step) if edge.way == way]
                if edges:
                    yield from self._take(now, step, outcome, edges)
                else:
                    self.way_out.add(now)

    def _take(self, now: Situation, step: str, outcome: Outcome, edges: list[Edge]) -> Iterator[Situation]:
        facts = dict(now.facts) | {name: settle(value) for name, value in outcome.sets.items()}
        asked = [name for edge in edges for name in edge.arc.when]
        decided = now.decided or self.graph.steps[step].decides
        if self.domains.size(set(asked) - set(facts)) > MOST_ASSIGNMENTS:
            self.seen.complete = False
            self.way_out.add(now)
            return
        for answers in self.domains.assignments(asked, facts):
            chosen = [e for e in edges if not e.arc.otherwise and holds(e.arc.when, answers)]
            chosen = chosen or [e for e in edges if e.arc.otherwise]
            if not chosen:
                self._note_no_way_on(step, edges[0].way, asked, answers)
                self.way_out.add(now)
                continue
            self.seen.taken.update(chosen)
            left = replace(now, live=now.live - {step}, facts=frozenset(answers.items()), decided=decided)
            after = self._arrive(left, chosen)
            if after is None:
                self.way_out.add(now)
            else:
                yield after

    def _note_no_way_on(
        self, step: str, way: int, asked: Iterable[str], answers: Mapping[str, Value]
    ) -> None:
        example = frozenset((name, answers[name]) for name in asked)
        known = self.seen.no_way_on.get((step, way))
        if known is None or (not all_known(known) and all_known(example)):
            self.seen.no_way_on[step, way] = example

    def _arrive(self, left: Situation, chosen: list[Edge]) -> Situation | None:
        """The situation after the tokens have arrived; None when the dossier ended."""
        if any(edge.target in self.negative for edge in chosen):
            self.seen.cancelled.update(edge for edge in chosen if edge.target not in self.negative)
            return None
        live, waiting = set(left.live), set(left.waiting)
        for edge in chosen:
            if edge.target in self.graph.ends:
                continue
            if edge.target in live:
                self.seen.doubled.setdefault(edge.target, edge)
            elif self.graph.steps[edge.target].join is None:
                live.add(edge.target)
            else:
                waiting.add((edge.target, edge.source))
        self._open_joins(live, waiting)
        after = replace(left, live=frozenset(live), waiting=frozenset(waiting))
        if live or waiting:
            return self._forget(after)
        if not after.decided and self.seen.undecided is None:
            self.seen.undecided = after.facts
        return None

    def _open_joins(self, live: set[str], waiting: set[tuple[str, str]]) -> None:
        while ready := [
            join for join in sorted({join for join, _ in waiting}) if self._may_open(join, live, waiting)
        ]:
            join = ready[0]
            arrived = {token for token in waiting if token[0] == join}
            self.seen.widest[join] = max(self.seen.widest.get(join, 0), len(arrived))
            waiting -= arrived
            live.add(join)

    def _may_open(self, join: str, live: set[str], waiting: set[tuple[str, str]]) -> bool:
        awaited = self.graph.steps[join].join
        if isinstance(awaited, tuple):
            return {source for to, source in waiting if to == join} >= set(awaited)
        still_moving = live | {other for other, _ in waiting if other != join}
        return not still_moving & self.graph.upstream[join]

    def _forget(self, now: Situation) -> Situation:
        """Without the facts nobody will ask for any more: situations that differ only there are one."""
        nodes = now.live | {join for join, _ in now.waiting}
        asked = frozenset[str]().union(*(self.asked_after[node] for node in nodes))
        return replace(now, facts=frozenset(fact for fact in now.facts if fact[0] in asked))

    def _find_endless(self, known: set[Situation]) -> None:
        can_end: set[Situation] = set()
        pending = list(self.way_out)
        while pending:
            now = pending.pop()
            if now not in can_end:
                can_end.add(now)
                pending.extend(self.parents[now])
        endless = [now for now in known if now not in can_end]
        if endless:
            self.seen.endless = min((now.live for now in endless), key=lambda live: (len(live), sorted(live)))


def all_known(facts: Facts) -> bool:
    """Whether every fact of the example is known."""
    return all(value is not None for _, value in facts)


def _facts_asked_after(graph: Graph) -> dict[str, frozenset[str]]:
    return {
        node: frozenset(
            name for at in graph.reachable(node) for edge in graph.leaving(at) for name in edge.arc.when
        )
        for node in graph.steps
    }
