"""Acting in another's place: for a time, for some roles or tasks, told by name, and nobody's fault moves."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from api.accounts.delegations import NewDelegation, delegate
from dossiers.agencies.models import Role
from dossiers.agencies.service import NewOfficial
from dossiers.core import revisions
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.revisions import REFERENCE
from dossiers.history.repository import links_of
from tests.api.browser import Browser, give_account, refusal
from tests.api.conftest import Http
from tests.support.office import COMMUNE, DIVISION, FINANCE, after
from workflows.service import find

DEPUTY = "pho"


@pytest.fixture
def deputy(http: Http) -> Browser:
    """The deputy head of the division, who holds no role of a head, before the sign-in page."""
    http.add_official(NewOfficial(DEPUTY, "Phó Phòng", DIVISION, (Role.OFFICER,), "Phó Trưởng phòng"))
    for official in (DEPUTY, "binh"):
        give_account(http, official)
    return Browser(http)


def _give(http: Http, **more: object) -> UUID:
    wanted = {
        "from_official": "binh",
        "to_official": DEPUTY,
        "agency": DIVISION,
        "since": http.at,
        "until": http.at + timedelta(days=30),
        "decision": "15/GUQ-PKT",
        **more,
    }
    with http.database.writing() as connection:
        directory = http.world.office.reference(connection).directory
        return delegate(connection, directory, NewDelegation(**wanted), "binh", http.at)  # type: ignore[arg-type]


def _late(http: Http) -> str:
    """A dossier late at the division, its apology to be signed by the head."""
    code = http.register()
    http.do(code, "finish-step", {"task": 1}, "le", after(hours=1))
    http.do(code, "receive", {"task": 2}, "an", after(hours=2))
    http.at = after(days=10)
    assert http.post("/sweep", by="tinh").status_code == 200
    return code


def _act(browser: Browser, given: UUID) -> None:
    browser.sign_in(DEPUTY)
    browser.get("/account")
    response = browser.post("/account/acting", acting=f"delegation:{given}")
    assert response.status_code == 303, refusal(response)


def _command(browser: Browser, code: str, command: str, body: dict[str, object]) -> tuple[int, str]:
    page = browser.get("/account")
    assert page.status_code == 200
    response = browser.http.client.post(
        f"/api/v1/dossiers/{code}/{command}",
        json=body,
        headers={**browser._headers(), "X-CSRF-Token": browser.csrf},
    )
    return response.status_code, response.json().get("code", "")


SIGNED = {"apology": 1, "reason": "Hồ sơ tăng.", "new_due_at": "2026-03-20T17:00:00+07:00"}


def test_a_delegate_signs_and_the_head_still_answers(deputy: Browser) -> None:
    http = deputy.http
    code = _late(http)
    deputy.sign_in(DEPUTY)
    assert _command(deputy, code, "sign-apology", SIGNED) == (403, "not_allowed")
    _act(deputy, _give(http))
    assert "thay mặt Phạm Bình" in deputy.get("/account").text
    assert _command(deputy, code, "sign-apology", SIGNED)[0] == 200

    dossier = http.get(f"/dossiers/{code}").json()
    [letter], [fault] = dossier["apologies"], dossier["faults"]
    assert letter["signed_by"]["code"] == DEPUTY
    with http.database.reading() as connection:
        signed = http.world.state(find(connection, code)).apologies[1]
    assert (signed.signed_by, signed.capacity) == (DEPUTY, "for_head")
    assert (fault["head"]["code"], fault["capacity"]) == ("binh", "head")
    told = http.get(f"/dossiers/{code}/history").json()["items"]
    [signing] = [event for event in told if event["kind"] == "apology:signed"]
    assert signing["text"].startswith("Phó Phòng (thay mặt Phạm Bình) ký thư xin lỗi số 1")
    assert signing["actor"] == f"official:{DEPUTY}/binh"
    http.world.assert_proven()


def test_a_delegation_holds_from_its_first_to_its_last_moment(deputy: Browser) -> None:
    http = deputy.http
    code = _late(http)
    begins, ends = http.at + timedelta(days=1), http.at + timedelta(days=2)
    given = _give(http, since=begins, until=ends)
    deputy.sign_in(DEPUTY)
    deputy.get("/account")
    assert deputy.post("/account/acting", acting=f"delegation:{given}").status_code == 404
    http.at = begins
    _act(deputy, given)
    http.at = ends - timedelta(hours=1)
    _act(deputy, given)
    assert "thay mặt" in deputy.get("/account").text
    http.at = ends
    page = deputy.get("/account").text
    assert "thay mặt Phạm Bình" not in page, "from then on in one's own name"
    assert _command(deputy, code, "sign-apology", SIGNED) == (403, "not_allowed")


def test_a_revoked_delegation_ends_at_once(deputy: Browser) -> None:
    http = deputy.http
    code = _late(http)
    given = _give(http)
    _act(deputy, given)
    head = Browser(http)
    head.sign_in("binh")
    assert "15/GUQ-PKT" in head.get("/account").text
    assert head.post(f"/account/delegations/{given}/revoke").status_code == 303
    assert _command(deputy, code, "sign-apology", SIGNED) == (403, "not_allowed")
    assert deputy.post(f"/account/delegations/{given}/revoke").status_code == 404


def test_a_delegation_may_be_for_some_tasks_only(deputy: Browser) -> None:
    http = deputy.http
    code = _late(http)
    _act(deputy, _give(http, commands=("sign_apology",)))
    status, refused = _command(deputy, code, "explain-fault", {"fault": 1, "text": "Thiếu người."})
    assert (status, refused) == (403, "not_delegated")
    headers = deputy._headers()
    allowed = http.client.get(f"/api/v1/dossiers/{code}/allowed", headers=headers).json()["items"]
    assert {each["command"] for each in allowed if each["allowed"]} == {"sign_apology"}
    assert _command(deputy, code, "sign-apology", SIGNED)[0] == 200


def test_a_delegation_may_be_for_some_roles_only(deputy: Browser) -> None:
    http = deputy.http
    _act(deputy, _give(http, roles=(Role.UNIT_HEAD,)))
    me = http.client.get("/api/v1/me", headers=deputy._headers()).json()
    assert [role["code"] for role in me["roles"]] == ["unit_head"]


def test_a_delegate_sees_what_the_other_sees(deputy: Browser) -> None:
    """A stand-in from another agency sees its dossiers only while standing in."""
    http = deputy.http
    http.add_official(NewOfficial("khach", "Khách Sở", FINANCE, (Role.OFFICER,)))
    give_account(http, "khach")
    code = _late(http)
    guest = Browser(http)
    guest.sign_in("khach")
    path = f"/api/v1/dossiers/{code}"
    assert http.client.get(path, headers=guest._headers()).status_code == 404
    given = _give(http, from_official="chu", to_official="khach", agency=COMMUNE)
    guest.get("/account")
    guest.post("/account/acting", acting=f"delegation:{given}")
    assert http.client.get(path, headers=guest._headers()).status_code == 200
    guest.get("/account")
    guest.post("/account/acting", acting=f"agency:{FINANCE}")
    assert http.client.get(path, headers=guest._headers()).status_code == 404


def test_what_the_giver_no_longer_holds_is_not_given(deputy: Browser) -> None:
    http = deputy.http
    _act(deputy, _give(http))
    with http.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM official_roles WHERE official = 'binh' AND role = 'head'")
        revisions.advance(connection, REFERENCE)
    me = http.client.get("/api/v1/me", headers=deputy._headers()).json()
    assert [role["code"] for role in me["roles"]] == ["unit_head"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_official": "binh"}, "delegation_to_self"),
        ({"until": after(days=-1), "since": after(days=-2)}, "delegation_dates_wrong"),
        ({"until": after(days=1), "since": after(days=1)}, "delegation_dates_wrong"),
        ({"decision": " "}, "delegation_decision_needed"),
        ({"roles": (Role.LEADER,)}, "delegation_roles_wrong"),
        ({"agency": FINANCE}, "delegation_roles_wrong"),
        (
            {"from_official": "tinh", "agency": "H44", "roles": (Role.ADMINISTRATOR,)},
            "delegation_roles_wrong",
        ),
        ({"commands": ("tick",)}, "command_not_delegable"),
        ({"to_official": "nobody"}, "official_unknown"),
    ],
)
def test_what_cannot_be_delegated(deputy: Browser, change: dict[str, object], code: str) -> None:
    with pytest.raises(MotcuaError) as refused:
        _give(deputy.http, **change)
    assert refused.value.code == code


def test_names_too_long_for_the_history_are_refused(deputy: Browser) -> None:
    long = "x" * 64
    deputy.http.add_official(NewOfficial(long, "Tên Dài", DIVISION, (Role.OFFICER,)))
    deputy.http.add_official(NewOfficial("y" * 64, "Cũng Dài", DIVISION, (Role.OFFICER,)))
    with pytest.raises(BadInput) as refused:
        _give(deputy.http, from_official="y" * 64, to_official=long)
    assert refused.value.code == "delegation_names_too_long"


def test_a_head_delegates_from_the_page(deputy: Browser) -> None:
    http = deputy.http
    head = Browser(http)
    head.sign_in("binh")
    head.get("/account")
    form = {"to_official": DEPUTY, "since": "2026-03-02", "until": "2026-03-06", "decision": "15/GUQ-PKT"}
    told = head.post("/account/delegations", **{**form, "decision": ""})
    assert refusal(told) == "Cần số văn bản uỷ quyền."
    assert 'value="2026-03-06"' in told.text, "what was typed is still there"
    assert head.post("/account/delegations", **form).status_code == 303
    page = head.get("/account").text
    assert "02/03/2026 – 06/03/2026" in page
    assert "đang có hiệu lực" in page

    deputy.sign_in(DEPUTY)
    [given] = re.findall(r'value="(delegation:[0-9a-f-]{36})"', deputy.get("/account").text)
    assert deputy.post("/account/acting", acting=given).status_code == 303
    onward = deputy.post("/account/delegations", **{**form, "to_official": "an"})
    assert refusal(onward) == "Việc được uỷ quyền không uỷ quyền tiếp."


def test_history_names_both_by_id_alone(deputy: Browser) -> None:
    http = deputy.http
    code = _late(http)
    _act(deputy, _give(http))
    _command(deputy, code, "note", {"activity": "Đã gọi điện."})
    with http.database.reading() as connection:
        last = links_of(connection, find(connection, code))[-1].event
    assert (last.actor, last.agency) == (f"official:{DEPUTY}/binh", DIVISION)
