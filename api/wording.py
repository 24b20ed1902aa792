"""What is wrong with a request's fields, in Vietnamese. The value given is never repeated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dossiers.core.said import Said

_OTHER = Said("Giá trị không đúng.")

_MESSAGES = {
    "missing": Said("Thiếu trường này."),
    "extra_forbidden": Said("Không có trường này."),
    "string_type": Said("Phải là chuỗi ký tự."),
    "string_unicode": Said("Chuỗi có ký tự không hợp lệ."),
    "string_too_short": Said("Cần ít nhất {min_length} ký tự."),
    "string_too_long": Said("Nhiều nhất {max_length} ký tự."),
    "string_pattern_mismatch": Said("Không đúng dạng quy định."),
    "int_type": Said("Phải là số nguyên."),
    "int_parsing": Said("Phải là số nguyên."),
    "int_from_float": Said("Phải là số nguyên."),
    "int_parsing_size": Said("Số quá lớn."),
    "bool_type": Said("Phải là true hoặc false."),
    "bool_parsing": Said("Phải là true hoặc false."),
    "greater_than_equal": Said("Nhỏ nhất là {ge}."),
    "less_than_equal": Said("Lớn nhất là {le}."),
    "datetime_type": Said("Phải là thời điểm ISO 8601."),
    "datetime_parsing": Said("Phải là thời điểm ISO 8601, ví dụ 2026-11-20T07:30:00+07:00."),
    "datetime_from_date_parsing": Said("Phải là thời điểm ISO 8601, ví dụ 2026-11-20T07:30:00+07:00."),
    "datetime_object_invalid": Said("Thời điểm không có thật."),
    "timezone_aware": Said("Thời điểm phải kèm múi giờ, ví dụ +07:00."),
    "date_type": Said("Phải là ngày, ví dụ 2026-11-20."),
    "date_parsing": Said("Phải là ngày, ví dụ 2026-11-20."),
    "date_from_datetime_parsing": Said("Phải là ngày, ví dụ 2026-11-20."),
    "date_from_datetime_inexact": Said("Phải là ngày, không kèm giờ."),
    "uuid_type": Said("Phải là mã UUID."),
    "uuid_parsing": Said("Phải là mã UUID."),
    "enum": Said("Không thuộc các giá trị được dùng."),
    "literal_error": Said("Không thuộc các giá trị được dùng."),
    "list_type": Said("Phải là danh sách."),
    "tuple_type": Said("Phải là danh sách."),
    "dict_type": Said("Phải là các cặp “tên: giá trị”."),
    "model_type": Said("Phải là một đối tượng JSON."),
    "model_attributes_type": Said("Phải là một đối tượng JSON (Content-Type: application/json)."),
    "too_short": Said("Cần ít nhất {min_length} mục."),
    "too_long": Said("Nhiều nhất {max_length} mục."),
    "json_invalid": Said("JSON sai cú pháp."),
    "name_without_letter": Said("Tên phải có chữ cái."),
    "value_error": _OTHER,
}

_BRANCHES = {"uuid": "NewApplicant", "NewApplicant": "uuid"}
"""Names that validation adds for the branches of “an id, or the details”."""


def refusals(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each error as where, message and code, without repeats."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for error in _of_the_branch_meant(errors):
        where = _where(error["loc"])
        code = str(error["type"])
        found.setdefault(
            (where, code), {"where": where, "message": _message(code, error.get("ctx") or {}), "code": code}
        )
    return list(found.values())


def _message(code: str, context: Mapping[str, Any]) -> str:
    try:
        return _MESSAGES.get(code, _OTHER).format(**context)
    except KeyError:
        return _OTHER


def _where(location: Iterable[Any]) -> str:
    parts = [str(part) for part in location]
    if parts and parts[0] == "body":
        parts = parts[1:]
    return ".".join(part for part in parts if part not in _BRANCHES) or "body"


def _of_the_branch_meant(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of “an id, or the details”, only the errors of the one the caller evidently meant."""
    wrong_kind = {
        tuple(error["loc"])
        for error in errors
        if error["loc"] and error["loc"][-1] in _BRANCHES and error["type"] in _WRONG_KIND
    }
    kept = []
    for error in errors:
        location = tuple(error["loc"])
        other = (*location[:-1], _BRANCHES[location[-1]]) if location in wrong_kind else None
        if other is None or (other in wrong_kind and location[-1] == "NewApplicant"):
            kept.append(error)
    return kept


_WRONG_KIND = frozenset({"uuid_type", "model_type", "model_attributes_type"})
