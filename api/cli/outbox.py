"""``motcua outbox``: the queue, one message, sending anew, cancelling, letters to post."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.output import console, number, print_json, table, when
from api.cli.reading import Agency
from api.cli.session import As, AsJson, At, moment, open_office
from dossiers.core.errors import BadInput
from dossiers.core.settings import settings
from dossiers.outbox import repository
from dossiers.outbox.models import OutboxState
from dossiers.people import contacts
from workflows.deliveries import handling
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.channels.setting_up import ways_out
from workflows.deliveries.delivering import deliver_due
from workflows.service import find
from workflows.views import outbox as views
from workflows.views.outbox import Narrow
from workflows.views.sight import EVERYTHING

app = typer.Typer(help="Thư, tin gửi đi.", no_args_is_help=True)

Message = Annotated[str, typer.Argument(metavar="MÃ_THƯ")]
Way = Annotated[ChannelName | None, typer.Option("--channel", help="Cách gửi: email, sms, zalo, letter")]
Email = Annotated[str | None, typer.Option("--email", help="Địa chỉ thư điện tử mới")]
Phone = Annotated[str | None, typer.Option("--phone", help="Số điện thoại mới")]
_NOBODY = "motcua"
"""Who acts at the command line when nobody is named."""


@app.command("list")
def outbox_list(
    state: Annotated[OutboxState | None, typer.Option("--state", help="Mặc định: mọi thư chưa xong")] = None,
    agency: Agency = None,
    dossier: Annotated[str | None, typer.Option("--dossier", help="Mã hồ sơ")] = None,
    size: Annotated[int, typer.Option("--size", min=1, max=1000, help="Số dòng")] = 50,
    cursor: Annotated[str | None, typer.Option("--cursor", help="Trang sau")] = None,
    as_json: AsJson = False,
) -> None:
    """Hàng chờ: thư, tin chưa gửi xong, mới nhất trước."""
    office = open_office()
    with office.database.reading() as connection:
        found = find(connection, dossier) if dossier else None
        narrow = Narrow(EVERYTHING, agency, state, None, found)
        page = views.queue(office, connection, narrow, cursor=cursor, size=size)
        many = views.counts(office, connection, Narrow(EVERYTHING, agency))
    if as_json:
        print_json({"counts": many, "items": page.items, "next_cursor": page.next_cursor})
        return
    console.print(", ".join(f"{each.label}: {number(count)}" for each, count in many.items()))
    table(
        "Thư, tin gửi đi",
        ["Mã", "Hồ sơ", "Việc", "Cơ quan gửi", "Trạng thái", "Thử tiếp", "Lần thử", "Lỗi"],
        [
            [line.id, line.dossier, line.topic.name, line.agency.name, line.state.label, line.next_at,
             line.attempts, line.error]
            for line in page.items
        ],
        empty="không có thư nào.",
    )  # fmt: skip
    if page.next_cursor:
        console.print(f"Xem tiếp: --cursor {page.next_cursor}", soft_wrap=True)


@app.command("show")
def outbox_show(message: Message, at: At = None, as_json: AsJson = False) -> None:
    """Một thư: nội dung như sẽ gửi, và mọi lần đã thử."""
    office = open_office()
    with office.database.reading() as connection:
        read = views.message(office, connection, _id(message), ways_out(settings()), EVERYTHING, moment(at))
    if as_json:
        print_json(read)
        return
    console.print(f"{read.dossier} · {read.topic.name} · {read.agency.name} · {read.state.label}")
    if read.preview is not None:
        console.print(f"{read.preview.channel.label} {read.preview.address}\n{read.preview.subject}")
        console.print(read.preview.text)
    table(
        "Đã làm",
        ["Lúc", "Kết cục", "Cách gửi", "Nơi nhận", "Trả lời"],
        [[each.at, each.outcome, each.channel, each.address, each.answer] for each in read.done],
        empty="chưa thử lần nào.",
    )


@app.command("retry")
def outbox_retry(
    message: Message,
    channel: Way = None,
    email: Email = None,
    phone: Phone = None,
    by: As = None,
    at: At = None,
) -> None:
    """Gửi lại, có thể bằng cách khác hoặc tới địa chỉ khác."""
    office = open_office()
    with office.database.writing() as connection:
        handling.retry(
            connection,
            _id(message),
            by=by or _NOBODY,
            at=moment(at),
            channel=channel,
            email=email,
            phone=phone,
        )
    console.print("Đã xếp lại vào hàng chờ.")


@app.command("cancel")
def outbox_cancel(
    message: Message,
    reason: Annotated[str, typer.Option("--reason", help="Lý do")],
    by: As = None,
    at: At = None,
) -> None:
    """Huỷ, không gửi nữa."""
    office = open_office()
    with office.database.writing() as connection:
        handling.cancel(connection, _id(message), reason, by=by or _NOBODY, at=moment(at))
    console.print("Đã huỷ.")


@app.command("deliver")
def outbox_deliver(at: At = None, as_json: AsJson = False) -> None:
    """Gửi một lượt những thư, tin đến lúc gửi."""
    report = deliver_due(open_office(), moment(at))
    if as_json:
        print_json({name: getattr(report, name) for name in ("looked_at", "done", "failed", "put_off")})
        return
    console.print(
        f"Đã xem {number(report.looked_at)} thư: xong {number(report.done)}, hỏng {number(report.failed)}, "
        f"để lại {number(report.put_off)}."
    )


@app.command("print")
def outbox_print(
    agency: Agency = None,
    out: Annotated[Path | None, typer.Option("--out", help="Ghi vào tệp")] = None,
    posted: Annotated[bool, typer.Option("--posted", help="Ghi là đã gửi bưu chính")] = False,
    by: As = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """In các thư phải gửi bưu chính; --posted để ghi là đã gửi."""
    office, instant = open_office(), moment(at)
    with office.database.reading() as connection:
        narrow = Narrow(EVERYTHING, agency)
        found = views.letters(office, connection, narrow, ways_out(settings()), instant)
    text = "\n\f".join(f"{each.to}\n{each.address}\n\n{each.subject}\n\n{each.text}" for each in found)
    if as_json:
        print_json(found)
    elif out is not None:
        out.write_text(text, encoding="utf-8")
    else:
        console.print(text or "Không có thư nào phải in.")
    if posted:
        with office.database.writing() as connection:
            many = handling.posted(connection, [each.id for each in found], by=by or _NOBODY, at=instant)
        if not as_json:
            console.print(f"Đã ghi {number(many)} thư gửi bưu chính lúc {when(instant)}.")


@app.command("contact")
def outbox_contact(
    recipient: Annotated[
        str, typer.Argument(metavar="NGƯỜI_NHẬN", help="official:MÃ_CÔNG_CHỨC hoặc applicant:MÃ_SỐ")
    ],
    channel: Way = None,
    email: Email = None,
    phone: Phone = None,
    language: Annotated[str | None, typer.Option("--language", help="vi hoặc en")] = None,
    by: As = None,
    at: At = None,
) -> None:
    """Đặt cách báo tin cho một công chức hoặc người nộp."""
    office = open_office()
    kind, _, name = recipient.partition(":")
    with office.database.writing() as connection:
        if kind == "official":
            office.reference(connection).directory.official(name)
        elif kind == "applicant":
            contacts.of_applicant(connection, _id(name))
        else:
            raise BadInput(
                f"Không rõ người nhận “{recipient}”.",
                code="recipient_unreadable",
                where="recipient",
                hint="Ví dụ: official:h44.le",
            )
        contacts.wish(
            connection,
            recipient,
            by=by or _NOBODY,
            at=moment(at),
            channel=channel.value if channel else None,
            email=email,
            phone=phone,
            language=language,
        )
    console.print("Đã lưu.")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise repository.unknown(text) from None
