"""Many machines: pages without a clock, workers, schedules, and Prefect's own commands.

Prefect is never imported here: its commands run in processes of their own, made for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.cli.output import console
from api.cli.serving import DUTIES, Server, listening_at
from api.cli.session import close_databases, open_office
from dossiers.core.settings import settings
from workflows.machine_room.asking import is_up, require_up
from workflows.machine_room.environment import environment


def web_command(
    host: Annotated[str | None, typer.Option("--host", help="Địa chỉ lắng nghe")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Cổng")] = None,
) -> None:
    """Mở trang và API, không kèm đồng hồ: nơi khác (motcua worker, motcua sweep) lo việc đến hạn."""
    known = listening_at(host, port)
    office = open_office()
    config = uvicorn.Config(create_app(office, known), host=known.host, port=known.port, log_level="warning")
    console.print(f"Một Cửa đang mở: http://{known.host}:{known.port}  (Ctrl+C để đóng)")
    Server(config).run()
    console.print("Đã đóng.")


def deploy_command() -> None:
    """Đặt lịch các việc định kỳ lên máy chủ Prefect; chạy lại không làm gì thêm."""
    known = settings()
    require_up(known.prefect_api_url)
    variables = environment(known, os.environ, duties=DUTIES)
    ended = subprocess.run([sys.executable, "-m", "workflows.flows", "deploy"], env=variables)
    if ended.returncode:
        raise typer.Exit(3)


def worker_command() -> None:
    """Làm các việc định kỳ do máy chủ Prefect giao; mở bao nhiêu cũng được."""
    known = settings()
    if not is_up(known.prefect_api_url):
        console.print(
            f"Chưa gọi được máy chủ Prefect tại {known.prefect_api_url}; sẽ bắt đầu khi nó trả lời. "
            "Kiểm tra MOTCUA_PREFECT_API_URL nếu chờ lâu."
        )
    _become("workflows.machine_room", "worker")


def prefect_command(context: typer.Context) -> None:
    """Chạy một lệnh của Prefect với cài đặt của văn phòng, ví dụ: motcua prefect server start."""
    _become("prefect", *context.args)


def _become(module: str, *arguments: str) -> None:
    """Go on as another program of this installation: signals and exit codes are its own."""
    variables = environment(settings(), os.environ, duties=DUTIES)
    close_databases()
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], variables)  # noqa: S606
