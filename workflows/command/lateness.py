"""Commands about lateness: apologies, re-appointment, the ledger of heads."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from dossiers.core.said import Said
from workflows.command.base import Command, Instant, Text


class DraftApology(Command):
    """Propose the reason and the new date of an apology to the head who signs."""

    kind: ClassVar[str] = "draft_apology"
    title: ClassVar[str] = Said("Soạn thư xin lỗi")

    apology: int = Field(ge=1, description="Số thứ tự thư xin lỗi trong hồ sơ")
    reason: Text = Field(description="Lý do")
    new_due_at: Instant | None = Field(default=None, description="Ngày hẹn lại")


class SignApology(Command):
    """Sign an apology (form 04); the new date becomes the one re-appointment the law allows."""

    kind: ClassVar[str] = "sign_apology"
    title: ClassVar[str] = Said("Ký thư xin lỗi")

    apology: int = Field(ge=1, description="Số thứ tự thư xin lỗi trong hồ sơ")
    reason: Text | None = Field(default=None, description="Mặc định: lý do đã soạn")
    new_due_at: Instant | None = Field(default=None, description="Mặc định: ngày đã soạn")


class ReturnApology(Command):
    """Send a proposed apology back to who proposed it, with the reason; the letter is still owed."""

    kind: ClassVar[str] = "return_apology"
    title: ClassVar[str] = Said("Trả lại bản soạn thư xin lỗi")

    apology: int = Field(ge=1)
    reason: Text


class Reappoint(Command):
    """Apologise before being asked and give a new date, once."""

    kind: ClassVar[str] = "reappoint"
    title: ClassVar[str] = Said("Hẹn lại")

    reason: Text = Field(description="Lý do")
    new_due_at: Instant = Field(description="Ngày hẹn lại")


class ExplainFault(Command):
    """The head explains an entry of the ledger."""

    kind: ClassVar[str] = "explain_fault"
    title: ClassVar[str] = Said("Giải trình")

    fault: int = Field(ge=1, description="Số thứ tự mục trách nhiệm trong hồ sơ")
    text: Text = Field(description="Nội dung")


class AcknowledgeFault(Command):
    """The head acknowledges an entry of the ledger."""

    kind: ClassVar[str] = "acknowledge_fault"
    title: ClassVar[str] = Said("Xác nhận trách nhiệm")

    fault: int = Field(ge=1, description="Số thứ tự mục trách nhiệm trong hồ sơ")


class CloseFault(Command):
    """The superior closes an entry of the ledger."""

    kind: ClassVar[str] = "close_fault"
    title: ClassVar[str] = Said("Khép lại mục theo dõi")

    fault: int = Field(ge=1, description="Số thứ tự mục trách nhiệm trong hồ sơ")
    text: Text = Field(description="Nội dung")


class CorrectFault(Command):
    """The superior corrects the minutes of an entry by a counter-entry."""

    kind: ClassVar[str] = "correct_fault"
    title: ClassVar[str] = Said("Đính chính sổ trách nhiệm")

    fault: int = Field(ge=1, description="Số thứ tự mục trách nhiệm trong hồ sơ")
    minutes: int = Field(ge=0, description="Số phút trễ đúng")
    text: Text = Field(description="Nội dung")
