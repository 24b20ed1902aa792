"""Overseeing: what is late, letters to sign, the ledger of heads, the monitor, proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from api.cli.output import console, number, print_json, progress, table
from api.cli.reading import FAULT, Agency, answerable
from api.cli.session import AsJson, At, moment, open_office
from workflows.duties.standing import sweep_now
from workflows.verify import verify
from workflows.views.late import late
from workflows.views.lists import Filter, alerts
from workflows.views.reckoning import Ledger, apologies, ledger
from workflows.views.sight import EVERYTHING


def late_command(
    agency: Agency = None,
    procedure: Annotated[str | None, typer.Option("--procedure", help="Mã thủ tục")] = None,
    size: Annotated[int, typer.Option("--size", min=1, max=1000, help="Số dòng")] = 50,
    cursor: Annotated[str | None, typer.Option("--cursor", help="Trang sau")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Hồ sơ đang trễ hẹn, trễ lâu nhất trước."""
    office = open_office()
    narrow = Filter(EVERYTHING, agency=agency, procedure=procedure)
    with office.database.reading() as connection:
        page = late(office, connection, moment(at), narrow, cursor=cursor, size=size)
    if as_json:
        print_json({"items": page.items, "next_cursor": page.next_cursor})
        return
    table(
        "Hồ sơ trễ hẹn",
        ["Mã", "Thủ tục", "Đang ở", "Bước", "Hẹn trả", "Quá (giờ làm việc)", "Thư xin lỗi"],
        [
            [line.code, line.procedure.code, line.holder.name if line.holder else "người nộp", line.step,
             line.judged_due_at, f"{number(line.minutes_past // 60)} giờ {line.minutes_past % 60} phút",
             {"signed": "đã ký", "asked": "chờ ký"}.get(line.apology or "", "")]
            for line in page.items
        ],
        empty="không có hồ sơ nào trễ hẹn.",
    )  # fmt: skip
    if page.next_cursor:
        console.print(f"Xem tiếp: --cursor {page.next_cursor}", soft_wrap=True)


def apologies_command(
    agency: Agency = None,
    every: Annotated[bool, typer.Option("--all", help="Cả thư đã ký")] = False,
    as_json: AsJson = False,
) -> None:
    """Thư xin lỗi chờ ký, gấp nhất trước."""
    office = open_office()
    with office.database.reading() as connection:
        letters = apologies(office, connection, sight=EVERYTHING, agency=agency, to_sign=not every).items
    if as_json:
        print_json(letters)
        return
    table(
        "Thư xin lỗi",
        ["Hồ sơ", "Số", "Cơ quan xin lỗi", "Phải ký trước", "Đã ký", "Hẹn lại"],
        [
            [item.dossier, item.no, item.agency.name, item.sign_by, item.signed_at,
             item.new_due_at]
            for item in letters
        ],
        empty="không có thư nào.",
    )  # fmt: skip


def ledger_command(
    agency: Agency = None,
    head: Annotated[str | None, typer.Option("--head", help="Mã công chức đứng đầu")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Chỉ mục chưa khép lại")] = False,
    since: Annotated[str | None, typer.Option("--from", help="Từ ngày")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Đến hết ngày")] = None,
    as_json: AsJson = False,
) -> None:
    """Sổ trách nhiệm người đứng đầu."""
    office = open_office()
    with office.database.reading() as connection:
        narrow = Ledger(
            EVERYTHING,
            agency=agency,
            head=head,
            open_only=open_only,
            since=moment(since, what="--from") if since else None,
            until=moment(until, what="--to") + timedelta(days=1) if until else None,
        )
        faults = ledger(office, connection, narrow).items
    if as_json:
        print_json(faults)
        return
    table(
        "Sổ trách nhiệm người đứng đầu",
        ["Hồ sơ", "Mục", "Việc", "Cơ quan", "Người đứng đầu", "Lúc", "Số phút", "Khép lại"],
        [
            [item.dossier, item.no, FAULT.get(item.kind, item.kind), item.agency.name,
             answerable(item),
             item.instant, number(item.minutes), item.closed_at]
            for item in faults
        ],
        empty="chưa có mục nào.",
    )  # fmt: skip


_ALERT = {
    "nearly_due": "sắp đến hẹn",
    "not_acknowledged": "chưa nhận bàn giao đúng hạn",
    "step_overdue": "quá hạn bước",
}


def alerts_command(
    agency: Agency = None,
    since: Annotated[str | None, typer.Option("--from", help="Từ lúc; mặc định: 7 ngày qua")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Cảnh báo của bộ theo dõi thời hạn."""
    office = open_office()
    begins = moment(since, what="--from") if since else moment(at) - timedelta(days=7)
    with office.database.reading() as connection:
        found = alerts(office, connection, sight=EVERYTHING, agency=agency, since=begins)
    if as_json:
        print_json(found)
        return
    table(
        "Cảnh báo",
        ["Hồ sơ", "Cảnh báo", "Cơ quan", "Đến hạn lúc", "Phát hiện lúc"],
        [
            [item.dossier, _ALERT.get(item.kind, item.kind), item.agency.name, item.due_at,
             item.raised_at]
            for item in found
        ],
        empty="không có cảnh báo nào.",
    )  # fmt: skip


def sweep_command(at: At = None, as_json: AsJson = False) -> None:
    """Rà soát một lượt: cảnh báo, thư xin lỗi, sổ trách nhiệm."""
    office = open_office()
    report = sweep_now(office, moment(at))
    if as_json:
        print_json({"looked_at": report.looked_at, "failed": report.failed, "events": dict(report.events)})
        return
    console.print(f"Đã xem {number(report.looked_at)} hồ sơ đến hạn; {len(report.failed)} hồ sơ phải để lại.")
    table("Đã ghi", ["Việc", "Số"], sorted(report.events.items()), empty="không có gì mới.")


def verify_command(as_json: AsJson = False) -> None:
    """Chứng minh: dựng lại mọi hồ sơ từ lịch sử và so với dữ liệu đang có."""
    office = open_office()
    with office.database.reading() as connection, progress("Đối chiếu", quiet=as_json) as advance:
        verdict = verify(connection, advance)
    if as_json:
        print_json(verdict)
    elif verdict.ok:
        console.print(f"Khớp: {number(verdict.dossiers)} hồ sơ, {number(verdict.events)} sự kiện.")
    else:
        fault = verdict.first_fault
        assert fault is not None
        where = " · ".join(str(part) for part in (fault.table, fault.column, fault.seq) if part is not None)
        what = f"hồ sơ {fault.dossier}: " if fault.dossier else ""
        console.print(f"KHÔNG KHỚP: {what}{fault.reason} ({where})", style="red")
    if not verdict.ok:
        raise typer.Exit(1)
