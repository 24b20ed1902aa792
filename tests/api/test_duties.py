"""Standing duties as people see them: when each ran, what it met, trying again what was put aside."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from tests.api.browser import Browser, give_account
from tests.api.conftest import Http, problem
from tests.support.office import DIVISION, after, definition
from workflows.duties.doing import do_due
from workflows.duties.standing import standing_duties

NAMES = ["sweep", "calendars", "deliver", "seal", "retention"]


def look(http: Http) -> None:
    """What the clock of the office does."""
    do_due(http.world.office, standing_duties(60, lambda: http.at), lambda: http.at)


def broken(http: Http) -> str:
    """A dossier that the monitor cannot handle."""
    http.world.publish(definition(code="T.GONE"))
    code = http.register(procedure="T.GONE")
    with http.database.writing() as connection:
        connection.execute(text("DELETE FROM procedure_versions WHERE code = 'T.GONE'"))
    http.world.office._plans.clear()
    return code


def test_each_duty_says_when_it_ran_and_when_it_is_next(http: Http) -> None:
    http.register()
    http.at = after(days=8)
    look(http)
    duties = {each["name"]: each for each in http.get("/duties", "tinh").json()["items"]}
    assert list(duties) == NAMES
    assert not any(duty["stopped"] for duty in duties.values())
    sweep = duties["sweep"]
    assert (sweep["last"]["looked_at"], sweep["last"]["done"], sweep["missed"]) == (1, 1, 0)
    assert {"what": "promise:broken", "value": 1} in sweep["last"]["found"]
    assert (sweep["every_seconds"], duties["seal"]["daily_at"]) == (60, "00:10")
    assert sweep["next_at"] == (after(days=8) + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    [run] = http.get("/duties/seal", "tinh").json()["runs"]
    assert (run["outcome"], run["looked_at"]) == ("done", 1)
    problem(http.get("/duties/nothing", "tinh"), 404, "duty_unknown")
    problem(http.get("/duties"), 403, "not_allowed")


def test_a_heart_that_stopped_is_told_everywhere(http: Http) -> None:
    look(http)
    assert http.client.get("/readyz").json() == {"status": "ok", "duties_stopped": []}
    http.at = after(minutes=6)
    assert http.client.get("/readyz").json() == {
        "status": "ok",
        "duties_stopped": ["sweep", "calendars", "deliver"],
    }
    sweep = http.get("/duties", "tinh").json()["items"][0]
    assert (sweep["stopped"], sweep["missed"]) == (True, 5)
    assert http.get("/office/health", "tinh").json()["duties_stopped"] == ["sweep", "calendars", "deliver"]
    give_account(http, "tinh")
    page = Browser(http)
    page.sign_in("tinh")
    assert 'class="note bad" role="alert"' in page.get("/admin/duties").text
    assert "Có việc định kỳ đã ngừng" in page.get("/admin/duties").text
    look(http)
    assert "Mọi việc định kỳ đang chạy đều." in page.get("/admin/duties").text


def test_a_duty_is_done_because_somebody_asked(http: Http) -> None:
    http.register()
    http.at = after(days=1)
    sealed = http.post("/duties/seal/run", by="tinh").json()
    assert (sealed["ended"], sealed["done"]) == ("done", 1)
    assert http.post("/duties/seal/run", by="tinh").json()["ended"] == "already"
    assert http.post("/duties/sweep/run", by="tinh").json()["ended"] == "done"
    problem(http.post("/duties/sweep/run", by="chu"), 403, "not_allowed")


def test_a_dossier_put_aside_is_shown_with_its_reason_and_tried_again(http: Http) -> None:
    code = broken(http)
    http.at = after(days=8)
    look(http)
    give_account(http, "tinh")
    admin = Browser(http)
    admin.sign_in("tinh")
    page = admin.get("/admin/duties").text
    assert code in page
    assert "T.GONE" in page
    again = http.post(f"/sweep-failures/{code}/retry", by="tinh").json()
    assert (again["ok"], "T.GONE" in again["error"]) == (False, True)
    http.world.publish(definition(code="T.GONE"))
    assert admin.post(f"/admin/duties/failures/{code}/retry").status_code == 303
    page = admin.get("/admin/duties").text
    assert f"Hồ sơ {code} đã xử lý được." in page
    assert "Không có hồ sơ nào bị gác lại." in page
    http.world.assert_proven()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_open_in_both_languages(http: Http, language: str) -> None:
    http.register()
    http.at = after(days=8)
    give_account(http, "tinh")
    admin = Browser(http)
    admin.sign_in("tinh")
    admin.get(f"/language/{language}")
    assert admin.get("/admin/duties").status_code == 200
    assert admin.post("/admin/duties/sweep/run").status_code == 303
    look(http)
    for name in NAMES:
        assert admin.get(f"/admin/duties/{name}").status_code == 200
    for path in ("/admin", "/admin/health", "/admin/duties"):
        assert "/admin/duties" in admin.get(path).text


def test_the_seal_stands_on_the_published_late_list(http: Http) -> None:
    http.register()
    http.at = after(days=8)
    look(http)
    board = http.client.get("/api/v1/public/late").json()
    printed = board["seal"]["seal"]
    assert (board["seal"]["number"], board["seal"]["day"]) == (1, "2026-03-09")
    for path in ("/public/late", f"/public/late/{DIVISION}"):
        assert printed in http.client.get(path, headers={"Accept": "text/html"}).text
    sheet = http.client.get("/api/v1/sheets/late.xlsx", headers=http.auth("tinh"))
    assert printed in str(load_workbook(BytesIO(sheet.content)).worksheets[0]["A2"].value)
