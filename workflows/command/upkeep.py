"""Commands that mend or move a dossier, and those only the system sends."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from dossiers.core.said import Said
from workflows.command.base import Command, TaskNo, Text
from workflows.command.desk import NewApplicant, PaperIn
from workflows.definitions.model import Channel


class Correct(Command):
    """Correct what was registered by mistake; what was there stays in the history."""

    kind: ClassVar[str] = "correct"
    title: ClassVar[str] = Said("Đính chính")

    reason: Text = Field(description="Lý do")
    applicant: UUID | NewApplicant | None = None
    representative: UUID | NewApplicant | None = None
    channel: Channel | None = None
    facts: dict[str, bool | int | str] = Field(default_factory=dict, description="Thông tin vụ việc")
    papers: tuple[PaperIn, ...] | None = None


class Note(Command):
    """Record that something was done, without changing where the dossier stands."""

    kind: ClassVar[str] = "note"
    title: ClassVar[str] = Said("Ghi nhận")

    activity: str = Field(min_length=1, max_length=200, description="Việc đã làm; không ghi dữ liệu cá nhân")


class Tick(Command):
    """What the clock brings: warnings, lapses, broken promises. Sent by the monitor."""

    kind: ClassVar[str] = "tick"
    title: ClassVar[str] = Said("Rà soát thời hạn")


class Recalculate(Command):
    """Compute the running dates anew after a calendar changed."""

    kind: ClassVar[str] = "recalculate"
    title: ClassVar[str] = Said("Tính lại thời hạn")

    reason: Text = Field(description="Lý do")


class Migrate(Command):
    """Move the dossier to another version of its procedure."""

    kind: ClassVar[str] = "change_version"
    title: ClassVar[str] = Said("Chuyển phiên bản thủ tục")

    to_version: int = Field(ge=1)
    reason: Text = Field(description="Lý do")


class MemberClosed(Command):
    """A child dossier was closed. Sent by the service in the child's own transaction."""

    kind: ClassVar[str] = "member_closed"
    title: ClassVar[str] = Said("Hồ sơ thành phần đã xong")

    task: TaskNo
    positive: bool


class MemberClock(Command):
    """A child dossier's clock stopped or went on. Sent by the service in the child's own transaction."""

    kind: ClassVar[str] = "member_clock"
    title: ClassVar[str] = Said("Đồng hồ hồ sơ thành phần")

    task: TaskNo
    waits: bool
