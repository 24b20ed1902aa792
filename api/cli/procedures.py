"""``motcua procedure``: read, lint, compare, draw and publish definitions; move running dossiers."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
import yaml

from api.cli.output import console, number, print_json, progress, table
from api.cli.session import As, AsJson, At, acting, moment, open_office
from dossiers.core.errors import BadInput
from dossiers.procedures import repository
from workflows.definitions.checks.findings import Finding, can_publish
from workflows.definitions.checks.lint import lint
from workflows.definitions.diagram import to_mermaid, to_svg
from workflows.definitions.diff import as_text, diff
from workflows.definitions.model import Definition
from workflows.definitions.reading import BadDefinition, load_definition, read_definition, with_lines
from workflows.definitions.schema import schema_text
from workflows.moving import Move, migrate_running
from workflows.office import Office
from workflows.procedures import overtaken, publish, save

app = typer.Typer(help="Thủ tục: đọc, kiểm tra, so sánh, vẽ, công bố.", no_args_is_help=True)

Source = Annotated[str, typer.Argument(metavar="TỆP|MÃ[@BẢN]", help="Tệp YAML, hoặc mã thủ tục đã lưu")]


def shipped() -> list[Definition]:
    """The definitions that come with the program."""
    folder = files("workflows.catalogue")
    return [
        read_definition(item.read_text(encoding="utf-8"), name=item.name)
        for item in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if item.name.endswith(".yaml")
    ]


def definition_of(source: str) -> Definition:
    """A definition from a file, or a stored version: ``1.001193`` (the latest) or ``1.001193@2``."""
    if Path(source).suffix in (".yaml", ".yml") or Path(source).is_file():
        return load_definition(Path(source))
    code, _, version = source.partition("@")
    if version and not re.fullmatch(r"[0-9]{1,9}", version):
        raise BadInput(f"Số phiên bản “{version}” không đọc được.", where=source, hint="Ví dụ: 1.001193@2.")
    office = open_office()
    with office.database.reading() as connection:
        chosen = int(version) if version else repository.last_version(connection, code)
        row = repository.get(connection, code, chosen)
    return Definition.model_validate_json(row.definition)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Các thủ tục và phiên bản."""
    office = open_office()
    with office.database.reading() as connection:
        rows = repository.versions(connection)
    if as_json:
        print_json(
            [
                {"code": row.code, "version": row.version, "status": row.status, "name": row.name,
                 "field": row.field, "effective_from": row.effective_from}
                for row in rows
            ]
        )  # fmt: skip
        return
    table(
        "Thủ tục",
        ["Mã", "Bản", "Trạng thái", "Tên", "Hiệu lực từ"],
        [
            [r.code, r.version, _STATUS.get(r.status, r.status), r.name, f"{r.effective_from:%d/%m/%Y}"]
            for r in rows
        ],
        empty="chưa có thủ tục nào; công bố: motcua procedure publish TỆP.yaml",
    )


_STATUS = {"draft": "bản thảo", "published": "đã công bố", "retired": "đã thôi dùng"}


@app.command("show")
def show(source: Source, as_json: AsJson = False) -> None:
    """Xem định nghĩa."""
    data = definition_of(source).model_dump(mode="json", exclude_defaults=True)
    if as_json:
        print_json(data)
    else:
        console.print(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))


@app.command("lint")
def lint_(sources: Annotated[list[str], typer.Argument(metavar="TỆP|MÃ…")], as_json: AsJson = False) -> None:
    """Kiểm tra: sáu rõ, đường đi, thời hạn, tạm dừng… Thoát với mã 1 khi có lỗi."""
    found: dict[str, list[Finding]] = {}
    for source in sources:
        try:
            findings = lint(definition_of(source))
        except BadDefinition as error:
            found[source] = list(error.findings)
            continue
        if Path(source).is_file():
            findings = with_lines(findings, Path(source).read_text(encoding="utf-8"))
        found[source] = findings
    if as_json:
        print_json({source: [item.as_dict() for item in findings] for source, findings in found.items()})
    else:
        for source, findings in found.items():
            _print_findings(source, findings)
    if not all(can_publish(findings) for findings in found.values()):
        raise typer.Exit(1)


def _print_findings(source: str, findings: list[Finding]) -> None:
    counts = Counter(item.severity for item in findings)
    summary = ", ".join(f"{count} {severity.label}" for severity, count in sorted(counts.items()))
    console.print(f"{source}: {summary or 'không có gì phải sửa'}", style="bold")
    for item in findings:
        line = f":{item.line}" if item.line else ""
        console.print(f"  {item.code} {item.severity.label} {item.where}{line}: {item.message}")
        if item.waived:
            console.print(f"      đã chấp nhận: {item.waived}")
        elif item.hint:
            console.print(f"      → {item.hint}")


@app.command("publish")
def publish_(
    paths: Annotated[list[Path], typer.Argument(metavar="TỆP.yaml…")],
    draft: Annotated[bool, typer.Option("--draft", help="Chỉ lưu bản thảo")] = False,
    at: At = None,
) -> None:
    """Công bố định nghĩa; bản đã công bố không sửa được nữa."""
    office = open_office()
    for path in paths:
        definition = load_definition(path)
        with office.database.writing() as connection:
            if draft:
                save(connection, definition, moment(at))
            else:
                directory = office.reference(connection).directory
                publish(connection, definition, moment(at), directory)
            replaced = [] if draft else overtaken(connection, definition)
        what = "đã lưu bản thảo" if draft else "đã công bố"
        console.print(f"{definition.code} bản {definition.version}: {what}.")
        if replaced:
            console.print(
                f"Lưu ý: bản này có hiệu lực từ {definition.effective_from:%d/%m/%Y}, không muộn hơn bản "
                f"{', '.join(map(str, replaced))}: từ ngày ấy hồ sơ mới đều theo bản {definition.version}."
            )


@app.command("diff")
def diff_(old: Source, new: Source, as_json: AsJson = False) -> None:
    """So sánh hai phiên bản."""
    changes = diff(definition_of(old), definition_of(new))
    if as_json:
        print_json(
            [
                {"path": item.path, "kind": item.kind, "text": item.text, "affects": item.affects,
                 "citizen": item.citizen}
                for item in changes
            ]
        )  # fmt: skip
    else:
        console.print(as_text(changes) or "Hai bản không khác nhau.")


@app.command("diagram")
def diagram(
    source: Source,
    form: Annotated[str, typer.Option("--format", help="svg hoặc mermaid")] = "svg",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Tệp ghi ra; mặc định: in ra")] = None,
) -> None:
    """Vẽ sơ đồ quy trình."""
    if form not in ("svg", "mermaid"):
        raise BadInput(f"Không có dạng sơ đồ “{form}”.", where="--format", hint="Chọn svg hoặc mermaid.")
    definition = definition_of(source)
    text = to_svg(definition) if form == "svg" else to_mermaid(definition)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
        console.print(f"Đã ghi {output}")


@app.command("schema")
def schema() -> None:
    """JSON Schema của tệp định nghĩa."""
    typer.echo(schema_text())


@app.command("shipped")
def shipped_(
    folder: Annotated[Path | None, typer.Option("--copy-to", help="Chép các tệp ra thư mục này")] = None,
) -> None:
    """Các định nghĩa có sẵn theo phần mềm."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for item in files("workflows.catalogue").iterdir():
            if item.name.endswith(".yaml"):
                (folder / item.name).write_text(item.read_text(encoding="utf-8"), encoding="utf-8")
    table(
        "Định nghĩa có sẵn",
        ["Mã", "Tên", "Lĩnh vực"],
        [[item.code, item.name, item.field] for item in shipped()],
    )


@app.command("migrate")
def migrate(
    code: Annotated[str, typer.Argument(metavar="MÃ_THỦ_TỤC")],
    to_version: Annotated[int, typer.Option("--to", help="Phiên bản chuyển đến")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ghi vào lịch sử từng hồ sơ")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không thay đổi gì")] = False,
    official: As = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Chuyển hồ sơ đang giải quyết sang phiên bản mới, xem trước từng ngày hẹn."""
    office = open_office()
    actor = acting(office, official)
    with progress("Chuyển phiên bản", quiet=as_json) as advance:
        moves = migrate_running(
            office, code, to_version, actor, moment(at), reason=reason, dry_run=dry_run, progress=advance
        )
    print_moves(office, moves, dry_run=dry_run, as_json=as_json)


def print_moves(office: Office, moves: list[Move], *, dry_run: bool, as_json: bool) -> None:
    """Each dossier's date before and after."""
    if as_json:
        print_json({"dry_run": dry_run, "moves": moves})
        return
    table(
        "Xem trước" if dry_run else "Đã chuyển",
        ["Hồ sơ", "Hẹn trước", "Hẹn sau", ""],
        [
            [item.dossier, item.due_before, item.due_after,
             item.reason or _effect(item)]
            for item in moves
        ],
        empty="không có hồ sơ nào phải chuyển.",
    )  # fmt: skip
    refused = sum(item.refused is not None for item in moves)
    console.print(
        f"{number(len(moves))} hồ sơ, {number(sum(item.becomes_late for item in moves))} thành trễ, "
        f"{number(refused)} không chuyển được."
    )


def _effect(move: Move) -> str:
    if move.becomes_late:
        return "thành trễ"
    return "hết trễ" if move.stops_being_late else ""
