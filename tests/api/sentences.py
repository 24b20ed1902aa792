"""Every sentence the program can say on a page, read from its source: none can be forgotten in English.

Found are: patterns given to ``Said``, and messages and hints given to an error class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("dossiers", "sla", "workflows", "api")
NO_PAGE = (
    "api/cli/",
    "dossiers/core/",
    "dossiers/migrations/",
    "sla/limit_texts/",
    "sla/recompute.py",
    "workflows/demo/",
    "workflows/importers/",
    "workflows/replay/",
    "workflows/verify.py",
)
"""What speaks on the command line, in a report or to nobody."""


@dataclass(frozen=True, slots=True)
class Source:
    """Sentences found in the source: patterns, and where one was put together before it was said."""

    patterns: dict[str, str]
    glued: list[str]


def sentences() -> Source:
    """Every pattern with a place it stands at."""
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
    }
    classes = _error_classes(trees.values())
    patterns, glued = dict[str, str](), list[str]()
    for path, tree in trees.items():
        if path.startswith(NO_PAGE):
            continue
        for node in _spoken(tree, classes):
            place = f"{path}:{node.lineno}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                patterns.setdefault(node.value, place)
            elif isinstance(node, ast.JoinedStr):
                glued.append(place)
    return Source(patterns, glued)


def _error_classes(trees: object) -> set[str]:
    known = {"MotcuaError"}
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]  # type: ignore[attr-defined]
    while new := {
        node.name
        for node in found
        if node.name not in known and {getattr(base, "id", "") for base in node.bases} & known
    }:
        known |= new
    return known


def _spoken(tree: ast.Module, classes: set[str]) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name == "Said" and node.args:
            yield from _either(node.args[0])
        if name in classes:
            for given in (*node.args, *(each.value for each in node.keywords if each.arg == "hint")):
                yield from _either(given)


def _either(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _either(node.body)
        yield from _either(node.orelse)
    else:
        yield node
