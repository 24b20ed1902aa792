"""Limits of steps against the promised total, case by case, along the longest way.

Step limits are counted hour for hour, a working day as eight hours. Working time and calendar time cannot be
added or compared. Parallel branches count as the longest of them, loops once, alternatives each on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sla.limits import Limit, Unit
from workflows.definitions.checks.domains import Value, settle
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject, is_counted
from workflows.definitions.conditions import Condition, holds
from workflows.definitions.graph import Edge, Path
from workflows.definitions.model import CaseLimit

MOST_CASES = 500
_MINUTES = {
    Unit.WORKING_HOUR: 60,
    Unit.WORKING_DAY: 480,
    Unit.SAME_DAY: 480,
    Unit.CLOCK_HOUR: 60,
    Unit.CALENDAR_DAY: 1_440,
    Unit.WEEK: 7 * 1_440,
    Unit.MONTH: 30 * 1_440,
    Unit.YEAR: 365 * 1_440,
}

NO_PROMISE = Rule(
    "MC501",
    Severity.ERROR,
    "No total limit",
    "Chưa có thời hạn giải quyết; không thể hẹn ngày trả kết quả.",
    "There is no total limit, so no appointment can be made.",
    "Thêm limits ở cấp thủ tục, hoặc stages nếu có nhiều lần hẹn.",
)
BEYOND_TOTAL = Rule(
    "MC502",
    Severity.ERROR,
    "The steps take longer than the total",
    "Các bước {path} cộng lại {sum}, vượt thời hạn {total}{stage} (khi {case}).",
    "The steps {path} add up to more than the total “{total}”.",
    "Rút ngắn thời hạn các bước cho vừa thời hạn hẹn trả, hoặc cho các nhánh chạy song song.",
)
NOT_COMPARABLE = Rule(
    "MC503",
    Severity.WARNING,
    "Working time and calendar time side by side",
    "{what} ({limit}) khác loại đơn vị với thời hạn {total}{stage}; không cộng và so sánh được.",
    "{what_en} ({limit}) and the total “{total}” are in units that cannot be compared.",
    "Dùng cùng loại: giờ/ngày làm việc, hoặc giờ/ngày lịch. Nếu văn bản gốc ghi như vậy, nêu lý do ở waived.",
    waivable=True,
)
UNALLOTTED = Rule(
    "MC504",
    Severity.INFO,
    "The steps leave part of the total unallotted",
    "Đường dài nhất dùng {sum}, thời hạn là {total}{stage}; còn {left} chưa giao cho bước nào.",
    "The longest way uses less than the total “{total}”; the rest is given to no step.",
    "Giữ làm dự phòng, hoặc chia thêm cho các bước.",
)
SOMETIMES_NO_TOTAL = Rule(
    "MC505",
    Severity.ERROR,
    "In some cases no total limit applies",
    "Không có thời hạn nào áp dụng khi {case}{stage}; không thể hẹn ngày trả kết quả.",
    "In some cases no total limit applies, so no appointment can be made.",
    "Thêm vào cuối danh sách một thời hạn không có when, hoặc cho dữ kiện một default.",
)
TOTAL_IGNORED = Rule(
    "MC506",
    Severity.ERROR,
    "Both limits and stages",
    "Có cả limits lẫn stages; không rõ hẹn trả theo thời hạn nào.",
    "There are both limits and stages.",
    "Bỏ limits; thời hạn của từng lần hẹn ghi trong stages.",
)
ZERO = Rule(
    "MC507",
    Severity.ERROR,
    "A limit of nothing",
    "Thời hạn “{limit}” bằng không.",
    "The limit “{limit}” is zero.",
    "Ghi thời hạn thật; bước làm ngay thì dùng “same_day”, bước không tính thời gian thì counted: false.",
)
RULES = (NO_PROMISE, BEYOND_TOTAL, NOT_COMPARABLE, UNALLOTTED, SOMETIMES_NO_TOTAL, TOTAL_IGNORED, ZERO)


@dataclass(frozen=True, slots=True)
class Promise:
    """A total to keep: of the whole procedure, or of one stage."""

    where: str
    limits: tuple[CaseLimit, ...]
    stage: str | None = None
    named: str = ""


@dataclass(frozen=True, slots=True)
class Worst:
    """The longest way found for one limit, and the answers that lead to it."""

    path: Path
    case: Mapping[str, Value]


def minutes(limit: Limit) -> int:
    """The limit in minutes of its own family, for comparing; a month as 30 days, a year as 365."""
    return int((limit.amount * _MINUTES[limit.unit]).to_integral_value())


def comparable(one: Limit, other: Limit) -> bool:
    """Whether both are working time or both calendar time."""
    return one.unit.counts_working_time == other.unit.counts_working_time


def promises(subject: Subject) -> tuple[Promise, ...]:
    """The totals of the definition: one per stage, or the one of the whole."""
    stages = subject.definition.stages
    if stages:
        return tuple(
            Promise(f"stages[{number}].limits", stage.limits, stage.id, f" của giai đoạn “{stage.name}”")
            for number, stage in enumerate(stages)
        )
    return (Promise("limits", subject.definition.limits),) if subject.definition.limits else ()


def check(subject: Subject) -> Iterator[Finding]:
    """Compare what the steps may take with what was promised."""
    definition = subject.definition
    if not definition.limits and not definition.stages:
        yield NO_PROMISE.at("limits")
    if definition.limits and definition.stages:
        yield TOTAL_IGNORED.at("limits")
    yield from _zeros(subject)
    for promise in promises(subject):
        missing = subject.domains.left_out([limit.when for limit in promise.limits])
        if missing is not None:
            yield SOMETIMES_NO_TOTAL.at(promise.where, case=subject.told(missing), stage=promise.named)
        yield from _compare(subject, promise)


def _zeros(subject: Subject) -> Iterator[Finding]:
    for promise in promises(subject):
        for number, limit in enumerate(promise.limits):
            if not limit.limit.amount:
                yield ZERO.at(f"{promise.where}[{number}].limit", limit=limit.limit.label)
    for place, step in enumerate(subject.definition.steps):
        for number, limit in enumerate(step.limit):
            if not limit.limit.amount:
                yield ZERO.at(f"steps[{place}].limit[{number}].limit", limit=limit.limit.label)


def _compare(subject: Subject, promise: Promise) -> Iterator[Finding]:
    longest: dict[int, Worst] = {}
    mixed: dict[tuple[str, Limit], Limit] = {}
    unsure: set[int] = set()
    for case in _cases(subject, promise):
        number = next((n for n, limit in enumerate(promise.limits) if holds(limit.when, case)), None)
        if number is None:
            continue
        total = promise.limits[number].limit
        way = _Way(subject, promise, total, case)
        for step, limit in way.incomparable():
            mixed.setdefault((step, limit), total)
            unsure.add(number)
        path = subject.graph.longest(way.weigh, to=subject.graph.ends, usable=way.usable)
        if path is not None and (number not in longest or path.weight > longest[number].path.weight):
            longest[number] = Worst(path, case)
    for (step, limit), total in mixed.items():
        yield NOT_COMPARABLE.at(
            f"{subject.graph.place(step)}.limit",
            what=f"Thời hạn của bước “{subject.named(step)}”",
            what_en=f"The limit of the step “{subject.named(step)}”",
            limit=limit.label,
            total=total.label,
            stage=promise.named,
        )
    for number, worst in sorted(longest.items()):
        yield from _judge(subject, promise, number, worst, sure=number not in unsure)


def _judge(subject: Subject, promise: Promise, number: int, worst: Worst, *, sure: bool) -> Iterator[Finding]:
    total = promise.limits[number].limit
    left = minutes(total) - worst.path.weight
    working = total.unit.counts_working_time
    words = {
        "sum": spoken(worst.path.weight, working=working),
        "total": total.label,
        "stage": promise.named,
    }
    if left < 0:
        way = _Way(subject, promise, total, worst.case)
        counted = [node for node in worst.path.nodes if node in subject.graph.steps and way.weigh(node)]
        path = " → ".join(f"“{subject.named(node)}”" for node in counted)
        asked = [name for limit in promise.limits for name in limit.when]
        case = subject.told({name: worst.case[name] for name in asked if name in worst.case})
        yield BEYOND_TOTAL.at(f"{promise.where}[{number}].limit", path=path, case=case, **words)
    elif left > 0 and sure:
        yield UNALLOTTED.at(f"{promise.where}[{number}].limit", left=spoken(left, working=working), **words)


class _Way:
    """The graph in one case: which arcs may be taken and what each step weighs towards the promise."""

    def __init__(self, subject: Subject, promise: Promise, total: Limit, case: Mapping[str, Value]) -> None:
        self.subject = subject
        self.promise = promise
        self.total = total
        self.case = case

    def weigh(self, step_id: str) -> int:
        """Minutes of the step that count towards the promise; nothing when they cannot be compared."""
        return max(
            (minutes(limit) for limit in self._limits(step_id) if comparable(limit, self.total)), default=0
        )

    def usable(self, edge: Edge) -> bool:
        """Whether the arc may be taken in this case."""
        outcome = self.subject.graph.steps[edge.source].ways[edge.way]
        for name, value in outcome.sets.items():
            if name in self.case and self.case[name] != settle(value):
                return False
        if edge.arc.otherwise:
            return not any(not arc.otherwise and self._surely(arc.when) for arc in outcome.next)
        return self._maybe(edge.arc.when)

    def incomparable(self) -> Iterator[tuple[str, Limit]]:
        """The steps that lie on a way in this case with a limit of the other family."""
        graph = self.subject.graph
        seen, pending = set[str](), [graph.start]
        while pending:
            node = pending.pop()
            if node in seen or node not in graph.steps:
                continue
            seen.add(node)
            pending.extend(edge.target for edge in graph.leaving(node) if self.usable(edge))
        for node in sorted(seen, key=graph.position.__getitem__):
            for limit in self._limits(node):
                if not comparable(limit, self.total):
                    yield node, limit

    def _limits(self, step_id: str) -> Iterator[Limit]:
        """The limits that may apply to the step in this case."""
        step = self.subject.graph.steps[step_id]
        if not is_counted(step) or self.subject.stage_of(step) != self.promise.stage:
            return
        for limit in step.limit:
            if self._maybe(limit.when):
                yield limit.limit
            if self._surely(limit.when):
                return

    def _maybe(self, condition: Condition) -> bool:
        return holds({name: test for name, test in condition.items() if name in self.case}, self.case)

    def _surely(self, condition: Condition) -> bool:
        return all(name in self.case for name in condition) and holds(condition, self.case)


def _cases(subject: Subject, promise: Promise) -> Iterator[dict[str, Value]]:
    """Answers to what decides on limits and ways; what would make too many cases is left open."""
    in_totals = [name for limit in promise.limits for name in limit.when]
    in_steps = [name for step in subject.definition.steps for limit in step.limit for name in limit.when]
    in_arcs = [name for edge in subject.graph.edges for name in edge.arc.when]
    asked: list[str] = []
    for name in dict.fromkeys((*in_totals, *in_steps, *in_arcs)):
        if subject.domains.size((*asked, name)) <= MOST_CASES:
            asked.append(name)
    return subject.domains.assignments(asked, {})


def spoken(amount: int, *, working: bool) -> str:
    """Minutes as a clerk says them: ``12,5 ngày làm việc``, ``90 phút làm việc``."""
    kind = " làm việc" if working else ""
    for size, unit in ((480 if working else 1_440, "ngày"), (60, "giờ")):
        if amount >= size and amount * 4 % size == 0:
            number = format((Decimal(amount) / size).normalize(), "f").replace(".", ",")
            return f"{number} {unit}{kind}"
    return f"{amount} phút{kind}"
