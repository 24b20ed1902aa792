"""Registering on one page: what the page shows for a sheet, and the registration it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.deps import Call
from api.dossiers.carrying import Manner, carry_out
from api.dossiers.schemas import ReceiptRead
from api.rooms.desk.sheet import Sheet, asked_facts
from api.web.acting import command_of
from dossiers.core.errors import BadInput, Conflict, MotcuaError
from dossiers.core.said import Said, joined
from dossiers.core.searching import searchable
from dossiers.documents import repository as documents
from dossiers.people import repository as people
from workflows import service
from workflows.commands import Attach, FileIn, Register
from workflows.definitions.model import Channel, Definition
from workflows.engine.plan import Plan
from workflows.views.choosing import ProcedureChoice, procedures_for
from workflows.views.files import EarlierFile, FileRead, earlier_files, waiting_files
from workflows.views.preview import NOBODY, PaperAsked, Preview, facts_before, papers_of, preview

CHANNELS = {
    Channel.DIRECT: Said("Trực tiếp"),
    Channel.ONLINE: Said("Trực tuyến"),
    Channel.POSTAL: Said("Bưu chính"),
    Channel.KIOSK: Said("Ki-ốt"),
}


@dataclass(slots=True)
class Desk:
    """Who works at which desk, in one reading or writing."""

    call: Call
    connection: Connection

    @property
    def agency(self) -> str:
        """The desk."""
        return self.call.actor.agency or ""

    def plan(self, procedure: str) -> Plan:
        """The version of a procedure that a registration now goes by."""
        reference = self.call.office.reference(self.connection)
        calendar = reference.calendars.reception(reference.directory, self.agency)
        version = reference.version_in_force(procedure, calendar.to_local(self.call.at).date())
        return self.call.office.plan(self.connection, procedure, version)

    def choices(self, words: str, limit: int = 12) -> list[ProcedureChoice]:
        """Procedures by words, the most used first."""
        return procedures_for(
            self.call.office, self.connection, self.call.at, self.agency, words, limit=limit
        )

    def files(self, tray: str) -> list[FileRead]:
        """What waits in the tray of a sheet."""
        return waiting_files(self.call.office, self.connection, self.call.actor, tray)


def page_context(desk: Desk, sheet: Sheet) -> dict[str, Any]:
    """Everything the page shows for a sheet."""
    procedure = sheet.get("procedure")
    context: dict[str, Any] = {"sheet": sheet, "definition": None, "found": matches(desk, sheet)}
    if not procedure:
        return context | {"choices": desk.choices(sheet.get("q"))}
    plan = desk.plan(procedure)
    definition = plan.definition
    shown, refusal = tried(desk, sheet, definition)
    files = desk.files(sheet.get("tray"))
    asked = asked_papers(plan, sheet)
    return context | {
        "definition": definition,
        "preview": shown,
        "refusal": refusal,
        "facts": asked_facts(definition),
        "said": facts_before(plan, sheet.facts(definition), sheet.channel, sheet.applicant_kind),
        "papers": asked,
        "counts": sheet.counts(definition),
        "files": files,
        "missing": missing_papers(asked, sheet, definition, files),
        "offers": offers(desk, sheet, asked),
        "channels": {
            channel.value: CHANNELS[channel]
            for channel in Channel
            if channel in definition.channels or channel is Channel.KIOSK
        },
        "elsewhere": elsewhere(desk, definition),
        "to_bind": to_bind(desk, definition, refusal, sheet),
    }


def tried(desk: Desk, sheet: Sheet, definition: Definition) -> tuple[Preview | None, MotcuaError | None]:
    """What registering now would lead to, or why it would be refused."""
    try:
        command = command_of("register", {**_case(sheet, definition), "applicant": NOBODY})
        assert isinstance(command, Register)
        shown = preview(
            desk.call.office, desk.connection, command, desk.call.actor, desk.call.at, sheet.applicant_kind
        )
    except MotcuaError as error:
        return None, error
    return shown, None


def _case(sheet: Sheet, definition: Definition) -> dict[str, Any]:
    """What a registration says of the case, person and papers apart."""
    return {
        "procedure": definition.code,
        "channel": sheet.channel,
        "serves": sheet.get("serves"),
        "facts": sheet.facts(definition),
        "bindings": sheet.bindings(definition),
        "submitted_at": sheet.submitted_at(),
        "received_at": sheet.submitted_at(),
    }


def asked_papers(plan: Plan, sheet: Sheet) -> list[PaperAsked]:
    """The papers this case needs or may have."""
    facts = sheet.facts(plan.definition)
    return papers_of(plan, facts_before(plan, facts, sheet.channel, sheet.applicant_kind))


def missing_papers(
    asked: Sequence[PaperAsked], sheet: Sheet, definition: Definition, files: Sequence[FileRead]
) -> list[PaperAsked]:
    """Required papers of which nothing was handed in, neither on paper nor as a file."""
    counts, shown = sheet.counts(definition), {file.paper for file in files}
    return [
        paper for paper in asked if paper.required and counts[paper.id] == (0, 0) and paper.id not in shown
    ]


def matches(desk: Desk, sheet: Sheet) -> list[Any] | None:
    """People with the number looked for; None when nobody was looked for."""
    number = sheet.get("number")
    return people.find_people(desk.connection, number) if number else None


def earlier_of(desk: Desk, sheet: Sheet) -> list[EarlierFile]:
    """Papers the applicant handed in before."""
    try:
        known = UUID(sheet.get("a.id"))
    except ValueError:
        return []
    number = sheet.get("a.identity_no")
    return earlier_files(desk.call.office, desk.connection, desk.call.actor, known, number)


def offers(desk: Desk, sheet: Sheet, asked: Sequence[PaperAsked]) -> dict[str, list[EarlierFile]]:
    """By paper, the files of the same paper that the applicant handed in before."""
    earlier = earlier_of(desk, sheet)
    return {
        paper.id: [
            file
            for file in earlier
            if file.paper == paper.id or searchable(file.paper_name) == searchable(paper.name)
        ]
        for paper in asked
    }


def elsewhere(desk: Desk, definition: Definition) -> list[tuple[str, str]]:
    """Places a dossier may be received for: of the kind that receives this procedure."""
    kind = definition.participants[definition.receiving].kind
    directory = desk.call.office.reference(desk.connection).directory
    return [
        (agency.code, agency.name)
        for agency in directory.agencies()
        if agency.kind == kind and not agency.closed and agency.code != desk.agency
    ]


def to_bind(
    desk: Desk, definition: Definition, refusal: MotcuaError | None, sheet: Sheet
) -> dict[str, list[tuple[str, str]]]:
    """Participants the desk must choose, or has chosen: those that could not be found in the tree."""
    keys = set(sheet.bindings(definition))
    if refusal is not None and refusal.code in ("participant_ambiguous", "participant_unresolved"):
        keys.add(refusal.where)
    directory = desk.call.office.reference(desk.connection).directory
    return {
        key: [
            (agency.code, agency.name)
            for agency in directory.agencies()
            if agency.kind == participant.kind and not agency.closed
        ]
        for key, participant in definition.participants.items()
        if key in keys
    }


def confirm(call: Call, sheet: Sheet, *, accept: bool) -> ReceiptRead:
    """Register what the sheet says, with the files of its tray, in one transaction.

    Raises ``BadInput`` with ``details["fields"]``, ``Conflict`` (``papers_missing``) and what the engine
    refuses.
    """
    with call.reading() as connection:
        desk = Desk(call, connection)
        plan = desk.plan(sheet.get("procedure"))
        files = desk.files(sheet.get("tray"))
        missing = missing_papers(asked_papers(plan, sheet), sheet, plan.definition, files)
        fields = _case(sheet, plan.definition) | {
            "applicant": sheet.person(connection, "a"),
            "representative": sheet.person(connection, "r") if sheet.has_person("r") else None,
            "papers": papers_in(connection, sheet, plan.definition, files),
            "accept": accept,
        }
        if not accept:
            fields["received_at"] = None
    command = command_of("register", fields)
    if sheet.errors:
        raise BadInput("Một số ô nhập chưa đúng; sửa các ô được đánh dấu rồi gửi lại.")
    if accept and missing:
        raise Conflict(
            Said("Hồ sơ còn thiếu: {missing}.", missing=joined("; ", (paper.name for paper in missing))),
            code="papers_missing",
            where="papers",
            hint="Nhận đủ rồi tiếp nhận, hoặc đăng ký chưa tiếp nhận và lập phiếu yêu cầu bổ sung.",
        )

    def attach(connection: Connection, dossier_id: UUID) -> None:
        attach_tray(call, connection, dossier_id, sheet.get("tray"), plan.definition)

    return carry_out(call, command, Manner(key=sheet.get("key") or None, then=attach))


def papers_in(
    connection: Connection, sheet: Sheet, definition: Definition, files: Sequence[FileRead]
) -> list[dict[str, Any]]:
    """The papers handed in, on paper or as files, with the dossier they were used in before."""
    counts = sheet.counts(definition)
    sources = _sources(connection, files)
    given = [
        paper.id
        for paper in definition.papers
        if counts[paper.id] != (0, 0) or any(file.paper == paper.id for file in files)
    ]
    return [
        {
            "id": paper,
            "originals": counts[paper][0],
            "copies": counts[paper][1],
            "reused_from": sources.get(paper),
        }
        for paper in given
    ]


def _sources(connection: Connection, files: Sequence[FileRead]) -> dict[str, str]:
    """By paper, the code of the dossier its file comes from."""
    found = documents.codes_of_sources(connection, [file.id for file in files if file.reused])
    return {file.paper: found[file.id] for file in files if file.paper and file.id in found}


def attach_tray(
    call: Call, connection: Connection, dossier_id: UUID, tray: str, definition: Definition
) -> None:
    """Attach what waits in a tray; a file meant for a paper the procedure does not ask for stands beside."""
    known = {paper.id for paper in definition.papers}
    waiting = documents.in_tray(connection, call.actor.label, tray)
    if waiting:
        files = tuple(FileIn(id=row.id, paper=row.paper if row.paper in known else None) for row in waiting)
        service.execute(call.office, connection, dossier_id, Attach(files=files), call.actor, call.at)
