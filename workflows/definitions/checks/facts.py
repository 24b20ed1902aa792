"""Conditions and case facts: every name known, every value possible, always a way on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from dossiers.core.said import Said
from workflows.definitions.checks.domains import (
    BUILTIN,
    MOST_ASSIGNMENTS,
    case_limits,
    conditions_of,
    facts_of,
)
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.shape import closest
from workflows.definitions.checks.subject import Subject
from workflows.definitions.checks.tokens import all_known
from workflows.definitions.conditions import Range, holds
from workflows.definitions.model import Arc, Fact, FactType

UNKNOWN_FACT = Rule(
    "MC401",
    Severity.ERROR,
    "A condition asks for a fact that is not declared",
    "Điều kiện hỏi “{name}” nhưng case không khai báo dữ kiện đó; điều kiện sẽ không bao giờ đúng.",
    "The condition asks for “{name}”, which is not declared under case.",
    "Khai báo trong case{close}. Dùng được sẵn: channel, applicant.",
)
IMPOSSIBLE_VALUE = Rule(
    "MC402",
    Severity.ERROR,
    "A condition compares a fact with a value it cannot have",
    "Điều kiện so “{name}” với {value}, nhưng dữ kiện này {expected}.",
    "The condition compares “{name}” with {value}, which that fact cannot be.",
    "Sửa giá trị trong when, hoặc sửa khai báo của “{name}” trong case.",
)
NO_WAY_ON = Rule(
    "MC403",
    Severity.ERROR,
    "An outcome may lead nowhere",
    "Kết quả “{outcome}” của bước “{step}” không có đường đi tiếp khi {case}; hồ sơ sẽ nằm lại.",
    "The outcome “{outcome}” of “{step}” leads nowhere in some cases, so the dossier would stay there.",
    "Thêm một đường có otherwise: true, hoặc thêm đường cho trường hợp còn thiếu.",
)
NO_WAY_ON_UNKNOWN = Rule(
    "MC404",
    Severity.WARNING,
    "An outcome leads nowhere when a fact was never answered",
    "Kết quả “{outcome}” của bước “{step}” không có đường đi tiếp nếu dữ kiện chưa được trả lời ({case}).",
    "The outcome “{outcome}” of “{step}” leads nowhere when a fact was never answered.",
    "Cho dữ kiện một default, đặt nó bằng sets ở bước trước, hoặc thêm đường có otherwise: true.",
)
NEVER_HOLDS = Rule(
    "MC405",
    Severity.WARNING,
    "A condition can never hold",
    "Điều kiện “{name}” không bao giờ đúng: {why}.",
    "The condition on “{name}” can never hold.",
    "Sửa điều kiện, hoặc bỏ phần phụ thuộc vào nó.",
)
OVERLAP = Rule(
    "MC406",
    Severity.INFO,
    "Two conditions of one outcome overlap",
    "Hai đường của kết quả “{outcome}” (bước “{step}”) cùng đúng khi {case}; khi đó cả hai nhánh cùng chạy.",
    "Two arcs of the outcome “{outcome}” of “{step}” hold together in some cases; both branches then run.",
    "Nếu chỉ muốn một nhánh, sửa khoảng giá trị cho không chồng nhau.",
)
OTHERWISE_WHEN = Rule(
    "MC407",
    Severity.ERROR,
    "An arc has both otherwise and when",
    "Đường đến “{target}” vừa có otherwise vừa có when; không rõ khi nào được đi.",
    "The arc to “{target}” has both otherwise and when.",
    "Giữ một trong hai: when nêu trường hợp, otherwise là tất cả trường hợp còn lại.",
)
BAD_FACT = Rule(
    "MC408",
    Severity.ERROR,
    "A case fact is declared wrongly",
    "Dữ kiện “{name}” khai báo sai: {why}.",
    "The fact “{name}” is declared wrongly.",
    "type: bool nhận true/false; number nhận số; choice cần choices và default là một trong các giá trị đó.",
)
UNUSED_FACT = Rule(
    "MC409",
    Severity.INFO,
    "A case fact is never asked for",
    "Dữ kiện “{name}” không được điều kiện nào dùng đến.",
    "The fact “{name}” is used by no condition.",
    "Bỏ dữ kiện, hoặc giữ nếu chỉ để thống kê.",
)
BAD_SETS = Rule(
    "MC410",
    Severity.ERROR,
    "An outcome sets a fact wrongly",
    "Kết quả “{outcome}” của bước “{step}” đặt “{name}” sai: {why}.",
    "The outcome “{outcome}” of “{step}” sets “{name}” wrongly.",
    "Chỉ đặt dữ kiện đã khai báo trong case, bằng giá trị nó nhận được.",
)
BUILTIN_NAME = Rule(
    "MC411",
    Severity.ERROR,
    "A case fact takes the name of a built-in one",
    "Dữ kiện “{name}” trùng tên với dữ kiện có sẵn của mọi hồ sơ.",
    "The fact “{name}” has the name of a built-in fact.",
    "Đặt tên khác; channel (kênh nộp) và applicant (người nộp) luôn có sẵn.",
)
SHADOWED = Rule(
    "MC412",
    Severity.WARNING,
    "A limit is never applied",
    "Thời hạn “{limit}” không bao giờ được áp dụng: các thời hạn đứng trước đã gồm mọi trường hợp của nó.",
    "The limit “{limit}” is never applied: the ones before it cover all its cases.",
    "Đưa thời hạn có điều kiện hẹp lên trước; thời hạn không có when để cuối.",
)
ARC_NEVER_TAKEN = Rule(
    "MC413",
    Severity.WARNING,
    "An arc is never taken",
    "Đường từ “{step}” đến “{target}” (kết quả “{outcome}”) không bao giờ được đi.",
    "The arc from “{step}” to “{target}” (outcome “{outcome}”) is never taken.",
    "Điều kiện mâu thuẫn với các bước trước, hoặc otherwise thừa vì các đường khác đã đủ: sửa hoặc bỏ.",
)
RULES = (
    UNKNOWN_FACT,
    IMPOSSIBLE_VALUE,
    NO_WAY_ON,
    NO_WAY_ON_UNKNOWN,
    NEVER_HOLDS,
    OVERLAP,
    OTHERWISE_WHEN,
    BAD_FACT,
    UNUSED_FACT,
    BAD_SETS,
    BUILTIN_NAME,
    SHADOWED,
    ARC_NEVER_TAKEN,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the facts, then at what asks for them."""
    yield from _declarations(subject)
    yield from _conditions(subject)
    yield from _sets(subject)
    yield from _arcs(subject)
    yield from _limits(subject)


def _declarations(subject: Subject) -> Iterator[Finding]:
    definition = subject.definition
    used = {name for use in conditions_of(definition, subject.graph) for name in use.condition}
    for name, fact in definition.case.items():
        where = f"case.{name}"
        if name in BUILTIN:
            yield BUILTIN_NAME.at(where, name=name)
        if fact.type is FactType.CHOICE and not fact.choices:
            yield BAD_FACT.at(f"{where}.choices", name=name, why="type: choice nhưng không có choices")
        elif fact.type is not FactType.CHOICE and fact.choices:
            why = f"có choices nhưng type là {fact.type.value}"
            yield BAD_FACT.at(f"{where}.choices", name=name, why=why)
        elif fact.default is not None and not _fits(fact, fact.default):
            yield BAD_FACT.at(f"{where}.default", name=name, why=f"default {expected(fact)}")
        if name not in used:
            yield UNUSED_FACT.at(where, name=name)


def _conditions(subject: Subject) -> Iterator[Finding]:
    facts = facts_of(subject.definition)
    for use in conditions_of(subject.definition, subject.graph):
        for name, test in use.condition.items():
            where = f"{use.where}.{name}"
            if name not in facts:
                close = closest(name, facts)
                yield UNKNOWN_FACT.at(
                    where, name=name, close=Said(", hoặc sửa thành “{close}”", close=close) if close else ""
                )
                continue
            wrong = [part for part in _parts(test) if not _fits(facts[name], part)]
            if wrong:
                yield IMPOSSIBLE_VALUE.at(
                    where, name=name, value=_shown(wrong[0]), expected=expected(facts[name])
                )
            elif not subject.domains.can_hold({name: test}):
                yield NEVER_HOLDS.at(where, name=name, why=_why_never(name, test))


def _sets(subject: Subject) -> Iterator[Finding]:
    declared = subject.definition.case
    for number, step in enumerate(subject.definition.steps):
        for way, outcome in enumerate(step.outcomes):
            for name, value in outcome.sets.items():
                if name not in declared:
                    why = "dữ kiện này không khai báo trong case"
                elif not _fits(declared[name], value):
                    why = f"dữ kiện này {expected(declared[name])}"
                else:
                    continue
                yield BAD_SETS.at(
                    f"steps[{number}].outcomes[{way}].sets.{name}",
                    step=step.name.strip() or step.id,
                    outcome=outcome.name.strip() or outcome.id,
                    name=name,
                    why=why,
                )


def _arcs(subject: Subject) -> Iterator[Finding]:
    graph, walk = subject.graph, subject.walk
    for (source, way), facts in walk.no_way_on.items():
        outcome = graph.steps[source].ways[way]
        rule = NO_WAY_ON if all_known(facts) else NO_WAY_ON_UNKNOWN
        yield rule.at(
            graph.way_place(source, way),
            step=subject.named(source),
            outcome=outcome.name.strip() or outcome.id,
            case=subject.told(facts),
        )
    for edge in graph.edges:
        words = {"target": edge.target, "step": subject.named(edge.source), "outcome": edge.outcome}
        if edge.arc.otherwise and edge.arc.when:
            yield OTHERWISE_WHEN.at(f"{edge.where}.when", **words)
        opened = edge.source in walk.opened and walk.complete
        if opened and edge not in walk.taken and subject.domains.can_hold(edge.arc.when):
            yield ARC_NEVER_TAKEN.at(edge.where, **words)
    for step in graph.steps.values():
        for way, outcome in enumerate(step.ways):
            for number, (one, other) in _pairs(outcome.next):
                case = _overlap(subject, one, other)
                if case is not None:
                    yield OVERLAP.at(
                        f"{graph.way_place(step.id, way)}[{number}].when",
                        step=subject.named(step.id),
                        outcome=outcome.name.strip() or outcome.id,
                        case=case,
                    )


def _limits(subject: Subject) -> Iterator[Finding]:
    for where, limits in case_limits(subject.definition):
        for number in range(1, len(limits)):
            asked = [name for limit in limits[: number + 1] for name in limit.when]
            if subject.domains.size(set(asked)) > MOST_ASSIGNMENTS:
                continue
            possible = [
                answers
                for answers in subject.domains.assignments(asked, {})
                if holds(limits[number].when, answers)
            ]
            if possible and all(
                any(holds(limit.when, answers) for limit in limits[:number]) for answers in possible
            ):
                yield SHADOWED.at(f"{where}[{number}]", limit=limits[number].limit.label)


def _pairs(arcs: tuple[Arc, ...]) -> Iterator[tuple[int, tuple[Arc, Arc]]]:
    conditioned = [(number, arc) for number, arc in enumerate(arcs) if arc.when and not arc.otherwise]
    for (_, one), (number, other) in combinations(conditioned, 2):
        if one.to != other.to and set(one.when) == set(other.when) and one.when != other.when:
            yield number, (one, other)


def _overlap(subject: Subject, one: Arc, other: Arc) -> str | None:
    """The answers for which both hold, when for others only one does: an overlap perhaps not meant."""
    if subject.domains.size(one.when) > MOST_ASSIGNMENTS:
        return None
    for answers in subject.domains.assignments(one.when, {}):
        if holds(one.when, answers) and holds(other.when, answers):
            return subject.told(answers)
    return None


def _parts(test: Any) -> tuple[Any, ...]:
    return test if isinstance(test, tuple) else (test,)


def _fits(fact: Fact, value: Any) -> bool:
    """Whether the fact could have this value, or lie in this range."""
    match fact.type:
        case FactType.BOOL:
            return isinstance(value, bool)
        case FactType.NUMBER:
            return isinstance(value, int | Range) and not isinstance(value, bool)
        case FactType.CHOICE:
            return isinstance(value, str) and value in fact.choices


def expected(fact: Fact) -> str:
    """What a fact can be, as the end of a sentence."""
    match fact.type:
        case FactType.BOOL:
            return "chỉ nhận true hoặc false"
        case FactType.NUMBER:
            return "chỉ nhận số hoặc khoảng số"
        case FactType.CHOICE:
            return f"chỉ nhận một trong: {', '.join(fact.choices) or '(chưa có giá trị nào)'}"


def _shown(value: Any) -> str:
    if isinstance(value, Range):
        return "một khoảng số"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"“{value}”"


def _why_never(name: str, test: Any) -> str:
    if isinstance(test, Range):
        return "at_least không nhỏ hơn below"
    if test == ():
        return "danh sách giá trị để trống"
    if name == "channel":
        return "thủ tục không nhận hồ sơ qua kênh này"
    return "không giá trị nào thỏa mãn"
