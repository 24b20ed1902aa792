"""Running the office: migrate, seed, run, doctor."""

from __future__ import annotations

import logging
import platform
import sys
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.auth.service import create_token
from api.cli.output import console, errors, number, print_json, progress, table, when
from api.cli.procedures import shipped
from api.cli.session import AsJson, moment, open_database
from dossiers.agencies.models import Role
from dossiers.core import clock
from dossiers.core.db import Database
from dossiers.core.errors import MotcuaError
from dossiers.core.migrating import current, head, require_current, upgrade
from dossiers.core.settings import settings
from dossiers.records import repository as records
from sla.calendars.service import publish_shipped
from sla.schedule import keep_watch
from workflows.demo.places import ADMINISTRATOR
from workflows.demo.simulation import make_demo
from workflows.office import Office
from workflows.procedures import publish
from workflows.sweep import sweep

log = logging.getLogger("motcua")


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
        _demo(office, dossiers, until)
        return
    at = clock.now()
    with database.writing() as connection:
        calendars = publish_shipped(connection, at)
        definitions = shipped()
        for definition in definitions:
            publish(connection, definition, at)
    console.print(f"Lịch mới: {', '.join(calendars) or 'không có'}. Thủ tục có sẵn: {len(definitions)}.")


def _demo(office: Office, dossiers: int | None, until: str | None) -> None:
    known = settings()
    wanted = known.demo_dossiers if dossiers is None else dossiers
    errors.print(f"Dựng văn phòng minh hoạ: một năm, {number(wanted)} hồ sơ…")
    with progress("Hồ sơ minh hoạ", wanted) as advance:
        report = make_demo(
            office, shipped(), dossiers=wanted, until=moment(until), seed=known.demo_seed, progress=advance
        )
    errors.print(
        f"Xong: {number(report.dossiers)} hồ sơ, {number(report.commands)} thao tác. "
        "Người và hồ sơ đều là hư cấu."
    )


def run_command(
    demo: Annotated[bool, typer.Option("--demo", help="Dựng dữ liệu minh hoạ nếu cơ sở còn trống")] = False,
    host: Annotated[str | None, typer.Option("--host", help="Địa chỉ lắng nghe")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Cổng")] = None,
) -> None:
    """Mở văn phòng: máy chủ API và bộ theo dõi thời hạn trong một tiến trình."""
    known = settings()
    database = open_database()
    upgrade(database)
    office = Office(database)
    if demo and _is_empty(office):
        _demo(office, None, None)
    if demo:
        _show_demo_token(office)
    address, number_of_port = host or known.host, port or known.port
    with keep_watch(lambda: _watch(office), every_seconds=known.sweep_seconds):
        console.print(f"Một Cửa đang mở: http://{address}:{number_of_port}  (Ctrl+C để đóng)")
        uvicorn.run(create_app(office, known), host=address, port=number_of_port, log_level="warning")


def _watch(office: Office) -> None:
    report = sweep(office, clock.now())
    if report.looked_at:
        log.info("swept %s dossiers, %s put aside", report.looked_at, len(report.failed))


def _is_empty(office: Office) -> bool:
    with office.database.reading() as connection:
        return not any(True for _ in office.reference(connection).directory.agencies())


def _show_demo_token(office: Office) -> None:
    """Tokens for trying the API; made anew at each start, since only their digests are kept."""
    at = clock.now()
    with office.database.writing() as connection:
        directory = office.reference(connection).directory
        people = {item.id: item for item in directory.officials()}
        if ADMINISTRATOR not in people:
            return
        receptionist = next(
            item for item in people.values() if Role.RECEPTIONIST in item.roles_in(item.agency)
        )
        for official in (receptionist, people[ADMINISTRATOR]):
            token = create_token(connection, official.id, official.agency, "thử nghiệm", at)
            console.print(f"Mã truy cập thử ({official.id}): {token}", markup=False)


def doctor_command(as_json: AsJson = False) -> None:
    """Kiểm tra cài đặt: cơ sở dữ liệu, lược đồ, lịch, bộ theo dõi."""
    checks: list[tuple[str, bool, str]] = [
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
            [["✓" if ok else "✗", name, detail] for name, ok, detail in checks],
        )
    if not all(ok for _, ok, _ in checks):
        raise typer.Exit(1)


def _database_checks(database: Database) -> list[tuple[str, bool, str]]:
    with database.reading() as connection:
        found = current(connection)
        checks = [
            ("Cơ sở dữ liệu", True, database.url.render_as_string(hide_password=True)),
            ("Lược đồ", found == head(), found or "chưa tạo; chạy: motcua migrate"),
        ]
        try:
            require_current(connection)
        except MotcuaError:
            return checks
        reference = Office(database).reference(connection)
        calendars = list(reference.calendars.names())
        checks.append(
            ("Lịch làm việc", bool(calendars), ", ".join(calendars) or "chưa có; chạy: motcua seed")
        )
        agencies = len(list(reference.directory.agencies()))
        checks.append(("Cơ quan", agencies > 0, number(agencies) if agencies else "chưa có cơ quan nào"))
        failures = records.failures(connection)
        waiting = ", ".join(f"{row.dossier_id} ({when(row.retry_at)})" for row in failures[:3])
        checks.append(("Hồ sơ bộ theo dõi phải để lại", not failures, waiting or "không có"))
        due = records.with_duty(connection, clock.now(), 10_000)
        checks.append(("Việc đến hạn chưa rà soát", len(due) < 10_000, number(len(due))))
    return checks
