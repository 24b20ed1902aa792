"""Lists, pages, one dossier now and then, and what can be asked about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import DESK, DIVISION, MONDAY, OTHER_DESK, SIMPLE, after, definition


def test_pages_are_stable_while_dossiers_are_added(http: Http) -> None:
    codes = [http.register(after(minutes=n)) for n in range(7)]
    first = http.get("/dossiers", size=3)
    assert [line["code"] for line in first.json()["items"]] == codes[:3:-1]
    http.register(after(hours=1))
    second = http.get("/dossiers", size=3, cursor=first.json()["next_cursor"])
    third = http.get("/dossiers", size=3, cursor=second.json()["next_cursor"])
    assert [line["code"] for line in second.json()["items"]] == codes[3:0:-1]
    assert [line["code"] for line in third.json()["items"]] == codes[:1]
    assert third.json()["next_cursor"] is None
    assert "link" not in third.headers


def test_the_link_header_leads_to_the_next_page(http: Http) -> None:
    for n in range(3):
        http.register(after(minutes=n))
    first = http.get("/dossiers", size=2, open=True)
    target = first.headers["link"].removeprefix("<").partition(">")[0]
    assert 'rel="next"' in first.headers["link"]
    following = http.client.get(target, headers=http.auth("le"))
    assert len(following.json()["items"]) == 1
    assert "open=true" in target.lower()


def test_dossiers_of_one_instant_are_each_listed_once(http: Http) -> None:
    codes = {http.register() for _ in range(5)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = http.get("/dossiers", size=2, cursor=cursor).json()
        seen += [line["code"] for line in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(codes)


def test_dossiers_are_found_by_what_a_clerk_knows(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le")
    other = http.register(after(days=1), applicant={"name": "Trần Văn Sông", "phone": "0987000111"})

    def found(**query: Any) -> list[str]:
        return [line["code"] for line in http.get("/dossiers", "tinh", **query).json()["items"]]

    assert found(q=code.lower()) == [code]
    assert found(q="0987000111") == [other]
    assert found(q=APPLICANT["identity_no"]) == [code]
    assert found(q="Văn Sông") == [other]
    assert found(procedure="T.1") == [other, code]
    assert found(procedure="T.2") == []
    assert found(status=2) == [other, code]
    assert found(agency=DIVISION) == [code]
    assert found(agency=OTHER_DESK) == []
    assert found(from_="2026-03-03") == [other]
    assert found(from_="2026-03-02", to="2026-03-02") == [code]
    http.do(other, "withdraw", {"reason": "x"}, "le")
    assert found(open=True) == [code]


def test_signs_of_a_pattern_are_letters_like_others(http: Http) -> None:
    http.register(applicant=APPLICANT | {"name": "Quỳnh Thị Dao"})
    odd = http.register(applicant={"name": "Công ty A_B 100%"})
    for words, found in (("%", [odd]), ("a_b", [odd]), ("A_B", [odd]), ("a%b", []), ("_", [odd])):
        assert [line["code"] for line in http.get("/dossiers", q=words).json()["items"]] == found, words


def test_an_unknown_agency_or_cursor_is_refused(http: Http) -> None:
    problem(http.get("/dossiers", agency="H99"), 404, "agency_unknown")
    for cursor in ("x", "W10", "WyIyMDI2LTAxLTAxIiwgIjEiLCAwXQ", "bnVsbA"):
        problem(http.get("/dossiers", cursor=cursor), 422, "cursor_unreadable")
        problem(http.get("/tasks", cursor=cursor), 422, "cursor_unreadable")
    problem(http.get("/dossiers", size=201), 422, "bad_input")


def test_a_dossier_is_not_sent_again_when_nothing_happened(http: Http) -> None:
    code = http.register()
    first = http.get(f"/dossiers/{code}")
    assert first.headers["cache-control"] == "private, no-cache"
    again = http.get(f"/dossiers/{code}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    weak = http.get(f"/dossiers/{code}", headers={"If-None-Match": f'"1", W/{first.headers["etag"]}'})
    assert weak.status_code == 304
    http.do(code, "note", {"activity": "Đã gọi"}, "le")
    moved = http.get(f"/dossiers/{code}", headers={"If-None-Match": first.headers["etag"]})
    assert moved.status_code == 200
    assert moved.headers["etag"] != first.headers["etag"]


def test_a_dossier_is_shown_as_it_stood(http: Http) -> None:
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.do(code, "withdraw", {"reason": "x"}, "le", after(days=1))

    then = http.get(f"/dossiers/{code}", as_of=after(hours=1).isoformat()).json()
    assert (then["phase"], then["status"]["code"], len(then["tasks"])) == ("processing", 2, 2)
    assert then["as_of"] is not None
    told = http.get(f"/dossiers/{code}/history", as_of=after(minutes=30).isoformat()).json()["items"]
    assert [event["kind"] for event in told][:2] == ["dossier:registered", "dossier:accepted"]
    assert all(event["at"] <= "2026-03-02T01:00" for event in told)
    local = http.client.get(
        f"/api/v1/dossiers/{code}?as_of=2026-03-02T08:00:00+07:00", headers=http.auth("le")
    )
    assert local.status_code == 200, "a plus that was not escaped still means a plus"
    assert len(local.json()["tasks"]) == 1
    early = http.get(f"/dossiers/{code}", as_of=(MONDAY - timedelta(days=1)).isoformat())
    problem(early, 404, "dossier_unknown_then")
    later = http.get(f"/dossiers/{code}", as_of=after(days=9).isoformat())
    problem(later, 422, "as_of_in_future")
    problem(http.get(f"/dossiers/{code}", as_of="2026-03-02T08:00:00"), 422, "bad_input")


def test_every_event_of_the_history_is_a_sentence(http: Http) -> None:
    code = http.register()
    events = http.get(f"/dossiers/{code}/history").json()["items"]
    assert events[0]["text"] == "Lê Thị Lê đăng ký hồ sơ thủ tục “Thủ tục thử”, nộp trực tiếp."
    assert events[0]["agency"]["code"] == DESK
    assert all(event["text"].endswith(".") and event["text"][0].isupper() for event in events)
    assert not any(APPLICANT["name"] in event["text"] for event in events)


def test_the_working_of_an_appointment_is_shown(http: Http) -> None:
    code = http.register()
    explained = http.get(f"/dossiers/{code}/explanation").json()
    assert explained["due_at"] == http.get(f"/dossiers/{code}").json()["due_at"]
    assert explained["lines"][0]["text"].startswith("Bắt đầu 07:30 ngày 02/03/2026")
    assert explained["lines"][-1]["kind"] == "due"
    problem(http.get(f"/dossiers/{code}/explanation", promise=9), 404, "promise_unknown")


def test_every_working_ends_at_the_minute_it_explains(http: Http) -> None:
    """After a pause, and after the dossier moved to a version that counts otherwise."""
    quick = definition(version=2, clock={"rule": "hour-for-hour"}, limits=[{"limit": "7 working_day"}])
    http.world.publish(quick)
    registered = http.post("/dossiers", {"procedure": "T.1", "version": 1, "applicant": APPLICANT})
    code = registered.json()["code"]
    http.do(code, "ask-supplement", {"content": "x"}, "le", after(hours=1))
    http.do(code, "receive-supplement", None, "le", after(days=1, hours=3))
    http.do(code, "change-version", {"to_version": 2, "reason": "x"}, "tinh", after(days=1, hours=4))
    promises = http.get(f"/dossiers/{code}").json()["promises"]
    assert [promise["kind"] for promise in promises] == ["first", "resumed", "migration"]
    for promise in promises:
        explained = http.get(f"/dossiers/{code}/explanation", promise=promise["no"]).json()
        local = datetime.fromisoformat(promise["due_at"]) + timedelta(hours=7)
        assert explained["lines"][-1]["text"].startswith(f"Hết hạn {local:%H:%M} ngày {local:%d/%m/%Y}")


def test_the_inbox_shows_the_most_urgent_first_with_the_time_left(http: Http) -> None:
    later, sooner = http.register(after(hours=2)), http.register(after(hours=3))
    for code in (sooner, later):
        http.do(code, "finish-step", {"task": 1}, "le", after(hours=3))
    http.at = after(hours=3, minutes=30)
    http.do(sooner, "receive", {"task": 2}, "an")
    page = http.get("/tasks", "an").json()
    dues = [line["due_at"] for line in page["items"]]
    assert dues == sorted(dues)
    assert {line["dossier"] for line in page["items"]} == {sooner, later}
    assert {line["status"] for line in page["items"]} == {"open", "sent"}
    line = next(line for line in page["items"] if line["dossier"] == sooner)
    assert line["minutes_left"] == 3 * 480 - 30
    assert line["name"] == "Thẩm định"
    assert http.get("/tasks", "so").json()["items"] == []
    assert len(http.get("/tasks", "chu").json()["items"]) == 2, "all below the commune"


def test_the_inbox_is_paged_and_can_be_mine(http: Http) -> None:
    codes = [http.register(after(minutes=n)) for n in range(5)]
    http.do(codes[0], "take-over", {"task": 1}, "le", after(hours=1))
    first = http.get("/tasks", size=3).json()
    rest = http.get("/tasks", size=3, cursor=first["next_cursor"]).json()
    assert [line["dossier"] for line in (*first["items"], *rest["items"])] == codes
    assert rest["next_cursor"] is None
    assert len(http.get("/tasks", mine=True).json()["items"]) == 5
    http.add_official(NewOfficial("mai", "Mai Thị Mai", DESK, (Role.RECEPTIONIST,)))
    assert len(http.get("/tasks", "mai", mine=True).json()["items"]) == 4


def test_tasks_whose_clock_stands_still_come_last_with_what_is_left(http: Http) -> None:
    waiting, running = http.register(after(minutes=1)), http.register(after(minutes=2))
    http.do(waiting, "ask-supplement", {"content": "x"}, "le", after(hours=1))
    lines = http.get("/tasks").json()["items"]
    assert [line["dossier"] for line in lines] == [running, waiting]
    assert lines[1]["due_at"] is None
    assert lines[1]["minutes_left"] == 240 - 59
    assert lines[1]["dossier_status"]["code"] == 5


def test_overdue_time_is_negative(http: Http) -> None:
    http.register()
    http.at = after(days=1)
    [line] = http.get("/tasks").json()["items"]
    assert line["minutes_left"] == 240 - 480


@pytest.mark.parametrize(
    "path", ["", "/history", "/explanation", "/control-slip", "/allowed", "/apologies/1.pdf"]
)
def test_what_is_asked_of_an_unknown_dossier_is_not_found(http: Http, path: str) -> None:
    problem(http.get(f"/dossiers/H44-260302-9999{path}"), 404, "dossier_unknown")


def test_lateness_of_an_earlier_stage_stays_on_the_list_page_after_page(http: Http) -> None:
    """The stage at hand has no limit for this case, so it has no appointment to be judged by."""
    staged = yaml.safe_load(SIMPLE) | {
        "code": "T.5",
        "case": {"thu_thue": {"label": "Có thu thuế", "default": False}},
        "limits": [],
        "stages": [
            {"id": "mot", "name": "Giai đoạn một", "limits": [{"limit": "1 working_day"}]},
            {"id": "hai", "name": "Hai", "limits": [{"limit": "9 working_day", "when": {"thu_thue": True}}]},
        ],
    }
    for step in staged["steps"]:
        step["stage"] = "mot" if step["id"] == "tiep_nhan" else "hai"
    http.world.publish(definition(yaml.safe_dump(staged)))
    codes = [http.register(after(minutes=n), procedure="T.5") for n in range(3)]
    http.at = after(days=3)
    http.post("/sweep", by="tinh")
    for code in codes:
        http.do(code, "finish-step", {"task": 1}, "le", after(days=3))
        http.do(code, "receive", {"task": 2}, "an", after(days=3))
    first = http.get("/late", size=2).json()
    rest = http.get("/late", size=2, cursor=first["next_cursor"]).json()
    listed = [*first["items"], *rest["items"]]
    assert sorted(line["code"] for line in listed) == codes
    assert {line["judged_due_at"] for line in listed} == {None}
    assert all(line["minutes_past"] > 0 for line in listed)
