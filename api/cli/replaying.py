"""``motcua replay``: run a recorded log through the engine."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import console, number, print_json, progress, table
from api.cli.session import AsJson, open_database
from dossiers.core.migrating import upgrade
from workflows.office import Office
from workflows.replay.reading import read_log
from workflows.replay.running import replay, steps_in


def replay_command(
    cases: Annotated[Path, typer.Argument(metavar="CASES.csv", help="Tệp hồ sơ")],
    events: Annotated[Path, typer.Argument(metavar="EVENTS.csv", help="Tệp sự kiện")],
    as_json: AsJson = False,
) -> None:
    """Chạy lại nhật ký của một nơi khác qua hệ thống, đồng hồ theo nhật ký."""
    log = read_log(cases, events)
    database = open_database()
    upgrade(database)
    with progress("Chạy lại nhật ký", steps_in(log), quiet=as_json) as advance:
        report = replay(Office(database), log, progress=advance)
    if as_json:
        print_json(asdict(report))
        return
    console.print(
        f"{number(report.cases)} hồ sơ: {number(report.closed)} đã xong, {number(report.late)} trễ hẹn; "
        f"{number(report.open)} còn mở, {number(report.open_past_promise)} đã quá hẹn."
    )
    table(
        "Dữ liệu không hợp lý trong nhật ký",
        ["Hồ sơ", "Lỗi", "Chi tiết"],
        [[item.case, item.fault, item.detail] for item in report.reported],
    )
