"""What the desk recorded of a dossier, as doors show it: fees, and how the result was given back."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class FeeRead(BaseModel):
    """A fee of the procedure for this case and what became of it, in đồng."""

    id: str
    name: str
    amount: int = Field(description="Mức thu của một hồ sơ, hay của một đơn vị")
    unit: str = Field(description="Đơn vị tính; trống khi thu theo hồ sơ")
    paid: int = Field(description="Đã thu")
    receipts: list[str] = Field(description="Số biên lai đã thu")
    waived: bool
    reason: str | None = Field(description="Lý do miễn")
    settled: bool = Field(description="Không còn phải thu")


class ReturnRead(BaseModel):
    """How a result was given back, and to whom."""

    at: datetime
    method: str = Field(description="direct, postal hoặc online")
    by: str | None = Field(description="Người trả kết quả")
    receiver: str | None = Field(description="applicant, representative hoặc proxy; không có khi không ghi")
    name: str | None = Field(description="Họ tên người nhận")
    paper: str | None = Field(description="Số định danh hoặc số giấy tờ của người nhận")
    relation: str | None = Field(description="Quan hệ của người nhận thay với người nộp")
    signed: bool = Field(description="Người nhận đã ký nhận")
