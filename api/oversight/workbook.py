"""A table as an XLSX file: real dates and numbers, a heading that filters, written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIETNAM = timezone(timedelta(hours=7))


class Kind(StrEnum):
    """How a column's values are written."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how wide it is in letters, and what it holds."""

    heading: str
    width: int = 18
    kind: Kind = Kind.TEXT


_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"text_wrap": True},
    Kind.NUMBER: {"num_format": "#,##0"},
    Kind.PERCENT: {"num_format": "0.0"},
    Kind.INSTANT: {"num_format": "hh:mm dd/mm/yyyy"},
    Kind.DAY: {"num_format": "dd/mm/yyyy"},
}


def workbook(title: str, said: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file. ``said`` stands under the title: of when and of whom the table is."""
    file = BytesIO()
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    formats = {kind: book.add_format(form | {"valign": "top"}) for kind, form in _FORMATS.items()}
    heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E6EEF8"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, said)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(3, number, column.heading, heading)
    last = 3
    for last, row in enumerate(rows, start=4):
        for number, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, last, number, column.kind, value, formats)
    sheet.autofilter(3, 0, last, len(columns) - 1)
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return file.getvalue()


def _write(sheet: Any, row: int, number: int, kind: Kind, value: Any, formats: dict[Kind, Any]) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, number, value.astimezone(VIETNAM).replace(tzinfo=None), formats[kind])
    elif isinstance(value, date):
        sheet.write_datetime(row, number, datetime(value.year, value.month, value.day), formats[kind])  # noqa: DTZ001 - a cell has no zone
    elif isinstance(value, (int, float)):
        sheet.write_number(row, number, value, formats[kind])
    else:
        sheet.write_string(row, number, str(value), formats[kind])
