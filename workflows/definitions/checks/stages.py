"""Stages: stretches with an appointment of their own, kept one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject, is_counted

UNKNOWN_STAGE = Rule(
    "MC531",
    Severity.ERROR,
    "A step belongs to an unknown stage",
    "Bước “{step}” thuộc giai đoạn “{stage}” nhưng stages không có giai đoạn đó.",
    "The step “{step}” belongs to the stage “{stage}”, which does not exist.",
    "Chọn một trong: {known}; hoặc bỏ stage.",
)
STAGE_BACKWARDS = Rule(
    "MC532",
    Severity.ERROR,
    "Work of a stage follows work of a later one",
    "Bước “{step}” thuộc giai đoạn “{stage}” nhưng đứng sau bước “{before}” thuộc giai đoạn sau “{later}”; "
    "lần hẹn của “{stage}” đã xong khi đó.",
    "The step “{step}” of the stage “{stage}” follows “{before}” of the later stage “{later}”.",
    "Ghi stage cho mọi bước từ giai đoạn hai trở đi; bước không ghi thuộc giai đoạn đầu.",
)
STAGE_REPEATED = Rule(
    "MC533",
    Severity.WARNING,
    "A loop goes back to an earlier stage",
    "Bước “{before}” trả hồ sơ về bước “{step}” của giai đoạn trước “{stage}”, là giai đoạn đã hẹn xong.",
    "“{before}” sends the dossier back to “{step}” of the earlier stage “{stage}”.",
    "Nếu được, trả về một bước trong cùng giai đoạn; thời gian làm lại tính vào lần hẹn đang chạy.",
)
EMPTY_STAGE = Rule(
    "MC534",
    Severity.ERROR,
    "A stage no counted step belongs to",
    "Giai đoạn “{stage}” không có bước nào tính thời gian, nên lần hẹn của nó không bao giờ bắt đầu.",
    "No counted step belongs to the stage “{stage}”, so its appointment never starts.",
    "Gán stage cho các bước của giai đoạn này, hoặc bỏ giai đoạn.",
)
STAGES_AT_ONCE = Rule(
    "MC535",
    Severity.WARNING,
    "Steps of two stages may be open at once",
    "Bước “{step}” và “{other}” thuộc hai giai đoạn khác nhau nhưng có thể cùng mở; lần hẹn trước "
    "coi như xong khi việc của nó chưa xong.",
    "“{step}” and “{other}” belong to different stages but may be open at once.",
    "Cho các nhánh song song gặp nhau (join) trước khi sang giai đoạn sau.",
)
RULES = (
    UNKNOWN_STAGE,
    STAGE_BACKWARDS,
    STAGE_REPEATED,
    EMPTY_STAGE,
    STAGES_AT_ONCE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the stages and the steps that belong to them."""
    stages = subject.definition.stages
    known = [stage.id for stage in stages]
    for number, step in enumerate(subject.definition.steps):
        if step.stage is not None and step.stage not in known:
            yield UNKNOWN_STAGE.at(
                f"steps[{number}].stage",
                step=step.name.strip() or step.id,
                stage=step.stage,
                known=", ".join(known) or "(thủ tục này không có stages)",
            )
    for number, stage in enumerate(stages):
        if not any(
            is_counted(step) and subject.stage_of(step) == stage.id for step in subject.definition.steps
        ):
            yield EMPTY_STAGE.at(f"stages[{number}]", stage=stage.name.strip() or stage.id)
    if len(stages) > 1:
        yield from _order(subject)
        yield from _at_once(subject)


def _order(subject: Subject) -> Iterator[Finding]:
    graph, stages = subject.graph, subject.definition.stages
    rank = _ranks(subject)
    reported: set[str] = set()
    for edge in graph.edges:
        before, after = rank.get(edge.source), rank.get(edge.target)
        if before is None or after is None or before <= after or edge.target in reported:
            continue
        reported.add(edge.target)
        rule = STAGE_REPEATED if edge in graph.loop_backs else STAGE_BACKWARDS
        yield rule.at(
            f"{graph.place(edge.target)}.stage",
            step=subject.named(edge.target),
            stage=stages[after].name,
            before=subject.named(edge.source),
            later=stages[before].name,
        )


def _at_once(subject: Subject) -> Iterator[Finding]:
    graph, rank = subject.graph, _ranks(subject)
    pairs = sorted(sorted(pair, key=graph.position.__getitem__) for pair in subject.walk.together)
    for one, other in pairs:
        if one in rank and other in rank and rank[one] != rank[other]:
            yield STAGES_AT_ONCE.at(
                f"{graph.place(other)}.stage", step=subject.named(one), other=subject.named(other)
            )
            return


def _ranks(subject: Subject) -> dict[str, int]:
    """The steps with the place of their stage; steps of an unknown stage are left out."""
    known = {stage.id: number for number, stage in reversed(tuple(enumerate(subject.definition.stages)))}
    found = {step.id: subject.stage_of(step) for step in subject.graph.steps.values()}
    return {step: known[stage] for step, stage in found.items() if stage in known}
