"""Which failures are the world's, to be tried again, and which are ours, to be mended."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


def is_the_worlds(error: BaseException) -> bool:
    """Whether trying again later may help: a connection, a server, a network that failed us."""
    return any(
        isinstance(each, OperationalError | InterfaceError | PoolTimeout | OSError)
        or (isinstance(each, DBAPIError) and each.connection_invalidated)
        for each in _with_causes(error)
    )


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = error
    while each is not None:
        yield each
        each = each.__cause__
