"""Commands about dossiers. One command line per engine command, made from its model."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from api.cli.output import console, print_json, table, when
from api.cli.session import As, AsJson, At, Key, acting, moment, open_office
from dossiers.core.errors import BadInput
from workflows import service
from workflows.commands import COMMANDS, SYSTEM_ONLY, Command, Register
from workflows.service import Receipt


def add_command_lines(app: typer.Typer, panel: str) -> None:
    """Add ``register``, ``finish-step CODE`` and so on: one command line per engine command."""
    for kind, model in COMMANDS.items():
        if kind not in SYSTEM_ONLY:
            name = kind.replace("_", "-")
            app.command(name, help=model.title + ".", rich_help_panel=panel)(_command_line(model))


def _command_line(model: type[Command]) -> Callable[..., None]:
    """A function whose parameters are the fields of the command, for typer to read."""
    run = _callback(model)
    own: list[tuple[str, Any, Any]] = []
    if model is not Register:
        own.append(("code", Annotated[str, typer.Argument(metavar="MÃ_HỒ_SƠ")], Parameter.empty))
    own += [_option(name, info) for name, info in model.model_fields.items()]
    own += [
        ("acting_as", As, None),
        ("at", At, None),
        ("key", Key, None),
        ("expected_seq", _Expect, None),
        ("as_json", AsJson, False),
    ]
    own.sort(key=lambda item: item[2] is not Parameter.empty)
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)
            for name, kind, default in own
        ]
    )
    run.__annotations__ = {name: kind for name, kind, _ in own}
    return run


_Expect = Annotated[
    int | None, typer.Option("--expect", help="Số sự kiện cuối đã xem: có việc mới hơn thì không làm")
]


def _option(name: str, info: FieldInfo) -> tuple[str, Any, Any]:
    dashed = name.replace("_", "-")
    kind = _kind_of(info.annotation)
    about = info.description or ""
    if kind == "bool":
        return name, Annotated[bool | None, typer.Option(f"--{dashed}/--no-{dashed}", help=about)], None
    shown = about + {
        "json": " (mã đã lưu, JSON, hoặc @tệp.json)",
        "pairs": " (tên=giá trị, nêu nhiều lần)",
        "papers": " (mã giấy tờ, nêu nhiều lần)",
        "many": " (nêu nhiều lần)",
    }.get(kind, "")
    option = typer.Option(f"--{dashed}", help=shown.strip())
    if kind in ("many", "papers", "pairs"):
        return name, Annotated[list[str] | None, option], None
    if info.is_required():
        return name, Annotated[str, option], Parameter.empty
    return name, Annotated[str | None, option], None


def _kind_of(annotation: Any) -> str:
    options = [item for item in (get_args(annotation) or (annotation,)) if item is not type(None)]
    if any(isinstance(item, type) and issubclass(item, BaseModel) for item in options):
        return "papers" if get_origin(annotation) is tuple else "json"
    origin = get_origin(annotation)
    if origin is tuple:
        return "many"
    if origin is dict:
        return "pairs"
    if any(get_origin(item) is tuple for item in options):
        return "papers"
    return "bool" if options == [bool] else "one"


def _callback(model: type[Command]) -> Callable[..., None]:
    def run(
        acting_as: str | None,
        at: str | None,
        key: str | None,
        expected_seq: int | None,
        as_json: bool,
        **given: Any,
    ) -> None:
        office = open_office()
        code = given.pop("code", None)
        command = _build(model, given)
        actor = acting(office, acting_as)
        instant = moment(at)
        with office.database.writing() as connection:
            if isinstance(command, Register):
                receipt = service.register(office, connection, command, actor, instant, key=key)
            else:
                dossier = service.find(connection, code or "")
                receipt = service.execute(
                    office, connection, dossier, command, actor, instant, key=key, expected_seq=expected_seq
                )
        _report(model, receipt, as_json)

    return run


def _build(model: type[Command], given: dict[str, Any]) -> Command:
    values = {
        name: _value(_kind_of(model.model_fields[name].annotation), value)
        for name, value in given.items()
        if value is not None and value != []
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = "--" + ".".join(str(part) for part in first["loc"]).replace("_", "-")
        raise BadInput(
            f"{where}: giá trị không hợp lệ ({first['msg']}).",
            where=where,
            hint=f"Xem: motcua {model.kind.replace('_', '-')} --help",
        ) from error


def _value(kind: str, value: Any) -> Any:
    match kind:
        case "json":
            return _json_or_id(value)
        case "papers":
            return tuple({"id": item} if not item.startswith("{") else json.loads(item) for item in value)
        case "pairs":
            return dict(_pair(item) for item in value)
        case _:
            return value


def _json_or_id(value: str) -> Any:
    text = Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value
    if not text.lstrip().startswith("{"):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"JSON không đọc được: {error}.", where=value, code="json_unreadable") from error


def _pair(item: str) -> tuple[str, Any]:
    name, sign, text = item.partition("=")
    if not sign:
        raise BadInput(f"“{item}” phải viết dạng tên=giá_trị.", code="pair_unreadable", where=item)
    if name and "," in text and not text.startswith(("{", "[")):
        return name, tuple(text.split(","))
    try:
        return name, json.loads(text)
    except json.JSONDecodeError:
        return name, text


def _report(model: type[Command], receipt: Receipt, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "code": receipt.code,
                "first_seq": receipt.first_seq,
                "last_seq": receipt.last_seq,
                "repeated": receipt.repeated,
                "events": [
                    {"seq": event.seq, "kind": event.kind, "at": event.at, "payload": event.payload}
                    for event in receipt.events
                ],
            }
        )
        return
    done = "đã làm trước đó" if receipt.repeated else "xong"
    console.print(f"{model.title} {receipt.code}: {done}.")
    table(
        "Đã ghi vào lịch sử",
        ["STT", "Lúc", "Việc"],
        [[event.seq, event.at, event.kind] for event in receipt.events],
    )
    for event in receipt.events:
        if event.kind == "promise:made":
            console.print(f"Hẹn trả kết quả: {when(datetime.fromisoformat(event.payload['due_at']))}")
