"""Early warnings before the deadline, and the time an agency has to say that a dossier arrived."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sla.limits import Limit, Unit
from workflows.definitions.checks.clarity import needs_limit
from workflows.definitions.checks.duration import NOT_COMPARABLE, comparable, minutes, promises
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject

WARNING_TOO_EARLY = Rule(
    "MC541",
    Severity.WARNING,
    "An early warning longer than the total",
    "Mốc cảnh báo trước {rung} không ngắn hơn thời hạn {total}; cảnh báo nổ ngay khi tiếp nhận.",
    "The warning {rung} ahead is not shorter than the total “{total}”.",
    "Đặt mốc cảnh báo ngắn hơn thời hạn ngắn nhất.",
)
NOT_DESCENDING = Rule(
    "MC542",
    Severity.WARNING,
    "The early warnings do not descend",
    "Các mốc cảnh báo phải ngắn dần: {rung} đứng sau {before}.",
    "The warnings must descend: {rung} follows {before}.",
    "Xếp từ mốc xa hạn nhất đến mốc gần hạn nhất, không lặp lại.",
)
WARNING_TOO_LATE = Rule(
    "MC543",
    Severity.WARNING,
    "A notice at or after the deadline",
    "Mốc cảnh báo {rung} rơi đúng lúc hết hạn hoặc sau đó; không còn kịp làm gì.",
    "The warning {rung} falls at the deadline or after it.",
    "Đặt mốc lớn hơn không, ví dụ “4 working_hour”.",
)
NO_DAY_AHEAD = Rule(
    "MC544",
    Severity.WARNING,
    "No warning early enough for the duty of the day before",
    "Không có mốc cảnh báo nào trước hạn ít nhất một ngày; khi biết thì không còn kịp xin lỗi đúng luật.",
    "No warning comes a day or more ahead, too late for a lawful apology.",
    "Thêm mốc “2 working_day”: chậm nhất 01 ngày trước hạn phải thông báo và xin lỗi (NĐ 61/2018 điều 19.9).",
)
NO_WARNINGS = Rule(
    "MC545",
    Severity.INFO,
    "No early warnings",
    "Thủ tục không đặt mốc cảnh báo sớm nào.",
    "The procedure sets no early warnings.",
    "Thêm warnings, ví dụ [2 working_day, 1 working_day, 4 working_hour].",
)
ACKNOWLEDGED_TOO_LATE = Rule(
    "MC546",
    Severity.WARNING,
    "Acknowledging takes longer than the step",
    "Hạn xác nhận đã nhận ({limit}) dài hơn thời hạn của bước “{step}” ({total}).",
    "The limit to acknowledge ({limit}) is longer than that of the step “{step}” ({total}).",
    "Rút ngắn handover.acknowledge_within.",
)
RULES = (
    WARNING_TOO_EARLY,
    NOT_DESCENDING,
    WARNING_TOO_LATE,
    NO_DAY_AHEAD,
    NO_WARNINGS,
    ACKNOWLEDGED_TOO_LATE,
)

_A_DAY = {True: 480, False: 1_440}


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the ladder of warnings, then at the acknowledgement."""
    warnings = subject.definition.warnings
    totals = [limit.limit for promise in promises(subject) for limit in promise.limits]
    if not warnings:
        yield NO_WARNINGS.at("warnings")
    for number, rung in enumerate(warnings):
        where = f"warnings[{number}]"
        if not rung.amount or rung.unit is Unit.SAME_DAY:
            yield WARNING_TOO_LATE.at(where, rung=rung.label)
        yield from _against_totals(rung, totals, where)
    for number, (before, rung) in enumerate(pairwise(warnings), start=1):
        if comparable(before, rung) and minutes(rung) >= minutes(before):
            yield NOT_DESCENDING.at(f"warnings[{number}]", rung=rung.label, before=before.label)
    if warnings and _longer_than_a_day(totals) and not any(_a_day_or_more(rung) for rung in warnings):
        yield NO_DAY_AHEAD.at("warnings")
    yield from _acknowledgement(subject)


def _against_totals(rung: Limit, totals: list[Limit], where: str) -> Iterator[Finding]:
    like = [total for total in totals if comparable(rung, total)]
    if totals and not like:
        yield NOT_COMPARABLE.at(
            where,
            what="Mốc cảnh báo",
            what_en="The warning",
            limit=rung.label,
            total=totals[0].label,
            stage="",
        )
    elif like and minutes(rung) >= max(map(minutes, like)):
        yield WARNING_TOO_EARLY.at(where, rung=rung.label, total=max(like, key=minutes).label)


def _longer_than_a_day(totals: list[Limit]) -> bool:
    return any(minutes(total) > _A_DAY[total.unit.counts_working_time] for total in totals)


def _a_day_or_more(limit: Limit) -> bool:
    return minutes(limit) >= _A_DAY[limit.unit.counts_working_time]


def _acknowledgement(subject: Subject) -> Iterator[Finding]:
    """Compare with the shortest step that receives a dossier from another agency."""
    within = subject.definition.handover.acknowledge_within
    if within is None:
        return
    graph = subject.graph
    shortest: tuple[int, Limit, str] | None = None
    for step in graph.steps.values():
        if not needs_limit(step) or not any(
            graph.steps[edge.source].agency != step.agency for edge in graph.arriving(step.id)
        ):
            continue
        for limit in (case.limit for case in step.limit if comparable(case.limit, within)):
            if shortest is None or minutes(limit) < shortest[0]:
                shortest = (minutes(limit), limit, step.id)
    if shortest is not None and minutes(within) > shortest[0]:
        yield ACKNOWLEDGED_TOO_LATE.at(
            "handover.acknowledge_within",
            limit=within.label,
            step=subject.named(shortest[2]),
            total=shortest[1].label,
        )
