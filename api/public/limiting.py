"""How often somebody may ask: token buckets in memory, per process. The clock is passed in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import AddressValueError, IPv6Address
from math import ceil
from threading import Lock

MOST_KEYS = 50_000
"""Buckets remembered at most; the one longest unused is forgotten first."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


@dataclass(slots=True)
class Limit:
    """``burst`` calls at once, then one more every ``every`` seconds, for each key."""

    burst: int
    every: float
    most_keys: int = MOST_KEYS
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str, at: datetime) -> int:
        """Zero when the call may go on, else the seconds to wait."""
        with self._lock:
            bucket = self._buckets.pop(key, None) or _Bucket(self.burst, at)
            passed = max((at - bucket.at).total_seconds(), 0.0)
            bucket.left = min(self.burst, bucket.left + passed / self.every)
            bucket.at = max(at, bucket.at)
            self._buckets[key] = bucket
            if len(self._buckets) > self.most_keys:
                self._buckets.popitem(last=False)
            if bucket.left < 1:
                return ceil((1 - bucket.left) * self.every)
            bucket.left -= 1
            return 0

    def give_back(self, key: str) -> None:
        """A call that should not have counted."""
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is not None:
                bucket.left = min(self.burst, bucket.left + 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the doors anybody may knock at.

    ``client``: any public question, per address. ``proof``: wrong proofs, per dossier, so that four digits
    cannot be tried out: five at once, then two an hour. ``browser``: attempts to sign in, per address (a
    whole office may share one). ``login``: wrong ones per name, whether there is such an account or not.
    ``wrong_by_client``: wrong proofs, per address. ``posting``: what is sent to the office, per address.
    """

    client: Limit = field(default_factory=lambda: Limit(burst=30, every=2))
    proof: Limit = field(default_factory=lambda: Limit(burst=5, every=1800))
    browser: Limit = field(default_factory=lambda: Limit(burst=60, every=2))
    login: Limit = field(default_factory=lambda: Limit(burst=20, every=60))
    wrong_by_client: Limit = field(default_factory=lambda: Limit(burst=20, every=180))
    posting: Limit = field(default_factory=lambda: Limit(burst=5, every=600))


def client_key(host: str) -> str:
    """One key per address; of IPv6 the network, since one caller may use all of its addresses."""
    try:
        network = int(IPv6Address(host.split("%")[0])) >> 64
    except AddressValueError:
        return host
    return f"{network:x}::/64"
