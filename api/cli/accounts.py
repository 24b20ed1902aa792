"""``motcua account``: who may sign in to the pages; the first administrator's account is made here."""

from __future__ import annotations

from typing import Annotated

import typer

from api.accounts import repository
from api.accounts.administering import put_password
from api.accounts.passwords import require_good
from api.accounts.service import create_account
from api.cli.output import console, print_json, table
from api.cli.session import AsJson, At, moment, open_office
from dossiers.core.errors import NotFound

app = typer.Typer(help="Tài khoản đăng nhập vào các trang.", no_args_is_help=True)

Official = Annotated[str, typer.Argument(metavar="MÃ_CÔNG_CHỨC")]
Password = Annotated[
    str,
    typer.Option(
        "--password",
        prompt="Mật khẩu",
        hide_input=True,
        confirmation_prompt="Nhập lại mật khẩu",
        help="Hỏi khi không nêu; nêu ở dòng lệnh thì lưu lại trong lịch sử lệnh",
    ),
]


@app.command("add")
def account_add(
    official: Official,
    login: Annotated[str, typer.Argument(metavar="TÊN_ĐĂNG_NHẬP")],
    password: Password,
    at: At = None,
) -> None:
    """Mở tài khoản cho một công chức; lần đầu đăng nhập phải đổi mật khẩu."""
    office = open_office()
    with office.database.writing() as connection:
        directory = office.reference(connection).directory
        create_account(connection, directory, official, login, password, moment(at))
    console.print(f"Đã mở tài khoản {login} cho {official}.", markup=False)


@app.command("reset")
def account_reset(
    official: Official,
    password: Password,
    second_step: Annotated[
        bool, typer.Option("--second-step", help="Tắt cả xác thực hai bước (mất điện thoại và mã khôi phục)")
    ] = False,
    at: At = None,
) -> None:
    """Đặt lại mật khẩu và mở khoá; mọi máy bị đăng xuất, lần sau phải đổi mật khẩu."""
    office, instant = open_office(), moment(at)
    with office.database.writing() as connection:
        account = repository.of_official(connection, official)
        if account is None:
            raise NotFound("Công chức này chưa có tài khoản.", code="account_unknown", where=official)
        require_good(password, account.login)
        put_password(connection, official, password, instant)
        if second_step:
            repository.remove_totp(connection, official)
    console.print(f"Đã đặt lại mật khẩu của {account.login}.", markup=False)


@app.command("list")
def account_list(as_json: AsJson = False) -> None:
    """Các tài khoản."""
    office = open_office()
    with office.database.reading() as connection:
        rows = [
            {
                "official": row.official,
                "login": row.login,
                "created_at": row.created_at,
                "locked_until": row.locked_until,
                "disabled_at": row.disabled_at,
            }
            for row in repository.accounts(connection)
        ]
    if as_json:
        print_json(rows)
        return
    table(
        "Tài khoản",
        ["Công chức", "Tên đăng nhập", "Mở lúc", "Tạm khoá đến", "Ngừng dùng từ"],
        [list(row.values()) for row in rows],
        empty="chưa có tài khoản nào.",
    )
