"""Pages of long lists: a cursor says after which line to go on, so lines added meanwhile move nothing."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from dossiers.core.errors import BadInput

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list and the cursor of the next one, if there is more."""

    items: list[T]
    next_cursor: str | None


def write_cursor(at: datetime, dossier_id: UUID, no: int = 0) -> str:
    """The place of a line in its list: the instant it is sorted by, its dossier and its number there."""
    text = json.dumps([at.isoformat(), str(dossier_id), no])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, UUID, int] | None:
    """What ``write_cursor`` wrote; None for no cursor. Raises ``BadInput`` (``cursor_unreadable``)."""
    if not cursor:
        return None
    try:
        at_text, dossier_id, no = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        at = datetime.fromisoformat(at_text)
        if at.tzinfo is None or type(no) is not int or abs(no) > 2**31:
            raise ValueError
        return at, UUID(dossier_id), no
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(
            "Con trỏ trang không đọc được.",
            code="cursor_unreadable",
            where="cursor",
            hint="Dùng next_cursor của trang trước, hoặc bỏ trống để xem từ đầu.",
        ) from error
