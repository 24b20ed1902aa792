"""Dossiers of the demonstration brought to where a test wants them, by the real engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dossiers.agencies.models import Role
from tests.pages.site import NOW, Site
from workflows import service
from workflows.commands import Command, FinishStep, NewApplicant, Receive, Register
from workflows.engine.draft import Actor
from workflows.service import find
from workflows.sweep import sweep
from workflows.views.dossier import read_dossier
from workflows.views.models import DossierRead

BUILDING_PERMIT = "1.013225"
EARLIER = NOW - timedelta(days=1, hours=-1)
"""10:30 the day before."""


@dataclass
class Cases:
    """Makes dossiers of the commune whose people the sign-in page offers."""

    site: Site

    def official(self, role: str) -> Actor:
        """The person the sign-in page offers for a role."""
        login = self.site.login(role)
        with self.site.office.database.reading() as connection:
            official = self.site.office.reference(connection).directory.official(login)
        return Actor("official", official.id, official.agency, official.roles_in(official.agency))

    def somebody(self, agency: str, role: Role) -> Actor:
        """Somebody of an agency who holds a role."""
        with self.site.office.database.reading() as connection:
            officials = list(self.site.office.reference(connection).directory.officials())
        found = next(each for each in officials if each.agency == agency and role in each.roles_in(agency))
        return Actor("official", found.id, agency, found.roles_in(agency))

    def register(
        self, name: str = "Đặng Thị Hồng Nhung", at: datetime = EARLIER, *, house: bool = True
    ) -> str:
        """A building permit registered and accepted at the desk; its code."""
        command = Register(
            procedure=BUILDING_PERMIT,
            applicant=NewApplicant(name=name, identity_no="025190004711", phone="0912 345 678"),
            facts={"nha_o_rieng_le": True, "can_lay_y_kien": False},
            papers=(
                {"id": "don_de_nghi"},  # type: ignore[arg-type]
                {"id": "giay_to_dat", "originals": 0, "copies": 1},
                {"id": "ban_ve", "originals": 2},
            ),
        )
        office = self.site.office
        with office.database.writing() as connection:
            receipt = service.register(office, connection, command, self.official("Tiếp nhận hồ sơ"), at)
        return receipt.code

    def do(self, code: str, command: Command, actor: Actor, at: datetime) -> None:
        """Carry out a command."""
        office = self.site.office
        with office.database.writing() as connection:
            service.execute(office, connection, find(connection, code), command, actor, at)

    def sent(self, name: str = "Đặng Thị Hồng Nhung", at: datetime = EARLIER) -> str:
        """A dossier on its way from the desk to the division of economy."""
        code = self.register(name, at)
        self.do(code, FinishStep(task=1), self.official("Tiếp nhận hồ sơ"), at + timedelta(minutes=30))
        return code

    def assigned(self, name: str = "Đặng Thị Hồng Nhung", at: datetime = EARLIER) -> str:
        """A dossier the division's head gave out to be appraised."""
        code = self.sent(name, at)
        head = self.official("Thủ trưởng đơn vị")
        self.do(code, Receive(task=2), head, at + timedelta(hours=1))
        self.do(code, FinishStep(task=2, outcome="giao"), head, at + timedelta(hours=2))
        return code

    def at_the_leader(self) -> str:
        """A draft permit on the table of the committee's leader."""
        code, at = self.assigned(), EARLIER
        head, officer = self.official("Thủ trưởng đơn vị"), self.official("Chuyên viên")
        leader = self.official("Lãnh đạo Ủy ban nhân dân")
        self.do(code, FinishStep(task=3), officer, at + timedelta(hours=3))
        self.do(code, FinishStep(task=4, outcome="du_dieu_kien"), officer, at + timedelta(hours=4))
        self.do(code, FinishStep(task=5, outcome="trinh"), head, at + timedelta(hours=5))
        self.do(code, Receive(task=6), leader, at + timedelta(hours=6))
        return code

    def late(self) -> str:
        """A dossier that was to be done weeks ago and still is not; the monitor has been by."""
        begins = NOW - timedelta(days=30)
        code = self.assigned("Phan Quang Thắng", begins)
        for days in range(1, 31):
            sweep(self.site.office, begins + timedelta(days=days))
        return code

    def read(self, code: str) -> DossierRead:
        """The dossier now."""
        office = self.site.office
        with office.database.reading() as connection:
            return read_dossier(office, connection, find(connection, code), self.site.at)
