"""The control slip (form 06) and the register book (form 07), derived from history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from dossiers.history import repository as history
from dossiers.people.models import ApplicantRow
from dossiers.procedures.models import ProcedureVersionRow
from dossiers.records.models import DossierRow
from workflows.engine.kinds import Kind
from workflows.office import Office
from workflows.views.dossier import state_of
from workflows.views.issuing import official_behind
from workflows.views.models import BookLine, ControlSlip, Named, SlipLine
from workflows.views.sight import Sight


def control_slip(office: Office, connection: Connection, dossier_id: UUID) -> ControlSlip:
    """Who gave the file to whom, when, and what the receiver said of the step before."""
    links = history.links_of(connection, dossier_id)
    state = state_of(dossier_id, links)
    definition = office.plan(connection, state.procedure, state.version).definition
    directory = office.reference(connection).directory
    texts = history.texts_of(connection, dossier_id)
    senders = {
        link.event.payload["handoff"]: link.event.actor for link in links if link.event.kind == Kind.SENT
    }

    def named(code: str) -> Named:
        return Named(code=code, name=directory.name(code))

    agencies = list(dict.fromkeys(task.agency for task in state.tasks.values()))
    first = next(iter(state.promises.values()), None)
    return ControlSlip(
        form=definition.forms.get("control_slip", "06"),
        code=state.code,
        procedure=Named(code=state.procedure, name=definition.name),
        agency=named(state.competent),
        coordinating=[named(code) for code in agencies if code not in (state.competent, state.desk)],
        received_at=state.accepted_at,
        due_at=first.due_at if first else None,
        lines=[
            SlipLine(
                no=item.no,
                giver=named(item.from_agency),
                receiver=named(item.to_agency),
                sent_at=item.sent_at,
                received_at=item.received_at,
                given_by=official_behind(directory, senders.get(item.no)),
                received_by=directory.official_name(item.received_by) or None,
                verdict=item.verdict,
                note=_note(item.reason, texts),
            )
            for item in state.handoffs.values()
        ],
    )


def _note(reason: dict[str, str] | None, texts: dict[str, object]) -> str | None:
    row = texts.get(reason["text"]) if reason else None
    return str(getattr(row, "body", "")) or None if row is not None else None


def book(
    office: Office,
    connection: Connection,
    desk: str,
    since: datetime,
    until: datetime,
    *,
    field: str | None = None,
    sight: Sight,
    size: int = 1000,
) -> list[BookLine]:
    """The register book of a desk for a period, in order of reception; ``field`` keeps one sector.

    Raises ``NotFound`` (``agency_unknown``) and ``NotAllowed`` (``agency_out_of_sight``).
    """
    directory = office.reference(connection).directory
    statement = (
        select(
            *DossierRow.__table__.c,
            ApplicantRow.name.label("applicant_name"),
            ApplicantRow.address,
            ApplicantRow.phone,
            ProcedureVersionRow.name.label("procedure_name"),
        )
        .join(ApplicantRow, ApplicantRow.id == DossierRow.applicant)
        .join(
            ProcedureVersionRow,
            (ProcedureVersionRow.code == DossierRow.procedure)
            & (ProcedureVersionRow.version == DossierRow.version),
        )
        .where(DossierRow.desk.in_(sight.below(directory, desk)))
        .where(DossierRow.registered_at >= since, DossierRow.registered_at < until)
        .order_by(DossierRow.registered_at, DossierRow.id)
        .limit(size)
    )
    if field is not None:
        statement = statement.where(ProcedureVersionRow.field == field)
    return [
        BookLine(
            no=number,
            code=row.code,
            procedure=Named(code=row.procedure, name=row.procedure_name),
            applicant=row.applicant_name,
            address_or_phone=" / ".join(filter(None, (row.address, row.phone))),
            agency=Named(code=row.competent, name=directory.name(row.competent)),
            received_at=row.accepted_at or row.registered_at,
            due_at=row.judged_due_at,
            returned_at=row.returned_at,
            return_method=row.return_method,
        )
        for number, row in enumerate(connection.execute(statement), start=1)
    ]
