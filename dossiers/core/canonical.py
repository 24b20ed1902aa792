"""One way to write a value as text, so that its hash is the same on every machine and database."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and Vietnamese letters as they are."""
    return _encode(value)


def sha256_hex(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def instant_text(at: datetime) -> str:
    """An aware instant as UTC text with microseconds: ``2026-11-20T07:30:00.000000Z``."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_instant(text: str) -> datetime:
    """The inverse of ``instant_text``."""
    return datetime.fromisoformat(text)
