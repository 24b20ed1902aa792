"""All checks over one definition, with what an officer has accepted taken into account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workflows.definitions.checks import (
    clarity,
    duration,
    facts,
    kinds,
    law,
    parallel,
    people,
    reminders,
    shape,
    stages,
    supplements,
)
from workflows.definitions.checks.findings import Directory, Finding, Rule, Severity
from workflows.definitions.checks.subject import Subject
from workflows.definitions.model import Definition

UNKNOWN_CODE = Rule(
    "MC901",
    Severity.ERROR,
    "A waived code does not exist",
    "waived nêu mã “{code}” nhưng không có mã đó.",
    "The waived code “{code}” does not exist.",
    "Chép đúng mã trong kết quả kiểm tra, ví dụ MC503.",
)
NOT_WAIVABLE = Rule(
    "MC902",
    Severity.ERROR,
    "A finding that cannot be waived",
    "Mã “{code}” không được chấp nhận ngoại lệ: {title}",
    "The code “{code}” cannot be waived: {title_en}.",
    "Sửa định nghĩa. Chỉ bỏ qua được các mã: {waivable}.",
)
NOTHING_TO_WAIVE = Rule(
    "MC903",
    Severity.INFO,
    "A waiver that is no longer needed",
    "Ngoại lệ “{code}” không còn cần: kiểm tra không thấy điều đó nữa.",
    "The waiver of “{code}” is no longer needed.",
    "Bỏ dòng này khỏi waived.",
)
NO_REASON = Rule(
    "MC904",
    Severity.ERROR,
    "A waiver without a reason",
    "Ngoại lệ “{code}” không nêu lý do.",
    "The waiver of “{code}” gives no reason.",
    "Ghi lý do: văn bản nào quy định như vậy, ai chấp nhận.",
)
WAIVER_RULES = (UNKNOWN_CODE, NOT_WAIVABLE, NOTHING_TO_WAIVE, NO_REASON)

CHECKS = (
    clarity.check,
    shape.check,
    parallel.check,
    facts.check,
    duration.check,
    kinds.check,
    stages.check,
    reminders.check,
    people.check,
    law.check,
    supplements.check,
)
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        *clarity.RULES,
        *shape.RULES,
        *parallel.RULES,
        *facts.RULES,
        *duration.RULES,
        *kinds.RULES,
        *stages.RULES,
        *reminders.RULES,
        *people.RULES,
        *law.RULES,
        *supplements.RULES,
        *WAIVER_RULES,
    )
}
"""Every rule of the checks by its code."""

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def lint(definition: Definition, directory: Directory | None = None) -> list[Finding]:
    """Everything found in a definition, errors first, then in the order of the definition.

    With a ``directory`` the kinds of agency are checked too. A finding whose code the definition waives is
    only information, and carries the reason.
    """
    subject = Subject(definition, directory)
    found = dict.fromkeys(finding for check in CHECKS for finding in check(subject))
    judged = [_waived(finding, definition.waived) for finding in found]
    judged.extend(_waivers(definition, {finding.code for finding in found}))
    return sorted(
        judged, key=lambda finding: (_GRAVITY[finding.severity], _natural(finding.where), finding.code)
    )


def _waived(finding: Finding, waived: dict[str, str]) -> Finding:
    reason = waived.get(finding.code, "").strip()
    if reason and RULES[finding.code].waivable:
        return replace(finding, severity=Severity.INFO, waived=reason)
    return finding


def _waivers(definition: Definition, codes: set[str]) -> Iterator[Finding]:
    waivable = ", ".join(sorted(rule.code for rule in RULES.values() if rule.waivable))
    for code, reason in definition.waived.items():
        where = f"waived.{code}"
        rule = RULES.get(code)
        if rule is None:
            yield UNKNOWN_CODE.at(where, code=code)
        elif not rule.waivable:
            yield NOT_WAIVABLE.at(where, code=code, title=rule.title, title_en=rule.title, waivable=waivable)
        elif not reason.strip():
            yield NO_REASON.at(where, code=code)
        elif code not in codes:
            yield NOTHING_TO_WAIVE.at(where, code=code)


def _natural(where: str) -> list[tuple[int, int, str]]:
    """Sorts ``steps[10]`` after ``steps[9]``."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", where)]
