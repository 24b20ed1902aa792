"""``motcua run``: the server and the monitor in one process."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from socket import socket
from typing import Annotated, Any

import typer
import uvicorn

from api.app import create_app
from api.cli.demonstration import build_demo, is_empty, new_demo_tokens
from api.cli.output import console
from api.cli.session import open_database
from api.duties.service import duties_of
from api.rooms.account.people import add_demo_accounts
from dossiers.core import clock
from dossiers.core.migrating import upgrade
from dossiers.core.settings import Settings, settings
from sla.schedule import Look, keep_watch
from workflows.duties.doing import do_due
from workflows.duties.models import Duty
from workflows.machine_room.beside import machine_room
from workflows.machine_room.environment import auth_file, ui_url
from workflows.office import Office

log = logging.getLogger("motcua")

DUTIES = "api.duties.service:duties_of"
"""Where the machine room finds the standing duties of this installation."""


def run_command(
    demo: Annotated[bool, typer.Option("--demo", help="Dựng dữ liệu minh hoạ nếu cơ sở còn trống")] = False,
    host: Annotated[str | None, typer.Option("--host", help="Địa chỉ lắng nghe")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Cổng")] = None,
    with_machine_room: Annotated[
        bool, typer.Option("--machine-room", help="Mở thêm phòng máy (Prefect) trên cùng máy này")
    ] = False,
) -> None:
    """Mở văn phòng: máy chủ API và bộ theo dõi thời hạn trong một tiến trình."""
    known = listening_at(host, port)
    if with_machine_room:
        known = known.model_copy(update={"machine_room": True})
    database = open_database()
    upgrade(database)
    if demo and is_empty(Office(database)):
        build_demo(database)
    office = Office(database)
    if demo:
        known = known.model_copy(update={"demo": True})
        with database.writing() as connection:
            add_demo_accounts(office, connection, clock.now())
        for official, token in new_demo_tokens(office):
            typer.echo(f"Mã truy cập thử ({official}): {token}")
    config = uvicorn.Config(create_app(office, known), host=known.host, port=known.port, log_level="warning")
    with ExitStack() as machines:

        def opened() -> None:
            console.print(f"Một Cửa đang mở: http://{known.host}:{known.port}  (Ctrl+C để đóng)")
            machines.enter_context(keep_watch(looks(office, duties_of(known))))
            if known.machine_room:
                console.print(f"Phòng máy: {ui_url(known)} (tên và mật khẩu ở tệp {auth_file(known)})")
                machines.enter_context(machine_room(known, duties=DUTIES))

        Server(config, opened).run()
    console.print("Đã đóng.")


def looks(office: Office, duties: tuple[Duty, ...]) -> list[Look]:
    """Each duty looked after by itself, so that a long one keeps no other waiting."""
    return [Look(duty.name, partial(_look, office, duty), duty.pace.look_every) for duty in duties]


def _look(office: Office, duty: Duty) -> None:
    for turn in do_due(office, [duty], clock.now):
        if turn.what is not None and (turn.what.done or turn.what.failed):
            log.info("%s: %s done, %s put aside", duty.name, turn.what.done, turn.what.failed)


def listening_at(host: str | None, port: int | None) -> Settings:
    """The settings with what was said on the command line; the address printed in letters follows it."""
    known = settings()
    said: dict[str, Any] = {
        name: value for name, value in (("host", host), ("port", port)) if value is not None
    }
    return Settings(**said) if said else known


class Server(uvicorn.Server):
    """Says when it is open: only then do the machines begin. Closes quietly on Ctrl+C or a stop signal,
    without raising the signal once more afterwards."""

    def __init__(self, config: uvicorn.Config, opened: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._opened = opened

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._opened()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
