"""Through all processes of docker-compose.yml, from registration to the apology; a while without Prefect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from typing import Any

import httpx
import pytest

from api.auth.service import create_token
from dossiers.core import clock
from dossiers.outbox.models import OutboxState
from tests.deliveries.receivers import subject_of, text_of
from tests.machine.prefect_api import PrefectApi
from tests.machine.processes import until
from tests.machine.stack import PASSWORDS, Stack
from tests.support.office import LONG_AGO, OFFICIALS, TestOffice, after
from workflows.commands import FinishStep, NewApplicant, Receive

APPLICANT = {"name": "Nguyễn Thị Dân", "identity_no": "025190000001", "phone": "0912345678"}
MAIL = "dan@example.vn"


class Walk:
    """An office in the stack, reached through its proxy as everybody reaches it."""

    def __init__(self, stack: Stack, world: TestOffice) -> None:
        self.stack, self.world = stack, world
        with world.database.writing() as connection:
            self.tokens = {
                each.id: create_token(connection, each.id, each.agency, "walk", LONG_AGO)
                for each in OFFICIALS
            }
        self.http = httpx.Client(base_url=f"{stack.url('proxy')}/api/v1", timeout=60, trust_env=False)
        self.prefect = PrefectApi(f"{stack.url('prefect-api')}/api", PASSWORDS["prefect_auth"])

    def known_as(self, official: str) -> dict[str, str]:
        """The header by which an official is known."""
        return {"Authorization": f"Bearer {self.tokens[official]}"}

    def post(self, path: str, body: Any, by: str) -> Any:
        """A command by an official, through the proxy."""
        answer = self.http.post(path, json=body, headers=self.known_as(by))
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def get(self, path: str, by: str) -> httpx.Response:
        """A question by an official."""
        return self.http.get(path, headers=self.known_as(by))

    def register(self) -> str:
        """Register now; the code."""
        return str(self.post("/dossiers", {"procedure": "T.1", "applicant": APPLICANT}, "le")["code"])

    def register_long_ago(self, email: str = "") -> str:
        """One that was handed in on paper in March and is late since."""
        dossier = self.world.register(applicant=NewApplicant.model_validate({**APPLICANT, "email": email}))
        self.world.do(dossier, FinishStep(task=1), "le", after(hours=1))
        self.world.do(dossier, Receive(task=2), "an", after(hours=2))
        return self.world.state(dossier).code

    def letters(self, code: str) -> list[Any]:
        """The apologies owed for a dossier."""
        return list(self.get(f"/dossiers/{code}", "binh").json()["apologies"])

    def late_with_letter(self, email: str = "") -> str:
        """One that is late and whose letter waits to be signed."""
        code = self.register_long_ago(email)
        assert self.letters(code) == []
        self.swept()
        until(
            lambda: bool(self.letters(code)),
            lambda: f"no worker asked for the apology:\n{self.workers_said()}",
        )
        return code

    def sign(self, code: str) -> None:
        """The head signs."""
        morning = clock.now().replace(hour=2, minute=0, second=0, microsecond=0)
        for days in range(5, 20):  # the first of these mornings that is one of a working day
            body = {
                "apology": 1,
                "reason": "Hồ sơ tăng đột biến.",
                "new_due_at": (morning + timedelta(days=days)).isoformat(),
            }
            answer = self.http.post(
                f"/dossiers/{code}/sign-apology", json=body, headers=self.known_as("binh")
            )
            if answer.status_code == 200:
                return
            assert answer.json()["code"] == "new_date_outside_hours", answer.text
        raise AssertionError("no working day in two weeks")

    def workers_said(self) -> str:
        """The ends of what the workers said."""
        return "".join(self.stack.processes[name].said() for name in ("worker-1", "worker-2"))

    def swept(self) -> None:
        """Ask for a sweep of its own, as somebody in Prefect's pages would."""
        self.prefect.run_now("sweep")

    def delivered(self) -> None:
        """Ask for a delivery, and wait until it is over."""
        run = self.prefect.run_now("deliver")
        until(lambda: self.prefect.has_ended(run), self.workers_said)

    def apologies_to(self, address: str) -> list[Message]:
        """The mails somebody got that apologise."""
        mails = [mail for mail in self.stack.mails() if mail["To"] == address]
        return [mail for mail in mails if "xin lỗi" in subject_of(mail)]

    def owed(self, code: str) -> list[Any]:
        """The apologies in the outbox for a dossier, whatever became of them."""
        found = []
        for state in OutboxState:
            narrow = f"dossier={code}&topic=apology&state={state}"
            found += self.get(f"/outbox?{narrow}", "tinh").json()["items"]
        return found


@pytest.fixture(scope="module")
def walk(stack: Stack, world: TestOffice) -> Iterator[Walk]:
    """An office on the stack."""
    walk = Walk(stack, world)
    yield walk
    walk.http.close()


def test_every_service_is_well(stack: Stack) -> None:
    lasting = [name for name in stack.processes if stack.checks(name)]
    assert len(lasting) >= 10
    assert [name for name in lasting if not stack.is_well(name)] == []


def test_a_late_dossier_gets_its_apology_through_all_processes(walk: Walk) -> None:
    code = walk.late_with_letter(MAIL)
    walk.sign(code)
    letter = walk.get(f"/dossiers/{code}/apologies/1.pdf", "binh")
    assert letter.status_code == 200
    assert letter.content.startswith(b"%PDF")
    walk.world.assert_proven()

    walk.delivered()
    until(lambda: bool(walk.apologies_to(MAIL)), lambda: f"no mail came:\n{walk.workers_said()}")
    [mail] = walk.apologies_to(MAIL)
    assert code in text_of(mail)
    until(lambda: [each["state"] for each in walk.owed(code)] == ["done"], walk.workers_said)
    [owed] = walk.owed(code)
    [receipt] = walk.get(f"/outbox/{owed['id']}", "tinh").json()["done"]
    assert (receipt["outcome"], receipt["channel"], receipt["answer"]) == ("accepted", "email", "250")
    assert receipt["message_id"] == mail["Message-ID"].strip("<>").split("@")[0]
    assert MAIL not in str(receipt), "the address is kept masked"

    path = re.search(r"http://[^/]+(/public/letters/\S+)", text_of(mail))
    assert path, "the mail leads to the letter"
    assert httpx.get(walk.stack.url("proxy") + path[1], trust_env=False, timeout=60).status_code == 200

    walk.delivered()
    assert len(walk.apologies_to(MAIL)) == 1


def test_either_web_process_may_go(walk: Walk) -> None:
    for name in ("web-1", "web-2"):
        walk.stack.processes[name].kill()
        walk.get("/procedures", "le")  # the proxy sees who is gone: a command is never asked again elsewhere
        code = walk.register()
        assert walk.get(f"/dossiers/{code}", "le").status_code == 200
        walk.stack.processes[name].start()
        walk.stack.wait(name, "service_healthy")


def test_without_prefect_the_office_works_and_the_backlog_clears_by_itself(walk: Walk) -> None:
    waiting = walk.late_with_letter()
    for name in ("prefect-api", "prefect-services"):
        walk.stack.processes[name].kill()
    assert not walk.prefect.is_up()
    code = walk.register()
    walk.post(f"/dossiers/{code}/finish-step", {"task": 1}, "le")
    walk.post(f"/dossiers/{code}/receive", {"task": 2}, "an")
    walk.sign(waiting)
    late = walk.register_long_ago()
    assert walk.letters(late) == []
    for name in ("prefect-api", "prefect-services"):
        walk.stack.processes[name].start()
        walk.stack.wait(name, "service_healthy")
    # Nobody asks for a run: the schedule alone catches up, with the workers that were there all the while.
    until(lambda: bool(walk.letters(late)), lambda: f"not caught up:\n{walk.workers_said()}")
    walk.world.assert_proven()
