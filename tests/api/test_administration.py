"""Administration over HTTP: calendars with a what-if, agencies, officials, procedures, the office itself."""

from __future__ import annotations

import pytest
import yaml
from httpx import Response

from api.office.service import settings_shown
from api.openapi import examples
from dossiers.core.settings import Settings
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import COMMUNE, DESK, DIVISION, PROVINCE, SIMPLE, after


def example(operation: str, name: str = "plain") -> dict[str, object]:
    """A request from the description."""
    return dict(examples("requests")[operation][name]["value"])


def test_a_calendar_change_is_previewed_then_applied_with_a_reason(http: Http) -> None:
    code = http.register()
    http.at = after(hours=2)
    asked = http.post("/calendar-changes", example("propose_calendar_change", "closed"), "tinh")
    assert asked.status_code == 201, asked.text
    found = asked.json()
    assert (found["stage"], found["total"], found["moved"], found["becomes_late"]) == ("previewed", 1, 1, 0)
    assert found["days"] == [
        {
            "date": "2026-03-05",
            "before": "làm việc 07:30-11:30, 13:30-17:30",
            "after": "nghỉ (Nghỉ theo quyết định của tỉnh)",
        }
    ]
    assert [(line["agency"]["code"], line["later"]) for line in found["agencies"]] == [(COMMUNE, 1)]
    assert [move["dossier"] for move in found["moves"]] == [code]
    assert http.get(f"/dossiers/{code}").json()["due_at"] == found["moves"][0]["due_before"]

    path = asked.headers["location"].removeprefix("/api/v1")
    assert http.get(path, "tinh").json() == found
    assert http.get(path, "tinh", size=0).json()["moves"] == []
    problem(http.post(f"{path}/apply", {"reason": " "}, "tinh"), 422, "bad_input")
    done = http.post(f"{path}/apply", example("apply_calendar_change"), "tinh").json()
    assert (done["stage"], done["moved"], done["applied_by"]["code"]) == ("done", 1, "tinh")
    assert http.get(f"/dossiers/{code}").json()["due_at"] == found["moves"][0]["due_after"]
    assert http.get("/calendars/vn-office").json()["id"] == found["version"] == "vn-office@2026.2"
    history = http.get(f"/dossiers/{code}/history").json()["items"]
    assert any("Thực hiện Quyết định 45/QĐ-UBND ngày 02/03/2026" in event["text"] for event in history)
    problem(
        http.post(f"{path}/apply", example("apply_calendar_change"), "tinh"), 409, "calendar_change_not_ready"
    )


def test_a_calendar_change_that_was_only_looked_at_is_dropped(http: Http) -> None:
    found = http.post("/calendar-changes", example("propose_calendar_change", "makeup"), "tinh").json()
    dropped = http.post(f"/calendar-changes/{found['id']}/drop", by="tinh").json()
    assert dropped["stage_name"] == "đã bỏ"
    [line] = http.get("/calendar-changes", "tinh", calendar="vn-office").json()["items"]
    assert (line["id"], line["stage"]) == (found["id"], "dropped")
    assert http.get("/calendar-changes", "tinh", calendar="vn-office-sat").json()["items"] == []
    nothing = {"calendar": "vn-office", "days": [{"date": "2026-03-05", "kind": "normal"}]}
    problem(http.post("/calendar-changes", nothing, "tinh"), 409, "calendar_nothing_changes")
    problem(http.post("/calendar-changes", nothing, "le"), 403, "not_allowed")
    unknown = "/calendar-changes/00000000-0000-7000-8000-000000000000"
    problem(http.get(unknown, "tinh"), 404, "calendar_change_unknown")


def test_a_change_of_the_weekly_hours_is_said_in_words(http: Http) -> None:
    http.register()
    weekly = {"calendar": "vn-office", "weekly": {"fri": ["07:30-11:30"]}}
    found = http.post("/calendar-changes", weekly, "tinh").json()
    assert found["other"] == ["Thứ Sáu: 07:30-11:30, 13:30-17:30 → 07:30-11:30"]
    official = {"calendar": "vn-office", "official_until": "2026-03-03"}
    found = http.post("/calendar-changes", official, "tinh").json()
    assert found["other"] == ["Công bố chính thức đến ngày: 31/12/2027 → 03/03/2026"]
    assert found["moved"] == 1, "the date stays but is now provisional"


def put(http: Http, path: str, body: object) -> Response:
    return http.client.request("PUT", f"/api/v1{path}", json=body, headers=http.auth("tinh"))


def test_an_agency_changes_its_telephone_and_closes_for_its_successor(http: Http) -> None:
    changed = put(http, f"/agencies/{DIVISION}", example("update_agency"))
    assert changed.json()["phone"] == "0210 3846 001"
    problem(http.post(f"/agencies/{COMMUNE}/close", {}, "tinh"), 409, "agency_has_open_units")
    same = {"successor": DIVISION}
    problem(http.post(f"/agencies/{DIVISION}/close", same, "tinh"), 422, "agency_successor_wrong")
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    closed = http.post(f"/agencies/{DIVISION}/close", {"successor": "H44.20"}, "tinh").json()
    assert (closed["closed"], closed["closed_on"], closed["successor"]["code"]) == (
        True,
        "2026-03-02",
        "H44.20",
    )
    assert closed["open_dossiers"] == 1, "what it has in hand it finishes"
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    problem(http.post(f"/agencies/{DIVISION}/close", {}, "tinh"), 409, "agency_closed")
    problem(http.post(f"/agencies/{DESK}/close", same, "tinh"), 409, "agency_closed")
    refused = http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT})
    problem(refused, 422, "participant_unresolved")


def test_an_official_gets_roles_and_loses_them(http: Http) -> None:
    changed = put(http, "/officials/an", example("update_official")).json()
    assert [role["role"] for role in changed["roles"]] == ["clerk", "officer"]
    assert changed["title"] == "Chuyên viên chính"
    left = put(http, "/officials/an", {"name": "Nguyễn Văn An", "active": False}).json()
    assert (left["active"], left["roles"]) == (False, [])
    problem(http.get("/me", "an"), 401, "token_owner_left")
    last = {"name": "Ngô Tỉnh", "roles": [{"agency": PROVINCE, "role": "leader"}]}
    problem(put(http, "/officials/tinh", last), 409, "last_administrator")
    problem(put(http, "/officials/nobody", last), 404, "official_unknown")


def test_a_procedure_is_found_without_diacritics_and_its_text_begins_the_next_version(http: Http) -> None:
    assert [row["code"] for row in http.get("/procedures", q="thu tuc THU").json()["items"]] == ["T.1"]
    assert http.get("/procedures", q="khai sinh").json()["items"] == []
    text = http.get("/procedures/T.1/versions/1/text")
    assert text.headers["content-type"].startswith("text/plain")
    second = text.text.replace("version: 1", "version: 2").replace("5 working_day", "6 working_day")
    assert http.post("/procedures", {"text": second, "publish": True}, "tinh").status_code == 201
    [change] = [item["path"] for item in http.get("/procedures/T.1/diff", from_=1, to=2).json()["items"]]
    assert change.startswith("limits")


def test_a_text_is_checked_without_being_kept(http: Http) -> None:
    nowhere = yaml.safe_load(SIMPLE) | {"code": "T.7"}
    nowhere["steps"][0]["next"] = "khong_co"
    text = yaml.safe_dump(nowhere, allow_unicode=True, sort_keys=False)
    found = http.post("/procedures/check", {"text": text}, "tinh").json()
    assert found["can_publish"] is False
    assert all(finding["line"] for finding in found["findings"] if finding["severity"] == "error")
    assert http.get("/procedures/T.7").json()["items"] == []
    problem(http.post("/procedures/check", example("check_procedure"), "tinh"), 422, "definition_invalid")


def test_the_office_says_how_it_fares(http: Http) -> None:
    http.register()
    health = http.get("/office/health", "tinh").json()
    assert health["monitor"]["last_at"] is None and health["monitor"]["late"] is True
    assert health["schema_revision"] == health["schema_wanted"]
    assert (health["counts"]["dossiers"], health["counts"]["procedures"], health["sample"]) == (1, 1, None)
    http.post("/sweep", by="tinh")
    health = http.get("/office/health", "tinh", sample="true").json()
    assert (health["monitor"]["late"], health["monitor"]["put_aside"]) == (False, 0)
    assert health["sample"] == {"dossiers": 1, "ok": True, "fault": None}
    problem(http.get("/office/health"), 403, "not_allowed")


def test_forms_are_listed_with_the_circular_in_force(http: Http) -> None:
    forms = http.get("/office/forms").json()["items"]
    in_force = [form for form in forms if form["in_force"]]
    assert [form["number"] for form in in_force] == ["01", "02", "03", "04", "05", "06", "07"]
    assert {form["circular"] for form in in_force} == {"03/2025/TT-VPCP"}


def test_settings_are_shown_with_where_they_come_from_and_without_secrets(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {item["name"]: item for item in http.get("/office/settings", "tinh").json()["items"]}
    assert shown["MOTCUA_PORT"]["origin"] == "default"
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "postgresql+psycopg://u:bimat@h/d")
    monkeypatch.setenv("MOTCUA_PORT", "8123")
    own = {item.name: item for item in settings_shown(Settings(host="0.0.0.0"))}
    assert (own["MOTCUA_PORT"].value, own["MOTCUA_PORT"].origin) == ("8123", "environment")
    assert own["MOTCUA_HOST"].origin == "file"
    assert "bimat" not in own["MOTCUA_DATABASE_URL"].value
    plain = [item.name for item in own.values() if item.description.isascii()]
    assert plain == [], "every setting is described in Vietnamese"


def test_an_account_is_opened_and_its_password_given_once(http: Http) -> None:
    given = http.post("/accounts", example("create_official_account"), "tinh")
    assert (given.status_code, given.headers["cache-control"]) == (201, "no-store")
    first = given.json()
    assert (first["login"], len(first["password"])) == ("van-an", 19)
    problem(http.post("/accounts", example("create_official_account"), "tinh"), 409, "account_exists")
    again = http.post("/accounts/an/reset-password", by="tinh").json()
    assert again["password"] != first["password"]
    locked = http.post("/accounts/an/lock", by="tinh").json()
    assert locked["disabled_at"] is not None
    [listed] = http.get("/accounts", "tinh").json()["items"]
    assert (listed["official"]["name"], listed["must_change"]) == ("Nguyễn Văn An", True)
    assert "hash" not in str(listed)
    assert http.post("/accounts/an/unlock", by="tinh").json()["disabled_at"] is None
    assert http.post("/accounts/an/sign-out", by="tinh").json() == {"sessions": 0, "tokens": 1}
    problem(http.post("/accounts/binh/lock", by="tinh"), 404, "account_unknown")
    assert http.post("/accounts", {"official": "tinh"}, "tinh").json()["login"] == "tinh"
    problem(http.post("/accounts/tinh/lock", by="tinh"), 409, "account_own")
    problem(http.get("/accounts"), 403, "not_allowed")


def test_a_token_is_given_once_and_taken_back(http: Http) -> None:
    given = http.post("/tokens", example("create_access_token") | {"scopes": ["read"]}, "tinh")
    assert given.status_code == 201, given.text
    http.tokens["an"] = given.json()["token"]
    assert http.get("/me", "an").json()["official"]["code"] == "an"
    newest = http.get("/tokens", "tinh").json()["items"]
    [kept] = [token for token in newest if token["label"] == "Đồng bộ với cổng dịch vụ công"]
    assert kept["scopes"] == ["read"]
    problem(http.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT}, "an"), 403, "scope_missing")
    assert given.json()["token"] not in str(newest)
    assert http.post(f"/tokens/{kept['id']}/revoke", by="tinh").status_code == 204
    problem(http.get("/me", "an"), 401, "token_revoked")
    problem(http.post(f"/tokens/{kept['id']}/revoke", by="tinh"), 404, "token_unknown")
