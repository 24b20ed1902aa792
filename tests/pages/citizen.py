"""A citizen's dossiers in the demonstration office, made through the real service by its own officials."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from dossiers.agencies.models import Role
from dossiers.history.repository import links_of
from sla.letters.forms import FormKind
from tests.pages.site import Site
from tests.support.driving import Stuck, by_officials, run_to_result
from workflows import service
from workflows.commands import COMMANDS, NewApplicant, Register
from workflows.engine.draft import Actor
from workflows.engine.kinds import Kind
from workflows.engine.state import State
from workflows.sweep import sweep
from workflows.views.genuine import token_of
from workflows.views.letters import letter_token

CITIZEN = NewApplicant(
    name="Quỳnh Thị Dao",
    identity_no="025190004321",
    phone="0912348765",
    address="Số 9 ngõ Hàng Kẹo",
)
SECRETS = ("Quỳnh", "Thị Dao", "025190004321", "4321", "0912348765", "8765", "Hàng Kẹo")
"""What nobody but the citizen and the officials may find anywhere."""

RESIDENCE = "1.004222"


class Given:
    """Dossiers of one citizen, at the desk where the demonstration's receptionist works."""

    def __init__(self, site: Site) -> None:
        self.site, self.office = site, site.office
        self.who = by_officials(site.office)
        with self.office.database.reading() as connection:
            directory = self.office.reference(connection).directory
            self.desk = directory.official(site.login("Tiếp nhận hồ sơ")).agency

    def registered(self, at: datetime | None = None, procedure: str = RESIDENCE, **more: Any) -> str:
        """A dossier handed in, its receipt given; its code."""
        fields = {"procedure": procedure, "applicant": CITIZEN, "channel": "direct", **more}
        actor = self.who(self.desk, (Role.RECEPTIONIST,))
        at = at or self.site.at - timedelta(hours=1)
        with self.office.database.writing() as connection:
            receipt = service.register(self.office, connection, Register(**fields), actor, at)
            return service.load(connection, receipt.dossier_id).state.code

    def state(self, code: str) -> State:
        """The dossier as it stands."""
        with self.office.database.reading() as connection:
            return service.load(connection, service.find(connection, code)).state

    def do(self, code: str, kind: str, roles: Sequence[Role], agency: str = "", **fields: Any) -> None:
        """A command by somebody of an agency, else of the desk."""
        command = COMMANDS[kind].model_validate(fields)
        self.by(self.who(agency or self.desk, roles), code, command)

    def by(self, actor: Actor, code: str, command: Any) -> None:
        """A command, now."""
        with self.office.database.writing() as connection:
            found = service.find(connection, code)
            service.execute(self.office, connection, found, command, actor, self.site.at)

    def receipt_token(self, code: str) -> str:
        """What the QR code on the receipt says."""
        with self.office.database.reading() as connection:
            links = links_of(connection, service.find(connection, code))
        accepted = next(link for link in links if link.event.kind == Kind.ACCEPTED)
        return token_of(code, FormKind.RECEIPT, accepted)

    def asked_to_supplement(self, words: str) -> str:
        """A dossier of which the desk asks more."""
        code = self.registered()
        self.do(code, "ask_supplement", (Role.RECEPTIONIST,), content=words)
        return code

    def asked_to_pay(self, amount: int) -> str:
        """A dossier for which money is due."""
        code = self.registered()
        self.do(code, "ask_payment", (Role.RECEPTIONIST,), amount=amount, pauses=True)
        return code

    def ready(self) -> str:
        """A dossier whose result waits at the desk."""
        code = self.registered()
        state = self.state(code)
        most = 0
        while not state.phase.is_closed:
            most += 1
            with suppress(Stuck):
                run_to_result(self.office, state.id, self.site.at, who=self.who, most=1, pace=timedelta(0))
            state = self.state(code)
            assert most < 40
        return code

    def given_back(self) -> str:
        """A dossier whose result the citizen has."""
        code = self.ready()
        self.do(code, "give_back", (Role.RECEPTIONIST, Role.CLERK))
        return code

    def late(self) -> str:
        """A dossier past its appointment, noticed by the monitor."""
        code = self.registered(self.site.at - timedelta(days=20))
        sweep(self.office, self.site.at)
        return code

    def apologised(self) -> tuple[str, str]:
        """A late dossier whose letter is signed; its code, and what the QR code on the letter says."""
        code = self.late()
        state = self.state(code)
        number, apology = next(iter(state.apologies.items()))
        new_date = self.site.at + timedelta(days=5)
        self.do(
            code,
            "sign_apology",
            (Role.HEAD,),
            apology.agency,
            apology=number,
            reason="Số lượng hồ sơ tăng đột biến.",
            new_due_at=new_date,
        )
        with self.office.database.reading() as connection:
            links = links_of(connection, state.id)
        signed = self.state(code)
        return code, letter_token(signed, signed.apologies[number], links)
