"""Errors a person can act on: what is wrong, where, and how to mend it, with a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dossiers.core.said import Said


class MotcuaError(Exception):
    """Base of every error that reaches a user.

    ``code`` is stable and documented; ``message`` says what is wrong and ``hint`` how to mend it, both
    in Vietnamese as a clerk would say it, as ``Said`` where they hold values, so that pages can say them
    in English; ``where`` names the field, line or thing concerned. ``command`` is what an operator types to
    mend it: only the command line shows it.
    """

    code: str = "error"
    status: int = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        hint: str = "",
        where: str = "",
        details: Mapping[str, Any] | None = None,
        command: str = "",
    ) -> None:
        super().__init__(message)
        self.message = Said(message)
        self.hint = Said(hint)
        self.where = where
        self.command = command
        self.details: dict[str, Any] = dict(details or {})
        if code is not None:
            self.code = code

    def as_dict(self) -> dict[str, Any]:
        """The error as data, without empty fields."""
        data = {"code": self.code, "message": self.message, "hint": self.hint, "where": self.where}
        return {key: value for key, value in data.items() if value} | (
            {"details": self.details} if self.details else {}
        )


class BadInput(MotcuaError):
    """What was given cannot be understood or is not allowed as it stands."""

    code = "bad_input"
    status = 422


class NotFound(MotcuaError):
    """No such thing."""

    code = "not_found"
    status = 404


class Conflict(MotcuaError):
    """Somebody else was first, or the same key was used for something different."""

    code = "conflict"
    status = 409


class NotAllowed(MotcuaError):
    """The actor may not do this; ``details["could"]`` says who could."""

    code = "not_allowed"
    status = 403
