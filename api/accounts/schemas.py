"""What accounts look like over HTTP. Hashes never leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from api.agencies.schemas import OfficialId
from workflows.views.models import Named


class AccountRead(BaseModel):
    """The account by which an official signs in."""

    official: Named
    login: str
    must_change: bool = Field(description="Phải đổi mật khẩu khi đăng nhập")
    failures: int = Field(description="Số lần nhập sai liên tiếp")
    locked_until: datetime | None = Field(description="Tạm khoá vì nhập sai, đến lúc này")
    disabled_at: datetime | None = Field(description="Người quản trị khoá từ lúc này")
    created_at: datetime
    changed_at: datetime = Field(description="Lần đặt mật khẩu gần nhất")

    @classmethod
    def of(cls, row: Any, name: str) -> Self:
        """The account's row as data."""
        fields = {field: getattr(row, field) for field in cls.model_fields if field != "official"}
        return cls(official=Named(code=row.official, name=name), **fields)


class AccountCreate(BaseModel):
    """An account to be opened; its password is drawn."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    official: OfficialId
    login: str | None = Field(default=None, max_length=120, description="Mặc định: mã công chức")


class PasswordGiven(BaseModel):
    """A password given once; it must be changed on signing in."""

    official: str
    login: str
    password: str = Field(description="Chỉ trả về lần này")


class SignedOut(BaseModel):
    """How many sessions were ended, and how many tokens revoked."""

    sessions: int
    tokens: int
