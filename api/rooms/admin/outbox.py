"""Messages that leave the office: the queue, one message, the letters to print and post."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.deps import Administrator, AgencyCode, Call
from api.outbox.endpoints import may_readdress, ways_of
from api.paging import Cursor
from api.web.forms import Form, Posted
from api.web.pages import go, show
from api.web.shown import number
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said
from dossiers.outbox.models import OutboxState
from workflows.deliveries import handling
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.preparing import SENT
from workflows.engine.effects import Topic
from workflows.views import outbox
from workflows.views.outbox import Narrow

router = APIRouter(prefix="/admin/outbox")

MessageId = Annotated[UUID, Path(alias="message")]

CHANNELS = (ChannelName.EMAIL, ChannelName.SMS, ChannelName.ZALO, ChannelName.LETTER)
TONES = {
    OutboxState.WAITING: "wait",
    OutboxState.SENDING: "info",
    OutboxState.TO_PRINT: "warn",
    OutboxState.DEAD: "bad",
    OutboxState.DONE: "good",
    OutboxState.CANCELLED: "quiet",
}
TABS = {
    OutboxState.WAITING: "Chờ gửi",
    OutboxState.SENDING: "Đang gửi",
    OutboxState.TO_PRINT: "Phải in",
    OutboxState.DEAD: "Không gửi được",
    OutboxState.DONE: "Đã gửi",
    OutboxState.CANCELLED: "Đã huỷ",
}
OUTCOMES = {
    "accepted": "nơi nhận đã nhận",
    "failed": "chưa gửi được, sẽ thử lại",
    "refused": "nơi nhận từ chối",
    "listed": "đưa vào danh sách in",
    "posted": "đã gửi bưu chính",
    "shown": "hiện trên các trang làm việc",
    "overtaken": "việc đã khác nên không báo nữa",
    "cancelled": "huỷ",
    "anew": "cho gửi lại",
}


@router.get("", name="admin_outbox")
def get_queue(
    request: Request,
    call: Administrator,
    state: Annotated[OutboxState | None, Query()] = None,
    topic: Annotated[Topic | None, Query()] = None,
    under: Annotated[AgencyCode | None, Query()] = None,
    q: Annotated[str, Query(max_length=64)] = "",
    cursor: Cursor = None,
) -> Response:
    """The queue, filtered."""
    error, page = None, None
    with call.reading() as connection:
        sight = call.sight(connection)
        try:
            dossier = call.find(connection, q) if q.strip() else None
            narrow = Narrow(sight, under, state, topic, dossier)
            page = outbox.queue(call.office, connection, narrow, cursor=cursor)
        except MotcuaError as refusal:
            error = refusal
        counts = outbox.counts(call.office, connection, Narrow(sight, None if error else under))
    following = None
    if page is not None and page.next_cursor:
        following = f"?{request.url.include_query_params(cursor=page.next_cursor).query}"
    return show(
        request,
        "admin/outbox.html",
        call,
        status=error.status if error else 200,
        items=page.items if page else [],
        next=following,
        first="/admin/outbox" if cursor else None,
        tabs=[
            ("Chưa xong", "/admin/outbox", sum(counts.values()), state is None),
            *(
                (TABS[each], f"/admin/outbox?state={each.value}", counts.get(each), each is state)
                for each in OutboxState
            ),
        ],
        state=state,
        q=q,
        tones=TONES,
        is_set_up=not ways_of(call).channels.keys().isdisjoint(SENT),
        error=error,
    )


@router.get("/letters", name="admin_outbox_letters")
def get_letters(
    request: Request, call: Administrator, under: Annotated[AgencyCode | None, Query()] = None
) -> Response:
    """The letters to print, each on a page of its own."""
    with call.reading() as connection:
        narrow = Narrow(call.sight(connection), under)
        letters = outbox.letters(call.office, connection, narrow, ways_of(call), call.at)
    return show(request, "admin/outbox_letters.html", call, letters=letters, most=outbox.MOST_LETTERS)


@router.post("/letters", name="admin_outbox_post")
def post_letters(call: Administrator, form: Posted) -> Response:
    """The letters that were ticked were posted."""
    ids = [UUID(each) for each in form.all("message") if _is_id(each)]
    with call.writing() as connection:
        sight = call.sight(connection)
        for each in ids:
            outbox.row_in_sight(connection, each, sight)
        many = handling.posted(connection, ids, by=call.actor.id, at=call.at)
    return go("/admin/outbox/letters", note=Said("Đã ghi {many} thư gửi bưu chính.", many=number(many)))


@router.get("/{message}", name="admin_outbox_message")
def get_message(request: Request, message: MessageId, call: Administrator) -> Response:
    """One message."""
    return _page(request, call, message)


@router.post("/{message}/retry", name="admin_outbox_retry")
def post_retry(request: Request, message: MessageId, call: Administrator, form: Posted) -> Response:
    """Send it anew."""
    try:
        with call.writing() as connection:
            row = outbox.row_in_sight(connection, message, call.sight(connection))
            if form["email"] or form["phone"]:
                may_readdress(call, connection, row.recipient)
            handling.retry(
                connection,
                message,
                by=call.actor.id,
                at=call.at,
                channel=next((each for each in CHANNELS if each.value == form["channel"]), None),
                email=form["email"] or None,
                phone=form["phone"] or None,
            )
    except MotcuaError as error:
        return _page(request, call, message, form=form, error=error)
    return go(f"/admin/outbox/{message}", note=Said("Đã xếp lại vào hàng chờ."))


@router.post("/{message}/cancel", name="admin_outbox_cancel")
def post_cancel(request: Request, message: MessageId, call: Administrator, form: Posted) -> Response:
    """Do not send it."""
    try:
        with call.writing() as connection:
            outbox.row_in_sight(connection, message, call.sight(connection))
            handling.cancel(connection, message, form["reason"], by=call.actor.id, at=call.at)
    except MotcuaError as error:
        return _page(request, call, message, form=form, error=error)
    return go(f"/admin/outbox/{message}", note=Said("Đã huỷ, không gửi nữa."))


def _page(
    request: Request,
    call: Call,
    message: UUID,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        read = outbox.message(
            call.office, connection, message, ways_of(call), call.sight(connection), call.at
        )
    fields = ("channel", "email", "phone", "reason")
    return show(
        request,
        "admin/outbox_message.html",
        call,
        status=error.status if error else 200,
        message=read,
        channels=CHANNELS,
        tones=TONES,
        outcomes=OUTCOMES,
        may_act=read.state in (OutboxState.WAITING, OutboxState.DEAD, OutboxState.TO_PRINT),
        may_retry=read.state not in (OutboxState.DONE, OutboxState.SENDING),
        values={name: form[name] if form else "" for name in fields},
        errors={error.where: error.message} if error else {},
        error=error,
    )


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
