"""``motcua calendar``: what is worked, why, and which calendar an agency works by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.deadlines import calendar_named, known_calendars
from api.cli.output import console, print_json, progress, table
from api.cli.procedures import print_moves
from api.cli.session import As, AsJson, At, acting, day_named, moment, open_office
from dossiers.core.errors import BadInput
from sla.calendars.book import DEFAULT_CALENDAR, Purpose
from sla.calendars.days import DayStatus
from sla.calendars.loading import read_calendar
from sla.calendars.service import assign as assign_calendar
from sla.calendars.service import publish as publish_calendar
from workflows.moving import recalculate_running

app = typer.Typer(help="Lịch làm việc: ngày nghỉ, làm bù, giờ, phiên bản.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="[LỊCH]", help="Tên lịch, hoặc tên@phiên_bản")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Các lịch và phiên bản."""
    versions = list(known_calendars().versions())
    if as_json:
        print_json(
            [{"id": v.id, "title": v.title, "official_until": v.official_until.isoformat()} for v in versions]
        )
        return
    table(
        "Lịch làm việc",
        ["Phiên bản", "Tên", "Có thông báo chính thức đến"],
        [[version.id, version.title, f"{version.official_until:%d/%m/%Y}"] for version in versions],
    )


@app.command("show")
def show(
    name: Name = DEFAULT_CALENDAR,
    year: Annotated[int | None, typer.Option("--year", help="Năm; mặc định: năm nay")] = None,
    as_json: AsJson = False,
) -> None:
    """Những ngày khác thường trong một năm: nghỉ lễ, hoán đổi, làm bù."""
    version = calendar_named(name).version
    chosen = year or moment(None).year
    days = [day for day in version.days if day.date.year == chosen]
    if as_json:
        print_json(
            {
                "id": version.id,
                "year": chosen,
                "days": [status_as_dict(version.day_status(day.date)) for day in days],
            }
        )
        return
    table(
        f"{version.id} · năm {chosen}",
        ["Ngày", "", "Lý do", "Căn cứ", "Độ tin cậy"],
        [
            [f"{day.date:%d/%m/%Y}", "làm việc" if version.day_status(day.date).working else "nghỉ", day.name,
             day.source, day.confidence.value]
            for day in days
        ],
    )  # fmt: skip


@app.command("day")
def day(
    on: Annotated[str, typer.Argument(metavar="NGÀY", help="Ví dụ 2026-11-24")],
    name: Annotated[str, typer.Option("--calendar", help="Tên lịch")] = DEFAULT_CALENDAR,
    as_json: AsJson = False,
) -> None:
    """Một ngày có làm việc không, vì sao, theo văn bản nào."""
    status = calendar_named(name).day_status(day_named(on, "NGÀY"))
    if as_json:
        print_json(status_as_dict(status))
        return
    console.print(f"{status.date:%d/%m/%Y}: {'làm việc' if status.working else 'nghỉ'} — {status.reason}")
    if status.source:
        console.print(f"Căn cứ: {status.source} (độ tin cậy {status.confidence.value})")
    if status.provisional:
        console.print("Tạm tính: chưa có thông báo chính thức cho năm này.")


@app.command("publish")
def publish(
    path: Annotated[Path, typer.Argument(metavar="TỆP.yaml")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ví dụ số thông báo nghỉ lễ")] = "",
    at: At = None,
) -> None:
    """Công bố một phiên bản lịch; hồ sơ đang chạy giữ ngày hẹn cho đến khi chạy “calendar apply”."""
    office = open_office()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"Không đọc được tệp {path}: {error}.", code="file_unreadable", where=str(path)
        ) from error
    version = read_calendar(text)
    with office.database.writing() as connection:
        new = publish_calendar(connection, version, moment(at), reason=reason)
    console.print(f"{version.id}: {'đã công bố' if new else 'đã có, không thay đổi gì'}.")


@app.command("assign")
def assign(
    agency: Annotated[str, typer.Argument(metavar="MÃ_CƠ_QUAN")],
    name: Annotated[str, typer.Argument(metavar="LỊCH")],
    purpose: Annotated[
        Purpose, typer.Option("--for", help="Lịch giải quyết hay lịch tiếp nhận")
    ] = Purpose.PROCESSING,
) -> None:
    """Cơ quan (và đơn vị trực thuộc) làm việc theo lịch nào."""
    office = open_office()
    with office.database.writing() as connection:
        reference = office.reference(connection)
        reference.directory.agency(agency)
        reference.calendars.current(name)
        assign_calendar(connection, agency, purpose, name)
    console.print(f"{agency}: lịch {purpose.value} là {name}.")


@app.command("apply")
def apply(
    name: Annotated[str, typer.Argument(metavar="LỊCH")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ghi vào lịch sử từng hồ sơ")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước")] = False,
    official: As = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Tính lại ngày hẹn đang chạy theo phiên bản lịch mới, xem trước từng hồ sơ."""
    office = open_office()
    actor = acting(office, official)
    with progress("Tính lại", quiet=as_json) as advance:
        moves = recalculate_running(
            office, name, actor, moment(at), reason=reason, dry_run=dry_run, progress=advance
        )
    print_moves(office, moves, dry_run=dry_run, as_json=as_json)


def status_as_dict(status: DayStatus) -> dict[str, object]:
    """A day of a calendar as plain data."""
    return {
        "date": status.date.isoformat(),
        "working": status.working,
        "hours": [str(interval) for interval in status.hours],
        "kind": status.kind.value,
        "reason": status.reason,
        "source": status.source,
        "confidence": status.confidence.value,
        "provisional": status.provisional,
    }
