"""A synchronous client of an ASGI application in the same process, with its start and end."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI


class AppClient:
    """Requests to an application, between its start and its end."""

    __test__ = False

    def __init__(self, app: FastAPI, client: tuple[str, int] = ("192.0.2.1", 40000)) -> None:
        self.app = app
        self.transport = httpx.ASGITransport(app=app, client=client)
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None

    def __enter__(self) -> Self:
        self._portal = self._stack.enter_context(start_blocking_portal())
        lifespan = self.app.router.lifespan_context(self.app)
        self._stack.enter_context(self._portal.wrap_async_context_manager(lifespan))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request and wait for the whole answer."""
        assert self._portal is not None, "use it as a context manager"
        return self._portal.call(partial(self._request, method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """``GET``."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """``POST``."""
        return self.request("POST", path, **more)

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self.transport, base_url="http://motcua.test") as client:
            return await client.request(method, path, **more)
