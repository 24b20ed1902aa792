"""Commands about dossiers. One command line per engine command, made from its model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

import typer
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from api.cli.output import console, print_json, when
from api.cli.session import As, AsJson, At, Key, acting, moment, open_office, past_moment
from api.deps import Call
from api.dossiers.carrying import Manner, carry_out
from api.dossiers.schemas import ReceiptRead
from api.wording import refusals
from dossiers.core.errors import BadInput
from dossiers.core.settings import settings
from workflows.commands import COMMANDS, SYSTEM_ONLY, Command, NewApplicant, Register


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
        "json": f" (mã đã lưu, JSON, hoặc @tệp.json; các trường: {', '.join(NewApplicant.model_fields)})",
        "pairs": " (tên=giá trị, nêu nhiều lần)",
        "papers": " (mã giấy tờ, nêu nhiều lần)",
        "many": " (nêu nhiều lần)",
    }.get(kind, "")
    choices = _choices_of(info.annotation)
    if choices:
        shown += f": {', '.join(choices)}"
    option = typer.Option(f"--{dashed}", help=shown.strip())
    if kind in ("many", "papers", "pairs"):
        return name, Annotated[list[str] | None, option], None
    if info.is_required():
        return name, Annotated[str, option], Parameter.empty
    return name, Annotated[str | None, option], None


def _choices_of(annotation: Any) -> list[str]:
    """The values a field may have, when they are few and named."""
    found: list[str] = []
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, Enum):
            found += [str(item.value) for item in each]
        elif get_origin(each) is Literal:
            found += [str(item) for item in get_args(each)]
    return found


def _kind_of(annotation: Any) -> str:
    options = [item for item in (get_args(annotation) or (annotation,)) if item is not type(None)]
    if any(isinstance(item, type) and issubclass(item, BaseModel) for item in options):
        return "papers" if get_origin(annotation) is tuple else "json"
    origin = get_origin(annotation)
    if datetime in options or any(
        AwareDatetime is item or {datetime, AwareDatetime} & set(get_args(item)) for item in options
    ):
        return "instant"
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
        call = Call(office, settings(), past_moment(at), acting(office, acting_as))
        manner = Manner(key=key, expected_seq=expected_seq)
        _report(model, carry_out(call, command, manner, code), as_json)

    return run


def _build(model: type[Command], given: dict[str, Any]) -> Command:
    values = {
        name: _value(_kind_of(model.model_fields[name].annotation), value, "--" + name.replace("_", "-"))
        for name, value in given.items()
        if value is not None and value != []
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = refusals(error.errors())
        said = "; ".join(f"--{item['where'].replace('_', '-')}: {item['message']}" for item in found)
        raise BadInput(
            said,
            where="--" + str(found[0]["where"]).replace("_", "-") if found else "",
            hint=f"Xem: motcua {model.kind.replace('_', '-')} --help",
        ) from error


def _value(kind: str, value: Any, option: str) -> Any:
    match kind:
        case "instant":
            return moment(value, what=option)
        case "json":
            return _json_or_id(value, option)
        case "papers":
            return tuple({"id": item} if not item.startswith("{") else _json(item, option) for item in value)
        case "pairs":
            return dict(_pair(item, option) for item in value)
        case _:
            return value


def _json_or_id(value: str, option: str) -> Any:
    text = _file(value[1:], option) if value.startswith("@") else value
    if not text.lstrip().startswith("{"):
        return _id(text.strip(), option)
    return _json(text, option)


def _json(text: str, option: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        said = "lồng quá sâu" if isinstance(error, RecursionError) else str(error)
        raise BadInput(f"JSON không đọc được: {said}.", where=option, code="json_unreadable") from error


def _id(text: str, option: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(
            f"“{text}” không phải mã người đã lưu, cũng không phải JSON.",
            code="json_unreadable",
            where=option,
            hint='Viết dạng {"name": "Trần Thị B", "identity_no": "...", "phone": "..."}; '
            "các trường: " + ", ".join(NewApplicant.model_fields) + ".",
        ) from None


def _file(path: str, option: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Không đọc được tệp “{path}”.", code="file_unreadable", where=option) from error


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _pair(item: str, option: str) -> tuple[str, Any]:
    name, sign, text = item.partition("=")
    if not sign:
        raise BadInput(f"“{item}” phải viết dạng tên=giá_trị.", code="pair_unreadable", where=item)
    if name and "," in text and not text.startswith(("{", "[")):
        return name, tuple(text.split(","))
    if _NUMBER.fullmatch(text) or text in ("true", "false") or text.startswith(("{", "[", '"')):
        return name, _json(text, option)
    return name, text


def _report(model: type[Command], receipt: ReceiptRead, as_json: bool) -> None:
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
    for line in receipt.events:
        console.print(f"{line.seq:>4}  {when(line.at)}  {line.text}", soft_wrap=True)
    for event in receipt.events:
        if event.kind == "promise:made":
            console.print(f"Hẹn trả kết quả: {when(datetime.fromisoformat(event.payload['due_at']))}")
