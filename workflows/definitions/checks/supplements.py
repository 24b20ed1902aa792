"""The rule for asking the applicant to supplement a dossier."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definitions.checks.duration import NOT_COMPARABLE, comparable, minutes, promises
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject
from workflows.definitions.model import AtCap

MOST_REQUESTS = 2
"""NĐ 63/2010/NĐ-CP art. 20.4: not more than twice for one dossier, the applicant's own fault apart."""

NO_CAP = Rule(
    "MC721",
    Severity.ERROR,
    "A supplement without a cap: a pause that may never resume",
    "Yêu cầu bổ sung không có hạn chờ tối đa (cap); người nộp không trả lời thì hồ sơ treo mãi.",
    "A request for a supplement has no cap; without an answer the dossier would be open for ever.",
    "Thêm supplement.cap, ví dụ “7 working_day”. Nếu văn bản gốc không đặt hạn, nêu lý do ở waived.",
    waivable=True,
)
TOO_MANY_REQUESTS = Rule(
    "MC722",
    Severity.WARNING,
    "More requests for a supplement than the law allows",
    "Cho phép yêu cầu bổ sung {count}; luật chỉ cho không quá hai lần (NĐ 63/2010/NĐ-CP điều 20.4).",
    "More requests for a supplement are allowed than the two of the law.",
    "Ghi max_requests: 1 (hướng dẫn đầy đủ một lần, NĐ 118/2025/NĐ-CP điều 17.2.a) hoặc 2.",
)
AT_CAP_IDLE = Rule(
    "MC723",
    Severity.WARNING,
    "What to do at the cap, but no cap",
    "Có at_cap: {at_cap} nhưng không có cap, nên không bao giờ đến lúc đó.",
    "at_cap is {at_cap}, but there is no cap.",
    "Thêm cap, hoặc bỏ at_cap.",
)
ASKED_TOO_LATE = Rule(
    "MC724",
    Severity.WARNING,
    "A supplement may be asked for after the deadline",
    "Được yêu cầu bổ sung trong {within}, dài hơn thời hạn giải quyết {total}.",
    "A supplement may be asked for within {within}, longer than the total “{total}”.",
    "Rút ngắn ask_within; thông thường không quá 03 ngày làm việc (NĐ 61/2018/NĐ-CP điều 19.4).",
)
NO_BASIS = Rule(
    "MC725",
    Severity.WARNING,
    "The supplement rule has no basis",
    "Quy tắc bổ sung hồ sơ chưa nêu căn cứ.",
    "The supplement rule names no basis.",
    "Ghi supplement.basis: điều khoản cho phép dừng hoặc tính lại thời hạn.",
)
NO_RULE = Rule(
    "MC726",
    Severity.INFO,
    "Supplements cannot be asked for",
    "Thủ tục không có quy tắc bổ sung hồ sơ; sau khi tiếp nhận sẽ không yêu cầu bổ sung được.",
    "There is no supplement rule: after reception no supplement can be asked for.",
    "Nếu luật cho phép, thêm supplement.",
)
RULES = (NO_CAP, TOO_MANY_REQUESTS, AT_CAP_IDLE, ASKED_TOO_LATE, NO_BASIS, NO_RULE)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the supplement rule."""
    rule = subject.definition.supplement
    if rule is None:
        yield NO_RULE.at("supplement")
        return
    if rule.cap is None or not rule.cap.amount:
        yield NO_CAP.at("supplement.cap")
        if rule.at_cap is not AtCap.STOP:
            yield AT_CAP_IDLE.at("supplement.at_cap", at_cap=rule.at_cap.value)
    if rule.max_requests is None or rule.max_requests > MOST_REQUESTS:
        count = "không giới hạn số lần" if rule.max_requests is None else f"{rule.max_requests} lần"
        yield TOO_MANY_REQUESTS.at("supplement.max_requests", count=count)
    if not rule.basis.strip():
        yield NO_BASIS.at("supplement.basis")
    if rule.ask_within is None:
        return
    totals = [limit.limit for promise in promises(subject) for limit in promise.limits]
    like = [total for total in totals if comparable(total, rule.ask_within)]
    if like and minutes(rule.ask_within) > max(map(minutes, like)):
        yield ASKED_TOO_LATE.at(
            "supplement.ask_within", within=rule.ask_within.label, total=max(like, key=minutes).label
        )
    elif totals and not like:
        yield NOT_COMPARABLE.at(
            "supplement.ask_within",
            what="Hạn yêu cầu bổ sung",
            what_en="The time to ask for a supplement",
            limit=rule.ask_within.label,
            total=totals[0].label,
            stage="",
        )
