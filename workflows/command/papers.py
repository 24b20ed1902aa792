"""Commands about papers as files. The bytes are handed in first; history names only ids and hashes."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from dossiers.core.said import Said
from workflows.command.base import Command, Text


class FileIn(BaseModel):
    """A file that was handed in before, and the paper it shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID = Field(description="Mã tệp, có được khi tải lên")
    paper: str | None = Field(
        default=None, max_length=60, description="Mã thành phần hồ sơ; để trống: giấy tờ khác"
    )
    sha256: str = Field(
        default="",
        pattern=r"^([0-9a-f]{64})?$",
        description="SHA-256 của nội dung; nếu nêu thì phải đúng với tệp đã tải lên",
    )


class Attach(Command):
    """Attach files that were handed in to papers of the dossier."""

    kind: ClassVar[str] = "attach"
    title: ClassVar[str] = Said("Đính kèm tệp")

    files: tuple[FileIn, ...] = Field(min_length=1, max_length=100)


class RemoveFile(Command):
    """Take away a file that was attached by mistake; that it was there stays in the history."""

    kind: ClassVar[str] = "remove_file"
    title: ClassVar[str] = Said("Gỡ tệp")

    file: UUID = Field(description="Mã tệp")
    reason: Text
