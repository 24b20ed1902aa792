"""The one writer: lock, load, decide, append, derive, commit.

Every command goes through ``register`` or ``execute``, inside a transaction the caller opened with
``Database.writing()``. Rows are derived in that same transaction; nothing else writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from dossiers.core.canonical import canonical_json, sha256_hex
from dossiers.core.errors import BadInput, Conflict, NotFound
from dossiers.core.ids import uuid7
from dossiers.core.said import Said
from dossiers.history import repository as history
from dossiers.history.events import GENESIS, Event, chain
from dossiers.numbering.service import next_code
from dossiers.records import repository as records
from workflows import applicants, papers
from workflows.commands import (
    Attach,
    Command,
    Correct,
    MemberClock,
    MemberClosed,
    Migrate,
    Register,
    RemoveFile,
)
from workflows.definitions.model import Definition
from workflows.deliveries.owing import owe
from workflows.engine.decide import Decision, decide
from workflows.engine.decide import register as decide_register
from workflows.engine.draft import SYSTEM, Actor
from workflows.engine.evolve import fold
from workflows.engine.kinds import Kind
from workflows.engine.plan import Plan
from workflows.engine.projection import DERIVED, Rows, rows
from workflows.engine.state import State
from workflows.office import Office, Reference

MOST_KEY = 128
"""How long a key under which a command is done once may be."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did. ``repeated`` when the same command under the same key had been done before; then
    there is no ``state`` (the dossier may have moved on)."""

    dossier_id: UUID
    code: str
    first_seq: int
    last_seq: int
    events: tuple[Event, ...] = ()
    repeated: bool = False
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A dossier as its history gives it, with the hash its next event must name."""

    state: State
    head_hash: str
    rows: Rows


def register(
    office: Office,
    connection: Connection,
    command: Register,
    actor: Actor,
    at: datetime,
    *,
    key: str | None = None,
    code: str | None = None,
    parent: UUID | None = None,
    parent_task: int | None = None,
) -> Receipt:
    """Register a dossier. ``code`` is given only when another system numbered it."""
    require_usable_key(key)
    digest = _digest(command, actor, None) if key is not None else ""
    repeated = _repeated(connection, key, digest)
    if repeated is not None:
        return repeated
    reference = office.reference(connection)
    desk = command.desk or actor.agency or ""
    local_day = _local_day(reference, desk, at)
    plan = plan_for(office, connection, command, local_day, reference)
    applicant_kind = applicants.kind_of(connection, command)
    command = applicants.with_kept(office, connection, command, at)
    dossier_id = uuid7(at, office.bits)
    decision = decide_register(
        office.env(connection, plan, reference),
        dossier_id,
        command,
        actor,
        at,
        code=code or next_code(connection, desk, local_day),
        applicant_kind=applicant_kind,
        parent=parent,
        parent_task=parent_task,
    )
    _write(office, connection, reference, decision, GENESIS, {})
    receipt = _receipt(decision)
    _remember(connection, key, digest, command, actor, at, receipt)
    _open_members(office, connection, decision, at)
    return receipt


def plan_for(
    office: Office, connection: Connection, command: Register, day: date, reference: Reference
) -> Plan:
    """The version a registration on a day goes by: the one asked for, or the one in force."""
    if command.version is None:
        version = reference.version_in_force(command.procedure, day)
    else:
        version = reference.published(command.procedure, command.version)
    return office.plan(connection, command.procedure, version)


def execute(
    office: Office,
    connection: Connection,
    dossier_id: UUID,
    command: Command,
    actor: Actor,
    at: datetime,
    *,
    key: str | None = None,
    expected_seq: int | None = None,
) -> Receipt:
    """Carry out a command on a dossier.

    ``expected_seq`` is the number of the last event the caller had seen: when others acted since, the command
    is refused (``changed_since``) and told what happened.
    """
    require_usable_key(key)
    digest = _digest(command, actor, dossier_id) if key is not None else ""
    _lock_line(connection, dossier_id)
    repeated = _repeated(connection, key, digest)
    if repeated is not None:
        return repeated
    loaded = load(connection, dossier_id)
    _refuse_if_changed(connection, dossier_id, loaded.state, expected_seq)
    waited = loaded.state.open_pause() is not None
    was_closed = loaded.state.phase.is_closed
    reference = office.reference(connection)
    plan = office.plan(connection, loaded.state.procedure, loaded.state.version)
    target = None
    if isinstance(command, Migrate):
        version = reference.published(loaded.state.procedure, command.to_version)
        target = office.plan(connection, loaded.state.procedure, version)
    if isinstance(command, Correct):
        command = applicants.with_kept(office, connection, command, at)
    if isinstance(command, Attach):
        command = papers.with_hashes(connection, command, actor.label)
    decision = decide(
        office.env(connection, plan, reference), loaded.state, command, actor, at, target=target
    )
    receipt = _receipt(decision)
    if decision.events:
        _write(office, connection, reference, decision, loaded.head_hash, loaded.rows)
        if isinstance(command, Attach | RemoveFile):
            papers.file_away(connection, dossier_id, command, at)
        _open_members(office, connection, decision, at)
        _tell_parent(office, connection, decision.state, at, waited=waited, was_closed=was_closed)
    _remember(connection, key, digest, command, actor, at, receipt)
    return receipt


def load(connection: Connection, dossier_id: UUID) -> Loaded:
    """Fold a dossier's history; ``NotFound`` (``dossier_unknown``) when there is none."""
    links = history.links_of(connection, dossier_id)
    if not links:
        raise NotFound("Không có hồ sơ này.", code="dossier_unknown", where=str(dossier_id))
    state = fold(dossier_id, (link.event for link in links))
    return Loaded(state, links[-1].hash, rows(state, links[-1].hash))


def find(connection: Connection, code: str) -> UUID:
    """The id behind a dossier code; ``NotFound`` (``dossier_unknown``) otherwise."""
    dossier_id = records.id_of(connection, code.strip().upper()) or records.id_of(connection, code.strip())
    if dossier_id is None:
        raise records.unknown(code)
    return dossier_id


def require_usable_key(key: str | None) -> None:
    """Refuse (``key_unusable``) an empty key, which all callers would share, and one too long to keep."""
    if key is not None and not 0 < len(key.strip()) <= len(key) <= MOST_KEY:
        raise BadInput(
            Said("Khoá chống gửi trùng để trống.")
            if not key.strip()
            else Said("Khoá chống gửi trùng quá dài."),
            code="key_unusable",
            where="key",
            hint=Said(
                "Đặt một khoá riêng cho từng lệnh, nhiều nhất {most_key} ký tự; hoặc không dùng khoá.",
                most_key=MOST_KEY,
            ),
        )


def _write(
    office: Office, connection: Connection, reference: Reference, decision: Decision, head: str, before: Rows
) -> None:
    dossier_id = decision.state.id
    links = chain(dossier_id, decision.events, head)
    after = rows(decision.state, links[-1].hash)
    history.append(connection, dossier_id, links)
    if decision.texts:
        texts = [(text.id, text.salt, text.body) for text in decision.texts]
        history.add_texts(connection, dossier_id, texts)
    records.write_changes(connection, DERIVED, dossier_id, before, after)
    owe(office, connection, [decision], reference)


def _receipt(decision: Decision) -> Receipt:
    state, events = decision.state, decision.events
    first = events[0].seq if events else state.seq
    return Receipt(state.id, state.code, first, state.seq, events, state=state)


def _digest(command: Command, actor: Actor, dossier_id: UUID | None) -> str:
    return sha256_hex(
        canonical_json([command.kind, command.model_dump(mode="json"), actor.label, str(dossier_id)])
    )


def _repeated(connection: Connection, key: str | None, digest: str) -> Receipt | None:
    """The receipt of the same command done before under this key; a different one is refused."""
    if key is None:
        return None
    row = history.command_under(connection, key)
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict(
            "Khoá chống gửi trùng này đã dùng cho một lệnh khác.",
            code="idempotency_key_reused",
            where=key,
            hint="Mỗi lệnh mới cần một khoá mới.",
        )
    seqs = range(row.first_seq, row.last_seq + 1)
    links = history.links_of(connection, row.dossier_id)
    events = tuple(link.event for link in links if link.event.seq in seqs)
    code = load(connection, row.dossier_id).state.code
    return Receipt(row.dossier_id, code, row.first_seq, row.last_seq, events, repeated=True)


def _remember(
    connection: Connection,
    key: str | None,
    digest: str,
    command: Command,
    actor: Actor,
    at: datetime,
    receipt: Receipt,
) -> None:
    if key is None:
        return
    history.record_command(
        connection,
        {
            "key": key,
            "dossier_id": receipt.dossier_id,
            "kind": command.kind,
            "actor": actor.label,
            "digest": digest,
            "at": at,
            "first_seq": receipt.first_seq,
            "last_seq": receipt.last_seq,
        },
    )


def _lock_line(connection: Connection, dossier_id: UUID) -> None:
    """Lock the dossier and those it is part of, from the top down, so that two writers never cross."""
    line = [dossier_id]
    while (parent := records.parent_of(connection, line[-1])) is not None:
        line.append(parent)
    for each in reversed(line):
        records.lock(connection, each)


def _refuse_if_changed(
    connection: Connection, dossier_id: UUID, state: State, expected_seq: int | None
) -> None:
    if expected_seq is None or expected_seq == state.seq:
        return
    since = [
        {
            "seq": link.event.seq,
            "kind": link.event.kind,
            "at": link.event.at.isoformat(),
            "actor": link.event.actor,
        }
        for link in history.links_of(connection, dossier_id)
        if link.event.seq > expected_seq
    ]
    raise Conflict(
        Said("Hồ sơ {state} đã thay đổi từ lúc mở xem ({n} việc mới).", state=state.code, n=len(since)),
        code="changed_since",
        hint="Tải lại hồ sơ rồi thực hiện lại nếu còn cần.",
        details={"expected_seq": expected_seq, "seq": state.seq, "since": since},
    )


def _open_members(office: Office, connection: Connection, decision: Decision, at: datetime) -> None:
    """Register the child dossiers that steps of a group asked for, in the same transaction.

    The step's agency is the child's desk; the other agencies are found from the group's own desk.
    """
    state = decision.state
    for event in decision.events:
        if event.kind != Kind.MEMBER_REQUESTED or state.applicant is None:
            continue
        procedure, agency = event.payload["procedure"], event.payload["agency"]
        definition = _definition_in_force(office, connection, procedure, agency, at)
        child = Register(
            procedure=procedure,
            applicant=UUID(state.applicant),
            representative=UUID(state.representative) if state.representative else None,
            channel=state.channel,  # type: ignore[arg-type]
            desk=agency,
            serves=state.desk,
            bindings={definition.receiving: (agency,)},
            facts={name: value for name, value in state.facts.items() if name in definition.case},
            submitted_at=state.submitted_at,
        )
        register(
            office,
            connection,
            child,
            SYSTEM,
            at,
            parent=state.id,
            parent_task=event.payload["task"],
        )


def _definition_in_force(
    office: Office, connection: Connection, procedure: str, desk: str, at: datetime
) -> Definition:
    reference = office.reference(connection)
    version = reference.version_in_force(procedure, _local_day(reference, desk, at))
    return office.plan(connection, procedure, version).definition


def _local_day(reference: Reference, desk: str, at: datetime) -> date:
    """The day it is at a desk."""
    return reference.calendars.reception(reference.directory, desk).to_local(at).date()


def _tell_parent(
    office: Office, connection: Connection, state: State, at: datetime, *, waited: bool, was_closed: bool
) -> None:
    """A child dossier that closed, or whose clock stopped or went on, moves its parent's step."""
    if state.parent is None or state.parent_task is None:
        return
    command: Command | None = None
    if state.phase.is_closed and not was_closed:
        command = MemberClosed(task=state.parent_task, positive=bool(state.positive))
    elif waited != (state.open_pause() is not None) and not state.phase.is_closed:
        command = MemberClock(task=state.parent_task, waits=not waited)
    if command is not None:
        execute(office, connection, UUID(state.parent), command, SYSTEM, at)
