"""Drafts with any mistake: everything can still be said about them, drawn and compared."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.workflows.definitions.base import REMOVE, changed, define
from tests.workflows.definitions.strategies import definitions
from workflows.definitions.checks.lint import lint
from workflows.definitions.diagram import to_mermaid, to_svg
from workflows.definitions.diff import as_text, diff
from workflows.definitions.model import Definition

_VALUES: dict[str, tuple[Any, ...]] = {
    "id": ("b1", "xong", "moi"),
    "name": ("", "Việc <b>"),
    "agency": ("ai", "phoi_hop"),
    "kind": ("human", "automatic", "opinion", "outside", "payment", "dossier"),
    "role": ("receptionist", "inspector", "leader"),
    "limit": ("0 working_day", "12 calendar_day", "1 month", "same_day -60m", []),
    "counted": (True, False),
    "stage": ("mot", "hai", "ba"),
    "decides": (True, False),
    "outcomes": ([], [{"id": "a", "name": "", "next": []}]),
    "join": ("all", ["b1"], [], ["la", "b2"], None),
    "silence": ("consent",),
    "to": ("b1", "b2", "b3", "xong", "tu_choi", "la"),
    "when": ({}, {"la": 1}, {"dien_tich": {"below": 1}}, {"loai": []}, {"channel": "x", "xac_minh": 5}),
    "otherwise": (True, False),
    "next": ("b1", [], ["b1", "b2"], ["xong", "tu_choi"]),
    "sets": ({"la": True}, {"xac_minh": "x"}, {"dien_tich": 7}),
    "positive": (False,),
    "limits": ([], [{"limit": "1 year", "when": {"xac_minh": True}}]),
    "stages": ([],),
    "warnings": (["0 working_hour", "1 year"],),
    "case": ({}, {"xac_minh": {"label": "x", "type": "choice"}}),
    "channels": ([],),
    "ends": ({},),
    "waived": ({"MC105": "", "X": "y"},),
}
"""Values that are allowed by shape and wrong by sense."""


def _places(data: Any, path: str = "") -> list[tuple[str, str]]:
    """Every field of the data that can be spoiled, with its path."""
    found = []
    if isinstance(data, dict):
        for key, value in data.items():
            here = f"{path}.{key}" if path else str(key)
            if key in _VALUES:
                found.append((here, key))
            found += _places(value, here)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            found += _places(value, f"{path}[{number}]")
    return found


@st.composite
def drafts(draw: st.DrawFn) -> Definition:
    """A sound definition with some fields made wrong or taken away."""
    data = draw(definitions(members=("1.001193",))).model_dump(mode="json")
    for _ in range(draw(st.integers(1, 4))):
        where, key = draw(st.sampled_from(_places(data)))
        value = draw(st.sampled_from((*_VALUES[key], REMOVE)))
        spoiled = changed({where: deepcopy(value)}, data)
        try:
            define(spoiled)
        except ValidationError:
            continue
        data = spoiled
    return define(data)


@given(drafts())
def test_any_draft_can_be_checked(draft: Definition) -> None:
    for finding in lint(draft):
        assert finding.message and finding.where
        assert "{" not in finding.message


@given(drafts())
def test_any_draft_can_be_drawn(draft: Definition) -> None:
    ElementTree.fromstring(to_svg(draft))
    assert to_mermaid(draft).startswith("flowchart TD")


@given(drafts(), drafts())
def test_any_drafts_can_be_compared(old: Definition, new: Definition) -> None:
    assert as_text(diff(old, new))
