"""How far administration reaches: the own agency and what lies below it, in whatever role somebody is met."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from dossiers.agencies.models import OfficialRoleRow, Role
from dossiers.agencies.service import NewOfficial
from dossiers.core import revisions
from dossiers.core.revisions import REFERENCE
from tests.api.browser import Browser, give_account, refusal
from tests.api.conftest import Http, problem
from tests.support.office import COMMUNE, DESK, DIVISION, OTHER_COMMUNE, OTHER_DESK, POLICE, PROVINCE

LOCAL, ABOVE, OTHER = "quan-xa", "kiem-nhiem", "xa-khac"
"""A commune's administrator; somebody of that commune who administers the province too; a neighbour."""


@pytest.fixture
def commune(http: Http) -> Http:
    """An office where a commune has an administrator of its own."""
    http.add_official(NewOfficial(LOCAL, "Quản Trị Xã", COMMUNE, (Role.ADMINISTRATOR,)))
    http.add_official(NewOfficial(ABOVE, "Kiêm Nhiệm", COMMUNE, (Role.HEAD,)))
    http.add_official(NewOfficial(OTHER, "Người Xã Khác", OTHER_COMMUNE, (Role.OFFICER,)))
    with http.database.writing() as connection:
        row = {"official": ABOVE, "agency": PROVINCE, "role": Role.ADMINISTRATOR.value}
        connection.execute(insert(OfficialRoleRow), row)
        revisions.advance(connection, REFERENCE)
    return http


@pytest.fixture
def local(commune: Http) -> Browser:
    """The commune's administrator in front of the pages."""
    give_account(commune, LOCAL)
    browser = Browser(commune)
    browser.sign_in(LOCAL)
    return browser


def test_who_holds_a_role_above_is_administered_from_above_only(commune: Http) -> None:
    give_account(commune, ABOVE)
    for deed in ("reset-password", "lock", "unlock", "sign-out"):
        problem(commune.post(f"/accounts/{ABOVE}/{deed}", by=LOCAL), 403, "official_out_of_reach")
    token = {"official": ABOVE, "agency": COMMUNE, "label": "x"}
    problem(commune.post("/tokens", token, LOCAL), 403, "official_out_of_reach")
    assert commune.post(f"/accounts/{ABOVE}/reset-password", by="tinh").status_code == 200
    assert commune.post("/tokens", token, "tinh").status_code == 201


def test_an_account_is_not_opened_for_who_holds_a_role_above(commune: Http) -> None:
    problem(commune.post("/accounts", {"official": ABOVE}, LOCAL), 403, "official_out_of_reach")
    problem(commune.post("/accounts", {"official": OTHER}, LOCAL), 403, "official_out_of_reach")
    assert commune.post("/accounts", {"official": "binh"}, LOCAL).status_code == 201


def test_roles_elsewhere_are_not_taken_away(commune: Http, local: Browser) -> None:
    def held() -> object:
        listed = commune.get("/officials", "tinh").json()["items"]
        return next(each for each in listed if each["id"] == ABOVE)

    before = held()
    wanted = {"name": "Kiêm Nhiệm", "active": False, "roles": [{"agency": COMMUNE, "role": "head"}]}
    sent = commune.client.request(
        "PUT", f"/api/v1/officials/{ABOVE}", json=wanted, headers=commune.auth(LOCAL)
    )
    problem(sent, 403, "official_out_of_reach")
    local.get("/admin/users")
    refused = local.post(f"/admin/users/{ABOVE}", name="Kiêm Nhiệm", role_agency=COMMUNE, role="head")
    assert refused.status_code == 403
    assert held() == before


def test_pages_reach_no_further_than_the_interface(commune: Http, local: Browser) -> None:
    give_account(commune, ABOVE)
    local.get("/admin/tokens")
    for deed in ("reset", "lock", "unlock", "sign-out", "account"):
        assert local.post(f"/admin/users/{ABOVE}/{deed}").status_code == 403
    given = local.post("/admin/tokens", official=ABOVE, agency=COMMUNE, label="x", days="5")
    assert (given.status_code, "ngoài phạm vi quản trị" in refusal(given)) == (403, True)
    assert local.post("/admin/users/an/account", login="van-an").status_code == 200


def test_lists_of_accounts_and_tokens_end_where_administration_ends(commune: Http, local: Browser) -> None:
    for official in ("binh", ABOVE, OTHER):
        give_account(commune, official)
    listed = commune.get("/accounts", LOCAL).json()["items"]
    assert [each["official"]["code"] for each in listed] == ["binh", LOCAL]
    assert len(commune.get("/accounts", "tinh").json()["items"]) == 4
    agencies = {each["agency"]["code"] for each in commune.get("/tokens", LOCAL).json()["items"]}
    assert agencies == {COMMUNE, DESK, DIVISION, POLICE}
    users, tokens = local.get("/admin/users").text, local.get("/admin/tokens").text
    for page in (users, tokens):
        assert "Phạm Bình" in page
        assert "Người Xã Khác" not in page
    assert "Kiêm Nhiệm" not in users
    everywhere = commune.get("/tokens", "tinh").json()["items"]
    [foreign] = [each for each in everywhere if each["official"]["code"] == OTHER]
    assert local.get(f"/admin/tokens/{foreign['id']}/revoke").status_code == 403


def test_the_overview_speaks_of_the_own_agencies(local: Browser) -> None:
    page = local.get("/admin").text
    assert f"/admin/agencies/{DESK}" in page
    assert f"/admin/agencies/{OTHER_COMMUNE}" not in page


def test_a_head_and_a_successor_come_from_within(commune: Http, local: Browser) -> None:
    tenure = {"official": "so", "capacity": "head", "since": "2026-03-02T08:00:00+07:00"}
    path = f"/agencies/{DESK}/tenures"
    problem(commune.post(path, tenure, LOCAL), 403, "agency_out_of_sight")
    local.get(f"/admin/agencies/{DESK}/appoint")
    appointed = local.post(
        f"/admin/agencies/{DESK}/appoint", other="so", capacity="head", since="2026-03-02T08:00"
    )
    assert appointed.status_code == 403
    assert commune.post(path, tenure, "tinh").status_code == 201
    within = {"official": "le", "capacity": "head", "since": "2026-03-02T09:00:00+07:00"}
    assert commune.post(path, within, LOCAL).status_code == 201

    closing = f"/agencies/{DIVISION}/close"
    problem(commune.post(closing, {"successor": OTHER_DESK}, LOCAL), 403, "agency_out_of_sight")
    page = local.get(f"/admin{closing}").text
    assert (f'value="{POLICE}"' in page, f'value="{OTHER_DESK}"' in page) == (True, False)
    assert local.post(f"/admin{closing}", successor=OTHER_DESK).status_code == 403
    assert commune.post(closing, {"successor": POLICE}, LOCAL).status_code == 200
