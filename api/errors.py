"""Every refusal and failure as ``application/problem+json`` (RFC 9457), with a stable code.

A code has one status and one title, kept in ``error_codes.yaml`` and listed in ``docs/error-codes.md``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from importlib.resources import files
from math import ceil
from typing import Any

import yaml
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.tracing import where_it_failed
from api.web.errors import refusal_page, wants_page
from api.web.pages import show
from api.wording import refusals
from dossiers.core.errors import BadInput, MotcuaError, NotFound
from dossiers.core.said import Said

log = logging.getLogger("motcua.api")

MEDIA_TYPE = "application/problem+json"

_STATUS_AT_THE_DOOR = {
    "changed_since": 412,
    "database_unavailable": 503,
    "duty_not_done": 500,
    "schema_outdated": 503,
}
"""Codes whose status over HTTP differs from that of their class."""

_BY_HTTP_STATUS = {
    400: "body_unreadable",
    404: "route_unknown",
    405: "method_not_allowed",
    413: "body_too_large",
}


class FieldError(BaseModel):
    """What is wrong with one field of the request."""

    where: str = Field(description="Trường bị sai, ví dụ applicant.name hoặc query.size")
    message: str
    code: str = Field(description="Loại lỗi, ví dụ missing, int_type")


class Problem(BaseModel):
    """A refusal or failure. ``code`` is stable; people read ``detail`` and ``hint``."""

    type: str = Field(description="Trang giải thích mã lỗi")
    title: str = Field(description="Tên loại lỗi")
    status: int
    detail: str = Field(description="Điều gì sai trong yêu cầu này")
    code: str = Field(description="Mã lỗi, không đổi giữa các phiên bản")
    instance: str = Field(description="Mã của lần gọi, có trong nhật ký máy chủ")
    hint: str | None = Field(default=None, description="Cách khắc phục")
    where: str | None = Field(default=None, description="Trường, bước hoặc đối tượng liên quan")
    details: dict[str, Any] | None = Field(default=None, description="Chi tiết; could: ai làm được việc này")
    errors: list[FieldError] | None = Field(default=None, description="Từng trường bị sai")


class ErrorCode(BaseModel):
    """What a code means."""

    code: str
    status: int
    title: str


class RateLimited(MotcuaError):
    """Too many calls for now; ``details["retry_after"]`` says how many seconds to wait."""

    code = "rate_limited"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            Said("Đã thử quá nhiều lần trong thời gian ngắn."),
            hint=Said("Thử lại sau {wait}.", wait=_wait(seconds)),
            details={"retry_after": seconds},
        )


def _wait(seconds: int) -> str:
    return (
        Said("{seconds} giây", seconds=seconds)
        if seconds < 90
        else Said("{minutes} phút", minutes=ceil(seconds / 60))
    )


@lru_cache(maxsize=1)
def error_codes() -> Mapping[str, ErrorCode]:
    """Every code with its status and title."""
    text = files("api").joinpath("error_codes.yaml").read_text(encoding="utf-8")
    return {code: ErrorCode(code=code, **fields) for code, fields in yaml.safe_load(text).items()}


def status_name(status: int) -> str:
    """What RFC 9110 calls the status; Python 3.11 and 3.12 know two of them by older names."""
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


def status_of(error: MotcuaError) -> int:
    """The HTTP status of an error."""
    return _STATUS_AT_THE_DOOR.get(error.code, error.status)


def problem_response(
    instance: str,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem as a response; empty fields are left out."""
    known = error_codes().get(code)
    problem = Problem(
        type=f"/problems/{code}",
        title=known.title if known else code,
        status=status,
        detail=detail,
        code=code,
        instance=instance,
        **{name: value for name, value in more.items() if value},
    )
    return JSONResponse(
        jsonable_encoder(problem, exclude_none=True),
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def refusal_response(instance: str, error: MotcuaError) -> JSONResponse:
    """The problem of a refusal."""
    headers: dict[str, str] = {}
    status = status_of(error)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="motcua"'
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.details["retry_after"])
    return problem_response(
        instance,
        status,
        error.code,
        error.message,
        headers=headers,
        hint=error.hint,
        where=error.where,
        details=error.details,
    )


class _Shown(MotcuaError):
    """What a page says when nothing of ours was raised."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


def failure_response(request: Request, instance: str) -> Response:
    """The answer when something failed that should not."""
    said = Said("Máy chủ gặp lỗi khi xử lý yêu cầu này.")
    if wants_page(request):
        hint = Said("Báo người quản trị, kèm mã {instance}.", instance=instance.removeprefix("urn:uuid:"))
        error = _Shown("internal_error", said, hint)
        return show(request, "errors/refusal.html", status=500, error=error)
    return problem_response(
        instance, 500, "internal_error", said, hint="Báo người quản trị, kèm mã lần gọi (instance)."
    )


def length_response(request: Request, instance: str, most: int) -> Response:
    """The answer to a request that carries more than ``most`` bytes."""
    code, said, close = (
        "body_too_large",
        Said("Nội dung gửi lên lớn hơn {size}.", size=_size(most)),
        {"Connection": "close"},
    )
    if wants_page(request):
        error = _Shown(code, said, Said("Quay lại, chọn tệp nhỏ hơn hoặc gửi làm nhiều lần."))
        return show(request, "errors/refusal.html", status=413, headers=close, error=error)
    return problem_response(instance, 413, code, said, headers=close)


def _size(most: int) -> str:
    return f"{most // 1024 // 1024} MiB" if most >= 1024 * 1024 else f"{most // 1024} KiB"


def instance_of(request: Request) -> str:
    """The id of this call, as it stands in the log."""
    return str(request.scope.get("motcua_call", "urn:uuid:00000000-0000-0000-0000-000000000000"))


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, MotcuaError)
    if wants_page(request):
        return await refusal_page(request, status_of(error), error)
    return refusal_response(instance_of(request), error)


async def _on_bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = refusals(error.errors())
    if wants_page(request):
        unknown = any(item["loc"][:1] == ("path",) for item in error.errors())
        return await refusal_page(request, 404 if unknown else 422, _as_refusal(found, unknown=unknown))
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem_response(
            instance_of(request),
            400,
            "body_unreadable",
            Said("Nội dung gửi lên không phải JSON đúng cú pháp."),
            errors=[FieldError(**item) for item in found],
        )
    detail = f"{found[0]['where']}: {found[0]['message']}" if found else Said("Yêu cầu không đúng dạng.")
    more = Said(" (và {n} lỗi khác)", n=len(found) - 1) if len(found) > 1 else ""
    return problem_response(
        instance_of(request),
        422,
        "bad_input",
        detail + more,
        hint="Sửa các trường nêu trong errors rồi gửi lại.",
        where=found[0]["where"] if found else "",
        errors=[FieldError(**item) for item in found],
    )


def _as_refusal(found: list[dict[str, str]], *, unknown: bool) -> MotcuaError:
    """What is wrong with the address of a page."""
    if unknown:
        return NotFound("Không có trang này.", code="route_unknown")
    where = f"{found[0]['where']}: {found[0]['message']}" if found else ""
    return BadInput("Địa chỉ trang chưa đúng.", hint=where)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_HTTP_STATUS.get(error.status_code, "error")
    known = error_codes().get(code)
    if wants_page(request):
        message = (
            Said("{title}.", title=Said(known.title)) if known else Said("Yêu cầu không thực hiện được.")
        )
        return await refusal_page(request, error.status_code, _Shown(code, message))
    return problem_response(
        instance_of(request),
        error.status_code,
        code,
        f"{known.title}." if known else Said("Yêu cầu không thực hiện được."),
        headers=error.headers,
    )


def _answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    hint: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page for whoever reads pages, else a problem."""
    if wants_page(request):
        refusal = _Shown(code, detail, hint)
        return show(request, "errors/refusal.html", status=status, headers=headers, error=refusal)
    return problem_response(instance_of(request), status, code, detail, headers=headers, hint=hint)


def _on_odd_value(request: Request, error: Exception) -> Response:
    """A value of the right form that no column or date can hold, such as a number of thirty digits."""
    return _answer(
        request,
        422,
        "value_out_of_range",
        Said("Một giá trị nằm ngoài phạm vi lưu trữ hoặc tính toán được."),
        hint="Kiểm tra lại các số quá lớn, ngày quá xa và ký tự điều khiển.",
    )


def _on_statement(request: Request, error: Exception) -> Response:
    """A value that could not even be handed to the database; any other trouble is a failure of ours."""
    if isinstance(getattr(error, "orig", None), OverflowError):
        return _on_odd_value(request, error)
    raise error


def _on_integrity(request: Request, error: Exception) -> Response:
    """Somebody else kept the same thing at the same moment; any other constraint is a failure of ours."""
    orig = getattr(error, "orig", None)
    kinds = {getattr(orig, "sqlite_errorname", ""), getattr(orig, "sqlstate", "")}
    if not kinds & _TAKEN_OR_MISSING:
        raise error
    return _answer(
        request,
        409,
        "already_exists",
        Said("Dữ liệu này đã có, hoặc nhắc tới thứ không có."),
        hint="Xem lại mã đã dùng rồi gửi lại.",
    )


_TAKEN_OR_MISSING = frozenset(
    {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY"}
    | {"23505", "23503"}
)
"""A key that is taken, or one that is referred to and not there: SQLite and PostgreSQL."""


def _on_database_trouble(request: Request, error: Exception) -> Response:
    log.error("%s database trouble\n%s", instance_of(request), where_it_failed(error))
    return _answer(
        request,
        503,
        "database_unavailable",
        Said("Cơ sở dữ liệu đang bận hoặc không kết nối được."),
        hint="Gửi lại sau ít giây với cùng Idempotency-Key.",
        headers={"Retry-After": "2"},
    )


def install(app: FastAPI) -> None:
    """Let the application answer every refusal and failure as a problem."""
    app.add_exception_handler(MotcuaError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_bad_request)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(DataError, _on_odd_value)
    app.add_exception_handler(OverflowError, _on_odd_value)
    app.add_exception_handler(StatementError, _on_statement)
    app.add_exception_handler(IntegrityError, _on_integrity)
    app.add_exception_handler(OperationalError, _on_database_trouble)
