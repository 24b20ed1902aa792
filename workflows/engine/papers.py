"""Files that show the papers of a dossier: attached, and taken away when it was a mistake."""

from __future__ import annotations

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said, joined
from workflows.commands import Attach, RemoveFile
from workflows.engine.draft import Draft
from workflows.engine.kinds import Kind


def attach(draft: Draft, command: Attach) -> None:
    """Attach files: the desk, or an agency that has the dossier at work."""
    _require(draft, Said("Đính kèm tệp"))
    known = {paper.id for paper in draft.plan.definition.papers}
    for file in command.files:
        if file.paper is not None and file.paper not in known:
            raise BadInput(
                Said(
                    "Thủ tục {definition} không có thành phần hồ sơ “{paper}”.",
                    definition=draft.plan.definition.code,
                    paper=file.paper,
                ),
                code="paper_unknown",
                where="files",
                hint=Said("Các thành phần: {known}.", known=joined(", ", sorted(known)) or Said("không có")),
            )
    draft.emit(
        Kind.FILES_ATTACHED,
        files=[{"file": str(file.id), "paper": file.paper, "sha256": file.sha256} for file in command.files],
    )


def remove_file(draft: Draft, command: RemoveFile) -> None:
    """Take a file away; its id and hash stay in the history."""
    _require(draft, Said("Gỡ tệp"))
    if str(command.file) not in draft.state.files:
        raise Conflict("Hồ sơ không có tệp này.", code="file_not_attached", where="file")
    draft.emit(Kind.FILE_REMOVED, file=str(command.file), reason=draft.text(command.reason))


def _require(draft: Draft, what: str) -> None:
    at_work = {task.agency for task in draft.state.live_tasks()}
    if draft.actor.agency in at_work:
        draft.require(list(Role), draft.actor.agency or "", what)
    else:
        draft.require((Role.RECEPTIONIST, Role.CLERK), draft.state.desk, what)
