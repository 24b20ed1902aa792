"""The outbox over HTTP and at the command line's side: seen by who administers, acted on, told as wished."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from tests.api.conftest import APPLICANT, Http, problem
from tests.support.office import COMMUNE, DESK, OTHER_COMMUNE, after
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.delivering import deliver


@pytest.fixture
def office(http: Http) -> Http:
    """The office with an administrator of a commune and one of another."""
    http.add_official(NewOfficial("quan", "Quản Trị Phường", COMMUNE, (Role.ADMINISTRATOR,)))
    http.add_official(NewOfficial("khac", "Quản Trị Xã", OTHER_COMMUNE, (Role.ADMINISTRATOR,)))
    return http


def queued(http: Http, by: str = "quan", **query: Any) -> list[dict[str, Any]]:
    return list(http.get("/outbox", by, **query).json()["items"])


def put(http: Http, path: str, body: object, by: str = "le") -> Response:
    """A change by an official."""
    return http.client.request("PUT", f"/api/v1{path}", json=body, headers=http.auth(by))


def test_the_queue_shows_ids_and_states_to_who_administers_the_agency(office: Http) -> None:
    code = office.register()
    [line] = queued(office)
    assert (line["dossier"], line["state"], line["recipient"]) == (code, "waiting", "citizen")
    assert not any(value in str(line) for value in APPLICANT.values())
    assert queued(office, "tinh") == [line]
    assert queued(office, "khac") == []
    problem(office.get(f"/outbox/{line['id']}", "khac"), 404, "message_unknown")
    assert office.get("/outbox", "le").status_code == 403
    assert office.get("/outbox-counts", "quan").json() == {
        "waiting": 1, "sending": 0, "to_print": 0, "dead": 0,
    }  # fmt: skip
    assert queued(office, dossier=code) == [line]
    assert queued(office, state="done") == []


def test_one_message_shows_how_it_reads(office: Http) -> None:
    code = office.register()
    read = office.get(f"/outbox/{queued(office)[0]['id']}", "quan").json()
    assert read["preview"]["channel"] == "letter"
    assert code in read["preview"]["text"]
    assert read["done"] == []


def test_a_letter_is_listed_printed_and_posted(office: Http) -> None:
    office.register()
    deliver(office.world.office, WaysOut(), office.at)
    [letter] = office.get("/outbox-letters", "quan").json()["items"]
    assert letter["to"] == APPLICANT["name"]
    body = {"messages": [letter["id"]]}
    problem(office.post("/outbox-letters/posted", body, "khac"), 404, "message_unknown")
    assert office.post("/outbox-letters/posted", body, "quan").json() == {"posted": 1}
    assert office.post("/outbox-letters/posted", body, "quan").json() == {"posted": 0}
    read = office.get(f"/outbox/{letter['id']}", "quan").json()
    assert read["state"] == "done"
    assert [each["outcome"] for each in read["done"]] == ["listed", "posted"]
    problem(office.post(f"/outbox/{letter['id']}/retry", {}, "quan"), 409, "message_settled")


def test_a_message_is_cancelled_with_a_reason_and_sent_after_all(office: Http) -> None:
    office.register()
    message = queued(office)[0]["id"]
    said = {"reason": "Đã báo tại quầy."}
    assert office.post(f"/outbox/{message}/cancel", said, "quan").json()["state"] == "cancelled"
    problem(office.post(f"/outbox/{message}/cancel", said, "quan"), 409, "message_settled")
    read = office.post(f"/outbox/{message}/retry", {"email": "moi@example.vn"}, "quan").json()
    assert (read["state"], [each["outcome"] for each in read["done"]]) == ("waiting", ["cancelled", "anew"])
    problem(office.post(f"/outbox/{message}/retry", {"email": "không phải"}, "quan"), 422, "email_unreadable")
    problem(office.post(f"/outbox/{UUID(int=1)}/retry", {}, "quan"), 404, "message_unknown")


def test_a_post_has_no_address_of_its_own(office: Http) -> None:
    code = office.register()
    office.do(code, "finish-step", {"task": 1}, "le", after(minutes=5))
    office.at = after(days=9)
    office.post("/sweep", by="tinh")
    message = next(line["id"] for line in queued(office) if line["topic"]["code"] == "apology_to_sign")
    refused = office.post(f"/outbox/{message}/retry", {"email": "a@example.vn"}, "quan")
    problem(refused, 422, "recipient_is_a_post")


def test_an_applicant_is_told_as_wished(office: Http) -> None:
    office.register()
    [found] = office.post("/applicants/search", {"number": APPLICANT["phone"]}).json()["items"]
    path = f"/applicants/{found['id']}/contact"
    wanted = {"channel": "email", "email": "dan@example.vn", "language": "en"}
    assert put(office, path, wanted).json() == {**wanted, "phone": APPLICANT["phone"]}
    assert put(office, path, {"phone": "+84 987 654 321"}).json()["phone"] == "0987654321"
    assert office.get(path).json()["email"] == "dan@example.vn"
    problem(put(office, path, {"phone": "gọi cửa"}), 422, "phone_unreadable")
    problem(put(office, f"/applicants/{UUID(int=1)}/contact", wanted), 404, "applicant_unknown")


def test_an_official_is_told_where_the_administrator_says(office: Http) -> None:
    said = put(office, "/officials/le/contact", {"email": "le@example.gov.vn"}, "quan")
    assert said.json()["email"] == "le@example.gov.vn"
    problem(put(office, "/officials/le/contact", {}, "khac"), 403, "official_out_of_reach")
    assert DESK.startswith(COMMUNE)
