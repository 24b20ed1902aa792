"""The data that doors show. Field descriptions are what readers of the API see."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from dossiers.core.said import Sentence
from workflows.views.desk_models import FeeRead, ReturnRead


class Named(BaseModel):
    """A code or id with its name."""

    code: str
    name: Sentence


class StatusRead(BaseModel):
    """One of the ten national statuses."""

    code: int = Field(ge=1, le=10)
    name: Sentence


class ApplicantRead(BaseModel):
    """Who handed in the dossier."""

    id: UUID
    kind: str
    name: str
    identity_no: str
    phone: str
    email: str
    address: str


class DossierLine(BaseModel):
    """A dossier in a list."""

    code: str
    procedure: Named
    applicant: str
    status: StatusRead
    channel: str
    desk: Named
    holder: Named | None = Field(description="Cơ quan đang giữ đồng hồ thời gian; không có khi chờ người nộp")
    owner: str = Field(description="agency, applicant, outside hoặc nobody")
    registered_at: datetime
    due_at: datetime | None
    provisional: bool
    late: bool
    late_minutes: int | None
    finished_at: datetime | None


class LateLine(DossierLine):
    """A dossier in the late list, with why in a line."""

    judged_due_at: datetime | None
    minutes_past: int = Field(description="Số phút làm việc đã quá hẹn")
    step: str | None = Field(description="Bước đang thực hiện")
    official: str | None
    held_since: datetime | None = Field(description="Nơi đang giữ đồng hồ giữ từ lúc nào")
    apology: str | None = Field(description="asked, signed hoặc không có")
    why: Sentence = Field(description="Ai giữ, ở bước nào, từ lúc nào, quá hẹn bao lâu")


class NearlyLine(DossierLine):
    """A dossier whose appointment is near, with why in a line."""

    minutes_left: int = Field(description="Số phút làm việc còn lại đến hẹn")
    step: str | None = Field(description="Bước đang thực hiện")
    official: str | None
    held_since: datetime | None = Field(description="Nơi đang giữ đồng hồ giữ từ lúc nào")
    why: Sentence = Field(description="Ai giữ, ở bước nào, từ lúc nào, còn bao lâu")


class WaitingLine(BaseModel):
    """A file sent to an agency that has not received it in time."""

    dossier: str
    procedure: Named
    no: int = Field(description="Số lần bàn giao")
    step: str
    giver: Named
    receiver: Named
    sent_at: datetime
    acknowledge_by: datetime
    minutes_past: int = Field(description="Số phút làm việc đã quá hạn nhận bàn giao")
    why: Sentence


class BoardCounts(BaseModel):
    """How many lines each list of the board has."""

    late: int = Field(description="Hồ sơ quá hẹn")
    nearly_late: int = Field(description="Hồ sơ sắp đến hẹn")
    not_received: int = Field(description="Hồ sơ chưa được nhận bàn giao đúng hạn")
    to_sign: int = Field(description="Thư xin lỗi chờ ký")


class TaskRead(BaseModel):
    """A task of a dossier."""

    no: int
    step: str
    name: str
    kind: str
    agency: Named
    role: str
    role_name: Sentence
    status: str
    visit: int
    counted: bool
    allotted: str | None
    allotted_name: Sentence | None
    official: Named | None
    opened_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    outcome_name: Sentence | None
    verdict: str | None
    outcomes: list[Named] = Field(default_factory=list, description="Các kết quả có thể chọn")


class PromiseRead(BaseModel):
    """An appointment with the citizen."""

    no: int
    kind: str
    stage: str
    limit: str | None
    due_at: datetime
    provisional: bool
    calendar: str
    made_at: datetime
    supersedes: int | None
    judged: bool
    status: str
    late_minutes: int | None
    shares: list[ShareRead] = Field(default_factory=list)


class ShareRead(BaseModel):
    """A part of a lateness."""

    agency: Named | None = Field(description="Không có: do quy trình phân bổ vượt tổng thời hạn")
    step: str | None
    minutes: int
    since: datetime | None


class PauseRead(BaseModel):
    """A stretch during which the clock stood still."""

    no: int
    owner: str
    reason: str
    basis: str
    effect: str
    opened_at: datetime
    expected_until: datetime | None
    closed_at: datetime | None


class SpanRead(BaseModel):
    """Who owned the clock from when to when."""

    owner: str
    agency: Named | None
    task: int | None
    counted: bool
    since: datetime
    until: datetime | None


class ApologyRead(BaseModel):
    """The letter owed for a promise."""

    dossier: str
    no: int
    promise: int
    agency: Named
    holder: Named
    because: str
    asked_at: datetime
    sign_by: datetime
    can_reappoint: bool
    reason: str | None
    new_due_at: datetime | None
    signed_at: datetime | None
    signed_by: Named | None
    withdrawn_at: datetime | None


class ApologyLine(ApologyRead):
    """A letter in a list, with what it apologises for."""

    procedure: Named
    applicant: str
    promised_at: datetime = Field(description="Ngày hẹn mà thư này xin lỗi")


class EntryRead(BaseModel):
    """An entry of the ledger."""

    no: int
    kind: str
    at: datetime
    actor: str
    minutes: int | None
    text: str | None


class FaultRead(BaseModel):
    """A matter in the ledger of heads."""

    dossier: str
    no: int
    kind: str
    agency: Named
    step: str | None
    instant: datetime = Field(description="Thời điểm xác định người đứng đầu chịu trách nhiệm")
    head: Named | None
    capacity: str
    up_agency: Named | None
    up_head: Named | None
    promise: int
    apology: int | None
    minutes: int | None
    closed_at: datetime | None
    entries: list[EntryRead] = Field(default_factory=list)


class AlertRead(BaseModel):
    """Something the monitor noticed."""

    dossier: str
    key: str
    kind: str
    agency: Named
    task: int | None
    due_at: datetime
    raised_at: datetime


class SupplementRead(BaseModel):
    """A request to the applicant to complete the dossier."""

    no: int
    agency: Named
    effect: str
    content: str | None
    asked_at: datetime
    cap_at: datetime | None
    at_cap: str
    received_at: datetime | None
    lapsed_at: datetime | None


class PaymentRead(BaseModel):
    """A financial obligation, in đồng."""

    no: int
    agency: Named
    amount: int | None
    pauses: bool
    asked_at: datetime
    confirmed_at: datetime | None = Field(description="Lúc nộp xong, hoặc lúc được miễn")
    receipt: str
    fee: str | None = Field(default=None, description="Khoản thu của thủ tục, nếu thu tại quầy theo đó")
    waived: bool = Field(default=False, description="Được miễn, không phải nộp")
    reason: str | None = Field(default=None, description="Lý do miễn")


class EventRead(BaseModel):
    """An event of the history in plain words."""

    seq: int
    kind: str
    at: datetime
    actor: str
    agency: Named | None
    text: Sentence
    payload: dict[str, Any]


class DossierRead(BaseModel):
    """A dossier with all there is to see."""

    id: UUID
    code: str
    seq: int = Field(description="Số sự kiện cuối; gửi lại trong If-Match để biết có ai vừa thay đổi không")
    as_of: datetime | None = Field(default=None, description="Xem lại tại thời điểm này")
    procedure: Named
    version: int
    phase: str
    status: StatusRead
    channel: str
    applicant: ApplicantRead | None
    representative: ApplicantRead | None
    desk: Named
    receiving: Named
    competent: Named
    parent: str | None = None
    facts: dict[str, Any]
    papers: list[dict[str, Any]]
    submitted_at: datetime | None
    registered_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    closed_at: datetime | None
    returned_at: datetime | None
    end: str | None
    result: dict[str, str]
    owner: str
    holder: Named | None
    counting: bool
    due_at: datetime | None
    provisional: bool
    late: bool
    minutes_left: int | None = Field(
        description="Số phút làm việc còn lại đến hẹn; âm khi đã quá hẹn; không có khi đồng hồ dừng"
    )
    tasks: list[TaskRead]
    promises: list[PromiseRead]
    pauses: list[PauseRead]
    spans: list[SpanRead]
    supplements: list[SupplementRead]
    payments: list[PaymentRead]
    fees: list[FeeRead] = Field(default_factory=list, description="Phí, lệ phí của hồ sơ này")
    returned: ReturnRead | None = Field(default=None, description="Việc trả kết quả")
    alerts: list[AlertRead]
    apologies: list[ApologyRead]
    faults: list[FaultRead]


class SlipLine(BaseModel):
    """A line of the control slip: who gave, who received, when, and the receiver's verdict."""

    no: int
    giver: Named
    receiver: Named
    sent_at: datetime
    received_at: datetime | None
    given_by: str | None
    received_by: str | None
    verdict: str | None = Field(description="early, on_time hoặc late: bên nhận ghi khi nhận bàn giao")
    note: str | None


class ControlSlip(BaseModel):
    """Form 06: the control slip, derived from history."""

    form: str
    code: str
    procedure: Named
    agency: Named
    coordinating: list[Named]
    received_at: datetime | None
    due_at: datetime | None
    lines: list[SlipLine]


class BookLine(BaseModel):
    """A line of the register book."""

    no: int
    code: str
    procedure: Named
    applicant: str
    address_or_phone: str
    agency: Named
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    return_method: str | None = Field(description="direct, postal hoặc online; không có khi chưa trả")


class Explanation(BaseModel):
    """A due date with its working shown."""

    promise: int
    due_at: datetime
    calendar: str
    rule: str
    limit: str | None
    provisional: bool
    lines: list[dict[str, Any]]
    since: Sentence = Field(default="", description="Điều đã thay đổi từ khi hẹn: hẹn lại, tạm dừng")


PromiseRead.model_rebuild()
