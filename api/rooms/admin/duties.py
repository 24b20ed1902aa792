"""The page of standing duties: whether the office's heart beats, and what the monitor had to put aside."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.deps import Administrator, Code, Passing, TopAdministrator
from api.duties.endpoints import Name, retry
from api.duties.service import duties_of, run_now
from api.web.forms import Posted
from api.web.pages import go, show
from dossiers.core.said import Said
from dossiers.history import seals
from dossiers.records import repository as records
from workflows.duties.doing import Ended, Turn
from workflows.duties.reading import duties_read, runs_read
from workflows.duties.standing import duty_named
from workflows.views.sight import seen

router = APIRouter(prefix="/admin/duties")


def _note_of(turn: Turn) -> Said:
    """What came of a duty that was asked for."""
    if turn.ended is Ended.ALREADY:
        return Said("Lượt này đã làm từ trước; không có gì phải làm thêm.")
    if turn.what is None:
        return Said("Không làm được: {error}", error=turn.error)
    return Said(
        "Đã làm xong: xem {looked_at}, xong {done}, gác lại {failed}.",
        looked_at=turn.what.looked_at,
        done=turn.what.done,
        failed=turn.what.failed,
    )


@router.get("", name="admin_duties")
def get_duties_page(request: Request, call: Administrator) -> Response:
    """Every duty, and the dossiers put aside."""
    with call.reading() as connection:
        duties = duties_read(connection, duties_of(call.settings), call.at)
        rows = records.failures(connection)
        codes = seen(connection, [row.dossier_id for row in rows], call.sight(connection))
        seal = seals.latest(connection)
    failures = [(codes[row.dossier_id], row) for row in rows if row.dossier_id in codes]
    return show(request, "admin/duties.html", call, duties=duties, failures=failures, seal=seal, at=call.at)


@router.get("/{duty}", name="admin_duty")
def get_duty_page(request: Request, call: Administrator, duty: Name) -> Response:
    """One duty and its latest runs."""
    known = duty_named(duties_of(call.settings), duty)
    with call.reading() as connection:
        (read,), runs = duties_read(connection, [known], call.at), runs_read(connection, known)
    return show(request, "admin/duty.html", call, duty=read, runs=runs)


@router.post("/{duty}/run", name="admin_duty_run")
def post_run(call: TopAdministrator, duty: Name, passing: Passing, _form: Posted) -> Response:
    """Do a duty now."""
    turn = run_now(call.office, duty_named(duties_of(call.settings), duty), call.at, passing)
    return go("/admin/duties", note=_note_of(turn))


@router.post("/failures/{code}/retry", name="admin_retry")
def post_retry(
    call: Administrator, code: Annotated[Code, Path(description="Mã hồ sơ")], _form: Posted
) -> Response:
    """Try a dossier again that was put aside."""
    tried = retry(call, code)
    if tried.ok:
        return go("/admin/duties", note=Said("Hồ sơ {code} đã xử lý được.", code=code))
    note = Said("Hồ sơ {code} vẫn chưa xử lý được: {error}", code=code, error=tried.error)
    return go("/admin/duties", note=note)
