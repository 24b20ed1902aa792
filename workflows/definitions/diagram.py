"""Pictures of a procedure: Mermaid text for documents, SVG for pages and print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from workflows.definitions.drawing.content import Content
from workflows.definitions.drawing.svg import write_svg
from workflows.definitions.graph import Edge, Graph
from workflows.definitions.model import Definition, Outcome, Step
from workflows.definitions.wording import arc_text, limits_text


def to_svg(definition: Definition, *, current: Collection[str] = (), done: Collection[str] = ()) -> str:
    """A self-contained SVG. ``current`` and ``done`` are ids of steps to mark, for one dossier."""
    return write_svg(Content(definition, frozenset(current), frozenset(done)))


def to_mermaid(definition: Definition) -> str:
    """A Mermaid flowchart. Every name is quoted, and every id prefixed so that none is a keyword."""
    return "\n".join(_mermaid(definition, Graph(definition))) + "\n"


def _mermaid(definition: Definition, graph: Graph) -> Iterator[str]:
    yield "flowchart TD"
    stages = {stage.id: stage for stage in definition.stages}
    inside: dict[str | None, list[Step]] = {}
    for step in graph.steps.values():
        stage = step.stage or (definition.stages[0].id if definition.stages else None)
        inside.setdefault(stage if stage in stages else None, []).append(step)
    for key, steps in inside.items():
        if key is not None:
            promised = limits_text(definition, stages[key].limits)
            yield f"  subgraph stage_{key}[{_quoted(stages[key].name, promised)}]"
        for step in steps:
            yield f"    s_{step.id}{_step(definition, step)}"
            if step.join is not None:
                yield f'    j_{step.id}{{{{"{_safe("chờ đủ các nhánh")}"}}}} --> s_{step.id}'
        if key is not None:
            yield "  end"
    for end, what in definition.ends.items():
        if end in graph.ends:
            yield f"  e_{end}([{_quoted(what.name or end)}])"
    for step in graph.steps.values():
        for way, outcome in enumerate(step.ways):
            edges = [edge for edge in graph.leaving(step.id) if edge.way == way]
            yield from _outcome(definition, graph, step, way, outcome, edges)
    yield from _classes(definition, graph)


def _step(definition: Definition, step: Step) -> str:
    participant = definition.participants.get(step.agency)
    agency = participant.name if participant is not None else step.agency
    work = " · ".join(part for part in (step.role.label, limits_text(definition, step.limit)) if part)
    return f"[{_quoted(agency, step.name or step.id, work)}]"


def _outcome(
    definition: Definition, graph: Graph, step: Step, way: int, outcome: Outcome, edges: list[Edge]
) -> Iterator[str]:
    name = "" if len(step.ways) == 1 and outcome.id == "done" else outcome.name or outcome.id
    source = f"s_{step.id}"
    if len(edges) > 1:
        split = f"f_{step.id}_{way}"
        parallel = not any(edge.arc.when or edge.arc.otherwise for edge in edges)
        yield f'  {split}{{"{_safe("song song" if parallel else "theo điều kiện")}"}}'
        yield f"  {source} -->{_label(name)} {split}"
        source, name = split, ""
    for edge in edges:
        label = ": ".join(part for part in (name, arc_text(definition, edge.arc)) if part)
        yield f"  {source} -->{_label(label)} {_target(graph, edge)}"


def _target(graph: Graph, edge: Edge) -> str:
    if edge.target in graph.ends:
        return f"e_{edge.target}"
    return f"{'s' if graph.steps[edge.target].join is None else 'j'}_{edge.target}"


def _classes(definition: Definition, graph: Graph) -> Iterator[str]:
    yield "  classDef uncounted stroke-dasharray: 6 4"
    yield "  classDef good fill:#e9f6ee,stroke:#1d7044"
    yield "  classDef bad fill:#fdecec,stroke:#b42318"
    groups = {
        "uncounted": [f"s_{step.id}" for step in graph.steps.values() if not step.counted],
        "good": [f"e_{end}" for end, what in definition.ends.items() if what.positive and end in graph.ends],
        "bad": [
            f"e_{end}" for end, what in definition.ends.items() if not what.positive and end in graph.ends
        ],
    }
    for name, nodes in groups.items():
        if nodes:
            yield f"  class {','.join(nodes)} {name}"


def _label(text: str) -> str:
    return f'|"{_safe(text)}"|' if text else ""


def _quoted(*lines: str) -> str:
    return '"' + "<br/>".join(_safe(line) for line in lines if line.strip()) + '"'


def _safe(text: str) -> str:
    """Text that means itself inside Mermaid's quotes: all but letters, digits and plain signs is coded."""
    plain = " ".join(text.split())
    return re.sub(r"[^\w\s.,;:()/%+·→–—“”‘’-]", lambda found: f"#{ord(found[0])};", plain)
