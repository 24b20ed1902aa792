"""What citizens see without a token: enough for the applicant, nothing for anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx import Response

from api.public.limiting import Limit, client_key
from tests.api.client import AppClient
from tests.api.conftest import APPLICANT, SECRETS, Http, problem
from tests.support.office import MONDAY, OFFICIALS, after


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
    assert progress(http, code).json() == {"code": code, "status": "Được tiếp nhận", "percent": 0}
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    assert progress(http, code).json() == {"code": code, "status": "Đang xử lý", "percent": 33}
    http.do(code, "finish-step", {"task": 2}, "an", after(hours=3))
    assert progress(http, code).json()["percent"] == 66
    http.do(code, "receive", {"task": 3}, "chu", after(hours=4))
    http.do(code, "decide", {"task": 3, "outcome": "dong_y"}, "chu", after(hours=5))
    assert progress(http, code).json() == {"code": code, "status": "Đã xử lý xong", "percent": 100}
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
    assert (seen["late"], seen["waits_for_you"], seen["percent"]) == (False, False, 33)
    assert_tells_nobody(answer)


def test_the_applicant_is_told_when_waited_for(http: Http) -> None:
    code = http.register()
    http.do(code, "ask-supplement", {"content": f"Bổ sung giấy tờ của {APPLICANT['name']}"}, "le")
    seen = look_up(http, code, "8765")
    assert seen.json()["waits_for_you"] is True
    assert (seen.json()["agency"], seen.json()["due_at"]) == (None, None)
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
