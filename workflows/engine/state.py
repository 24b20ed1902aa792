"""The state of a dossier: what folding its history gives. Nothing here reads a clock or a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

TextRef = dict[str, str]
"""A reference to a free text: its id and salted digest."""


class Phase(StrEnum):
    """Where a dossier is in its life."""

    NEW = "new"
    REGISTERED = "registered"
    PROCESSING = "processing"
    FINISHED = "finished"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"

    @property
    def is_closed(self) -> bool:
        """Whether no agency has anything left to decide."""
        return self not in (Phase.NEW, Phase.REGISTERED, Phase.PROCESSING)


class TaskStatus(StrEnum):
    """Where a task is. ``ready``: the step before is done, the file not yet sent on."""

    READY = "ready"
    SENT = "sent"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to act on it."""
        return self in (TaskStatus.READY, TaskStatus.SENT, TaskStatus.OPEN)


class OwnerKind(StrEnum):
    """Who can own the clock."""

    AGENCY = "agency"
    APPLICANT = "applicant"
    OUTSIDE = "outside"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns the clock at an instant, and whether that time counts against the state."""

    kind: OwnerKind
    agency: str | None = None
    task: int | None = None
    counted: bool = False


@dataclass(slots=True)
class Task:
    """One visit of one agency to one step. ``opened_by`` is the task whose end opened it.

    ``left`` is what remained of the allotment, in minutes, when the clock was stopped or the task done.
    ``asked_by`` is set for an ad-hoc opinion: the task that waits for it. ``owner`` says whose time an
    uncounted step is. ``member_waits``: the child dossier behind this task waits for the applicant.
    ``taken_back``: the step that opened it was taken back before anybody began.
    ``fits_until``: the last instant at which what is left still fits before the appointment.
    """

    no: int
    step: str
    kind: str
    agency: str
    role: str
    stage: str
    counted: bool
    allotted: str | None
    opened_at: datetime
    opened_by: int | None
    status: TaskStatus
    visit: int = 1
    batch: int | None = None
    sender: str | None = None
    handoff: int | None = None
    in_transit: str = "receiver"
    received_at: datetime | None = None
    official: str | None = None
    due_at: datetime | None = None
    fits_until: datetime | None = None
    left: int | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    verdict: str | None = None
    silence: str = "nothing"
    asked_by: int | None = None
    owner: str = "agency"
    member_waits: bool = False
    taken_back: bool = False

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.status.is_live

    @property
    def counts(self) -> bool:
        """Whether its time counts against the state."""
        return self.counted and not self.member_waits


@dataclass(slots=True)
class Batch:
    """The tasks of one step that several agencies do, and the agencies whose turn is still to come."""

    no: int
    step: str
    opened_by: int | None
    tasks: list[int] = field(default_factory=list)
    to_come: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Handoff:
    """A file on its way from one agency to another, and what the receiver said of the step before."""

    no: int
    task: int
    from_task: int | None
    from_agency: str
    to_agency: str
    sent_at: datetime
    acknowledge_by: datetime | None
    received_at: datetime | None = None
    received_by: str | None = None
    sent_back_at: datetime | None = None
    reason: TextRef | None = None
    verdict: str | None = None


@dataclass(slots=True)
class Supplement:
    """A request to the applicant to complete the dossier."""

    no: int
    asked_at: datetime
    agency: str
    effect: str
    content: TextRef
    cap_at: datetime | None
    at_cap: str
    received_at: datetime | None = None
    lapsed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the applicant still has to answer."""
        return self.received_at is None and self.lapsed_at is None


@dataclass(slots=True)
class Payment:
    """A financial obligation, in đồng (None: another body fixes it). Confirmed: paid, or ``waived`` (why)."""

    no: int
    asked_at: datetime
    amount: int | None
    pauses: bool
    task: int | None
    agency: str
    confirmed_at: datetime | None = None
    receipt: str = ""
    fee: str | None = None
    waived: TextRef | None = None


@dataclass(slots=True)
class Pause:
    """A stretch during which the clock stood still."""

    no: int
    opened_at: datetime
    owner: OwnerKind
    reason: str
    basis: str
    effect: str
    expected_until: datetime | None
    closed_at: datetime | None = None


@dataclass(slots=True)
class Promise:
    """A numbered appointment with the citizen. Never overwritten: a change is a further promise.

    ``judged`` promises are what reports judge by; a re-appointment never is. ``base`` is where counting
    began (acceptance, or the last restart).
    """

    no: int
    kind: str
    stage: str
    limit: str | None
    base: datetime
    due_at: datetime
    provisional: bool
    calendar: str
    made_at: datetime
    supersedes: int | None
    judged: bool
    measure: str
    ladder: tuple[datetime, ...]
    apology_at: datetime | None
    status: str = "running"
    apology: int | None = None
    broken_at: datetime | None = None
    settled_at: datetime | None = None
    late_minutes: int | None = None
    shares: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Apology:
    """The letter owed for one promise. ``agency`` apologises; ``holder`` held the clock when it was asked."""

    no: int
    promise: int
    agency: str
    holder: str
    task: int | None
    because: str
    asked_at: datetime
    sign_by: datetime
    can_reappoint: bool
    reason: TextRef | None = None
    new_due_at: datetime | None = None
    drafted_by: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    capacity: str | None = None
    withdrawn_at: datetime | None = None
    unsigned_fault: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether a signature is still owed."""
        return self.signed_at is None and self.withdrawn_at is None


@dataclass(slots=True)
class FaultEntry:
    """One entry of the ledger of heads about a fault; entries are only ever added."""

    no: int
    kind: str
    at: datetime
    minutes: int | None = None
    text: TextRef | None = None
    by: str | None = None


@dataclass(slots=True)
class Fault:
    """Something an agency's head answers for: the head in office at ``instant``, and ``up`` above them."""

    no: int
    kind: str
    promise: int
    agency: str
    task: int | None
    step: str | None
    instant: datetime
    head: str | None
    capacity: str
    up_agency: str | None
    up_head: str | None
    apology: int | None
    minutes: int | None = None
    closed_at: datetime | None = None
    entries: list[FaultEntry] = field(default_factory=list)


@dataclass(slots=True)
class Span:
    """A stretch of time with one owner of the clock."""

    no: int
    since: datetime
    owner: Owner
    until: datetime | None = None


@dataclass(slots=True)
class Clock:
    """The dossier's clock. ``window_from`` is where the running count began; ``stage`` whose promise runs."""

    trigger: str | None = None
    started_at: datetime | None = None
    running: bool = False
    window_from: datetime | None = None
    stage: str | None = None
    stage_done: bool = False
    stages_done: list[str] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """Everything the history of one dossier says."""

    id: UUID
    seq: int = 0
    phase: Phase = Phase.NEW
    last_at: datetime | None = None
    code: str = ""
    procedure: str = ""
    version: int = 0
    channel: str = "direct"
    applicant: str | None = None
    applicant_kind: str = "person"
    representative: str | None = None
    desk: str = ""
    receiving: str = ""
    competent: str = ""
    bindings: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    papers: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    parent: str | None = None
    parent_task: int | None = None
    promised_at: datetime | None = None
    submitted_at: datetime | None = None
    registered_at: datetime | None = None
    accepted_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    returned_at: datetime | None = None
    return_method: str | None = None
    handover: dict[str, Any] = field(default_factory=dict)
    end: str | None = None
    positive: bool | None = None
    result: dict[str, str] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    batches: dict[int, Batch] = field(default_factory=dict)
    arrivals: dict[str, list[int]] = field(default_factory=dict)
    handoffs: dict[int, Handoff] = field(default_factory=dict)
    supplements: dict[int, Supplement] = field(default_factory=dict)
    payments: dict[int, Payment] = field(default_factory=dict)
    pauses: dict[int, Pause] = field(default_factory=dict)
    promises: dict[int, Promise] = field(default_factory=dict)
    apologies: dict[int, Apology] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def live_tasks(self) -> list[Task]:
        """Tasks somebody still has to act on, oldest first."""
        return [task for task in self.tasks.values() if task.is_live]

    def opinions_for(self, task: Task) -> list[Task]:
        """The ad-hoc opinions this task still waits for."""
        return [item for item in self.tasks.values() if item.asked_by == task.no and item.is_live]

    def open_supplement(self) -> Supplement | None:
        """The request the applicant has not answered yet, if any."""
        return next((item for item in self.supplements.values() if item.is_open), None)

    def open_pause(self) -> Pause | None:
        """The pause that is running, if any."""
        return next((item for item in self.pauses.values() if item.closed_at is None), None)

    def pausing_payment(self) -> Payment | None:
        """The payment whose confirmation the clock waits for, if any."""
        return next(
            (item for item in self.payments.values() if item.pauses and item.confirmed_at is None), None
        )

    def judged_promise(self) -> Promise | None:
        """The promise reports judge the running stage by."""
        return self._last_promise(judged=True)

    def reappointment(self) -> Promise | None:
        """The re-appointment in force for the running stage, if any."""
        return self._last_promise(judged=False)

    def current_promise(self) -> Promise | None:
        """The appointment the citizen was last given for the running stage."""
        return self.reappointment() or self.judged_promise()

    def _last_promise(self, *, judged: bool) -> Promise | None:
        for promise in reversed(self.promises.values()):
            if promise.stage == self.clock.stage and promise.judged is judged:
                return promise if promise.status != "superseded" else None
        return None
