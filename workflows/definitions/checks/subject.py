"""What the checks look at: a definition with what was worked out about it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from workflows.definitions.checks.domains import Domains, Value, told
from workflows.definitions.checks.findings import Directory
from workflows.definitions.checks.tokens import Walk, walk
from workflows.definitions.graph import Graph
from workflows.definitions.model import Definition, Step, StepKind

WAITING_KINDS = (StepKind.OUTSIDE, StepKind.PAYMENT)
"""Kinds of step in which the agencies wait for somebody else."""


class Subject:
    """A definition under inspection."""

    def __init__(self, definition: Definition, directory: Directory | None = None) -> None:
        self.definition = definition
        self.directory = directory
        self.graph = Graph(definition)

    @cached_property
    def domains(self) -> Domains:
        """What each case fact can be."""
        return Domains(self.definition, self.graph)

    @cached_property
    def walk(self) -> Walk:
        """Every way a dossier can take."""
        return walk(self.graph, self.domains)

    @cached_property
    def reached(self) -> frozenset[str]:
        """Steps and ends that can be reached from the start."""
        return self.graph.reachable(self.graph.start)

    def named(self, step: str) -> str:
        """The name of a step, for a message."""
        return self.graph.steps[step].name.strip() or step

    def told(self, facts: Iterable[tuple[str, Value]] | Mapping[str, Value]) -> str:
        """Answers as a clerk reads them."""
        return told(self.definition, dict(facts))

    def stage_of(self, step: Step) -> str | None:
        """The stage a step belongs to; the first one when it names none."""
        if not self.definition.stages:
            return None
        return step.stage or self.definition.stages[0].id


def is_counted(step: Step) -> bool:
    """Whether the agencies' clock runs in the step; while somebody pays it never does."""
    return step.counted and step.kind is not StepKind.PAYMENT
