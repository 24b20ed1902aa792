"""From the fields of a form to those of a command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from api.web.forms import Form
from api.web.shown import VIETNAM
from dossiers.core.errors import BadInput
from workflows.commands import COMMANDS
from workflows.definitions.model import Definition, Fact, FactType

FACT, PAPER = "fact.", "paper."
YES = "yes"


def fields_of(kind: str, form: Form, definition: Definition) -> dict[str, Any]:
    """The fields of a command of this kind as the form gives them.

    Raises ``BadInput`` (``instant_unreadable``, ``number_unreadable``).
    """
    return {name: _READERS.get(name, _plain)(form, name, definition) for name in COMMANDS[kind].model_fields}


def read_instant(text: str, where: str) -> datetime | None:
    """What ``<input type=datetime-local>`` sends, on the clock of Vietnam; an offset is kept."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            "Chưa đọc được ngày giờ.",
            code="instant_unreadable",
            where=where,
            hint="Nhập ngày và giờ, ví dụ 14:30 ngày 20/11/2026.",
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=VIETNAM)


def _plain(form: Form, name: str, _definition: Definition) -> Any:
    return form.get(name)


def _number(form: Form, name: str, _definition: Definition) -> Any:
    return form.number(name)


def _yes(form: Form, name: str, _definition: Definition) -> Any:
    return form.get(name) == YES


def _instant(form: Form, name: str, _definition: Definition) -> Any:
    return read_instant(form.get(name), name)


def _facts(form: Form, _name: str, definition: Definition) -> Any:
    given = {}
    for name, fact in definition.case.items():
        text = form.get(FACT + name)
        if text:
            given[name] = _fact(form, fact, name, text)
    return given


def _fact(form: Form, fact: Fact, name: str, text: str) -> bool | int | str:
    if fact.type is FactType.BOOL:
        return text == YES
    if fact.type is FactType.NUMBER:
        return form.number(FACT + name) or 0
    return text


def _agencies(form: Form, _name: str, _definition: Definition) -> Any:
    """The boxes ticked, and the codes typed."""
    typed = form.get("agencies_more").replace(",", " ").upper().split()
    return list(dict.fromkeys([*form.all("agencies"), *typed]))


def _limit(form: Form, _name: str, _definition: Definition) -> Any:
    amount, unit = form.get("limit"), form.get("limit_unit")
    return f"{amount} {unit}" if amount else ""


def _papers(form: Form, _name: str, definition: Definition) -> Any:
    given = []
    for paper in definition.papers:
        originals = form.number(f"{PAPER}{paper.id}.originals") or 0
        copies = form.number(f"{PAPER}{paper.id}.copies") or 0
        if originals or copies:
            given.append({"id": paper.id, "originals": originals, "copies": copies})
    return given


_READERS: dict[str, Callable[[Form, str, Definition], Any]] = {
    "amount": _number,
    "payment": _number,
    "quantity": _number,
    "signed": _yes,
    "minutes": _number,
    "send": _yes,
    "pauses": _yes,
    "agrees": _yes,
    "silence_is_consent": _yes,
    "new_due_at": _instant,
    "facts": _facts,
    "agencies": _agencies,
    "limit": _limit,
    "papers": _papers,
}
