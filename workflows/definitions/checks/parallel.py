"""Forks and joins: no step opened twice, no join that waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definitions.checks.domains import Value
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject

OPENED_TWICE = Rule(
    "MC301",
    Severity.ERROR,
    "Parallel branches meet in a step that does not join them",
    "Bước “{step}” có thể bị mở hai lần: nhánh từ “{source}” đến khi bước đang mở vì nhánh khác.",
    "The step “{step}” may be opened twice: a branch from “{source}” arrives while it is already open.",
    "Thêm join: all vào bước này để chờ đủ các nhánh; nếu nhánh quay lại phía trước, cho nó quay về một bước "
    "trong chính nhánh đó.",
)
NEVER_LEADS_HERE = Rule(
    "MC302",
    Severity.ERROR,
    "A join waits for a step that never leads to it",
    "Bước “{step}” chờ “{awaited}” nhưng {why}; bước sẽ chờ mãi.",
    "The step “{step}” waits for “{awaited}”, which never leads to it.",
    "Liệt kê trong join các bước có next trỏ thẳng đến bước này, hoặc dùng join: all.",
)
MAY_WAIT_FOR_EVER = Rule(
    "MC303",
    Severity.ERROR,
    "A join may wait for ever",
    "Bước “{step}” có thể chờ mãi: đã có nhánh từ {arrived} đến nhưng {missing} (khi {case}).",
    "The step “{step}” may wait for ever: {arrived} has arrived but the others will not.",
    "Dùng join: all (chỉ chờ những nhánh đang chạy), hoặc sửa để các bước trong join luôn cùng chạy; "
    "không để hai bước chờ lẫn nhau.",
)
NOT_LISTED = Rule(
    "MC304",
    Severity.ERROR,
    "A step leads to a join that does not list it",
    "Bước “{source}” chuyển đến “{step}” nhưng không có tên trong join của bước đó.",
    "“{source}” leads to “{step}”, whose join does not list it.",
    "Thêm “{source_id}” vào join, hoặc dùng join: all; đường quay lại để làm lại cần join: all.",
)
NOTHING_TO_JOIN = Rule(
    "MC305",
    Severity.WARNING,
    "A join with nothing to join",
    "Bước “{step}” có join nhưng không bao giờ có hai nhánh song song cùng đến.",
    "The step “{step}” has a join, but never do two parallel branches lead to it.",
    "Bỏ join, hoặc tách nhánh song song bằng một kết quả có nhiều đích.",
)
CANCELLED_AT_ONCE = Rule(
    "MC306",
    Severity.WARNING,
    "A branch is cancelled the moment it is opened",
    "Bước “{step}” mở “{target}” đồng thời với một kết thúc từ chối, nên nhánh bị hủy ngay.",
    "“{step}” opens “{target}” together with a negative end, which cancels it at once.",
    "Bỏ một trong hai đích, hoặc thêm when để chúng không cùng xảy ra.",
)
TOO_MANY_WAYS = Rule(
    "MC307",
    Severity.WARNING,
    "Too many ways to try them all",
    "Quy trình có quá nhiều trường hợp để thử hết; việc chờ nhánh và mở trùng chưa được kiểm tra đầy đủ.",
    "The procedure has too many ways to try them all; joins were not checked completely.",
    "Bớt số nhánh song song dài hoặc số dữ kiện dùng trong điều kiện.",
)
RULES = (
    OPENED_TWICE,
    NEVER_LEADS_HERE,
    MAY_WAIT_FOR_EVER,
    NOT_LISTED,
    NOTHING_TO_JOIN,
    CANCELLED_AT_ONCE,
    TOO_MANY_WAYS,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the joins one by one, then at what the walk has met."""
    explained: set[str] = set()
    for finding, join in _lists(subject):
        explained.add(join)
        yield finding
    graph, walk = subject.graph, subject.walk
    if not walk.complete:
        yield TOO_MANY_WAYS.at("steps")
    for twice, edge in walk.doubled.items():
        words = {"step": subject.named(twice), "source": subject.named(edge.source)}
        yield OPENED_TWICE.at(graph.place(twice), **words)
    for join, (arrived, facts) in walk.stuck.items():
        if join not in explained:
            yield _stuck(subject, join, arrived, facts)
    for step_id, step in graph.steps.items():
        if step.join is None or step_id not in walk.opened or not walk.complete or step_id in walk.stuck:
            continue
        if walk.widest.get(step_id, 1) < 2 and step_id not in explained:
            yield NOTHING_TO_JOIN.at(f"{graph.place(step_id)}.join", step=subject.named(step_id))
    for edge in sorted(walk.cancelled, key=lambda edge: edge.where):
        target = subject.named(edge.target) if edge.target in graph.steps else edge.target
        yield CANCELLED_AT_ONCE.at(f"{edge.where}.to", step=subject.named(edge.source), target=target)


def _lists(subject: Subject) -> Iterator[tuple[Finding, str]]:
    """Joins that list steps: each must lead here, and whatever leads here must be listed."""
    graph = subject.graph
    for join, step in graph.steps.items():
        if not isinstance(step.join, tuple):
            continue
        sources = {edge.source for edge in graph.arriving(join)}
        for number, awaited in enumerate(step.join):
            if awaited not in sources:
                known = awaited in graph.steps
                why = "bước đó không chuyển thẳng đến đây" if known else "không có bước nào mang mã đó"
                yield (
                    NEVER_LEADS_HERE.at(
                        f"{graph.place(join)}.join[{number}]",
                        step=subject.named(join),
                        awaited=subject.named(awaited) if known else awaited,
                        why=why,
                    ),
                    join,
                )
        for source in sorted(sources - set(step.join), key=graph.position.__getitem__):
            yield (
                NOT_LISTED.at(
                    f"{graph.place(join)}.join",
                    step=subject.named(join),
                    source=subject.named(source),
                    source_id=source,
                ),
                join,
            )


def _stuck(
    subject: Subject, join: str, arrived: frozenset[str], facts: frozenset[tuple[str, Value]]
) -> Finding:
    awaited = subject.graph.steps[join].join
    if isinstance(awaited, tuple):
        absent = [f"“{subject.named(step)}”" for step in awaited if step not in arrived]
        missing = f"{', '.join(absent)} sẽ không đến nữa"
    else:
        others = [f"“{subject.named(step)}”" for step in subject.walk.stuck if step != join]
        missing = f"còn chờ {', '.join(others) or 'chính nó'}, mà bên đó lại chờ bước này"
    return MAY_WAIT_FOR_EVER.at(
        f"{subject.graph.place(join)}.join",
        step=subject.named(join),
        arrived=", ".join(f"“{subject.named(step)}”" for step in sorted(arrived)),
        missing=missing,
        case=subject.told(facts),
    )
