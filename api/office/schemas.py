"""What the office says of itself over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

from sla.letters.forms import Confidence, Form, FormKind, Paper


class Origin(StrEnum):
    """Where the value of a setting comes from."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


class SettingRead(BaseModel):
    """A setting of this installation. Secrets are never shown."""

    name: str = Field(description="Tên biến môi trường, ví dụ MOTCUA_PORT")
    value: str = Field(description="Giá trị đang dùng; bí mật được che")
    origin: Origin = Field(description="environment: biến môi trường; file: tệp .env; default: mặc định")
    description: str


class MonitorRead(BaseModel):
    """How the monitor of deadlines fares."""

    last_at: datetime | None = Field(description="Lần rà soát gần nhất; không có khi chưa rà soát lần nào")
    looked_at: int = Field(description="Số hồ sơ đã xem xét trong lần ấy")
    failed: int = Field(description="Số hồ sơ phải gác lại trong lần ấy")
    every_seconds: int
    late: bool = Field(description="Đã quá lâu kể từ lần rà soát gần nhất")
    waiting: int = Field(description="Số hồ sơ có việc đến hạn chưa rà soát")
    put_aside: int = Field(description="Số hồ sơ đang bị gác lại vì lỗi")


class OfficeCounts(BaseModel):
    """How much there is."""

    dossiers: int
    open_dossiers: int
    events: int
    agencies: int
    officials: int
    procedures: int
    calendars: int


class SampleRead(BaseModel):
    """What verifying a few dossiers found."""

    dossiers: int = Field(description="Số hồ sơ đã kiểm chứng")
    ok: bool
    fault: str | None = Field(description="Chỗ sai đầu tiên")


class OfficeHealth(BaseModel):
    """How the installation fares."""

    at: datetime
    python: str
    database: str = Field(description="Địa chỉ cơ sở dữ liệu, không kèm mật khẩu")
    database_version: str
    schema_revision: str
    schema_wanted: str
    monitor: MonitorRead
    duties_stopped: list[str] = Field(description="Việc định kỳ đã quá lâu không làm xong lượt nào")
    counts: OfficeCounts
    sample: SampleRead | None = Field(description="Có khi yêu cầu kiểm chứng mẫu")


class FormVersionRead(BaseModel):
    """A standard form as one circular prescribes it."""

    kind: FormKind
    number: str
    title: str
    number_suffix: str | None = Field(description="Phần sau số văn bản; không có khi chưa thấy mẫu in")
    paper: Paper
    circular: str
    effective_from: date
    effective_to: date | None
    in_force: bool
    confidence: Confidence = Field(description="T: văn bản; D: quyết định; C: nguồn thứ ba; M: cần kiểm tra")

    @classmethod
    def of(cls, form: Form, today: date) -> Self:
        """The form as data."""
        return cls(
            kind=form.kind,
            number=form.number,
            title=form.title,
            number_suffix=form.number_suffix,
            paper=form.paper,
            circular=form.circular.name,
            effective_from=form.effective_from,
            effective_to=form.effective_to,
            in_force=form.circular.in_force(today),
            confidence=form.confidence,
        )
