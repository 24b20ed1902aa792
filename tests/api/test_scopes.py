"""What a token is for: every route asks for one scope, and a token without it opens nothing there."""

from __future__ import annotations

import re

import pytest

from api.auth.scopes import Scope
from api.auth.service import create_token
from api.openapi import examples, rights_of
from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from dossiers.core.errors import BadInput
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import COMMUNE, DESK, MONDAY, PROVINCE


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


def _token(http: Http, official: str, agency: str, *scopes: str) -> None:
    with http.database.writing() as connection:
        http.tokens[official] = create_token(connection, official, agency, "đối tác", MONDAY, scopes=scopes)


EXPECTED = {
    "list_dossiers": Scope.READ,
    "compute_deadline": Scope.READ,
    "list_late": Scope.READ,
    "register": Scope.REGISTER,
    "search_applicants": Scope.REGISTER,
    "finish_step": Scope.ACT,
    "sign_apology": Scope.ACT,
    "list_ledger": Scope.OVERSEE,
    "run_verify": Scope.OVERSEE,
    "create_agency": Scope.ADMIN,
    "save_procedure": Scope.ADMIN,
}


def test_every_operation_says_what_a_token_must_be_for(http: Http) -> None:
    rights = {route.name: right for route, right in rights_of(http.app)}
    told = {}
    for operations in http.app.openapi()["paths"].values():
        for operation in operations.values():
            right = rights[operation["operationId"]]
            found = re.findall(r"Phạm vi mã truy cập: `(\w+)`", operation["description"])
            assert len(found) == (0 if right is None or right.public else 1), operation["operationId"]
            told[operation["operationId"]] = found[0] if found else None
    assert {name: told[name] for name in EXPECTED} == {name: scope.value for name, scope in EXPECTED.items()}


def test_a_token_opens_what_it_is_for_and_nothing_else(http: Http) -> None:
    """An official with every role, by a token of each scope in turn, at every operation."""
    http.add_official(NewOfficial("moi", "Mọi Vai", PROVINCE, tuple(Role)))
    for held in Scope:
        _token(http, "moi", PROVINCE, held)
        for route, right in rights_of(http.app):
            if right is None or right.public or right.in_person:
                continue
            if _path(http, route.name) is None:
                continue
            for method in route.methods or ():
                path = re.sub(r"{\w+}", "1", _path(http, route.name) or "")
                body = _body(route.name)
                headers = {**http.auth("moi"), "Accept": "application/json"}
                response = http.client.request(method, path, headers=headers, json=body)
                missing = response.status_code == 403 and response.json()["code"] == "scope_missing"
                assert missing == (right.scope_for(method) is not held), (route.name, held, response.text)


def _path(http: Http, name: str) -> str | None:
    """The path of an operation; None for a page."""
    for path, operations in http.app.openapi()["paths"].items():
        if any(operation["operationId"] == name for operation in operations.values()):
            return str(path)
    return None


def _body(name: str) -> object:
    shown = examples("requests").get(name)
    return next(iter(shown.values()))["value"] if shown else None


def test_a_partner_registers_and_reads_and_does_no_more(http: Http) -> None:
    _token(http, "le", DESK, "register", "read")
    code = http.register()
    assert http.get(f"/dossiers/{code}").status_code == 200
    refused = problem(http.post(f"/dossiers/{code}/finish-step", {"task": 1}), 403, "scope_missing")
    assert refused["details"] == {"scope": "act"}
    assert [each["code"] for each in http.get("/me").json()["scopes"]] == ["read", "register"]


def test_scopes_give_no_rights(http: Http) -> None:
    """A scope narrows what its owner may do; it adds nothing."""
    _token(http, "chu", COMMUNE, "admin", "register")
    problem(http.post("/agencies", {}, "chu"), 403, "not_allowed")
    body = {"procedure": "T.1", "applicant": APPLICANT}
    problem(http.post("/dossiers", body, "chu"), 403, "not_allowed")


def test_a_token_given_before_there_were_scopes_is_for_all(http: Http) -> None:
    assert [each["code"] for each in http.get("/me").json()["scopes"]] == [scope.value for scope in Scope]
    http.register()


def test_there_is_no_other_scope(http: Http) -> None:
    with pytest.raises(BadInput, match="everything"), http.database.writing() as connection:
        create_token(connection, "le", DESK, "", MONDAY, scopes=["read", "everything"])
