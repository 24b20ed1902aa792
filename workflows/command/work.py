"""Commands of the agencies: the file in their hands, steps, decisions, opinions."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from dossiers.core.said import Said
from workflows.command.base import Command, TaskNo, Text


class Send(Command):
    """Send the file on to the agency of the next step."""

    kind: ClassVar[str] = "send"
    title: ClassVar[str] = Said("Chuyển hồ sơ")

    task: TaskNo


class Receive(Command):
    """Acknowledge a file that was sent; the receiver's verdict on the step before is written."""

    kind: ClassVar[str] = "receive"
    title: ClassVar[str] = Said("Nhận bàn giao")

    task: TaskNo


class ReturnToSender(Command):
    """Give a file back to the agency that sent it."""

    kind: ClassVar[str] = "return_to_sender"
    title: ClassVar[str] = Said("Trả lại nơi gửi")

    task: TaskNo
    reason: Text = Field(description="Lý do")


class TakeOver(Command):
    """Take a task on, or give it to a colleague."""

    kind: ClassVar[str] = "take_over"
    title: ClassVar[str] = Said("Nhận xử lý")

    task: TaskNo
    official: str | None = Field(default=None, description="Người được giao; mặc định: chính mình")


class FinishStep(Command):
    """Finish a step with an outcome."""

    kind: ClassVar[str] = "finish_step"
    title: ClassVar[str] = Said("Hoàn thành bước")

    task: TaskNo
    outcome: str = Field(
        default="done", description="Mã kết quả của bước; bước chỉ có một kết quả thì mặc định: done"
    )
    reason: Text | None = Field(default=None, description="Lý do")
    facts: dict[str, bool | int | str] = Field(default_factory=dict, description="Thông tin vụ việc")
    agencies: tuple[str, ...] = Field(
        default=(), description="Các cơ quan của bước sau, khi bước sau cần chọn"
    )
    send: bool = Field(default=True, description="Chuyển ngay sang cơ quan sau")


class Decide(FinishStep):
    """Decide: finish a deciding step; the result's number and name are recorded."""

    kind: ClassVar[str] = "decide"
    title: ClassVar[str] = Said("Quyết định")

    result_number: str = Field(default="", max_length=60)
    result_name: str = Field(default="", max_length=300)


class AskOpinion(Command):
    """Ask other agencies for an opinion; the step waits for them."""

    kind: ClassVar[str] = "ask_opinion"
    title: ClassVar[str] = Said("Lấy ý kiến")

    task: TaskNo
    agencies: tuple[str, ...] = Field(min_length=1)
    limit: str = Field(description="Thời hạn trả lời, ví dụ “3 working_day”")
    content: Text = Field(description="Điều cần hỏi ý kiến")
    silence_is_consent: bool = Field(default=False, description="Quá hạn không trả lời là đồng ý")


class AnswerOpinion(Command):
    """Answer a request for an opinion."""

    kind: ClassVar[str] = "answer_opinion"
    title: ClassVar[str] = Said("Cho ý kiến")

    task: TaskNo
    content: Text = Field(description="Nội dung ý kiến")
    agrees: bool = Field(default=True, description="Nhất trí hay không")


class TakeBack(Command):
    """Undo the last finished step while nobody has acted on it since."""

    kind: ClassVar[str] = "take_back"
    title: ClassVar[str] = Said("Thu hồi bước vừa chuyển")

    task: TaskNo
    reason: Text = Field(description="Lý do")
