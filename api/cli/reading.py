"""Looking at dossiers: one, many, their history, why a date is what it is, slips and the book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import console, number, print_json, table, when
from api.cli.session import AsJson, At, moment, open_office
from dossiers.core.settings import settings
from workflows.service import find
from workflows.views.dossier import read_dossier
from workflows.views.explaining import explain
from workflows.views.inbox import inbox
from workflows.views.letters import apology_letter
from workflows.views.lists import Filter, dossiers
from workflows.views.models import DossierRead, TaskRead
from workflows.views.slips import book, control_slip
from workflows.views.words import tell

Code = Annotated[str, typer.Argument(metavar="MÃ_HỒ_SƠ")]
Agency = Annotated[str | None, typer.Option("--agency", help="Cơ quan (kể cả đơn vị trực thuộc)")]


def show_command(
    code: Code,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Xem lại đúng như lúc đó")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Xem một hồ sơ, hiện tại hoặc tại một thời điểm đã qua."""
    office = open_office()
    with office.database.reading() as connection:
        dossier = read_dossier(
            office,
            connection,
            find(connection, code),
            moment(at),
            as_of=moment(as_of, what="--as-of") if as_of else None,
        )
    if as_json:
        print_json(dossier)
        return
    _print_dossier(dossier)


def _print_dossier(dossier: DossierRead) -> None:
    console.print(f"[bold]{dossier.code}[/bold]  {dossier.status.name}", markup=True)
    console.print(f"{dossier.procedure.code} {dossier.procedure.name} (bản {dossier.version})", markup=False)
    if dossier.as_of:
        console.print(f"Xem lại như lúc {when(dossier.as_of)}")
    if dossier.applicant:
        console.print(f"Người nộp: {dossier.applicant.name}", markup=False)
    console.print(f"Tiếp nhận: {dossier.desk.name}, {when(dossier.accepted_at or dossier.registered_at)}")
    holder = dossier.holder.name if dossier.holder else {"applicant": "người nộp"}.get(dossier.owner, "")
    if holder:
        console.print(f"Đồng hồ đang ở: {holder}" + ("" if dossier.counting else " (không tính thời gian)"))
    if dossier.due_at:
        late = " — [red]ĐÃ QUÁ HẸN[/red]" if dossier.late else ""
        console.print(f"Hẹn trả: {when(dossier.due_at)}{' (tạm tính)' if dossier.provisional else ''}{late}")
    if dossier.minutes_left is not None:
        hours, minutes = divmod(abs(dossier.minutes_left), 60)
        what = "Còn" if dossier.minutes_left >= 0 else "Quá"
        console.print(f"{what} {hours} giờ {minutes} phút làm việc")
    table(
        "Các bước",
        ["Số", "Bước", "Cơ quan", "Tình trạng", "Hạn bước", "Xong", "Kết quả"],
        [
            [
                task.no,
                task.name,
                f"{task.agency.name} ({task.role_name})",
                _TASK.get(task.status, task.status),
                task.due_at,
                task.finished_at,
                " · ".join(
                    filter(None, [task.outcome_name or task.outcome, _VERDICT.get(task.verdict or "")])
                ),
            ]
            for task in dossier.tasks
        ],
    )
    if dossier.promises:
        table(
            "Lịch hẹn",
            ["Số", "Loại", "Hẹn trả", "Tình trạng", "Số phút trễ"],
            [
                [item.no, _PROMISE.get(item.kind, item.kind), item.due_at,
                 _KEPT.get(item.status, item.status), number(item.late_minutes)]
                for item in dossier.promises
            ],
        )  # fmt: skip
    shares = [(item.no, share) for item in dossier.promises for share in item.shares]
    if shares:
        table(
            "Chia số phút trễ",
            ["Lịch hẹn", "Cơ quan", "Bước", "Phút", "Quá từ"],
            [
                [no, share.agency.name if share.agency else "do quy trình phân bổ", share.step,
                 number(share.minutes), share.since]
                for no, share in shares
            ],
        )  # fmt: skip


def _result(task: TaskRead) -> str:
    verdict = _VERDICT.get(task.verdict or "")
    return " · ".join(filter(None, [task.outcome_name or task.outcome, verdict]))


_TASK = {"ready": "chờ chuyển", "sent": "chờ nhận", "open": "đang làm", "done": "xong", "cancelled": "huỷ"}
_VERDICT = {"early": "trước hạn", "on_time": "đúng hạn", "late": "quá hạn"}
_KEPT = {
    "running": "đang chạy",
    "suspended": "tạm dừng",
    "superseded": "đã thay",
    "kept": "đúng hẹn",
    "broken": "trễ hẹn",
}
_PROMISE = {
    "first": "hẹn lần đầu",
    "resumed": "tính tiếp sau tạm dừng",
    "restarted": "tính lại từ đầu",
    "case": "theo tình tiết hồ sơ",
    "correction": "sau đính chính",
    "calendar": "theo lịch mới",
    "migration": "theo phiên bản mới",
    "reappointment": "hẹn lại",
}


def list_command(
    words: Annotated[
        str, typer.Argument(metavar="[TỪ]", help="Tên, mã hồ sơ, số định danh hoặc điện thoại")
    ] = "",
    agency: Agency = None,
    procedure: Annotated[str | None, typer.Option("--procedure", help="Mã thủ tục")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Chỉ hồ sơ chưa xong")] = False,
    size: Annotated[int, typer.Option("--size", min=1, max=1000, help="Số dòng")] = 50,
    cursor: Annotated[
        str | None, typer.Option("--cursor", help="Trang sau: next_cursor của trang trước")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Tìm và liệt kê hồ sơ, mới nhất trước."""
    office = open_office()
    narrow = Filter(agency=agency, procedure=procedure, open_only=open_only, words=words)
    with office.database.reading() as connection:
        page = dossiers(office, connection, moment(at), narrow, cursor=cursor, size=size)
    if as_json:
        print_json({"items": page.items, "next_cursor": page.next_cursor})
        return
    table(
        "Hồ sơ",
        ["Mã", "Thủ tục", "Người nộp", "Tình trạng", "Đang ở", "Hẹn trả"],
        [
            [line.code, line.procedure.code, line.applicant,
             f"{line.status.name} (trễ hẹn)" if line.late else line.status.name,
             line.holder.name if line.holder else "", line.due_at]
            for line in page.items
        ],
        empty="không có hồ sơ nào như vậy.",
    )  # fmt: skip
    if page.next_cursor:
        console.print(f"Xem tiếp: --cursor {page.next_cursor}", soft_wrap=True)


def inbox_command(
    agency: Annotated[str, typer.Argument(metavar="MÃ_CƠ_QUAN")], at: At = None, as_json: AsJson = False
) -> None:
    """Việc đang chờ của một cơ quan, gấp nhất trước."""
    office = open_office()
    with office.database.reading() as connection:
        page = inbox(office, connection, moment(at), agency)
    if as_json:
        print_json({"items": page.items, "next_cursor": page.next_cursor})
        return
    table(
        "Việc đang chờ",
        ["Hồ sơ", "Việc", "Bước", "Tình trạng", "Hạn bước", "Hẹn trả"],
        [
            [line.dossier, line.no, line.name, _TASK.get(line.status, line.status), line.due_at,
             line.dossier_due_at]
            for line in page.items
        ],
        empty="không có việc nào đang chờ.",
    )  # fmt: skip


def history_command(code: Code, as_json: AsJson = False) -> None:
    """Lịch sử của hồ sơ bằng lời."""
    office = open_office()
    with office.database.reading() as connection:
        events = tell(office, connection, find(connection, code)).events
    if as_json:
        print_json(events)
        return
    for event in events:
        console.print(f"{event.seq:>4}  {when(event.at)}  {event.text}", markup=False, soft_wrap=True)


def explain_command(
    code: Code,
    promise: Annotated[int | None, typer.Option("--promise", help="Số lịch hẹn; mặc định: mới nhất")] = None,
    as_json: AsJson = False,
) -> None:
    """Vì sao hẹn trả vào lúc đó: từng dòng tính."""
    office = open_office()
    with office.database.reading() as connection:
        explanation = explain(office, connection, find(connection, code), promise)
    if as_json:
        print_json(explanation)
        return
    for line in explanation.lines:
        console.print(f"  {line['text']}", markup=False, soft_wrap=True)
    console.print(f"Hẹn trả: {when(explanation.due_at)}  (lịch {explanation.calendar})")


def slip_command(code: Code, as_json: AsJson = False) -> None:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ (mẫu 06)."""
    office = open_office()
    with office.database.reading() as connection:
        slip = control_slip(office, connection, find(connection, code))
    if as_json:
        print_json(slip)
        return
    console.print(f"[bold]PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ[/bold] (mẫu {slip.form})")
    console.print(f"Mã hồ sơ: {slip.code} · {slip.procedure.name}", markup=False)
    console.print(f"Cơ quan giải quyết: {slip.agency.name} · Nhận: {when(slip.received_at)} · "
                  f"Hẹn trả: {when(slip.due_at)}", markup=False)  # fmt: skip
    table(
        "Giao nhận",
        ["STT", "Giao", "Nhận", "Lúc giao", "Lúc nhận", "Kết quả (bên nhận ghi)", "Ghi chú"],
        [
            [line.no, line.giver.name, line.receiver.name, line.sent_at, line.received_at,
             _VERDICT.get(line.verdict or "", ""), line.note]
            for line in slip.lines
        ],
        empty="hồ sơ chưa chuyển đi đâu.",
    )  # fmt: skip


def book_command(
    desk: Annotated[str, typer.Argument(metavar="MÃ_NƠI_TIẾP_NHẬN")],
    since: Annotated[str | None, typer.Option("--from", help="Từ ngày, ví dụ 2026-11-01")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Đến hết ngày")] = None,
    as_json: AsJson = False,
) -> None:
    """Sổ theo dõi hồ sơ (mẫu 07)."""
    office = open_office()
    begins = moment(since, what="--from") if since else datetime(2000, 1, 1, tzinfo=UTC)
    ends = moment(until, what="--to") + timedelta(days=1) if until else moment(None)
    with office.database.reading() as connection:
        lines = book(office, connection, desk, begins, ends)
    if as_json:
        print_json(lines)
        return
    table(
        "Sổ theo dõi hồ sơ",
        ["STT", "Mã hồ sơ", "Thủ tục", "Người nộp", "Cơ quan chủ trì", "Nhận", "Hẹn trả", "Trả"],
        [
            [line.no, line.code, line.procedure.code, line.applicant, line.agency.name,
             line.received_at, line.due_at, line.returned_at]
            for line in lines
        ],
    )  # fmt: skip


def letter_command(
    code: Code,
    apology: Annotated[int, typer.Argument(metavar="SỐ_THƯ", help="Số thứ tự thư xin lỗi trong hồ sơ")] = 1,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Tệp PDF ghi ra")] = None,
    at: At = None,
) -> None:
    """In thư xin lỗi (mẫu 04) ra PDF; chưa ký thì là dự thảo."""
    office = open_office()
    link = settings().public_url.rstrip("/") + "/api/v1/public/letters/"
    with office.database.reading() as connection:
        letter = apology_letter(office, connection, find(connection, code), apology, moment(at), link_to=link)
    path = output or Path(f"thu-xin-loi-{code}-{apology}.pdf")
    path.write_bytes(letter.pdf())
    console.print(f"Đã ghi {path}", markup=False)
