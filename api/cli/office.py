"""Setting the office up: migrate, seed, doctor."""

from __future__ import annotations

import platform
import sys
from typing import Annotated

import typer
from sqlalchemy import Connection

from api.cli.demonstration import build_demo, is_empty, not_empty
from api.cli.lacking import told, without_agencies, without_head
from api.cli.output import console, number, print_json, table, when
from api.cli.procedures import shipped
from api.cli.session import AsJson, open_database
from dossiers.core import clock
from dossiers.core.db import Database
from dossiers.core.migrating import head, revision_of, upgrade
from dossiers.records import repository as records
from sla.calendars.service import publish_shipped
from workflows.office import Office
from workflows.procedures import publish


def migrate_command() -> None:
    """Tạo hoặc nâng cấp cơ sở dữ liệu lên lược đồ mới nhất."""
    database = open_database()
    before = upgrade(database)
    after = head()
    if before == after:
        console.print(f"Cơ sở dữ liệu đã ở lược đồ mới nhất ({after}).")
    else:
        console.print(f"Đã nâng cấp từ {before or 'trống'} lên {after}.")


def seed_command(
    demo: Annotated[
        bool, typer.Option("--demo", help="Thêm một năm dữ liệu minh hoạ (trên cơ sở trống)")
    ] = False,
    dossiers: Annotated[
        int | None,
        typer.Option("--dossiers", min=0, help="Số hồ sơ minh hoạ (mặc định: MOTCUA_DEMO_DOSSIERS)"),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Kết thúc năm minh hoạ; mặc định: bây giờ")
    ] = None,
) -> None:
    """Nạp lịch làm việc và các thủ tục có sẵn; chạy lại không làm gì thêm."""
    database = open_database()
    upgrade(database)
    office = Office(database)
    if demo:
        if not is_empty(office):
            raise not_empty()
        build_demo(database, dossiers, until)
        return
    at = clock.now()
    with database.writing() as connection:
        calendars = publish_shipped(connection, at)
        definitions = shipped()
        for definition in definitions:
            publish(connection, definition, at)
    console.print(f"Lịch mới: {', '.join(calendars) or 'không có'}. Thủ tục có sẵn: {len(definitions)}.")


def doctor_command(as_json: AsJson = False) -> None:
    """Kiểm tra cài đặt: cơ sở dữ liệu, lược đồ, lịch, bộ theo dõi."""
    checks: list[Check] = [
        ("Python", sys.version_info >= (3, 11), platform.python_version()),
    ]
    database = open_database()
    try:
        checks += _database_checks(database)
    except Exception as error:
        # Whatever keeps the database from answering is what the doctor is asked to say.
        checks.append(("Cơ sở dữ liệu", False, f"{type(error).__name__}: {str(error).splitlines()[0]}"))
    if as_json:
        print_json([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in checks])
    else:
        table(
            "Kiểm tra",
            ["", "Mục", "Chi tiết"],
            [[_MARK[ok], name, detail] for name, ok, detail in checks],
        )
    if any(ok is False for _, ok, _ in checks):
        raise typer.Exit(1)


Check = tuple[str, bool | None, str]
"""What was looked at, whether it is well (None: it works, and something is lacking), and the detail."""

_MARK = {True: "✓", False: "✗", None: "!"}


def _database_checks(database: Database) -> list[Check]:
    found = revision_of(database)
    checks: list[Check] = [
        ("Cơ sở dữ liệu", True, database.url.render_as_string(hide_password=True)),
        ("Lược đồ", found == head(), found or "chưa tạo; chạy: motcua migrate"),
    ]
    if found != head():
        return checks
    with database.reading() as connection:
        office = Office(database)
        reference = office.reference(connection)
        calendars = list(reference.calendars.names())
        checks.append(
            ("Lịch làm việc", bool(calendars), ", ".join(calendars) or "chưa có; chạy: motcua seed")
        )
        agencies = len(list(reference.directory.agencies()))
        checks.append(("Cơ quan", agencies > 0, number(agencies) if agencies else "chưa có cơ quan nào"))
        if agencies:
            checks += _lacking(office, connection)
        failures = records.failures(connection)
        waiting = ", ".join(f"{row.dossier_id} ({when(row.retry_at)})" for row in failures[:3])
        checks.append(("Hồ sơ bộ theo dõi phải để lại", not failures, waiting or "không có"))
        due = records.with_duty(connection, clock.now(), 10_000)
        checks.append(("Việc đến hạn chưa rà soát", len(due) < 10_000, number(len(due))))
    return checks


def _lacking(office: Office, connection: Connection) -> list[Check]:
    """What keeps no command from working, but some dossier from being received or somebody from answering."""
    at = clock.now()
    heads = without_head(office.reference(connection).directory, at)
    parts = without_agencies(office, connection, at)
    return [
        ("Cơ quan chưa có người đứng đầu", None if heads else True, told(heads) or "không có"),
        ("Thủ tục chưa đủ cơ quan tham gia", None if parts else True, told(parts) or "không có"),
    ]
