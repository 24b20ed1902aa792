"""How the outbox is asked for and acted on over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Way = Literal["email", "sms", "zalo", "letter"]


class OutboxCounts(BaseModel):
    """How many messages are not finished."""

    waiting: int
    sending: int
    to_print: int
    dead: int


class MessageRetry(BaseModel):
    """Send a message anew; what is not named stays as it was."""

    model_config = ConfigDict(extra="forbid")

    channel: Way | None = Field(default=None, description="Gửi cách khác")
    email: Email | None = Field(default=None, description="Địa chỉ thư điện tử mới")
    phone: Phone | None = Field(default=None, description="Số điện thoại mới")


class MessageCancel(BaseModel):
    """Why a message is not to be sent."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=3, max_length=300)


class LettersPosted(BaseModel):
    """Letters of the list that were posted."""

    model_config = ConfigDict(extra="forbid")

    messages: list[UUID] = Field(min_length=1, max_length=200)


class LettersDone(BaseModel):
    """How many letters left the list."""

    posted: int


class ContactUpdate(BaseModel):
    """How somebody wishes to be told; what is not named stays as it was."""

    model_config = ConfigDict(extra="forbid")

    channel: Way | Literal[""] | None = Field(default=None, description="Cách muốn nhận tin; trống: tự chọn")
    language: Literal["vi", "en"] | None = Field(default=None, description="Ngôn ngữ")
    email: Email | None = Field(default=None, description="Địa chỉ thư điện tử nhận tin")
    phone: Phone | None = Field(default=None, description="Số điện thoại nhận tin")


class ContactRead(BaseModel):
    """How somebody is told."""

    channel: Way | Literal[""]
    language: Literal["vi", "en"]
    email: str
    phone: str
