"""Every refusal and failure is a problem with a stable code, and says nothing it should not."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy.exc import OperationalError

from api import errors
from api.deps import door_of, present
from api.front import MOST_BODY
from dossiers.agencies.service import NewAgency, add_agencies
from dossiers.core.errors import MotcuaError
from tests.api import error_page
from tests.api.conftest import APPLICANT, Http, problem
from tests.api.raised_codes import raised_codes


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


DOOR_CODES = {
    "already_exists",
    "body_too_large",
    "body_unreadable",
    "database_unavailable",
    "internal_error",
    "method_not_allowed",
    "route_unknown",
    "value_out_of_range",
}
"""Codes of problems that no error class of ours stands behind."""


def test_every_code_the_program_raises_is_listed() -> None:
    raised = raised_codes().keys() | DOOR_CODES
    listed = errors.error_codes().keys()
    assert sorted(raised - listed) == [], "add them to api/error_codes.yaml with a title"
    assert sorted(listed - raised) == [], "no longer raised: a code is not taken out, it is kept"


def test_every_code_is_listed_with_the_status_it_is_answered_with() -> None:
    for code, statuses in raised_codes().items():
        at_the_door = set()
        for status in statuses:
            error = MotcuaError("", code=code)
            error.status = status
            at_the_door.add(errors.status_of(error))
        assert at_the_door == {errors.error_codes()[code].status}, code


def test_the_page_of_error_codes_is_up_to_date() -> None:
    assert error_page.TARGET.read_text(encoding="utf-8") == error_page.page(), (
        "run: python -m tests.api.error_page"
    )


def test_the_type_of_a_problem_leads_to_what_it_means(http: Http) -> None:
    refused = problem(http.get("/dossiers/H44-260302-9999"), 404, "dossier_unknown")
    meaning = http.client.get(refused["type"]).json()
    assert meaning == {"code": "dossier_unknown", "status": 404, "title": refused["title"]}
    problem(http.client.get("/problems/no_such_code"), 404, "problem_unknown")


def test_the_bare_address_leads_to_signing_in(http: Http) -> None:
    home = http.client.get("/", follow_redirects=True)
    assert home.status_code == 200
    assert home.url.path == "/sign-in"


def test_an_unknown_address_and_a_wrong_method_are_problems(http: Http) -> None:
    problem(http.get("/nowhere"), 404, "route_unknown")
    page = http.client.get("/trang-chu")
    assert page.status_code == 404
    assert "route_unknown" in page.text
    problem(http.client.get("/api/v1/dossiers/", headers=http.auth("le")), 404, "route_unknown")
    wrong = http.client.request("DELETE", "/api/v1/dossiers", headers=http.auth("le"))
    problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"]


@pytest.mark.parametrize(
    "body", [b"{", b"{'a': 1}", b"\xff\xfe", b"[" * 100_000, b'{"procedure": NaN', b'{"a":1}}']
)
def test_a_body_that_is_no_json_is_refused(http: Http, body: bytes) -> None:
    response = http.client.post(
        "/api/v1/dossiers", content=body, headers={**http.auth("le"), "Content-Type": "application/json"}
    )
    problem(response, 400, "body_unreadable")


def test_a_body_of_another_kind_is_refused(http: Http) -> None:
    response = http.client.post("/api/v1/dossiers", content=b"procedure=T.1", headers=http.auth("le"))
    problem(response, 422, "bad_input")


def test_a_body_too_large_is_refused_before_it_is_read(http: Http) -> None:
    response = http.client.post("/api/v1/dossiers", content=b"x" * (MOST_BODY + 1), headers=http.auth("le"))
    problem(response, 413, "body_too_large")


def test_a_body_that_grows_too_large_is_cut_off(http: Http) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MOST_BODY // 65536 + 2):
            yield b" " * 65536

    response = http.client.post(
        "/api/v1/dossiers", content=chunks(), headers={**http.auth("le"), "Content-Type": "application/json"}
    )
    problem(response, 413, "body_too_large")


def test_each_wrong_field_is_named_in_vietnamese_and_not_repeated(http: Http) -> None:
    secret = "x" * 20_001
    response = http.post(
        "/dossiers",
        {
            "applicant": {"name": "", "phone": "abc-secret-phone", "email": "secret@@", "nick": 1},
            "channel": "pigeon",
            "accept": "maybe",
            "submitted_at": "2026-03-02T08:00:00",
            "papers": [{"id": "a", "originals": -1}],
            "desk": 5,
        },
    )
    errors_found = {
        item["where"]: (item["code"], item["message"])
        for item in problem(response, 422, "bad_input")["errors"]
    }
    assert errors_found == {
        "procedure": ("missing", "Thiếu trường này."),
        "applicant.name": ("string_too_short", "Cần ít nhất 1 ký tự."),
        "applicant.phone": ("string_pattern_mismatch", "Không đúng dạng quy định."),
        "applicant.email": ("string_pattern_mismatch", "Không đúng dạng quy định."),
        "applicant.nick": ("extra_forbidden", "Không có trường này."),
        "channel": ("enum", "Không thuộc các giá trị được dùng."),
        "accept": ("bool_parsing", "Phải là true hoặc false."),
        "submitted_at": ("timezone_aware", "Thời điểm phải kèm múi giờ, ví dụ +07:00."),
        "papers.0.originals": ("greater_than_equal", "Nhỏ nhất là 0."),
        "desk": ("string_type", "Phải là chuỗi ký tự."),
    }
    for told in ("secret", "pigeon", "maybe"):
        assert told not in response.text
    long = http.post("/dossiers", {"procedure": "T.1", "applicant": {"name": secret}})
    assert secret[:300] not in long.text
    problem(http.post("/dossiers", {"procedure": "T.1", "applicant": "not-an-id"}), 422, "bad_input")
    problem(http.post("/dossiers", [1]), 422, "bad_input")


@pytest.mark.parametrize(
    ("applicant", "where", "code"),
    [
        ("not-an-id", "applicant", "uuid_parsing"),
        (5, "applicant", "model_type"),
        (None, "applicant", "model_type"),
        ({}, "applicant.name", "missing"),
    ],
)
def test_of_two_forms_only_the_one_meant_is_complained_about(
    http: Http, applicant: object, where: str, code: str
) -> None:
    response = http.post("/dossiers", {"procedure": "T.1", "applicant": applicant})
    found = problem(response, 422, "bad_input")["errors"]
    assert [(item["where"], item["code"].replace("_attributes", "")) for item in found] == [(where, code)]


@pytest.mark.parametrize(
    "body",
    [
        {"task": 10**40},
        {"fault": 1, "minutes": 10**30, "text": "x"},
        {"to_version": 10**30, "reason": "x"},
        {"amount": 10**30},
    ],
)
def test_numbers_nobody_can_keep_are_refused(http: Http, body: dict[str, object]) -> None:
    code = http.register()
    for command in ("receive", "correct-fault", "change-version", "ask-payment"):
        response = http.post(f"/dossiers/{code}/{command}", body, "le")
        assert 400 <= response.status_code < 500, response.text
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00"]
)
def test_instants_beyond_all_calendars_are_refused(http: Http, at: str) -> None:
    for extra in ({"submitted_at": at}, {"promised_at": at}):
        response = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT, **extra})
        assert response.status_code == 422, response.text
    body = {"start": at, "limit": "3 working_day"}
    assert http.post("/deadlines/compute", body).status_code == 422
    assert http.get("/alerts", since=at).status_code in (200, 422)


def test_a_nul_in_a_text_breaks_nothing(http: Http) -> None:
    code = http.register()
    response = http.post(f"/dossiers/{code}/note", {"activity": "a\x00b"})
    assert response.status_code in (200, 422)
    assert http.get("/dossiers", q="\x00").status_code in (200, 422)
    assert http.post("/applicants/search", {"number": "123\x00"}).status_code in (200, 422)


def test_a_failure_inside_is_answered_with_an_id_and_nothing_else(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError(f"cannot handle {APPLICANT['name']} {APPLICANT['phone']}")

    http.app.dependency_overrides[door_of] = broken
    with caplog.at_level(logging.INFO, "motcua.api"):
        response = http.get("/me")
    failed = problem(response, 500, "internal_error")
    assert "RuntimeError" not in response.text
    assert "Traceback" not in response.text
    assert failed["instance"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "test_problems.py" in caplog.text, "where it happened"
    for secret in APPLICANT.values():
        assert secret not in caplog.text
        assert secret not in response.text


def test_a_database_that_cannot_be_reached_is_said_to_be_so(http: Http) -> None:
    async def gone() -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    http.app.dependency_overrides[door_of] = gone
    response = http.get("/me")
    problem(response, 503, "database_unavailable")
    assert response.headers["retry-after"]
    assert "SELECT" not in response.text


def test_the_same_thing_kept_twice_at_once_is_a_conflict(http: Http) -> None:
    body = {"code": "H44.77", "name": "Sở Thử", "kind": "department.test", "parent": "H44"}

    async def kept_meanwhile() -> datetime:
        with http.database.writing() as connection:
            add_agencies(connection, [NewAgency("H44.77", "Người khác", "department.test", "H44")])
        return http.at

    known = http.world.office.reference
    http.app.dependency_overrides[present] = kept_meanwhile
    with http.database.reading() as connection:
        before = known(connection)
    http.world.office.reference = lambda connection: before  # type: ignore[method-assign]
    response = http.post("/agencies", body, "tinh")
    problem(response, 409, "already_exists")
    assert "UNIQUE" not in response.text


def test_a_broken_rule_of_the_database_is_a_failure_of_ours(http: Http) -> None:
    async def broken() -> None:
        with http.database.writing() as connection:
            connection.exec_driver_sql("UPDATE events SET kind = 'x'")

    http.register()
    http.app.dependency_overrides[door_of] = broken
    problem(http.get("/me"), 500, "internal_error")


def test_logs_hold_no_personal_data(http: Http, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "motcua"):
        code = http.register()
        http.get("/dossiers", q=APPLICANT["phone"])
        http.get("/dossiers", q=APPLICANT["name"])
        http.post("/applicants/search", {"number": APPLICANT["identity_no"]})
        http.client.post(f"/api/v1/public/dossiers/{code}/look-up", json={"last4": "8765"})
        http.client.get(f"/api/v1/nowhere/{APPLICANT['phone']}")
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name == "motcua.api")
    assert logged.count("\n") >= 4
    for secret in (*APPLICANT.values(), "8765", *http.tokens.values()):
        assert secret not in logged


def test_every_answer_carries_safe_headers(http: Http) -> None:
    for response in (http.get("/me"), http.get("/nowhere"), http.client.get("/healthz")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert response.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in response.headers
    preflight = http.client.request(
        "OPTIONS",
        "/api/v1/dossiers",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )
    assert "access-control-allow-origin" not in preflight.headers


def test_the_process_says_it_lives_and_whether_it_is_ready(http: Http) -> None:
    assert http.client.get("/healthz").json() == {"status": "ok"}
    assert http.client.get("/readyz").json()["status"] == "ok"
    with http.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'old'")
    problem(http.client.get("/readyz"), 503, "schema_outdated")
    assert http.client.get("/healthz").status_code == 200
