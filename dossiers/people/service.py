"""Keeping applicants: the same person with the same details is one row; a change is a further row."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.ids import Bits, uuid7
from dossiers.core.tables import require_fitting
from dossiers.people import repository
from dossiers.people.models import ApplicantRow

_FIELDS = ("kind", "name", "identity_no", "phone", "email", "address")


def plain_phone(typed: str) -> str:
    """A phone number in digits as it is dialled at home: ``+84 912.345.678`` is ``0912345678``."""
    digits = re.sub(r"[ .()-]", "", typed)
    return f"0{digits[3:]}" if digits.startswith("+84") else digits


def plain_text(typed: str) -> str:
    """One line without what cannot be seen: control characters, marks of direction, spaces of no width."""
    seen = (char for char in " ".join(typed.split()) if unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join(seen).strip()


def keep(connection: Connection, fields: dict[str, Any], *, at: datetime, bits: Bits) -> UUID:
    """The id of the applicant with these details, known before or kept now."""
    require_fitting(ApplicantRow, {name: fields.get(name, "") for name in _FIELDS})
    known = repository.latest_alike(connection, fields.get("identity_no", ""))
    if known is not None and all(getattr(known, name) == fields.get(name, "") for name in _FIELDS):
        return UUID(str(known.id))
    applicant_id = uuid7(at, bits)
    repository.add(connection, applicant_id, fields, at, known.id if known is not None else None)
    return applicant_id
