"""Following the chain: every task names the one after it, from reception to ``NULL``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from workflows.importers.faults import Findings
from workflows.importers.groups import Group


@dataclass(frozen=True, slots=True)
class Task:
    """A task. ``next`` is None after the last; ``pauses``: the clock stops once it is done, and goes on once
    the task that ``resumes`` is done."""

    code: str
    name: str
    time: Decimal
    next: str | None
    pauses: bool
    resumes: bool
    where: str

    @property
    def kind(self) -> str:
        """What the task is, such as ``THU_LY``: the last part of its code."""
        return self.code.rsplit("::", 1)[-1].strip().upper()


@dataclass(frozen=True, slots=True)
class Run:
    """A step of the source with its tasks in the order in which the chain goes through them."""

    where: str
    name: str
    group: Group
    time: Decimal
    tasks: tuple[Task, ...]


def follow(runs: Sequence[Run], findings: Findings) -> tuple[Run, ...]:
    """The steps in the order of the chain; whatever breaks the chain is a fault."""
    home: dict[str, Run] = {}
    tasks: dict[str, Task] = {}
    for run in runs:
        for task in run.tasks:
            if task.code in tasks:
                findings.fault("task_code_twice", f"{task.where}.code", found=task.code)
            tasks[task.code] = task
            home[task.code] = run
    if findings.faults or not tasks:
        return ()
    passed = _walk(next(iter(tasks.values())), tasks, findings)
    if not findings.faults:
        for code, task in tasks.items():
            if code not in passed:
                findings.fault("task_unreachable", task.where, task=task.name)
    return _by_step([tasks[code] for code in passed], home, findings)


def _walk(first: Task, tasks: dict[str, Task], findings: Findings) -> dict[str, None]:
    """The codes in the order in which they follow one another."""
    passed = {first.code: None}
    task = first
    while task.next is not None:
        if task.next not in tasks:
            findings.fault("next_unknown", f"{task.where}.next", task=task.name, found=task.next)
            break
        if task.next in passed:
            findings.fault("chain_loops", f"{task.where}.next", task=task.name, found=task.next)
            break
        task = tasks[task.next]
        passed[task.code] = None
    return passed


def _by_step(chain: Sequence[Task], home: dict[str, Run], findings: Findings) -> tuple[Run, ...]:
    found: list[Run] = []
    done: set[str] = set()
    for task in chain:
        run = home[task.code]
        if found and found[-1].where == run.where:
            found[-1] = replace(found[-1], tasks=(*found[-1].tasks, task))
            continue
        if run.where in done:
            findings.fault("step_revisited", run.where, step=run.name)
            return ()
        done.add(run.where)
        found.append(replace(run, tasks=(task,)))
    return () if findings.faults else tuple(found)


def pauses(runs: Sequence[Run], findings: Findings) -> None:
    """A task that stops the clock must be followed at once by the one that lets it go on."""
    chain = [task for run in runs for task in run.tasks]
    if not chain:
        return
    if chain[0].resumes:
        _unpaired(chain[0], "unpause", "trước", "pause", findings)
    if chain[-1].pauses:
        _unpaired(chain[-1], "pause", "sau", "unpause", findings)
    for before, task in pairwise(chain):
        if before.pauses and not task.resumes:
            _unpaired(before, "pause", "sau", "unpause", findings)
        elif task.resumes and not before.pauses:
            _unpaired(task, "unpause", "trước", "pause", findings)
        elif task.resumes:
            findings.note("clock_stops", before.where, before=before.name, task=task.name)


def _unpaired(task: Task, flag: str, side: str, other: str, findings: Findings) -> None:
    findings.fault("pause_unpaired", task.where, task=task.name, flag=flag, side=side, other=other)
