"""Paper: the standard forms of a dossier and the register book, as PDF."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import VIETNAM, console, print_json, table
from api.cli.reading import Code
from api.cli.session import AsJson, At, moment, open_office
from api.links import public_window
from dossiers.core.settings import settings
from sla.letters.document import Document
from workflows.service import find
from workflows.views.forms import FormNo, form_of
from workflows.views.sight import EVERYTHING
from workflows.views.slip_forms import register_book_form
from workflows.views.slips import book


def form_command(
    code: Code,
    form: Annotated[FormNo, typer.Argument(metavar="MẪU", help="01, 02, 03, 04, 05 hoặc 06")],
    no: Annotated[
        int | None,
        typer.Option("--no", min=1, help="Mẫu 02: yêu cầu bổ sung số mấy; mẫu 04: thư xin lỗi số mấy"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp PDF ghi ra")] = None,
    at: At = None,
) -> None:
    """In một biểu mẫu của hồ sơ ra PDF; chỗ chưa biết để dòng chấm."""
    _write(_form(code, form, no, at), out or Path(f"{form.file_name}-{code}.pdf"))


def letter_command(
    code: Code,
    apology: Annotated[int, typer.Argument(metavar="SỐ_THƯ", help="Số thứ tự thư xin lỗi trong hồ sơ")] = 1,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Tệp PDF ghi ra")] = None,
    at: At = None,
) -> None:
    """In thư xin lỗi (mẫu 04) ra PDF; chưa ký thì là dự thảo."""
    letter = _form(code, FormNo.APOLOGY, apology, at)
    _write(letter, output or Path(f"{FormNo.APOLOGY.file_name}-{code}-{apology}.pdf"))


def book_command(
    desk: Annotated[str, typer.Argument(metavar="MÃ_NƠI_TIẾP_NHẬN")],
    since: Annotated[str | None, typer.Option("--from", help="Từ ngày, ví dụ 2026-11-01")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Đến hết ngày")] = None,
    field: Annotated[str | None, typer.Option("--field", help="Chỉ một lĩnh vực")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Ghi sổ ra tệp PDF; mặc định từ đầu năm")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sổ theo dõi hồ sơ (mẫu 07)."""
    office = open_office()
    now = moment(None)
    begins = moment(since, what="--from") if since else _begin(now, of_year=out is not None)
    ends = moment(until, what="--to") + timedelta(days=1) if until else now
    with office.database.reading() as connection:
        if out is not None:
            last = _day(ends - timedelta(microseconds=1))
            made = register_book_form(
                office, connection, desk, _day(begins), last, now, sight=EVERYTHING, field=field
            )
            _write(made, out)
            return
        lines = book(office, connection, desk, begins, ends, sight=EVERYTHING, field=field)
    if as_json:
        print_json(lines)
        return
    table(
        "Sổ theo dõi hồ sơ",
        ["STT", "Mã hồ sơ", "Thủ tục", "Người nộp", "Cơ quan chủ trì", "Nhận", "Hẹn trả", "Trả"],
        [
            [line.no, line.code, line.procedure.code, line.applicant, line.agency.name,
             line.received_at, line.due_at, line.returned_at]
            for line in lines
        ],
    )  # fmt: skip


def _form(code: str, form: FormNo, number: int | None, at: str | None) -> Document:
    office = open_office()
    link_to = public_window(settings())
    with office.database.reading() as connection:
        return form_of(
            office, connection, find(connection, code), form, moment(at), number=number, window=link_to
        )


def _write(document: Document, path: Path) -> None:
    path.write_bytes(document.pdf())
    console.print(f"Đã ghi {path.absolute()}", soft_wrap=True)


def _begin(now: datetime, *, of_year: bool) -> datetime:
    return datetime(_day(now).year, 1, 1, tzinfo=VIETNAM) if of_year else datetime(2000, 1, 1, tzinfo=UTC)


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()
