"""The interface described: tags, rights, examples, and every problem an operation may answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from api.deps import RIGHTS, Right
from api.errors import MEDIA_TYPE, Problem, error_codes, status_name

TAGS = [
    {"name": "commands", "description": "Lệnh: việc làm với hồ sơ. Mỗi lệnh ghi thêm vào lịch sử."},
    {"name": "dossiers", "description": "Hồ sơ: danh sách, một hồ sơ, lịch sử, cách tính ngày hẹn."},
    {"name": "documents", "description": "Giấy tờ dưới dạng tệp: tải lên, xem, đính kèm bằng lệnh attach."},
    {"name": "desk", "description": "Quầy tiếp nhận: tìm thủ tục, xem trước ngày hẹn, việc hôm nay."},
    {"name": "applicants", "description": "Người nộp hồ sơ."},
    {"name": "agencies", "description": "Cơ quan, công chức, người đứng đầu, gán vai."},
    {"name": "calendars", "description": "Lịch làm việc."},
    {"name": "deadlines", "description": "Tính thời hạn."},
    {"name": "procedures", "description": "Thủ tục: phiên bản, kiểm tra, sơ đồ, so sánh, công bố."},
    {"name": "oversight", "description": "Giám sát: quá hẹn, cảnh báo, xin lỗi, sổ trách nhiệm, kiểm chứng."},
    {"name": "voices", "description": "Tiếng nói người dân: đánh giá, phản ánh, kiến nghị và việc trả lời."},
    {"name": "outbox", "description": "Thư, tin gửi đi: hàng chờ, gửi lại, huỷ, thư in; webhook."},
    {"name": "office", "description": "Cơ sở: tình trạng, thiết lập, biểu mẫu."},
    {"name": "public", "description": "Dành cho người dân, không cần mã truy cập."},
    {"name": "auth", "description": "Người gọi."},
    {"name": "accounts", "description": "Tài khoản đăng nhập của công chức."},
    {"name": "health", "description": "Tình trạng máy chủ và mô tả giao diện."},
]

INTRODUCTION = """Giao diện lập trình của Một Cửa: mọi lệnh và mọi câu hỏi về hồ sơ một cửa.

* Xác thực: `Authorization: Bearer <mã truy cập>`.
* Lỗi: `application/problem+json`, mã lỗi `code` không đổi giữa các phiên bản.
* Chống gửi trùng: `Idempotency-Key`. Chống ghi đè: `ETag` và `If-Match`. Thử trước: `?dry_run=true`.
"""

_METHODS = ("get", "put", "post", "delete", "patch")
_CONFLICTS = frozenset(
    {"get_explanation", "get_apology_pdf", "get_form_pdf", "rate", "send_complaint", "add_to_complaint"}
)
"""Questions, and what the public sends, that may be refused because of how things stand."""

_REPLAYED = {"description": "true khi lệnh đã được thực hiện trước đó với cùng khoá"}
_ETAG = {"description": "Số sự kiện cuối của hồ sơ, trong dấu ngoặc kép"}


def install(app: FastAPI) -> None:
    """Let the application describe itself, made once and kept."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """The whole description."""
    document = get_openapi(
        title="Một Cửa: giao diện lập trình",
        version=app.version,
        description=INTRODUCTION,
        routes=app.routes,
        tags=TAGS,
    )
    rights = {route.name: right for route, right in rights_of(app)}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, problems = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas.update(problems["$defs"])
    document["components"]["responses"] = {
        _response_name(status): _problem_response(status) for status in _EXAMPLES
    }
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                _complete(operations[method], path, method, rights[operations[method]["operationId"]])
    return document


def rights_of(app: FastAPI) -> Iterator[tuple[APIRoute, Right | None]]:
    """Every route with the right it declares; None where it declares none or more than one."""
    for route in api_routes(app.routes):
        found = [RIGHTS[call] for call in _calls(route.dependant) if call in RIGHTS]
        yield route, found[0] if len(found) == 1 else None


def api_routes(routes: Any) -> Iterator[APIRoute]:
    """The routes, those of routers within included."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            within = getattr(route, "original_router", route)
            yield from api_routes(getattr(within, "routes", ()))


@cache
def examples(what: str) -> dict[str, Any]:
    """What to show by operation: ``requests`` or ``responses``."""
    text = files("api.examples").joinpath(f"{what}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def _calls(dependant: Dependant) -> Iterator[Any]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)


def _complete(operation: dict[str, Any], path: str, method: str, right: Right | None) -> None:
    assert right is not None, operation["operationId"]
    operation["description"] = f"{operation.get('description', '')}\n\nQuyền: {right.label}."
    if not right.public:
        scope = right.scope_for(method.upper())
        operation["description"] += f"\n\nPhạm vi mã truy cập: `{scope.value}` ({scope.label})."
    operation["description"] = operation["description"].strip()
    for response in operation["responses"].values():
        if response.get("description") == "Successful Response":
            response["description"] = "Thành công"
    responses = operation["responses"]
    responses.pop("422", None)
    for status in _statuses(operation, path, method, right):
        responses[str(status)] = {"$ref": f"#/components/responses/{_response_name(status)}"}
    _add_headers(operation)
    _add_examples(operation)


def _statuses(operation: dict[str, Any], path: str, method: str, right: Right) -> list[int]:
    """The problems an operation may answer."""
    statuses = {500, 503}
    tags = set(operation["tags"])
    if operation.get("parameters") or "requestBody" in operation:
        statuses.add(422)
    if tags != {"health"} or "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {400, 413}
    if not right.public:
        statuses |= {401, 403}
    if "public" in tags:
        statuses.add(429)
    if (method != "get" and not right.public) or operation["operationId"] in _CONFLICTS:
        statuses.add(409)
    if "commands" in tags:
        statuses.add(412)
    return sorted(statuses)


def _add_headers(operation: dict[str, Any]) -> None:
    headers: dict[str, Any] = {}
    text = {"schema": {"type": "string"}}
    if "commands" in operation["tags"]:
        headers |= {"ETag": _ETAG | text, "Idempotency-Replayed": _REPLAYED | text}
    if operation["operationId"] == "get_dossier":
        headers["ETag"] = _ETAG | text
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
        headers["Link"] = {"description": "Địa chỉ trang sau, rel=next"} | text
    if "201" in operation["responses"] and operation["operationId"] not in _NO_LOCATION:
        headers["Location"] = {"description": "Địa chỉ của thứ vừa tạo"} | text
    for status in ("200", "201"):
        if headers and status in operation["responses"]:
            operation["responses"][status]["headers"] = headers


_NO_LOCATION = frozenset(
    {
        "create_official",
        "create_tenure",
        "create_binding",
        "create_official_account",
        "create_access_token",
        "rate",
        "record_rating",
        "add_to_complaint",
    }
)


def _add_examples(operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    requests, responses = examples("requests"), examples("responses")
    if name in requests:
        operation["requestBody"]["content"]["application/json"]["examples"] = requests[name]
    shown = responses.get(name, responses["finish_step"] if "commands" in operation["tags"] else None)
    if shown is not None:
        status = "201" if "201" in operation["responses"] else "200"
        operation["responses"][status]["content"]["application/json"]["example"] = shown


def _response_name(status: int) -> str:
    return f"Problem{status}"


def _problem_response(status: int) -> dict[str, Any]:
    code, detail = _EXAMPLES[status]
    response: dict[str, Any] = {
        "description": status_name(status),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": f"/problems/{code}",
                    "title": error_codes()[code].title,
                    "status": status,
                    "detail": detail,
                    "code": code,
                    "instance": "urn:uuid:0b9c5a52-6c0c-4b63-9a51-0a3f3c1f7a10",
                },
            }
        },
    }
    header = {429: "Retry-After", 503: "Retry-After", 401: "WWW-Authenticate"}.get(status)
    if header is not None:
        response["headers"] = {header: {"schema": {"type": "string"}}}
    return response


_EXAMPLES = {
    400: ("body_unreadable", "Nội dung gửi lên không phải JSON đúng cú pháp."),
    401: ("token_missing", "Cần mã truy cập."),
    403: ("not_allowed", "Quyết định: việc này của lãnh đạo Ủy ban nhân dân, UBND phường Việt Trì."),
    404: ("dossier_unknown", "Không có hồ sơ mã “H44.101.01-260302-9999”."),
    409: ("task_not_live", "Công việc số 2 (Thẩm định) đã hoàn thành lúc 09:30 ngày 03/03/2026."),
    412: ("changed_since", "Hồ sơ H44.101.01-260302-0001 đã thay đổi từ lúc mở xem (2 việc mới)."),
    413: ("body_too_large", "Nội dung gửi lên lớn hơn 1024 KiB."),
    422: ("bad_input", "applicant.name: Thiếu trường này."),
    429: ("rate_limited", "Đã thử quá nhiều lần trong thời gian ngắn."),
    500: ("internal_error", "Máy chủ gặp lỗi khi xử lý yêu cầu này."),
    503: ("database_unavailable", "Cơ sở dữ liệu đang bận hoặc không kết nối được."),
}
"""A problem to show for each status: its code and what it says."""
