"""Writing the definition of a workflow whose chain was followed.

Time goes where the source puts it: the deadline of a department is that of the step. The tasks of a step
become steps of their own only when their times add up to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from dossiers.agencies.models import Role
from sla.limits import Rule
from workflows.definitions.checks.findings import Severity
from workflows.definitions.checks.lint import lint
from workflows.definitions.model import Confidence, Definition, Level, SplitOrigin, StepKind
from workflows.importers.chain import Run, Task
from workflows.importers.faults import Fault, Findings
from workflows.importers.fields import UNSTATED, shown
from workflows.importers.groups import Group, slug

WHAT = "Các bước, thời hạn và đường đi, do trình nhập quy trình đọc"
"""Marks, among the sources of a definition, that it was imported."""

DONE, REFUSED = "xong", "tu_choi"

_FEE, _TAX_RECEIPT, _GIVE_BACK = "THU_PHI", "NHAN_BIEN_LAI_NOP_THUE", "TRA_KET_QUA"
_RECEIVING = {"TIEP_NHAN", "BAN_GIAO"}
_SIGNING, _APPROVING = "KY_DUYET", "XET_DUYET"
_BY_UNIT_HEAD = ("PHAN_CONG", "XET_DUYET")
_NOT_COUNTED = {
    _FEE: "Chờ người nộp nộp phí; nguồn không tính thời gian cho bước thu phí",
    _TAX_RECEIPT: "Chờ người nộp thực hiện nghĩa vụ thuế; nguồn dừng đồng hồ (pause, unpause)",
}
_NOT_COUNTED_OTHERWISE = "Chờ người nộp; nguồn dừng đồng hồ (pause, unpause)"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a definition is written from."""

    code: str
    name: str
    version: int
    total: Decimal
    fee: int
    runs: tuple[Run, ...]
    groups: tuple[Group, ...]
    effective_from: date
    origin: str

    @property
    def desk(self) -> Group:
        """The department that receives."""
        return self.runs[0].group


@dataclass(frozen=True, slots=True)
class Piece:
    """What becomes one step: tasks of one department; ``time`` is None while the applicant is waited for."""

    run: Run
    tasks: tuple[Task, ...]
    time: Decimal | None
    id: str = ""
    name: str = ""
    decides: bool = False

    @property
    def last(self) -> Task:
        """The task whose end lets the file go."""
        return self.tasks[-1]


def draft(plan: Draft, findings: Findings) -> Definition | None:
    """The definition, or None with the faults why there can be none."""
    pieces = [piece for run in plan.runs for piece in _pieces(run, _built_in(plan, run), findings)]
    if any(fault.code in ("step_time_unstated", "step_without_time") for fault in findings.faults):
        if plan.total == UNSTATED:
            findings.fault("total_unstated", "totaltime_days")
    elif not any(piece.time for piece in pieces):
        findings.fault("nothing_to_do", "steps")
    if findings.faults:
        return None
    total = _total(plan, pieces, findings)
    pieces = _deciding(_named(plan.code, pieces), findings)
    _look_at_fees(plan, pieces, findings)
    findings.note("level_commune")
    try:
        definition = Definition.model_validate(_content(plan, pieces, total, findings))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        findings.fault("definition_invalid", where, why=shown(first["msg"]))
        return None
    for finding in lint(definition):
        if finding.severity is Severity.ERROR:
            findings.faults.append(Fault(finding.code, finding.message, finding.where, finding.hint))
    return None if findings.faults else definition


def _built_in(plan: Draft, run: Run) -> str | None:
    """Which of the commands every dossier has the step stands for, when that is all it does."""
    kinds = {task.kind for task in run.tasks if not _waits(task)}
    if run is plan.runs[0] and kinds <= _RECEIVING:
        return "reception_built_in"
    return "return_built_in" if run is plan.runs[-1] and kinds == {_GIVE_BACK} else None


def _pieces(run: Run, built_in: str | None, findings: Findings) -> Iterator[Piece]:
    """The steps a step of the source becomes; none when what it does is built in."""
    work = tuple(task for task in run.tasks if not _waits(task))
    if not work:
        if run.time > 0:
            findings.note("payment_time_unused", run.where, step=run.name, total=_days(run.time))
        yield from (Piece(run, (task,), None) for task in run.tasks)
        return
    if run.time == UNSTATED:
        findings.fault("step_time_unstated", f"{run.where}.time", step=run.name)
        return
    if not run.time and built_in:
        findings.note(built_in, run.where)
        yield from (Piece(run, (task,), None) for task in run.tasks if _waits(task))
        return
    if not run.time:
        findings.fault("step_without_time", f"{run.where}.time", step=run.name)
        return
    if built_in == "return_built_in":
        findings.note("return_timed", run.where, total=_days(run.time))
    yield from _divided(run, work, findings)


def _waits(task: Task) -> bool:
    """Whether the task is done when the applicant has done something, not an agency."""
    return task.resumes or task.kind == _FEE


def _divided(run: Run, work: tuple[Task, ...], findings: Findings) -> Iterator[Piece]:
    """Tasks with times that add up to the step's are steps of their own; one without time joins the next.

    Otherwise they stay together under the time of the step.
    """
    stated = sum((task.time for task in work), Decimal(0))
    adds_up = stated == run.time
    if not adds_up and stated:
        times = " + ".join(_days(task.time) for task in work)
        code = "tasks_merged" if len(work) > 1 else "task_time_unused"
        findings.note(code, run.where, times=times, total=_days(run.time))
    waiting = [number for number, task in enumerate(run.tasks) if _waits(task)]
    if not adds_up and any(0 < number < len(run.tasks) - 1 for number in waiting):
        findings.fault("waiting_in_between", run.where, step=run.name)
        return
    gathered: list[Task] = []
    pieces: list[Piece] = []
    for task in run.tasks:
        if _waits(task):
            pieces.extend(_closed(run, gathered, adds_up))
            pieces.append(Piece(run, (task,), None))
            gathered = []
            continue
        if adds_up and task.time and any(each.time for each in gathered):
            pieces.extend(_closed(run, gathered, adds_up))
            gathered = []
        gathered.append(task)
    pieces.extend(_closed(run, gathered, adds_up))
    yield from pieces


def _closed(run: Run, gathered: Sequence[Task], adds_up: bool) -> Iterator[Piece]:
    if gathered:
        time = sum((task.time for task in gathered), Decimal(0)) if adds_up else run.time
        yield Piece(run, tuple(gathered), time)


def _total(plan: Draft, pieces: Sequence[Piece], findings: Findings) -> Decimal:
    """The promise: as stated, else what the steps add up to."""
    together = sum((piece.time for piece in pieces if piece.time), Decimal(0))
    if plan.total == UNSTATED:
        findings.note("total_from_steps", "totaltime_days", total=_days(together))
        return together
    if together < plan.total:
        findings.note("slack", "totaltime_days", sum=_days(together), total=_days(plan.total))
    return plan.total


def _named(code: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Ids from the last task of each piece, names from all of them; none twice."""
    names = [", ".join(_lowered(number, task.name) for number, task in enumerate(p.tasks)) for p in pieces]
    often = Counter(names)
    taken = {DONE, REFUSED}
    named = []
    for piece, name in zip(pieces, names, strict=True):
        parts = [part for part in piece.last.code.split("::") if part.strip() != code]
        wanted = slug("_".join(parts), most=50)
        found, number = wanted, 2
        while found in taken:
            found, number = f"{wanted}_{number}", number + 1
        taken.add(found)
        named.append(replace(piece, id=found, name=f"{name} ({piece.run.name})" if often[name] > 1 else name))
    return named


def _lowered(number: int, name: str) -> str:
    """A name within an enumeration begins with a small letter, unless it is an abbreviation."""
    if not number or name[1:2].isupper():
        return name
    return name[:1].lower() + name[1:]


def _deciding(pieces: list[Piece], findings: Findings) -> list[Piece]:
    """The last signing decides; where nobody signs, the last approval, by the head of that department."""
    for kind in (_SIGNING, _APPROVING):
        for number in reversed(range(len(pieces))):
            piece = pieces[number]
            if piece.time and any(task.kind == kind for task in piece.tasks):
                pieces[number] = replace(piece, decides=True)
                findings.note("refusal_added", piece.run.where)
                if kind == _APPROVING:
                    name = piece.run.group.name
                    findings.note("division_decides", piece.run.where, task=piece.name, group=name)
                return pieces
    findings.note("nobody_decides")
    return pieces


def _look_at_fees(plan: Draft, pieces: Sequence[Piece], findings: Findings) -> None:
    paid = [piece for piece in pieces if piece.last.kind == _FEE]
    for piece in paid:
        findings.note("payment_step", piece.last.where, task=piece.last.name)
    if paid and not plan.fee:
        findings.note("fee_unstated", paid[0].last.where)
    if plan.fee and not paid:
        findings.note("fee_without_step", "fee", amount=f"{plan.fee:,}".replace(",", "."))


def _content(plan: Draft, pieces: list[Piece], total: Decimal, findings: Findings) -> dict[str, Any]:
    decider = next((piece for piece in pieces if piece.decides), None)
    working = [p.run.group for p in pieces if not (p.run.group.is_desk or p.run.group.leads)] or [plan.desk]
    ends: dict[str, Any] = {DONE: {"name": f"Kết quả: {plan.name}"}}
    if decider is not None:
        ends[REFUSED] = {"name": "Văn bản từ chối", "positive": False}
    fees = [{"id": "le_phi", "name": "Phí, lệ phí", "amount": plan.fee}] if plan.fee else []
    return {
        "code": plan.code,
        "version": plan.version,
        "name": plan.name,
        "field": working[0].name[:200],
        "level": Level.COMMUNE,
        "effective_from": plan.effective_from,
        "sources": [{"text": plan.origin, "confidence": Confidence.COPY, "what": WHAT}],
        "split": SplitOrigin.DECISION,
        "split_note": "Thời hạn từng bước theo cấu hình của đơn vị nguồn; đơn vị khác cần xem lại.",
        "participants": {group.id: {"name": group.name, "kind": group.kind} for group in plan.groups},
        "receiving": plan.desk.id,
        "competent": (decider.run.group if decider else working[0]).id,
        "fees": fees,
        "clock": {"rule": Rule.CIVIL_CODE},
        "limits": [{"limit": _limit(total), "text": f"{_days(total)} ngày làm việc"}],
        "steps": [
            _step(piece, after.id if after else DONE, plan.desk)
            for piece, after in pairwise([*pieces, None])
            if piece is not None
        ],
        "ends": ends,
        "note": "\n".join(note.message for note in findings.notes),
    }


def _step(piece: Piece, after: str, desk: Group) -> dict[str, Any]:
    step: dict[str, Any] = {
        "id": piece.id,
        "name": piece.name,
        "agency": piece.run.group.id,
        "role": _role(piece, desk),
        "note": f"Nguồn: bước “{piece.run.name}”",
    }
    if piece.time is None:
        kind = piece.last.kind
        step["kind"] = StepKind.PAYMENT if kind in _NOT_COUNTED else StepKind.OUTSIDE
        step["owner"] = "applicant"
        step["counted"] = False
        step["not_counted_basis"] = _NOT_COUNTED.get(kind, _NOT_COUNTED_OTHERWISE)
    else:
        step["limit"] = _limit(piece.time)
    if not piece.decides:
        return {**step, "next": after}
    return {
        **step,
        "decides": True,
        "outcomes": [
            {"id": "dong_y", "name": "Đồng ý", "next": after},
            {"id": REFUSED, "name": "Từ chối", "next": REFUSED, "needs_reason": True},
        ],
    }


def _role(piece: Piece, desk: Group) -> Role:
    """Who may let the file go: whoever does the last task of the piece."""
    group, kind = piece.run.group, piece.last.kind
    if piece.decides or group.leads or kind == _SIGNING:
        return Role.HEAD
    if group.is_desk or group == desk:
        return Role.RECEPTIONIST
    return Role.UNIT_HEAD if kind in _BY_UNIT_HEAD else Role.OFFICER


def _limit(days: Decimal) -> str:
    return f"{format(days.normalize(), 'f')} working_day"


def _days(days: Decimal) -> str:
    return format(days.normalize(), "f").replace(".", ",")
