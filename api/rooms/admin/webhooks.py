"""Webhooks: which systems are told of events; made, changed, turned off and on, given another secret."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.deps import Administrator, Call
from api.web.forms import Form, Posted
from api.web.pages import go, show
from api.webhooks.endpoints import row_in_sight, rows_in_sight
from dossiers.core.errors import MotcuaError
from dossiers.core.said import Said
from workflows.deliveries import subscribing
from workflows.deliveries.channels.setting_up import webhook_channel

router = APIRouter(prefix="/admin/webhooks")

WebhookId = Annotated[UUID, Path(alias="webhook")]

SUBJECTS = {
    "dossier": "hồ sơ: tiếp nhận, xong, trả, dừng",
    "files": "tệp đính kèm thêm",
    "file": "tệp gỡ bỏ",
    "step": "bước: mở, nhận xử lý, xong",
    "join": "các nhánh gặp nhau",
    "batch": "bước nhiều cơ quan cùng làm",
    "case": "thông tin làm rẽ quy trình",
    "handoff": "bàn giao: gửi, nhận, trả lại",
    "opinion": "ý kiến cơ quan phối hợp",
    "supplement": "bổ sung hồ sơ",
    "payment": "nghĩa vụ tài chính",
    "member": "hồ sơ thành phần",
    "clock": "đồng hồ thời gian",
    "promise": "lịch hẹn",
    "lateness": "chia phần trễ",
    "alert": "cảnh báo",
    "apology": "thư xin lỗi",
    "fault": "sổ trách nhiệm",
}
"""What events are about, as the form offers it."""


@router.get("", name="admin_webhooks")
def get_webhooks(request: Request, call: Administrator) -> Response:
    """The subscriptions, and the form of a new one."""
    return _page(request, call)


@router.post("", name="admin_webhook_add")
def post_webhook(request: Request, call: Administrator, form: Posted) -> Response:
    """A new subscription; its secret is shown this once."""
    try:
        with call.writing() as connection:
            agency = form["agency"] or call.actor.agency or ""
            call.administers(connection, agency)
            _, secret = subscribing.subscribe(
                connection,
                webhook_channel(call.settings),
                form["url"],
                agency=agency,
                kinds=form.all("kind"),
                by=call.actor.id,
                at=call.at,
            )
    except MotcuaError as error:
        return _page(request, call, form=form, error=error)
    return _secret(request, call, form["url"], secret)


@router.get("/{webhook}", name="admin_webhook")
def get_webhook(request: Request, webhook: WebhookId, call: Administrator) -> Response:
    """One subscription, to be changed."""
    return _one(request, call, webhook)


@router.post("/{webhook}", name="admin_webhook_change")
def post_change(request: Request, webhook: WebhookId, call: Administrator, form: Posted) -> Response:
    """Its address, kinds, and whether it is on."""
    try:
        with call.writing() as connection:
            row = row_in_sight(connection, webhook, call)
            single = [kind for kind in row.kinds.split() if not kind.endswith(":*")]
            subscribing.change(
                connection,
                webhook_channel(call.settings),
                webhook,
                by=call.actor.id,
                at=call.at,
                url=form["url"],
                kinds=[*form.all("kind"), *(kind for kind in single if kind in form.all("single"))],
                active=form["active"] == "on",
            )
    except MotcuaError as error:
        return _one(request, call, webhook, form=form, error=error)
    return go("/admin/webhooks", note=Said("Đã lưu nơi nhận webhook."))


@router.post("/{webhook}/secret", name="admin_webhook_secret")
def post_secret(request: Request, webhook: WebhookId, call: Administrator, _form: Posted) -> Response:
    """Another secret, shown this once."""
    with call.writing() as connection:
        url = row_in_sight(connection, webhook, call).url
        secret = subscribing.renew_secret(connection, webhook, by=call.actor.id, at=call.at)
    return _secret(request, call, url, secret)


def _secret(request: Request, call: Call, url: str, secret: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return show(request, "admin/webhook_secret.html", call, headers=headers, url=url, secret=secret)


def _page(
    request: Request, call: Call, *, form: Form | None = None, error: MotcuaError | None = None
) -> Response:
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        rows = [(row, directory.name(row.agency)) for row in rows_in_sight(connection, call)]
    return show(
        request,
        "admin/webhooks.html",
        call,
        status=error.status if error else 200,
        webhooks=rows,
        subjects=SUBJECTS,
        values={name: form[name] if form else "" for name in ("url", "agency")},
        chosen=form.all("kind") if form else [],
        error=error,
        errors=_errors(error),
    )


def _one(
    request: Request,
    call: Call,
    webhook: UUID,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        row = row_in_sight(connection, webhook, call)
        agency = call.office.reference(connection).directory.name(row.agency)
    return show(
        request,
        "admin/webhook.html",
        call,
        status=error.status if error else 200,
        webhook=row,
        agency=agency,
        subjects=SUBJECTS,
        url=form["url"] if form else row.url,
        chosen=form.all("kind") if form else row.kinds.split(),
        single=[kind for kind in row.kinds.split() if not kind.endswith(":*")],
        active=form["active"] == "on" if form else row.active,
        error=error,
        errors=_errors(error),
    )


def _errors(error: MotcuaError | None) -> dict[str, str]:
    if error is None:
        return {}
    return {"agency" if error.code.startswith("agency_") else error.where: error.message}
