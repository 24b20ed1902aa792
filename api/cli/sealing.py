"""The daily seal on the command line: make what is due, show one, find one by what was printed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.output import console, print_json, table
from api.cli.session import AsJson, At, day_named, moment, open_office
from api.duties.service import duties_of, run_now
from dossiers.core.errors import MotcuaError, NotFound
from dossiers.core.settings import settings
from dossiers.history import seals
from workflows.duties.doing import Ended
from workflows.duties.standing import SEAL, duty_named

app = typer.Typer(help="Niêm phong cuối ngày: làm, xem, đối chiếu với bản in.", no_args_is_help=True)


class SealFailed(MotcuaError):
    """The seal could not be made; nothing was written."""

    code = "seal_failed"
    status = 500


@app.command("make")
def make_command(at: At = None) -> None:
    """Niêm phong mọi ngày đã qua mà chưa niêm phong, theo thứ tự."""
    office = open_office()
    now = moment(at)
    turn = run_now(office, duty_named(duties_of(settings()), SEAL), now, lambda: now)
    if turn.ended is Ended.FAILED:
        raise SealFailed(
            f"Không niêm phong được: {turn.error}.", hint="Chạy: motcua verify, rồi motcua doctor"
        )
    with office.database.reading() as connection:
        seal = seals.latest(connection)
    if seal is not None:
        console.print(f"Niêm phong số {seal.number}, ngày {seal.day:%d/%m/%Y}: {seal.printed}")


@app.command("show")
def show_command(
    which: Annotated[
        str | None, typer.Argument(help="Ngày (2026-11-20) hoặc mã đã in; bỏ trống: các ngày gần nhất")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Xem niêm phong; gõ mã đã in để biết dữ liệu còn đúng như ngày in không."""
    office = open_office()
    with office.database.reading() as connection:
        if which is None:
            shown = seals.newest(connection, 30)
        elif which.count("-") == 2:
            day = day_named(which, "NGÀY")
            found = seals.of_day(connection, day)
            if found is None:
                raise NotFound(
                    f"Ngày {day:%d/%m/%Y} chưa niêm phong.",
                    code="seal_unknown",
                    where=which,
                    hint="Chạy: motcua seal make",
                )
            shown = [found]
        else:
            shown = [seals.with_code(connection, which)]
    if as_json:
        print_json([asdict(seal) for seal in shown])
        return
    table(
        "Niêm phong",
        ["Số", "Ngày", "Số hồ sơ", "Mã in", "Làm lúc"],
        [[seal.number, f"{seal.day:%d/%m/%Y}", seal.dossiers, seal.printed, seal.made_at] for seal in shown],
        empty="chưa có ngày nào được niêm phong.",
    )
