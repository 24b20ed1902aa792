"""What is sent to whom by which way, and what becomes of it when the other side is slow, wrong or down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from dossiers.people import contacts
from tests.deliveries.conftest import MAIL, PUBLIC, Delivering
from tests.deliveries.receivers import subject_of, text_of
from tests.support.office import MONDAY, after
from workflows.commands import (
    AskSupplement,
    Correct,
    FinishStep,
    NewApplicant,
    Receive,
    ReceiveSupplement,
    SignApology,
)
from workflows.deliveries.channels.base import ChannelName
from workflows.deliveries.channels.mail import MailChannel
from workflows.deliveries.channels.setting_up import WaysOut
from workflows.deliveries.delivering import BATCH, FIRST_WAIT, LEASE, LONGEST_WAIT, back_off, deliver
from workflows.deliveries.owing import telling_nobody


def states(office: Delivering) -> list[str]:
    return [row.state for row in office.messages()]


def test_a_mail_says_what_happened_and_who_it_is_for(office: Delivering) -> None:
    dossier = office.came(email=MAIL)
    code = office.state(dossier).code
    assert office.deliver().done == 1
    [(to, mail)] = office.mailbox.mails
    assert to == [MAIL]
    assert subject_of(mail) == f"Hồ sơ {code}: đã tiếp nhận"
    text = text_of(mail)
    assert "Kính gửi Nguyễn Thị Dân," in text
    assert "Hẹn trả kết quả: 17:30 ngày 09/03/2026" in text
    assert f"{PUBLIC}/public/{code}" in text
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 02 Mar 2026 00:30:00 +0000"
    row = office.message("accepted")
    assert mail["Message-ID"] == f"<{row.id}.1@example.vn>"
    [proof] = office.attempts(row)
    assert (row.state, proof.outcome, proof.channel) == ("done", "accepted", "email")
    assert (proof.address, proof.answer[:3], len(proof.sha256)) == ("da•••@example.vn", "250", 64)
    assert office.deliver(after(days=1)).looked_at == 0


def test_a_text_message_holds_the_code_and_the_progress_and_nothing_of_the_person(office: Delivering) -> None:
    dossier = office.came(email="")
    office.do(dossier, AskSupplement(content="Bản sao căn cước của bà Dân"), "le", after(hours=1))
    office.deliver(after(hours=1))
    code = office.state(dossier).code
    first, second = office.gateway.taken
    assert first == {
        "to": "84912345678",
        "id": f"{office.message('accepted').id}.1",
        "text": f"Ho so {code} da tiep nhan. Hen tra: 17:30 ngay 09/03/2026. Xem: {PUBLIC}/public/{code}",
    }
    assert "Dan" not in second["text"] and "can cuoc" not in second["text"]
    assert second["text"].isascii() and len(first["text"]) <= 160
    assert office.gateway.keys == [first["id"], second["id"]]
    assert office.gateway.headers[0]["Authorization"].startswith("Bearer ")


def test_an_apology_carries_the_new_date_and_the_link_to_the_letter(office: Delivering) -> None:
    dossier = office.came(email=MAIL)
    office.do(dossier, FinishStep(task=1), "le", after(minutes=5))
    office.sweep(after(days=8))
    sign = SignApology(apology=1, reason="Quá tải", new_due_at=after(days=11, hours=2))
    office.do(
        dossier,
        sign,
        "chu" if office.state(dossier).apologies[1].agency == "H44.101" else "binh",
        after(days=8),
    )
    office.deliver(after(days=8))
    text = text_of(office.mailbox.mails[-1][1])
    assert "Hẹn lại ngày trả kết quả: 09:30 ngày 13/03/2026" in text
    assert f"{PUBLIC}/public/letters/{office.state(dossier).code}.1." in text
    assert "Quá tải" in text


def test_the_preference_of_the_person_decides(office: Delivering) -> None:
    office.with_zalo()
    dossier = office.came(email=MAIL)
    with office.database.writing() as connection:
        who = f"applicant:{office.state(dossier).applicant}"
        contacts.wish(connection, who, by="le", at=MONDAY, channel="zalo", language="en")
    office.deliver()
    [taken] = office.gateway.taken
    assert (taken["template_id"], taken["phone"]) == ("accepted", "84912345678")
    assert "Dân" not in str(taken)


def test_a_wish_follows_the_person_to_a_corrected_record(office: Delivering) -> None:
    first = office.register()
    with office.database.writing() as connection:
        who = f"applicant:{office.state(first).applicant}"
        contacts.wish(connection, who, by="le", at=MONDAY, email="moi@example.vn")
    person = {"name": "Nguyễn Thị Dân", "identity_no": "025190000001", "phone": "0987654321"}
    again = office.register(applicant=person, at=after(minutes=1))
    assert office.state(again).applicant != office.state(first).applicant
    with office.database.reading() as connection:
        known = contacts.of_applicant(connection, UUID(office.state(again).applicant or ""))
    assert (known.email, known.phone) == ("moi@example.vn", "0987654321")


def test_who_has_neither_phone_nor_mail_gets_a_letter(office: Delivering) -> None:
    office.came(email="", phone="")
    office.deliver()
    row = office.message("accepted")
    assert (row.state, row.channel) == ("to_print", "letter")


def test_nothing_set_up_means_the_list_of_letters_and_no_error(office: Delivering) -> None:
    office.ways = WaysOut()
    office.came(email=MAIL)
    assert office.deliver().failed == 0
    assert states(office) == ["to_print"]
    assert office.deliver(after(days=9)).looked_at == 0


def test_people_of_a_demonstration_are_never_written_to(office: Delivering) -> None:
    with telling_nobody(office.office, invented=True):
        dossier = office.came(email=MAIL)
    office.do(dossier, AskSupplement(content="Bản vẽ"), "le", after(minutes=5))
    office.deliver(after(minutes=5))
    assert states(office) == ["to_print"]
    assert office.mailbox.asked == office.gateway.asked == 0


def test_officials_see_it_on_the_pages_unless_they_say_where(office: Delivering) -> None:
    dossier = office.came()
    office.do(dossier, FinishStep(task=1), "le", after(minutes=5))
    office.do(dossier, Receive(task=2), "an", after(minutes=6))
    office.deliver()
    office.sweep(after(days=4, hours=1))
    office.reachable("binh", email="binh@example.vn")
    office.deliver(after(days=4, hours=1))
    assert [(to, mail["Content-Language"]) for to, mail in office.mailbox.mails[1:]] == [
        (["binh@example.vn"], "vi")
    ] * len(office.mailbox.mails[1:])
    assert len(office.mailbox.mails) > 1
    assert set(states(office)) == {"done"}


def test_at_night_nothing_leaves_but_what_may_not_wait(office: Delivering) -> None:
    office.came(at=after(hours=14))
    report = office.deliver(after(hours=14))
    assert (report.put_off, report.done, office.mailbox.asked) == (1, 0, 0)
    assert office.message("accepted").next_at == after(hours=23, minutes=30)
    assert office.deliver(after(hours=20)).looked_at == 0
    assert office.deliver(after(hours=23, minutes=30)).done == 1
    assert office.message("accepted").claims == 1


def test_what_was_overtaken_is_not_told(office: Delivering) -> None:
    dossier = office.came()
    office.do(dossier, AskSupplement(content="Bản vẽ"), "le", after(minutes=5))
    office.do(dossier, ReceiveSupplement(), "le", after(minutes=6))
    office.deliver(after(minutes=7))
    assert office.message("supplement").state == "cancelled"
    assert [proof.outcome for proof in office.attempts(office.message("supplement"))] == ["overtaken"]


def test_a_server_that_is_down_is_tried_ever_later_until_a_person_must_look(office: Delivering) -> None:
    office.with_ways(most_attempts=4)
    office.mailbox.answer = lambda number, to: "451 thử lại sau"
    office.came()
    at, waits = MONDAY, []
    for _ in range(4):
        office.deliver(at, dice=Random(1))
        row = office.message("accepted")
        waits.append(row.next_at - at)
        at = max(row.next_at, at)
    assert row.state == "dead"
    assert waits[0] < waits[1] < waits[2]
    assert FIRST_WAIT / 2 <= waits[0] <= FIRST_WAIT
    assert [proof.outcome for proof in office.attempts(row)] == ["failed"] * 4
    assert len({proof.message_id for proof in office.attempts(row)}) == 1


def test_waits_grow_to_a_bound_and_never_march_in_step() -> None:
    dice = Random(3)
    waits = [back_off(number, dice) for number in range(1, 30)]
    assert max(waits) <= LONGEST_WAIT
    assert len(set(waits)) == len(waits)


@pytest.mark.parametrize("said", ["550 5.1.1 <dan@example.vn>: không có hộp thư", "554 từ chối"])
def test_where_we_are_wrong_nothing_is_tried_again_and_the_address_is_not_kept(
    office: Delivering, said: str
) -> None:
    office.mailbox.answer = lambda number, to: said.encode("ascii", "replace").decode()
    office.came()
    office.deliver()
    row = office.message("accepted")
    assert (row.state, office.mailbox.asked) == ("dead", 1)
    assert row.error.startswith(said[:3]) and MAIL not in row.error
    assert office.deliver(after(days=1)).looked_at == 0


@pytest.mark.parametrize(
    ("status", "state"),
    [(400, "dead"), (404, "dead"), (422, "dead"), (408, "waiting"), (429, "waiting"), (500, "waiting"),
     (503, "waiting"), (401, "waiting"), (403, "waiting"), (302, "waiting")],
)  # fmt: skip
def test_whose_fault_a_refusal_is(office: Delivering, status: int, state: str) -> None:
    office.gateway.answer = lambda number: (status, {}, b"{}")
    office.came(email="")
    office.deliver()
    assert office.message("accepted").state == state


@pytest.mark.parametrize("wrong", [{"user": "motcua", "security": "none"}, {"security": "starttls"}])
def test_a_mail_server_that_offers_no_login_or_no_tls_refuses_no_message(
    office: Delivering, wrong: dict[str, str]
) -> None:
    mail = MailChannel("127.0.0.1", office.mailbox.port, "motcua@example.vn", seconds=2, **wrong)  # type: ignore[arg-type]
    office.with_ways(channels={ChannelName.EMAIL: mail})
    office.came()
    office.came()
    assert (office.deliver().failed, office.deliver().looked_at) == (1, 0)
    assert [row.state for row in office.messages()] == ["waiting", "waiting"]


def test_a_gateway_is_left_alone_as_long_as_it_asks(office: Delivering) -> None:
    office.gateway.answer = lambda number: (429, {"Retry-After": "1800"}, b"")
    for _ in range(3):
        office.came(email="")
    report = office.deliver()
    assert (office.gateway.asked, report.failed, report.put_off) == (1, 1, 2)
    assert all(row.next_at >= after(minutes=30) for row in office.messages())
    assert sorted(row.attempts for row in office.messages()) == [0, 0, 1]


def test_a_gateway_that_never_answers_costs_one_try(office: Delivering) -> None:
    office.gateway.wait = lambda number: 1.5
    for _ in range(3):
        office.came(email="")
    office.deliver()
    assert office.gateway.asked == 1
    office.gateway.wait = lambda number: 0.0
    office.deliver(after(minutes=10))
    office.deliver(after(minutes=20))
    assert set(states(office)) == {"done"}
    assert len(set(office.gateway.keys)) == 3, (
        "the one that was taken and not confirmed came under its own key"
    )


def test_a_zalo_refusal_hidden_in_a_200_is_a_refusal(office: Delivering) -> None:
    office.with_zalo()
    office.gateway.answer = lambda number: (200, {}, b'{"error": -118, "message": "khong co Zalo"}')
    dossier = office.came(email="")
    with office.database.writing() as connection:
        who = f"applicant:{office.state(dossier).applicant}"
        contacts.wish(connection, who, by="le", at=MONDAY, channel="zalo")
    office.deliver()
    assert office.message("accepted").state == "dead"


def test_no_channel_is_given_more_a_minute_than_it_can_take(office: Delivering) -> None:
    slow = MailChannel("127.0.0.1", office.mailbox.port, "mot@example.vn", security="none", per_minute=2)
    office.with_ways(channels={ChannelName.EMAIL: slow})
    for number in range(5):
        office.came(at=MONDAY + timedelta(seconds=number))
    taken = [
        len(office.mailbox.mails) for minute in range(4) if office.deliver(after(minutes=2 * minute + 1))
    ]
    assert taken == [2, 4, 5, 5]


def test_a_lease_that_ran_out_is_taken_again_under_the_same_id(office: Delivering) -> None:
    office.came()

    def killed(number: int, to: str) -> str:
        raise_in_server.append(number)
        return "250 OK"

    raise_in_server: list[int] = []
    office.mailbox.answer = killed

    class Killed(BaseException):
        """What a kill looks like from within: nothing after it is run."""

    def watch() -> float:
        if office.mailbox.mails:
            raise Killed
        return 0.0

    with pytest.raises(Killed):
        deliver(office.office, office.ways, MONDAY, stopwatch=watch)
    assert office.message("accepted").state == "sending"
    assert office.deliver(MONDAY + LEASE - timedelta(seconds=1)).looked_at == 0
    assert office.deliver(MONDAY + LEASE).done == 1
    first, second = office.mailbox.ids()
    assert first == second
    assert [proof.outcome for proof in office.attempts(office.message("accepted"))] == ["accepted"]


def test_many_deliver_at_once_and_each_message_leaves_once(office: Delivering) -> None:
    for number in range(12):
        office.came(at=MONDAY + timedelta(seconds=number))
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: office.deliver(after(minutes=1), batch=5), range(8)))
    assert sum(report.done for report in reports) == 12
    assert len(office.mailbox.ids()) == len(set(office.mailbox.ids())) == 12


def test_one_message_that_cannot_be_made_keeps_no_other(office: Delivering) -> None:
    office.publish_other()
    bad, good = office.register("T.GONE", applicant={"name": "Ai Đó", "email": MAIL}), office.came()
    office.forget_other()
    report = office.deliver(after(minutes=1))
    assert (report.done, report.failed) == (1, 1)
    assert [row.state for row in office.messages(bad)] == ["waiting"]
    assert [row.error for row in office.messages(bad)] == ["NotFound"]
    assert [row.state for row in office.messages(good)] == ["done"]


def test_what_waits_costs_one_probe_of_an_index(office: Delivering) -> None:
    for _ in range(3):
        office.came(at=after(hours=14))
    office.deliver(after(hours=14))
    plan = office.plan_of_the_probe()
    assert "ix_outbox_next_at" in plan
    assert BATCH > 1


def test_a_corrected_applicant_is_told_and_not_the_wrong_one(office: Delivering) -> None:
    dossier = office.came(email="nham@example.vn")
    right = NewApplicant(name="Trần Thị Đúng", email="dung@example.vn")
    office.do(dossier, Correct(reason="Nhập nhầm người", applicant=right), "le", after(minutes=1))
    office.deliver(after(minutes=2))
    assert [to for to, _ in office.mailbox.mails] == [["dung@example.vn"]]


@pytest.mark.parametrize("email", ["dân@x.vn", "a,b@x.vn", "a@khong-co-mien"])
def test_an_address_nobody_can_be_reached_by_is_no_address(office: Delivering, email: str) -> None:
    office.came(email=email, phone="12")
    office.deliver()
    assert (office.message("accepted").state, office.mailbox.asked) == ("to_print", 0)
