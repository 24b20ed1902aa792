"""The head's board over HTTP: the same questions as the pages, page by page, and as spreadsheets."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.api.conftest import Http, problem
from tests.support.office import COMMUNE, DIVISION, FINANCE, after

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def late_office(http: Http) -> Http:
    """Three dossiers nobody finished, three weeks on."""
    for number in range(3):
        code = http.register(after(hours=number))
        http.do(code, "finish-step", {"task": 1}, "le", after(hours=4 + number))
    http.do(code, "receive", {"task": 2}, "an", after(hours=8))
    http.at = after(days=21)
    http.post("/sweep", by="tinh")
    return http


def test_the_late_list_of_a_past_day(late_office: Http) -> None:
    http = late_office
    early = http.get("/late", as_of=after(days=3).isoformat())
    assert early.json() == {"items": [], "next_cursor": None}
    first = http.get("/late", as_of=after(days=9).isoformat(), size=2)
    target = first.headers["link"].removeprefix("<").partition(">")[0]
    rest = http.client.get(target, headers=http.auth("le")).json()
    assert len(first.json()["items"]) + len(rest["items"]) == 3
    assert all(line["why"] for line in first.json()["items"])
    problem(http.get("/late", as_of=after(days=22).isoformat()), 422, "as_of_in_future")


def test_the_lists_and_their_counts_agree(late_office: Http) -> None:
    http = late_office
    for agency, some in ((None, True), (COMMUNE, True), (FINANCE, False)):
        asked: dict[str, Any] = {"agency": agency} if agency else {}
        counts = http.get("/oversight-counts", "tinh", **asked).json()
        for name, path in (
            ("late", "/late"),
            ("nearly_late", "/nearly-late"),
            ("not_received", "/not-received"),
            ("to_sign", "/apologies"),
        ):
            assert counts[name] == len(http.get(path, "tinh", **asked).json()["items"]), name
        assert bool(counts["late"]) is some


def test_letters_and_the_ledger_are_paged(late_office: Http) -> None:
    http = late_office
    for path in ("/apologies", "/ledger"):
        whole = http.get(path, "binh").json()["items"]
        seen, cursor = [], ""
        while True:
            page = http.get(path, "binh", size=1, cursor=cursor).json()
            seen += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == whole
        assert len(whole) >= 3
    assert len(http.get("/ledger", "binh", mine=True).json()["items"]) > 0
    assert http.get("/ledger", "so", mine=True).json()["items"] == []


@pytest.mark.parametrize("path", ["/load", "/days", "/standings", "/sheets/late.xlsx"])
def test_figures_are_for_who_oversees(late_office: Http, path: str) -> None:
    assert late_office.get(path, "binh").status_code == 200
    problem(late_office.get(path, "an"), 403, "not_allowed")
    problem(late_office.get(path, "binh", agency="H99"), 404, "agency_unknown")


def test_a_period_that_is_none_is_refused(late_office: Http) -> None:
    asked: dict[str, Any] = {"from_": "2026-03-10", "to": "2026-03-09"}
    problem(late_office.get("/days", "binh", **asked), 422, "period_reversed")
    problem(late_office.get("/standings", "binh", **asked), 422, "period_reversed")
    problem(late_office.get("/days", "binh", from_="2025-01-01"), 422, "period_too_long")


def test_the_late_list_as_a_spreadsheet_has_real_dates_and_a_filter(late_office: Http) -> None:
    http = late_office
    listed = http.get("/late").json()["items"]
    response = http.get("/sheets/late.xlsx", "tinh")
    assert response.headers["content-type"] == XLSX
    assert response.headers["content-disposition"] == 'attachment; filename="late-20260323.xlsx"'
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert sheet.title == "Hồ sơ quá hẹn"
    assert [cell.value for cell in sheet[4]][:3] == ["Mã hồ sơ", "Thủ tục", "Người nộp"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [row[0] for row in rows] == [line["code"] for line in listed]
    due = sheet.cell(5, 8)
    assert due.value == datetime(2026, 3, 9, 17, 30)
    assert due.number_format == "hh:mm dd/mm/yyyy"
    assert sheet.cell(5, 10).value == listed[0]["minutes_past"]
    assert sheet.auto_filter.ref == f"A4:L{4 + len(rows)}"
    assert sheet.freeze_panes == "B5"


@pytest.mark.parametrize(
    "name",
    ["late", "nearly-late", "not-received", "apologies", "ledger", "load", "days", "standings"],
)
def test_every_list_can_be_had_as_a_spreadsheet(late_office: Http, name: str) -> None:
    response = late_office.get(f"/sheets/{name}.xlsx", "tinh", agency=COMMUNE)
    assert response.status_code == 200, response.text
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert str(sheet["A2"].value).startswith("UBND phường Việt Trì; lúc 07:30 ngày 23/03/2026")
    assert all(cell.value for cell in sheet[4])
    assert (sheet.max_row > 4) is (name != "nearly-late")


def test_nothing_typed_becomes_a_formula(http: Http) -> None:
    applicant = {"name": '=HYPERLINK("http://x")', "identity_no": "025190004399"}
    http.register(applicant=applicant)
    http.at = after(days=21)
    http.post("/sweep", by="tinh")
    with ZipFile(BytesIO(http.get("/sheets/late.xlsx", "tinh").content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "HYPERLINK" in sheet


def test_the_split_of_a_lateness_so_far(late_office: Http) -> None:
    http = late_office
    code = http.get("/late").json()["items"][0]["code"]
    so_far = http.get(f"/dossiers/{code}/lateness").json()
    assert so_far["settled"] is False
    assert sum(share["minutes"] for share in so_far["shares"]) == so_far["minutes"] > 0
    assert {leg["agency"]["code"] for leg in so_far["legs"]} >= {DIVISION}
    http.at = after(days=22)
    fresh = http.register(http.at)
    assert http.get(f"/dossiers/{fresh}/lateness").json()["promise"] is None
