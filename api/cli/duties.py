"""Standing duties: how each fares, and doing one now, for system cron or by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.cli.output import console, number, print_json, table
from api.cli.session import AsJson, At, moment, open_office
from api.duties.service import duties_of, run_now
from dossiers.core.settings import settings
from workflows.duties.doing import Ended, Turn, do_due
from workflows.duties.reading import DutyRead, duties_read
from workflows.duties.standing import duty_named

app = typer.Typer(help="Việc định kỳ: xem, làm ngay.", no_args_is_help=True)


@app.command("list")
def list_command(at: At = None, as_json: AsJson = False) -> None:
    """Việc định kỳ: lần gần nhất, mất bao lâu, thấy gì, lượt tới."""
    office = open_office()
    with office.database.reading() as connection:
        known = duties_read(connection, duties_of(settings()), moment(at))
    if as_json:
        print_json(known)
        return
    table(
        "Việc định kỳ",
        [
            "Mã",
            "Việc",
            "Nhịp",
            "Xong gần nhất",
            "Mất (ms)",
            "Xem",
            "Xong",
            "Gác lại",
            "Đã lỡ",
            "Lượt tới",
            "",
        ],
        [_line(duty) for duty in known],
        empty="không có việc nào.",
    )


def _line(duty: DutyRead) -> list[object]:
    last = duty.last
    pace = f"{duty.daily_at} hằng ngày" if duty.daily_at else f"{duty.every_seconds} giây"
    counts = [last.took_ms, last.looked_at, last.done, last.failed] if last else [None] * 4
    numbers = ["" if each is None else number(each) for each in counts]
    state = "ĐÃ NGỪNG" if duty.stopped else "đều đặn"
    return [
        duty.name,
        duty.title,
        pace,
        duty.last_done_at,
        *numbers,
        number(duty.missed),
        duty.next_at,
        state,
    ]


@app.command("run")
def run_command(
    names: Annotated[list[str] | None, typer.Argument(help="Mã việc; bỏ trống: mọi việc đã đến lượt")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Làm việc định kỳ: việc nêu tên thì làm ngay; không nêu tên thì làm mọi việc đã đến lượt."""
    office = open_office()
    duties = duties_of(settings())
    named = [duty_named(duties, name) for name in names or ()]

    def clock() -> datetime:
        return moment(at)

    if named:
        turns = [run_now(office, duty, clock(), clock) for duty in named]
    else:
        turns = do_due(office, duties, clock)
    if as_json:
        print_json([_as_data(turn) for turn in turns])
    else:
        for turn in turns:
            console.print(f"{turn.duty}: {_told(turn)}", soft_wrap=True)
    if any(turn.ended is Ended.FAILED for turn in turns):
        raise typer.Exit(1)


def _as_data(turn: Turn) -> dict[str, object]:
    what = turn.what
    return {
        "duty": turn.duty,
        "slot": turn.slot,
        "ended": turn.ended,
        "looked_at": what.looked_at if what else 0,
        "done": what.done if what else 0,
        "failed": what.failed if what else 0,
        "found": what.found if what else {},
        "error": turn.error,
    }


def _told(turn: Turn) -> str:
    if turn.what is not None:
        what = turn.what
        return f"xem {number(what.looked_at)}, xong {number(what.done)}, phải để lại {number(what.failed)}."
    return {
        Ended.ALREADY: "lượt này đã làm từ trước.",
        Ended.BUSY: "nơi khác đang làm.",
        Ended.LATER: "vừa hỏng, sẽ tự thử lại sau ít phút.",
    }.get(turn.ended, f"HỎNG: {turn.error}")
