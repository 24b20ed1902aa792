"""From YAML to a definition, or to everything that is wrong with the text, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from dossiers.core.errors import MotcuaError, NotFound
from dossiers.core.said import Said
from workflows.definitions.checks.findings import Finding
from workflows.definitions.model import Definition
from workflows.definitions.shape_errors import model_findings, shape_findings
from workflows.definitions.yaml_tree import NOT_PLAIN, Tree, parse, split

MOST_FINDINGS = 200


class BadDefinition(MotcuaError):
    """The text is no definition; ``findings`` says all that is wrong with it."""

    code = "definition_invalid"
    status = 422

    def __init__(self, name: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        line = f" (dòng {first.line})" if first.line is not None else ""
        more = f", và {len(self.findings) - 1} lỗi khác" if len(self.findings) > 1 else ""
        super().__init__(
            f"Định nghĩa “{name}” chưa đọc được{line}{more}: {first.message}",
            hint=first.hint,
            where=f"{name}:{first.line or 1}",
            details={"findings": [finding.as_dict() for finding in self.findings]},
        )


def read_definition(text: str, *, name: str) -> Definition:
    """The definition a YAML text holds. ``name`` is the file or form it came from, for messages.

    Raises ``BadDefinition`` with every finding, in the order of the lines.
    """
    tree = parse(text)
    if tree.data is None:
        raise BadDefinition(name, tree.findings)
    shape = list(shape_findings(tree))
    try:
        definition = Definition.model_validate(tree.data)
    except ValidationError as error:
        known = {finding.where for finding in shape}
        more = model_findings(error, tree, only_values=bool(shape))
        shape.extend(finding for finding in more if finding.where not in known)
    known = {finding.where for finding in tree.findings}
    findings = [*tree.findings, *(finding for finding in shape if finding.where not in known)]
    if findings:
        raise BadDefinition(name, _in_order(findings))
    return definition


def load_definition(path: Path) -> Definition:
    """The definition in a file. Raises ``BadDefinition``, or ``NotFound`` when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(
            Said("Không có tệp định nghĩa “{path}”.", path=path),
            code="definition_file_missing",
            where=str(path),
            hint="Kiểm tra lại đường dẫn.",
        ) from None
    except UnicodeDecodeError:
        finding = NOT_PLAIN.at("", what="chữ không phải UTF-8")
        hint = "Lưu lại tệp với bảng mã UTF-8."
        raise BadDefinition(path.name, [replace(finding, hint=hint)]) from None
    return read_definition(text, name=path.name)


def with_lines(findings: Iterable[Finding], text: str) -> list[Finding]:
    """The findings of the checks with the lines of the text the definition was read from."""
    tree = parse(text)
    return [replace(finding, line=_line(tree, finding)) for finding in findings]


def _line(tree: Tree, finding: Finding) -> int | None:
    return tree.line(split(finding.where))


def _in_order(findings: list[Finding]) -> list[Finding]:
    ordered = sorted(findings, key=lambda finding: (finding.line or 0, finding.where, finding.code))
    return list(dict.fromkeys(ordered))[:MOST_FINDINGS]
