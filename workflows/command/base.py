"""What every command is: plain data, checked for form."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=10_000)]
TaskNo = Annotated[int, Field(ge=1, description="Số thứ tự công việc trong hồ sơ")]


def _within_reason(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise ValueError("năm phải từ 1900 đến 2200")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_within_reason)]
"""An instant that calendars and time zones can be asked about."""


class Command(BaseModel):
    """Base of all commands. ``title`` is what the command is called in Vietnamese."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ClassVar[str]
    title: ClassVar[str]
