"""Carrying a command out in one transaction, once per idempotency key, or trying it and leaving no trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from api.deps import Call
from api.dossiers.schemas import ReceiptRead
from dossiers.core.canonical import sha256_hex
from dossiers.core.errors import BadInput, Conflict, MotcuaError
from dossiers.history import repository as history
from workflows import service
from workflows.commands import Command, Register
from workflows.views.models import StatusRead
from workflows.views.words import tell

_ETAG = re.compile(r'"(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Manner:
    """How a command is to be carried out."""

    key: str | None = None
    expected_seq: int | None = None
    dry_run: bool = False
    then: Callable[[Connection, UUID], None] | None = None
    """What belongs to the same act, done in its transaction, once."""


class _Undone(Exception):
    """Leaves the transaction with what would have been done."""

    def __init__(self, receipt: ReceiptRead) -> None:
        self.receipt = receipt


async def expected_seq(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=40,
            description='ETag đã xem, ví dụ "12": từ chối (412) nếu hồ sơ đã thay đổi từ lúc ấy',
        ),
    ] = None,
) -> int | None:
    """The number of the last event the caller saw, by ``If-Match``; None when anything will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise BadInput(
            "Tiêu đề If-Match không đọc được.",
            code="if_match_unreadable",
            where="If-Match",
            hint='Gửi lại đúng ETag của hồ sơ, kèm dấu ngoặc kép, ví dụ "12".',
        )
    return int(found[1])


ExpectedSeq = Annotated[int | None, Depends(expected_seq)]


def carry_out(call: Call, command: Command, manner: Manner, code: str | None = None) -> ReceiptRead:
    """Register, or act on the dossier with this code.

    Two requests with one key that arrive together may meet: the one that comes second is then answered with
    the receipt of the first.
    """
    if manner.dry_run:
        return _try_out(call, command, manner, code)
    key = scoped_key(call, manner.key)
    try:
        with call.writing() as connection:
            return _do(call, connection, command, code, key, manner)
    except (IntegrityError, MotcuaError):
        if key is None or not _done_meanwhile(call, key):
            raise
    with call.writing() as connection:
        return _do(call, connection, command, code, key, manner)


def scoped_key(call: Call, key: str | None) -> str | None:
    """The key as it is kept: of this official only, so that nobody meets another's."""
    if key is None:
        return None
    service.require_usable_key(key)
    return sha256_hex(f"{call.actor.label}\n{key}")


def _try_out(call: Call, command: Command, manner: Manner, code: str | None) -> ReceiptRead:
    try:
        with call.writing() as connection:
            raise _Undone(_do(call, connection, command, code, None, manner))
    except _Undone as undone:
        return undone.receipt


def _do(
    call: Call, connection: Connection, command: Command, code: str | None, key: str | None, manner: Manner
) -> ReceiptRead:
    try:
        if isinstance(command, Register):
            receipt = service.register(call.office, connection, command, call.actor, call.at, key=key)
        else:
            receipt = service.execute(
                call.office,
                connection,
                call.find(connection, code or ""),
                command,
                call.actor,
                call.at,
                key=key,
                expected_seq=manner.expected_seq,
            )
    except Conflict as error:
        if error.code == "idempotency_key_reused":
            error.where = "Idempotency-Key"
        raise
    if manner.then is not None and not receipt.repeated:
        manner.then(connection, receipt.dossier_id)
    told = tell(
        call.office,
        connection,
        receipt.dossier_id,
        first_seq=receipt.first_seq,
        last_seq=receipt.last_seq,
    )
    return ReceiptRead(
        code=receipt.code,
        first_seq=receipt.first_seq,
        last_seq=receipt.last_seq,
        status=StatusRead(code=told.status, name=told.status.label),
        events=told.events,
        repeated=receipt.repeated,
        dry_run=manner.dry_run,
    )


def _done_meanwhile(call: Call, key: str) -> bool:
    with call.reading() as connection:
        return history.command_under(connection, key) is not None
