"""Seventy real workflows, written out from their facts in the shape an importer is given."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


def workflows() -> list[dict[str, Any]]:
    """All seventy, in their order."""
    facts = json.loads((FOLDER / "yenbai_facts.json").read_text("utf-8"))
    return [
        {
            "code": code,
            "name": name,
            "totaltime_days": total,
            "version": "1",
            "fee": fee,
            "steps": _linked([_step(facts["steps"][number], code, facts["tasks"]) for number in steps]),
        }
        for code, name, total, fee, steps in facts["workflows"]
    ]


def workflow(code: str) -> dict[str, Any]:
    """One of them, to be changed as a test likes."""
    return deepcopy(next(each for each in workflows() if each["code"] == code))


def _step(line: str, code: str, names: dict[str, str]) -> dict[str, Any]:
    order, group, name, days, role, tasks, *flags = line.split(" | ")
    step: dict[str, Any] = {"order": order, "name": name, "time": days, "role": role or None}
    if group:
        step["group"] = group
    step["tasks"] = [_task(task, code, names) for task in tasks.split("; ")]
    return step | dict.fromkeys(flags, "true")


def _task(text: str, code: str, names: dict[str, str]) -> dict[str, Any]:
    path, *more = _words(text)
    path, _, name = path.partition("=")
    *prefix, kind = path.split("::")
    task: dict[str, Any] = {
        "code": "::".join([*prefix, code, kind]),
        "name": name or names[kind],
        "time": "0",
    }
    for word in more:
        if word.startswith("!"):
            task[word[1:]] = "true"
        elif word.startswith(">"):
            task["next"] = word[1:]
        else:
            task["time"] = None if word == "-" else word
    return task


def _words(text: str) -> list[str]:
    """The code with its name, which may hold blanks, then the rest."""
    words = text.split(" ")
    at = len(words)
    while at > 1 and (words[at - 1][0] in "!>-" or words[at - 1][0].isdigit()):
        at -= 1
    return [" ".join(words[:at]), *words[at:]]


def _linked(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every task of the chain names the one after it."""
    chain = [task for step in steps if "no_chain" not in step for task in step["tasks"]]
    for task, after in zip(chain, [*chain[1:], None], strict=True):
        task.setdefault("next", after["code"] if after else "NULL")
    return steps
