"""What a procedure definition is. The JSON Schema in ``procedure.schema.json`` is made from this.

Six clarities are asked of every step ("sáu rõ"): who (``agency``, ``role``), what (``name``), responsibility
(``role`` and the agency's head), process (``outcomes``), time (``limit``) and product (``product``).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput
from dossiers.core.said import Said, Sentence
from sla.deadline import DayEnd, OutsideHours
from sla.limits import Limit, Rule, parse_limit
from workflows.definitions.conditions import Condition

Id = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Chữ thường không dấu, số, gạch dưới")
]


def _read_limit(value: Any) -> Limit:
    if isinstance(value, Limit):
        return value
    try:
        return parse_limit(str(value))
    except BadInput as error:
        raise ValueError(f"{error.message} {error.hint}") from error


LimitText = Annotated[
    Limit,
    BeforeValidator(_read_limit),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "Số và đơn vị: “3 working_day”, “24 clock_hour”, “same_day 15:00”",
            "pattern": r"^(\d+([.,]\d+)? +[a-z_]+|same_day( +(\d{1,2}:\d{2}|-\d+m))?)$",
        }
    ),
]


class Model(BaseModel):
    """Frozen, and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(StrEnum):
    """The level of government that decides."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    COMMUNE = "commune"


class Channel(StrEnum):
    """How a dossier is handed in (KenhThucHien of the national portal, kiosk counted as direct)."""

    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"
    KIOSK = "kiosk"


class Confidence(StrEnum):
    """How sure a fact is: official text, real decision, third party, to be verified."""

    TEXT = "T"
    DECISION = "D"
    COPY = "C"
    MEMORY = "M"


class Source(Model):
    """Where a fact of the definition comes from."""

    text: str
    confidence: Confidence
    what: str = ""


class LegalBasis(Model):
    """A legal document the procedure rests on."""

    number: str
    article: str = ""
    title: str = ""
    issued_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    confidence: Confidence


class Participant(Model):
    """An agency that takes part, named by its part; the office says which of its agencies plays it.

    ``kind`` finds it in the tree of agencies when it is not bound by hand; ``many`` stands for several
    agencies, such as those consulted. ``state`` is false for a body outside the state: a power company.
    """

    name: str
    kind: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$")
    many: bool = False
    state: bool = True


class FactType(StrEnum):
    """The type of a case fact."""

    BOOL = "bool"
    NUMBER = "number"
    CHOICE = "choice"


class Fact(Model):
    """A fact about the case that conditions may ask for, given at registration or by an outcome."""

    label: Sentence
    type: FactType = FactType.BOOL
    default: bool | int | str | None = None
    choices: dict[str, Sentence] = Field(default_factory=dict, description="Giá trị → nhãn, cho type: choice")


class Paper(Model):
    """A paper the applicant hands in."""

    id: Id
    name: str
    originals: int = 1
    copies: int = 0
    required: bool = True
    when: Condition = Field(default_factory=dict)
    form: str = ""


class Fee(Model):
    """A fee or charge in đồng; ``unit`` says per what when it is not per dossier."""

    id: Id
    name: str
    amount: int = Field(ge=0)
    unit: str = ""
    when: Condition = Field(default_factory=dict)


class CaseLimit(Model):
    """A limit that applies when its condition holds; the first of a list that holds is taken."""

    limit: LimitText
    when: Condition = Field(default_factory=dict)
    text: str = Field(default="", description="Lời văn gốc của văn bản")


class Stage(Model):
    """A stretch of the procedure with an appointment of its own."""

    id: Id
    name: str
    limits: tuple[CaseLimit, ...] = Field(min_length=1)


class StartsWhen(StrEnum):
    """What starts the clock of the first stage."""

    ACCEPTED = "accepted"
    COMPETENT_RECEIVED = "competent_received"


class ClockRule(Model):
    """How time is counted. ``cut_off``: accepted later in the day counts as the next session."""

    rule: Rule
    starts: StartsWhen = StartsWhen.ACCEPTED
    outside_hours: OutsideHours = OutsideHours.AS_IS
    day_end: DayEnd = DayEnd.CLOSING
    cut_off: Annotated[str, Field(pattern=r"^\d{2}:\d{2}$")] | None = None


class SupplementEffect(StrEnum):
    """What a request for a supplement does to the clock."""

    PAUSE = "pause"
    RESTART = "restart"


class AtCap(StrEnum):
    """What happens when the applicant has not supplemented in time."""

    STOP = "stop"
    REFUSE = "refuse"
    RETURN = "return"


class SupplementRule(Model):
    """Requests for a supplement: effect on the clock, how long the applicant has, how many are allowed."""

    effect: SupplementEffect
    cap: LimitText | None = None
    at_cap: AtCap = AtCap.STOP
    max_requests: int | None = Field(default=None, ge=1)
    ask_within: LimitText | None = None
    basis: str = ""


class InTransit(StrEnum):
    """Who holds the clock between sent and received."""

    SENDER = "sender"
    RECEIVER = "receiver"


class HandoverRule(Model):
    """How files change hands between agencies."""

    mode: Literal["electronic", "paper"] = "electronic"
    in_transit: InTransit = InTransit.RECEIVER
    acknowledge_within: LimitText | None = None


class End(Model):
    """A way the processing can end; ``positive`` when the applicant gets what was asked."""

    name: str
    positive: bool = True


class Arc(Model):
    """Where an outcome leads: a step or an end, perhaps only when a condition holds."""

    to: Id
    when: Condition = Field(default_factory=dict)
    otherwise: bool = False


def _read_arcs(value: Any) -> Any:
    if isinstance(value, str):
        return ({"to": value},)
    if isinstance(value, list | tuple):
        return tuple({"to": item} if isinstance(item, str) else item for item in value)
    return value


Arcs = Annotated[
    tuple[Arc, ...], BeforeValidator(_read_arcs, json_schema_input_type=Id | tuple[Id | Arc, ...])
]


class Outcome(Model):
    """A way a step can end. All arcs whose condition holds are taken; several at once run in parallel."""

    id: Id
    name: Sentence
    next: Arcs
    sets: dict[str, bool | int | str] = Field(default_factory=dict)
    needs_reason: bool = False


class StepKind(StrEnum):
    """Who or what does a step."""

    HUMAN = "human"
    AUTOMATIC = "automatic"
    OPINION = "opinion"
    OUTSIDE = "outside"
    PAYMENT = "payment"
    DOSSIER = "dossier"


class Silence(StrEnum):
    """What it means when a consulted agency says nothing in time."""

    CONSENT = "consent"
    NOTHING = "nothing"


class Send(StrEnum):
    """How a step of several agencies reaches them."""

    ALL_AT_ONCE = "all_at_once"
    SEQUENTIAL = "sequential"


def _read_step_limits(value: Any) -> Any:
    if isinstance(value, str):
        return ({"limit": value},)
    return value


def _read_join(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Step(Model):
    """One step: what is done, by whom, in what time, with what product, and where it leads.

    ``counted`` is false for time that is not the state's (the applicant pays, builds, confirms). ``join``
    waits for parallel branches: ``all`` for every branch still under way that can reach the step, or a list
    of steps that must all have led here.
    """

    id: Id
    name: str
    kind: StepKind = StepKind.HUMAN
    agency: Id
    role: Role = Role.OFFICER
    limit: Annotated[
        tuple[CaseLimit, ...],
        BeforeValidator(_read_step_limits, json_schema_input_type=LimitText | tuple[CaseLimit, ...]),
    ] = ()
    counted: bool = True
    not_counted_basis: str = ""
    stage: Id | None = None
    product: str = ""
    decides: bool = False
    outcomes: tuple[Outcome, ...] = ()
    next: Arcs | None = None
    join: Annotated[
        Literal["all"] | tuple[Id, ...] | None,
        BeforeValidator(_read_join, json_schema_input_type=Literal["all"] | tuple[Id, ...] | None),
    ] = None
    send: Send = Send.ALL_AT_ONCE
    silence: Silence = Silence.NOTHING
    owner: Literal["applicant", "outside"] = "outside"
    member: str | None = Field(default=None, description="Mã thủ tục của hồ sơ thành phần (kind: dossier)")
    note: str = ""

    @property
    def ways(self) -> tuple[Outcome, ...]:
        """The outcomes; a plain ``next`` reads as the one outcome ``done``."""
        if self.next is not None:
            return (*self.outcomes, Outcome(id="done", name=Said("Hoàn thành"), next=self.next))
        return self.outcomes


class SplitOrigin(StrEnum):
    """Where the division of time between steps comes from."""

    LAW = "law"
    DECISION = "decision"
    EXAMPLE = "example"


class Definition(Model):
    """One version of a procedure."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    version: int = Field(ge=1, le=999_999)
    name: str
    name_en: str = ""
    field: str
    level: Level
    effective_from: date
    effective_to: date | None = None
    legal_basis: tuple[LegalBasis, ...] = ()
    sources: tuple[Source, ...] = ()
    split: SplitOrigin
    split_note: str = ""
    participants: dict[Id, Participant]
    receiving: Id
    competent: Id
    channels: tuple[Channel, ...] = (Channel.DIRECT, Channel.ONLINE, Channel.POSTAL)
    case: dict[Id, Fact] = Field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    fees: tuple[Fee, ...] = ()
    clock: ClockRule
    limits: tuple[CaseLimit, ...] = ()
    stages: tuple[Stage, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    ends: dict[Id, End]
    supplement: SupplementRule | None = None
    handover: HandoverRule = HandoverRule()
    warnings: tuple[LimitText, ...] = ()
    forms: dict[str, str] = Field(default_factory=dict, description="Loại biểu mẫu → số hiệu riêng của ngành")
    waived: dict[str, str] = Field(
        default_factory=dict, description="Mã cảnh báo → lý do chấp nhận, cho chỗ văn bản gốc tự mâu thuẫn"
    )
    note: str = ""
