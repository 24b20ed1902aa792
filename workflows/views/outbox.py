"""The outbox shown: the queue with its counts, one message with its words and what was tried, the letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.core.errors import MotcuaError
from dossiers.outbox import repository as outbox
from dossiers.outbox.models import OutboxState
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.owing import WEBHOOK
from workflows.deliveries.preparing import Prepared, make_ready, prepare
from workflows.deliveries.topics import topic_rules
from workflows.engine.effects import Topic
from workflows.office import Office
from workflows.views.models import Named
from workflows.views.paging import Page, read_cursor, write_cursor
from workflows.views.sight import EVERYTHING, Sight, seen

UNFINISHED = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.TO_PRINT, OutboxState.DEAD)
MOST_LETTERS = 200


class MessageLine(BaseModel):
    """A message of the queue, without anything about the person."""

    id: UUID
    dossier: str = Field(description="Mã hồ sơ")
    topic: Named = Field(description="Việc được báo")
    recipient: str = Field(description="citizen, official, system: báo cho ai")
    agency: Named = Field(description="Cơ quan gửi")
    state: OutboxState
    channel: ChannelName | None = Field(description="Cách gửi đã dùng gần nhất")
    created_at: datetime
    next_at: datetime | None = Field(description="Lúc thử tiếp theo, khi còn chờ")
    attempts: int = Field(description="Số lần đã thử")
    error: str = Field(description="Lần thử gần nhất hỏng vì sao, hoặc lý do huỷ")


class AttemptRead(BaseModel):
    """One thing that was done with a message: its proof."""

    no: int
    at: datetime
    outcome: str
    channel: ChannelName | None
    address: str = Field(description="Đã che bớt")
    answer: str
    message_id: str
    sha256: str = Field(description="Mã băm của nội dung đã gửi")
    official: Named | None = Field(description="Ai làm; không có khi máy tự làm")


class PreviewRead(BaseModel):
    """The message as it would leave now."""

    channel: ChannelName
    address: str = Field(description="Đã che bớt")
    language: str
    subject: str
    text: str
    allowed_at: datetime = Field(description="Được gửi từ lúc nào")
    overtaken: bool = Field(description="Việc đã khác nên không báo nữa")


class MessageRead(MessageLine):
    """One message, what was done with it, and how it reads."""

    may_change_address: bool
    basis: str
    done: list[AttemptRead]
    preview: PreviewRead | None = Field(description="Không có khi không dựng được nội dung")


class LetterToPost(BaseModel):
    """A letter of the list: where it goes and what it says."""

    id: UUID
    dossier: str
    to: str
    address: str
    subject: str
    text: str
    apology: int | None = Field(description="Số thư xin lỗi phải in kèm (mẫu 04)")


@dataclass(frozen=True, slots=True)
class Narrow:
    """What the queue is narrowed to; ``agency`` takes in all below it."""

    sight: Sight
    agency: str | None = None
    state: OutboxState | None = None
    topic: Topic | None = None
    dossier: UUID | None = None


def queue(
    office: Office, connection: Connection, narrow: Narrow, *, cursor: str | None = None, size: int = 50
) -> Page[MessageLine]:
    """Messages, the newest first; without a state, those that are not finished.

    Raises ``NotAllowed`` (``agency_out_of_sight``), ``BadInput`` (``cursor_unreadable``).
    """
    place = read_cursor(cursor)
    states = [narrow.state] if narrow.state else None if narrow.dossier else list(UNFINISHED)
    rows = outbox.listed(
        connection,
        agencies=_agencies(office, connection, narrow),
        states=states,
        topic=narrow.topic,
        dossier_id=narrow.dossier,
        before=place[1] if place else None,
        most=size + 1,
    )
    codes = seen(connection, {row.dossier_id for row in rows}, EVERYTHING)
    items = [MessageLine(**_line(office, connection, row, codes)) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.created_at, last.id) if last is not None else None)


def counts(office: Office, connection: Connection, narrow: Narrow) -> dict[OutboxState, int]:
    """How many messages are not finished, by state."""
    known = outbox.counts(connection, agencies=_agencies(office, connection, narrow))
    return {state: known.get(state.value, 0) for state in UNFINISHED}


def row_in_sight(connection: Connection, outbox_id: UUID, sight: Sight) -> Any:
    """The message, if its agency is in sight; ``NotFound`` (``message_unknown``) otherwise."""
    row = outbox.get(connection, outbox_id)
    if not sight.sees((row.agency,)):
        raise outbox.unknown(outbox_id)
    return row


def message(
    office: Office, connection: Connection, outbox_id: UUID, ways: WaysOut, sight: Sight, at: datetime
) -> MessageRead:
    """One message whole. Raises ``NotFound`` (``message_unknown``)."""
    row = row_in_sight(connection, outbox_id, sight)
    directory = office.reference(connection).directory
    done = [
        AttemptRead(
            **{name: getattr(each, name) for name in _AS_THEY_ARE},
            official=Named(code=each.official, name=directory.official_name(each.official))
            if each.official
            else None,
        )
        for each in outbox.attempts(connection, outbox_id)
    ]
    return MessageRead(
        **_line(office, connection, row, seen(connection, [row.dossier_id], EVERYTHING)),
        may_change_address=row.recipient.startswith(("applicant:", "official:")),
        basis="" if row.topic == WEBHOOK else topic_rules()[Topic(row.topic)].basis,
        done=done,
        preview=_preview(office, connection, row, ways, at),
    )


def letters(
    office: Office, connection: Connection, narrow: Narrow, ways: WaysOut, at: datetime
) -> list[LetterToPost]:
    """The letters to be printed and posted, the oldest first."""
    rows = outbox.listed(
        connection,
        agencies=_agencies(office, connection, narrow),
        states=[OutboxState.TO_PRINT],
        dossier_id=narrow.dossier,
        most=MOST_LETTERS,
    )
    found = []
    for row in reversed(rows):
        ready = _as_letter(office, connection, row, ways, at)
        found.append(
            LetterToPost(
                id=row.id,
                dossier=ready.case.then.code,
                to=ready.contact.name,
                address=ready.contact.address,
                subject=ready.text.subject,
                text=ready.text.body,
                apology=ready.case.payload["no"] if ready.case.topic is Topic.APOLOGY else None,
            )
        )
    return found


def _as_letter(office: Office, connection: Connection, row: Any, ways: WaysOut, at: datetime) -> Prepared:
    """A letter stays a letter though other ways were set up since."""
    printed = WaysOut({}, ways.public_url, ways.quiet_from, ways.quiet_until)
    return prepare(office, connection, row, printed, at)


_AS_THEY_ARE = ("no", "at", "outcome", "channel", "address", "answer", "message_id", "sha256")


def _preview(
    office: Office, connection: Connection, row: Any, ways: WaysOut, at: datetime
) -> PreviewRead | None:
    try:
        ready = make_ready(office, connection, row, ways, at)
    except MotcuaError:
        return None
    return PreviewRead(
        channel=ready.channel,
        address=ready.shown_address,
        language=ready.language,
        subject=ready.text.subject,
        text=ready.text.body,
        allowed_at=ready.allowed_at,
        overtaken=ready.overtaken,
    )


def _agencies(office: Office, connection: Connection, narrow: Narrow) -> Any:
    if narrow.agency is not None:
        return narrow.sight.below(office.reference(connection).directory, narrow.agency)
    return narrow.sight.agencies


def _line(office: Office, connection: Connection, row: Any, codes: dict[UUID, str]) -> dict[str, Any]:
    directory = office.reference(connection).directory
    rule = None if row.topic == WEBHOOK else topic_rules()[Topic(row.topic)]
    waits = row.state in (OutboxState.WAITING, OutboxState.SENDING)
    return {
        "id": row.id,
        "dossier": codes.get(row.dossier_id, ""),
        "topic": Named(code=row.topic, name=rule.vi if rule else "Sự kiện gửi phần mềm khác"),
        "recipient": rule.audience if rule else "system",
        "agency": Named(code=row.agency, name=directory.name(row.agency)),
        "state": OutboxState(row.state),
        "channel": row.channel,
        "created_at": row.created_at,
        "next_at": row.next_at if waits else None,
        "attempts": row.attempts,
        "error": row.error,
    }
