"""Commands of the desk: reception, supplements, payments, results, withdrawal."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from dossiers.core.said import Said
from dossiers.people.models import ApplicantKind
from dossiers.people.service import plain_text
from workflows.command.base import Command, Instant, TaskNo, Text
from workflows.definitions.model import Channel


class PaperIn(BaseModel):
    """A paper handed in: which one of the procedure's papers, and how many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(description="Mã thành phần hồ sơ trong thủ tục")
    originals: int = Field(default=1, ge=0)
    copies: int = Field(default=0, ge=0)
    reused_from: str | None = Field(default=None, description="Mã hồ sơ đã nộp giấy tờ này trước đây")


def _cleaned(typed: Any) -> Any:
    return plain_text(typed) if isinstance(typed, str) else typed


def _with_a_letter(name: str) -> str:
    if not any(char.isalpha() for char in name):
        raise PydanticCustomError("name_without_letter", "tên phải có chữ cái")
    return name


Plain = Annotated[str, BeforeValidator(_cleaned)]


class NewApplicant(BaseModel):
    """Who hands in the dossier, when not on record yet. Identity number and phone find them again."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ApplicantKind = ApplicantKind.PERSON
    name: Annotated[Plain, AfterValidator(_with_a_letter)] = Field(min_length=1, max_length=200)
    identity_no: str = Field(default="", max_length=20, pattern=r"^[0-9A-Za-z-]*$")
    phone: str = Field(default="", max_length=20, pattern=r"^[0-9+ .()-]*$")
    email: str = Field(default="", max_length=120, pattern=r"^([^@\s]+@[^@\s]+)?$")
    address: Plain = Field(default="", max_length=300)


class Register(Command):
    """Register a dossier; with ``accept`` it is accepted at once and the clock may start."""

    kind: ClassVar[str] = "register"
    title: ClassVar[str] = Said("Đăng ký hồ sơ")

    procedure: str = Field(description="Mã thủ tục")
    version: int | None = Field(default=None, description="Phiên bản; mặc định: bản đang có hiệu lực")
    applicant: UUID | NewApplicant = Field(description="Người nộp: mã đã lưu, hoặc thông tin để lưu")
    representative: UUID | NewApplicant | None = Field(
        default=None, description="Người được uỷ quyền nộp thay"
    )
    channel: Channel = Field(
        default=Channel.DIRECT, description="Nộp trực tiếp, trực tuyến, qua bưu chính hay tại ki-ốt"
    )
    desk: str | None = Field(default=None, description="Nơi tiếp nhận; mặc định: cơ quan của người thao tác")
    serves: str | None = Field(
        default=None, description="Nơi có thẩm quyền, khi tiếp nhận không phụ thuộc địa giới hành chính"
    )
    facts: dict[str, bool | int | str] = Field(default_factory=dict, description="Thông tin vụ việc")
    papers: tuple[PaperIn, ...] = Field(default=(), description="Giấy tờ đã nhận")
    bindings: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Cơ quan tham gia, khi không theo mặc định"
    )
    accept: bool = Field(default=True, description="Tiếp nhận ngay")
    submitted_at: Instant | None = Field(default=None, description="Lúc nộp, khi khác lúc đăng ký")
    received_at: Instant | None = Field(
        default=None,
        description="Lúc nhận đủ hồ sơ, khi ghi vào hệ thống muộn hơn: tiếp nhận và thời hạn tính từ lúc này",
    )
    promised_at: Instant | None = Field(
        default=None, description="Hẹn trả do bên gửi đã ấn định; mặc định: tính theo thủ tục"
    )


class Accept(Command):
    """Accept a registered dossier as complete: the slip is due and the clock may start."""

    kind: ClassVar[str] = "accept"
    title: ClassVar[str] = Said("Tiếp nhận hồ sơ")


class Refuse(Command):
    """Refuse to accept a registered dossier (form 03)."""

    kind: ClassVar[str] = "refuse"
    title: ClassVar[str] = Said("Từ chối tiếp nhận")

    reason: Text = Field(description="Lý do")


class AskSupplement(Command):
    """Ask the applicant, once and completely, for what is missing (form 02)."""

    kind: ClassVar[str] = "ask_supplement"
    title: ClassVar[str] = Said("Yêu cầu bổ sung, hoàn thiện hồ sơ")

    content: Text = Field(description="Những gì còn thiếu, nêu đủ một lần")
    task: TaskNo | None = None


class ReceiveSupplement(Command):
    """Record that the applicant handed in what was asked for."""

    kind: ClassVar[str] = "receive_supplement"
    title: ClassVar[str] = Said("Nhận bổ sung")

    papers: tuple[PaperIn, ...] = ()


class AskPayment(Command):
    """Ask the applicant to meet a financial obligation."""

    kind: ClassVar[str] = "ask_payment"
    title: ClassVar[str] = Said("Yêu cầu thực hiện nghĩa vụ tài chính")

    amount: int | None = Field(
        default=None, ge=0, description="Số tiền (đồng); để trống nếu cơ quan khác xác định"
    )
    pauses: bool = Field(default=True, description="Tạm dừng tính thời gian cho đến khi nộp xong")
    task: TaskNo | None = None


class ConfirmPayment(Command):
    """Record the proof of payment."""

    kind: ClassVar[str] = "confirm_payment"
    title: ClassVar[str] = Said("Xác nhận đã nộp")

    receipt: str = Field(min_length=1, max_length=80, description="Số chứng từ")
    amount: int | None = Field(default=None, ge=0)
    payment: int | None = Field(
        default=None, description="Số thứ tự khoản phải nộp; mặc định: khoản đang chờ"
    )


class CollectFee(Command):
    """Record a fee or charge of the procedure that the desk received."""

    kind: ClassVar[str] = "collect_fee"
    title: ClassVar[str] = Said("Thu phí, lệ phí")

    fee: str = Field(min_length=1, max_length=60, description="Mã khoản thu trong thủ tục")
    receipt: str = Field(min_length=1, max_length=80, description="Số biên lai, chứng từ thu")
    quantity: int = Field(
        default=1, ge=1, le=100_000, description="Số lượng, cho khoản thu theo trang, bản, lần"
    )
    amount: int | None = Field(
        default=None, ge=1, description="Số tiền đã thu (đồng); mặc định: mức thu nhân số lượng"
    )


class WaiveFee(Command):
    """Waive a fee of the procedure, or an amount asked for that is not paid yet."""

    kind: ClassVar[str] = "waive_fee"
    title: ClassVar[str] = Said("Miễn phí, lệ phí")

    fee: str | None = Field(default=None, max_length=60, description="Mã khoản thu trong thủ tục")
    payment: int | None = Field(
        default=None, ge=1, description="Số thứ tự khoản đã yêu cầu nộp; nêu khoản này hoặc mã khoản thu"
    )
    reason: Text = Field(description="Lý do, căn cứ miễn")


class GiveBack(Command):
    """Give the result to the applicant, to who handed the dossier in for them, or to a proxy."""

    kind: ClassVar[str] = "give_back"
    title: ClassVar[str] = Said("Trả kết quả")

    method: Literal["direct", "postal", "online"] = Field(
        default="direct", description="Trả trực tiếp, qua bưu chính hay trực tuyến"
    )
    receiver: Literal["applicant", "representative", "proxy"] | None = Field(
        default=None,
        description="Ai nhận: người nộp, người được uỷ quyền nộp, hay người nhận thay; để trống: không ghi",
    )
    proxy_name: Plain = Field(default="", max_length=200, description="Họ tên người nhận thay")
    proxy_paper: Plain = Field(
        default="", max_length=60, description="Số định danh hoặc số giấy tờ của người nhận thay"
    )
    proxy_relation: Plain = Field(
        default="", max_length=200, description="Quan hệ với người nộp, hoặc giấy uỷ quyền"
    )
    signed: bool = Field(default=False, description="Người nhận đã ký nhận")


class Withdraw(Command):
    """The applicant withdraws the dossier."""

    kind: ClassVar[str] = "withdraw"
    title: ClassVar[str] = Said("Rút hồ sơ")

    reason: Text = Field(description="Lý do")


class Stop(Command):
    """Stop the processing (form 05)."""

    kind: ClassVar[str] = "stop"
    title: ClassVar[str] = Said("Dừng giải quyết")

    reason: Text = Field(description="Lý do")


class Reopen(Command):
    """Take up a closed dossier again, at a step."""

    kind: ClassVar[str] = "reopen"
    title: ClassVar[str] = Said("Mở lại hồ sơ")

    reason: Text = Field(description="Lý do")
    step: str | None = Field(default=None, description="Bước làm tiếp; mặc định: bước cuối đã làm")
