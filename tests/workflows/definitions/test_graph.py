"""The graph of a definition: what can be reached, what loops back, what joins wait for."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from tests.workflows.definitions.base import base, changed, define, parallel
from tests.workflows.definitions.strategies import definitions
from workflows.definitions.graph import Graph
from workflows.definitions.model import Definition


def graph_of(**ways: str) -> Graph:
    """A graph of steps given as ``a="b c"``; ``x="*y"`` makes x a join; ``xong`` is the end."""
    steps = []
    for step, arcs in ways.items():
        made: dict[str, Any] = {"id": step, "name": step, "agency": "ubnd"}
        made |= {"join": "all"} if arcs.startswith("*") else {}
        made["outcomes"] = [
            {"id": f"o{number}", "name": "o", "next": arc.split("+")}
            for number, arc in enumerate(arcs.removeprefix("*").split())
        ]
        steps.append(made)
    return Graph(define(changed({"steps": steps})))


def loops(graph: Graph) -> set[str]:
    return {f"{edge.source}>{edge.target}" for edge in graph.loop_backs}


def test_steps_keep_the_order_they_are_written_in() -> None:
    assert list(Graph(define(base())).steps) == ["tiep_nhan", "tham_dinh", "ky", "tra"]


def test_what_can_be_reached_may_avoid_a_step() -> None:
    graph = Graph(define(base()))
    assert "xong" in graph.reachable("tiep_nhan")
    assert graph.reachable("tiep_nhan", avoiding=frozenset({"ky"})) == {"tiep_nhan", "tham_dinh", "tu_choi"}


def test_an_arc_to_nothing_known_is_kept_apart() -> None:
    graph = Graph(define(changed({"steps[3].next": "het"})))
    assert [edge.target for edge in graph.dangling] == ["het"]
    assert not graph.leaving("tra")


def test_a_return_to_an_earlier_step_is_a_loop_back() -> None:
    assert loops(graph_of(a="b", b="c a", c="xong b")) == {"b>a", "c>b"}


def test_the_arc_into_the_first_of_two_ways_into_a_cycle_is_the_loop_back() -> None:
    graph = graph_of(a="b+c", b="d", c="d", d="b xong")
    assert loops(graph) == {"d>b"}
    assert graph.order.index("b") < graph.order.index("d")


def test_a_step_that_leads_to_itself_is_a_loop_back() -> None:
    assert loops(graph_of(a="a xong")) == {"a>a"}


def test_the_longest_way_walks_a_loop_once() -> None:
    graph = graph_of(a="b", b="c d", c="d", d="b xong")
    path = graph.longest(lambda step: 1, to=["xong"])
    assert path is not None
    assert path.weight == 4
    assert path.nodes == ("a", "b", "c", "d", "xong")


def test_no_way_to_what_cannot_be_reached() -> None:
    assert graph_of(a="xong", b="xong").longest(lambda step: 1, to=["b"]) is None


def test_a_join_waits_for_the_branches_that_can_still_come() -> None:
    graph = Graph(define(parallel()))
    assert graph.upstream["ky"] == {"tiep_nhan", "tham_dinh", "kiem_tra"}


def test_a_step_that_is_redone_within_a_branch_is_waited_for() -> None:
    graph = graph_of(a="b+c", b="j", c="d", d="c j", j="*xong")
    assert graph.upstream["j"] == {"a", "b", "c", "d"}


def test_an_inner_join_does_not_wait_for_the_outer_one_though_all_can_be_sent_back() -> None:
    """Else b6 would wait for b8, and b8 for b6: with g sending back to a, each can lead to the other."""
    graph = graph_of(
        a="b+c", b="d+e", d="inner", e="inner", inner="*outer", c="outer", outer="*g", g="xong a"
    )
    assert graph.upstream["inner"] == {"a", "b", "d", "e"}
    assert graph.upstream["outer"] == {"a", "b", "c", "d", "e", "inner"}


def test_two_joins_that_lead_to_each_other_wait_for_each_other() -> None:
    graph = graph_of(a="b+c", b="j", c="k", j="*k xong", k="*j")
    assert "k" in graph.upstream["j"]
    assert "j" in graph.upstream["k"]


@given(definitions())
def test_every_arc_but_the_loop_backs_leads_forward(definition: Definition) -> None:
    graph = Graph(definition)
    place = {node: number for number, node in enumerate(graph.order)}
    assert set(place) == set(graph.nodes)
    for edge in graph.edges:
        if edge not in graph.loop_backs:
            assert place[edge.source] < place[edge.target]


@given(definitions())
def test_an_arc_is_found_where_it_says_it_stands(definition: Definition) -> None:
    for edge in Graph(definition).edges:
        step = next(step for step in definition.steps if step.id == edge.source)
        assert edge.where.startswith(f"steps[{definition.steps.index(step)}]")
        assert step.ways[edge.way].next[edge.number] == edge.arc
