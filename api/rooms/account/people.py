"""The people of the demonstration office, offered by name on the sign-in page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.accounts import repository
from api.accounts.passwords import hashed
from api.accounts.service import account_row
from dossiers.agencies.directory import Directory, Official
from dossiers.agencies.models import Role
from dossiers.core.said import Said
from dossiers.records.repository import tasks_waiting
from workflows.demo.places import ADMINISTRATOR
from workflows.office import Office

DEMO_PASSWORD = "mot-cua-thu-nghiem"  # noqa: S105 - printed on the sign-in page of a demonstration


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to try the office as."""

    login: str
    name: str
    role: str
    agency: str


def add_demo_accounts(office: Office, connection: Connection, at: datetime) -> None:
    """An account for every official of the demonstration who has none, all with one known password."""
    known = {row.official for row in repository.accounts(connection)}
    officials = office.reference(connection).directory.officials()
    one_hash = hashed(DEMO_PASSWORD)
    repository.add_accounts(
        connection,
        [
            account_row(official.id, official.id, one_hash, at, must_change=False)
            for official in officials
            if official.id not in known
        ],
    )


def demo_people(office: Office, connection: Connection) -> list[Person]:
    """One person for each kind of work, of the commune with the most on its hands."""
    directory = office.reference(connection).directory
    waiting = tasks_waiting(connection)
    officials = sorted(directory.officials(), key=lambda official: official.id)
    desks = [
        each for each in officials if _kind(directory, each) == "one_stop" and _is(each, Role.RECEPTIONIST)
    ]
    in_communes = [each for each in desks if _in_a_commune(directory, each)]
    desk = max(in_communes or desks, key=lambda each: _work_around(directory, each, waiting), default=None)
    if desk is None:
        return []
    commune = directory.agency(desk.agency).parent or desk.agency
    near = [each for each in officials if each.agency.startswith(commune) and each.agency != desk.agency]
    units = sorted(
        (each for each in near if each.agency != commune),
        key=lambda official: -waiting.get(official.agency, 0),
    )
    chosen = [
        (desk, Said("Tiếp nhận hồ sơ")),
        (next((each for each in units if _is(each, Role.OFFICER)), None), Said("Chuyên viên")),
        (next((each for each in units if _is(each, Role.HEAD)), None), Said("Thủ trưởng đơn vị")),
        (
            next((each for each in near if each.agency == commune and _is(each, Role.LEADER)), None),
            Said("Lãnh đạo Ủy ban nhân dân"),
        ),
        (next((each for each in officials if each.id == ADMINISTRATOR), None), Said("Quản trị hệ thống")),
    ]
    return [
        Person(each.id, each.name, role, directory.name(each.agency))
        for each, role in chosen
        if each is not None
    ]


def _kind(directory: Directory, official: Official) -> str:
    return directory.agency(official.agency).kind


def _work_around(directory: Directory, official: Official, waiting: Mapping[str, int]) -> int:
    """How many tasks wait in the commune of a desk."""
    above = directory.agency(official.agency).parent or official.agency
    return sum(waiting.get(each, 0) for each in directory.below(above))


def _in_a_commune(directory: Directory, official: Official) -> bool:
    above = directory.agency(official.agency).parent
    return above is not None and directory.agency(above).kind == "committee.commune"


def _is(official: Official, role: Role) -> bool:
    return role in official.roles_in(official.agency)
