"""The files of a dossier as data, and who may open them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Role
from dossiers.core.errors import NotAllowed
from dossiers.core.said import Said
from dossiers.documents import repository
from dossiers.documents.service import existing, waiting
from dossiers.history.events import read_actor
from workflows.engine.draft import Actor
from workflows.engine.plan import Plan
from workflows.engine.state import State
from workflows.office import Office
from workflows.service import load
from workflows.views.folded import Folded, fold_dossier
from workflows.views.sight import Sight

_FROM_ABOVE = (Role.HEAD, Role.LEADER, Role.INSPECTOR)


class FileRead(BaseModel):
    """A file that was handed in."""

    id: UUID
    name: str = Field(description="Tên tệp như khi gửi")
    paper: str | None = Field(description="Mã thành phần hồ sơ; không có: giấy tờ khác")
    paper_name: str
    media_type: str = Field(description="Loại, xét theo nội dung")
    size: int = Field(description="Số byte")
    sha256: str
    uploaded_at: datetime
    uploaded_by: str
    reused: bool = Field(description="Dùng lại từ hồ sơ đã nộp trước đây")
    removed_at: datetime | None = Field(description="Lúc gỡ khỏi hồ sơ, nếu đã gỡ")


class EarlierFile(FileRead):
    """A file the applicant handed in with an earlier dossier."""

    dossier: str


def files_of(office: Office, connection: Connection, dossier_id: UUID, actor: Actor) -> list[FileRead]:
    """Every file of a dossier, oldest first, those taken away included. Raises ``NotAllowed``."""
    return files_folded(connection, fold_dossier(office, connection, dossier_id), actor)


def files_folded(connection: Connection, folded: Folded, actor: Actor) -> list[FileRead]:
    """The same of a dossier folded before."""
    directory = folded.reference.directory
    require_sight(directory, folded.state, actor)
    rows = repository.of_dossiers(connection, [folded.state.id])
    return [_read(row, folded.plan, directory) for row in rows]


def waiting_files(office: Office, connection: Connection, actor: Actor, tray: str) -> list[FileRead]:
    """What waits in the actor's tray, in the order it came."""
    directory = office.reference(connection).directory
    return [_read(row, None, directory) for row in repository.in_tray(connection, actor.label, tray)]


def earlier_files(
    office: Office, connection: Connection, actor: Actor, applicant_id: UUID, identity_no: str
) -> list[EarlierFile]:
    """What the applicant handed in with earlier dossiers, each content once, the latest first.

    Of dossiers whose papers the actor may open, and of no others.
    """
    directory = office.reference(connection).directory
    seen = Sight.of(directory, actor.agency).condition()
    found: dict[str, EarlierFile] = {}
    may_open: dict[UUID, bool] = {}
    for row in repository.of_person(connection, applicant_id, identity_no, seen):
        if row.dossier_id not in may_open:
            may_open[row.dossier_id] = sees_papers(directory, load(connection, row.dossier_id).state, actor)
        if may_open[row.dossier_id] and row.sha256 not in found:
            plan = office.plan(connection, row.procedure, row.version)
            shown = _read(row, plan, directory)
            found[row.sha256] = EarlierFile(**shown.model_dump(), dossier=row.code)
    return list(found.values())


def open_file(office: Office, connection: Connection, file_id: UUID, actor: Actor) -> tuple[Any, bytes]:
    """A file's row and bytes, for whoever may see it.

    Raises ``NotFound`` (``file_unknown``), ``NotAllowed``.
    """
    row = existing(connection, file_id)
    if row.dossier_id is None:
        waiting(connection, file_id, actor.label)
    else:
        state = load(connection, row.dossier_id).state
        require_sight(office.reference(connection).directory, state, actor)
    return row, repository.body(connection, row.sha256)


def sees_papers(directory: Directory, state: State, actor: Actor) -> bool:
    """Papers are seen by the agencies that take part, and by heads and inspectors above them."""
    concerned = {state.desk, state.receiving, state.competent}
    concerned.update(code for codes in state.bindings.values() for code in codes)
    concerned.update(task.agency for task in state.tasks.values())
    own = actor.agency or ""
    from_above = any(actor.has(role) for role in _FROM_ABOVE)
    return own in concerned or (from_above and any(directory.is_within(code, own) for code in concerned))


def require_sight(directory: Directory, state: State, actor: Actor) -> None:
    """Refuse (``not_allowed``) whoever may not see the papers."""
    if sees_papers(directory, state, actor):
        return
    raise NotAllowed(
        "Giấy tờ của hồ sơ chỉ mở được tại các cơ quan tham gia giải quyết.",
        hint="Liên hệ nơi tiếp nhận hồ sơ.",
        details={"could": [{"agency": state.desk, "agency_name": directory.name(state.desk)}]},
    )


def _read(row: Any, plan: Plan | None, directory: Directory) -> FileRead:
    papers = plan.definition.papers if plan is not None else ()
    name = next((paper.name for paper in papers if paper.id == row.paper), row.paper or Said("Giấy tờ khác"))
    return FileRead(
        id=row.id,
        name=row.name,
        paper=row.paper,
        paper_name=name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
        uploaded_by=directory.official_name(read_actor(row.uploaded_by)[1]),
        reused=row.reused_from is not None,
        removed_at=row.removed_at,
    )
