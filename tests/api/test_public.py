"""What citizens see without a token: enough for the applicant, nothing for anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx import Response
from sqlalchemy import event

from api.public.limiting import Limit, client_key
from tests.api.client import AppClient
from tests.api.conftest import APPLICANT, DESK, SECRETS, Http, problem
from tests.support.office import DIVISION, MONDAY, OFFICIALS, after


@pytest.fixture
def http(sqlite_http: Http) -> Http:
    """The office, on SQLite only."""
    return sqlite_http


def progress(http: Http, code: str) -> Response:
    """The open question."""
    return http.client.get(f"/api/v1/public/dossiers/{code}")


def look_up(http: Http, code: str, last4: str) -> Response:
    """The question with a proof."""
    return http.client.post(f"/api/v1/public/dossiers/{code}/look-up", json={"last4": last4})


def assert_tells_nobody(response: Response) -> None:
    """Nothing of the applicant, and no official, is in a response."""
    told = response.text + str(response.headers)
    for secret in (*SECRETS, *(official.name for official in OFFICIALS)):
        assert secret not in told, secret


def test_anybody_sees_only_the_code_and_how_far_it_is(http: Http) -> None:
    code = http.register()
    assert progress(http, code).json() == {"code": code, "percent": 0}
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    assert progress(http, code).json() == {"code": code, "percent": 33}
    http.do(code, "finish-step", {"task": 2}, "an", after(hours=3))
    assert progress(http, code).json()["percent"] == 66
    http.do(code, "receive", {"task": 3}, "chu", after(hours=4))
    http.do(code, "decide", {"task": 3, "outcome": "dong_y"}, "chu", after(hours=5))
    assert progress(http, code).json() == {"code": code, "percent": 100}
    assert_tells_nobody(progress(http, code))


@pytest.mark.parametrize("last4", ["4321", "8765"])
def test_the_applicant_sees_where_the_dossier_lies_and_until_when(http: Http, last4: str) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    answer = look_up(http, code, last4)
    seen = answer.json()
    assert answer.status_code == 200
    assert seen["agency"] == "Phòng Kinh tế phường Việt Trì"
    assert seen["due_at"] == http.get(f"/dossiers/{code}").json()["due_at"]
    assert seen["explanation"][0].startswith("Bắt đầu 07:30 ngày 02/03/2026")
    assert seen["in_plain_words"] == [
        "Thời hạn giải quyết là 5 ngày làm việc, tính từ 07:30 ngày 02/03/2026.",
        "Ngày nhận hồ sơ không tính; ngày làm việc tiếp theo là ngày thứ nhất.",
        "Không tính Thứ Bảy và Chủ nhật.",
        "Vì vậy hẹn trả kết quả chậm nhất lúc 17:30 ngày 09/03/2026.",
    ]
    assert (seen["late"], seen["waits_for_you"], seen["percent"]) == (False, False, 33)
    assert_tells_nobody(answer)


def test_the_applicant_is_told_when_waited_for(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-supplement", {"content": f"Bổ sung giấy tờ của {APPLICANT['name']}"}, "le")
    seen = look_up(http, code, "8765")
    assert seen.json()["waits_for_you"] is True
    assert (seen.json()["agency"], seen.json()["due_at"]) == (None, None)
    assert seen.json()["stopped_since"] == seen.json()["supplement"]["asked_at"]
    asked = seen.json()["supplement"]
    assert asked["content"] == "Bổ sung giấy tờ của (…)"
    assert asked["agency"] == "Trung tâm Phục vụ hành chính công phường Việt Trì"
    assert asked["until"] > "2026-03-02"
    assert_tells_nobody(seen)


def test_a_wrong_proof_and_a_wrong_code_are_answered_alike(http: Http) -> None:
    code = http.register()
    wrong = problem(look_up(http, code, "0000"), 404, "look_up_unmatched")
    unknown = problem(look_up(http, "H44.101.01-260302-9999", "0000"), 404, "look_up_unmatched")
    assert {k: v for k, v in wrong.items() if k != "instance"} == {
        k: v for k, v in unknown.items() if k != "instance"
    }
    assert_tells_nobody(look_up(http, code, "0000"))


@pytest.mark.parametrize("last4", ["", "123", "12345", "    ", "12 4", "é123"])
def test_a_proof_not_of_the_form_is_refused_without_repeating_it(http: Http, last4: str) -> None:
    code = http.register()
    response = look_up(http, code, last4)
    problem(response, 422, "bad_input")
    assert not last4.strip() or last4 not in response.text


def test_an_applicant_without_numbers_cannot_be_looked_up(http: Http) -> None:
    code = http.register(applicant={"name": "Không Số"})
    problem(look_up(http, code, "0000"), 404, "look_up_unmatched")


def test_short_numbers_prove_nothing(http: Http) -> None:
    code = http.register(applicant={"name": "Ngắn Số", "identity_no": "12", "phone": "34"})
    for last4 in ("0012", "0034", "1234"):
        problem(look_up(http, code, last4), 404, "look_up_unmatched")


def test_proofs_cannot_be_tried_out(http: Http) -> None:
    code = http.register()
    for attempt in range(5):
        problem(look_up(http, code, f"000{attempt}"), 404, "look_up_unmatched")
    refused = look_up(http, code, "4321")
    waits = problem(refused, 429, "rate_limited")["details"]["retry_after"]
    assert refused.headers["retry-after"] == str(waits) == "1800"
    http.at += timedelta(seconds=waits)
    assert look_up(http, code, "4321").status_code == 200
    other = http.register(http.at)
    assert look_up(http, other, "4321").status_code == 200, "another dossier is not held up"


def test_one_client_cannot_try_a_few_proofs_on_every_code(http: Http) -> None:
    codes = [http.register(after(minutes=n)) for n in range(5)]
    for code in codes:
        for attempt in range(4):
            problem(look_up(http, code, f"000{attempt}"), 404, "look_up_unmatched")
            http.at += timedelta(seconds=2)
    last = http.register(http.at)
    refused = look_up(http, last, "4321")
    assert problem(refused, 429, "rate_limited")["details"]["retry_after"] > 60
    with AppClient(http.app, client=("198.51.100.7", 1)) as other:
        answer = other.post(f"/api/v1/public/dossiers/{last}/look-up", json={"last4": "4321"})
        assert answer.status_code == 200, "the applicant is not held up by somebody else"


def test_looking_up_often_with_the_right_proof_is_not_held_up(http: Http) -> None:
    code = http.register()
    for _ in range(12):
        assert look_up(http, code, "4321").status_code == 200


def test_one_client_is_slowed_down_and_others_are_not(http: Http) -> None:
    code = http.register()
    answers = [progress(http, code).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    with AppClient(http.app, client=("198.51.100.7", 1)) as other:
        assert other.get(f"/api/v1/public/dossiers/{code}").status_code == 200
    http.at += timedelta(seconds=2)
    assert progress(http, code).status_code == 200
    assert http.get(f"/dossiers/{code}").status_code == 200, "officials are not limited"


def decided(http: Http, outcome: str) -> str:
    """A dossier decided, its result waiting at the desk."""
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.do(code, "finish-step", {"task": 2}, "an", after(hours=3))
    http.do(code, "receive", {"task": 3}, "chu", after(hours=4))
    http.do(code, "decide", {"task": 3, "outcome": outcome, "reason": "Đủ."}, "chu", after(hours=5))
    return code


def test_the_applicant_is_told_where_the_result_lies(http: Http) -> None:
    code = decided(http, "dong_y")
    seen = look_up(http, code, "8765").json()
    assert (seen["result"], seen["returned_at"]) == ("Giấy phép", None)
    assert seen["desk"]["name"] == "Trung tâm Phục vụ hành chính công phường Việt Trì"
    http.do(code, "give-back", {}, "le", after(days=1))
    seen = look_up(http, code, "8765").json()
    assert (seen["result"], seen["returned_at"]) == (None, "2026-03-03T00:30:00Z")


def test_the_applicant_is_told_what_to_pay(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-payment", {"amount": 150000, "pauses": True}, "le", after(hours=1))
    [asked] = look_up(http, code, "8765").json()["payments"]
    assert (asked["amount"], asked["pauses"]) == (150000, True)
    http.do(code, "confirm-payment", {"payment": 1, "receipt": "BL-1"}, "le", after(hours=2))
    assert look_up(http, code, "8765").json()["payments"] == []


def test_the_late_board_names_agencies_and_codes_and_no_person(http: Http) -> None:
    late = [http.register(after(minutes=n)) for n in range(3)]
    for code in late[:2]:
        http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    assert http.client.get("/api/v1/public/late").json()["items"] == []
    http.at = after(days=10)
    http.post("/sweep", by="tinh")
    board = http.client.get("/api/v1/public/late")
    counts = [(item["agency"]["code"], item["count"]) for item in board.json()["items"]]
    assert (board.json()["total"], counts) == (3, [(DIVISION, 2), (DESK, 1)])
    first = http.client.get(f"/api/v1/public/late/{DIVISION}", params={"size": 1})
    rest = http.client.get(f"/api/v1/public/late/{DIVISION}", params={"cursor": first.json()["next_cursor"]})
    assert first.json()["items"] + rest.json()["items"] == late[:2]
    for answer in (board, first, rest):
        assert_tells_nobody(answer)
    problem(http.client.get("/api/v1/public/late/H99"), 404, "agency_unknown")


def test_a_look_up_asks_the_database_a_bounded_number_of_questions(http: Http) -> None:
    asked: list[str] = []
    event.listen(
        http.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_more: asked.append(statement),
    )
    code = http.register()
    for path, body, most in (
        (f"/dossiers/{code}", None, 8),
        (f"/dossiers/{code}/look-up", {"last4": "4321"}, 16),
        ("/late", None, 4),
        (f"/late/{DESK}", None, 4),
    ):
        asked.clear()
        method = "GET" if body is None else "POST"
        assert http.client.request(method, f"/api/v1/public{path}", json=body).status_code == 200
        assert len(asked) <= most, (path, asked)


def test_nothing_public_tells_of_a_late_dossier_more_than_that(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.at = after(days=10)
    http.post("/sweep", by="tinh")
    reason = {"apology": 1, "reason": f"{APPLICANT['name']} chưa liên hệ được."}
    http.do(code, "sign-apology", reason | {"new_due_at": "2026-03-20T17:00:00+07:00"}, "binh")
    for response in (progress(http, code), look_up(http, code, "8765")):
        assert response.status_code == 200
        assert_tells_nobody(response)
    seen = look_up(http, code, "8765").json()
    assert (seen["late"], seen["reappointed"]) == (True, True)
    assert seen["due_at"] == "2026-03-20T10:00:00Z"
    assert seen["first_due_at"] == "2026-03-09T10:30:00Z"


def test_a_bucket_fills_again_with_the_clock_it_is_given() -> None:
    limit = Limit(burst=2, every=10)
    assert [limit.take("a", MONDAY) for _ in range(3)] == [0, 0, 10]
    assert limit.take("a", MONDAY + timedelta(seconds=4)) == 6
    assert limit.take("b", MONDAY) == 0
    assert limit.take("a", MONDAY + timedelta(seconds=10)) == 0
    assert limit.take("a", MONDAY + timedelta(seconds=10)) == 10
    assert limit.take("a", MONDAY) == 10, "a clock set back gives nothing"


def test_buckets_do_not_grow_without_end() -> None:
    limit = Limit(burst=1, every=10, most_keys=3)
    for key in "abcd":
        assert limit.take(key, MONDAY) == 0
    assert limit.take("d", MONDAY) == 10
    assert limit.take("a", MONDAY) == 0, "the longest unused was forgotten"


def test_one_caller_with_many_addresses_has_one_bucket() -> None:
    assert client_key("2001:db8:1:2::1") == client_key("2001:db8:1:2:ffff::9")
    assert client_key("2001:db8:1:2::1") != client_key("2001:db8:1:3::1")
    assert client_key("192.0.2.1") != client_key("192.0.2.2")
