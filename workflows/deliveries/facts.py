"""What a message says: read from the history up to the event that owes it, the same at every try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.canonical import read_instant
from dossiers.core.errors import NotFound
from dossiers.history import repository as history
from dossiers.history.events import Event, Link
from dossiers.people import contacts
from dossiers.people.contacts import Contact
from sla.lines import moment
from sla.working_time import WorkingCalendar
from workflows.engine.effects import Topic
from workflows.engine.evolve import evolve
from workflows.engine.state import State
from workflows.office import Office, Reference
from workflows.views.letters import letter_token

DISPOSED = "(nội dung đã được tiêu huỷ)"

_FAULTS = {
    "vi": {
        "late": "trễ hẹn",
        "broken_reappointment": "trễ cả ngày hẹn lại",
        "unsigned_apology": "không ký thư xin lỗi đúng hạn",
    },
    "en": {
        "late": "the appointment was broken",
        "broken_reappointment": "the further appointment was broken too",
        "unsigned_apology": "the letter of apology was not signed in time",
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """A message with its dossier, as it stood when the message was owed (``then``) and as it stands."""

    row: Any
    topic: Topic
    event: Event
    links: list[Link]
    then: State
    now: State
    reference: Reference
    calendar: WorkingCalendar

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the event says."""
        return self.event.payload


def read_case(office: Office, connection: Connection, row: Any) -> Case:
    """The case behind a message. ``NotFound`` (``dossier_unknown``) when its history is gone."""
    links = history.links_of(connection, row.dossier_id)
    event = next((link.event for link in links if link.event.seq == row.seq), None)
    if event is None:
        raise NotFound("Không có hồ sơ này.", code="dossier_unknown", where=str(row.dossier_id))
    then, now = State(row.dossier_id), State(row.dossier_id)
    for link in links:
        evolve(now, link.event)
        if link.event.seq <= row.seq or link.event.at == event.at:
            evolve(then, link.event)
    reference = office.reference(connection)
    calendar = reference.calendars.reception(reference.directory, row.agency)
    return Case(row, Topic(row.topic), event, links, then, now, reference, calendar)


def contact_of(connection: Connection, case: Case, at: datetime) -> Contact:
    """Who is told and where. Of an office the one who heads it at ``at``; nobody when the post is vacant.

    When the applicant of a dossier was corrected meanwhile, the right one is told.
    """
    kind, _, name = case.row.recipient.partition(":")
    if kind == "applicant":
        then, now = case.then, case.now
        told = now.representative or now.applicant if name in (then.representative, then.applicant) else name
        return contacts.of_applicant(connection, UUID(told or name))
    directory, official = case.reference.directory, name
    if kind == "head":
        official = directory.head_at(name, at).official or ""
    elif kind == "superior":
        above = directory.superior_head_at(name, at)
        official = (above.official if above else None) or ""
    return contacts.of_official(connection, official, directory.official_name(official))


def overtaken(case: Case) -> bool:
    """Whether what the message asks for or says no longer holds, so that telling it now would mislead."""
    check = _OVERTAKEN.get(case.topic)
    return check is not None and check(case.now, case.payload)


_OVERTAKEN: dict[Topic, Any] = {
    Topic.REGISTERED: lambda now, p: now.accepted_at is not None or now.phase.is_closed,
    Topic.APPOINTMENT: lambda now, p: now.promises[p["promise"]].status == "superseded",
    Topic.APPOINTMENT_CHANGED: lambda now, p: now.promises[p["promise"]].status == "superseded",
    Topic.SUPPLEMENT: lambda now, p: not now.supplements[p["no"]].is_open or now.phase.is_closed,
    Topic.PAYMENT: lambda now, p: now.payments[p["no"]].confirmed_at is not None or now.phase.is_closed,
    Topic.NEARLY_DUE: lambda now, p: now.phase.is_closed or now.promises[p["ref"]].status != "running",
    Topic.STEP_OVERDUE: lambda now, p: not now.tasks[p["ref"]].is_live,
    Topic.NOT_ACKNOWLEDGED: lambda now, p: bool(
        now.handoffs[p["ref"]].received_at or now.handoffs[p["ref"]].sent_back_at or now.phase.is_closed
    ),
    Topic.APOLOGY_TO_SIGN: lambda now, p: not now.apologies[p["no"]].is_open,
}


def facts_of(
    office: Office, connection: Connection, case: Case, contact: Contact, public_url: str
) -> dict[str, str]:
    """What the templates may say, by name; what there is not is empty."""
    then, payload, directory = case.then, case.payload, case.reference.directory
    plan = office.plan(connection, then.procedure, then.version)
    desk = _agency(case, then.desk)
    sender = _agency(case, case.row.agency)
    task = then.tasks.get(payload.get("task") or 0)
    step = plan.steps.get(task.step) if task is not None else None
    promise = then.promises.get(payload.get("promise") or 0) or then.current_promise()
    facts = {
        "to": contact.name or directory.name(case.row.recipient.partition(":")[2]),
        "address": contact.address,
        "code": then.code,
        "procedure": plan.definition.name,
        "sender": sender[0],
        "phone": sender[1],
        "desk": desk[0],
        "desk_address": desk[2],
        "link": f"{public_url.rstrip('/')}/public/{then.code}",
        "letter": "",
        "due": _moment(case, promise.due_at) if promise is not None else "",
        "old_due": "",
        "until": _moment(case, _until(case)),
        "content": _content(connection, case),
        "amount": f"{payload['amount']:,} đồng".replace(",", ".") if payload.get("amount") else "",
        "holder": directory.name(payload.get("agency") or then.desk),
        "step": step.name if step is not None else "",
        "number": str(payload.get("no", "")),
        "fault": _FAULTS["en" if contact.language == "en" else "vi"].get(str(payload.get("kind")), ""),
    }
    if case.topic is Topic.APPOINTMENT_CHANGED and promise is not None:
        before = then.promises.get(promise.supersedes or 0)
        facts["old_due"] = _moment(case, before.due_at if before else None)
    if case.topic is Topic.APOLOGY:
        apology = then.apologies[payload["no"]]
        facts["due"] = _moment(case, apology.new_due_at)
        facts["old_due"] = _moment(case, then.promises[apology.promise].due_at)
        token = letter_token(then, apology, case.links)
        facts["letter"] = f"{public_url.rstrip('/')}/public/letters/{token}"
    return facts


def _agency(case: Case, code: str) -> tuple[str, str, str]:
    """Name, telephone and address of an agency; its code when it is not known here."""
    directory = case.reference.directory
    try:
        agency = directory.agency(code)
    except NotFound:
        return code, "", ""
    return agency.name, agency.phone, agency.address


def _until(case: Case) -> datetime | None:
    payload = case.payload
    text = payload.get("cap_at") or payload.get("sign_by")
    if case.topic is Topic.STEP_OVERDUE:
        return case.then.tasks[payload["ref"]].due_at
    if case.topic is Topic.NOT_ACKNOWLEDGED:
        return case.then.handoffs[payload["ref"]].acknowledge_by
    return read_instant(text) if text else None


def _content(connection: Connection, case: Case) -> str:
    """The free text of the event: what is missing, or the reason."""
    ref = case.payload.get("content") or case.payload.get("reason")
    if not isinstance(ref, dict) or "text" not in ref:
        return ""
    row = history.texts_of(connection, case.row.dossier_id).get(ref["text"])
    return str(row.body).strip() if row is not None else DISPOSED


def _moment(case: Case, at: datetime | None) -> str:
    return "" if at is None else moment(case.calendar.to_local(at))
