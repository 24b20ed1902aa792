"""Time-ordered identifiers that never collide between two databases (UUID version 7, RFC 9562).

The time comes from ``at``, never from the clock, so that a replay or a demo office made from a seed gives
the same identifiers again.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Bits = Callable[[int], int]


def uuid7(at: datetime, bits: Bits = secrets.randbits) -> UUID:
    """A UUIDv7 for the instant ``at``; ``bits(n)`` gives n random bits."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | 0x7 << 76 | bits(12) << 64 | 0b10 << 62 | bits(62)
    return UUID(int=value)


def seeded_bits(seed: str) -> Bits:
    """A reproducible source of bits, for demonstrations and tests; never for secrets."""
    return random.Random(seed).getrandbits  # noqa: S311 - reproducibility is the point
