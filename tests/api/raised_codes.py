"""Every error code the program can raise, read from its source: no code can be forgotten in the list.

Found are: ``code="x"`` given to an error class, ``code = "x"`` in the body of one, and codes handed to a
helper that passes its parameter on, or put into a variable of the same function first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("dossiers", "sla", "workflows", "api")
BASES = {"MotcuaError": 400, "BadInput": 422, "NotFound": 404, "Conflict": 409, "NotAllowed": 403}


def raised_codes() -> dict[str, set[int]]:
    """Codes with the statuses of the classes they are raised as."""
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
    ]
    classes, found = dict(BASES), dict[str, set[int]]()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                _note_class(node, classes, found)
    for tree in trees:
        for code, status in _raised(tree, classes):
            found.setdefault(code, set()).add(status)
    return found


def _note_class(node: ast.ClassDef, classes: dict[str, int], found: dict[str, set[int]]) -> None:
    base = next((base.id for base in node.bases if isinstance(base, ast.Name) and base.id in classes), None)
    if base is None and node.name not in BASES:
        return
    status = classes.get(node.name, classes[base or node.name])
    code = None
    for statement in node.body:
        value = getattr(statement, "value", None)
        target = getattr(statement, "target", None) or next(iter(getattr(statement, "targets", ())), None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            if target.id == "status" and isinstance(value.value, int):
                status = value.value
            if target.id == "code" and isinstance(value.value, str):
                code = value.value
    classes[node.name] = status
    if code:
        found.setdefault(code, set()).add(status)


def _raised(tree: ast.Module, classes: dict[str, int]) -> Iterator[tuple[str, int]]:
    helpers: dict[str, tuple[int, int]] = {}
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        names = [argument.arg for argument in function.args.args]
        for value, status in _codes_given(function, classes):
            if isinstance(value, ast.Name) and value.id in names:
                helpers[function.name] = (names.index(value.id), status)
            elif isinstance(value, ast.Name):
                yield from ((code, status) for code in _assigned(function, value.id))
    for value, status in _codes_given(tree, classes):
        yield from ((code, status) for code in _constants(value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in helpers:
            place, status = helpers[node.func.id]
            if len(node.args) > place:
                yield from ((code, status) for code in _constants(node.args[place]))


def _codes_given(tree: ast.AST, classes: dict[str, int]) -> Iterator[tuple[ast.expr, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for keyword in node.keywords:
                if keyword.arg == "code" and name in classes:
                    yield keyword.value, classes[name]


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            targets = node.targets[0]
            if isinstance(targets, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(targets.elts, node.value.elts, strict=True))
            else:
                pairs = [(targets, node.value)]
            for target, value in pairs:
                if isinstance(target, ast.Name) and target.id == name:
                    yield from _constants(value)


def _constants(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _constants(value.body)
        yield from _constants(value.orelse)
