"""What every call passes first: its id, the size of its body, safe headers, one log line, no loose failure.

Nothing here, or in what it logs, holds what a caller sent: no query, no body, no words of an error.
"""

from __future__ import annotations

import logging
import re
from time import perf_counter
from uuid import uuid4

from fastapi.exceptions import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import failure_response, length_response
from api.tracing import where_it_failed
from api.web.errors import wants_page

log = logging.getLogger("motcua.api")

MOST_BODY = 1024 * 1024
"""Bytes a request may carry: far beyond any command, a procedure definition included."""

MOST_UPLOAD = 64 * 1024 * 1024
"""Bytes a request that carries files may hold."""

UPLOADS = re.compile(r"/api/v1/files|/desk/register|/desk/dossiers/[^/]+/papers|/dossiers/[^/]+/do/attach")
"""Where files are handed in."""

SAFE_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
"""Set unless the answer says otherwise itself."""

HTTPS_ONLY = "max-age=31536000"
"""Over HTTPS, browsers are told to come back by nothing else for a year."""


class Front:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        call = f"urn:uuid:{uuid4()}"
        scope["motcua_call"] = call
        began = perf_counter()
        answer = _Answer(send, call, secure=scope["app"].state.door.settings.is_secure)
        try:
            most = MOST_UPLOAD if UPLOADS.fullmatch(scope["path"]) else MOST_BODY
            if _declared_length(scope) > most:
                await _refuse_length(scope, receive, answer, call, most)
            else:
                await self.app(scope, _limited(receive, most), answer)
        except Exception as error:
            log.error("%s failed at %s\n%s", call, _route(scope), where_it_failed(error))
            if answer.status:
                raise RuntimeError(f"{call}: the answer broke off") from None
            await failure_response(Request(scope), call)(scope, receive, answer)
        log.info(
            "%s %s %s %d %.1fms",
            call,
            scope["method"],
            _route(scope),
            answer.status,
            (perf_counter() - began) * 1000,
        )


class _Answer:
    """Sends on, completing the headers and noting the status."""

    def __init__(self, send: Send, call: str, *, secure: bool) -> None:
        self.send, self.call, self.secure, self.status = send, call, secure, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
            if self.secure:
                headers.setdefault("strict-transport-security", HTTPS_ONLY)
            headers["x-request-id"] = self.call.removeprefix("urn:uuid:")
        await self.send(message)


def _route(scope: Scope) -> str:
    """The pattern of the route, never the path: a path may hold what somebody typed."""
    return str(getattr(scope.get("route"), "path", "-"))


def _declared_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0


async def _refuse_length(scope: Scope, receive: Receive, send: Send, call: str, most: int) -> None:
    request = Request(scope)
    if wants_page(request):
        await _read_away(receive)
    await length_response(request, call, most)(scope, receive, send)


async def _read_away(receive: Receive) -> None:
    """Take what is being sent, up to a limit: a browser shows an answer only after it has sent all."""
    taken = 0
    while taken <= MOST_UPLOAD:
        message = await receive()
        taken += len(message.get("body", b""))
        if not message.get("more_body"):
            return


def _limited(receive: Receive, most: int) -> Receive:
    """The body, cut off with 413 when it grows past the limit without having said so."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)
        return message

    return limited
