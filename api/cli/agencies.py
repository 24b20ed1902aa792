"""``motcua agency``, ``official``, ``head`` and ``token``: the tree, who works where, who heads what."""

from __future__ import annotations

from typing import Annotated

import typer

from api.auth.service import create_token, list_tokens
from api.cli.output import console, print_json, table
from api.cli.session import AsJson, At, moment, open_office
from dossiers.agencies.models import Capacity, Role
from dossiers.agencies.service import NewAgency, NewOfficial, add_agencies, add_officials, appoint_head
from dossiers.agencies.service import bind as bind_agencies
from workflows.procedures import require_participant

agency_app = typer.Typer(help="Cơ quan, đơn vị.", no_args_is_help=True)
official_app = typer.Typer(help="Công chức và vai trò.", no_args_is_help=True)
head_app = typer.Typer(help="Người đứng đầu theo thời gian.", no_args_is_help=True)
token_app = typer.Typer(help="Mã truy cập API.", no_args_is_help=True)

Agency = Annotated[str, typer.Argument(metavar="MÃ_CƠ_QUAN")]


@agency_app.command("list")
def agency_list(as_json: AsJson = False) -> None:
    """Cây cơ quan, kèm người đứng đầu hiện nay."""
    office = open_office()
    at = moment(None)
    with office.database.reading() as connection:
        directory = office.reference(connection).directory
    rows = [(agency, directory.head_at(agency.code, at)) for agency in directory.agencies()]
    if as_json:
        print_json(
            [
                {"code": agency.code, "name": agency.name, "kind": agency.kind, "parent": agency.parent,
                 "head": head.official, "capacity": head.capacity}
                for agency, head in rows
            ]
        )  # fmt: skip
        return
    table(
        "Cơ quan, đơn vị",
        ["Mã", "Tên", "Loại", "Người đứng đầu"],
        [
            ["  " * (len(list(directory.ancestors(a.code))) - 1) + a.code, a.name, a.kind,
             directory.official_name(head.official) or "—"]
            for a, head in rows
        ],
        empty="chưa có cơ quan nào; thêm: motcua agency add MÃ TÊN LOẠI",
    )  # fmt: skip


@agency_app.command("add")
def agency_add(
    code: Agency,
    name: Annotated[str, typer.Argument(metavar="TÊN")],
    kind: Annotated[
        str, typer.Argument(metavar="LOẠI", help="one_stop, committee.commune, division.economy…")
    ],
    parent: Annotated[str | None, typer.Option("--parent", help="Mã cơ quan cấp trên")] = None,
) -> None:
    """Thêm một cơ quan."""
    office = open_office()
    with office.database.writing() as connection:
        if parent:
            office.reference(connection).directory.agency(parent)
        add_agencies(connection, [NewAgency(code, name, kind, parent)])
    console.print(f"Đã thêm {code} {name}.")


@agency_app.command("bind")
def agency_bind(
    procedure: Annotated[str, typer.Argument(metavar="MÃ_THỦ_TỤC", help="hoặc * cho mọi thủ tục")],
    participant: Annotated[str, typer.Argument(metavar="VAI", help="Vai trong định nghĩa thủ tục")],
    agencies: Annotated[list[str], typer.Argument(metavar="MÃ_CƠ_QUAN…")],
    scope: Annotated[
        str, typer.Option("--scope", help="Áp dụng cho hồ sơ tiếp nhận trong phạm vi cơ quan này")
    ],
) -> None:
    """Cơ quan nào đóng vai nào trong một thủ tục."""
    office = open_office()
    with office.database.writing() as connection:
        directory = office.reference(connection).directory
        require_participant(connection, procedure, participant)
        bind_agencies(
            connection,
            directory,
            procedure=procedure,
            participant=participant,
            scope=scope,
            agencies=agencies,
        )
    console.print(f"{procedure}: {participant} là {', '.join(agencies)} (trong phạm vi {scope}).")


@official_app.command("list")
def official_list(
    agency: Annotated[str | None, typer.Option("--agency", help="Chỉ trong cơ quan này")] = None,
    as_json: AsJson = False,
) -> None:
    """Công chức và vai trò."""
    office = open_office()
    with office.database.reading() as connection:
        directory = office.reference(connection).directory
    people = [item for item in directory.officials() if agency in (None, item.agency)]
    if as_json:
        print_json(
            [
                {"id": p.id, "name": p.name, "agency": p.agency, "roles": [r for _, r in p.roles]}
                for p in people
            ]
        )
        return
    table(
        "Công chức",
        ["Mã", "Họ tên", "Cơ quan", "Vai trò"],
        [[p.id, p.name, directory.name(p.agency), ", ".join(r.label for _, r in p.roles)] for p in people],
    )


@official_app.command("add")
def official_add(
    official: Annotated[str, typer.Argument(metavar="MÃ_CÔNG_CHỨC")],
    name: Annotated[str, typer.Argument(metavar="HỌ_TÊN")],
    agency: Agency,
    roles: Annotated[list[Role], typer.Option("--role", help="Vai trò, nêu nhiều lần")],
    title: Annotated[str, typer.Option("--title", help="Chức danh")] = "",
) -> None:
    """Thêm một công chức."""
    office = open_office()
    with office.database.writing() as connection:
        office.reference(connection).directory.agency(agency)
        add_officials(connection, [NewOfficial(official, name, agency, tuple(roles), title)])
    console.print(f"Đã thêm {official} {name}.")


@head_app.command("appoint")
def head_appoint(
    agency: Agency,
    official: Annotated[str | None, typer.Argument(metavar="[MÃ_CÔNG_CHỨC]", help="Bỏ trống: khuyết")] = None,
    capacity: Annotated[Capacity, typer.Option("--capacity", help="head, acting, deputy")] = Capacity.HEAD,
    since: Annotated[str | None, typer.Option("--since", help="Từ lúc; mặc định: bây giờ")] = None,
    decision: Annotated[str, typer.Option("--decision", help="Số quyết định")] = "",
) -> None:
    """Từ lúc này ai đứng đầu cơ quan; nhiệm kỳ trước khép lại, không sửa."""
    office = open_office()
    held = capacity if official else Capacity.VACANT
    with office.database.writing() as connection:
        directory = office.reference(connection).directory
        appoint_head(
            connection, directory, agency, official, held, moment(since), bits=office.bits, decision=decision
        )
    console.print(f"{agency}: {held.label} {official or ''}".rstrip() + ".")


@token_app.command("create")
def token_create(
    official: Annotated[str, typer.Argument(metavar="MÃ_CÔNG_CHỨC")],
    label: Annotated[str, typer.Option("--label", help="Dùng vào việc gì")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="Phạm vi: read, register, act, oversee, admin; mặc định: mọi phạm vi"),
    ] = None,
    at: At = None,
) -> None:
    """Cấp mã truy cập API cho một công chức; chỉ hiện một lần."""
    office = open_office()
    with office.database.writing() as connection:
        agency = office.reference(connection).directory.official(official).agency
        text = create_token(connection, official, agency, label, moment(at), scopes=scope or ())
    typer.echo(text)


@token_app.command("list")
def token_list(as_json: AsJson = False) -> None:
    """Các mã truy cập đã cấp."""
    office = open_office()
    with office.database.reading() as connection:
        tokens = list_tokens(connection)
    rows = [
        {"id": str(t.id), "official": t.official, "agency": t.agency, "label": t.label,
         "scopes": t.scopes, "created_at": t.created_at, "revoked_at": t.revoked_at}
        for t in tokens
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    table(
        "Mã truy cập",
        ["Mã số", "Công chức", "Dùng vào việc", "Phạm vi", "Cấp lúc", "Thu hồi lúc"],
        [
            [
                r["id"],
                r["official"],
                r["label"],
                r["scopes"] or "mọi phạm vi",
                r["created_at"],
                r["revoked_at"],
            ]
            for r in rows
        ],
    )
