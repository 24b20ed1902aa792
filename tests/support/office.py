"""A small office: a province, a commune with its desk, a department, police and a tax office.

The cast: ``le`` at the desk, ``an`` and ``hoa`` officers of the economy division, ``binh`` its head, ``chu``
chairs the commune, ``so`` heads the department of finance, ``cong`` the police, ``thue`` the tax office.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import yaml

from dossiers.agencies.models import Capacity, Role
from dossiers.agencies.service import NewAgency, NewOfficial, add_agencies, add_officials, appoint_head
from dossiers.core.db import Database
from dossiers.core.ids import seeded_bits
from sla.calendars.service import publish_shipped
from workflows import service
from workflows.commands import Command, NewApplicant, Register
from workflows.definitions.model import Definition
from workflows.engine.draft import SYSTEM, Actor
from workflows.engine.state import State
from workflows.office import Office
from workflows.procedures import save
from workflows.sweep import SweepReport, sweep
from workflows.verify import verify

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""07:30 on Monday 2 March 2026 in Vietnam: an ordinary week, the office has just opened."""

PROVINCE, DESK, COMMUNE, DIVISION = "H44", "H44.101.01", "H44.101", "H44.101.02"
FINANCE, POLICE, TAX, OTHER_DESK, OTHER_COMMUNE = "H44.20", "H44.101.03", "H44.30", "H44.102.01", "H44.102"

AGENCIES = (
    NewAgency(PROVINCE, "UBND tỉnh Phú Thọ", "committee.province"),
    NewAgency(FINANCE, "Sở Tài chính", "department.finance", PROVINCE),
    NewAgency(TAX, "Thuế cơ sở 1", "tax", PROVINCE),
    NewAgency(COMMUNE, "UBND phường Việt Trì", "committee.commune", PROVINCE),
    NewAgency(DESK, "Trung tâm Phục vụ hành chính công phường Việt Trì", "one_stop", COMMUNE),
    NewAgency(DIVISION, "Phòng Kinh tế phường Việt Trì", "division.economy", COMMUNE),
    NewAgency(POLICE, "Công an phường Việt Trì", "police.commune", COMMUNE),
    NewAgency(OTHER_COMMUNE, "UBND xã Hy Cương", "committee.commune", PROVINCE),
    NewAgency(OTHER_DESK, "Trung tâm Phục vụ hành chính công xã Hy Cương", "one_stop", OTHER_COMMUNE),
)
OFFICIALS = (
    NewOfficial("le", "Lê Thị Lê", DESK, (Role.RECEPTIONIST, Role.CLERK)),
    NewOfficial("an", "Nguyễn Văn An", DIVISION, (Role.OFFICER,)),
    NewOfficial("hoa", "Trần Thị Hoa", DIVISION, (Role.OFFICER,)),
    NewOfficial("binh", "Phạm Bình", DIVISION, (Role.HEAD, Role.UNIT_HEAD)),
    NewOfficial("chu", "Đỗ Chủ", COMMUNE, (Role.LEADER, Role.HEAD)),
    NewOfficial("so", "Vũ Sơ", FINANCE, (Role.HEAD, Role.OFFICER, Role.UNIT_HEAD)),
    NewOfficial("cong", "Hoàng Công", POLICE, (Role.HEAD, Role.OFFICER)),
    NewOfficial("thue", "Bùi Thuế", TAX, (Role.HEAD, Role.OFFICER)),
    NewOfficial("tinh", "Ngô Tỉnh", PROVINCE, (Role.LEADER, Role.HEAD, Role.ADMINISTRATOR)),
    NewOfficial("my", "Cao Mỹ", OTHER_DESK, (Role.RECEPTIONIST,)),
)
HEADS = {DIVISION: "binh", COMMUNE: "chu", FINANCE: "so", POLICE: "cong", TAX: "thue", PROVINCE: "tinh"}

SIMPLE = """
code: "T.1"
version: 1
name: Thủ tục thử
field: Thử nghiệm
level: commune
effective_from: 2025-01-01
split: example
participants:
  desk: {name: Một cửa, kind: one_stop}
  division: {name: Phòng Kinh tế, kind: division.economy}
  committee: {name: UBND phường, kind: committee.commune}
receiving: desk
competent: committee
clock: {rule: civil-code}
limits: [{limit: 5 working_day}]
supplement: {effect: pause, cap: 10 working_day, at_cap: stop, max_requests: 1}
steps:
  - {id: tiep_nhan, name: Tiếp nhận, agency: desk, role: receptionist, limit: 4 working_hour, next: tham_dinh}
  - {id: tham_dinh, name: Thẩm định, agency: division, limit: 3 working_day, next: ky}
  - id: ky
    name: Ký
    agency: committee
    role: leader
    decides: true
    limit: 1 working_day
    outcomes:
      - {id: dong_y, name: Đồng ý, next: cap}
      - {id: tu_choi, name: Từ chối, next: khong_cap, needs_reason: true}
ends:
  cap: {name: Giấy phép}
  khong_cap: {name: Văn bản từ chối, positive: false}
"""


def definition(text: str = SIMPLE, **changes: Any) -> Definition:
    """A definition from YAML, with top-level fields replaced."""
    return Definition.model_validate({**yaml.safe_load(text), **changes})


class TestOffice:
    """An office on a real database, with shorthands for what tests do all the time."""

    __test__ = False

    def __init__(self, database: Database) -> None:
        self.database = database
        self.office = Office(database, bits=seeded_bits("tests"))
        with database.writing() as connection:
            add_agencies(connection, AGENCIES)
            add_officials(connection, OFFICIALS)
            publish_shipped(connection, LONG_AGO)
        for agency, head in HEADS.items():
            self.appoint(agency, head, LONG_AGO)

    def appoint(
        self, agency: str, official: str | None, since: datetime, capacity: Capacity = Capacity.HEAD
    ) -> None:
        """A new head takes office; nobody leaves the post vacant."""
        with self.database.writing() as connection:
            directory = self.office.reference(connection).directory
            if official is None:
                capacity = Capacity.VACANT
            appoint_head(connection, directory, agency, official, capacity, since, bits=self.office.bits)

    def publish(self, *definitions: Definition) -> None:
        """Publish definitions."""
        with self.database.writing() as connection:
            for item in definitions:
                save(connection, item, LONG_AGO, publish=True)

    def actor(self, official: str) -> Actor:
        """The official at work in their own agency; ``system`` is the system."""
        if official == "system":
            return SYSTEM
        with self.database.reading() as connection:
            known = self.office.reference(connection).directory.official(official)
        return Actor("official", official, known.agency, known.roles_in(known.agency))

    def register(
        self,
        procedure: str = "T.1",
        *,
        at: datetime = MONDAY,
        by: str = "le",
        key: str | None = None,
        **more: Any,
    ) -> UUID:
        """Register a dossier."""
        applicant = NewApplicant(name="Nguyễn Thị Dân", identity_no="025190000001", phone="0912345678")
        command = Register(**{"procedure": procedure, "applicant": applicant, **more})
        with self.database.writing() as connection:
            return service.register(self.office, connection, command, self.actor(by), at, key=key).dossier_id

    def do(self, dossier: UUID, command: Command, by: str, at: datetime, **more: Any) -> list[str]:
        """Carry out a command; the kinds of the events it made."""
        with self.database.writing() as connection:
            receipt = service.execute(self.office, connection, dossier, command, self.actor(by), at, **more)
        return [event.kind for event in receipt.events]

    def sweep(self, at: datetime) -> SweepReport:
        """Let time pass for every dossier; nothing may fail."""
        report = sweep(self.office, at)
        assert not report.failed
        return report

    def state(self, dossier: UUID) -> State:
        """The state by the history."""
        with self.database.reading() as connection:
            return service.load(connection, dossier).state

    def assert_proven(self) -> None:
        """Chains hold, and refolding gives the rows."""
        with self.database.reading() as connection:
            verdict = verify(connection)
        assert verdict.ok, verdict.first_fault


def after(days: int = 0, hours: int = 0, minutes: int = 0, start: datetime = MONDAY) -> datetime:
    """An instant so long after Monday morning."""
    return start + timedelta(days=days, hours=hours, minutes=minutes)
