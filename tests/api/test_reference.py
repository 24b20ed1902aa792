"""Agencies, calendars, deadlines, procedures and applicants."""

from __future__ import annotations

import pytest
import yaml

from api.openapi import examples
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import AGENCIES, COMMUNE, DESK, DIVISION, OFFICIALS, PROVINCE, SIMPLE, after


def example(operation: str, name: str = "plain") -> dict[str, object]:
    """A request from the description."""
    return dict(examples("requests")[operation][name]["value"])


def test_agencies_are_listed_and_shown_with_what_is_below(http: Http) -> None:
    listed = http.get("/agencies").json()["items"]
    assert [agency["code"] for agency in listed] == sorted(agency["code"] for agency in listed)
    assert [
        item["code"] for item in http.get("/agencies", under=COMMUNE, kind="one_stop").json()["items"]
    ] == [DESK]
    commune = http.get(f"/agencies/{COMMUNE}", "tinh").json()
    assert [child["code"] for child in commune["children"]] == [DESK, DIVISION, "H44.101.03"]
    assert commune["head"]["official"]["code"] == "chu"
    assert commune["calendars"] == {"processing": "vn-office", "reception": "vn-office"}
    assert [official["id"] for official in commune["officials"]] == ["chu"]
    assert len(http.get("/officials", "tinh", under=COMMUNE).json()["items"]) == 6
    problem(http.get("/agencies/H99"), 404, "agency_unknown")
    problem(http.get("/agencies/not a code"), 422, "bad_input")


def test_an_agency_and_an_official_are_added_and_work_at_once(http: Http) -> None:
    body = example("create_agency")
    created = http.post("/agencies", body, "tinh")
    assert created.status_code == 201
    assert (
        http.client.get(created.headers["location"], headers=http.auth("le")).json()["name"] == body["name"]
    )
    problem(http.post("/agencies", body, "tinh"), 409, "already_exists")
    problem(http.post("/agencies", body | {"code": "H44.9", "parent": "H9"}, "tinh"), 404, "agency_unknown")

    official = http.post("/officials", example("create_official"), "tinh")
    assert official.status_code == 201
    assert official.json()["roles"] == [{"agency": DIVISION, "role": "officer", "name": "chuyên viên"}]
    problem(http.post("/officials", example("create_official"), "tinh"), 409, "already_exists")
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=1))
    taken = http.do(code, "take-over", {"task": 2, "official": "mai"}, "binh")
    assert "Lý Thị Mai" in taken["events"][0]["text"]


def test_heads_follow_one_another_and_the_past_stays(http: Http) -> None:
    acting = http.post(f"/agencies/{DIVISION}/tenures", example("create_tenure", "acting"), "tinh")
    assert acting.json()["official"]["code"] == "hoa"
    assert acting.json()["capacity_name"] == "quyền thủ trưởng"
    vacant = http.post(f"/agencies/{DIVISION}/tenures", example("create_tenure", "vacant"), "tinh")
    assert vacant.json()["official"] is None

    def head(at: str) -> str | None:
        found = http.get(f"/agencies/{DIVISION}/head", at=at).json()["official"]
        return found["code"] if found else None

    assert head("2026-03-31T23:59:59+07:00") == "binh"
    assert head("2026-04-01T00:00:00+07:00") == "hoa"
    assert head("2026-05-01T00:00:00+07:00") is None
    tenures = http.get(f"/agencies/{DIVISION}/tenures").json()["items"]
    assert [tenure["capacity"] for tenure in tenures] == ["head", "acting", "vacant"]
    assert tenures[1]["decision"] == "12/QĐ-UBND"
    again = http.post(f"/agencies/{DIVISION}/tenures", example("create_tenure", "acting"), "tinh")
    problem(again, 409, "tenure_overlaps")
    wrong = {"capacity": "head", "since": "2026-09-01T00:00:00+07:00"}
    problem(http.post(f"/agencies/{DIVISION}/tenures", wrong, "tinh"), 422, "tenure_person_wrong")


def test_a_binding_says_who_plays_a_participant(http: Http) -> None:
    body = example("create_binding") | {"agencies": ["H44.20"]}
    assert http.post("/bindings", body, "tinh").status_code == 201
    code = http.register()
    sent = http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    assert "Sở Tài chính" in sent["events"][-1]["text"]
    problem(http.post("/bindings", body | {"agencies": ["H9"]}, "tinh"), 404, "agency_unknown")


def test_a_calendar_explains_its_days(http: Http) -> None:
    [office, saturdays] = http.get("/calendars").json()["items"]
    assert (office["name"], office["current"], saturdays["name"]) == ("vn-office", True, "vn-office-sat")
    year = http.get("/calendars/vn-office", year=2026).json()
    assert len(year["days"]) == 365
    assert year["weekly"]["mon"] and not year["weekly"]["sun"]
    same = http.get(f"/calendars/vn-office/versions/{office['version']}", year=2026).json()
    assert same["fingerprint"] == year["fingerprint"]
    holiday = http.get("/calendars/vn-office/days/2026-09-02").json()
    assert (holiday["working"], holiday["kind"]) == (False, "closed")
    assert "Quốc khánh" in holiday["reason"]
    assert http.get("/calendars/vn-office/days/2026-03-07").json()["reason"] == "Thứ Bảy"
    problem(http.get("/calendars/nowhere"), 404, "calendar_unknown")
    problem(http.get("/calendars/vn-office/days/1999-01-01"), 422, "calendar_out_of_range")
    problem(http.get("/calendars/vn-office/days/tomorrow"), 422, "bad_input")
    assert http.get("/calendars/vn-office", year=1990).json()["days"] == []


def test_a_calendar_is_published_and_assigned(http: Http) -> None:
    body = example("publish_calendar", "extended")
    published = http.post("/calendars", body, "tinh")
    assert published.status_code == 201, published.text
    assert published.json()["current"] is True
    day = http.get("/calendars/phu-tho/days/2026-04-27").json()
    assert (day["working"], day["reason"]) == (False, "Nghỉ theo quyết định của tỉnh")
    assert http.post("/calendars", body, "tinh").status_code == 201, "the same again changes nothing"
    changed = body | {"title": "Khác"}
    problem(http.post("/calendars", changed, "tinh"), 409, "calendar_version_taken")
    problem(http.post("/calendars", body | {"extends": "nowhere"}, "tinh"), 404, "calendar_unknown")
    problem(
        http.post("/calendars", body | {"extends": "vn-office@1"}, "tinh"), 422, "calendar_parent_unknown"
    )
    long = body | {"version": "2", "covers_from": "0001-01-01", "covers_until": "9999-12-31"}
    problem(http.post("/calendars", long, "tinh"), 422, "calendar_coverage_too_long")
    alone = {"name": "x", "version": "1", "title": "Một mình"}
    problem(http.post("/calendars", alone, "tinh"), 422, "calendar_field_missing")

    assigned = http.client.request(
        "PUT",
        f"/api/v1/agencies/{PROVINCE}/calendars/processing",
        json={"calendar": "phu-tho"},
        headers=http.auth("tinh"),
    )
    assert assigned.status_code == 200, assigned.text
    assert http.get(f"/agencies/{DESK}").json()["calendars"] == {
        "processing": "phu-tho",
        "reception": "phu-tho",
    }
    unknown = http.client.request(
        "PUT",
        f"/api/v1/agencies/{PROVINCE}/calendars/processing",
        json={"calendar": "nowhere"},
        headers=http.auth("tinh"),
    )
    problem(unknown, 404, "calendar_unknown")
    code = http.register()
    assert http.get(f"/dossiers/{code}/explanation").json()["calendar"] == "phu-tho@2026.1"


def test_a_deadline_is_computed_with_its_working(http: Http) -> None:
    plain = http.post("/deadlines/compute", {"start": "2026-03-02T08:00:00+07:00", "limit": "3 working_day"})
    assert plain.json()["due_at"] == "2026-03-05T10:30:00Z"
    assert plain.json()["limit_name"] == "3 ngày làm việc"
    assert plain.json()["lines"][0]["start"] == "2026-03-02T08:00:00+07:00"
    paused = http.post("/deadlines/compute", example("compute_deadline", "working_days")).json()
    assert paused["due_at"] > plain.json()["due_at"]
    assert any(line["kind"] == "pause" and "chờ bổ sung" in line["text"] for line in paused["lines"])
    same_day = http.post("/deadlines/compute", example("compute_deadline", "same_day")).json()
    assert same_day["due_at"].startswith("2026-03-03")
    still = {
        "start": "2026-03-02T08:00:00+07:00",
        "limit": "3 working_day",
        "rule": "hour-for-hour",
        "agency": DIVISION,
        "pauses": [{"since": "2026-03-03T08:00:00+07:00"}],
    }
    open_pause = http.post("/deadlines/compute", still).json()
    assert open_pause["due_at"] is None
    assert open_pause["remaining"] == {"amount": "2", "unit": "working_day", "minutes": 960}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"limit": "3 fortnights"}, 422, "limit_unreadable"),
        ({"limit": "1.5 calendar_day"}, 422, "limit_fraction_not_allowed"),
        ({"limit": "999999999999 year"}, 422, "calendar_out_of_range"),
        ({"calendar": "nowhere"}, 404, "calendar_unknown"),
        ({"calendar": "vn-office@1"}, 404, "calendar_unknown"),
        ({"agency": "H99"}, 404, "agency_unknown"),
        ({"start": "2026-03-02T08:00:00"}, 422, "bad_input"),
        ({"start": "1200-03-02T08:00:00Z"}, 422, "bad_input"),
        ({"pauses": [{"since": "2026-03-01T08:00:00Z"}]}, 422, "pause_before_start"),
    ],
)
def test_a_deadline_that_cannot_be_computed_says_why(
    http: Http, change: dict[str, object], status: int, code: str
) -> None:
    body = {"start": "2026-03-02T08:00:00+07:00", "limit": "3 working_day"} | change
    problem(http.post("/deadlines/compute", body), status, code)


def test_a_procedure_is_saved_checked_published_drawn_and_compared(http: Http) -> None:
    draft = http.post("/procedures", example("save_procedure", "draft"), "tinh")
    assert draft.status_code == 201, draft.text
    assert draft.json()["status"] == "draft"
    text = str(example("save_procedure", "draft")["text"])
    published = http.post("/procedures", {"text": text, "publish": True}, "tinh")
    assert published.status_code == 201, published.text
    assert (published.json()["status"], published.json()["changed"]) == ("published", True)
    again = http.post("/procedures", {"text": text, "publish": True}, "tinh")
    assert again.json()["changed"] is False
    other = {"text": text.replace("3 working_day", "4 working_day"), "publish": True}
    problem(http.post("/procedures", other, "tinh"), 409, "version_frozen")
    second = text.replace("version: 1", "version: 2").replace("3 working_day", "5 working_day")
    assert http.post("/procedures", {"text": second, "publish": True}, "tinh").status_code == 201

    versions = http.get("/procedures/T.9").json()["items"]
    assert [(row["version"], row["status"]) for row in versions] == [(1, "published"), (2, "published")]
    assert {row["code"] for row in http.get("/procedures", status="published").json()["items"]} == {
        "T.1",
        "T.9",
    }
    read = http.get("/procedures/T.9/versions/1").json()
    assert read["definition"]["name"] == "Xác nhận tạm trú"
    assert "can_publish" in http.get("/procedures/T.9/versions/1/findings").json()
    svg = http.get("/procedures/T.9/versions/1/diagram")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in svg.text and "Xác nhận" in svg.text
    mermaid = http.get("/procedures/T.9/versions/1/diagram", format="mermaid")
    assert mermaid.text.startswith("flowchart")
    changes = http.get("/procedures/T.9/diff", from_=1, to=2).json()["items"]
    assert any(change["affects"] == "time" and change["citizen"] for change in changes)
    problem(http.get("/procedures/T.9/versions/3"), 404, "procedure_unknown")


def test_a_definition_that_cannot_be_read_or_published_says_where(http: Http) -> None:
    broken = problem(
        http.post("/procedures", {"text": "code: T.8\nsteps: 5"}, "tinh"), 422, "definition_invalid"
    )
    assert all(finding["message"] for finding in broken["details"]["findings"])
    nowhere = yaml.safe_load(SIMPLE) | {"code": "T.7"}
    nowhere["steps"][0]["next"] = "khong_co"
    text = yaml.safe_dump(nowhere, allow_unicode=True, sort_keys=False)
    refused = problem(
        http.post("/procedures", {"text": text, "publish": True}, "tinh"), 422, "definition_has_errors"
    )
    assert any(finding["severity"] == "error" for finding in refused["details"]["findings"])
    kept = http.post("/procedures", {"text": text}, "tinh")
    assert kept.status_code == 201, "a draft may have errors"
    assert http.get("/procedures/T.7/versions/1/findings").json()["can_publish"] is False


def test_a_draft_cannot_be_registered_on(http: Http) -> None:
    http.post("/procedures", example("save_procedure", "draft"), "tinh")
    refused = http.post("/dossiers", {"procedure": "T.9", "applicant": APPLICANT})
    problem(refused, 404, "procedure_not_in_force")
    named = http.post("/dossiers", {"procedure": "T.9", "version": 1, "applicant": APPLICANT})
    problem(named, 409, "version_not_published")


def test_an_applicant_is_found_again_by_number_only(http: Http) -> None:
    created = http.post("/applicants", APPLICANT)
    assert created.status_code == 201
    again = http.post("/applicants", APPLICANT)
    assert again.json()["id"] == created.json()["id"], "the same details are the same row"
    http.at = after(hours=1)
    moved = http.post("/applicants", APPLICANT | {"address": "Nơi khác"})
    assert moved.json()["id"] != created.json()["id"]
    for number in (APPLICANT["phone"], APPLICANT["identity_no"]):
        found = http.post("/applicants/search", {"number": number}).json()["items"]
        assert [item["id"] for item in found] == [moved.json()["id"], created.json()["id"]]
    assert http.post("/applicants/search", {"number": APPLICANT["name"][:20]}).json()["items"] == []
    assert http.post("/applicants/search", {"number": "091"}).json()["items"] == [], "exactly, not partly"
    read = http.client.get(created.headers["location"], headers=http.auth("le")).json()
    assert read["name"] == APPLICANT["name"]
    problem(http.get("/applicants/00000000-0000-0000-0000-000000000000"), 404, "applicant_unknown")
    code = http.register(applicant=created.json()["id"])
    assert http.get(f"/dossiers/{code}").json()["applicant"]["id"] == created.json()["id"]


def test_the_monitor_tells_what_it_could_not_handle(http: Http) -> None:
    code = http.register()
    with http.database.writing() as connection:
        connection.exec_driver_sql(
            "DROP TRIGGER IF EXISTS events_no_update"
        ) if http.database.is_sqlite else None
    assert http.get("/sweep-failures", "tinh").json()["items"] == []
    assert http.get(f"/dossiers/{code}").status_code == 200


def test_officials_are_listed_as_far_as_one_reaches_and_names_of_agencies_are_public(http: Http) -> None:
    assert [each["id"] for each in http.get("/officials", "le").json()["items"]] == ["le"]
    assert {each["id"] for each in http.get("/officials", "chu").json()["items"]} == {
        "le", "an", "hoa", "binh", "chu", "cong",
    }  # fmt: skip
    assert len(http.get("/officials", "tinh").json()["items"]) == len(OFFICIALS)
    problem(http.get("/officials", "le", under=DIVISION), 403, "agency_out_of_sight")
    assert http.get(f"/agencies/{DIVISION}", "le").json()["officials"] == []
    assert len(http.get("/agencies", "le").json()["items"]) == len(AGENCIES)
