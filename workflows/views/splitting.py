"""How a lateness is split among agencies: as settled, or as it would be if the dossier were finished now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from sla.attribution import split
from sla.deadline import is_late
from workflows.engine.legs import Way, counted_minutes, way
from workflows.engine.measures import to_minute
from workflows.engine.plan import Plan
from workflows.engine.state import Promise, State
from workflows.office import Office, Reference
from workflows.service import load
from workflows.views.models import Named, ShareRead


class LegRead(BaseModel):
    """A stretch of counted time of one agency on one step."""

    agency: Named
    step: str
    used: int = Field(description="Số phút đã dùng")
    allotted: int = Field(description="Số phút được phân bổ; 0 khi bước này đã được tính ở lần trước")


class LatenessRead(BaseModel):
    """A lateness and its parts; the parts add up to the whole."""

    promise: int | None = Field(description="Số lịch hẹn; không có khi hồ sơ không trễ")
    settled: bool = Field(description="Đã chốt; chưa: tính như thể xong lúc này")
    minutes: int
    shares: list[ShareRead]
    legs: list[LegRead] = Field(description="Thời gian từng cơ quan đã dùng trên đường đi của hồ sơ")


def lateness(office: Office, connection: Connection, dossier_id: UUID, at: datetime) -> LatenessRead:
    """The lateness of a dossier's judged promise at ``at``. Raises ``NotFound`` (``dossier_unknown``)."""
    state = load(connection, dossier_id).state
    plan = office.plan(connection, state.procedure, state.version)
    return lateness_of(office.reference(connection), state, plan, at)


def lateness_of(reference: Reference, state: State, plan: Plan, at: datetime) -> LatenessRead:
    """The lateness of the judged promise the dossier broke last, or is breaking."""
    promise = _broken(state.promises.values(), at)
    if promise is None:
        return LatenessRead(promise=None, settled=False, minutes=0, shares=[], legs=[])
    calendar = reference.calendars.processing(reference.directory, state.competent)
    until = promise.settled_at or at
    since = promise.base
    if promise.settled_at is None and state.clock.window_from is not None:
        since = max(since, state.clock.window_from)
    taken = way(state, calendar, promise.measure, since, until)
    names = _Names(reference.directory, plan)
    if promise.settled_at is not None:
        shares = [
            names.share(share["agency"], share["step"], share["minutes"], share["since"])
            for share in promise.shares
        ]
        minutes = promise.late_minutes or 0
    else:
        minutes = counted_minutes(state, calendar, promise.measure, to_minute(promise.due_at), until)
        shares = [
            names.share(slice_.agency, slice_.step, share.minutes, slice_.since)
            if (slice_ := taken.slices[share.leg] if share.leg is not None else None)
            else names.share(None, None, share.minutes, None)
            for share in split(taken.legs, minutes)
        ]
    return LatenessRead(
        promise=promise.no,
        settled=promise.settled_at is not None,
        minutes=minutes,
        shares=shares,
        legs=names.legs(taken),
    )


def _broken(promises: Iterable[Promise], at: datetime) -> Promise | None:
    late = [
        each
        for each in promises
        if each.judged and (each.broken_at or (each.status == "running" and is_late(at, each.due_at)))
    ]
    return late[-1] if late else None


class _Names:
    def __init__(self, directory: Directory, plan: Plan) -> None:
        self.directory, self.plan = directory, plan

    def share(
        self, agency: str | None, step: str | None, minutes: int, since: datetime | str | None
    ) -> ShareRead:
        return ShareRead.model_validate(
            {
                "agency": self.agency(agency) if agency else None,
                "step": self.step(step) if step else None,
                "minutes": minutes,
                "since": since,
            }
        )

    def legs(self, taken: Way) -> list[LegRead]:
        return [
            LegRead(
                agency=self.agency(leg.agency), step=self.step(leg.step), used=leg.used, allotted=leg.allotted
            )
            for leg in taken.legs
        ]

    def agency(self, code: str) -> Named:
        return Named(code=code, name=self.directory.name(code))

    def step(self, step_id: str) -> str:
        step = self.plan.steps.get(step_id)
        return step.name if step else step_id
