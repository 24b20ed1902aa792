"""Ratings and complaints: said once, kept apart from who said it, answered by dates the office owes."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from tests.api.conftest import Http, problem
from tests.support.office import COMMUNE, DESK, DIVISION, PROVINCE, after

PUBLIC = "/api/v1/public"
COMPLAINT = {
    "matter": "lateness",
    "text": "Hồ sơ của tôi đã quá ngày hẹn mà chưa được thông báo.",
    "name": "Vi Thị Phản Ánh",
    "phone": "0987 111 222",
    "email": "vi@example.com",
}


def public(http: Http, path: str, body: Any = None) -> Response:
    """A question or a sending by a citizen."""
    if body is None:
        return http.client.get(f"{PUBLIC}{path}")
    return http.client.post(f"{PUBLIC}{path}", json=body)


def link(http: Http, code: str, which: int = 0) -> str:
    """The link of an occasion, from the own look-up."""
    seen = public(http, f"/dossiers/{code}/look-up", {"last4": "4321"}).json()
    return str(seen["ratings"][which]["token"])


def send(http: Http, **more: Any) -> str:
    """Send a complaint; its number."""
    response = public(http, "/complaints", {**COMPLAINT, "agency": COMMUNE, **more})
    assert response.status_code == 201, response.text
    return str(response.json()["no"])


def decide(http: Http, no: str, what: str, by: str = "chu", **body: str) -> Response:
    """What an official does about a complaint."""
    return http.post(f"/complaints/{no}/{what}", {"text": "Cơ quan đã xem xét.", **body}, by)


def test_a_citizen_rates_an_occasion_once(http: Http) -> None:
    code = http.register()
    token = link(http, code)
    asked = public(http, f"/ratings/{token}").json()
    assert (asked["code"], asked["occasion"]["name"], asked["rated"]) == (code, "Tiếp nhận hồ sơ", False)
    said = {"score": 2, "reasons": ["time", "time", "visits"], "comment": "Chờ lâu."}
    answer = public(http, f"/ratings/{token}", said)
    assert (answer.status_code, answer.json()["rated"]) == (201, True)
    problem(public(http, f"/ratings/{token}", said), 409, "already_rated")
    assert public(http, f"/dossiers/{code}/look-up", {"last4": "4321"}).json()["ratings"] == []
    told = http.get("/ratings", "chu").json()
    assert told["scores"] == [
        {
            "agency": {"code": DESK, "name": "Trung tâm Phục vụ hành chính công phường Việt Trì"},
            "count": 1,
            "average": 2.0,
            "content_percent": 0,
        }
    ]
    [item] = told["items"]
    assert (item["score"], item["comment"], item["at_desk"]) == (2, "Chờ lâu.", False)
    assert [reason["code"] for reason in item["reasons"]] == ["time", "visits"]
    assert http.get("/ratings", "chu", most_score=1).json()["items"] == []
    http.world.assert_proven()


def test_each_occasion_has_a_link_of_its_own(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-supplement", {"content": "Bổ sung bản sao."}, "le", after(hours=1))
    reception, supplement = link(http, code, 0), link(http, code, 1)
    assert reception != supplement
    assert public(http, f"/ratings/{supplement}", {"score": 4}).status_code == 201
    assert public(http, f"/ratings/{reception}", {"score": 5}).status_code == 201


@pytest.mark.parametrize("change", ["0", "x.reception.0123456789abcdef", "H.x", "...", "refusal"])
def test_a_link_with_anything_changed_opens_nothing(http: Http, change: str) -> None:
    token = link(http, http.register())
    for wrong in (change, token[:-1] + ("0" if token[-1] != "0" else "1"), token + "0"):
        problem(public(http, f"/ratings/{wrong}"), 404, "rating_unknown")
        problem(public(http, f"/ratings/{wrong}", {"score": 5}), 404, "rating_unknown")
    problem(public(http, f"/ratings/{token.replace('reception', 'result')}"), 404, "rating_unknown")


@pytest.mark.parametrize("body", [{}, {"score": 0}, {"score": 6}, {"score": 3, "more": 1}])
def test_a_rating_is_one_to_five(http: Http, body: dict[str, int]) -> None:
    problem(public(http, f"/ratings/{link(http, http.register())}", body), 422, "bad_input")


def test_a_reason_is_one_of_the_criteria(http: Http) -> None:
    token = link(http, http.register())
    known = [item["code"] for item in public(http, "/criteria").json()["items"]]
    assert {"time", "conduct", "guidance", "papers", "fees"} <= set(known)
    said = {"score": 3, "reasons": ["weather"]}
    problem(public(http, f"/ratings/{token}", said), 422, "criterion_unknown")
    assert public(http, f"/ratings/{token}", {"score": 3, "reasons": known}).status_code == 201


def test_a_rating_is_taken_on_the_spot_at_the_dossiers_own_desk(http: Http) -> None:
    code = http.register()
    [offered] = http.get(f"/dossiers/{code}/ratings").json()["items"]
    assert offered["occasion"]["code"] == "reception"
    said = {"occasion": "reception", "score": 5}
    problem(http.post(f"/dossiers/{code}/ratings", said, "my"), 404, "dossier_unknown")
    problem(http.post(f"/dossiers/{code}/ratings", {**said, "occasion": "result"}), 409, "nothing_to_rate")
    assert http.post(f"/dossiers/{code}/ratings", said).status_code == 201
    problem(http.post(f"/dossiers/{code}/ratings", said), 409, "already_rated")
    assert http.get("/ratings", "chu").json()["items"][0]["at_desk"] is True
    problem(public(http, f"/ratings/{offered['token']}", {"score": 1}), 409, "already_rated")


def test_heads_see_ratings_of_their_own_tree_only(http: Http) -> None:
    public(http, f"/ratings/{link(http, http.register())}", {"score": 5})
    assert http.get("/ratings", "binh").json() == {"scores": [], "items": []}
    assert http.get("/ratings", "tinh").json()["scores"][0]["content_percent"] == 100
    problem(http.get("/ratings", "binh", agency=PROVINCE), 403, "not_allowed")


def test_a_complaint_is_dated_by_the_calendar(http: Http) -> None:
    no = send(http)
    assert no == "PA-260302-0001"
    seen = http.get(f"/complaints/{no}", "chu").json()
    dates = {name: seen[name] for name in ("refuse_by", "ask_by", "answer_by")}
    assert dates == {
        "refuse_by": "2026-03-04T10:30:00Z",
        "ask_by": "2026-03-09T10:30:00Z",
        "answer_by": "2026-03-23T10:30:00Z",
    }
    assert seen["may"] == ["answer", "ask", "refuse"]
    http.at = after(days=4)
    decide(http, no, "answer")
    assert http.get(f"/complaints/{no}", "chu").json()["publish_by"] == "2026-03-10T10:30:00Z"


def test_a_complaint_is_followed_to_its_published_answer(http: Http) -> None:
    code = http.register()
    no = send(http, agency=None, dossier=code)
    assert public(http, f"/complaints/{no}").json()["standing"]["name"] == "Đang xem xét"
    assert decide(http, no, "ask", text="Ở quầy nào?").status_code == 200
    http.at = after(days=3)
    added = public(http, f"/complaints/{no}/additions", {"last4": "1222", "text": "Quầy số 3."})
    assert (added.status_code, added.json()["answer_by"]) == (201, "2026-03-26T10:30:00Z")
    again = {"last4": "1222", "text": "Thêm nữa."}
    problem(public(http, f"/complaints/{no}/additions", again), 409, "not_asked")
    decide(http, no, "answer", text="Đã nhắc nhở công chức.")
    own = public(http, f"/complaints/{no}/follow-up", {"last4": "1222"}).json()
    assert [act["kind"] for act in own["acts"]] == ["sent", "asked", "added", "answered"]
    assert own["acts"][-1]["text"] == "Đã nhắc nhở công chức."
    assert {act["official"] for act in own["acts"]} == {None}
    assert own["dossier"] == code
    assert public(http, "/complaints").json()["items"] == []
    decide(http, no, "publish", matter="Chậm thông báo ngày hẹn.", text="Đã chấn chỉnh.")
    [shown] = public(http, "/complaints").json()["items"]
    assert (shown["matter"], shown["answer"]) == ("Chậm thông báo ngày hẹn.", "Đã chấn chỉnh.")
    assert public(http, f"/complaints/{no}").json()["standing"]["code"] == "published"
    http.world.assert_proven()


def test_a_complaint_about_a_dossier_goes_to_who_has_it_or_to_its_desk(http: Http) -> None:
    code = http.register()
    asked = {"agency": None, "dossier": code}
    http.do(code, "finish-step", {"task": 1}, "le")
    http.do(code, "receive", {"task": 2}, "an")
    with_division = http.get(f"/complaints/{send(http, **asked)}", "chu").json()
    http.do(code, "finish-step", {"task": 2}, "an")
    http.do(code, "receive", {"task": 3}, "chu")
    http.do(code, "decide", {"task": 3, "outcome": "dong_y"}, "chu")
    http.do(code, "give-back", {}, "le")
    given_back = http.get(f"/complaints/{send(http, **asked)}", "chu").json()
    assert [with_division["agency"]["code"], given_back["agency"]["code"]] == [DIVISION, DESK]


def test_nobody_else_learns_what_was_said_or_who_said_it(http: Http) -> None:
    no = send(http)
    decide(http, no, "answer")
    decide(http, no, "publish", matter="Chậm trả kết quả.")
    answers = (
        public(http, f"/complaints/{no}"),
        public(http, "/complaints"),
        public(http, f"/complaints/{no}/follow-up", {"last4": "0000"}),
        http.get(f"/complaints/{no}", "so"),
    )
    for answer in answers:
        for secret in ("Vi Thị", "0987", "111222", "1222", "vi@example", "quá ngày hẹn"):
            assert secret not in answer.text + str(answer.headers), secret
    problem(answers[3], 404, "complaint_unknown")


def test_a_wrong_number_and_a_wrong_proof_are_answered_alike_and_cannot_be_tried_out(http: Http) -> None:
    no = send(http)
    wrong = problem(
        public(http, f"/complaints/{no}/follow-up", {"last4": "0000"}), 404, "complaint_unmatched"
    )
    unknown = problem(
        public(http, "/complaints/PA-260302-9999/follow-up", {"last4": "0000"}), 404, "complaint_unmatched"
    )
    assert {k: v for k, v in wrong.items() if k != "instance"} == {
        k: v for k, v in unknown.items() if k != "instance"
    }
    for _ in range(4):
        public(http, f"/complaints/{no}/follow-up", {"last4": "0000"})
    problem(public(http, f"/complaints/{no}/follow-up", {"last4": "1222"}), 429, "rate_limited")


def test_a_complaint_is_refused_within_two_working_days_or_not_at_all(http: Http) -> None:
    first, second = send(http), send(http)
    http.at = after(days=2, hours=10)
    assert decide(http, first, "refuse", text="Thuộc thẩm quyền Toà án.").status_code == 200
    assert public(http, f"/complaints/{first}").json()["standing"]["code"] == "refused"
    http.at = after(days=2, hours=10, minutes=1)
    late = problem(decide(http, second, "refuse"), 409, "refusal_too_late")
    assert "17:30 ngày 04/03/2026" in late["detail"]
    problem(decide(http, first, "answer"), 409, "complaint_closed")


def test_more_is_asked_once_and_within_five_working_days(http: Http) -> None:
    first, second = send(http), send(http)
    decide(http, first, "ask")
    problem(decide(http, first, "ask"), 409, "asked_already")
    http.at = after(days=8)
    problem(decide(http, second, "ask"), 409, "asking_too_late")


def test_an_answer_overdue_is_seen_to_be_late(http: Http) -> None:
    no = send(http)
    http.at = after(days=21, hours=11)
    assert public(http, f"/complaints/{no}").json()["late"] is True
    [listed] = http.get("/complaints", "chu").json()["items"]
    assert (listed["no"], listed["late"]) == (no, True)
    assert decide(http, no, "answer").json()["late"] is False


def test_a_published_answer_names_nobody(http: Http) -> None:
    no = send(http)
    problem(decide(http, no, "publish", matter="Chậm."), 409, "not_answered")
    decide(http, no, "answer")
    for words in ("Bà vi thị phản ánh nêu", "Số 0987111222", "Thư VI@example.com"):
        problem(decide(http, no, "publish", matter=words), 422, "names_complainant")
    assert decide(http, no, "publish", matter="Chậm trả.").status_code == 200


def test_the_head_of_the_agency_or_of_one_above_answers(http: Http) -> None:
    no = send(http)
    problem(decide(http, no, "answer", "an"), 403, "not_allowed")
    problem(decide(http, no, "answer", "binh"), 403, "not_allowed")
    http.add_official(NewOfficial("tra", "Thanh Tra", PROVINCE, (Role.INSPECTOR,)))
    assert http.get(f"/complaints/{no}", "tra").json()["may"] == []
    problem(decide(http, no, "answer", "tra"), 403, "not_allowed")
    assert decide(http, no, "answer", "tinh").status_code == 200


def test_what_waits_is_listed_by_when_it_is_due(http: Http) -> None:
    first = send(http)
    http.at = after(days=1)
    second = send(http)
    http.at = after(days=2)
    decide(http, second, "answer")
    assert [item["no"] for item in http.get("/complaints", "chu").json()["items"]] == [second, first]
    decide(http, second, "publish", matter="Chậm trả.")
    assert [item["no"] for item in http.get("/complaints", "chu").json()["items"]] == [first]
    everything = http.get("/complaints", "tinh", open=False).json()["items"]
    assert [item["no"] for item in everything] == [first, second]
    assert http.get("/complaints", "binh").json()["items"] == []


def test_the_same_sending_makes_one_complaint(http: Http) -> None:
    body = {**COMPLAINT, "agency": COMMUNE}
    headers = {"Idempotency-Key": "mot-lan-thoi"}
    first, second = (
        http.client.post(f"{PUBLIC}/complaints", json=body, headers=headers).json()["no"] for _ in range(2)
    )
    assert first == second != send(http)
    other = http.client.post(f"{PUBLIC}/complaints", json=body | {"name": "Người Khác"}, headers=headers)
    assert other.json()["no"] != first, "somebody else's key takes nothing away"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"agency": None}, 422, "agency_needed"),
        ({"agency": "H99"}, 404, "agency_unknown"),
        ({"dossier": "H99-1"}, 404, "dossier_unknown"),
        ({"phone": "12"}, 422, "bad_input"),
        ({"phone": "09xx111222"}, 422, "bad_input"),
        ({"text": "ngắn"}, 422, "bad_input"),
        ({"matter": "weather"}, 422, "bad_input"),
        ({"email": "không phải thư"}, 422, "bad_input"),
    ],
)
def test_a_complaint_that_cannot_be_handled_is_refused(
    http: Http, change: dict[str, Any], status: int, code: str
) -> None:
    problem(public(http, "/complaints", {**COMPLAINT, "agency": COMMUNE, **change}), status, code)


def test_the_office_is_not_flooded(http: Http) -> None:
    answers = [public(http, "/complaints", {**COMPLAINT, "agency": COMMUNE}).status_code for _ in range(6)]
    assert answers == [201] * 5 + [429]
    http.at = after(minutes=10)
    send(http)


def test_names_and_words_stand_apart_from_what_is_counted(http: Http) -> None:
    token = link(http, http.register())
    public(http, f"/ratings/{token}", {"score": 1, "comment": "Tôi là Vi Thị Phản Ánh."})
    send(http)
    with http.database.reading() as connection:
        for table in ("ratings", "rating_reasons", "complaints", "complaint_acts"):
            rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for secret in ("Vi Thị", "0987111222", "quá ngày hẹn", "Tôi là"):
                assert secret not in rows
