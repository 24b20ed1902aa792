"""What procedures look like over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from dossiers.procedures.models import VersionStatus
from workflows.definitions.checks.findings import Finding, Severity
from workflows.definitions.diff import Affects, Change, ChangeKind


class ProcedureLine(BaseModel):
    """A version of a procedure in a list."""

    code: str
    version: int
    name: str
    field: str
    level: str
    status: VersionStatus
    effective_from: date
    effective_to: date | None
    published_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """The version's row as a line."""
        return cls(**{name: getattr(row, name) for name in ProcedureLine.model_fields})


class ProcedureRead(ProcedureLine):
    """A version of a procedure with its whole definition."""

    digest: str
    definition: dict[str, Any] = Field(description="Định nghĩa, theo JSON Schema của thủ tục")


class FindingRead(BaseModel):
    """Something the checks found in a definition."""

    code: str
    severity: Severity
    message: str
    hint: str = ""
    where: str = ""
    message_en: str = ""
    waived: str = ""
    line: int | None = None

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The finding as data."""
        return cls(**finding.as_dict())


class FindingsRead(BaseModel):
    """What the checks found, the gravest first."""

    can_publish: bool
    findings: list[FindingRead]


class ChangeRead(BaseModel):
    """A difference between two versions."""

    path: str
    kind: ChangeKind
    text: str
    affects: Affects
    citizen: bool = Field(description="Người dân có nhận thấy thay đổi này không")

    @classmethod
    def of(cls, change: Change) -> Self:
        """The change as data."""
        return cls(
            path=change.path,
            kind=change.kind,
            text=change.text,
            affects=change.affects,
            citizen=change.citizen,
        )


class ProcedureText(BaseModel):
    """A definition as YAML."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=500_000, description="Định nghĩa thủ tục, YAML")


class ProcedureSave(ProcedureText):
    """A definition as YAML, to be kept as a draft or published."""

    publish: bool = Field(default=False, description="Công bố ngay; mặc định chỉ lưu bản nháp")


class ProcedureSaved(BaseModel):
    """What became of a definition."""

    code: str
    version: int
    status: VersionStatus
    changed: bool = Field(description="Sai khi đúng nội dung này đã được công bố trước đó")
    findings: list[FindingRead]
