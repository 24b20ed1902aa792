"""A registration that is not made yet: its due date with the working, its papers, fees and first agency.

The engine decides it in memory, so the date shown is the date that will be promised, to the minute, as long
as the same minute lasts. Nothing is written and no number is taken.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from workflows.commands import Register
from workflows.definitions.conditions import holds
from workflows.engine.decide import register as decide_register
from workflows.engine.draft import Actor
from workflows.engine.facts import with_defaults
from workflows.engine.plan import Plan
from workflows.engine.state import State
from workflows.office import Office
from workflows.service import plan_for
from workflows.views.explaining import working_of
from workflows.views.models import Explanation, Named

NOBODY = UUID(int=0)
"""Stands for the applicant, whose name no date depends on."""


class PaperAsked(BaseModel):
    """A paper the procedure asks for in this case."""

    id: str
    name: str
    originals: int
    copies: int
    required: bool
    form: str


class FeeAsked(BaseModel):
    """A fee of this case, in đồng."""

    id: str
    name: str
    amount: int
    unit: str


class Preview(BaseModel):
    """What a registration would lead to."""

    procedure: Named
    version: int
    due_at: datetime | None = Field(description="Giờ, ngày hẹn trả; không có khi thời hạn chưa bắt đầu")
    provisional: bool
    explanation: Explanation | None
    starts_when: Named | None = Field(description="Cơ quan mà khi nhận hồ sơ thì thời hạn mới bắt đầu")
    competent: Named
    first: Named | None = Field(description="Cơ quan làm bước đầu tiên")
    papers: list[PaperAsked]
    fees: list[FeeAsked]
    fees_total: int | None = Field(description="Tổng số tiền; không có khi còn khoản tính theo số lượng")


def preview(
    office: Office, connection: Connection, command: Register, actor: Actor, at: datetime, applicant_kind: str
) -> Preview:
    """What registering this now would lead to; refused as the registration itself would be."""
    reference = office.reference(connection)
    desk = command.desk or actor.agency or ""
    day = reference.calendars.reception(reference.directory, desk).to_local(at).date()
    plan = plan_for(office, connection, command, day, reference)
    decision = decide_register(
        office.env(connection, plan, reference),
        NOBODY,
        command.model_copy(update={"accept": True, "papers": ()}),
        actor,
        at,
        code="",
        applicant_kind=applicant_kind,
    )
    state = decision.state
    promise = state.judged_promise()
    explanation = None
    if promise is not None and promise.limit is not None:
        explanation = working_of(state, promise, plan, reference.calendars)

    def named(code: str) -> Named:
        return Named(code=code, name=reference.directory.name(code))

    first = next(iter(state.tasks.values()), None)
    trigger = state.clock.trigger if promise is None else None
    fees = fees_of(plan, facts_of(state))
    return Preview(
        procedure=Named(code=plan.definition.code, name=plan.definition.name),
        version=plan.definition.version,
        due_at=promise.due_at if promise is not None else None,
        provisional=promise.provisional if promise is not None else False,
        explanation=explanation,
        starts_when=named(trigger) if trigger is not None else None,
        competent=named(state.competent),
        first=named(first.agency) if first is not None else None,
        papers=papers_of(plan, facts_of(state)),
        fees=fees,
        fees_total=None if any(fee.unit for fee in fees) else sum(fee.amount for fee in fees),
    )


def facts_of(state: State) -> dict[str, Any]:
    """What conditions of the definition may ask about a case."""
    return {**state.facts, "channel": state.channel, "applicant": state.applicant_kind}


def facts_before(plan: Plan, facts: dict[str, Any], channel: str, applicant_kind: str) -> dict[str, Any]:
    """The same for a case that is not registered yet."""
    return {**with_defaults(plan.definition, facts), "channel": channel, "applicant": applicant_kind}


def papers_of(plan: Plan, facts: dict[str, Any]) -> list[PaperAsked]:
    """The papers a case needs or may have."""
    return [
        PaperAsked(**paper.model_dump(include=set(PaperAsked.model_fields)))
        for paper in plan.definition.papers
        if holds(paper.when, facts)
    ]


def fees_of(plan: Plan, facts: dict[str, Any]) -> list[FeeAsked]:
    """The fees of a case."""
    return [
        FeeAsked(**fee.model_dump(include=set(FeeAsked.model_fields)))
        for fee in plan.definition.fees
        if holds(fee.when, facts)
    ]
