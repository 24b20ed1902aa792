"""``motcua import`` and ``motcua limits``: taking in what others have, with a report."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.output import console, number, print_json, progress, table
from api.cli.session import AsJson, At, day_named, moment, open_database
from dossiers.core.errors import BadInput
from dossiers.core.migrating import upgrade
from sla.calendars.service import publish_shipped
from sla.limit_texts.coverage import COLUMNS, coverage
from workflows.importers.catalogue import import_catalogue, load_catalogue
from workflows.importers.groups import read_group_names
from workflows.importers.service import import_workflows, load_workflows
from workflows.office import Office

app = typer.Typer(help="Nhập dữ liệu từ nơi khác, có báo cáo.", no_args_is_help=True)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"Không đọc được tệp {path}: {error}.", code="file_unreadable", where=str(path)
        ) from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"Tệp {path} không phải UTF-8.",
            code="file_unreadable",
            where=str(path),
            hint="Lưu lại tệp với bảng mã UTF-8.",
        ) from error


@app.command("workflows")
def workflows(
    path: Annotated[Path, typer.Argument(metavar="TỆP.json")],
    groups: Annotated[
        Path | None, typer.Option("--groups", help="CSV tên phòng ban (cột code, name)")
    ] = None,
    effective_from: Annotated[str | None, typer.Option("--effective-from", help="Ngày có hiệu lực")] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Nhập quy trình một cửa từ tệp JSON; từng quy trình được nhập trọn vẹn hoặc bị từ chối, nêu rõ lỗi."""
    data = load_workflows(_bytes(path))
    names = read_group_names(_text(groups)) if groups else None
    since = day_named(effective_from, "--effective-from") if effective_from else None
    database = open_database()
    upgrade(database)
    office = Office(database)
    with database.writing() as connection, progress("Nhập quy trình", len(data), quiet=as_json) as advance:
        publish_shipped(connection, moment(at))
        entries = import_workflows(
            office, connection, data, moment(at), effective_from=since, names=names, progress=advance
        )
    if as_json:
        print_json([entry.as_dict() for entry in entries])
        return
    table(
        "Quy trình",
        ["Mã", "Kết quả", "Lỗi hoặc ghi chú"],
        [
            [
                entry.code,
                "unchanged" if entry.unchanged else entry.status.value,
                "; ".join(_said(item) for item in entry.faults or entry.notes),
            ]
            for entry in entries
        ],
    )
    imported = sum(entry.status == "imported" and not entry.unchanged for entry in entries)
    console.print(f"{number(len(entries))} quy trình, {number(imported)} nhập mới.")


def _said(item: Mapping[str, Any]) -> str:
    """What was found, with its place in the file."""
    return f"{item['message']} ({item['where']})" if item.get("where") else str(item["message"])


@app.command("catalogue")
def catalogue(
    path: Annotated[Path, typer.Argument(metavar="TỆP.csv")],
    source: Annotated[str, typer.Option("--source", help="Nguồn của dữ liệu")] = "",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Nhập danh mục thủ tục quốc gia."""
    rows = load_catalogue(_bytes(path))
    database = open_database()
    upgrade(database)
    with database.writing() as connection, progress("Nhập danh mục", len(rows), quiet=as_json) as advance:
        report = import_catalogue(connection, rows, moment(at), source or path.name, progress=advance)
    if as_json:
        print_json(report.as_dict())
        return
    console.print(
        f"{number(report.read)} dòng: {number(report.added)} thêm mới, {number(report.updated)} cập nhật, "
        f"{number(report.unchanged)} không đổi, {number(report.repeated)} lặp lại, "
        f"{number(report.refused)} từ chối."
    )
    table(
        "Lý do", ["Lý do", "Số dòng"], sorted(report.reasons.items()), empty="không có dòng nào phải lưu ý."
    )


def limits_command(
    path: Annotated[Path, typer.Argument(metavar="TỆP.csv", help="Thời hạn theo kênh của danh mục quốc gia")],
    as_json: AsJson = False,
) -> None:
    """Đọc thời hạn viết bằng lời: hiểu được bao nhiêu, không hiểu bao nhiêu."""
    text = _text(path)
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    missing = [column for column in COLUMNS if rows and column not in rows[0]]
    if missing:
        raise BadInput(
            f"Tệp {path.name} thiếu cột: {', '.join(missing)}.", code="limits_unreadable", where=str(path)
        )
    found = coverage(rows)
    if as_json:
        print_json(found)
        return
    table(
        f"{number(found['rows'])} dòng, {number(found['distinct'])} cách viết khác nhau",
        ["Kết luận", "Số dòng", "Cách viết"],
        [
            [verdict, number(counts["rows"]), number(counts["distinct"])]
            for verdict, counts in found["by_verdict"].items()
        ],
    )
