"""Delegation set up by an administrator or a leader for somebody absent."""

from __future__ import annotations

import pytest

from tests.api.browser import Browser, give_account, refusal
from tests.api.conftest import Http
from tests.support.office import DIVISION

WANTED = {
    "from_official": f"binh@{DIVISION}",
    "to_official": "hoa",
    "since": "2026-03-02",
    "until": "2026-03-06",
    "decision": "15/GUQ-UBND",
    "reason": "Nghỉ ốm",
}


def signed_in(http: Http, official: str) -> Browser:
    give_account(http, official)
    browser = Browser(http)
    browser.sign_in(official)
    browser.get("/account")
    return browser


def test_a_leader_lets_somebody_stand_in_for_an_absent_head_and_ends_it(http: Http) -> None:
    leader = signed_in(http, "chu")
    given = leader.post("/admin/delegations", **WANTED)
    assert given.status_code == 303, refusal(given)
    shown = leader.get("/admin/delegations").text
    assert "15/GUQ-UBND" in shown and "Nghỉ ốm" in shown and "Đỗ Chủ" in shown
    officer = signed_in(http, "hoa")
    assert "thay mặt Phạm Bình" in officer.get("/account").text
    with http.database.reading() as connection:
        [number] = connection.exec_driver_sql("SELECT id FROM delegations").scalars().all()
    leader.get("/admin/delegations")
    ended = leader.post(f"/admin/delegations/{number}/revoke")
    assert ended.status_code == 303, refusal(ended)
    assert "đã thu hồi" in leader.get("/admin/delegations").text
    assert "thay mặt Phạm Bình" not in officer.get("/account").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to_official": "so"}, "ngoài phạm vi"),
        ({"to_official": "chu"}, "không tự nhận uỷ quyền"),
        ({"from_official": "so@H44.20"}, "ngoài phạm vi"),
        ({"reason": ""}, "lý do"),
        ({"until": "2026-02-01"}, "Ngày kết thúc"),
    ],
)
def test_what_is_not_within_reach_is_not_given(http: Http, changed: dict[str, str], said: str) -> None:
    leader = signed_in(http, "chu")
    leader.get("/admin/delegations")
    refused = leader.post("/admin/delegations", **WANTED | changed)
    assert refused.status_code in (403, 422)
    assert said in refused.text
    assert "15/GUQ-UBND" in refused.text


def test_an_officer_does_not_delegate_for_others(http: Http) -> None:
    assert signed_in(http, "hoa").get("/admin/delegations").status_code == 403


def test_a_delegation_from_outside_held_within_reach_is_shown_and_can_be_ended(http: Http) -> None:
    top = signed_in(http, "tinh")
    top.get("/admin/delegations")
    given = top.post("/admin/delegations", **WANTED | {"from_official": "so@H44.20", "to_official": "le"})
    assert given.status_code == 303, refusal(given)
    leader = signed_in(http, "chu")
    assert "ngoài phạm vi" in leader.get("/admin/delegations").text
    with http.database.reading() as connection:
        [number] = connection.exec_driver_sql("SELECT id FROM delegations").scalars().all()
    assert leader.post(f"/admin/delegations/{number}/revoke").status_code == 303


def test_who_stands_in_for_somebody_ends_no_delegation_of_others(http: Http) -> None:
    leader = signed_in(http, "chu")
    leader.post("/admin/delegations", **WANTED)
    leader.post(
        "/account/delegations", to_official="hoa", since="2026-03-02", until="2026-03-06", decision="16"
    )
    with http.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, decision FROM delegations").all()
    ids = {row[1]: row[0] for row in rows}
    deputy = signed_in(http, "hoa")
    assert deputy.post("/account/acting", acting=f"delegation:{ids['16']}").status_code == 303
    deputy.get("/account")
    assert deputy.post(f"/admin/delegations/{ids['15/GUQ-UBND']}/revoke").status_code == 403


def test_one_lets_only_colleagues_nearby_act_in_ones_place(http: Http) -> None:
    officer = signed_in(http, "hoa")
    refused = officer.post(
        "/account/delegations", to_official="so", since="2026-03-02", until="2026-03-06", decision="17"
    )
    assert refused.status_code == 422
    assert "gần bạn" in refusal(refused)
