"""Forms that were sent: their fields, and the guard against forged ones."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api.deps import cookie_name, csrf_sent, require_csrf
from api.web.pages import FORM_COOKIE
from dossiers.core.errors import BadInput

LONGEST_FIELD = 100_000

_NEVER_CARRIED = frozenset({"csrf", "password", "old", "new", "again", "otp"})
"""The guard, and secrets: these are typed anew."""

_NUMBER = re.compile(r"[0-9]+|[0-9]{1,3}(\.[0-9]{3})+")


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed. Values are trimmed; what was not sent is empty."""

    data: FormData
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.get(name)

    def get(self, name: str, default: str = "") -> str:
        """One value."""
        value = self.data.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be sent more than once."""
        return [value.strip() for value in self.data.getlist(name) if isinstance(value, str)]

    def number(self, name: str) -> int | None:
        """A whole number; None when the field is empty. ``BadInput`` (``number_unreadable``)."""
        if not self.get(name):
            return None
        number = whole_number(self.get(name))
        if number is None:
            raise BadInput("Cần một số nguyên không âm.", code="number_unreadable", where=name)
        return number

    def checked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.get(name))

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field."""
        return [each for each in self.data.getlist(name) if isinstance(each, UploadFile) and each.filename]

    def typed(self) -> list[tuple[str, str]]:
        """Everything typed, to be shown or carried again; not the guard, not files."""
        return [
            (name, value)
            for name, value in self.data.multi_items()
            if isinstance(value, str) and name not in _NEVER_CARRIED
        ]


async def posted(request: Request, sent: Annotated[str, Depends(csrf_sent)]) -> AsyncIterator[Form]:
    """The form of this request, refused (``form_expired``) when it did not come from a page of ours.

    Its files are closed when the answer is made.
    """
    settings = request.app.state.door.settings
    if "authorization" not in request.headers:
        cookies = request.cookies
        require_csrf(request, sent, cookies.get(cookie_name(settings), ""), cookies.get(FORM_COOKIE, ""))
    form = await request.form()
    try:
        _readable(form)
        yield Form(form)
    finally:
        await form.close()


def _readable(form: FormData) -> None:
    for name, value in form.multi_items():
        if isinstance(value, str) and ("\x00" in value or len(value) > LONGEST_FIELD):
            raise BadInput("Nội dung nhập có ký tự lạ hoặc quá dài.", code="field_unreadable", where=name)


Posted = Annotated[Form, Depends(posted)]


def whole_number(text: str, digits: int = 15) -> int | None:
    """The number somebody wrote, with dots between thousands or without; None when it is none."""
    plain = text.replace(".", "")
    return int(plain) if _NUMBER.fullmatch(text) and len(plain) <= digits else None


def new_key() -> str:
    """A key for a form, so that sending it twice does it once."""
    return secrets.token_hex(16)


def field_errors(found: list[dict[str, Any]]) -> dict[str, str]:
    """Refusals of a model, by the name of the form's field."""
    return {str(item["where"]).split(".")[-1]: str(item["message"]) for item in found}
