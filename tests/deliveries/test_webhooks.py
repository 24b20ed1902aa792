"""Other systems are told of events: signed, nothing personal, though they are slow, wrong or down."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import pytest

from dossiers.core.db import Database
from dossiers.core.errors import BadInput
from dossiers.core.settings import Settings
from tests.deliveries.conftest import MAIL, PUBLIC, Delivering
from tests.deliveries.receivers import Gateway, Mailbox, http_server
from tests.support.office import COMMUNE, DESK, MONDAY, OTHER_COMMUNE, PROVINCE, after
from workflows.commands import FinishStep, Note, Receive
from workflows.deliveries import handling, subscribing
from workflows.deliveries.channels.base import ChannelName, Message, WeAreWrong, WorldFailed
from workflows.deliveries.channels.guarded import is_inside
from workflows.deliveries.channels.setting_up import WaysOut, ways_out
from workflows.deliveries.channels.webhook import WebhookChannel, signature
from workflows.deliveries.owing import telling_nobody

LAB = WebhookChannel(inside=True, plain=True, seconds=1)
DOC = Path(__file__).parents[2] / "docs" / "webhooks.md"


class Telling(Delivering):
    """An office that tells nobody but other systems."""

    def __init__(self, database: Database, mailbox: Mailbox, gateway: Gateway) -> None:
        super().__init__(database, mailbox, gateway)
        self.ways = WaysOut({ChannelName.WEBHOOK: LAB}, PUBLIC)

    def subscribe(self, url: str, *kinds: str, agency: str = COMMUNE) -> tuple[UUID, str]:
        """A system subscribes."""
        with self.database.writing() as connection:
            return subscribing.subscribe(
                connection, LAB, url, agency=agency, kinds=kinds, by="tinh", at=MONDAY
            )

    def change(self, webhook: UUID, **values: Any) -> None:
        """The subscription is changed."""
        with self.database.writing() as connection:
            subscribing.change(connection, LAB, webhook, by="tinh", at=MONDAY, **values)

    def owed(self) -> list[tuple[int, str]]:
        """What is owed to other systems."""
        return [(row.seq, row.recipient) for row in self.messages() if row.topic == "webhook"]

    def states(self) -> list[str]:
        """How these messages stand."""
        return [row.state for row in self.messages() if row.topic == "webhook"]


@pytest.fixture
def office(database: Database, mailbox: Mailbox, gateway: Gateway) -> Telling:
    """The office, on every database."""
    return Telling(database, mailbox, gateway)


def test_an_event_is_told_as_a_cloud_event_that_the_documented_receiver_verifies(office: Telling) -> None:
    _, secret = office.subscribe(office.gateway.url, "dossier:accepted")
    dossier = office.came()
    office.deliver()
    [event], [body] = office.gateway.taken, office.gateway.bodies
    headers = {name.lower(): value for name, value in office.gateway.headers[0].items()}
    code = office.state(dossier).code
    assert event == {
        "specversion": "1.0",
        "id": headers["webhook-id"],
        "source": PUBLIC,
        "type": "vn.motcua.dossier.accepted",
        "subject": code,
        "time": "2026-03-02T00:30:00.000000Z",
        "datacontenttype": "application/json",
        "data": {"dossier": code, "kind": "dossier:accepted", "seq": event["data"]["seq"], "agency": DESK},
    }
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    sent = MONDAY.timestamp()
    seen = set[str]()
    verified = documented("verified")
    assert verified(secret, headers, body, sent + 10, seen) == event
    assert verified(secret, headers, body, sent + 20, seen) is None, "a second time it is known"
    with pytest.raises(ValueError, match="too old"):
        verified(secret, headers, body, sent + 301, set())
    for changed in (
        {"webhook-timestamp": str(int(sent) + 300)},
        {"webhook-id": "another"},
        {"webhook-signature": "v1,AAAA"},
    ):
        with pytest.raises(ValueError, match="wrong signature"):
            verified(secret, {**headers, **changed}, body, sent + 301, set())
    with pytest.raises(ValueError, match="wrong signature"):
        verified(secret, headers, body.replace(b"accepted", b"rejected"), sent, set())
    with pytest.raises(ValueError, match="wrong signature"):
        verified(subscribing.new_secret(), headers, body, sent, set())


def documented(name: str) -> Any:
    """A function of the example in the documentation."""
    [code] = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names[name]


def test_the_signature_is_the_one_of_the_standards_own_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = '{"test": 2432232314}'
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_personal_is_in_any_event_of_a_life(office: Telling) -> None:
    office.subscribe(office.gateway.url)
    dossier = office.came()
    office.do(dossier, Note(activity="Gọi điện"), "le", after(minutes=1))
    office.do(dossier, FinishStep(task=1), "le", after(minutes=5))
    office.do(dossier, Receive(task=2), "an", after(minutes=6))
    office.deliver(after(minutes=7))
    told = b"".join(office.gateway.bodies).decode()
    for personal in ("Nguyễn", "Dân", "0912345678", MAIL, "Khu 3", '"le"', "official:"):
        assert personal not in told
    seqs = [event["data"]["seq"] for event in office.gateway.taken]
    assert sorted(seqs) == list(range(1, office.state(dossier).seq + 1)), "every event, each once"
    [handed] = [each["data"] for each in office.gateway.taken if each["data"]["kind"] == "handoff:sent"]
    assert handed["to"] == "H44.101.02"
    office.assert_proven()


def test_only_the_kinds_asked_for_and_only_of_dossiers_the_agency_takes_part_in(office: Telling) -> None:
    here, _ = office.subscribe(office.gateway.url, "handoff:*", "dossier:accepted")
    above, _ = office.subscribe(office.gateway.url, "dossier:accepted", agency=PROVINCE)
    office.subscribe(office.gateway.url, agency=OTHER_COMMUNE)
    dossier = office.came()
    office.do(dossier, FinishStep(task=1), "le", after(minutes=5))
    owed = office.owed()
    assert {to for _, to in owed} == {f"webhook:{here}", f"webhook:{above}"}
    assert len(owed) == 3
    office.assert_proven()


def test_what_is_undone_or_put_in_after_the_fact_is_told_to_nobody(office: Telling) -> None:
    office.subscribe(office.gateway.url)
    with pytest.raises(RuntimeError), office.database.writing() as connection:
        office.register_in(connection)
        raise RuntimeError
    with telling_nobody(office.office):
        office.came()
    assert office.owed() == []


def test_machines_have_no_night(office: Telling) -> None:
    office.subscribe(office.gateway.url, "dossier:accepted")
    office.came(at=after(hours=16))
    office.deliver(after(hours=16))
    assert office.states() == ["done"]


def test_a_receiver_that_is_down_then_wrong_then_well_gets_it_under_one_id(office: Telling) -> None:
    office.subscribe(office.gateway.url, "dossier:accepted")
    office.came()
    answers = [(503, {"Retry-After": "600"}, b""), (401, {}, b"who?"), (204, {}, b"")]
    office.gateway.answer = lambda number: answers[number - 1]
    assert office.deliver().failed == 1
    [row] = [each for each in office.messages() if each.topic == "webhook"]
    assert row.next_at >= after(minutes=10)
    office.deliver(after(hours=1))
    office.deliver(after(hours=2))
    [done] = [each for each in office.messages() if each.topic == "webhook"]
    assert (done.state, done.attempts, done.channel) == ("done", 3, "webhook")
    tried = office.attempts(done)
    assert [each.outcome for each in tried] == ["failed", "failed", "accepted"]
    assert {each.message_id for each in tried} == {f"{done.id}.1"}
    assert {each.address for each in tried} == {office.gateway.url.removesuffix("/send")}
    stamps = [each["webhook-timestamp"] for each in office.gateway.headers]
    assert stamps == [str(int(after(hours=2).timestamp()))], "signed anew at every try"


def test_a_slow_receiver_is_left_and_the_double_bears_the_same_id(office: Telling) -> None:
    office.subscribe(office.gateway.url, "dossier:accepted")
    office.came()
    office.gateway.wait = lambda number: 1.5 if number == 1 else 0
    assert office.deliver().failed == 1
    office.deliver(after(minutes=10))
    first, second = office.gateway.taken
    assert first == second
    assert office.states() == ["done"]


def test_a_refused_event_is_dead_and_goes_anew_to_the_mended_address(office: Telling) -> None:
    webhook, _ = office.subscribe(office.gateway.url, "dossier:accepted")
    office.came()
    office.gateway.answer = lambda number: (404, {}, b"no such path")
    office.deliver()
    [row] = [each for each in office.messages() if each.topic == "webhook"]
    assert (row.state, row.error) == ("dead", "404 no such path")
    with office.database.writing() as connection:
        with pytest.raises(BadInput) as refused:
            handling.retry(connection, row.id, by="tinh", at=MONDAY, email="dan@example.vn")
        assert refused.value.code == "webhook_goes_one_way"
        handling.retry(connection, row.id, by="tinh", at=MONDAY)
    with http_server() as other:
        office.change(webhook, url=other.url)
        office.deliver()
        assert [each["id"] for each in other.taken] == [f"{row.id}.2"]


def test_a_receiver_that_is_down_holds_nobody_else_up(office: Telling) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    office.subscribe(f"http://127.0.0.1:{port}/", "dossier:*")
    office.subscribe(office.gateway.url, "dossier:*")
    office.came()
    report = office.deliver()
    assert (report.failed, report.put_off) == (1, 1), "the second to the one that is down is not even tried"
    assert len(office.gateway.taken) == 2


def test_a_receiver_that_drips_is_left_when_the_time_is_over() -> None:
    with dripping() as url:
        began = monotonic()
        with pytest.raises(WorldFailed):
            LAB.send(message(url))
        assert monotonic() - began < 3


@contextmanager
def dripping() -> Iterator[str]:
    """A receiver that answers a letter at a time, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def drip() -> None:
            taken, _ = server.accept()
            with taken:
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 200:
                    if over.is_set():
                        return
                    try:
                        taken.send(bytes([letter]))
                    except OSError:
                        return
                    sleep(0.1)  # the other side is slow on purpose

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        thread.join(5)


def test_the_messages_a_minute_are_kept(office: Telling) -> None:
    office.subscribe(office.gateway.url)
    office.with_ways(
        channels={ChannelName.WEBHOOK: WebhookChannel(inside=True, plain=True, seconds=1, per_minute=2)}
    )
    office.came()
    office.deliver()
    assert len(office.gateway.taken) == 2
    office.deliver(after(minutes=2))
    assert len(office.gateway.taken) == 4


def test_turned_off_nothing_is_owed_and_what_waits_is_cancelled(office: Telling) -> None:
    webhook, _ = office.subscribe(office.gateway.url, "dossier:accepted")
    office.came()
    office.change(webhook, active=False)
    office.came(at=after(minutes=1))
    office.deliver(after(minutes=2))
    assert office.states() == ["cancelled"]
    assert office.gateway.asked == 0
    office.change(webhook, active=True, kinds=["step:*"])
    office.came(at=after(minutes=3))
    assert "waiting" in office.states()


def test_a_new_secret_signs_what_waits(office: Telling) -> None:
    webhook, old = office.subscribe(office.gateway.url, "dossier:accepted")
    office.came()
    with office.database.writing() as connection:
        new = subscribing.renew_secret(connection, webhook, by="tinh", at=MONDAY)
    office.deliver()
    headers = {name.lower(): value for name, value in office.gateway.headers[0].items()}
    verified = documented("verified")
    assert verified(new, headers, office.gateway.bodies[0], MONDAY.timestamp(), set())
    with pytest.raises(ValueError, match="wrong signature"):
        verified(old, headers, office.gateway.bodies[0], MONDAY.timestamp(), set())


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("::1", True),
        ("::", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("ff02::1", True),
        ("::ffff:127.0.0.1", True),
        ("64:ff9b::10.0.0.1", True),
        ("2002:7f00:1::", True),
        ("8.8.8.8", False),
        ("2606:4700::1111", False),
        ("64:ff9b::8.8.8.8", False),
    ],
)
def test_addresses_of_inner_networks_are_known(address: str, inside: bool) -> None:
    assert is_inside(address) is inside


@pytest.mark.parametrize(
    "url",
    [
        "http://example.vn/",
        "https://",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://a:b@example.vn/",
        "https://example.vn/#x",
        "https://example.vn/đi",
        "https://example.vn/a b",
        "https://example.vn:99999/",
        "https://[::1",
        "ftp://example.vn/",
        "https://example.vn/" + "a" * 500,
    ],
)
def test_addresses_that_are_no_use_are_refused(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        subscribing.readable_url(url, WebhookChannel())
    assert refused.value.code == "webhook_url_wrong"


def test_a_kind_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        subscribing.kinds_text(["dossier:eaten"])
    assert refused.value.code == "webhook_kind_unknown"
    assert subscribing.kinds_text(["handoff:*", "handoff:sent", "dossier:accepted"]) == (
        "dossier:accepted handoff:*"
    )


def message(url: str) -> Message:
    return Message("1.1", "webhook", url, "", json.dumps({}), "en", MONDAY, secret=subscribing.new_secret())


def test_a_name_that_stands_for_an_inner_address_is_refused_when_it_is_sent(gateway: Gateway) -> None:
    for url in (gateway.url, gateway.url.replace("127.0.0.1", "localhost"), "http://2130706433/"):
        with pytest.raises(WeAreWrong, match="inner network"):
            WebhookChannel(plain=True).send(message(url))
    with pytest.raises(WeAreWrong, match="https only"):
        WebhookChannel(inside=True).send(message(gateway.url))
    assert gateway.asked == 0


def test_a_redirect_is_not_followed(gateway: Gateway) -> None:
    gateway.answer = lambda number: (307, {"Location": gateway.url}, b"")
    with pytest.raises(WorldFailed):
        LAB.send(message(gateway.url))
    assert gateway.asked == 1


def test_settings_say_what_is_allowed() -> None:
    strict = ways_out(Settings(demo=True)).channels[ChannelName.WEBHOOK]
    assert isinstance(strict, WebhookChannel)
    assert (strict.inside, strict.plain, strict.per_minute) == (False, False, 120)
    loose = ways_out(Settings(webhook_inside=True, webhook_plain_http=True)).channels[ChannelName.WEBHOOK]
    assert isinstance(loose, WebhookChannel)
    assert loose.inside and loose.plain
