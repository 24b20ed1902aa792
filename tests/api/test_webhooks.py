"""Webhooks over HTTP and on their page: kept by who administers the agency, the secret shown once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from tests.api.conftest import Http, problem
from tests.support.office import COMMUNE, OTHER_COMMUNE

URL = "https://phan-mem.example.gov.vn/motcua"


@pytest.fixture
def office(http: Http) -> Http:
    """The office with an administrator of a commune and one of another."""
    http.add_official(NewOfficial("quan", "Quản Trị Phường", COMMUNE, (Role.ADMINISTRATOR,)))
    http.add_official(NewOfficial("khac", "Quản Trị Xã", OTHER_COMMUNE, (Role.ADMINISTRATOR,)))
    return http


def test_a_webhook_is_made_changed_and_turned_off_by_who_administers_the_agency(office: Http) -> None:
    given = office.post("/webhooks", {"url": URL, "kinds": ["handoff:*"]}, "quan")
    assert (given.status_code, given.headers["cache-control"]) == (201, "no-store")
    assert given.json()["secret"].startswith("whsec_")
    where = f"/webhooks/{given.json()['id']}"
    assert given.headers["location"] == f"/api/v1{where}"
    read = office.get(where, "quan").json()
    assert (read["url"], read["kinds"], read["active"]) == (URL, ["handoff:*"], True)
    assert (read["agency"]["code"], read["created_by"]["code"]) == (COMMUNE, "quan")
    assert "whsec_" not in str(read)
    assert office.get("/webhooks", "quan").json()["items"] == [read]
    assert office.get("/webhooks", "tinh").json()["items"] == [read]
    changed = office.client.request(
        "PATCH", f"/api/v1{where}", json={"active": False}, headers=office.auth("quan")
    ).json()
    assert (changed["active"], changed["url"]) == (False, URL)
    renewed = office.post(f"{where}/secret", {}, "quan").json()["secret"]
    assert renewed != given.json()["secret"]


def test_of_other_agencies_webhooks_nothing_is_seen_or_done(office: Http) -> None:
    made = office.post("/webhooks", {"url": URL}, "quan").json()["id"]
    assert office.get("/webhooks", "khac").json()["items"] == []
    for path in (made, uuid4()):
        problem(office.get(f"/webhooks/{path}", "khac"), 404, "webhook_unknown")
        problem(office.post(f"/webhooks/{path}/secret", {}, "khac"), 404, "webhook_unknown")
    elsewhere = {"url": URL, "agency": COMMUNE}
    problem(office.post("/webhooks", elsewhere, "khac"), 403, "agency_out_of_sight")
    assert office.post("/webhooks", {"url": URL}, "le").status_code == 403


def test_an_address_or_kind_of_no_use_is_refused(office: Http) -> None:
    for url in ("http://example.vn/", "https://192.168.1.5/", "https://localhost/"):
        problem(office.post("/webhooks", {"url": url}, "quan"), 422, "webhook_url_wrong")
    eaten = {"url": URL, "kinds": ["dossier:eaten"]}
    problem(office.post("/webhooks", eaten, "quan"), 422, "webhook_kind_unknown")


def test_what_is_owed_to_a_webhook_stands_in_the_queue_with_its_content(office: Http) -> None:
    office.post("/webhooks", {"url": URL, "kinds": ["dossier:accepted"]}, "quan")
    code = office.register()
    lines = office.get("/outbox", "quan").json()["items"]
    [line] = [each for each in lines if each["topic"]["code"] == "webhook"]
    assert (line["dossier"], line["recipient"], line["state"]) == (code, "system", "waiting")
    read = office.get(f"/outbox/{line['id']}", "quan").json()
    assert (read["preview"]["channel"], read["preview"]["address"]) == (
        "webhook",
        "https://phan-mem.example.gov.vn",
    )
    assert f'"dossier":"{code}"' in read["preview"]["text"]
    elsewhere = office.post(f"/outbox/{line['id']}/retry", {"email": "dan@example.vn"}, "quan")
    problem(elsewhere, 422, "webhook_goes_one_way")
