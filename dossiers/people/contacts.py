"""How people wish to be told things: the channel they prefer, and addresses other than those declared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from dossiers.core.tables import require_fitting, table_of
from dossiers.people import repository
from dossiers.people.models import ContactRow
from dossiers.people.service import plain_phone

_CONTACTS = table_of(ContactRow)
LANGUAGES = ("vi", "en")
CHANNELS = ("", "email", "sms", "zalo", "letter")

_MOST_EARLIER = 20
"""How many earlier records of an applicant are looked through for what they wished."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody is reached. ``address`` is where a letter goes."""

    name: str = ""
    channel: str = ""
    language: str = "vi"
    phone: str = ""
    email: str = ""
    address: str = ""


def of_applicant(connection: Connection, applicant_id: UUID) -> Contact:
    """Where an applicant is reached: as wished, else as declared.

    A wish belongs to the person: the records this one supersedes are looked through as well. Raises
    ``NotFound`` (``applicant_unknown``).
    """
    row = repository.get(connection, applicant_id)
    wish, earlier = _wish(connection, f"applicant:{applicant_id}"), row
    for _ in range(_MOST_EARLIER):
        if wish is not None or earlier.supersedes is None:
            break
        earlier = repository.get(connection, earlier.supersedes)
        wish = _wish(connection, f"applicant:{earlier.id}")
    return Contact(
        name=row.name,
        channel=wish.channel if wish else "",
        language=wish.language if wish else "vi",
        phone=(wish.phone if wish else "") or _usable(readable_phone, row.phone),
        email=(wish.email if wish else "") or _usable(readable_email, row.email),
        address=row.address,
    )


def of_official(connection: Connection, official: str, name: str) -> Contact:
    """Where an official is reached; nowhere but on the pages when nobody said."""
    wish = _wish(connection, f"official:{official}")
    if wish is None:
        return Contact(name=name)
    return Contact(name, wish.channel, wish.language, wish.phone, wish.email)


def wish(connection: Connection, recipient: str, *, by: str, at: datetime, **fields: str | None) -> None:
    """Keep what somebody wishes: ``channel``, ``language``, ``phone``, ``email``; None leaves it as it is.

    Raises ``BadInput`` (``email_unreadable``, ``phone_unreadable``, ``contact_unreadable``).
    """
    said = {name: value.strip() for name, value in fields.items() if value is not None}
    if "phone" in said:
        said["phone"] = readable_phone(said["phone"])
    if "email" in said:
        said["email"] = readable_email(said["email"])
    if said.get("language", "vi") not in LANGUAGES or said.get("channel", "") not in CHANNELS:
        raise BadInput(
            "Cách báo tin hoặc ngôn ngữ không thuộc các giá trị được dùng.",
            code="contact_unreadable",
            where="channel",
            hint=Said(
                "Cách báo tin: {channels}; ngôn ngữ: {languages}.",
                channels=", ".join(CHANNELS[1:]),
                languages=", ".join(LANGUAGES),
            ),
        )
    require_fitting(ContactRow, said)
    known = _wish(connection, recipient)
    kept = {name: getattr(known, name) for name in ("channel", "language", "phone", "email")} if known else {}
    values: dict[str, Any] = {"channel": "", "language": "vi", "phone": "", "email": "", **kept, **said}
    values |= {"changed_at": at, "changed_by": by}
    into = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        into(_CONTACTS)
        .values(recipient=recipient, **values)
        .on_conflict_do_update(index_elements=["recipient"], set_=values)
    )


_EMAIL = re.compile(
    r"(?=.{3,254}$)(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
    re.ASCII,
)
"""Words between dots, one at sign, and the name of a host (RFC 5321, without quoting)."""


def readable_email(text: str) -> str:
    """An address mail can be sent to, or nothing; ``BadInput`` (``email_unreadable``)."""
    if not text or (_EMAIL.fullmatch(text) and "=?" not in text):
        return text
    raise BadInput(
        "Địa chỉ thư điện tử chưa đúng.",
        code="email_unreadable",
        where="email",
        hint="Ví dụ: nguyen.dan@example.vn",
    )


def readable_phone(text: str) -> str:
    """A number that can be dialled, or nothing; ``BadInput`` (``phone_unreadable``)."""
    phone = plain_phone(text)
    if not phone or (phone.isascii() and phone.isdigit() and 8 <= len(phone) <= 15):
        return phone
    raise BadInput(
        "Số điện thoại chưa đúng.", code="phone_unreadable", where="phone", hint="Ví dụ: 0912 345 678"
    )


def _usable(readable: Callable[[str], str], declared: str) -> str:
    """An address as somebody declared it; nothing when nobody can be reached by it."""
    try:
        return readable(declared.strip())
    except BadInput:
        return ""


def _wish(connection: Connection, recipient: str) -> Any | None:
    return connection.execute(select(_CONTACTS).where(_CONTACTS.c.recipient == recipient)).one_or_none()
