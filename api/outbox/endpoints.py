"""Messages that leave the office: the queue, one message, what people do with it, how people are told."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection

from api.agencies.schemas import OfficialId
from api.deps import Administrator, AgencyCode, Call, DeskOfficial
from api.outbox.schemas import (
    ContactRead,
    ContactUpdate,
    LettersDone,
    LettersPosted,
    MessageCancel,
    MessageRetry,
    OutboxCounts,
)
from api.paging import Cursor, ListRead, PageRead, Size, paged
from dossiers.outbox.models import OutboxState
from dossiers.people import contacts
from dossiers.people.contacts import Contact
from workflows.deliveries import handling
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.channels.setting_up import WaysOut, ways_out
from workflows.engine.effects import Topic
from workflows.views import outbox
from workflows.views.outbox import LetterToPost, MessageLine, MessageRead, Narrow

router = APIRouter(tags=["outbox"])

MessageId = Annotated[UUID, Path(alias="message", description="Mã số của thư")]
Agency = Annotated[AgencyCode | None, Query(description="Cơ quan gửi, gồm cả các đơn vị bên dưới")]


def ways_of(call: Call) -> WaysOut:
    """The ways out of this installation."""
    return ways_out(call.settings)


@router.get("/outbox", summary="Thư, tin gửi đi")
def list_messages(
    request: Request,
    response: Response,
    call: Administrator,
    state: Annotated[OutboxState | None, Query(description="Bỏ trống: mọi thư chưa xong")] = None,
    topic: Annotated[Topic | None, Query(description="Việc được báo")] = None,
    agency: Agency = None,
    dossier: Annotated[str | None, Query(max_length=64, description="Mã hồ sơ")] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> PageRead[MessageLine]:
    """Messages of the own agency and those below it, the newest first."""
    with call.reading() as connection:
        found = call.find(connection, dossier) if dossier else None
        narrow = Narrow(call.sight(connection), agency, state, topic, found)
        page = outbox.queue(call.office, connection, narrow, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/outbox-counts", summary="Số thư, tin chưa xong")
def get_outbox_counts(call: Administrator, agency: Agency = None) -> OutboxCounts:
    """How many messages are not finished, by state."""
    with call.reading() as connection:
        found = outbox.counts(call.office, connection, Narrow(call.sight(connection), agency))
    return OutboxCounts(**{state.value: many for state, many in found.items()})


@router.get("/outbox-letters", summary="Thư chờ in, gửi bưu chính")
def list_letters_to_post(call: Administrator, agency: Agency = None) -> ListRead[LetterToPost]:
    """The letters to be printed and posted, the oldest first, at most 200."""
    with call.reading() as connection:
        narrow = Narrow(call.sight(connection), agency)
        return ListRead(items=outbox.letters(call.office, connection, narrow, ways_of(call), call.at))


@router.post("/outbox-letters/posted", summary="Ghi thư đã gửi bưu chính")
def post_letters(done: LettersPosted, call: Administrator) -> LettersDone:
    """Take letters off the list; one that is no longer on it is passed over."""
    with call.writing() as connection:
        sight = call.sight(connection)
        for each in done.messages:
            outbox.row_in_sight(connection, each, sight)
        return LettersDone(posted=handling.posted(connection, done.messages, by=call.actor.id, at=call.at))


@router.get("/outbox/{message}", summary="Một thư, tin")
def get_message(message: MessageId, call: Administrator) -> MessageRead:
    """One message, how it reads, and everything that was done with it."""
    with call.reading() as connection:
        return _read(call, connection, message)


@router.post("/outbox/{message}/retry", summary="Gửi lại")
def retry_message(message: MessageId, wanted: MessageRetry, call: Administrator) -> MessageRead:
    """Send a message anew, by another way or to another address where one is named."""
    with call.writing() as connection:
        row = outbox.row_in_sight(connection, message, call.sight(connection))
        if wanted.email or wanted.phone:
            may_readdress(call, connection, row.recipient)
        handling.retry(
            connection,
            message,
            by=call.actor.id,
            at=call.at,
            channel=ChannelName(wanted.channel) if wanted.channel else None,
            email=wanted.email,
            phone=wanted.phone,
        )
        return _read(call, connection, message)


def may_readdress(call: Call, connection: Connection, recipient: str) -> None:
    """An official's address is kept by who administers that official, wherever the message came from.

    Raises ``NotAllowed`` (``official_out_of_reach``).
    """
    kind, _, official = recipient.partition(":")
    if kind == "official":
        call.administers_official(connection, official)


@router.post("/outbox/{message}/cancel", summary="Huỷ, không gửi nữa")
def cancel_message(message: MessageId, said: MessageCancel, call: Administrator) -> MessageRead:
    """Let a message not be sent, and say why."""
    with call.writing() as connection:
        outbox.row_in_sight(connection, message, call.sight(connection))
        handling.cancel(connection, message, said.reason, by=call.actor.id, at=call.at)
        return _read(call, connection, message)


@router.get("/applicants/{id}/contact", summary="Cách báo tin cho người nộp")
def get_applicant_contact(id: UUID, call: DeskOfficial) -> ContactRead:
    """How an applicant is told: as wished, else as declared."""
    with call.reading() as connection:
        return _contact(contacts.of_applicant(connection, id))


@router.put("/applicants/{id}/contact", summary="Đổi cách báo tin cho người nộp")
def put_applicant_contact(id: UUID, wanted: ContactUpdate, call: DeskOfficial) -> ContactRead:
    """Keep how an applicant wishes to be told; the dossiers keep what was declared."""
    with call.writing() as connection:
        contacts.of_applicant(connection, id)
        contacts.wish(
            connection,
            f"applicant:{id}",
            by=call.actor.id,
            at=call.at,
            **wanted.model_dump(exclude_unset=True),
        )
        return _contact(contacts.of_applicant(connection, id))


@router.put("/officials/{official}/contact", summary="Đổi cách báo tin cho công chức")
def put_official_contact(official: OfficialId, wanted: ContactUpdate, call: Administrator) -> ContactRead:
    """Keep where an official is told; without an address, only on the pages."""
    with call.writing() as connection:
        name = call.office.reference(connection).directory.official(official).name
        contacts.wish(
            connection,
            f"official:{official}",
            by=call.actor.id,
            at=call.at,
            **wanted.model_dump(exclude_unset=True),
        )
        return _contact(contacts.of_official(connection, official, name))


def _contact(contact: Contact) -> ContactRead:
    return ContactRead.model_validate(
        {name: getattr(contact, name) for name in ("channel", "language", "email", "phone")}
    )


def _read(call: Call, connection: Connection, message: UUID) -> MessageRead:
    return outbox.message(call.office, connection, message, ways_of(call), call.sight(connection), call.at)
