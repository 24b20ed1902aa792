"""Commands: what a person, a partner system or the clock may ask of a dossier.

Each is plain data, checked for form here and for permission by the engine. The JSON API and the command
line are made from these models, so a field's description is what users read.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dossiers.people.models import ApplicantKind
from workflows.definitions.model import Channel

Text = Annotated[str, Field(min_length=1, max_length=10_000)]
TaskNo = Annotated[int, Field(ge=1, description="Số thứ tự công việc trong hồ sơ")]


class Command(BaseModel):
    """Base of all commands. ``title`` is what the command is called in Vietnamese."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ClassVar[str]
    title: ClassVar[str]


class PaperIn(BaseModel):
    """A paper handed in: which one of the procedure's papers, and how many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(description="Mã thành phần hồ sơ trong thủ tục")
    originals: int = Field(default=1, ge=0)
    copies: int = Field(default=0, ge=0)
    reused_from: str | None = Field(default=None, description="Mã hồ sơ đã nộp giấy tờ này trước đây")


class NewApplicant(BaseModel):
    """Who hands in the dossier, when not on record yet. Identity number and phone find them again."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ApplicantKind = ApplicantKind.PERSON
    name: str = Field(min_length=1, max_length=200)
    identity_no: str = Field(default="", max_length=20, pattern=r"^[0-9A-Za-z-]*$")
    phone: str = Field(default="", max_length=20, pattern=r"^[0-9+ .()-]*$")
    email: str = Field(default="", max_length=120, pattern=r"^([^@\s]+@[^@\s]+)?$")
    address: str = Field(default="", max_length=300)


class Register(Command):
    """Register a dossier; with ``accept`` it is accepted at once and the clock may start."""

    kind: ClassVar[str] = "register"
    title: ClassVar[str] = "Đăng ký hồ sơ"

    procedure: str = Field(description="Mã thủ tục")
    version: int | None = Field(default=None, description="Phiên bản; mặc định: bản đang có hiệu lực")
    applicant: UUID | NewApplicant = Field(description="Người nộp: mã đã lưu, hoặc thông tin để lưu")
    representative: UUID | NewApplicant | None = Field(
        default=None, description="Người được uỷ quyền nộp thay"
    )
    channel: Channel = Channel.DIRECT
    desk: str | None = Field(default=None, description="Nơi tiếp nhận; mặc định: cơ quan của người thao tác")
    serves: str | None = Field(
        default=None, description="Nơi có thẩm quyền, khi tiếp nhận không phụ thuộc địa giới hành chính"
    )
    facts: dict[str, bool | int | str] = Field(default_factory=dict, description="Thông tin vụ việc")
    papers: tuple[PaperIn, ...] = ()
    bindings: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Cơ quan tham gia, khi không theo mặc định"
    )
    accept: bool = Field(default=True, description="Tiếp nhận ngay")
    submitted_at: AwareDatetime | None = Field(default=None, description="Lúc nộp, khi khác lúc đăng ký")
    promised_at: AwareDatetime | None = Field(
        default=None, description="Hẹn trả do bên gửi đã ấn định; mặc định: tính theo thủ tục"
    )


class Accept(Command):
    """Accept a registered dossier as complete: the slip is due and the clock may start."""

    kind: ClassVar[str] = "accept"
    title: ClassVar[str] = "Tiếp nhận hồ sơ"


class Refuse(Command):
    """Refuse to accept a registered dossier (form 03)."""

    kind: ClassVar[str] = "refuse"
    title: ClassVar[str] = "Từ chối tiếp nhận"

    reason: Text


class AskSupplement(Command):
    """Ask the applicant, once and completely, for what is missing (form 02)."""

    kind: ClassVar[str] = "ask_supplement"
    title: ClassVar[str] = "Yêu cầu bổ sung, hoàn thiện hồ sơ"

    content: Text
    task: TaskNo | None = None


class ReceiveSupplement(Command):
    """Record that the applicant handed in what was asked for."""

    kind: ClassVar[str] = "receive_supplement"
    title: ClassVar[str] = "Nhận bổ sung"

    papers: tuple[PaperIn, ...] = ()


class Send(Command):
    """Send the file on to the agency of the next step."""

    kind: ClassVar[str] = "send"
    title: ClassVar[str] = "Chuyển hồ sơ"

    task: TaskNo


class Receive(Command):
    """Acknowledge a file that was sent; the receiver's verdict on the step before is written."""

    kind: ClassVar[str] = "receive"
    title: ClassVar[str] = "Nhận bàn giao"

    task: TaskNo


class ReturnToSender(Command):
    """Give a file back to the agency that sent it."""

    kind: ClassVar[str] = "return_to_sender"
    title: ClassVar[str] = "Trả lại nơi gửi"

    task: TaskNo
    reason: Text


class TakeOver(Command):
    """Take a task on, or give it to a colleague."""

    kind: ClassVar[str] = "take_over"
    title: ClassVar[str] = "Nhận việc"

    task: TaskNo
    official: str | None = Field(default=None, description="Người được giao; mặc định: chính mình")


class FinishStep(Command):
    """Finish a step with an outcome."""

    kind: ClassVar[str] = "finish_step"
    title: ClassVar[str] = "Hoàn thành bước"

    task: TaskNo
    outcome: str = "done"
    reason: Text | None = None
    facts: dict[str, bool | int | str] = Field(default_factory=dict)
    agencies: tuple[str, ...] = Field(
        default=(), description="Các cơ quan của bước sau, khi bước sau cần chọn"
    )
    send: bool = Field(default=True, description="Chuyển ngay sang cơ quan sau")


class Decide(FinishStep):
    """Decide: finish a deciding step; the result's number and name are recorded."""

    kind: ClassVar[str] = "decide"
    title: ClassVar[str] = "Quyết định"

    result_number: str = Field(default="", max_length=60)
    result_name: str = Field(default="", max_length=300)


class AskOpinion(Command):
    """Ask other agencies for an opinion; the step waits for them."""

    kind: ClassVar[str] = "ask_opinion"
    title: ClassVar[str] = "Lấy ý kiến"

    task: TaskNo
    agencies: tuple[str, ...] = Field(min_length=1)
    limit: str = Field(description="Thời hạn trả lời, ví dụ “3 working_day”")
    content: Text
    silence_is_consent: bool = False


class AnswerOpinion(Command):
    """Answer a request for an opinion."""

    kind: ClassVar[str] = "answer_opinion"
    title: ClassVar[str] = "Cho ý kiến"

    task: TaskNo
    content: Text
    agrees: bool = True


class AskPayment(Command):
    """Ask the applicant to meet a financial obligation."""

    kind: ClassVar[str] = "ask_payment"
    title: ClassVar[str] = "Yêu cầu thực hiện nghĩa vụ tài chính"

    amount: int | None = Field(
        default=None, ge=0, description="Số tiền (đồng); để trống nếu cơ quan khác xác định"
    )
    pauses: bool = Field(default=True, description="Tạm dừng tính thời gian cho đến khi nộp xong")
    task: TaskNo | None = None


class ConfirmPayment(Command):
    """Record the proof of payment."""

    kind: ClassVar[str] = "confirm_payment"
    title: ClassVar[str] = "Xác nhận đã nộp"

    receipt: str = Field(min_length=1, max_length=80, description="Số chứng từ")
    amount: int | None = Field(default=None, ge=0)
    payment: int | None = Field(
        default=None, description="Số thứ tự khoản phải nộp; mặc định: khoản đang chờ"
    )


class GiveBack(Command):
    """Give the result to the applicant."""

    kind: ClassVar[str] = "give_back"
    title: ClassVar[str] = "Trả kết quả"

    method: Literal["direct", "postal", "online"] = "direct"


class Withdraw(Command):
    """The applicant withdraws the dossier."""

    kind: ClassVar[str] = "withdraw"
    title: ClassVar[str] = "Rút hồ sơ"

    reason: Text


class Stop(Command):
    """Stop the processing (form 05)."""

    kind: ClassVar[str] = "stop"
    title: ClassVar[str] = "Dừng giải quyết"

    reason: Text


class Reopen(Command):
    """Take up a closed dossier again, at a step."""

    kind: ClassVar[str] = "reopen"
    title: ClassVar[str] = "Mở lại hồ sơ"

    reason: Text
    step: str | None = Field(default=None, description="Bước làm tiếp; mặc định: bước cuối đã làm")


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


class Correct(Command):
    """Correct what was registered by mistake; what was there stays in the history."""

    kind: ClassVar[str] = "correct"
    title: ClassVar[str] = "Đính chính"

    reason: Text
    applicant: UUID | NewApplicant | None = None
    representative: UUID | NewApplicant | None = None
    channel: Channel | None = None
    facts: dict[str, bool | int | str] = Field(default_factory=dict)
    papers: tuple[PaperIn, ...] | None = None


class TakeBack(Command):
    """Undo the last finished step while nobody has acted on it since."""

    kind: ClassVar[str] = "take_back"
    title: ClassVar[str] = "Thu hồi bước vừa chuyển"

    task: TaskNo
    reason: Text


class Note(Command):
    """Record that something was done, without changing where the dossier stands."""

    kind: ClassVar[str] = "note"
    title: ClassVar[str] = "Ghi nhận"

    activity: str = Field(min_length=1, max_length=200, description="Việc đã làm; không ghi dữ liệu cá nhân")


class Tick(Command):
    """What the clock brings: warnings, lapses, broken promises. Sent by the monitor."""

    kind: ClassVar[str] = "tick"
    title: ClassVar[str] = "Rà soát thời hạn"


class Recalculate(Command):
    """Compute the running dates anew after a calendar changed."""

    kind: ClassVar[str] = "recalculate"
    title: ClassVar[str] = "Tính lại thời hạn"

    reason: Text


class Migrate(Command):
    """Move the dossier to another version of its procedure."""

    kind: ClassVar[str] = "change_version"
    title: ClassVar[str] = "Chuyển phiên bản thủ tục"

    to_version: int = Field(ge=1)
    reason: Text


class MemberClosed(Command):
    """A child dossier was closed. Sent by the service in the child's own transaction."""

    kind: ClassVar[str] = "member_closed"
    title: ClassVar[str] = "Hồ sơ thành phần đã xong"

    task: TaskNo
    positive: bool


class MemberClock(Command):
    """A child dossier's clock stopped or went on. Sent by the service in the child's own transaction."""

    kind: ClassVar[str] = "member_clock"
    title: ClassVar[str] = "Đồng hồ hồ sơ thành phần"

    task: TaskNo
    waits: bool


COMMANDS: dict[str, type[Command]] = {
    command.kind: command
    for command in (
        Register,
        Accept,
        Refuse,
        AskSupplement,
        ReceiveSupplement,
        Send,
        Receive,
        ReturnToSender,
        TakeOver,
        FinishStep,
        Decide,
        AskOpinion,
        AnswerOpinion,
        AskPayment,
        ConfirmPayment,
        GiveBack,
        Withdraw,
        Stop,
        Reopen,
        DraftApology,
        SignApology,
        Reappoint,
        ExplainFault,
        AcknowledgeFault,
        CloseFault,
        CorrectFault,
        Correct,
        TakeBack,
        Note,
        Tick,
        Recalculate,
        Migrate,
        MemberClosed,
        MemberClock,
    )
}
"""Every command by kind."""

SYSTEM_ONLY = frozenset({Tick.kind, MemberClosed.kind, MemberClock.kind})
"""Commands that no person may send."""
