"""Commands about lateness: apologies, re-appointment, the ledger of heads."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime, Field

from workflows.command.base import Command, Text


class DraftApology(Command):
    """Propose the reason and the new date of an apology to the head who signs."""

    kind: ClassVar[str] = "draft_apology"
    title: ClassVar[str] = "Soạn thư xin lỗi"

    apology: int = Field(ge=1)
    reason: Text
    new_due_at: AwareDatetime | None = None


class SignApology(Command):
    """Sign an apology (form 04); the new date becomes the one re-appointment the law allows."""

    kind: ClassVar[str] = "sign_apology"
    title: ClassVar[str] = "Ký thư xin lỗi"

    apology: int = Field(ge=1)
    reason: Text | None = Field(default=None, description="Mặc định: lý do đã soạn")
    new_due_at: AwareDatetime | None = Field(default=None, description="Mặc định: ngày đã soạn")


class Reappoint(Command):
    """Apologise before being asked and give a new date, once."""

    kind: ClassVar[str] = "reappoint"
    title: ClassVar[str] = "Hẹn lại"

    reason: Text
    new_due_at: AwareDatetime


class ExplainFault(Command):
    """The head explains an entry of the ledger."""

    kind: ClassVar[str] = "explain_fault"
    title: ClassVar[str] = "Giải trình"

    fault: int = Field(ge=1)
    text: Text


class AcknowledgeFault(Command):
    """The head acknowledges an entry of the ledger."""

    kind: ClassVar[str] = "acknowledge_fault"
    title: ClassVar[str] = "Xác nhận trách nhiệm"

    fault: int = Field(ge=1)


class CloseFault(Command):
    """The superior closes an entry of the ledger."""

    kind: ClassVar[str] = "close_fault"
    title: ClassVar[str] = "Khép lại mục theo dõi"

    fault: int = Field(ge=1)
    text: Text


class CorrectFault(Command):
    """The superior corrects the minutes of an entry by a counter-entry."""

    kind: ClassVar[str] = "correct_fault"
    title: ClassVar[str] = "Đính chính sổ trách nhiệm"

    fault: int = Field(ge=1)
    minutes: int = Field(ge=0)
    text: Text
