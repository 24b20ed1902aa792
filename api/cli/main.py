"""``motcua``: every command, put together; errors end as a sentence and an exit code, never as a trace."""

from __future__ import annotations

import sys

import typer

from api.cli import accounts, agencies, calendars, duties, importing, outbox, procedures, sealing, webhooks
from api.cli.deadlines import due_command
from api.cli.dossiers import add_command_lines
from api.cli.failing import as_refusal
from api.cli.importing import limits_command
from api.cli.machines import deploy_command, prefect_command, web_command, worker_command
from api.cli.office import doctor_command, migrate_command, seed_command
from api.cli.output import fail
from api.cli.oversight import (
    alerts_command,
    apologies_command,
    late_command,
    ledger_command,
    sweep_command,
    verify_command,
)
from api.cli.printing import book_command, form_command, letter_command
from api.cli.reading import (
    explain_command,
    history_command,
    inbox_command,
    list_command,
    show_command,
    slip_command,
)
from api.cli.replaying import replay_command
from api.cli.serving import run_command
from api.cli.session import close_databases
from dossiers.core.errors import BadInput

OFFICE, LOOK, WATCH, WORK, DATA = (
    "Văn phòng",
    "Xem hồ sơ",
    "Theo dõi thời hạn",
    "Xử lý hồ sơ",
    "Danh mục và dữ liệu",
)


def _app() -> typer.Typer:
    app = typer.Typer(
        help="Một Cửa: giải quyết hồ sơ một cửa, hẹn trả giải thích được từng dòng.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name, function, panel in (
        ("run", run_command, OFFICE),
        ("web", web_command, OFFICE),
        ("worker", worker_command, OFFICE),
        ("deploy", deploy_command, OFFICE),
        ("migrate", migrate_command, OFFICE),
        ("seed", seed_command, OFFICE),
        ("doctor", doctor_command, OFFICE),
        ("show", show_command, LOOK),
        ("list", list_command, LOOK),
        ("inbox", inbox_command, LOOK),
        ("history", history_command, LOOK),
        ("explain", explain_command, LOOK),
        ("slip", slip_command, LOOK),
        ("book", book_command, LOOK),
        ("form", form_command, LOOK),
        ("letter", letter_command, LOOK),
        ("due", due_command, WATCH),
        ("late", late_command, WATCH),
        ("alerts", alerts_command, WATCH),
        ("apologies", apologies_command, WATCH),
        ("ledger", ledger_command, WATCH),
        ("sweep", sweep_command, WATCH),
        ("verify", verify_command, WATCH),
        ("replay", replay_command, DATA),
        ("limits", limits_command, DATA),
    ):
        app.command(name, rich_help_panel=panel)(function)
    app.command(
        "prefect",
        rich_help_panel=OFFICE,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(prefect_command)
    app.add_typer(duties.app, name="duties", rich_help_panel=WATCH)
    app.add_typer(sealing.app, name="seal", rich_help_panel=WATCH)
    app.add_typer(procedures.app, name="procedure", rich_help_panel=DATA)
    app.add_typer(calendars.app, name="calendar", rich_help_panel=DATA)
    app.add_typer(importing.app, name="import", rich_help_panel=DATA)
    app.add_typer(agencies.agency_app, name="agency", rich_help_panel=DATA)
    app.add_typer(agencies.official_app, name="official", rich_help_panel=DATA)
    app.add_typer(agencies.head_app, name="head", rich_help_panel=DATA)
    app.add_typer(agencies.token_app, name="token", rich_help_panel=DATA)
    app.add_typer(accounts.app, name="account", rich_help_panel=DATA)
    app.add_typer(outbox.app, name="outbox", rich_help_panel=WATCH)
    app.add_typer(webhooks.app, name="webhook", rich_help_panel=DATA)
    add_command_lines(app, WORK)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Run a command. Exit codes: 0 done, 1 refused or found wrong, 2 not understood, 3 failed inside."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        _require_readable(given)
        _app()(given, prog_name="motcua")
    except Exception as error:
        refusal, exit_code = as_refusal(error)
        fail(refusal, as_json="--json" in given)
        sys.exit(exit_code)
    finally:
        close_databases()


def _require_readable(given: list[str]) -> None:
    for word in given:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            raise BadInput(
                "Lệnh có chữ không phải UTF-8.",
                code="argument_unreadable",
                hint="Kiểm tra bảng mã của cửa sổ lệnh (UTF-8).",
            )
