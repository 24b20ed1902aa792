"""Keeping applicants: the same person with the same details is one row; a change is a further row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.ids import Bits, uuid7
from dossiers.people import repository

_FIELDS = ("kind", "name", "identity_no", "phone", "email", "address")


def keep(connection: Connection, fields: dict[str, Any], *, at: datetime, bits: Bits) -> UUID:
    """The id of the applicant with these details, known before or kept now."""
    known = repository.latest_alike(connection, fields.get("identity_no", ""))
    if known is not None and all(getattr(known, name) == fields.get(name, "") for name in _FIELDS):
        return UUID(str(known.id))
    applicant_id = uuid7(at, bits)
    repository.add(connection, applicant_id, fields, at, known.id if known is not None else None)
    return applicant_id
