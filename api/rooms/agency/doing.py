"""What the reader may do with a dossier now, in the order it is wanted, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from api.web.forms import new_key
from dossiers.agencies.models import Role
from dossiers.core.said import Said
from workflows.commands import COMMANDS, SYSTEM_ONLY, Register
from workflows.engine.draft import Actor
from workflows.engine.state import TaskStatus
from workflows.views.allowed import AllowedRead, OptionRead, RefusalRead
from workflows.views.models import DossierRead, TaskRead

_WANTED = (
    "receive",
    "send",
    "finish_step",
    "decide",
    "answer_opinion",
    "receive_supplement",
    "confirm_payment",
    "accept",
    "give_back",
    "sign_apology",
    "draft_apology",
    "return_apology",
    "reappoint",
    "acknowledge_fault",
    "explain_fault",
    "close_fault",
    "correct_fault",
    "take_over",
    "ask_opinion",
    "ask_supplement",
    "ask_payment",
    "collect_fee",
    "waive_fee",
    "return_to_sender",
    "take_back",
    "refuse",
    "reopen",
    "note",
    "correct",
    "withdraw",
    "stop",
)
_ORDER = {kind: place for place, kind in enumerate(_WANTED)}
_PRIMARY = frozenset(_WANTED[:10])
_DIRECT = frozenset({"receive", "send", "accept", "acknowledge_fault"})
"""Done at the press of the button; the others ask something first."""

AT_DESK = {
    "receive_supplement": "papers",
    "attach": "papers",
    "remove_file": "papers",
    "give_back": "give-back",
    "collect_fee": "fees",
    "waive_fee": "fees",
    "correct": "correct",
}
"""What the desk does on pages of its own: the last part of their address."""

_LETTERS = frozenset({"draft_apology", "return_apology", "sign_apology", "reappoint"})
_FAULTS = frozenset({"explain_fault", "acknowledge_fault", "close_fault", "correct_fault"})
_PAPERS = frozenset({"attach", "remove_file"})

DOABLE = frozenset(COMMANDS) - SYSTEM_ONLY - {Register.kind}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something the reader may do now."""

    kind: str
    title: str
    target: str | None = None
    no: int | None = None
    name: str = ""
    direct: bool = False
    primary: bool = False
    desk_page: str = ""
    key: str = field(default_factory=new_key)

    @property
    def query(self) -> str:
        """What the deed is about, for an address."""
        return f"?{self.target}={self.no}" if self.target else ""


@dataclass(slots=True)
class Doings:
    """Deeds by task, letter, matter of the ledger; on papers, on the whole dossier; the rare; the refused."""

    tasks: list[tuple[TaskRead, list[Deed]]] = field(default_factory=list)
    apologies: dict[int, list[Deed]] = field(default_factory=dict)
    faults: dict[int, list[Deed]] = field(default_factory=dict)
    papers: list[Deed] = field(default_factory=list)
    whole: list[Deed] = field(default_factory=list)
    rare: list[Deed] = field(default_factory=list)
    refused: list[tuple[str, RefusalRead]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing of the daily work to do."""
        return not (self.tasks or self.whole)


_RARE = frozenset({"correct", "withdraw", "stop", "recalculate", "change_version", "note", "take_back"})


def doings(allowed: Iterable[AllowedRead], dossier: DossierRead, actor: Actor) -> Doings:
    """The answer of the engine, arranged."""
    found = Doings()
    desk = is_desk_of(dossier.desk.code, actor)
    tasks = {task.no: task for task in dossier.tasks}
    by_task: dict[int, list[Deed]] = {}
    for each in sorted(allowed, key=lambda each: _ORDER.get(each.command, len(_ORDER))):
        if not each.allowed:
            if each.refusal is not None and _concerns(each.command, dossier):
                found.refused.append((each.title, each.refusal))
            continue
        for deed in _deeds(each, tasks, actor, desk=desk):
            task = tasks.get(deed.no or 0) if deed.target == "task" else None
            if task is not None and each.command != "take_back":
                by_task.setdefault(task.no, []).append(deed)
            elif deed.target == "apology" and each.command != "sign_apology":
                found.apologies.setdefault(deed.no or 0, []).append(replace(deed, name=""))
            elif deed.target == "fault":
                found.faults.setdefault(deed.no or 0, []).append(replace(deed, name=""))
            elif each.command in _PAPERS:
                found.papers.extend([deed] if not desk or each.command == "attach" else [])
            elif each.command in _RARE:
                found.rare.append(deed)
            else:
                found.whole.append(deed)
    found.tasks = [(tasks[no], deeds) for no, deeds in sorted(by_task.items())]
    return found


def _concerns(command: str, dossier: DossierRead) -> bool:
    """Whether the dossier has what such a command is about: a letter of apology, a matter of the ledger."""
    if command in _LETTERS:
        return bool(dossier.apologies)
    return command not in _FAULTS or bool(dossier.faults)


def is_desk_of(desk: str, actor: Actor) -> bool:
    """Whether the actor works at this desk."""
    return actor.agency == desk and bool(actor.roles & {Role.RECEPTIONIST, Role.CLERK})


def _deeds(each: AllowedRead, tasks: dict[int, TaskRead], actor: Actor, *, desk: bool) -> Iterator[Deed]:
    possible = [option for option in each.options if option.allowed]
    if not possible:
        yield Deed(
            each.command,
            each.title,
            direct=each.command in _DIRECT,
            primary=each.command in _PRIMARY,
            desk_page=AT_DESK.get(each.command, "") if desk else "",
        )
    for option in possible:
        yield _deed(each, option, tasks, actor)


def _deed(each: AllowedRead, option: OptionRead, tasks: dict[int, TaskRead], actor: Actor) -> Deed:
    task = tasks.get(option.no or 0) if option.target == "task" else None
    direct = each.command in _DIRECT
    if each.command == "take_over" and task is not None:
        unclaimed = task.official is None or task.official.code != actor.id
        direct = unclaimed and not may_give(actor) and task.status == TaskStatus.OPEN
    return Deed(
        each.command,
        title_of(each.command, actor),
        option.target,
        option.no,
        "" if option.target == "task" and each.command != "take_back" else option.name,
        direct,
        each.command in _PRIMARY,
    )


def title_of(kind: str, actor: Actor) -> str:
    """What the command is called for this reader."""
    return Said("Giao việc") if kind == "take_over" and may_give(actor) else COMMANDS[kind].title


def may_give(actor: Actor) -> bool:
    """Whether the actor gives work to others."""
    return bool(actor.roles & {Role.UNIT_HEAD, Role.HEAD})
