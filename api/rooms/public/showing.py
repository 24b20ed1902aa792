"""How pages of the public window are shown: they tell the next site nothing, not even where one came from."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.deps import Visit
from api.errors import status_of
from api.web.pages import show
from dossiers.core.errors import MotcuaError

_QUIET = {"Referrer-Policy": "no-referrer"}


def window(
    request: Request,
    template: str,
    visit: Visit,
    *,
    error: MotcuaError | None = None,
    status: int | None = None,
    **context: Any,
) -> Response:
    """A page of the public window; with ``error`` it says what is wrong, with the status of the error."""
    answered = status or (status_of(error) if error is not None else 200)
    return show(request, f"public/{template}", visit, status=answered, headers=_QUIET, error=error, **context)
