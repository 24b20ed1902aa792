"""Files: uploaded one by one into the caller's tray, then attached to a dossier by the command ``attach``."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.deps import Call, Code, DeskOfficial, Official
from api.documents.receiving import ReceivedFile, Tray
from api.paging import ListRead
from dossiers.documents import repository
from dossiers.documents.service import SHOWN_BY_BROWSERS, TYPES, Upload, take_in, waiting
from dossiers.people import repository as people
from workflows.views.files import EarlierFile, FileRead, earlier_files, files_of, open_file, waiting_files

router = APIRouter(tags=["documents"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}}
_BYTES: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys(TYPES, _BINARY)}}
_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@router.post("/files", status_code=201, summary="Tải tệp lên", openapi_extra=_BODY)
def upload_file(received: ReceivedFile, response: Response) -> FileRead:
    """Hand in a file: its bytes are the body. It waits a day for the command ``attach``.

    Its type is judged by its content, and the same bytes are kept only once.
    """
    call = received.call
    file_id = take_upload(call, received.upload)
    response.headers["Location"] = f"/api/v1/files/{file_id}"
    with call.reading() as connection:
        shown = waiting_files(call.office, connection, call.actor, received.upload.tray)
    return next(file for file in shown if file.id == file_id)


@router.get("/files", summary="Tệp chờ đính kèm")
def list_waiting_files(call: Official, tray: Tray = "") -> ListRead[FileRead]:
    """The caller's own files that no dossier has taken yet."""
    with call.reading() as connection:
        return ListRead(items=waiting_files(call.office, connection, call.actor, tray))


@router.get("/files/{id}", summary="Mở một tệp", response_class=Response, responses=_BYTES)
def get_file(
    id: UUID,
    call: Official,
    save: Annotated[bool, Query(description="Tải về thay vì xem trong trình duyệt")] = False,
) -> Response:
    """The bytes of a file, for the agencies that take part in its dossier."""
    with call.reading() as connection:
        row, body = open_file(call.office, connection, id, call.actor)
    return file_response(row, body, save=save)


@router.delete("/files/{id}", status_code=204, summary="Bỏ một tệp chờ đính kèm")
def delete_file(id: UUID, call: Official) -> Response:
    """Throw away a file of the caller's that no dossier has taken."""
    with call.writing() as connection:
        waiting(connection, id, call.actor.label)
        repository.discard(connection, id)
    return Response(status_code=204)


@router.get("/dossiers/{code}/files", summary="Tệp của hồ sơ")
def list_files(code: Code, call: Official) -> ListRead[FileRead]:
    """Every file of a dossier, oldest first, those taken away included."""
    with call.reading() as connection:
        return ListRead(items=files_of(call.office, connection, call.find(connection, code), call.actor))


@router.get("/applicants/{id}/files", summary="Giấy tờ người nộp đã nộp trước đây")
def list_earlier_files(id: UUID, call: DeskOfficial) -> ListRead[EarlierFile]:
    """What the applicant handed in with earlier dossiers, the latest first, each content once."""
    with call.reading() as connection:
        row = people.get(connection, id)
        return ListRead(items=earlier_files(call.office, connection, call.actor, row.id, row.identity_no))


def take_upload(call: Call, upload: Upload) -> UUID:
    """Put a file into the caller's tray."""
    with call.writing() as connection:
        return take_in(
            connection,
            upload,
            by=call.actor.label,
            at=call.at,
            bits=call.office.bits,
            most_bytes=call.settings.file_mebibytes * 1024 * 1024,
        )


def file_response(row: Any, body: bytes, *, save: bool) -> Response:
    """A file as an answer: shown where browsers can, never run, never guessed at."""
    shown = "attachment" if save or row.media_type not in SHOWN_BY_BROWSERS else "inline"
    return Response(
        body,
        media_type=row.media_type,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(row.name)}",
            "Content-Security-Policy": _POLICY,
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "private, no-cache",
        },
    )
