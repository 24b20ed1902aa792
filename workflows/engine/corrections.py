"""Mending what was recorded wrongly, and moving a dossier to other rules: always by a further entry."""

from __future__ import annotations

from dataclasses import replace

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said, joined
from workflows.commands import Correct, Migrate, Note, Recalculate
from workflows.engine import promising
from workflows.engine.draft import Draft
from workflows.engine.facts import check_facts
from workflows.engine.intake import as_data, check_papers
from workflows.engine.kinds import Kind
from workflows.engine.measures import allotment_left
from workflows.engine.plan import Plan
from workflows.engine.state import Phase


def correct(draft: Draft, command: Correct) -> None:
    """Correct what was registered; the old values are named in the entry."""
    state = draft.state
    draft.require(Role.RECEPTIONIST, state.desk, Said("Đính chính"))
    new: dict[str, object] = {}
    if command.applicant is not None:
        new["applicant"] = str(command.applicant)
    if command.representative is not None:
        new["representative"] = str(command.representative)
    if command.channel is not None:
        new["channel"] = command.channel.value
    if command.facts:
        check_facts(draft.plan.definition, command.facts)
        new["facts"] = {**state.facts, **command.facts}
    if command.papers is not None:
        papers = [as_data(paper) for paper in command.papers]
        check_papers(draft.plan.definition, papers, draft.conditions, complete=False)
        new["papers"] = papers
    new = {name: value for name, value in new.items() if getattr(state, name) != value}
    if not new:
        raise BadInput("Không có gì khác với thông tin đang có.", code="nothing_to_correct")
    draft.emit(
        Kind.CORRECTED,
        set=new,
        was={name: getattr(state, name) for name in new},
        reason=draft.text(command.reason),
    )
    promising.recast(draft, "correction")


def recalculate(draft: Draft, command: Recalculate) -> None:
    """Compute the running promise anew by the calendar now in force."""
    _only_processing(draft)
    draft.require(Role.ADMINISTRATOR, draft.actor.agency or "", Said("Tính lại thời hạn"))
    before = draft.state.judged_promise()
    if promising.recast(draft, "calendar") is None or before is None:
        raise Conflict("Lịch hẹn không thay đổi.", code="nothing_changes")
    _move_dues(draft, before.calendar, command.reason)


def _move_dues(draft: Draft, old_calendar: str, reason: str) -> None:
    """Every step keeps the working minutes it had left by the old calendar; why is said here."""
    old = draft.env.calendars.by_id(old_calendar)
    dues = {
        str(task.no): promising.step_due(
            draft, task.agency, task.allotted, allotment_left(old, draft.at, task.due_at, task.allotted)
        )
        for task in draft.state.live_tasks()
        if task.due_at is not None and task.due_at > draft.at
    }
    draft.emit(Kind.DUES_MOVED, dues=dues, reason=draft.text(reason))


def migrate(draft: Draft, command: Migrate, target: Plan) -> None:
    """Move the dossier to another version; every step at hand must exist there."""
    _only_processing(draft)
    draft.require(Role.ADMINISTRATOR, draft.actor.agency or "", Said("Chuyển phiên bản thủ tục"))
    state = draft.state
    if command.to_version == state.version:
        raise Conflict("Hồ sơ đã ở phiên bản này.", code="nothing_changes", where="to_version")
    missing = sorted({task.step for task in state.live_tasks()} - set(target.steps))
    unbound = sorted(set(target.definition.participants) - set(state.bindings))
    if missing or unbound:
        what = (
            Said("bước {missing}", missing=joined(", ", missing)) if missing else f"vai {', '.join(unbound)}"
        )
        raise Conflict(
            Said(
                "Phiên bản {to_version} không tiếp nối được hồ sơ này: thiếu {what}.",
                to_version=command.to_version,
                what=what,
            ),
            code="cannot_migrate",
            where="to_version",
        )
    draft.emit(
        Kind.MIGRATED,
        from_version=state.version,
        to_version=command.to_version,
        reason=draft.text(command.reason),
    )
    draft.env = replace(draft.env, plan=target)
    promising.recast(draft, "migration")


def note(draft: Draft, command: Note) -> None:
    """Record an activity."""
    if draft.actor.kind == "official":
        draft.require(list(Role), draft.actor.agency or "", Said("Ghi nhận"))
    draft.emit(Kind.NOTED, activity=command.activity)


def _only_processing(draft: Draft) -> None:
    if draft.state.phase is not Phase.PROCESSING:
        raise Conflict("Hồ sơ không trong quá trình giải quyết.", code="not_processing")
