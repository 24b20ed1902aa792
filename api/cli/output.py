"""Printing: tables for people, JSON for programs, errors that say how to mend things."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pydantic import BaseModel
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from dossiers.core.errors import MotcuaError
from workflows.commands import COMMANDS

VIETNAM = timezone(timedelta(hours=7))

_NEVER_BROKEN = frozenset({"Mã", "Mã hồ sơ", "Hồ sơ", "Thủ tục"})
_WIDTH_OF_A_DATE = 10
_WIDTH_OF_A_FILE = 160

console = Console(
    highlight=False,
    markup=False,
    emoji=False,
    width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_OF_A_FILE,
)
errors = Console(stderr=True, highlight=False, markup=False, emoji=False)
"""Neither reads markup: a name such as “A [/b]” is printed as it stands."""


def when(at: datetime | None) -> str:
    """An instant as a clerk writes it: ``14:30 ngày 20/11/2026``."""
    if at is None:
        return ""
    local = at.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}"


def number(value: int | None) -> str:
    """A number with a dot for thousands."""
    return "" if value is None else f"{value:,}".replace(",", ".")


def print_json(value: Any) -> None:
    """Print for programs: one JSON value, Vietnamese letters as they are."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def plain(value: Any) -> Any:
    """A value as JSON can say it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str = "") -> None:
    """Print for people: codes, days and headings stay whole however narrow the terminal."""
    lines = [list(row) for row in rows]
    if not lines:
        console.print(f"{title}: {empty or 'không có gì.'}")
        return
    console.print(title, style="bold")
    made = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for at, column in enumerate(columns):
        dated = any(isinstance(line[at], datetime) for line in lines)
        made.add_column(
            column,
            overflow="fold",
            no_wrap=column in _NEVER_BROKEN,
            min_width=max([_WIDTH_OF_A_DATE if dated else 0, *map(len, column.split())]),
        )
    for line in lines:
        made.add_row(*(_cell(cell) for cell in line))
    console.print(made)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    return "" if value is None else str(value)


def fail(error: MotcuaError, *, as_json: bool = False) -> None:
    """Say what is wrong and how to mend it."""
    if as_json:
        print_json({"error": error.as_dict()})
    errors.print(_as_typed(error.message), style="red")
    for finding in error.details.get("findings", ())[1:]:
        line = f"dòng {finding['line']}: " if finding.get("line") else ""
        errors.print(f"  {finding['code']} {line}{finding['message']}")
    if error.hint:
        errors.print(f"→ {_as_typed(error.hint)}")
    if error.command:
        errors.print(f"→ {error.command}")
    where = f" · {error.where}" if error.where else ""
    errors.print(f"({error.code}{where})", style="dim")


def _as_typed(text: str) -> str:
    """The words with commands as they are typed here: ``answer-opinion``."""
    return _COMMAND.sub(lambda found: found[0].replace("_", "-"), text)


_COMMAND = re.compile(r"\b(" + "|".join(kind for kind in COMMANDS if "_" in kind) + r")\b")


@contextmanager
def progress(title: str, total: int | None = None, *, quiet: bool = False) -> Iterator[Any]:
    """A progress bar on the error stream; yields a function that takes how much is done."""
    if quiet or not errors.is_terminal:
        yield lambda done: None
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    ) as bars:
        task = bars.add_task(title, total=total)
        yield lambda done: bars.update(task, completed=done)
