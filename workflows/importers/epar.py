"""Reading workflow configurations of an e-Par one-stop system into definitions.

The source is a list of workflows. A workflow has a total, steps, and in each step tasks. A step belongs to
one group (a department) and has the time by which the department's deadline is set; every task names the
task that follows it, the last one ``NULL``. How each part is understood is told in ``docs/importing.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from workflows.definitions.model import Definition
from workflows.importers.chain import Run, Task, follow, pauses
from workflows.importers.drafting import Draft, draft
from workflows.importers.faults import Fault, Findings, Note
from workflows.importers.fields import UNSTATED, Fields, scalar, shown
from workflows.importers.groups import Group, Groups

ORIGIN = "Cấu hình quy trình của phần mềm một cửa điện tử (định dạng e-Par)"
MOST_TASKS = 200

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SIDE_TASK = "FINISH_NO_CHAIN_STEP"


@dataclass(frozen=True, slots=True)
class ReadWorkflow:
    """One workflow of the source: its definition, or the faults it is refused for; never both."""

    code: str
    name: str
    definition: Definition | None = None
    groups: tuple[Group, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()


def read_workflows(
    data: Sequence[Any],
    *,
    effective_from: date,
    names: Mapping[str, str] | None = None,
    origin: str = ORIGIN,
) -> list[ReadWorkflow]:
    """Every workflow of the list, in its order. ``names`` are the departments' by their code.

    Nothing the list may hold raises an error: what cannot be read becomes a fault of its workflow.
    """
    groups = Groups(names)
    read = [_Reader(item, number, groups).read(effective_from, origin) for number, item in enumerate(data)]
    return list(_told_apart(read))


def _told_apart(read: Sequence[ReadWorkflow]) -> Iterator[ReadWorkflow]:
    """Workflows of one code: the same thing said again is noted, different things are all refused."""
    versions: dict[str, list[Definition | None]] = {}
    for each in read:
        versions.setdefault(each.code, []).append(each.definition)
    met: set[str] = set()
    for each in read:
        first, *others = versions[each.code]
        findings = Findings(list(each.faults), list(each.notes))
        if any(other is None or other != first for other in others):
            findings.fault("code_twice", "code", found=each.code)
            yield replace(each, definition=None, groups=(), faults=tuple(findings.faults))
            continue
        if each.code in met:
            findings.note("repeated")
        met.add(each.code)
        yield replace(each, notes=tuple(findings.notes))


def _code_of(item: Any) -> str:
    code = item.get("code") if isinstance(item, dict) else None
    return code.strip() if isinstance(code, str) else ""


class _Reader:
    """Reads one workflow."""

    def __init__(self, item: Any, number: int, groups: Groups) -> None:
        self.findings = Findings()
        self.item = item
        self.label = f"[{number}]"
        self.groups = groups
        self.name = ""
        self.used: dict[str, Group] = {}

    def read(self, effective_from: date, origin: str) -> ReadWorkflow:
        """The definition, or every reason why there is none."""
        if not isinstance(self.item, dict):
            self.findings.fault("not_an_object", self.label)
            return self._refused()
        fields = Fields(self.item, "", self.findings)
        code = self._code(fields)
        self.name = fields.text("name", most=500)
        total = fields.days("totaltime_days")
        version = fields.number("version", default=1, most=9999)
        fee = self._fee(fields)
        runs = self._runs(fields)
        if self.findings.faults or total is None or not runs:
            return self._refused()
        plan = Draft(
            code=code,
            name=self.name,
            version=version,
            total=total,
            fee=fee,
            runs=runs,
            groups=tuple(self.used.values()),
            effective_from=effective_from,
            origin=origin,
        )
        definition = draft(plan, self.findings)
        if definition is None:
            return self._refused()
        notes = tuple(self.findings.notes)
        return ReadWorkflow(code, self.name, definition, plan.groups, notes=notes)

    def _refused(self) -> ReadWorkflow:
        code = _code_of(self.item)
        label = code if _CODE.fullmatch(code) else shown(code) or self.label
        faults, notes = tuple(self.findings.faults), tuple(self.findings.notes)
        return ReadWorkflow(label, self.name, faults=faults, notes=notes)

    def _code(self, fields: Fields) -> str:
        code = fields.text("code", most=200)
        if code and not _CODE.fullmatch(code):
            self.findings.fault("code_unreadable", "code", found=shown(code))
        return code

    def _fee(self, fields: Fields) -> int:
        amount = fields.money("fee")
        text = scalar(fields.data.get("fee"))
        if amount and text != str(amount):
            self.findings.note("fee_read", "fee", found=shown(text), amount=f"{amount:,}".replace(",", "."))
        return amount

    def _runs(self, fields: Fields) -> tuple[Run, ...]:
        """The steps with their tasks in the order of the chain; none when something is wrong with them."""
        steps = fields.objects("steps")
        if sum(_size(step) for step in steps) > MOST_TASKS:
            self.findings.fault("too_many_tasks", "steps", most=MOST_TASKS)
            return ()
        self._look_at_order(steps)
        runs = [self._step(step) for step in steps]
        if self.findings.faults:
            return ()
        followed = follow([run for run in runs if run is not None], self.findings)
        pauses(followed, self.findings)
        return followed

    def _step(self, fields: Fields) -> Run | None:
        name = fields.text("name", most=300, needed=False)
        label = name or fields.where
        side = fields.flag("no_chain")
        code = fields.text("group", most=60, needed=False)
        if not code:
            self.findings.fault("group_missing", fields.at("group"), step=label)
        if side:
            self.findings.fault("side_branch", fields.where, step=label)
            return None
        group = self._group(code, fields) if code else None
        time = fields.days("time")
        tasks = tuple(task for task in map(self._task, fields.objects("tasks")) if task is not None)
        if group is None or time is None or not tasks:
            return None
        return Run(fields.where, label, group, time, tasks)

    def _group(self, code: str, fields: Fields) -> Group | None:
        group = self.groups.group(code)
        if group.code != code:
            self.findings.fault("group_ambiguous", fields.at("group"), found=code, other=group.code)
            return None
        self.used[group.id] = group
        return group

    def _task(self, fields: Fields) -> Task | None:
        code = fields.text("code", most=200)
        following = fields.text("next", most=500)
        if "[" in following or following == _SIDE_TASK:
            self.findings.fault("side_branch", fields.at("next"), step=following)
            return None
        time = fields.days("time", needed=False)
        name = fields.text("name", most=300, needed=False)
        if not code or not following:
            return None
        return Task(
            code=code,
            name=name or code,
            time=Decimal(0) if time is None or time == UNSTATED else time,
            next=None if following == "NULL" else following,
            pauses=fields.flag("pause"),
            resumes=fields.flag("unpause"),
            where=fields.where,
        )

    def _look_at_order(self, steps: Sequence[Fields]) -> None:
        orders = [scalar(step.data.get("order")) for step in steps]
        numbers = [int(text) for text in orders if re.fullmatch(r"\d{1,4}", text)]
        if len(numbers) != len(orders) or any(one >= other for one, other in pairwise(numbers)):
            self.findings.note("order_unused", "steps")


def _size(step: Fields) -> int:
    tasks = step.data.get("tasks")
    return len(tasks) if isinstance(tasks, list) else 1
