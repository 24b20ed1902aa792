"""Definitions made of a few steps, and where a dossier of one stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import yaml

from tests.support.office import (
    TestOffice,
    definition,
)
from workflows.definitions.model import Definition

PARTICIPANTS = {
    "desk": {"name": "Một cửa", "kind": "one_stop"},
    "division": {"name": "Phòng Kinh tế", "kind": "division.economy"},
    "police": {"name": "Công an", "kind": "police.commune"},
    "finance": {"name": "Sở Tài chính", "kind": "department.finance"},
    "tax": {"name": "Thuế", "kind": "tax"},
    "committee": {"name": "UBND", "kind": "committee.commune"},
    "consulted": {"name": "Các cơ quan liên quan", "kind": "nobody", "many": True},
}


def made(steps: str, **changes: Any) -> Definition:
    """A definition with these steps and every participant at hand."""
    return definition(
        participants=PARTICIPANTS,
        steps=yaml.safe_load(steps),
        **{"limits": [{"limit": "10 working_day"}], "ends": {"xong": {"name": "Xong"}}, **changes},
    )


def live(office: TestOffice, dossier: UUID) -> list[str]:
    return [task.step for task in office.state(dossier).live_tasks()]


def task_of(office: TestOffice, dossier: UUID, step: str, agency: str | None = None) -> int:
    tasks = [
        task
        for task in office.state(dossier).tasks.values()
        if task.step == step and agency in (None, task.agency) and task.is_live
    ]
    return tasks[-1].no
