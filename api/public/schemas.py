"""How citizens ask and write over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from dossiers.history.seals import Seal
from workflows.views.late_board import LateCount


class Proof(BaseModel):
    """What shows that the dossier is the asker's own. In the body, never in the address."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    last4: str = Field(
        pattern=r"^[0-9A-Za-z]{4}$",
        description="4 ký tự cuối của số điện thoại hoặc số định danh đã khai khi nộp",
    )


class Addition(Proof):
    """What a complainant adds when asked."""

    text: str = Field(min_length=3, max_length=4000, description="Thông tin bổ sung")


class SentRead(BaseModel):
    """A complaint that arrived."""

    no: str = Field(description="Số phản ánh, dùng để xem câu trả lời")
    answer_by: datetime | None = Field(description="Trả lời chậm nhất")


class SealRead(BaseModel):
    """The seal of a day, as it is printed: over the heads of all dossiers changed, and the seal before."""

    number: int
    day: date
    seal: str = Field(description="16 ký tự đầu của mã niêm phong")
    dossiers: int

    @classmethod
    def of(cls, seal: Seal | None) -> Self | None:
        """The seal as data; nothing when no day was sealed yet."""
        if seal is None:
            return None
        return cls(number=seal.number, day=seal.day, seal=seal.printed, dossiers=seal.dossiers)


class LateBoardRead(BaseModel):
    """The published late board: counts per agency."""

    at: datetime = Field(description="Số liệu tính đến lúc này")
    total: int
    items: list[LateCount]
    seal: SealRead | None = Field(description="Niêm phong gần nhất; không có khi chưa ngày nào niêm phong")


LetterToken = Annotated[
    str,
    Path(
        description="Mã in trong QR của thư",
        max_length=96,
        pattern=r"^[0-9A-Za-z._-]+$",
        examples=["H44.101.01-260302-0001.1.0123456789abcdef"],
    ),
]
FormToken = Annotated[
    str,
    Path(
        description="Mã in trong QR của biểu mẫu",
        max_length=112,
        pattern=r"^[0-9A-Za-z._-]+$",
        examples=["H44.101.01-260302-0001.receipt.0123456789abcdef"],
    ),
]
RatingToken = Annotated[
    str,
    Path(
        description="Mã trong đường dẫn đánh giá",
        max_length=110,
        pattern=r"^[0-9A-Za-z._-]+$",
        examples=["H44.101.01-260302-0001.reception.0123456789abcdef"],
    ),
]
ComplaintNo = Annotated[
    str,
    Path(
        description="Số phản ánh",
        max_length=24,
        pattern=r"^[Pp][Aa]-[0-9]{6}-[0-9]{4,}$",
        examples=["PA-260302-0001"],
    ),
]
