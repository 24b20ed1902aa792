"""What a run leaves to read in Prefect: what it found, and the late list with links. No personal data.

Prefect's record is for looking. Whoever may open its pages is not thereby allowed to know applicants, so
only codes, agencies and numbers are written; the links lead to where the office itself asks who is there.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Any

import anyio.to_thread
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from dossiers.core import clock
from dossiers.core.settings import settings
from workflows.duties.doing import Ended, Turn
from workflows.duties.models import Done, Duty
from workflows.duties.pace import VIETNAM
from workflows.duties.standing import SWEEP
from workflows.flows.offices import own_office
from workflows.views.late import late
from workflows.views.lists import Filter
from workflows.views.sight import EVERYTHING

log = logging.getLogger(__name__)

LATE_LIST = "ho-so-qua-hen"
SHOWN = 50
"""How many late dossiers the table names."""

_SAID = {
    Ended.DONE: "Đã làm",
    Ended.FAILED: "Không làm được",
    Ended.ALREADY: "Đã có nơi khác làm",
    Ended.BUSY: "Nơi khác đang làm",
    Ended.LATER: "Vừa hỏng, để lượt sau làm lại",
}


def told(duty: Duty, turn: Turn) -> str:
    """The run in a sentence."""
    due = f"{turn.slot.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}"
    words = f"{duty.title}, lượt {due}: {_SAID[turn.ended].lower()}"
    if turn.ended is Ended.FAILED:
        return f"{words}. {turn.error}"
    if turn.what is not None:
        what = turn.what
        return f"{words}. Xem {what.looked_at}, xong {what.done}, gác lại {what.failed}."
    return f"{words}."


async def leave_notes(duty: Duty, turn: Turn) -> None:
    """Write down what the run found. A note that cannot be written undoes nothing."""
    if turn.ended is Ended.FAILED:
        await _leave(duty, turn, Done())
    elif turn.what is not None and (turn.what.looked_at or turn.what.done or turn.what.failed):
        await _leave(duty, turn, turn.what)


async def _leave(duty: Duty, turn: Turn, what: Done) -> None:
    try:
        await acreate_markdown_artifact(_as_markdown(duty, turn, what), key=duty.name.replace("_", "-"))
        if duty.name == SWEEP and turn.ended is Ended.DONE:
            rows = await anyio.to_thread.run_sync(partial(late_rows, SHOWN))
            if rows:
                await acreate_table_artifact(
                    rows, key=LATE_LIST, description=f"{SHOWN} hồ sơ quá hẹn lâu nhất; mở liên kết để xem"
                )
    except Exception:
        log.warning("%s: its note could not be left", duty.name, exc_info=True)


def late_rows(size: int) -> list[dict[str, Any]]:
    """The longest overdue dossiers, each with a link to its page."""
    address = settings().public_url.rstrip("/")
    at = clock.now()
    with own_office() as office, office.database.reading() as connection:
        found = late(office, connection, at, Filter(EVERYTHING), size=size).items
    return [
        {
            "Hồ sơ": f"[{line.code}]({address}/dossiers/{line.code})",
            "Thủ tục": line.procedure.code,
            "Hẹn trả": _instant(line.judged_due_at),
            "Quá hẹn (phút làm việc)": line.minutes_past,
            "Đang ở": line.holder.name if line.holder else "",
            "Thư xin lỗi": line.apology or "",
        }
        for line in found
    ]


def _instant(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else ""


def _as_markdown(duty: Duty, turn: Turn, what: Done) -> str:
    lines = [f"## {duty.title}", "", told(duty, turn), ""]
    lines += [f"- {name}: {_plain(value)}" for name, value in what.found.items() if value]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value)
