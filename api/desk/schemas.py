"""How the questions of a desk are asked over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from dossiers.people.models import ApplicantKind
from workflows.command.base import Instant
from workflows.commands import Register
from workflows.definitions.model import Channel
from workflows.views.preview import NOBODY


class RegistrationPreview(BaseModel):
    """A registration that is not made yet. No person is named: no date depends on who they are."""

    model_config = ConfigDict(extra="forbid")

    procedure: str = Field(max_length=40, description="Mã thủ tục")
    version: int | None = Field(default=None, ge=1, le=1_000_000)
    applicant_kind: ApplicantKind = ApplicantKind.PERSON
    channel: Channel = Channel.DIRECT
    desk: str | None = Field(default=None, description="Mặc định: cơ quan của người gọi")
    serves: str | None = Field(default=None, description="Nơi có thẩm quyền, khi nhận cho nơi khác")
    facts: dict[str, bool | int | str] = Field(default_factory=dict)
    bindings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    submitted_at: Instant | None = None
    received_at: Instant | None = Field(default=None, description="Lúc nhận đủ hồ sơ, nếu trước bây giờ")

    def as_command(self) -> Register:
        """The registration itself."""
        return Register(applicant=NOBODY, **self.model_dump(exclude={"applicant_kind"}))


class QueueCount(BaseModel):
    """How high a pile is."""

    pile: str
    count: int
