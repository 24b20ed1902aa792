"""At the desk: register, accept, refuse."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said, joined
from workflows.commands import Accept, PaperIn, Refuse, Register
from workflows.definitions.conditions import holds
from workflows.definitions.model import Channel, Definition, StartsWhen
from workflows.engine import routing
from workflows.engine.clockwork import fulfil_stage
from workflows.engine.draft import CLOCK_SKEW, Draft
from workflows.engine.facts import check_facts, with_defaults
from workflows.engine.kinds import Kind
from workflows.engine.state import Phase


def register(
    draft: Draft,
    command: Register,
    *,
    code: str,
    applicant_kind: str,
    parent: UUID | None = None,
    parent_task: int | None = None,
) -> None:
    """Register a dossier under ``code``; accepted at once when the command says so."""
    definition, directory = draft.plan.definition, draft.env.directory
    desk = command.desk or draft.actor.agency
    if desk is None:
        raise BadInput("Chưa nêu nơi tiếp nhận hồ sơ.", code="desk_needed", where="desk")
    directory.agency(desk)
    draft.require(Role.RECEPTIONIST, desk, Said("Đăng ký hồ sơ"))
    if command.channel not in definition.channels and command.channel is not Channel.KIOSK:
        raise BadInput(
            Said(
                "Thủ tục {definition} không nhận qua kênh “{channel}”.",
                definition=definition.code,
                channel=command.channel.value,
            ),
            code="channel_not_offered",
            where="channel",
            hint=Said("Các kênh: {known}.", known=joined(", ", definition.channels)),
        )
    _check_instants(draft, command)
    if command.received_at is not None:
        if not command.accept:
            raise BadInput(
                "Giờ nhận hồ sơ chỉ ghi khi tiếp nhận ngay.",
                code="received_without_accept",
                where="received_at",
                hint="Tiếp nhận ngay, hoặc bỏ trống giờ nhận.",
            )
        _check_received(draft, command.received_at, desk)
    check_facts(definition, command.facts)
    facts = with_defaults(definition, command.facts)
    known = {**facts, "channel": command.channel.value, "applicant": applicant_kind}
    papers = [as_data(paper) for paper in command.papers]
    check_papers(definition, papers, known, complete=command.accept)
    bindings = _bindings(draft, command, desk)
    draft.emit(
        Kind.REGISTERED,
        code=code,
        procedure=definition.code,
        version=definition.version,
        channel=command.channel.value,
        applicant=command.applicant,
        applicant_kind=applicant_kind,
        representative=command.representative,
        desk=desk,
        receiving=bindings[definition.receiving][0],
        competent=bindings[definition.competent][0],
        bindings=bindings,
        facts=facts,
        papers=papers,
        parent=parent,
        parent_task=parent_task,
        submitted_at=min(command.submitted_at or draft.at, draft.at),
        promised_at=command.promised_at,
    )
    if command.accept:
        _accept(draft, command.received_at)


def _check_received(draft: Draft, received_at: datetime, desk: str) -> None:
    """What was received before it was entered was so by now, and under the version that is followed."""
    if received_at > draft.at + CLOCK_SKEW:
        raise BadInput(
            "Lúc nhận hồ sơ không thể sau lúc đăng ký.",
            code="received_in_future",
            where="received_at",
            hint="Kiểm tra lại ngày giờ nhận; bỏ trống nếu nhận lúc này.",
        )
    definition = draft.plan.definition
    day = draft.env.calendars.reception(draft.env.directory, desk).to_local(received_at).date()
    if day < definition.effective_from:
        raise BadInput(
            Said(
                "Ngày nhận {day:%d/%m/%Y} trước ngày bản {version} của thủ tục có hiệu lực "
                "({start:%d/%m/%Y}).",
                day=day,
                version=definition.version,
                start=definition.effective_from,
            ),
            code="received_before_version",
            where="received_at",
            hint="Kiểm tra lại ngày nhận, hoặc đăng ký theo phiên bản có hiệu lực ngày ấy.",
        )


def _check_instants(draft: Draft, command: Register) -> None:
    """A dossier was handed in before it is registered, and nothing is promised for a time gone by."""
    if command.submitted_at is not None and command.submitted_at > draft.at + CLOCK_SKEW:
        raise BadInput(
            "Lúc nộp không thể sau lúc đăng ký.",
            code="submitted_in_future",
            where="submitted_at",
            hint="Kiểm tra lại ngày giờ nộp; bỏ trống nếu nộp lúc này.",
        )
    if command.promised_at is not None and command.promised_at <= draft.at:
        raise BadInput(
            "Ngày hẹn trả đã qua ngay từ lúc đăng ký.",
            code="promise_already_past",
            where="promised_at",
            hint="Ghi ngày hẹn sau lúc đăng ký; bỏ trống để tính theo thủ tục.",
        )


def accept(draft: Draft, command: Accept) -> None:
    """Accept a registered dossier."""
    _only_registered(draft, Said("tiếp nhận"))
    draft.require(Role.RECEPTIONIST, draft.state.desk, Said("Tiếp nhận hồ sơ"))
    if draft.state.open_supplement() is not None:
        raise Conflict("Hồ sơ đang chờ người nộp bổ sung.", code="waiting_for_supplement")
    check_papers(draft.plan.definition, draft.state.papers, draft.conditions, complete=True)
    _accept(draft)


def refuse(draft: Draft, command: Refuse) -> None:
    """Refuse to accept a registered dossier."""
    _only_registered(draft, Said("từ chối tiếp nhận"))
    draft.require(Role.RECEPTIONIST, draft.state.desk, Said("Từ chối tiếp nhận"))
    fulfil_stage(draft)
    draft.emit(Kind.REFUSED, reason=draft.text(command.reason), end=None, positive=False)


def _accept(draft: Draft, received_at: datetime | None = None) -> None:
    """The clock starts now, or when the competent agency has the file: when the desk is not its own, or the
    procedure says so (NĐ 118/2025, art. 17.3 as amended by NĐ 309/2026)."""
    state, definition = draft.state, draft.plan.definition
    directory = draft.env.directory
    trigger: str | None = None
    if definition.clock.starts is StartsWhen.COMPETENT_RECEIVED:
        trigger = state.competent
    elif state.desk != state.receiving:
        trigger = state.receiving
    if trigger is not None and directory.is_within(state.desk, trigger):
        trigger = None
    earlier = {"received_at": min(received_at, draft.at)} if received_at is not None else {}
    draft.emit(Kind.ACCEPTED, trigger=trigger, **earlier)
    routing.begin(draft, send=True)


def _bindings(draft: Draft, command: Register, desk: str) -> dict[str, list[str]]:
    """Which agency plays which participant: as told, as bound by hand, or found in the tree.

    The desk plays the receiving participant itself, unless the dossier is received for somewhere else.
    """
    definition, directory = draft.plan.definition, draft.env.directory
    unknown = set(command.bindings) - set(definition.participants)
    if unknown:
        raise BadInput(
            Said(
                "Thủ tục {definition} không có vai “{unknown}”.",
                definition=definition.code,
                unknown=sorted(unknown)[0],
            ),
            code="participant_unknown",
            where="bindings",
            hint=Said("Các vai: {known}.", known=joined(", ", definition.participants)),
        )
    near = command.serves or desk
    directory.agency(near)
    bindings: dict[str, list[str]] = {}
    for key, participant in definition.participants.items():
        told = command.bindings.get(key)
        if told:
            for code in told:
                directory.agency(code)
            bindings[key] = list(told)
        elif key == definition.receiving and command.serves is None:
            bound = directory.bound(definition.code, key, near)
            bindings[key] = list(bound) if bound else [desk]
        else:
            bindings[key] = directory.resolve(
                definition.code, key, participant.kind, near, many=participant.many
            )
    return bindings


def as_data(paper: PaperIn) -> dict[str, Any]:
    """A paper as history keeps it."""
    return paper.model_dump(exclude_none=True)


def check_papers(
    definition: Definition, papers: list[dict[str, Any]], facts: dict[str, Any], *, complete: bool
) -> None:
    """Refuse unknown papers; with ``complete`` also a dossier that lacks a required one."""
    known = {paper.id: paper for paper in definition.papers}
    for paper in papers:
        if paper["id"] not in known:
            raise BadInput(
                Said(
                    "Thủ tục {definition} không có thành phần hồ sơ “{id}”.",
                    definition=definition.code,
                    id=paper["id"],
                ),
                code="paper_unknown",
                where="papers",
                hint=Said("Các thành phần: {known}.", known=joined(", ", known) or Said("không có")),
            )
    if not complete or not papers:
        return
    given = {paper["id"] for paper in papers}
    missing = [
        paper.name
        for paper in definition.papers
        if paper.required and paper.id not in given and holds(paper.when, facts)
    ]
    if missing:
        raise Conflict(
            Said("Hồ sơ còn thiếu: {missing}.", missing=joined("; ", missing)),
            code="papers_missing",
            where="papers",
            hint="Yêu cầu bổ sung một lần, đầy đủ, hoặc đăng ký chưa tiếp nhận.",
        )


def _only_registered(draft: Draft, what: str) -> None:
    if draft.state.phase is not Phase.REGISTERED:
        raise Conflict(
            Said("Không thể {what}: hồ sơ {state} đã qua khâu tiếp nhận.", what=what, state=draft.state.code),
            code="already_accepted",
        )
