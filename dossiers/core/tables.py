"""The table behind a mapped class, and whether what is to be kept fits its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, Table

from dossiers.core.base import Base
from dossiers.core.errors import BadInput


def table_of(model: type[Base]) -> Table:
    """The table a class is mapped to."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def require_fitting(model: type[Base], fields: Mapping[str, Any]) -> None:
    """Refuse (``text_too_long``, ``text_unreadable``) what PostgreSQL could not keep, on SQLite as well."""
    columns = table_of(model).c
    for name, value in fields.items():
        if not isinstance(value, str):
            continue
        most = _longest(columns[name].type)
        if most is not None and len(value) > most:
            raise BadInput(
                f"Nội dung dài {len(value)} ký tự; nhiều nhất {most}.",
                code="text_too_long",
                where=name,
                hint="Viết ngắn lại.",
            )
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise BadInput(
                "Nội dung có ký tự không lưu được.",
                code="text_unreadable",
                where=name,
                hint="Xóa ký tự lạ rồi nhập lại.",
            )


def _longest(kind: Any) -> int | None:
    return kind.length if isinstance(kind, String) else None
