"""What every command is: plain data, checked for form."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=10_000)]
TaskNo = Annotated[int, Field(ge=1, description="Số thứ tự công việc trong hồ sơ")]


class Command(BaseModel):
    """Base of all commands. ``title`` is what the command is called in Vietnamese."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ClassVar[str]
    title: ClassVar[str]
