"""Writing a version of a procedure: checked on every save, published after a look at what changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.deps import Administrator, Call, TopAdministrator
from api.procedures.endpoints import ProcedureCode, stored_definition
from api.rooms.admin.procedures import by_subject, limits_of
from api.web.forms import Posted
from api.web.pages import go, show
from dossiers.core.errors import BadInput, Conflict, MotcuaError
from dossiers.core.said import Said
from dossiers.procedures import repository
from dossiers.procedures.models import VersionStatus
from dossiers.records import repository as records
from workflows.definitions.checks.findings import Finding, can_publish
from workflows.definitions.checks.lint import lint
from workflows.definitions.diff import diff
from workflows.definitions.model import Definition
from workflows.definitions.reading import BadDefinition, read_definition, with_lines
from workflows.definitions.writing import definition_text
from workflows.procedures import publish, save

router = APIRouter(prefix="/admin/procedures")

Version = Annotated[int, Path(ge=1, le=1_000_000)]

NEW = """code: ""
version: 1
name:
field:
level: commune
effective_from: 2026-01-01
split: decision
participants:
  mot_cua: {name: Trung tâm Phục vụ hành chính công, kind: one_stop}
  don_vi: {name: Phòng chuyên môn, kind: division.economy}
receiving: mot_cua
competent: don_vi
clock: {rule: civil-code}
limits:
  - {limit: 5 working_day}
supplement: {effect: pause, cap: 10 working_day, at_cap: stop, max_requests: 1}
steps:
  - {id: tiep_nhan, name: Tiếp nhận hồ sơ, agency: mot_cua, role: receptionist, limit: 4 working_hour, product: Giấy tiếp nhận, next: giai_quyet}
  - id: giai_quyet
    name: Thẩm định và quyết định
    agency: don_vi
    role: head
    decides: true
    limit: 4 working_day
    product: Kết quả
    outcomes:
      - {id: dong_y, name: Đồng ý, next: cap}
      - {id: tu_choi, name: Từ chối, next: khong_cap, needs_reason: true}
ends:
  cap: {name: Trả kết quả}
  khong_cap: {name: Văn bản từ chối, positive: false}
"""  # noqa: E501 - a text to be edited
"""What a new definition begins with."""


@router.get("/new", name="admin_procedure_new")
def get_new(request: Request, call: Administrator) -> Response:
    """A new definition, from a small beginning."""
    return _edit_page(request, call, "", NEW)


@router.get("/{procedure}/edit", name="admin_procedure_edit")
def get_edit(
    request: Request,
    procedure: ProcedureCode,
    call: Administrator,
    v: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """A draft to go on with, or the next version that begins as a copy of a published one."""
    with call.reading() as connection:
        last = repository.last_version(connection, procedure)
        row = repository.get(connection, procedure, v or last)
        is_draft = row.status == VersionStatus.DRAFT.value
        definition = stored_definition(connection, procedure, row.version)
        text = definition_text(definition, version=None if is_draft else last + 1)
        found = with_lines(_lint(call, connection, definition), text) if is_draft else None
    return _edit_page(request, call, procedure, text, findings=found)


@router.post("/save", name="admin_procedure_save")
def post_save(request: Request, call: TopAdministrator, form: Posted) -> Response:
    """Check a text and keep it as a draft; what is wrong is shown beside the text, which is never lost."""
    text = str(form.data.get("text", "")).replace("\r\n", "\n")
    try:
        definition = read_definition(text, name=Said("văn bản"))
        with call.writing() as connection:
            found = with_lines(_lint(call, connection, definition), text)
            _require_draft(connection, definition)
            save(connection, definition, call.at)
    except BadDefinition as error:
        return _edit_page(request, call, form["procedure"], text, findings=error.findings, error=error)
    except MotcuaError as error:
        return _edit_page(request, call, form["procedure"], text, error=error)
    address = f"/admin/procedures/{definition.code}"
    if not form.checked("to_publish"):
        return go(f"{address}/edit?v={definition.version}", note=Said("Đã lưu bản nháp."))
    if can_publish(found):
        return go(f"{address}/versions/{definition.version}/publish")
    refusal = BadInput(
        "Đã lưu bản nháp, nhưng còn lỗi nên chưa công bố được.",
        code="definition_has_errors",
        hint="Sửa các lỗi nêu dưới đây rồi công bố.",
    )
    return _edit_page(request, call, definition.code, text, findings=found, error=refusal)


@router.get("/{procedure}/versions/{version}/publish", name="admin_procedure_publish_page")
def get_publish(
    request: Request, procedure: ProcedureCode, version: Version, call: Administrator
) -> Response:
    """What publishing a draft means, before it is done."""
    return _publish_page(request, call, procedure, version)


@router.post("/{procedure}/versions/{version}/publish", name="admin_procedure_publish")
def post_publish(
    request: Request, procedure: ProcedureCode, version: Version, call: TopAdministrator, _form: Posted
) -> Response:
    """Publish a draft; from now on it never changes."""
    try:
        with call.writing() as connection:
            definition = stored_definition(connection, procedure, version)
            publish(connection, definition, call.at, call.office.reference(connection).directory)
    except MotcuaError as error:
        return _publish_page(request, call, procedure, version, error=error)
    return go(
        f"/admin/procedures/{procedure}?v={version}",
        note=Said("Đã công bố phiên bản {version}.", version=version),
    )


def _require_draft(connection: Connection, definition: Definition) -> None:
    """Saving never touches a published version, not even with the same content."""
    for row in repository.versions(connection, definition.code):
        if row.version == definition.version and row.status != VersionStatus.DRAFT.value:
            last = repository.last_version(connection, definition.code)
            raise Conflict(
                Said("Phiên bản {version} đã công bố nên không sửa được.", version=definition.version),
                code="version_frozen",
                where="version",
                hint=Said("Đổi version thành {last} rồi lưu.", last=last + 1),
            )


def _lint(call: Call, connection: Connection, definition: Definition) -> list[Finding]:
    return lint(definition, call.office.reference(connection).directory)


def _edit_page(
    request: Request,
    call: Call,
    procedure: str,
    text: str,
    *,
    findings: Sequence[Finding] | None = None,
    error: MotcuaError | None = None,
) -> Response:
    return show(
        request,
        "admin/procedure_edit.html",
        call,
        status=error.status if error else 200,
        procedure=procedure,
        text=text,
        findings=findings,
        error=error,
    )


def _publish_page(
    request: Request, call: Call, procedure: str, version: int, *, error: MotcuaError | None = None
) -> Response:
    with call.reading() as connection:
        row = repository.get(connection, procedure, version)
        definition = stored_definition(connection, procedure, version)
        before: list[Any] = [
            each
            for each in repository.versions(connection, procedure)
            if each.status == VersionStatus.PUBLISHED.value and each.version < version
        ]
        old = stored_definition(connection, procedure, before[-1].version) if before else None
        found = _lint(call, connection, definition)
        running = records.running_by_version(connection, procedure)
    return show(
        request,
        "admin/procedure_publish.html",
        call,
        status=error.status if error else 200,
        row=row,
        before=before[-1] if before else None,
        groups=by_subject(diff(old, definition)) if old else [],
        limits=limits_of(definition),
        findings=found,
        can_publish=can_publish(found),
        running=sum(running.values()),
        error=error,
    )
