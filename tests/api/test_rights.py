"""Denied by default: every route says who may use it, and nobody else may."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text, update

from api.app import create_app
from api.auth.service import PREFIX, create_token, list_tokens, revoke_token
from api.deps import RIGHTS, anybody
from api.openapi import api_routes, rights_of
from dossiers.agencies.models import OfficialRow, Role
from dossiers.agencies.service import NewOfficial
from dossiers.core import revisions
from dossiers.core.errors import BadInput, Conflict, NotFound
from dossiers.core.revisions import REFERENCE
from tests.api.conftest import Http, problem
from tests.support.office import COMMUNE, DESK, DIVISION, MONDAY, after


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


PUBLIC = {
    "home",
    "language",
    "sign_in",
    "sign_in_code",
    "sign_in_elsewhere",
    "sign_in_return",
    "sign_in_page",
    "static_file",
    "theme",
    "get_health",
    "get_readiness",
    "get_problem",
    "get_openapi",
    "get_docs",
    "get_progress",
    "look_up_dossier",
    "check_letter",
    "get_late_board",
    "list_late_codes",
    "list_criteria",
    "get_invitation",
    "rate",
    "list_published",
    "send_complaint",
    "get_standing",
    "follow_up",
    "add_to_complaint",
    "public_form",
    "public_home",
    "public_late",
    "public_late_agency",
    "public_letter",
    "public_progress",
    "public_proof",
    "public_prove",
    "public_rating",
    "public_rate",
    "public_complain",
    "public_send_complaint",
    "public_complaints",
    "public_complaint",
    "public_follow_up",
    "check_form",
}


def test_every_route_declares_one_right(http: Http) -> None:
    undeclared = [route.path for route, right in rights_of(http.app) if right is None]
    assert undeclared == []
    assert {route.name for route, right in rights_of(http.app) if right and right.public} == PUBLIC


def test_a_route_without_a_right_is_noticed(http: Http) -> None:
    app = create_app(http.world.office, http.app.state.door.settings)
    app.add_api_route("/forgotten", lambda: None, methods=["GET"], name="forgotten")
    assert [route.path for route, right in rights_of(app) if right is None] == ["/forgotten"]


def test_nothing_but_api_routes_is_served(http: Http) -> None:
    routes = list(api_routes(http.app.routes))
    assert all(isinstance(route, APIRoute) for route in routes)
    assert len({route.name for route in routes}) == len(routes)


def test_nothing_that_is_not_public_answers_without_a_token(http: Http) -> None:
    for path, operations in http.app.openapi()["paths"].items():
        for method, operation in operations.items():
            if operation["operationId"] in PUBLIC:
                assert "security" not in operation
                continue
            assert operation["security"] == [{"token": []}]
            target = (
                path.replace("/{no}", "/PA-260302-0001" if "complaints" in path else "/1")
                .replace("{version}", "1")
                .replace("{day}", "2026-03-02")
            )
            response = http.client.request(method.upper(), target, json={})
            problem(response, 401, "token_missing")
            assert response.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer motcua_wrong", "token_invalid"),
        ("Bearer ", "token_missing"),
        ("Basic bGU6bGU=", "token_missing"),
        ("motcua_wrong", "token_missing"),
    ],
)
def test_what_is_no_token_is_refused(http: Http, header: str, code: str) -> None:
    problem(http.client.get("/api/v1/me", headers={"Authorization": header}), 401, code)


def test_a_token_is_kept_only_as_a_digest(http: Http) -> None:
    with http.database.reading() as connection:
        kept = str(connection.execute(text("SELECT * FROM api_tokens")).all())
    for token in http.tokens.values():
        assert token.startswith(PREFIX)
        assert len(token) > 40
        assert token not in kept


def test_a_revoked_token_opens_nothing(http: Http) -> None:
    with http.database.writing() as connection:
        [row] = list_tokens(connection, "le")
        revoke_token(connection, row.id, http.at)
    problem(http.get("/me"), 401, "token_revoked")
    with pytest.raises(NotFound), http.database.writing() as connection:
        revoke_token(connection, row.id, http.at)
    with pytest.raises(NotFound), http.database.writing() as connection:
        revoke_token(connection, UUID(int=1), http.at)


def test_a_token_ends_at_its_hour(http: Http) -> None:
    with http.database.writing() as connection:
        http.tokens["le"] = create_token(connection, "le", DESK, "một giờ", MONDAY, after(hours=1))
    http.at = after(hours=1) - timedelta(microseconds=1)
    assert http.get("/me").status_code == 200
    http.at = after(hours=1)
    problem(http.get("/me"), 401, "token_expired")


def test_a_token_is_not_given_to_who_does_not_work_there(http: Http) -> None:
    with http.database.writing() as connection:
        with pytest.raises(Conflict, match="không giữ vai trò"):
            create_token(connection, "le", DIVISION, "", MONDAY)
        with pytest.raises(Conflict):
            create_token(connection, "nobody", DESK, "", MONDAY)
        with pytest.raises(BadInput):
            create_token(connection, "le", DESK, "", MONDAY, MONDAY)


def test_who_left_is_known_no_more(http: Http) -> None:
    with http.database.writing() as connection:
        connection.execute(update(OfficialRow).where(OfficialRow.id == "le").values(active=False))
        revisions.advance(connection, REFERENCE)
    problem(http.get("/me"), 401, "token_owner_left")


def test_using_a_token_writes_nothing(http: Http) -> None:
    with http.database.reading() as connection:
        before = connection.execute(text("SELECT * FROM api_tokens ORDER BY id")).all()
    http.get("/me")
    with http.database.reading() as connection:
        assert connection.execute(text("SELECT * FROM api_tokens ORDER BY id")).all() == before


def test_who_calls_is_told_who_they_are(http: Http) -> None:
    me = http.get("/me", "binh").json()
    assert me["official"] == {"code": "binh", "name": "Phạm Bình"}
    assert me["agency"]["code"] == DIVISION
    assert [role["code"] for role in me["roles"]] == ["head", "unit_head"]


@pytest.mark.parametrize(
    ("method", "path", "may", "may_not"),
    [
        ("GET", "/ledger", "binh", "an"),
        ("GET", "/verify", "tinh", "chu"),
        ("POST", "/sweep", "tinh", "chu"),
        ("GET", "/sweep-failures", "tinh", "chu"),
        ("POST", "/applicants/search", "le", "an"),
    ],
)
def test_a_role_is_asked_for(http: Http, method: str, path: str, may: str, may_not: str) -> None:
    body = {"number": "0900000000"} if "search" in path else None
    allowed = http.client.request(method, f"/api/v1{path}", headers=http.auth(may), json=body)
    assert allowed.status_code == 200, allowed.text
    refused = problem(
        http.client.request(method, f"/api/v1{path}", headers=http.auth(may_not), json=body),
        403,
        "not_allowed",
    )
    assert refused["details"]["could"]


@pytest.mark.parametrize(
    "path",
    ["/agencies", "/officials", f"/agencies/{DIVISION}/tenures", "/bindings", "/calendars", "/procedures"],
)
def test_only_administrators_change_reference_data(http: Http, path: str) -> None:
    for official in ("le", "binh", "chu"):
        problem(http.post(path, {}, official), 403, "not_allowed")
    problem(http.post(path, {}, "tinh"), 422, "bad_input")


def test_an_official_acts_for_the_agency_of_the_token(http: Http) -> None:
    """The same person with a role elsewhere acts there by another token."""
    http.add_official(NewOfficial("hai", "Hai Nơi", COMMUNE, (Role.LEADER,)))
    problem(http.post("/applicants/search", {"number": "0900000000"}, "hai"), 403, "not_allowed")
    assert anybody in RIGHTS
