"""Findings: what is wrong, how grave, where and how to mend it; and the rules they come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from dossiers.core.said import Said


class Severity(StrEnum):
    """How grave a finding is. An error would make a dossier hang, act twice or break a promise."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The severity in Vietnamese."""
        return {"error": Said("lỗi"), "warning": Said("cảnh báo"), "info": Said("lưu ý")}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``where`` is a path such as ``steps[3].limit``; ``line`` is known when read from text.

    ``waived`` holds the officer's reason for accepting it; a waived finding is only information.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    where: str = ""
    message_en: str = ""
    waived: str = ""
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding as data, without empty fields."""
        data = {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "hint": self.hint,
            "where": self.where,
            "message_en": self.message_en,
            "waived": self.waived,
            "line": self.line,
        }
        return {key: value for key, value in data.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its stable code and its words, with places for what they are about.

    ``title`` names it in English for the documentation. ``waivable`` marks what the source text itself may
    get wrong, so that an officer can accept it and say why.
    """

    code: str
    severity: Severity
    title: str
    says: str
    english: str
    hint: str
    waivable: bool = False

    def at(self, where: str, **words: object) -> Finding:
        """The finding of this rule at a place."""
        return Finding(
            code=self.code,
            severity=self.severity,
            message=_said(self.says, words),
            hint=_said(self.hint, words),
            where=where,
            message_en=_said(self.english, words),
        )


def _said(pattern: str, words: dict[str, object]) -> Said:
    return Said(pattern, **words) if words else Said(pattern.format())


class Directory(Protocol):
    """What the checks want to know of the tree of agencies."""

    def kinds(self) -> Collection[str]:
        """The kinds of agency that exist."""
        ...

    def has_kind(self, kind: str) -> bool:
        """Whether an agency of this kind exists."""
        ...


def can_publish(findings: Iterable[Finding]) -> bool:
    """Whether nothing found forbids publishing: no error is left."""
    return all(finding.severity is not Severity.ERROR for finding in findings)
