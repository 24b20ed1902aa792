"""Who may see a dossier: the agencies that take part in it and those above them; to all others it is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.openapi import examples
from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import (
    COMMUNE,
    DESK,
    DIVISION,
    FINANCE,
    OTHER_COMMUNE,
    OTHER_DESK,
    PROVINCE,
    after,
)

OUTSIDER = "ngoai"
"""Holds every role there is, in another commune."""

ROOT = Path(__file__).parents[2]


@pytest.fixture
def late(http: Http) -> str:
    """A dossier that went from the desk to the division and was late there; an outsider is at work."""
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.at = after(days=10)
    assert http.post("/sweep", by="tinh").status_code == 200
    http.add_official(NewOfficial(OUTSIDER, "Người Ngoài", OTHER_COMMUNE, tuple(Role)))
    return code


def _paths(routes: Any, prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    """Every route, pages included, with the whole pattern of its path."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif hasattr(route, "original_router"):
            yield from _paths(route.original_router.routes, prefix + route.include_context.prefix)


def _about_one(http: Http) -> Iterator[tuple[str, str, str]]:
    """Every route about one dossier: name, method, path; citizens have a rule of their own."""
    for path, route in _paths(http.app.routes):
        if "{code}" in path and "/public/" not in path:
            for method in sorted(route.methods or ()):
                yield route.name, method, re.sub(r"{(?!code)\w+}", "1", _some(path))


_SOME = {"{kind}": "note", "{form}": "01", "{slip}": "supplement", "{deed}": "explain"}
"""Words that stand in a path where a number would be no such thing."""


def _some(path: str) -> str:
    for part, word in _SOME.items():
        path = path.replace(part, word)
    return path


FORM = dict.fromkeys(("text", "reason", "content"), "Chưa rõ") | {"minutes": "1"}
"""Enough of a form for a page to go and look for its dossier."""


def _body(name: str) -> Any:
    shown = examples("requests").get(name)
    return next(iter(shown.values()))["value"] if shown else None


def test_every_route_about_a_dossier_hides_it_from_who_has_no_part_in_it(http: Http, late: str) -> None:
    """A page may refuse the form first; what it says is the same whether there is such a dossier or not."""
    nobodys, walked = f"{DESK}-260302-9999", 0
    for name, method, path in _about_one(http):
        headers = {**http.auth(OUTSIDER), "Accept": "application/json"}
        page = not path.startswith("/api/")
        sent: dict[str, Any] = {"data": FORM} if page else {"json": _body(name)}
        told = []
        for code in (late, nobodys):
            response = http.client.request(method, path.replace("{code}", code), headers=headers, **sent)
            assert APPLICANT["name"] not in response.text
            if not page:
                refused = problem(response, 404, "dossier_unknown")
                assert refused["detail"] == f"Không có hồ sơ mã “{code}”."
            assert 400 <= response.status_code < 500, f"{method} {path}"
            text = re.sub(r"urn:uuid:[0-9a-f-]+|[0-9a-f]{32,}", "", response.text)
            told.append((response.status_code, text.replace(code, "")))
        assert told[0] == told[1], f"{method} {path}"
        walked += 1
    assert walked > 30


def test_a_repeated_command_is_hidden_too(http: Http, late: str) -> None:
    """A key used before says nothing once the official works elsewhere."""
    key = {"Idempotency-Key": "ghi-nhan-0001"}
    for _ in range(2):
        response = http.post(f"/dossiers/{late}/note", {"activity": "x"}, OUTSIDER, headers=key)
        problem(response, 404, "dossier_unknown")
    response = http.post(f"/dossiers/{late}/note", {"activity": "x"}, OUTSIDER, dry_run=True)
    problem(response, 404, "dossier_unknown")


LISTS = {
    "list_dossiers": {"q": APPLICANT["name"]},
    "list_tasks": {},
    "list_late": {},
    "list_alerts": {},
    "list_apologies": {},
    "list_ledger": {},
    "list_messages": {},
    "get_register_book": {"from": "2026-03-01", "to": "2026-03-31"},
}


def test_no_list_names_a_dossier_to_who_has_no_part_in_it(http: Http, late: str) -> None:
    for path, route in _paths(http.app.routes):
        if "GET" not in (route.methods or ()) or "{" in path or not path.startswith("/api/v1/"):
            continue
        desks = {PROVINCE: "tinh", OTHER_COMMUNE: OUTSIDER} if route.name == "get_register_book" else {}
        query = LISTS.get(route.name, {})
        for agency, official in desks.items() or ((None, "tinh"), (None, OUTSIDER)):
            params = {**query, **({"desk": agency} if agency else {})}
            text = http.client.get(path, params=params, headers=http.auth(official)).text
            seen = late in text or APPLICANT["name"] in text
            assert seen == (official == "tinh" and route.name in LISTS), (route.name, official, text[:300])


@pytest.mark.parametrize("official", ["le", "an", "binh", "chu", "tinh"])
def test_who_takes_part_and_those_above_see_it(http: Http, late: str, official: str) -> None:
    assert http.get(f"/dossiers/{late}", official).status_code == 200
    assert [line["code"] for line in http.get("/dossiers", official).json()["items"]] == [late]
    assert [line["code"] for line in http.get("/late", official).json()["items"]] == [late]


@pytest.mark.parametrize("official", ["so", "cong", "thue", "my"])
def test_the_neighbours_do_not(http: Http, late: str, official: str) -> None:
    problem(http.get(f"/dossiers/{late}", official), 404, "dossier_unknown")
    assert http.get("/dossiers", official).json()["items"] == []
    assert http.get("/dossiers", official, q=late).json()["items"] == []


def test_an_agency_sees_a_dossier_from_the_day_it_takes_part_and_for_good(http: Http) -> None:
    code = http.register()
    problem(http.get(f"/dossiers/{code}", "an"), 404, "dossier_unknown")
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    problem(http.get(f"/dossiers/{code}", "so"), 404, "dossier_unknown")
    ask = {"task": 2, "agencies": [FINANCE], "limit": "1 working_day", "content": "Cho ý kiến."}
    http.do(code, "ask-opinion", ask, "an", after(hours=3))
    assert http.get(f"/dossiers/{code}", "so").status_code == 200
    http.do(code, "answer-opinion", {"task": 3, "content": "Đồng ý."}, "so", after(hours=4))
    http.do(code, "finish-step", {"task": 2}, "an", after(hours=5))
    assert http.get(f"/dossiers/{code}", "so").status_code == 200
    http.world.assert_proven()


def test_the_place_a_dossier_was_received_for_sees_it(http: Http) -> None:
    """Received where the applicant happened to be, for another commune (non-territorial reception)."""
    body = {"procedure": "T.1", "applicant": APPLICANT, "serves": DESK}
    registered = http.post("/dossiers", body, "my")
    assert registered.status_code == 201, registered.text
    code = registered.json()["code"]
    for official in ("my", "le", "chu"):
        assert http.get(f"/dossiers/{code}", official).status_code == 200
    problem(http.get(f"/dossiers/{code}", "cong"), 404, "dossier_unknown")


def test_a_list_cannot_be_narrowed_to_an_agency_outside(http: Http, late: str) -> None:
    for path in ("/dossiers", "/late", "/tasks", "/alerts", "/apologies", "/ledger"):
        refused = problem(http.get(path, "binh", agency=COMMUNE), 403, "agency_out_of_sight")
        assert refused["detail"] == "UBND phường Việt Trì nằm ngoài phạm vi của cơ quan bạn đang làm việc."
        problem(http.get(path, "chu", agency=OTHER_DESK), 403, "agency_out_of_sight")
        problem(http.get(path, "chu", agency="H99"), 404, "agency_unknown")
        assert http.get(path, "chu", agency=DIVISION).status_code == 200
    period: dict[str, Any] = {"from_": "2026-03-01", "to": "2026-03-31"}
    problem(http.get("/register-book", "le", desk=OTHER_DESK, **period), 403, "agency_out_of_sight")


def test_applicants_are_for_desks(http: Http, late: str) -> None:
    found = http.post("/applicants/search", {"number": APPLICANT["phone"]}, "le").json()["items"]
    [applicant] = found
    for official in ("an", "binh", "chu", "tinh"):
        problem(http.get(f"/applicants/{applicant['id']}", official), 403, "not_allowed")
        problem(http.post("/applicants/search", {"number": APPLICANT["phone"]}, official), 403, "not_allowed")


NEW_AGENCY = {"code": "H44.102.09", "name": "Phòng Thử", "kind": "division.test"}


def test_an_administrator_keeps_what_lies_below(http: Http, late: str) -> None:
    may = OUTSIDER
    assert http.post("/agencies", {**NEW_AGENCY, "parent": OTHER_COMMUNE}, may).status_code == 201
    official = {"id": "moi", "name": "Mới", "agency": "H44.102.09", "roles": ["officer"]}
    assert http.post("/officials", official, may).status_code == 201
    head = {"official": "moi", "capacity": "head", "since": after(days=30).isoformat()}
    assert http.post("/agencies/H44.102.09/tenures", head, may).status_code == 201
    bound = {"procedure": "T.1", "participant": "division", "agencies": [FINANCE]}
    assert http.post("/bindings", {**bound, "scope": OTHER_COMMUNE}, may).status_code == 201
    calendar = {"calendar": "vn-office-sat"}
    assert _assign(http, OTHER_DESK, calendar, may) == (200, None)

    out = "agency_out_of_sight"
    problem(http.post("/agencies", {**NEW_AGENCY, "code": "H44.9", "parent": PROVINCE}, may), 403, out)
    problem(http.post("/officials", {**official, "id": "moi2", "agency": DESK}, may), 403, out)
    problem(http.post(f"/agencies/{DIVISION}/tenures", head, may), 403, out)
    problem(http.post("/bindings", {**bound, "scope": PROVINCE}, may), 403, out)
    assert _assign(http, DESK, calendar, may) == (403, out)


def _assign(http: Http, agency: str, calendar: dict[str, str], by: str) -> tuple[int, str | None]:
    path = f"/api/v1/agencies/{agency}/calendars/processing"
    response = http.client.request("PUT", path, json=calendar, headers=http.auth(by))
    return response.status_code, response.json().get("code")


def test_what_concerns_every_agency_is_for_the_top(http: Http, late: str) -> None:
    for name, method, path in (
        ("create_agency", "POST", "/agencies"),
        ("save_procedure", "POST", "/procedures"),
        ("publish_calendar", "POST", "/calendars"),
        ("run_sweep", "POST", "/sweep"),
        ("run_verify", "GET", "/verify"),
    ):
        body = {**NEW_AGENCY, "parent": None} if name == "create_agency" else _body(name)
        response = http.client.request(method, f"/api/v1{path}", json=body, headers=http.auth(OUTSIDER))
        problem(response, 403, "whole_office_only")
    assert http.get("/verify", "tinh").json()["ok"] is True


def test_who_the_monitor_could_not_handle_is_told_to_who_may_see_it(http: Http, late: str) -> None:
    with http.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO sweep_failures (dossier_id, attempts, error, failed_at, retry_at) "
            "SELECT id, 1, 'x', registered_at, registered_at FROM dossiers"
        )
    assert [each["dossier"] for each in http.get("/sweep-failures", "tinh").json()["items"]] == [late]
    assert http.get("/sweep-failures", OUTSIDER).json()["items"] == []


def test_no_door_finds_a_dossier_past_the_rule() -> None:
    """Only the command line, which holds the database itself, and citizens, by proof, ask without a sight."""
    doors = [path for path in sorted((ROOT / "api").rglob("*.py")) if not {"cli", "public"} & set(path.parts)]
    passing = [
        str(path.relative_to(ROOT))
        for path in doors
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "workflows.service" and _finds(node))
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("service.find", "sight.EVERYTHING"))
        or (isinstance(node, ast.ImportFrom) and "EVERYTHING" in {alias.name for alias in node.names})
    ]
    assert passing == []


def _finds(node: ast.ImportFrom) -> bool:
    return bool({"find", "load"} & {alias.name for alias in node.names})


def test_dossiers_from_before_the_rule_fall_under_it(http: Http, late: str) -> None:
    """The migration finds who takes part in the dossiers there are, as their histories say."""
    http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT, "serves": DESK}, "my")
    migration = import_module("dossiers.migrations.versions.20261120_0007_who_takes_part")
    with http.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM dossier_agencies")
        for statement in migration.fill(on_sqlite=http.database.is_sqlite):
            connection.exec_driver_sql(statement)
    http.world.assert_proven()
