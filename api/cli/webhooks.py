"""``motcua webhook``: other systems that are told of events."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.output import console, print_json, table
from api.cli.session import As, AsJson, At, moment, open_office
from api.webhooks.schemas import WebhookRead
from dossiers.core.settings import settings
from dossiers.outbox import webhooks
from workflows.deliveries import subscribing
from workflows.deliveries.channels.setting_up import webhook_channel

app = typer.Typer(help="Webhook: báo sự kiện cho phần mềm khác.", no_args_is_help=True)

Webhook = Annotated[str, typer.Argument(metavar="MÃ_SỐ")]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Loại sự kiện (dossier:accepted, handoff:*), nhiều lần; mặc định: mọi loại"),
]
_NOBODY = "motcua"


@app.command("list")
def webhook_list(as_json: AsJson = False) -> None:
    """Các nơi nhận, mới nhất trước."""
    office = open_office()
    with office.database.reading() as connection:
        directory = office.reference(connection).directory
        items = [WebhookRead.of(row, directory) for row in webhooks.listed(connection)]
    if as_json:
        print_json(items)
        return
    table(
        "Webhook",
        ["Mã số", "Cơ quan", "Địa chỉ", "Loại sự kiện", "Tình trạng"],
        [
            [
                each.id,
                each.agency.name,
                each.url,
                " ".join(each.kinds) or "mọi loại",
                "đang bật" if each.active else "đã tắt",
            ]
            for each in items
        ],
        empty="chưa có nơi nhận nào.",
    )


@app.command("add")
def webhook_add(
    url: Annotated[str, typer.Argument(metavar="ĐỊA_CHỈ", help="https://…")],
    agency: Annotated[str, typer.Option("--agency", help="Hồ sơ của cơ quan nào, gồm cả bên dưới")],
    kind: Kinds = None,
    by: As = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Thêm một nơi nhận; khoá kiểm chữ ký chỉ hiện một lần."""
    office = open_office()
    with office.database.writing() as connection:
        known = office.reference(connection).directory.agency(agency)
        webhook, secret = subscribing.subscribe(
            connection,
            webhook_channel(settings()),
            url,
            agency=known.code,
            kinds=kind or (),
            by=by or _NOBODY,
            at=moment(at),
        )
    if as_json:
        print_json({"id": webhook, "secret": secret})
        return
    typer.echo(f"{webhook}\n{secret}")


@app.command("change")
def webhook_change(
    webhook: Webhook,
    url: Annotated[str | None, typer.Option("--url", help="Địa chỉ nhận mới")] = None,
    kind: Kinds = None,
    active: Annotated[bool | None, typer.Option("--on/--off", help="Bật, tắt")] = None,
    by: As = None,
    at: At = None,
) -> None:
    """Đổi địa chỉ, loại sự kiện; tắt (những gì đang chờ bị huỷ) hoặc bật lại."""
    office = open_office()
    with office.database.writing() as connection:
        subscribing.change(
            connection,
            webhook_channel(settings()),
            _id(webhook),
            by=by or _NOBODY,
            at=moment(at),
            url=url,
            kinds=kind,
            active=active,
        )
    console.print("Đã lưu.")


@app.command("secret")
def webhook_secret(webhook: Webhook, by: As = None, at: At = None) -> None:
    """Cấp khoá mới; từ nay mọi sự kiện ký bằng khoá này."""
    office = open_office()
    with office.database.writing() as connection:
        secret = subscribing.renew_secret(connection, _id(webhook), by=by or _NOBODY, at=moment(at))
    typer.echo(secret)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise webhooks.unknown(text) from None
