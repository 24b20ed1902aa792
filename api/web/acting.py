"""Commands sent from pages: made from a form's fields, carried out on the one path the interface uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from api.deps import Call
from api.dossiers.carrying import Manner, carry_out
from api.dossiers.schemas import ReceiptRead
from api.web.forms import Form
from api.wording import refusals
from dossiers.core.errors import BadInput, MotcuaError, NotFound
from workflows.commands import COMMANDS, SYSTEM_ONLY, Command


def command_of(kind: str, fields: Mapping[str, Any]) -> Command:
    """The command with these fields; empty ones are left to their default.

    Raises ``NotFound`` (``command_unknown``), and ``BadInput`` (``bad_input``) with ``details["fields"]``:
    what is wrong with each field.
    """
    if kind not in COMMANDS or kind in SYSTEM_ONLY:
        raise NotFound("Không có thao tác này.", code="command_unknown", where=kind)
    given = {name: value for name, value in fields.items() if value not in ("", None, [], {})}
    try:
        return COMMANDS[kind].model_validate(given)
    except ValidationError as error:
        found = refusals(error.errors())
        raise BadInput(
            "Một số ô nhập chưa đúng; sửa các ô được đánh dấu rồi gửi lại.",
            where=str(found[0]["where"]) if found else "",
            details={"fields": {str(item["where"]): str(item["message"]) for item in found}},
        ) from error


def act(
    call: Call,
    code: str | None,
    kind: str,
    fields: Mapping[str, Any],
    *,
    key: str | None = None,
    expected_seq: int | None = None,
    dry_run: bool = False,
) -> ReceiptRead:
    """Carry out a command on a dossier, or register one when ``code`` is None."""
    manner = Manner(key=key or None, expected_seq=expected_seq, dry_run=dry_run)
    return carry_out(call, command_of(kind, fields), manner, code)


def errors_of(error: MotcuaError) -> dict[str, str]:
    """What is wrong with which field of the form."""
    fields = error.details.get("fields")
    if isinstance(fields, Mapping):
        return {_field(str(where)): str(message) for where, message in fields.items()}
    return {_field(error.where): error.message} if isinstance(error, BadInput) and error.where else {}


def _field(where: str) -> str:
    """The name of a form's field from the place of an error."""
    head, _, rest = where.partition(".")
    return f"fact.{rest}" if head == "facts" and rest else head


def seen_seq(form: Form) -> int | None:
    """The number of the last event the form's page had shown (field ``seq``)."""
    return form.number("seq")
