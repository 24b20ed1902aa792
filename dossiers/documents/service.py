"""Taking files in: checked by what they are, kept once, and put into a tray until a dossier takes them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import filetype
from sqlalchemy import Connection

from dossiers.core.errors import BadInput, NotFound
from dossiers.core.ids import Bits, uuid7
from dossiers.documents import repository

TYPES: Mapping[str, str] = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/tiff": "TIFF",
}
"""What may be handed in, by content."""

SHOWN_BY_BROWSERS = frozenset(TYPES) - {"image/tiff"}

TRAY_KEEPS = timedelta(days=1)
"""A form left lying that long gives up its files."""

_UNWANTED = re.compile(
    r'[\x00-\x1f\x7f-\x9f"<>:|?*\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]'
)
"""Besides what disks refuse: what is not seen, and what makes ``fdp.exe`` read as ``exe.pdf``."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, with the form it belongs to and the paper it is meant for."""

    name: str
    body: bytes
    tray: str = ""
    paper: str | None = None


def take_in(
    connection: Connection, upload: Upload, *, by: str, at: datetime, bits: Bits, most_bytes: int
) -> UUID:
    """Check a file, keep it and put it into the tray; the id of the attachment.

    Raises ``BadInput``: ``file_empty``, ``file_too_large``, ``file_type_refused``.
    """
    media_type = checked_type(upload, most_bytes)
    digest = hashlib.sha256(upload.body).hexdigest()
    forget_trays(connection, at)
    repository.keep(
        connection,
        {
            "sha256": digest,
            "size": len(upload.body),
            "media_type": media_type,
            "body": upload.body,
            "kept_at": at,
        },
    )
    return _put(connection, digest, upload, None, by, at, bits)


def forget_trays(connection: Connection, at: datetime) -> int:
    """Throw away files that no dossier took; how many."""
    return repository.discard_before(connection, at - TRAY_KEEPS)


def checked_type(upload: Upload, most_bytes: int) -> str:
    """The type of a file by its content, refused when the file cannot be taken in."""
    if not upload.body:
        raise BadInput(f"Tệp “{file_name(upload.name)}” rỗng.", code="file_empty", where="files")
    if len(upload.body) > most_bytes:
        raise BadInput(
            f"Tệp “{file_name(upload.name)}” lớn hơn {most_bytes // 1024 // 1024} MiB.",
            code="file_too_large",
            where="files",
            hint="Quét lại ở độ phân giải 200 dpi, hoặc tách thành nhiều tệp.",
        )
    kind = filetype.guess(upload.body[:8192])
    if kind is None or kind.mime not in TYPES:
        raise BadInput(
            f"Tệp “{file_name(upload.name)}” không thuộc loại được nhận.",
            code="file_type_refused",
            where="files",
            hint="Nhận các loại: " + ", ".join(TYPES.values()) + ". Loại được xét theo nội dung tệp.",
        )
    return str(kind.mime)


def file_name(given: str) -> str:
    """The last part of a name, without what could mislead a disk or a header."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    return _UNWANTED.sub("", last).strip(" .")[-200:] or "tep"


def reuse(
    connection: Connection,
    source: UUID,
    *,
    tray: str,
    paper: str | None,
    by: str,
    at: datetime,
    bits: Bits,
) -> UUID:
    """Offer a file of an earlier dossier again, in a tray; the id of the new attachment.

    Raises ``NotFound`` (``file_unknown``).
    """
    row = existing(connection, source)
    return _put(connection, row.sha256, Upload(row.name, b"", tray, paper), source, by, at, bits)


def existing(connection: Connection, attachment_id: UUID) -> Any:
    """The attachment's row; ``NotFound`` (``file_unknown``) otherwise."""
    row = repository.get(connection, attachment_id)
    if row is None:
        raise NotFound("Không có tệp này.", code="file_unknown", where=str(attachment_id))
    return row


def waiting(connection: Connection, attachment_id: UUID, by: str) -> Any:
    """The row of a file that waits in this person's tray; ``NotFound`` (``file_unknown``) otherwise."""
    row = repository.get(connection, attachment_id)
    if row is None or row.dossier_id is not None or row.uploaded_by != by:
        raise NotFound(
            "Không có tệp này trong các tệp chờ của bạn.",
            code="file_unknown",
            where=str(attachment_id),
            hint="Tệp chờ quá một ngày thì bị xoá; hãy tải lên lại.",
        )
    return row


def first_spoilt(connection: Connection) -> str | None:
    """The hash of the first file whose bytes are no longer what they were; None when all are."""
    for sha256, body in repository.bodies(connection):
        if hashlib.sha256(body).hexdigest() != sha256:
            return sha256
    return None


def _put(
    connection: Connection,
    sha256: str,
    upload: Upload,
    reused_from: UUID | None,
    by: str,
    at: datetime,
    bits: Bits,
) -> UUID:
    attachment_id = uuid7(at, bits)
    repository.add(
        connection,
        {
            "id": attachment_id,
            "sha256": sha256,
            "name": file_name(upload.name),
            "paper": upload.paper,
            "dossier_id": None,
            "tray": upload.tray,
            "reused_from": reused_from,
            "uploaded_at": at,
            "uploaded_by": by,
            "removed_at": None,
        },
    )
    return attachment_id
