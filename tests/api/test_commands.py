"""How commands are carried out: once, on what was seen, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import COMMUNE, DIVISION, after
from workflows.commands import COMMANDS, SYSTEM_ONLY

KEY = {"Idempotency-Key": "desk-1-0001"}


def _events(http: Http) -> int:
    with http.database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM events")).scalar_one())


def test_every_command_people_may_send_has_a_route(http: Http) -> None:
    paths = http.app.openapi()["paths"]
    for kind in COMMANDS.keys() - SYSTEM_ONLY - {"register"}:
        operation = paths[f"/api/v1/dossiers/{{code}}/{kind.replace('_', '-')}"]["post"]
        assert operation["operationId"] == kind
        assert operation["summary"] == COMMANDS[kind].title
    for kind in SYSTEM_ONLY:
        assert f"/api/v1/dossiers/{{code}}/{kind.replace('_', '-')}" not in paths


def test_the_same_registration_under_the_same_key_gives_the_same_receipt(http: Http) -> None:
    body = {"procedure": "T.1", "applicant": APPLICANT}
    first = http.post("/dossiers", body, headers=KEY)
    events = _events(http)
    http.at = after(hours=5)
    again = http.post("/dossiers", body, headers=KEY)
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.json() == first.json() | {"repeated": True}
    assert _events(http) == events


def test_a_replayed_command_gives_the_receipt_of_its_time(http: Http) -> None:
    code = http.register()
    first = http.post(f"/dossiers/{code}/finish-step", {"task": 1}, headers=KEY)
    http.do(code, "withdraw", {"reason": "Thôi."}, "le", after(hours=3))
    again = http.post(f"/dossiers/{code}/finish-step", {"task": 1}, headers=KEY)
    assert again.json() == first.json() | {"repeated": True}
    assert again.json()["status"]["code"] == 2


def test_a_key_used_for_something_else_is_refused(http: Http) -> None:
    code = http.register()
    http.post(f"/dossiers/{code}/note", {"activity": "Đã gọi"}, headers=KEY)
    refused = problem(
        http.post(f"/dossiers/{code}/note", {"activity": "Đã nhắn"}, headers=KEY),
        409,
        "idempotency_key_reused",
    )
    assert refused["where"] == "Idempotency-Key"


def test_keys_of_two_officials_never_meet(http: Http) -> None:
    code = http.register()
    body = {"activity": "Đã gọi"}
    assert http.post(f"/dossiers/{code}/note", body, "le", headers=KEY).json()["repeated"] is False
    assert http.post(f"/dossiers/{code}/note", body, "chu", headers=KEY).json()["repeated"] is False


@pytest.mark.parametrize("key", [b"short", b"x" * 129, "chìa khoá số 1".encode()])
def test_a_key_not_of_the_form_is_refused(http: Http, key: bytes) -> None:
    code = http.register()
    path = f"/api/v1/dossiers/{code}/note"
    headers = [*((name.encode(), value.encode()) for name, value in http.auth("le").items())]
    response = http.client.post(path, json={"activity": "Gọi"}, headers=[*headers, (b"Idempotency-Key", key)])
    assert problem(response, 422, "bad_input")["where"] == "header.Idempotency-Key"


def test_two_requests_with_one_key_at_once_act_once(http: Http) -> None:
    code = http.register()
    events = _events(http)

    def send(_number: int) -> tuple[int, int]:
        response = http.post(f"/dossiers/{code}/note", {"activity": "Đã gọi"}, headers=KEY)
        return response.status_code, response.json().get("first_seq")

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert answers == {(200, events + 1)}
    assert _events(http) == events + 1


def test_two_registrations_with_one_key_at_once_are_one_dossier(http: Http) -> None:
    def send(_number: int) -> tuple[int, str]:
        response = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT}, headers=KEY)
        return response.status_code, response.json().get("code")

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert len(answers) == 1, answers
    assert len(http.get("/dossiers").json()["items"]) == 1


def test_more_writers_than_threads_wait_their_turn(http: Http) -> None:
    def send(number: int) -> int:
        body = {"procedure": "T.1", "applicant": {"name": f"Người {number}"}}
        return http.post("/dossiers", body).status_code

    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(send, range(24))) == [201] * 24
    numbers = [line["code"][-4:] for line in http.get("/dossiers").json()["items"]]
    assert sorted(numbers) == [f"{number:04d}" for number in range(1, 25)], "no gap, no double"
    http.world.assert_proven()


def test_a_command_on_what_is_no_longer_so_is_refused_and_says_what_happened(http: Http) -> None:
    code = http.register()
    etag = http.get(f"/dossiers/{code}").headers["etag"]
    noted = http.post(f"/dossiers/{code}/note", {"activity": "Đã gọi"}, headers={"If-Match": etag})
    assert noted.status_code == 200
    refused = problem(
        http.post(f"/dossiers/{code}/note", {"activity": "Đã nhắn"}, headers={"If-Match": etag}),
        412,
        "changed_since",
    )
    assert [event["kind"] for event in refused["details"]["since"]] == ["dossier:noted"]
    fresh = {"If-Match": noted.headers["etag"]}
    assert http.post(f"/dossiers/{code}/note", {"activity": "Đã nhắn"}, headers=fresh).status_code == 200
    anything = {"If-Match": "*"}
    assert http.post(f"/dossiers/{code}/note", {"activity": "Thêm"}, headers=anything).status_code == 200


def test_of_two_commands_on_the_same_state_one_wins(http: Http) -> None:
    code = http.register()
    etag = {"If-Match": http.get(f"/dossiers/{code}").headers["etag"]}

    def send(number: int) -> int:
        return http.post(f"/dossiers/{code}/note", {"activity": f"Việc {number}"}, headers=etag).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [200, 412, 412, 412]


@pytest.mark.parametrize("header", ["5", 'W/"5"', '"5", "6"', '"x"', '""'])
def test_an_if_match_that_is_no_etag_is_refused(http: Http, header: str) -> None:
    code = http.register()
    response = http.post(f"/dossiers/{code}/note", {"activity": "Gọi"}, headers={"If-Match": header})
    problem(response, 422, "if_match_unreadable")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(http: Http) -> None:
    body = {"procedure": "T.1", "applicant": APPLICANT}
    tried = http.post("/dossiers", body, dry_run=True)
    assert tried.status_code == 201
    assert tried.json()["dry_run"] is True
    assert "location" not in tried.headers
    assert http.get("/dossiers").json()["items"] == []
    assert http.post("/applicants/search", {"number": APPLICANT["phone"]}).json()["items"] == []
    code = http.register()
    assert code == tried.json()["code"], "the number was not used up"

    before = http.get(f"/dossiers/{code}").json()
    tried = http.post(f"/dossiers/{code}/finish-step", {"task": 1}, headers=KEY, dry_run=True)
    assert [event["kind"] for event in tried.json()["events"]] == [
        "step:finished",
        "step:opened",
        "handoff:sent",
    ]
    assert "etag" not in tried.headers
    assert http.get(f"/dossiers/{code}").json() == before
    real = http.post(f"/dossiers/{code}/finish-step", {"task": 1}, headers=KEY)
    assert real.json()["repeated"] is False, "a dry run does not use its key up"
    assert [event["text"] for event in real.json()["events"]] == [
        event["text"] for event in tried.json()["events"]
    ]
    http.world.assert_proven()


def test_a_dry_run_is_refused_like_the_command_itself(http: Http) -> None:
    code = http.register()
    tried = problem(
        http.post(f"/dossiers/{code}/finish-step", {"task": 1}, "chu", dry_run=True), 403, "not_allowed"
    )
    real = problem(http.post(f"/dossiers/{code}/finish-step", {"task": 1}, "chu"), 403, "not_allowed")
    assert tried["detail"] == real["detail"]
    problem(http.post(f"/dossiers/{code}/give-back", dry_run=True), 409, "no_result_yet")


def test_a_refusal_says_who_could(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    refused = problem(http.post(f"/dossiers/{code}/finish-step", {"task": 2}, "le"), 403, "not_allowed")
    assert refused["details"]["could"] == [
        {"agency": DIVISION, "agency_name": "Phòng Kinh tế phường Việt Trì", "role": "officer"}
    ]
    assert refused["hint"]
    problem(
        http.post(f"/dossiers/{code}/change-version", {"to_version": 1, "reason": "x"}, "le"),
        403,
        "not_allowed",
    )


def test_what_is_done_already_is_told(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    gone = problem(http.post(f"/dossiers/{code}/finish-step", {"task": 1}), 409, "task_not_live")
    assert "08:30 ngày 02/03/2026" in gone["detail"]
    assert "Lê Thị Lê" in gone["detail"]


def test_commands_without_anything_to_say_need_no_body(http: Http) -> None:
    registered = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT, "accept": False})
    code = registered.json()["code"]
    accepted = http.client.post(f"/api/v1/dossiers/{code}/accept", headers=http.auth("le"))
    assert accepted.status_code == 200


def test_what_may_be_done_is_said_for_every_command(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    before = _events(http)
    allowed = {item["command"]: item for item in http.get(f"/dossiers/{code}/allowed", "an").json()["items"]}
    assert allowed.keys() == COMMANDS.keys() - SYSTEM_ONLY - {"register"}
    finish = allowed["finish_step"]
    assert finish["allowed"] is True
    assert [(option["no"], option["outcomes"][0]["code"]) for option in finish["options"]] == [(2, "done")]
    assert allowed["decide"]["refusal"]["code"] == "other_command"
    assert allowed["withdraw"]["refusal"]["details"]["could"][0]["role"] == "receptionist"
    assert allowed["give_back"]["refusal"]["code"] == "no_result_yet"
    assert _events(http) == before

    desk = {item["command"]: item for item in http.get(f"/dossiers/{code}/allowed", "le").json()["items"]}
    assert desk["withdraw"]["allowed"] is True
    assert desk["finish_step"]["refusal"]["details"]["could"][0]["agency"] == DIVISION


def test_a_deciding_step_offers_its_outcomes(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=1))
    http.do(code, "finish-step", {"task": 2}, "an", after(hours=2))
    http.do(code, "receive", {"task": 3}, "chu", after(hours=3))
    allowed = {item["command"]: item for item in http.get(f"/dossiers/{code}/allowed", "chu").json()["items"]}
    [option] = allowed["decide"]["options"]
    assert [outcome["code"] for outcome in option["outcomes"]] == ["dong_y", "tu_choi"]
    assert http.get("/me", "chu").json()["agency"]["code"] == COMMUNE


def test_what_is_said_to_be_allowed_is_so(http: Http) -> None:
    """Each command of a fresh dossier, dry-run for real, agrees with the answer of ``allowed``."""
    code = http.register(accept=False)
    bodies = {"refuse": {"reason": "x"}, "withdraw": {"reason": "x"}, "stop": {"reason": "x"}}
    for item in http.get(f"/dossiers/{code}/allowed").json()["items"]:
        if item["options"] or item["command"] in ("reappoint", "correct", "attach", "remove_file"):
            continue
        body = bodies.get(item["command"], {"reason": "x", "content": "x", "activity": "x", "receipt": "x"})
        fields = COMMANDS[item["command"]].model_fields
        body = {name: value for name, value in body.items() if name in fields}
        path = f"/dossiers/{code}/{item['command'].replace('_', '-')}"
        response = http.post(path, body, dry_run=True)
        assert (response.status_code == 200) is item["allowed"], (item, response.text)


@pytest.mark.parametrize("name", ["\u200b", "\x1f", "\u0301\u0323", "\u202e \u2066", "12 - 34"])
def test_a_name_that_cannot_be_read_is_refused(http: Http, name: str) -> None:
    applicant = {**APPLICANT, "name": name}
    problem(http.post("/applicants", applicant), 422, "bad_input")
    problem(http.post("/dossiers", {"procedure": "T.1", "applicant": applicant}), 422, "bad_input")


def test_a_name_is_kept_without_what_cannot_be_seen(http: Http) -> None:
    applicant = {**APPLICANT, "name": "Quỳnh\u200b\tThị\x1fDao\u202e", "address": "Số 9\x07 ngõ\u2066 Hàng"}
    kept = http.post("/applicants", applicant).json()
    assert (kept["name"], kept["address"]) == ("Quỳnh Thị Dao", "Số 9 ngõ Hàng")


def test_it_is_said_that_a_name_needs_letters(http: Http) -> None:
    refused = http.post("/applicants", {**APPLICANT, "name": "\u0301\u0323"})
    assert "Tên phải có chữ cái." in refused.text
