"""Letting time pass for many dossiers in one transaction: the same as one by one, with fewer statements.

The monitor's way when much falls due at once. What is bound to another dossier (a part of a group, or one
that opens parts) is left to ``service.execute``, which locks the whole line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from dossiers.history import repository as history
from dossiers.history.events import Link, chain
from dossiers.records import repository as records
from dossiers.records.repository import Rows
from workflows.commands import Tick
from workflows.deliveries.owing import owe
from workflows.engine.decide import Decision, decide
from workflows.engine.draft import SYSTEM
from workflows.engine.evolve import fold
from workflows.engine.kinds import Kind
from workflows.engine.projection import DERIVED, rows
from workflows.office import Office


@dataclass(slots=True)
class Ticked:
    """What came of it: events by kind, and the dossiers left to be done one by one."""

    events: Counter[str] = field(default_factory=Counter)
    left: list[UUID] = field(default_factory=list)


def tick_together(
    office: Office, connection: Connection, dossier_ids: Sequence[UUID], at: datetime
) -> Ticked:
    """Let time pass up to ``at`` for all of them, or for none when anything is raised."""
    ticked = Ticked()
    alone = set(records.lock_alone(connection, dossier_ids))
    ticked.left = [dossier_id for dossier_id in dossier_ids if dossier_id not in alone]
    reference = office.reference(connection)
    links: list[tuple[UUID, list[Link]]] = []
    changes: list[tuple[UUID, Rows, Rows]] = []
    decisions: list[Decision] = []
    for dossier_id, known in history.chains_of(connection, sorted(alone)).items():
        state = fold(dossier_id, (link.event for link in known))
        before = rows(state, known[-1].hash)
        plan = office.plan(connection, state.procedure, state.version)
        decision = decide(office.env(connection, plan, reference), state, Tick(), SYSTEM, at)
        if not decision.events:
            continue
        if _needs_more(decision):
            ticked.left.append(dossier_id)
            continue
        added = chain(dossier_id, decision.events, known[-1].hash)
        links.append((dossier_id, added))
        changes.append((dossier_id, before, rows(decision.state, added[-1].hash)))
        decisions.append(decision)
        ticked.events.update(event.kind for event in decision.events)
    if links:
        history.append_all(connection, links)
        records.write_all_changes(connection, DERIVED, changes)
        owe(office, connection, decisions, reference)
        records.forget_failures(connection, [dossier_id for dossier_id, _ in links])
    return ticked


def _needs_more(decision: Decision) -> bool:
    """Whether more is to be written than events and the rows derived from them."""
    return bool(decision.texts) or any(event.kind == Kind.MEMBER_REQUESTED for event in decision.events)
