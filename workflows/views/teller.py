"""What one event mentions, by name: who acted, agencies, steps, outcomes, instants, free texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dossiers.agencies.directory import Directory
from dossiers.core.canonical import read_instant
from dossiers.core.said import Said, joined
from dossiers.history.events import Event, read_actor
from sla.calendars.book import CalendarBook
from sla.limits import parse_limit
from sla.lines import moment
from workflows.engine.plan import Plan
from workflows.engine.state import State, TextRef


@dataclass(frozen=True, slots=True)
class Teller:
    """One event with the state after it and the names of what it mentions."""

    state: State
    event: Event
    plan: Plan
    directory: Directory
    calendars: CalendarBook
    texts: Mapping[str, Any]

    @property
    def who(self) -> str:
        """Who acted."""
        kind, name, behalf = read_actor(self.event.actor)
        if kind == "official":
            place = (
                Said(" (thay mặt {behalf})", behalf=self.directory.official_name(behalf)) if behalf else ""
            )
            return self.directory.official_name(name) + place
        if kind == "partner":
            return Said("Hệ thống {name}", name=name)
        return {"applicant": Said("Người nộp"), "system": Said("Hệ thống")}.get(kind, self.event.actor)

    def agency(self, code: str | None) -> str:
        """An agency's name."""
        return self.directory.name(code)

    def agencies(self, codes: list[str]) -> str:
        """Names of agencies, in a row."""
        return joined(", ", (self.agency(code) for code in codes))

    def official(self, official_id: str | None) -> str:
        """An official's name."""
        return self.directory.official_name(official_id)

    def step(self, step_id: str | None) -> str:
        """A step's name in quotes."""
        step = self.plan.steps.get(step_id or "")
        return Said("“{step}”", step=step.name if step else step_id)

    def task(self, number: int | None) -> str:
        """A task's number and the name of its step."""
        task = self.state.tasks.get(number or 0)
        return (
            Said("việc số {number} {step}", number=number, step=self.step(task.step))
            if task
            else Said("việc số {number}", number=number)
        )

    def outcome(self, number: int, outcome_id: str) -> str:
        """The name of a task's outcome."""
        task = self.state.tasks.get(number)
        step = self.plan.steps.get(task.step) if task else None
        way = self.plan.outcome(step, outcome_id) if step else None
        return way.name if way else outcome_id

    def at(self, text: str | None) -> str:
        """An instant on the wall clock of the competent agency."""
        if text is None:
            return ""
        calendar = self.calendars.processing(self.directory, self.state.competent)
        return moment(calendar.to_local(read_instant(text)))

    def text(self, ref: TextRef | None) -> str:
        """A free text in quotes; nothing when there is none, and it says so when it was disposed of."""
        if not ref:
            return ""
        row = self.texts.get(ref["text"])
        if row is None:
            return Said("(nội dung đã được tiêu huỷ)")
        return Said("“{text}”", text=row.body.strip().removesuffix("."))

    def because(self, ref: TextRef | None) -> str:
        """The reason as a sentence of its own, with a space before it; nothing when there is none."""
        text = self.text(ref)
        return Said(" Lý do: {text}.", text=text) if text else ""

    def limit(self, text: str | None) -> str:
        """A limit as a clerk writes it."""
        return parse_limit(text).label if text else ""
