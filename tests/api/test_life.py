"""A dossier's whole life through the interface alone, and what it answers along the way."""

from __future__ import annotations

from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import DESK, DIVISION, FINANCE, after


def test_a_dossier_lives_from_registration_to_giving_back(http: Http) -> None:
    registered = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT})
    assert registered.status_code == 201
    receipt = registered.json()
    code = receipt["code"]
    assert registered.headers["location"] == f"/api/v1/dossiers/{code}"
    assert registered.headers["etag"] == f'"{receipt["last_seq"]}"'
    assert [event["seq"] for event in receipt["events"]] == [1, 2, 3, 4, 5]
    assert receipt["status"] == {"code": 2, "name": "Được tiếp nhận"}

    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    received = http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    assert received["status"]["name"] == "Đang xử lý"
    http.do(code, "take-over", {"task": 2}, "an", after(hours=2))
    asked = http.do(code, "ask-supplement", {"task": 2, "content": "Bổ sung bản vẽ."}, "an", after(hours=3))
    assert asked["status"]["code"] == 5
    assert "Bổ sung bản vẽ" in asked["events"][0]["text"]
    http.do(code, "receive-supplement", None, "le", after(days=2))
    http.do(code, "finish-step", {"task": 2}, "an", after(days=2, hours=2))
    http.do(code, "receive", {"task": 3}, "chu", after(days=2, hours=3))
    decided = http.do(
        code,
        "decide",
        {"task": 3, "outcome": "dong_y", "result_number": "15/GP", "result_name": "Giấy phép"},
        "chu",
        after(days=3),
    )
    assert decided["status"] == {"code": 9, "name": "Đã xử lý xong"}
    returned = http.do(code, "give-back", {"method": "direct"}, "le", after(days=3, hours=1))
    assert returned["status"] == {"code": 10, "name": "Đã trả kết quả"}

    dossier = http.get(f"/dossiers/{code}").json()
    assert dossier["phase"] == "returned"
    assert dossier["result"] == {"number": "15/GP", "name": "Giấy phép"}
    assert dossier["late"] is False
    assert [task["status"] for task in dossier["tasks"]] == ["done", "done", "done"]
    http.world.assert_proven()
    assert http.get("/verify", "tinh").json()["ok"] is True


def test_a_late_dossier_brings_a_letter_and_a_matter_in_the_ledger(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.at = after(days=10)
    swept = http.post("/sweep", by="tinh").json()
    assert swept["looked_at"] == 1
    assert swept["events"]["promise:broken"] == 1
    assert swept["failed"] == []

    assert [line["code"] for line in http.get("/late").json()["items"]] == [code]
    assert http.get("/late", "tinh", agency=FINANCE).json()["items"] == []
    letters = http.get("/apologies", "binh").json()["items"]
    assert [(letter["dossier"], letter["agency"]["code"]) for letter in letters] == [(code, DIVISION)]
    [matter] = http.get("/ledger", "binh").json()["items"]
    assert (matter["dossier"], matter["head"]["code"], matter["capacity"]) == (code, "binh", "head")
    assert {alert["dossier"] for alert in http.get("/alerts").json()["items"]} == {code}

    http.do(
        code,
        "sign-apology",
        {"apology": 1, "reason": "Hồ sơ tăng.", "new_due_at": "2026-03-20T17:00:00+07:00"},
        "binh",
    )
    http.do(code, "acknowledge-fault", {"fault": 1}, "binh")
    http.do(code, "explain-fault", {"fault": 1, "text": "Thiếu người."}, "binh")
    refused = http.post(f"/dossiers/{code}/close-fault", {"fault": 1, "text": "Xong."}, "chu")
    problem(refused, 409, "not_settled")
    http.do(code, "finish-step", {"task": 2}, "an", after(days=11))
    http.do(code, "receive", {"task": 3}, "chu", after(days=11))
    http.do(code, "decide", {"task": 3, "outcome": "dong_y"}, "chu", after(days=11, hours=1))
    http.do(code, "close-fault", {"fault": 1, "text": "Đã kiểm điểm."}, "chu")
    assert http.get("/ledger", "binh", open=True).json()["items"] == []
    assert http.get("/late").json()["items"] == []
    history = http.get(f"/dossiers/{code}/history").json()["items"]
    assert any("ký thư xin lỗi số 1" in event["text"] for event in history)


def test_a_refused_registration_ends_at_once(http: Http) -> None:
    registered = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT, "accept": False})
    code = registered.json()["code"]
    assert registered.json()["status"]["code"] == 1
    refused = http.do(code, "refuse", {"reason": "Sai thẩm quyền."}, "le")
    assert refused["status"]["code"] == 3
    problem(http.post(f"/dossiers/{code}/accept"), 409, "already_accepted")


def test_the_control_slip_and_the_register_book_follow_the_history(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    slip = http.get(f"/dossiers/{code}/control-slip").json()
    assert [(line["giver"]["code"], line["receiver"]["code"]) for line in slip["lines"]] == [(DESK, DIVISION)]
    assert slip["lines"][0]["verdict"] == "on_time"
    book = http.get("/register-book", desk=DESK, from_="2026-03-02", to="2026-03-02").json()["items"]
    assert [(line["no"], line["code"]) for line in book] == [(1, code)]
    earlier = http.get("/register-book", desk=DESK, from_="2026-02-01", to="2026-03-01")
    assert earlier.json()["items"] == []
