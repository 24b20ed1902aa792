"""The dossier page: everything about one dossier, now or as of any past instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.history.events import Link
from dossiers.people import repository as people
from sla.deadline import is_late
from sla.limits import parse_limit
from workflows.definitions.model import Fee
from workflows.engine.evolve import fold
from workflows.engine.fees import fees_of, is_settled
from workflows.engine.measures import measured
from workflows.engine.ownership import owner_of
from workflows.engine.plan import Plan
from workflows.engine.projection import status_of
from workflows.engine.state import Apology, Fault, OwnerKind, Promise, State, Task, TextRef
from workflows.office import Office
from workflows.views.desk_models import FeeRead, ReturnRead
from workflows.views.folded import Folded, fold_dossier
from workflows.views.issuing import official_behind
from workflows.views.models import (
    AlertRead,
    ApologyRead,
    ApplicantRead,
    DossierRead,
    EntryRead,
    FaultRead,
    Named,
    PauseRead,
    PaymentRead,
    PromiseRead,
    ShareRead,
    SpanRead,
    StatusRead,
    SupplementRead,
    TaskRead,
)

Texts = Mapping[str, Any]


def read_dossier(
    office: Office, connection: Connection, dossier_id: UUID, at: datetime, *, as_of: datetime | None = None
) -> DossierRead:
    """A dossier as it stands at ``at``, or as it stood at ``as_of`` by its history up to then.

    Raises ``NotFound`` (``dossier_unknown_then``) when it was not registered yet at ``as_of``.
    """
    return read_folded(connection, fold_dossier(office, connection, dossier_id, as_of), at, as_of=as_of)


def read_folded(
    connection: Connection, folded: Folded, at: datetime, *, as_of: datetime | None = None
) -> DossierRead:
    """The same of a dossier folded before."""
    state, reference = folded.state, folded.reference
    shown = _Shown(connection, state, folded.plan, reference.directory, folded.texts)
    calendar = reference.calendars.processing(reference.directory, state.competent)
    return shown.read(as_of or at, as_of, calendar)


def state_of(dossier_id: UUID, links: list[Link]) -> State:
    """The state after these links."""
    return fold(dossier_id, (link.event for link in links))


_OPINIONS = {"agrees": "nhất trí", "disagrees": "không nhất trí", "consent": "coi như nhất trí"}
"""What an opinion can be; its outcomes stand in no definition."""


def opinion_name(step: str, task: Task) -> str:
    """A task's name: an opinion asked by the way is not the step that asks for it."""
    return f"Cho ý kiến về bước “{step}”" if task.asked_by is not None else step


class _Shown:
    """Turns one state into what is shown of it."""

    def __init__(
        self, connection: Connection, state: State, plan: Plan, directory: Directory, texts: Texts
    ) -> None:
        self.connection, self.state, self.plan = connection, state, plan
        self.directory, self.texts = directory, texts

    def read(self, at: datetime, as_of: datetime | None, calendar: Any) -> DossierRead:
        state = self.state
        owner = owner_of(state)
        current = state.current_promise()
        running = current if current is not None and current.status != "suspended" else None
        open_ = not state.phase.is_closed
        left = None
        if running is not None and open_ and not state.clock.stage_done:
            ahead = measured(calendar, running.measure, at, running.due_at)
            left = ahead or -measured(calendar, running.measure, running.due_at, at)
        definition = self.plan.definition
        return DossierRead(
            id=state.id,
            code=state.code,
            seq=state.seq,
            as_of=as_of,
            procedure=Named(code=state.procedure, name=definition.name),
            version=state.version,
            phase=state.phase.value,
            status=StatusRead(code=status_of(state), name=status_of(state).label),
            channel=state.channel,
            applicant=self.applicant(state.applicant),
            representative=self.applicant(state.representative),
            desk=self.agency(state.desk),
            receiving=self.agency(state.receiving),
            competent=self.agency(state.competent),
            parent=state.parent,
            facts=state.facts,
            papers=state.papers,
            submitted_at=state.submitted_at,
            registered_at=state.registered_at,
            accepted_at=state.accepted_at,
            finished_at=state.finished_at,
            closed_at=state.closed_at,
            returned_at=state.returned_at,
            end=definition.ends[state.end].name if state.end in definition.ends else state.end,
            result=state.result,
            owner=owner.kind.value,
            holder=self.agency(owner.agency) if owner.agency and owner.kind is not OwnerKind.NOBODY else None,
            counting=owner.counted,
            due_at=running.due_at if running else None,
            provisional=running.provisional if running else False,
            late=self._late(at),
            minutes_left=left,
            tasks=[self.task(task) for task in state.tasks.values()],
            promises=[self.promise(promise) for promise in state.promises.values()],
            pauses=[
                PauseRead(**_fields(item, PauseRead) | {"owner": item.owner.value})
                for item in state.pauses.values()
            ],
            spans=[
                SpanRead(
                    owner=span.owner.kind.value,
                    agency=self.agency(span.owner.agency) if span.owner.agency else None,
                    task=span.owner.task,
                    counted=span.owner.counted,
                    since=span.since,
                    until=span.until,
                )
                for span in state.spans
            ],
            supplements=[
                SupplementRead(
                    **_fields(item, SupplementRead)
                    | {"agency": self.agency(item.agency), "content": self.text(item.content)}
                )
                for item in state.supplements.values()
            ],
            payments=[
                PaymentRead(
                    **_fields(item, PaymentRead)
                    | {"agency": self.agency(item.agency), "waived": item.waived is not None}
                    | {"reason": self.text(item.waived)}
                )
                for item in state.payments.values()
            ],
            fees=[self.fee(fee) for fee in fees_of(state, definition)],
            returned=self.returned(),
            alerts=[
                AlertRead(
                    dossier=state.code,
                    key=key,
                    kind=alert["kind"],
                    agency=self.agency(alert["agency"]),
                    task=alert["task"],
                    due_at=alert["due_at"],
                    raised_at=alert["at"],
                )
                for key, alert in state.alerts.items()
            ],
            apologies=[self.apology(item) for item in state.apologies.values()],
            faults=[self.fault(item) for item in state.faults.values()],
        )

    def _late(self, at: datetime) -> bool:
        judged = self.state.judged_promise()
        broken = any(item.judged and item.broken_at for item in self.state.promises.values())
        running = judged is not None and judged.status == "running" and not self.state.phase.is_closed
        return broken or (running and judged is not None and is_late(at, judged.due_at))

    def agency(self, code: str) -> Named:
        return Named(code=code, name=self.directory.name(code))

    def official(self, official_id: str | None) -> Named | None:
        if not official_id:
            return None
        return Named(code=official_id, name=self.directory.official_name(official_id))

    def text(self, ref: TextRef | None) -> str | None:
        row = self.texts.get(ref["text"]) if ref else None
        return row.body if row is not None else None

    def applicant(self, applicant_id: str | None) -> ApplicantRead | None:
        if applicant_id is None:
            return None
        row = people.get(self.connection, UUID(applicant_id))
        return ApplicantRead(**{name: getattr(row, name) for name in ApplicantRead.model_fields})

    def fee(self, fee: Fee) -> FeeRead:
        found = [item for item in self.state.payments.values() if item.fee == fee.id]
        paid = [item for item in found if item.confirmed_at is not None and not item.waived]
        return FeeRead(
            id=fee.id,
            name=fee.name,
            amount=fee.amount,
            unit=fee.unit,
            paid=sum(item.amount or 0 for item in paid),
            receipts=[item.receipt for item in paid],
            waived=any(item.waived is not None for item in found),
            reason=next((self.text(item.waived) for item in found if item.waived), None),
            settled=is_settled(self.state, fee),
        )

    def returned(self) -> ReturnRead | None:
        state = self.state
        if state.returned_at is None:
            return None
        known = {"applicant": state.applicant, "representative": state.representative}
        receiver = state.handover["receiver"]
        row = self.applicant(known.get(receiver or ""))
        proxy = {part: self.text(ref) for part, ref in (state.handover["proxy"] or {}).items()}
        return ReturnRead(
            at=state.returned_at,
            method=state.return_method or "direct",
            by=official_behind(self.directory, state.handover["by"]),
            receiver=receiver,
            name=row.name if row is not None else proxy.get("name"),
            paper=row.identity_no or None if row is not None else proxy.get("paper"),
            relation=proxy.get("relation"),
            signed=bool(state.handover["signed"]),
        )

    def task(self, task: Task) -> TaskRead:
        step = self.plan.steps.get(task.step)
        way = self.plan.outcome(step, task.outcome) if step and task.outcome else None
        limit = parse_limit(task.allotted) if task.allotted else None
        return TaskRead(
            **_fields(task, TaskRead)
            | {
                "name": opinion_name(step.name if step else task.step, task),
                "agency": self.agency(task.agency),
                "role_name": Role(task.role).label,
                "status": task.status.value,
                "allotted_name": limit.label if limit else None,
                "official": self.official(task.official),
                "outcome_name": way.name if way else _OPINIONS.get(task.outcome or ""),
                "outcomes": [Named(code=item.id, name=item.name) for item in step.ways]
                if step and task.is_live and task.asked_by is None
                else [],
            }
        )

    def promise(self, promise: Promise) -> PromiseRead:
        shares = [
            ShareRead(
                agency=self.agency(share["agency"]) if share["agency"] else None,
                step=share["step"],
                minutes=share["minutes"],
                since=share["since"],
            )
            for share in promise.shares
        ]
        return PromiseRead(**_fields(promise, PromiseRead) | {"shares": shares})

    def apology(self, apology: Apology) -> ApologyRead:
        return ApologyRead(
            **_fields(apology, ApologyRead)
            | {
                "dossier": self.state.code,
                "agency": self.agency(apology.agency),
                "holder": self.agency(apology.holder),
                "reason": self.text(apology.reason),
                "signed_by": self.official(apology.signed_by),
            }
        )

    def fault(self, fault: Fault) -> FaultRead:
        step = self.plan.steps.get(fault.step or "")
        return FaultRead(
            **_fields(fault, FaultRead)
            | {
                "dossier": self.state.code,
                "agency": self.agency(fault.agency),
                "step": step.name if step else fault.step,
                "head": self.official(fault.head),
                "up_agency": self.agency(fault.up_agency) if fault.up_agency else None,
                "up_head": self.official(fault.up_head),
                "entries": [
                    EntryRead(
                        no=entry.no,
                        kind=entry.kind,
                        at=entry.at,
                        actor=entry.by or "",
                        minutes=entry.minutes,
                        text=self.text(entry.text),
                    )
                    for entry in fault.entries
                ],
            }
        )


def _fields(item: Any, model: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in model.model_fields if hasattr(item, name)}
