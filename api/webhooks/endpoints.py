"""Webhooks, for administrators: listed, made, changed, given another secret."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from sqlalchemy import Connection

from api.deps import Administrator, Call
from api.paging import ListRead
from api.webhooks.schemas import WebhookCreate, WebhookGiven, WebhookRead, WebhookUpdate
from dossiers.outbox import webhooks
from workflows.deliveries import subscribing
from workflows.deliveries.channels.setting_up import webhook_channel

router = APIRouter(prefix="/webhooks", tags=["outbox"])

WebhookId = Annotated[UUID, Path(alias="webhook", description="Mã số của nơi nhận")]


def row_in_sight(connection: Connection, webhook: UUID, call: Call) -> Any:
    """The subscription, if its agency is in sight; ``NotFound`` (``webhook_unknown``) otherwise."""
    row = webhooks.get(connection, webhook)
    if not call.sight(connection).sees((row.agency,)):
        raise webhooks.unknown(webhook)
    return row


def rows_in_sight(connection: Connection, call: Call) -> list[Any]:
    """The subscriptions of the caller's agency and those below it, the newest first."""
    sight = call.sight(connection)
    return [row for row in webhooks.listed(connection) if sight.sees((row.agency,))]


@router.get("", summary="Các nơi nhận webhook")
def list_webhooks(call: Administrator) -> ListRead[WebhookRead]:
    """Subscriptions of the caller's agency and those below it, the newest first."""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        return ListRead(items=[WebhookRead.of(row, directory) for row in rows_in_sight(connection, call)])


@router.post("", status_code=201, summary="Thêm nơi nhận webhook")
def create_webhook(wanted: WebhookCreate, call: Administrator, response: Response) -> WebhookGiven:
    """Tell another system of events from now on. The secret is answered here and never again."""
    with call.writing() as connection:
        agency = wanted.agency or call.actor.agency or ""
        call.administers(connection, agency)
        webhook, secret = subscribing.subscribe(
            connection,
            webhook_channel(call.settings),
            wanted.url,
            agency=agency,
            kinds=wanted.kinds,
            by=call.actor.id,
            at=call.at,
        )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/api/v1/webhooks/{webhook}"
    return WebhookGiven(id=webhook, secret=secret)


@router.get("/{webhook}", summary="Một nơi nhận webhook")
def get_webhook(webhook: WebhookId, call: Administrator) -> WebhookRead:
    """One subscription."""
    with call.reading() as connection:
        return _read(connection, webhook, call)


@router.patch("/{webhook}", summary="Đổi, tắt, bật nơi nhận webhook")
def change_webhook(webhook: WebhookId, wanted: WebhookUpdate, call: Administrator) -> WebhookRead:
    """Change a subscription. Turned off, what waits is cancelled."""
    with call.writing() as connection:
        row_in_sight(connection, webhook, call)
        subscribing.change(
            connection,
            webhook_channel(call.settings),
            webhook,
            by=call.actor.id,
            at=call.at,
            url=wanted.url,
            kinds=wanted.kinds,
            active=wanted.active,
        )
        return _read(connection, webhook, call)


@router.post("/{webhook}/secret", summary="Cấp khoá mới cho nơi nhận webhook")
def renew_webhook_secret(webhook: WebhookId, call: Administrator, response: Response) -> WebhookGiven:
    """Another secret, with which everything is signed from now on."""
    with call.writing() as connection:
        row_in_sight(connection, webhook, call)
        secret = subscribing.renew_secret(connection, webhook, by=call.actor.id, at=call.at)
    response.headers["Cache-Control"] = "no-store"
    return WebhookGiven(id=webhook, secret=secret)


def _read(connection: Connection, webhook: UUID, call: Call) -> WebhookRead:
    row = row_in_sight(connection, webhook, call)
    return WebhookRead.of(row, call.office.reference(connection).directory)
