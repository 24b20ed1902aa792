"""What a failure is called on the command line: a sentence with a code, never a trace."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, StatementError

from api.tracing import where_it_failed
from dossiers.core import clock
from dossiers.core.errors import BadInput, Conflict, MotcuaError

FAILURES = Path("var") / "motcua-failures.log"
"""Where unexpected failures are written: when, what kind, which lines; no words, which may name a person."""


class Failed(MotcuaError):
    """Something failed that should not."""

    code = "internal_error"
    status = 500


def as_refusal(error: Exception) -> tuple[MotcuaError, int]:
    """The refusal to say, and the exit code: 1 refused, 2 not understood, 3 failed inside."""
    match error:
        case BadInput():
            return error, 2
        case MotcuaError():
            return error, 1
        case OverflowError() | DataError():
            return _out_of_range(), 2
        case StatementError() if isinstance(error.orig, OverflowError | ValueError | TypeError):
            return _out_of_range(), 2
        case IntegrityError():
            return _taken(), 1
        case DatabaseError():
            return _no_database(error), 1
        case OSError() if error.filename:
            return _no_file(error), 2
        case _:
            return _unexpected(error), 3


def _no_file(error: OSError) -> BadInput:
    return BadInput(
        f"Không dùng được tệp {error.filename}: {error.strerror}.",
        code="file_unreadable",
        where=str(error.filename),
        hint="Kiểm tra đường dẫn và quyền đọc, ghi.",
    )


def _out_of_range() -> BadInput:
    return BadInput(
        "Một giá trị nằm ngoài phạm vi lưu trữ hoặc tính toán được.",
        code="value_out_of_range",
        hint="Kiểm tra lại các số quá lớn, ngày quá xa và ký tự điều khiển.",
    )


def _taken() -> Conflict:
    return Conflict(
        "Dữ liệu này đã có, hoặc nhắc tới thứ không có.",
        code="already_exists",
        hint="Xem lại mã đã dùng rồi làm lại.",
    )


def _no_database(error: DatabaseError) -> MotcuaError:
    said = str(error.orig).strip().splitlines() if error.orig else []
    return MotcuaError(
        f"Không dùng được cơ sở dữ liệu: {said[0] if said else 'không trả lời'}.",
        code="database_unavailable",
        where="MOTCUA_DATABASE_URL",
        hint="Kiểm tra địa chỉ và máy chủ cơ sở dữ liệu, rồi chạy: motcua doctor",
    )


def _unexpected(error: Exception) -> MotcuaError:
    return Failed(
        "Phần mềm gặp lỗi bên trong; không có gì được ghi dở dang.",
        where=type(error).__name__,
        hint=f"Báo người quản trị, kèm phần cuối của tệp {_noted(error)}.",
    )


def _noted(error: Exception) -> str:
    """Write down where it failed; the file, or why it could not be written."""
    try:
        FAILURES.parent.mkdir(parents=True, exist_ok=True)
        with FAILURES.open("a", encoding="utf-8") as file:
            file.write(f"{clock.now().isoformat()}\n{where_it_failed(error)}\n\n")
    except OSError as trouble:
        return f"{FAILURES} (không ghi được: {trouble.strerror})"
    return str(FAILURES.absolute())
