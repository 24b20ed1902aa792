"""What the schema has against a definition, said as a procedure officer can act on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError
from pydantic import ValidationError

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.limits import parse_limit
from workflows.definitions.checks.findings import Finding, Rule, Severity
from workflows.definitions.schema import json_schema, value_labels
from workflows.definitions.yaml_tree import Path, Tree, at_line, read_as, written

MISSING = Rule(
    "MC011",
    Severity.ERROR,
    "A field is missing",
    "Thiếu “{field}” ({label}){of}.",
    "The field “{field}” is missing.",
    "Thêm dòng “{field}: …”. {text}",
)
UNKNOWN = Rule(
    "MC012",
    Severity.ERROR,
    "An unknown field",
    "Không có trường “{field}”{of}.{close}",
    "There is no field “{field}” here.",
    "Các trường dùng được: {known}.",
)
WRONG_TYPE = Rule(
    "MC013",
    Severity.ERROR,
    "A value of the wrong type",
    "“{field}” phải là {expected}, không phải {got}.",
    "“{field}” is of the wrong type.",
    "Sửa giá trị, hoặc xem lại thụt dòng và dấu gạch đầu dòng.",
)
NOT_ALLOWED = Rule(
    "MC014",
    Severity.ERROR,
    "A value that is not one of the allowed",
    "“{field}” không nhận giá trị {value}.{close}",
    "“{field}” does not take the value {value}.",
    "Chọn một trong: {allowed}.",
)
BAD_LIMIT = Rule(
    "MC015",
    Severity.ERROR,
    "A limit that cannot be read",
    "“{field}”: {why}",
    "“{field}”: the limit cannot be read.",
    "{advice}",
)
BAD_FORM = Rule(
    "MC016",
    Severity.ERROR,
    "A text that is not written as it must be",
    "{what} không đúng dạng.",
    "{value} is not written as it must be.",
    "{advice}",
)
OUT_OF_RANGE = Rule(
    "MC017",
    Severity.ERROR,
    "A number too small or a list too short",
    "“{field}” {what}.",
    "“{field}” is too small or too short.",
    "Sửa cho đủ.",
)
BAD_DATE = Rule(
    "MC018",
    Severity.ERROR,
    "A day that does not exist",
    "“{field}” ghi {value} không phải một ngày có thật.",
    "“{field}” is not a day.",
    "Viết năm-tháng-ngày: 2026-09-01.",
)
EMPTY = Rule(
    "MC019",
    Severity.ERROR,
    "A field without a value",
    "“{field}” để trống.",
    "“{field}” is empty.",
    "Ghi giá trị sau dấu hai chấm, hoặc bỏ cả dòng.",
)
REFUSED = Rule(
    "MC020",
    Severity.ERROR,
    "A value that is refused for another reason",
    "“{field}”: {why}",
    "“{field}” is refused.",
    "Xem mô tả của trường này trong docs/procedures.md.",
)
RULES = (
    MISSING,
    UNKNOWN,
    WRONG_TYPE,
    NOT_ALLOWED,
    BAD_LIMIT,
    BAD_FORM,
    OUT_OF_RANGE,
    BAD_DATE,
    EMPTY,
    REFUSED,
)

_TYPES = {
    "string": "chữ",
    "integer": "số nguyên",
    "number": "số",
    "boolean": "true hoặc false",
    "array": "danh sách",
    "object": "bảng “tên: giá trị”",
}
_FORMS = {
    "^[a-z][a-z0-9_]{0,59}$": "Mã gồm chữ thường không dấu, số, gạch dưới, bắt đầu bằng chữ: tham_dinh.",
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$": 'Mã thủ tục gồm chữ, số, dấu chấm, gạch ngang: "1.001193".',
    "^[a-z_]+(\\.[a-z_]+)*$": "Loại cơ quan gồm chữ thường, gạch dưới, dấu chấm: department.finance.",
    "^\\d{2}:\\d{2}$": 'Giờ và phút hai chữ số: "15:00".',
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing the schema has against the data."""

    path: Path
    keyword: str
    wanted: Any
    value: Any
    schema: dict[str, Any]
    of_key: bool
    parts: tuple[Fault, ...]
    branch: int
    """Which of the alternatives around it the fault belongs to."""

    @classmethod
    def of(cls, error: SchemaError) -> Fault:
        """The fault behind an error of the schema library."""
        inside = list(error.schema_path)
        return cls(
            path=tuple(error.absolute_path),
            keyword=str(error.validator),
            wanted=error.validator_value,
            value=error.instance,
            schema=cast(dict[str, Any], error.schema),
            of_key="propertyNames" in error.absolute_schema_path,
            parts=tuple(cls.of(part) for part in error.context or ()),
            branch=inside[0] if inside and isinstance(inside[0], int) else 0,
        )


def shape_findings(tree: Tree) -> Iterator[Finding]:
    """Everything the schema has against the data, each thing once, with its line."""
    seen: set[tuple[str, str]] = set()
    for error in _validator().iter_errors(tree.data):
        for path, finding in _explain(Fault.of(error), tree):
            if (finding.code, finding.where) not in seen:
                seen.add((finding.code, finding.where))
                yield at_line(finding, tree.line(path))


def model_findings(error: ValidationError, tree: Tree, *, only_values: bool) -> Iterator[Finding]:
    """What the model alone refuses, such as half a calendar day, with its line.

    ``only_values`` leaves out what the schema has already said in other words.
    """
    for detail in error.errors(include_url=False):
        if only_values and detail["type"] != "value_error":
            continue
        path = _present(tree.data, detail["loc"])
        finding = _limit(path, detail["input"])
        if finding is None:
            why = str(detail.get("ctx", {}).get("error", "giá trị không dùng được."))
            finding = REFUSED.at(written(path), field=_last(path), why=why)
        yield at_line(finding, tree.line(path))


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json_schema(), format_checker=FormatChecker(["date"]))


def _explain(fault: Fault, tree: Tree) -> Iterator[tuple[Path, Finding]]:
    path, words = fault.path, {"field": _last(fault.path)}
    match fault.keyword:
        case "anyOf":
            yield from _alternatives(fault, tree)
        case "required":
            for field in fault.wanted:
                if field not in fault.value:
                    yield path, _missing(fault, field)
        case "additionalProperties":
            for field in fault.value:
                if field not in fault.schema["properties"]:
                    yield (*path, field), _unknown(fault, field)
        case "type":
            is_date = fault.schema.get("format") == "date" and fault.value is not None
            if is_date:
                yield path, BAD_DATE.at(written(path), value=_shown(fault.value), **words)
            else:
                yield path, _wrong_type(tree, path, fault.value, [fault.wanted])
        case "pattern" if fault.of_key:
            here = (*path, fault.value)
            yield here, _bad_form(fault, here, f"Tên “{fault.value}” trong {words['field']}")
        case "pattern":
            yield (
                path,
                (
                    _limit(path, fault.value)
                    or _bad_form(fault, path, f"“{words['field']}” ghi {_shown(fault.value)}")
                ),
            )
        case "enum" | "const":
            yield path, _not_allowed(fault)
        case "format":
            yield path, BAD_DATE.at(written(path), value=_shown(fault.value), **words)
        case "minItems":
            yield path, OUT_OF_RANGE.at(written(path), what="không được để trống", **words)
        case "minProperties":
            yield path, OUT_OF_RANGE.at(written(path), what="cần at_least hoặc below", **words)
        case _:
            yield path, OUT_OF_RANGE.at(written(path), what=f"phải từ {fault.wanted} trở lên", **words)


def _alternatives(fault: Fault, tree: Tree) -> Iterator[tuple[Path, Finding]]:
    """Of several forms a value may have, complain only about the one it seems to be meant as."""
    branches: dict[int, list[Fault]] = {}
    for part in fault.parts:
        branches.setdefault(part.branch, []).append(part)
    meant = [
        parts
        for parts in branches.values()
        if not any(part.keyword == "type" and part.path == fault.path for part in parts)
    ]
    if not meant:
        expected = [part.wanted for part in fault.parts if part.wanted in _TYPES]
        yield fault.path, _wrong_type(tree, fault.path, fault.value, expected)
        return
    for part in meant[0]:
        yield from _explain(part, tree)


def _missing(fault: Fault, field: str) -> Finding:
    node = fault.schema["properties"][field]
    return MISSING.at(
        written((*fault.path, field)),
        field=field,
        label=node.get("title", field),
        text=node.get("description", ""),
        of=_of(fault.path),
    )


def _unknown(fault: Fault, field: str) -> Finding:
    known = list(fault.schema["properties"])
    close = get_close_matches(field, known, n=1, cutoff=0.6)
    return UNKNOWN.at(
        written((*fault.path, field)),
        field=field,
        of=_of(fault.path),
        close=Said(" Có phải “{close}”?", close=close[0]) if close else "",
        known=", ".join(known),
    )


def _wrong_type(tree: Tree, path: Path, value: Any, expected: list[str]) -> Finding:
    if value is None:
        return EMPTY.at(written(path), field=_last(path))
    no_unit = _limit(path, str(value)) if not isinstance(value, bool | list | dict) else None
    misread = read_as(tree, path) if expected == ["string"] else None
    if no_unit is not None or misread is not None:
        return no_unit or cast(Finding, misread)
    return WRONG_TYPE.at(
        written(path),
        field=_last(path),
        expected=_one_of(list(dict.fromkeys(_TYPES[kind] for kind in expected))),
        got=_kind(value),
    )


def _not_allowed(fault: Fault) -> Finding:
    allowed: list[str] = [fault.wanted] if fault.keyword == "const" else fault.wanted
    labels = _labels(allowed)
    close = get_close_matches(str(fault.value), allowed, n=1, cutoff=0.6)
    return NOT_ALLOWED.at(
        written(fault.path),
        field=_last(fault.path),
        value=_shown(fault.value),
        close=Said(" Có phải “{close}”?", close=close[0]) if close else "",
        allowed=", ".join(f"{each} ({labels[each]})" if each in labels else each for each in allowed)
        + (", hoặc một danh sách" if fault.keyword == "const" else ""),
    )


def _labels(allowed: Iterable[str]) -> Mapping[str, str]:
    wanted = set(allowed)
    return next((labels for labels in value_labels().values() if set(labels) == wanted), {})


def _limit(path: Path, value: Any) -> Finding | None:
    """What is wrong with a limit; None when the value is none, or is one."""
    if not isinstance(value, str) or not (
        {"limit", "limits", "warnings"} & set(path) or _last(path) in _LIMITS
    ):
        return None
    try:
        parse_limit(value)
    except BadInput as error:
        return BAD_LIMIT.at(written(path), field=_last(path), why=error.message, advice=error.hint)
    return None


_LIMITS = ("cap", "ask_within", "acknowledge_within")


def _bad_form(fault: Fault, path: Path, what: str) -> Finding:
    advice = _FORMS.get(fault.wanted) or "Viết số và đơn vị, ví dụ “3 working_day”."
    return BAD_FORM.at(written(path), what=what, value=_shown(fault.value), advice=advice)


def _present(data: Any, place: tuple[str | int, ...]) -> Path:
    """The part of a model's path that stands in the data: short forms and unions add names of their own."""
    path: list[str | int] = []
    for part in place:
        inside = isinstance(data, dict) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        if inside:
            path.append(part)
            data = data[part]
    return tuple(path)


def _last(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    if not path or not names:
        return "định nghĩa"
    return names[-1] if isinstance(path[-1], str) else f"{names[-1]} thứ {int(path[-1]) + 1}"


def _one_of(words: list[str]) -> str:
    return " hoặc ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _of(path: Path) -> str:
    return f" ở {written(path)}" if path else ""


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return _TYPES["boolean"]
    if isinstance(value, str):
        return f"chữ {_shown(value)}"
    if isinstance(value, dict | list):
        return _TYPES["object"] if isinstance(value, dict) else _TYPES["array"]
    return f"số {value}"


def _shown(value: Any) -> str:
    text = str(value)
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"
