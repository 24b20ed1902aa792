"""House rules that a machine can keep."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.schema import METADATA
from dossiers.core.db import Database
from dossiers.core.migrating import _config, current, head, upgrade

ROOT = Path(__file__).parents[2]
PACKAGES = ("dossiers", "sla", "workflows", "api")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MODULES = [path for path in SOURCES if "migrations" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_stays_readable_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_clock_asks_what_time_it_is(path: Path) -> None:
    if name(path) == "dossiers/core/clock.py":
        return
    asks = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|pendulum\.now)\(")
    assert not asks.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "__init__.py"], ids=name)
def test_a_package_file_holds_its_map_and_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_and_public_name_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_only_the_database_commits() -> None:
    commits = [name(path) for path in MODULES if re.search(r"\.commit\(", path.read_text(encoding="utf-8"))]
    assert commits == []


def test_there_is_one_newest_schema() -> None:
    assert ScriptDirectory.from_config(_config()).get_heads() == [head()]


def test_the_migrations_make_the_tables_the_code_knows(database: Database) -> None:
    with database.reading() as connection:
        assert current(connection) == head()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert upgrade(database) == head()
