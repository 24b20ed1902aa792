"""What an official may do with a dossier now, and why not the rest: every command tried out in memory.

Each plausible form of each command is decided on a copy of the folded state and the outcome thrown away, so
the answer is the engine's own and needs no second set of rules. Free text is stood in for by a word.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said, Sentence
from dossiers.procedures import repository as procedures
from dossiers.procedures.models import VersionStatus
from workflows import commands as c
from workflows.definitions.model import Channel
from workflows.engine.decide import decide
from workflows.engine.draft import Actor
from workflows.engine.fees import fees_of, is_settled
from workflows.engine.plan import Plan
from workflows.engine.state import State, Task, TaskStatus
from workflows.office import Office
from workflows.views.folded import Folded, fold_dossier
from workflows.views.models import Named

_WORD = "…"
_NO_FILE = UUID(int=0)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class RefusalRead(BaseModel):
    """Why something may not be done; ``details["could"]`` says who could."""

    code: str
    message: Sentence
    hint: Sentence = ""
    details: dict[str, object] = Field(default_factory=dict)


class OptionRead(BaseModel):
    """One thing a command could be done to: a task, an apology, a matter of the ledger and so on."""

    target: str | None = Field(description="Trường nhận số dưới đây, ví dụ task, apology, fault")
    no: int | None = Field(description="Số của đối tượng")
    name: Sentence = Field(description="Tên đối tượng")
    outcomes: list[Named] = Field(default_factory=list, description="Các kết quả chọn được")
    allowed: bool
    refusal: RefusalRead | None = None


class AllowedRead(BaseModel):
    """Whether a command may be carried out now, by this official."""

    command: str
    title: Sentence
    allowed: bool
    refusal: RefusalRead | None = Field(default=None, description="Lý do, khi không đối tượng nào làm được")
    options: list[OptionRead]


@dataclass(frozen=True, slots=True)
class _Try:
    """A plausible command and what it is done to."""

    command: c.Command
    target: str | None = None
    no: int | None = None
    name: str = ""
    outcome: Named | None = None


def allowed_now(
    office: Office, connection: Connection, dossier_id: UUID, actor: Actor, at: datetime
) -> list[AllowedRead]:
    """Every command that people may send, in the order of the registry.

    Raises ``NotFound`` (``dossier_unknown``).
    """
    return allowed_folded(office, connection, fold_dossier(office, connection, dossier_id), actor, at)


def allowed_folded(
    office: Office, connection: Connection, folded: Folded, actor: Actor, at: datetime
) -> list[AllowedRead]:
    """The same of a dossier folded before."""
    state, plan = folded.state, folded.plan
    trial = _Trial(office, connection, folded, actor, at)
    tries: dict[str, list[_Try]] = {}
    for each in _plausible(state, plan, folded.reference.directory, trial.other_versions(state)):
        tries.setdefault(each.command.kind, []).append(each)
    return [_answer(kind, [(each, trial.refusal(each.command)) for each in tries[kind]]) for kind in tries]


class _Trial:
    """Tries commands on the dossier and forgets what came of it."""

    def __init__(
        self,
        office: Office,
        connection: Connection,
        folded: Folded,
        actor: Actor,
        at: datetime,
    ) -> None:
        self.office, self.connection = office, connection
        self.plan, self.actor, self.at = folded.plan, actor, at
        self.env = replace(office.env(connection, folded.plan, folded.reference), bits=_no_bits)
        self.folded = pickle.dumps(folded.state, pickle.HIGHEST_PROTOCOL)

    def refusal(self, command: c.Command) -> MotcuaError | None:
        """The engine's refusal. Input that must be completed is no refusal: the official may complete it."""
        target = None
        if isinstance(command, c.Migrate):
            target = self.office.plan(self.connection, self.plan.definition.code, command.to_version)
        state: State = pickle.loads(self.folded)  # noqa: S301 - written above: quicker than folding anew
        try:
            decide(self.env, state, command, self.actor, self.at, target=target)
        except BadInput:
            return None
        except MotcuaError as error:
            return error
        return None

    def other_versions(self, state: State) -> list[int]:
        """Published versions the dossier could be moved to, the latest first."""
        rows = procedures.versions(self.connection, state.procedure)
        return [
            row.version
            for row in reversed(rows)
            if row.version != state.version and row.status == VersionStatus.PUBLISHED.value
        ]


def _no_bits(_count: int) -> int:
    """Identifiers of what is thrown away need not be unique."""
    return 0


def _answer(kind: str, tried: list[tuple[_Try, MotcuaError | None]]) -> AllowedRead:
    options: dict[tuple[str | None, int | None], OptionRead] = {}
    for each, refusal in tried:
        option = options.setdefault(
            (each.target, each.no),
            OptionRead(target=each.target, no=each.no, name=each.name, allowed=False),
        )
        if refusal is None:
            option.allowed, option.refusal = True, None
            if each.outcome is not None:
                option.outcomes.append(each.outcome)
        elif not option.allowed and option.refusal is None:
            option.refusal = _read(refusal)
    shown = list(options.values())
    possible = any(option.allowed for option in shown)
    refusals = [option.refusal for option in shown if option.refusal is not None]
    telling = sorted(refusals, key=lambda refusal: "could" not in refusal.details)
    return AllowedRead(
        command=kind,
        title=c.COMMANDS[kind].title,
        allowed=possible,
        refusal=None if possible else next(iter(telling), None),
        options=[option for option in shown if option.target is not None],
    )


def _read(error: MotcuaError) -> RefusalRead:
    return RefusalRead(code=error.code, message=error.message, hint=error.hint, details=error.details)


def _plausible(state: State, plan: Plan, directory: Directory, versions: list[int]) -> Iterator[_Try]:
    """Commands worth trying: each on everything it could concern, or once on what is no more (or never was)
    to learn why not."""
    yield _Try(c.Accept())
    yield _Try(c.Refuse(reason=_WORD))
    yield from _work(state, plan, directory)
    yield from _waits(state, plan)
    yield from _files(state)
    yield _Try(c.GiveBack())
    yield _Try(c.Withdraw(reason=_WORD))
    yield _Try(c.Stop(reason=_WORD))
    yield _Try(c.Reopen(reason=_WORD))
    yield from _reckoning(state)
    yield _Try(c.Correct(reason=_WORD, channel=_another_channel(state)))
    yield _Try(c.Note(activity=_WORD))
    yield _Try(c.Recalculate(reason=_WORD))
    for version in versions or [state.version]:
        yield _Try(
            c.Migrate(to_version=version, reason=_WORD),
            "to_version",
            version,
            Said("phiên bản {version}", version=version),
        )


def _work(state: State, plan: Plan, directory: Directory) -> Iterator[_Try]:
    """What is done to tasks."""
    live = [task.no for task in state.live_tasks()] or list(state.tasks)[-1:] or [1]
    for no in live:
        about = ("task", no, _name(plan, state.tasks.get(no)))
        yield _Try(c.Send(task=no), *about)
        yield _Try(c.Receive(task=no), *about)
        yield _Try(c.ReturnToSender(task=no, reason=_WORD), *about)
        yield _Try(c.TakeOver(task=no), *about)
        yield from _outcomes(plan, state.tasks.get(no), about)
        yield _Try(
            c.AskOpinion(
                task=no,
                agencies=(_another_agency(directory, state.tasks.get(no)),),
                limit="1 working_day",
                content=_WORD,
            ),
            *about,
        )
        yield _Try(c.AnswerOpinion(task=no, content=_WORD), *about)
    done = [task.no for task in state.tasks.values() if task.status is TaskStatus.DONE and not task.asked_by]
    for no in done[-3:] or live:
        yield _Try(c.TakeBack(task=no, reason=_WORD), "task", no, _name(plan, state.tasks.get(no)))


def _outcomes(plan: Plan, task: Task | None, about: tuple[str, int, str]) -> Iterator[_Try]:
    """The step's own way to finish, outcome by outcome, and the other way."""
    step = plan.steps.get(task.step) if task is not None else None
    decides = step is not None and step.decides
    own, other = (c.Decide, c.FinishStep) if decides else (c.FinishStep, c.Decide)
    for way in step.ways if step is not None else ():
        outcome = Named(code=way.id, name=way.name)
        yield _Try(own(task=about[1], outcome=way.id, reason=_WORD), *about, outcome)
    if step is None:
        yield _Try(own(task=about[1], reason=_WORD), *about)
    yield _Try(other(task=about[1], reason=_WORD), *about)


def _waits(state: State, plan: Plan) -> Iterator[_Try]:
    """What is asked of the applicant, by the desk or from a task."""
    yield _Try(c.AskSupplement(content=_WORD))
    yield _Try(c.AskPayment())
    for task in state.live_tasks():
        about = ("task", task.no, _name(plan, task))
        yield _Try(c.AskSupplement(content=_WORD, task=task.no), *about)
        yield _Try(c.AskPayment(task=task.no), *about)
    yield _Try(c.ReceiveSupplement())
    awaited = [item.no for item in state.payments.values() if item.confirmed_at is None]
    for no in awaited:
        yield _Try(
            c.ConfirmPayment(receipt=_WORD, payment=no), "payment", no, Said("khoản phải nộp số {no}", no=no)
        )
    if not awaited:
        yield _Try(c.ConfirmPayment(receipt=_WORD))
    fees = fees_of(state, plan.definition)
    fee = next((fee.id for fee in fees if not is_settled(state, fee)), fees[0].id if fees else _WORD)
    yield _Try(c.CollectFee(fee=fee, receipt=_WORD))
    yield _Try(c.WaiveFee(fee=fee, reason=_WORD))
    for no in awaited:
        yield _Try(c.WaiveFee(payment=no, reason=_WORD), "payment", no, f"khoản phải nộp số {no}")


def _files(state: State) -> Iterator[_Try]:
    """Files to attach, and those attached that could be taken away."""
    yield _Try(c.Attach(files=(c.FileIn(id=_NO_FILE),)))
    for file in [UUID(item) for item in list(state.files)[-1:]] or [_NO_FILE]:
        yield _Try(c.RemoveFile(file=file, reason=_WORD))


def _reckoning(state: State) -> Iterator[_Try]:
    """Apologies and the ledger of heads."""
    letters = [item.no for item in state.apologies.values() if item.is_open]
    for no in letters or list(state.apologies)[-1:] or [1]:
        about = ("apology", no, Said("thư xin lỗi số {no}", no=no))
        yield _Try(c.DraftApology(apology=no, reason=_WORD), *about)
        yield _Try(c.ReturnApology(apology=no, reason=_WORD), *about)
        yield _Try(c.SignApology(apology=no, reason=_WORD), *about)
    yield _Try(c.Reappoint(reason=_WORD, new_due_at=state.last_at or _LONG_AGO))
    faults = [item.no for item in state.faults.values() if item.closed_at is None]
    for no in faults or list(state.faults)[-1:] or [1]:
        about = ("fault", no, Said("mục {no} của sổ trách nhiệm", no=no))
        yield _Try(c.ExplainFault(fault=no, text=_WORD), *about)
        yield _Try(c.AcknowledgeFault(fault=no), *about)
        yield _Try(c.CloseFault(fault=no, text=_WORD), *about)
        yield _Try(c.CorrectFault(fault=no, minutes=0, text=_WORD), *about)


def _name(plan: Plan, task: Task | None) -> str:
    if task is None:
        return ""
    step = plan.steps.get(task.step)
    return step.name if step else task.step


def _another_agency(directory: Directory, task: Task | None) -> str:
    own = task.agency if task is not None else ""
    return next((agency.code for agency in directory.agencies() if agency.code != own), own)


def _another_channel(state: State) -> Channel:
    return next(channel for channel in Channel if channel.value != state.channel)
