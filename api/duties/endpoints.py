"""Standing duties as data: how each fares, doing one now, trying again what was put aside."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import Administrator, Call, Code, Passing, TopAdministrator
from api.duties.schemas import DutyAsked, DutyWhole, TriedAgain
from api.duties.service import duties_of, run_now
from api.paging import ListRead
from dossiers.records import repository as records
from workflows.duties.reading import DutyRead, duties_read, runs_read
from workflows.duties.standing import duty_named
from workflows.sweep import try_again

router = APIRouter(tags=["office"])

Name = Annotated[str, Path(description="Mã của việc định kỳ", max_length=40, pattern=r"^[a-z_-]+$")]


@router.get("/duties", summary="Việc định kỳ")
def list_duties(call: Administrator) -> ListRead[DutyRead]:
    """When each last ran and what it met, when it is next, and whether it has stopped."""
    with call.reading() as connection:
        return ListRead(items=duties_read(connection, duties_of(call.settings), call.at))


@router.get("/duties/{duty}", summary="Một việc định kỳ và các lượt gần đây")
def get_duty(duty: Name, call: Administrator) -> DutyWhole:
    """One duty with its latest runs: when due, when begun and done, how long, what it found."""
    known = duty_named(duties_of(call.settings), duty)
    with call.reading() as connection:
        fields = duties_read(connection, [known], call.at)[0].model_dump()
        return DutyWhole(**fields, runs=runs_read(connection, known))


@router.post("/duties/{duty}/run", summary="Làm một việc định kỳ ngay")
def run_duty(duty: Name, call: TopAdministrator, passing: Passing) -> DutyAsked:
    """Do it now. What is done day by day is only brought up to date: no day is done twice."""
    turn = run_now(call.office, duty_named(duties_of(call.settings), duty), call.at, passing)
    return DutyAsked(
        duty=turn.duty,
        slot=turn.slot,
        ended=turn.ended,
        looked_at=turn.what.looked_at if turn.what else 0,
        done=turn.what.done if turn.what else 0,
        failed=turn.what.failed if turn.what else 0,
        error=turn.error,
    )


@router.post("/sweep-failures/{code}/retry", summary="Thử lại một hồ sơ bị gác lại")
def retry_dossier(code: Code, call: Administrator) -> TriedAgain:
    """Let the monitor look at a dossier that was put aside, now rather than within the hour."""
    return retry(call, code)


def retry(call: Call, code: str) -> TriedAgain:
    """Try a dossier again; says why when it still cannot be handled."""
    with call.reading() as connection:
        dossier = call.find(connection, code)
    report = try_again(call.office, dossier, call.at)
    if not report.failed:
        return TriedAgain(dossier=code, ok=True, error="")
    with call.reading() as connection:
        reasons = {row.dossier_id: row.error for row in records.failures(connection)}
    return TriedAgain(dossier=code, ok=False, error=reasons.get(dossier, ""))
