"""``motcua run``: the server and the monitor in one process."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.demonstration import build_demo, is_empty, new_demo_tokens
from api.cli.output import console
from api.cli.session import open_database
from dossiers.core import clock
from dossiers.core.migrating import upgrade
from dossiers.core.settings import settings
from sla.schedule import keep_watch
from workflows.office import Office
from workflows.sweep import sweep

log = logging.getLogger("motcua")


def run_command(
    demo: Annotated[bool, typer.Option("--demo", help="Dựng dữ liệu minh hoạ nếu cơ sở còn trống")] = False,
    host: Annotated[str | None, typer.Option("--host", help="Địa chỉ lắng nghe")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Cổng")] = None,
) -> None:
    """Mở văn phòng: máy chủ API và bộ theo dõi thời hạn trong một tiến trình."""
    known = settings()
    database = open_database()
    upgrade(database)
    if demo and is_empty(Office(database)):
        build_demo(database)
    office = Office(database)
    if demo:
        for official, token in new_demo_tokens(office):
            typer.echo(f"Mã truy cập thử ({official}): {token}")
    address, number = host or known.host, port or known.port
    config = uvicorn.Config(create_app(office, known), host=address, port=number, log_level="warning")
    with keep_watch(lambda: _watch(office), every_seconds=known.sweep_seconds):
        console.print(f"Một Cửa đang mở: http://{address}:{number}  (Ctrl+C để đóng)")
        _Server(config).run()
    console.print("Đã đóng.")


class _Server(uvicorn.Server):
    """Closes quietly on Ctrl+C or a stop signal, without raising the signal once more afterwards."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _watch(office: Office) -> None:
    report = sweep(office, clock.now())
    if report.looked_at:
        log.info("swept %s dossiers, %s put aside", report.looked_at, len(report.failed))
