"""Versions of procedures: read, checked, drawn, compared, saved and published."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Connection

from api.deps import Official, TopAdministrator
from api.paging import ListRead
from api.procedures.schemas import (
    ChangeRead,
    FindingRead,
    FindingsRead,
    ProcedureLine,
    ProcedureRead,
    ProcedureSave,
    ProcedureSaved,
    ProcedureText,
)
from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from dossiers.procedures import repository
from dossiers.procedures.models import VersionStatus
from workflows.definitions.checks.findings import can_publish
from workflows.definitions.checks.lint import lint
from workflows.definitions.diagram import to_mermaid, to_svg
from workflows.definitions.diff import diff
from workflows.definitions.model import Definition
from workflows.definitions.reading import read_definition, with_lines
from workflows.definitions.writing import definition_text
from workflows.procedures import matches, save

router = APIRouter(prefix="/procedures", tags=["procedures"])

ProcedureCode = Annotated[
    str, Path(max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="Mã thủ tục")
]
VersionNo = Annotated[int, Path(ge=1, le=1_000_000, description="Phiên bản")]
_No = Annotated[int, Query(ge=1, le=1_000_000)]


class Drawing(StrEnum):
    """How a procedure is drawn."""

    SVG = "svg"
    MERMAID = "mermaid"


@router.get("", summary="Danh sách thủ tục")
def list_procedures(
    call: Official,
    status: Annotated[VersionStatus | None, Query(description="Chỉ phiên bản ở trạng thái này")] = None,
    q: Annotated[
        str, Query(max_length=200, description="Từ trong mã, tên hoặc lĩnh vực; không cần dấu")
    ] = "",
) -> ListRead[ProcedureLine]:
    """Every version of every procedure, by code and version; those that hold every word when asked."""
    with call.reading() as connection:
        rows = repository.versions(connection)
    return ListRead(
        items=[ProcedureLine.of(row) for row in rows if status in (None, row.status) and matches(row, q)]
    )


@router.get("/{procedure}", summary="Các phiên bản của một thủ tục")
def list_versions(procedure: ProcedureCode, call: Official) -> ListRead[ProcedureLine]:
    """The versions of a procedure, oldest first; none when there is no such procedure."""
    with call.reading() as connection:
        rows = repository.versions(connection, procedure)
    return ListRead(items=[ProcedureLine.of(row) for row in rows])


@router.get("/{procedure}/versions/{version}", summary="Một phiên bản thủ tục")
def get_procedure(procedure: ProcedureCode, version: VersionNo, call: Official) -> ProcedureRead:
    """A version with its whole definition."""
    with call.reading() as connection:
        row = repository.get(connection, procedure, version)
    return ProcedureRead(
        **ProcedureLine.of(row).model_dump(), digest=row.digest, definition=json.loads(row.definition)
    )


@router.get(
    "/{procedure}/versions/{version}/text",
    summary="Định nghĩa dạng YAML để sửa",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_procedure_text(procedure: ProcedureCode, version: VersionNo, call: Official) -> Response:
    """A version as YAML. Saved again under a new version number it is the beginning of the next one."""
    with call.reading() as connection:
        text = definition_text(stored_definition(connection, procedure, version))
    return Response(text, media_type="text/plain; charset=utf-8")


@router.post("/check", summary="Kiểm tra một định nghĩa chưa lưu")
def check_procedure(wanted: ProcedureText, call: Official) -> FindingsRead:
    """What the checks find in a text, line by line. Nothing is kept."""
    definition = read_definition(wanted.text, name="text")
    with call.reading() as connection:
        found = lint(definition, call.office.reference(connection).directory)
    return FindingsRead(
        can_publish=can_publish(found),
        findings=[FindingRead.of(finding) for finding in with_lines(found, wanted.text)],
    )


@router.get("/{procedure}/versions/{version}/findings", summary="Kiểm tra định nghĩa")
def get_findings(procedure: ProcedureCode, version: VersionNo, call: Official) -> FindingsRead:
    """What the checks find in a version, for the agencies there are."""
    with call.reading() as connection:
        definition = stored_definition(connection, procedure, version)
        found = lint(definition, call.office.reference(connection).directory)
    return FindingsRead(
        can_publish=can_publish(found), findings=[FindingRead.of(finding) for finding in found]
    )


_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_DRAWN: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "image/svg+xml": {"schema": {"type": "string"}},
            "text/vnd.mermaid": {"schema": {"type": "string"}},
        }
    }
}


@router.get(
    "/{procedure}/versions/{version}/diagram",
    summary="Sơ đồ quy trình",
    response_class=Response,
    responses=_DRAWN,
)
def get_diagram(
    procedure: ProcedureCode,
    version: VersionNo,
    call: Official,
    drawing: Annotated[Drawing, Query(alias="format")] = Drawing.SVG,
) -> Response:
    """The procedure drawn, as SVG or as a Mermaid flowchart."""
    with call.reading() as connection:
        definition = stored_definition(connection, procedure, version)
    if drawing is Drawing.MERMAID:
        return Response(to_mermaid(definition), media_type="text/vnd.mermaid; charset=utf-8")
    return Response(
        to_svg(definition), media_type="image/svg+xml", headers={"Content-Security-Policy": _SVG_POLICY}
    )


@router.get("/{procedure}/diff", summary="So sánh hai phiên bản")
def get_diff(
    procedure: ProcedureCode,
    call: Official,
    old: Annotated[_No, Query(alias="from", description="Phiên bản cũ")],
    new: Annotated[_No, Query(alias="to", description="Phiên bản mới")],
) -> ListRead[ChangeRead]:
    """What changed between two versions, in words, and whether citizens feel it."""
    with call.reading() as connection:
        changes = diff(
            stored_definition(connection, procedure, old), stored_definition(connection, procedure, new)
        )
    return ListRead(items=[ChangeRead.of(change) for change in changes])


@router.post("", status_code=201, summary="Lưu hoặc công bố thủ tục")
def save_procedure(wanted: ProcedureSave, call: TopAdministrator, response: Response) -> ProcedureSaved:
    """Keep a draft, or publish when the checks find no error. A published version never changes."""
    definition = read_definition(wanted.text, name="text")
    with call.writing() as connection:
        found = lint(definition, call.office.reference(connection).directory)
        shown = [FindingRead.of(finding) for finding in with_lines(found, wanted.text)]
        if wanted.publish and not can_publish(found):
            raise BadInput(
                Said(
                    "Thủ tục {definition} phiên bản {version} còn lỗi nên chưa công bố được.",
                    definition=definition.code,
                    version=definition.version,
                ),
                code="definition_has_errors",
                where="text",
                hint="Sửa các lỗi nêu trong findings, hoặc lưu bản nháp.",
                details={"findings": [finding.model_dump(exclude_none=True) for finding in shown]},
            )
        changed = save(connection, definition, call.at, publish=wanted.publish)
        row = repository.get(connection, definition.code, definition.version)
    response.headers["Location"] = f"/api/v1/procedures/{definition.code}/versions/{definition.version}"
    return ProcedureSaved(
        code=definition.code,
        version=definition.version,
        status=row.status,
        changed=changed,
        findings=shown,
    )


def stored_definition(connection: Connection, code: str, version: int) -> Definition:
    """The definition itself, not the office's compiled copy: a draft changes."""
    return Definition.model_validate_json(repository.get(connection, code, version).definition)
