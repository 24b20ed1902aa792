"""What a desk asks: which procedure, what date it would be, what waits, where a dossier is."""

from __future__ import annotations

import pytest

from tests.api.conftest import APPLICANT, DESK, Http, problem
from tests.support.office import OTHER_DESK, after, definition

BIRTH = {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "field": "Hộ tịch"}
DEATH = {"code": "1.000656", "name": "Thủ tục đăng ký khai tử", "field": "Hộ tịch"}


@pytest.mark.parametrize(
    "words", ["khai sinh", "dang ky khai sinh", "ĐĂNG KÝ KHAI SINH", "1.001193", "1.0011"]
)
def test_a_procedure_is_found_without_diacritics_and_by_code(http: Http, words: str) -> None:
    http.world.publish(definition(**BIRTH), definition(**DEATH))
    found = http.get("/desk/procedures", q=words).json()["items"]
    assert [item["code"] for item in found] == ["1.001193"]


def test_what_this_desk_registers_most_comes_first(http: Http) -> None:
    http.world.publish(definition(**BIRTH), definition(**DEATH))
    for _ in range(2):
        http.register(procedure="1.000656")
    http.register(procedure="1.001193")
    codes = [item["code"] for item in http.get("/desk/procedures", q="dang ky").json()["items"]]
    assert codes == ["1.000656", "1.001193"]
    [first, *_] = http.get("/desk/procedures").json()["items"]
    assert (first["code"], first["used"]) == ("1.000656", 2)
    elsewhere = http.get("/desk/procedures", "my", q="khai tu").json()["items"]
    assert (elsewhere[0]["code"], elsewhere[0]["used"]) == ("1.000656", 0)


def test_a_procedure_not_in_force_is_not_offered(http: Http) -> None:
    http.world.publish(definition(**BIRTH, effective_from="2026-04-01"))
    assert http.get("/desk/procedures", q="khai sinh").json()["items"] == []


def test_the_date_shown_before_is_the_date_promised_after(http: Http) -> None:
    http.at = after(hours=2, minutes=13)
    shown = http.post("/desk/preview", {"procedure": "T.1"}).json()
    code = http.register(http.at)
    dossier = http.get(f"/dossiers/{code}").json()
    assert shown["due_at"] == dossier["due_at"]
    explained = http.get(f"/dossiers/{code}/explanation").json()
    assert shown["explanation"]["lines"] == explained["lines"]
    assert shown["first"]["code"] == DESK
    problem(http.post("/desk/preview", {"procedure": "T.9"}), 404, "procedure_not_in_force")


def test_a_preview_of_a_submission_beyond_reason_is_refused(http: Http) -> None:
    asked = {"procedure": "T.1", "submitted_at": "4572-03-22T06:26:02Z"}
    problem(http.post("/desk/preview", asked), 422, "bad_input")


def test_a_preview_leaves_no_trace(http: Http) -> None:
    http.post("/desk/preview", {"procedure": "T.1"})
    assert http.register().endswith("-0001")


def test_a_preview_shows_the_papers_and_fees_of_the_case(http: Http) -> None:
    http.world.publish(
        definition(
            code="T.2",
            case={"ca_nuoc": {"label": "Toàn quốc", "default": False}},
            papers=[
                {"id": "to_khai", "name": "Tờ khai"},
                {"id": "ban_do", "name": "Bản đồ", "when": {"ca_nuoc": True}},
            ],
            fees=[
                {"id": "le_phi", "name": "Lệ phí", "amount": 15000, "when": {"channel": "direct"}},
                {"id": "tuyen", "name": "Lệ phí", "amount": 7000, "when": {"channel": "online"}},
            ],
        )
    )
    direct = http.post("/desk/preview", {"procedure": "T.2"}).json()
    assert ([paper["id"] for paper in direct["papers"]], direct["fees_total"]) == (["to_khai"], 15000)
    online = http.post(
        "/desk/preview", {"procedure": "T.2", "channel": "online", "facts": {"ca_nuoc": True}}
    ).json()
    assert ([paper["id"] for paper in online["papers"]], online["fees_total"]) == (
        ["to_khai", "ban_do"],
        7000,
    )


def test_a_dossier_for_another_commune_says_when_its_time_begins(http: Http) -> None:
    shown = http.post("/desk/preview", {"procedure": "T.1", "serves": OTHER_DESK}).json()
    assert shown["starts_when"]["code"] == OTHER_DESK
    assert shown["due_at"] is None


@pytest.mark.parametrize(
    "words", ["quynh", "dao quynh", "Thị Dao", "0912348765", "0912 348 765", "025190004321", "0001"]
)
def test_a_dossier_is_found_by_what_people_know(http: Http, words: str) -> None:
    code = http.register()
    http.register(applicant={"name": "Lê Văn Đạt", "phone": "0900000000"})
    assert [item["code"] for item in http.get("/dossiers", q=words).json()["items"]] == [code]


def test_an_organisation_is_found_by_a_name_with_a_number(http: Http) -> None:
    code = http.register(applicant={"kind": "organisation", "name": "Công ty Xây dựng số 26"})
    for words in ("xay dung so 26", "số 26"):
        assert [item["code"] for item in http.get("/dossiers", q=words).json()["items"]] == [code]


def test_a_name_is_no_pattern(http: Http) -> None:
    http.register()
    for words in ("%", "qu_nh", "quynh tran"):
        assert http.get("/dossiers", q=words).json()["items"] == []


def test_the_piles_of_a_desk(http: Http) -> None:
    def piles() -> dict[str, list[str]]:
        counted = {item["pile"]: item["count"] for item in http.get("/desk/queue").json()["items"]}
        listed = {pile: http.get(f"/desk/queue/{pile}").json()["items"] for pile in counted}
        assert counted == {pile: len(items) for pile, items in listed.items()}
        return {pile: [item["code"] for item in items] for pile, items in listed.items()}

    first = http.register()
    second = http.register(after(minutes=1), accept=False, applicant={**APPLICANT, "name": "Bùi Hai"})
    assert piles() == {
        "today": [second, first],
        "to-send": [first, second],
        "awaited": [],
        "pickup": [],
        "nearly-due": [],
    }
    http.do(first, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(second, "ask-supplement", {"content": "Tờ khai."}, "le", after(hours=1))
    now = piles()
    assert (now["to-send"], now["awaited"]) == ([], [second])
    http.at = after(days=5)
    now = piles()
    assert (now["today"], now["nearly-due"]) == ([], [first])
    http.do(first, "receive", {"task": 2}, "an", after(days=5))
    http.do(first, "finish-step", {"task": 2}, "an", after(days=5))
    http.do(first, "receive", {"task": 3}, "chu", after(days=5))
    http.do(first, "decide", {"task": 3, "outcome": "dong_y"}, "chu", after(days=5))
    assert piles()["pickup"] == [first]
    problem(http.get("/desk/queue", "an"), 403, "not_allowed")


def test_a_pile_is_read_page_by_page(http: Http) -> None:
    codes = [http.register(after(minutes=n)) for n in range(3)]
    first = http.get("/desk/queue/today", size=2).json()
    second = http.get("/desk/queue/today", size=2, cursor=first["next_cursor"]).json()
    assert [item["code"] for item in first["items"] + second["items"]] == codes[::-1]
    waiting = http.get("/desk/queue/to-send", size=2).json()
    rest = http.get("/desk/queue/to-send", size=2, cursor=waiting["next_cursor"]).json()
    assert [item["code"] for item in waiting["items"] + rest["items"]] == codes
