"""Questions with a proof: wrong proofs are counted, right ones are not.

Counted per thing asked about, so that four characters cannot be tried out, and per client, so that nobody
tries a few on every code there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.deps import Visit
from api.errors import RateLimited
from api.public.limiting import Limit, client_key
from dossiers.core.errors import NotFound


def not_too_often(visit: Visit) -> None:
    """Refuse (``RateLimited``) a client that asks too often."""
    _take(visit.limits.client, client_key(visit.client), visit)


def not_too_many_posts(visit: Visit) -> None:
    """Refuse (``RateLimited``) a client that sends too much."""
    _take(visit.limits.posting, client_key(visit.client), visit)


@contextmanager
def counting_wrong_proofs(visit: Visit, about: str) -> Iterator[None]:
    """Count the attempt when what is asked within is not found."""
    not_too_often(visit)
    client = client_key(visit.client)
    _take(visit.limits.wrong_by_client, client, visit)
    try:
        _take(visit.limits.proof, about, visit)
    except RateLimited:
        visit.limits.wrong_by_client.give_back(client)
        raise
    wrong = False
    try:
        yield
    except NotFound:
        wrong = True
        raise
    finally:
        if not wrong:
            visit.limits.proof.give_back(about)
            visit.limits.wrong_by_client.give_back(client)


def _take(limit: Limit, key: str, visit: Visit) -> None:
    wait = limit.take(key, visit.at)
    if wait:
        raise RateLimited(wait)
