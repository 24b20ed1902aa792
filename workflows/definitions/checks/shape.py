"""Steps, arcs and ends: everything named once, every arc leads somewhere, every way can come to an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from dossiers.core.said import Said
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject
from workflows.definitions.model import StepKind

TWICE = Rule(
    "MC201",
    Severity.ERROR,
    "An id is used twice",
    "Mã “{id}” được dùng hai lần trong {of}.",
    "The id “{id}” is used twice in {of_en}.",
    "Đổi một trong hai mã; mã là thứ lịch sử hồ sơ trỏ tới nên phải là duy nhất.",
)
UNKNOWN_TARGET = Rule(
    "MC202",
    Severity.ERROR,
    "An arc leads to nothing known",
    "Bước “{step}” chuyển đến “{target}” nhưng không có bước hay kết thúc nào mang mã đó.",
    "The step “{step}” leads to “{target}”, which is neither a step nor an end.",
    "Sửa mã đích{close}, hoặc thêm bước hay khóa ends còn thiếu.",
)
UNREACHABLE = Rule(
    "MC203",
    Severity.ERROR,
    "A step can never be reached",
    "Không có đường nào từ bước đầu đến bước “{step}”; việc này sẽ không bao giờ được làm.",
    "No way leads from the start to the step “{step}”.",
    "Thêm next trỏ đến bước này, hoặc bỏ bước.",
)
DEAD_END = Rule(
    "MC204",
    Severity.ERROR,
    "From a step no end can be reached",
    "Từ bước “{step}” không có đường nào đi đến kết thúc; hồ sơ sẽ chạy vòng hoặc nằm lại mãi.",
    "From the step “{step}” no end can be reached.",
    "Thêm một kết quả dẫn đến kết thúc, hoặc đến một bước còn đi tiếp được.",
)
NO_GOOD_END = Rule(
    "MC205",
    Severity.ERROR,
    "The applicant can never get what was asked",
    "Không có đường nào đi đến kết thúc tốt (positive: true); người nộp không bao giờ nhận được kết quả.",
    "No positive end can be reached from the start.",
    "Kiểm tra ends có một kết thúc positive: true và có bước dẫn đến nó.",
)
END_UNUSED = Rule(
    "MC206",
    Severity.WARNING,
    "An end is never reached",
    "Kết thúc “{end}” không bao giờ xảy ra.",
    "The end “{end}” is never reached.",
    "Thêm kết quả dẫn đến kết thúc này, hoặc bỏ nó.",
)
END_LIKE_STEP = Rule(
    "MC207",
    Severity.ERROR,
    "An end and a step have the same id",
    "Mã “{id}” vừa là bước vừa là kết thúc; chuyển đến “{id}” không biết là đến đâu.",
    "“{id}” is both a step and an end.",
    "Đổi mã của kết thúc.",
)
NEVER_OPENED = Rule(
    "MC208",
    Severity.WARNING,
    "No combination of answers ever opens a step",
    "Có đường đến bước “{step}” nhưng các điều kiện trên đường mâu thuẫn nhau, nên bước không bao giờ mở.",
    "There is a way to the step “{step}”, but the conditions on it contradict each other.",
    "So lại các when trên đường đi đến bước này.",
)
ENDLESS = Rule(
    "MC209",
    Severity.ERROR,
    "A dossier may get where no end can come any more",
    "Khi hồ sơ đang ở bước {steps}, không trường hợp nào còn đi đến kết thúc được.",
    "Once the dossier is at {steps}, no end can come any more.",
    "So lại các điều kiện và các vòng lặp quanh bước này; cần ít nhất một đường ra.",
)
NO_REASON = Rule(
    "MC210",
    Severity.WARNING,
    "A refusal without a reason",
    "Kết quả “{outcome}” của bước “{step}” kết thúc hồ sơ mà người nộp không được điều mình xin, "
    "nhưng không bắt ghi lý do.",
    "The outcome “{outcome}” of “{step}” ends the dossier without what was asked, and needs no reason.",
    "Thêm needs_reason: true; từ chối phải nêu rõ lý do (NĐ 61/2018/NĐ-CP điều 17.1, 19.8).",
)
NO_REFUSAL = Rule(
    "MC211",
    Severity.INFO,
    "No way to refuse",
    "Không có đường nào đi đến kết thúc từ chối; mọi hồ sơ đã tiếp nhận đều được giải quyết.",
    "No negative end can be reached: every dossier taken in is granted.",
    "Nếu có thể từ chối sau thẩm định, thêm kết thúc positive: false và kết quả dẫn đến nó.",
)
MACHINES_ROUND = Rule(
    "MC212",
    Severity.ERROR,
    "Machines' steps lead to one another without end",
    "Các bước do máy làm {steps} chuyển vòng cho nhau; máy làm xong ngay nên vòng này không bao giờ dừng.",
    "The machines' steps {steps} lead to one another; done at once each time, they would never end.",
    "Đặt vào vòng một bước có người làm, hoặc cho bước của máy chuyển thẳng đến bước sau.",
)
RULES = (
    TWICE,
    UNKNOWN_TARGET,
    UNREACHABLE,
    DEAD_END,
    NO_GOOD_END,
    END_UNUSED,
    END_LIKE_STEP,
    NEVER_OPENED,
    ENDLESS,
    NO_REASON,
    NO_REFUSAL,
    MACHINES_ROUND,
)

_ENDS_BY_ITSELF = (StepKind.OPINION, StepKind.PAYMENT, StepKind.DOSSIER)
"""Kinds of step nobody is there to give a reason for."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the shape of the whole."""
    yield from _ids(subject)
    yield from _arcs(subject)
    yield from _ways(subject)
    yield from _machine_rounds(subject)
    yield from _ends(subject)


def _ids(subject: Subject) -> Iterator[Finding]:
    definition = subject.definition
    groups: list[tuple[str, str, str, Iterable[str]]] = [
        ("steps", "các bước", "the steps", (step.id for step in definition.steps)),
        ("papers", "thành phần hồ sơ", "the papers", (paper.id for paper in definition.papers)),
        ("fees", "phí, lệ phí", "the fees", (fee.id for fee in definition.fees)),
        ("stages", "các giai đoạn", "the stages", (stage.id for stage in definition.stages)),
    ]
    for number, step in enumerate(definition.steps):
        name = step.name.strip() or step.id
        ways = (way.id for way in step.ways)
        groups.append(
            (f"steps[{number}].outcomes", f"các kết quả của bước “{name}”", f"the outcomes of “{name}”", ways)
        )
    for where, of, of_en, ids in groups:
        seen: set[str] = set()
        for number, found in enumerate(ids):
            if found in seen:
                yield TWICE.at(f"{where}[{number}].id", id=found, of=of, of_en=of_en)
            seen.add(found)
    for found in definition.ends:
        if found in subject.graph.steps:
            yield END_LIKE_STEP.at(f"ends.{found}", id=found)


def _arcs(subject: Subject) -> Iterator[Finding]:
    known = [*subject.graph.steps, *subject.definition.ends]
    for edge in subject.graph.dangling:
        close = closest(edge.target, known)
        yield UNKNOWN_TARGET.at(
            f"{edge.where}.to",
            step=subject.named(edge.source),
            target=edge.target,
            close=Said(" (có phải “{close}”?)", close=close) if close else "",
        )


def _ways(subject: Subject) -> Iterator[Finding]:
    graph = subject.graph
    good = frozenset(name for name, end in subject.definition.ends.items() if end.positive) & graph.ends
    to_an_end = graph.leading_to(graph.ends)
    for step in graph.steps:
        if step not in subject.reached:
            yield UNREACHABLE.at(graph.place(step), step=subject.named(step))
        elif step not in to_an_end and graph.leaving(step):
            yield DEAD_END.at(graph.place(step), step=subject.named(step))
        elif subject.walk.complete and step not in subject.walk.opened:
            yield NEVER_OPENED.at(graph.place(step), step=subject.named(step))
    if not good & subject.reached:
        yield NO_GOOD_END.at("ends")
    endless = subject.walk.endless
    if endless and endless <= to_an_end:
        steps = ", ".join(
            f"“{subject.named(step)}”" for step in sorted(endless, key=graph.position.__getitem__)
        )
        yield ENDLESS.at(graph.place(min(endless, key=graph.position.__getitem__)), steps=steps)


def _machine_rounds(subject: Subject) -> Iterator[Finding]:
    """Of a machine's step only the first outcome ever happens, and at once."""
    graph = subject.graph
    machines = [name for name, step in graph.steps.items() if step.kind is StepKind.AUTOMATIC]
    onward = {
        name: [edge.target for edge in graph.leaving(name) if edge.way == 0 and edge.target in machines]
        for name in machines
    }
    after = {name: _closure(onward, name) for name in machines}
    told: set[str] = set()
    for name in machines:
        if name in told or name not in after[name]:
            continue
        around = [other for other in machines if other in after[name] and name in after[other]]
        told.update(around)
        steps = ", ".join(f"“{subject.named(step)}”" for step in around)
        yield MACHINES_ROUND.at(graph.place(name), steps=steps)


def _closure(onward: Mapping[str, Iterable[str]], start: str) -> set[str]:
    """All that can be reached from the start by at least one arc."""
    found: set[str] = set()
    pending = list(onward[start])
    while pending:
        at = pending.pop()
        if at not in found:
            found.add(at)
            pending.extend(onward[at])
    return found


def _ends(subject: Subject) -> Iterator[Finding]:
    ends = subject.definition.ends
    for name, end in ends.items():
        if name in subject.graph.ends and name not in subject.reached:
            yield END_UNUSED.at(f"ends.{name}", end=end.name.strip() or name)
    bad = frozenset(name for name, end in ends.items() if not end.positive)
    if not bad & subject.reached:
        yield NO_REFUSAL.at("ends")
    for number, step in enumerate(subject.definition.steps):
        if step.kind in _ENDS_BY_ITSELF:
            continue
        for way, outcome in enumerate(step.outcomes):
            if not outcome.needs_reason and any(arc.to in bad for arc in outcome.next):
                yield NO_REASON.at(
                    f"steps[{number}].outcomes[{way}].needs_reason",
                    step=step.name.strip() or step.id,
                    outcome=outcome.name.strip() or outcome.id,
                )
        if step.next is not None and any(arc.to in bad for arc in step.next):
            yield NO_REASON.at(
                f"steps[{number}].next", step=step.name.strip() or step.id, outcome="Hoàn thành"
            )


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if any is much like it."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
