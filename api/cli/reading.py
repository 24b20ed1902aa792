"""Looking at dossiers: one, many, their history, why a date is what it is, slips and the book."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.output import console, number, print_json, table, when
from api.cli.session import AsJson, At, moment, open_office, past_moment
from workflows.service import find
from workflows.views.dossier import read_dossier
from workflows.views.explaining import explain
from workflows.views.inbox import inbox
from workflows.views.lists import Filter, dossiers
from workflows.views.models import DossierRead, FaultRead
from workflows.views.sight import EVERYTHING
from workflows.views.slips import control_slip
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
            as_of=past_moment(as_of, what="--as-of") if as_of else None,
        )
    if as_json:
        print_json(dossier)
        return
    _print_dossier(dossier)


def _print_dossier(dossier: DossierRead) -> None:
    console.print(f"{dossier.code}  {dossier.status.name}", style="bold")
    console.print(f"{dossier.procedure.code} {dossier.procedure.name} (bản {dossier.version})")
    if dossier.as_of:
        console.print(f"Xem lại như lúc {when(dossier.as_of)}")
    if dossier.applicant:
        console.print(f"Người nộp: {dossier.applicant.name}")
    console.print(f"Tiếp nhận: {dossier.desk.name}, {when(dossier.accepted_at or dossier.registered_at)}")
    holder = dossier.holder.name if dossier.holder else {"applicant": "người nộp"}.get(dossier.owner, "")
    if holder:
        console.print(f"Đồng hồ đang ở: {holder}" + ("" if dossier.counting else " (không tính thời gian)"))
    if dossier.due_at:
        console.print(f"Hẹn trả: {when(dossier.due_at)}{' (tạm tính)' if dossier.provisional else ''}")
    if dossier.minutes_left is not None:
        hours, minutes = divmod(abs(dossier.minutes_left), 60)
        past = dossier.late and dossier.minutes_left <= 0
        console.print(
            f"{'ĐÃ QUÁ HẸN' if past else 'Còn'} {hours} giờ {minutes} phút làm việc",
            style="red" if past else None,
        )
    elif dossier.late:
        console.print("Trễ so với hẹn lần đầu (xem bảng Lịch hẹn)", style="red")
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
    if dossier.apologies:
        table(
            "Thư xin lỗi",
            ["Số", "Lịch hẹn", "Cơ quan", "Phải ký trước", "Đã ký", "Hẹn lại"],
            [
                [item.no, item.promise, item.agency.name, item.sign_by,
                 "không cần nữa" if item.withdrawn_at else item.signed_at, item.new_due_at]
                for item in dossier.apologies
            ],
        )  # fmt: skip
    if dossier.faults:
        table(
            "Trách nhiệm người đứng đầu",
            ["Mục", "Việc", "Cơ quan", "Người đứng đầu", "Lúc", "Số phút", "Khép lại"],
            [
                [item.no, FAULT.get(item.kind, item.kind), item.agency.name, answerable(item), item.instant,
                 number(item.minutes), item.closed_at]
                for item in dossier.faults
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


def answerable(fault: FaultRead) -> str:
    """The head who answers, and in what capacity when not as the head."""
    if fault.head is None:
        return "khuyết"
    capacity = "" if fault.capacity == "head" else f" ({_CAPACITY.get(fault.capacity, fault.capacity)})"
    return fault.head.name + capacity


FAULT = {
    "late": "trễ hẹn",
    "unsigned_apology": "không ký thư xin lỗi đúng hạn",
    "broken_reappointment": "trễ cả ngày hẹn lại",
}
_CAPACITY = {"acting": "quyền", "deputy": "cấp phó phụ trách", "vacant": "khuyết"}
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
    narrow = Filter(EVERYTHING, agency=agency, procedure=procedure, open_only=open_only, words=words)
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
        page = inbox(office, connection, moment(at), agency, sight=EVERYTHING)
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
        console.print(f"{event.seq:>4}  {when(event.at)}  {event.text}", soft_wrap=True)


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
        console.print(f"  {line['text']}", soft_wrap=True)
    console.print(
        f"Lịch hẹn số {explanation.promise}: {when(explanation.due_at)}  (lịch {explanation.calendar})"
    )
    if explanation.since:
        console.print(explanation.since, soft_wrap=True)


def slip_command(code: Code, as_json: AsJson = False) -> None:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ (mẫu 06)."""
    office = open_office()
    with office.database.reading() as connection:
        slip = control_slip(office, connection, find(connection, code))
    if as_json:
        print_json(slip)
        return
    console.print(f"PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ (mẫu {slip.form})", style="bold")
    console.print(f"Mã hồ sơ: {slip.code} · {slip.procedure.name}")
    console.print(f"Cơ quan giải quyết: {slip.agency.name} · Nhận: {when(slip.received_at)} · "
                  f"Hẹn trả: {when(slip.due_at)}")  # fmt: skip
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
