"""Letting the year pass: arrivals, clerks at work, the monitor at its pace, all through engine commands."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import Connection

from dossiers.agencies.models import Role
from dossiers.core.errors import Conflict, MotcuaError
from dossiers.core.ids import seeded_bits
from dossiers.people.models import ApplicantKind
from dossiers.records import repository as records
from sla.calendars.service import publish_shipped
from sla.working_time import WorkingCalendar
from workflows import service
from workflows.commands import NewApplicant, Register, Tick
from workflows.definitions.model import Channel, Definition
from workflows.demo.citizens import speak
from workflows.demo.clerks import Character, Clerks, Next
from workflows.demo.places import build, invented_name
from workflows.demo.shape import Place, Shape, shape
from workflows.engine.draft import SYSTEM
from workflows.engine.state import State
from workflows.office import Office, Telling
from workflows.procedures import save

YEAR = timedelta(days=365)
LOOKS_EVERY = timedelta(minutes=5)
"""How soon after something fell due the monitor of the demonstration sees it."""
TOLD = timedelta(days=1)
"""Of the end of the year the messages are kept to be looked at; nobody is told of what was before."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody brings a dossier."""

    at: datetime
    procedure: str
    desk: str
    late_rate: float
    channel: Channel


@dataclass(slots=True)
class DemoReport:
    """What the demonstration holds."""

    dossiers: int = 0
    commands: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def make_demo(
    office: Office,
    definitions: list[Definition],
    *,
    dossiers: int,
    until: datetime,
    seed: str,
    progress: Progress | None = None,
) -> DemoReport:
    """Fill an empty office with a year of history that ends at ``until``.

    Raises ``Conflict`` (``office_not_empty``) when there are agencies already.
    """
    until = until.replace(second=0, microsecond=0)
    begins = until - YEAR
    office.bits = seeded_bits(f"{seed}:bits")
    dice = Random(f"{seed}:dice")  # noqa: S311 - a demonstration is meant to be repeatable
    with office.database.writing() as connection:
        if any(True for _ in office.reference(connection).directory.agencies()):
            raise Conflict(
                "Cơ sở dữ liệu đã có cơ quan, đơn vị; dữ liệu minh hoạ chỉ tạo trên cơ sở trống.",
                code="office_not_empty",
                hint="Dùng cơ sở dữ liệu khác: MOTCUA_DATABASE_URL=sqlite:///var/demo.sqlite3",
            )
        publish_shipped(connection, begins)
        for definition in definitions:
            save(connection, definition, begins, publish=True)
        staff = build(office, connection, shape(), dice, begins, until)
        calendar = office.reference(connection).calendars.current("vn-office")
    year = _Year(office, Clerks(staff, dice), dice, calendar, until)
    year.expect(_arrivals(shape(), {d.code: d for d in definitions}, dice, calendar, begins, until, dossiers))
    try:
        year.run(progress)
    finally:
        office.telling, office.invented = Telling.PEOPLE, False
    with office.database.writing() as connection:
        speak(office, connection, seed, until)
    return year.report


class _Year:
    """The queue of everything that is going to happen, and the half days in which it does."""

    def __init__(
        self, office: Office, clerks: Clerks, dice: Random, calendar: WorkingCalendar, until: datetime
    ) -> None:
        self.office, self.clerks, self.dice, self.calendar, self.until = office, clerks, dice, calendar, until
        self.queue: list[tuple[datetime, int, Arrival | tuple[UUID, Next]]] = []
        self.order = count()
        self.characters: dict[UUID, Character] = {}
        self.planned: dict[UUID, set[str]] = {}
        self.looked_at = until - YEAR
        self.report = DemoReport()
        office.invented, office.telling = True, Telling.NOBODY

    def expect(self, arrivals: list[Arrival]) -> None:
        """Put arrivals into the queue."""
        for arrival in arrivals:
            heapq.heappush(self.queue, (arrival.at, next(self.order), arrival))

    def run(self, progress: Progress | None) -> None:
        """Half a day at a time, in one transaction each; the monitor looks whenever something falls due."""
        while self.queue and self.queue[0][0] <= self.until:
            session_ends = min(self.queue[0][0] + timedelta(hours=5), self.until)
            if self.queue[0][0] > self.until - TOLD:
                self.office.telling = Telling.PEOPLE
            with self.office.database.writing() as connection:
                while self._watch_until(connection, session_ends):
                    at, _, happening = heapq.heappop(self.queue)
                    self._happen(connection, at, happening)
            if progress is not None:
                progress(self.report.dossiers)
        with self.office.database.writing() as connection:
            self._watch_until(connection, self.until)

    def _happen(self, connection: Connection, at: datetime, happening: Arrival | tuple[UUID, Next]) -> None:
        try:
            if isinstance(happening, Arrival):
                self._arrive(connection, happening)
            else:
                dossier_id, planned = happening
                receipt = service.execute(
                    self.office, connection, dossier_id, planned.command, planned.actor, at
                )
                self._plan(connection, receipt.state, at)
            self.report.commands += 1
        except MotcuaError as refusal:
            # What was planned no longer applies: the dossier was stopped, somebody else was first.
            self.report.refused[refusal.code] = self.report.refused.get(refusal.code, 0) + 1

    def _arrive(self, connection: Connection, arrival: Arrival) -> None:
        month = self.calendar.to_local(arrival.at).month
        late = self.dice.random() < min(0.9, arrival.late_rate * shape().month_factor(month))
        character = Character(
            overrun=0.6 + self.dice.expovariate(1.5) if late else 0.0,
            culprit=self.dice.choice((1, 2, 2, 3)),
            supplement=self.dice.random() < 0.05,
            negative=self.dice.random() < 0.03,
        )
        command = Register(
            procedure=arrival.procedure,
            applicant=self._applicant(),
            channel=arrival.channel,
            facts={},
        )
        actor = self.clerks.actor(arrival.desk, Role.RECEPTIONIST)
        receipt = service.register(self.office, connection, command, actor, arrival.at)
        self.characters[receipt.dossier_id] = character
        self.report.dossiers += 1
        self._plan(connection, receipt.state, arrival.at)

    def _applicant(self) -> NewApplicant:
        return NewApplicant(
            kind=ApplicantKind.PERSON,
            name=invented_name(self.dice),
            identity_no=f"0990{self.dice.randrange(10**8):08}",
            phone=f"0900{self.dice.randrange(10**6):06}",
            address=f"Khu {self.dice.randrange(1, 20)}, Phú Thọ",
        )

    def _plan(self, connection: Connection, state: State | None, at: datetime) -> None:
        """Queue what people will do next, each thing once."""
        if state is None:
            return
        character = self.characters.setdefault(state.id, Character(0.0, 1, False, False))
        plan = self.office.plan(connection, state.procedure, state.version)
        known = self.planned.setdefault(state.id, set())
        for planned in self.clerks.plans(state, plan, self.calendar, character, at):
            if planned.key not in known:
                known.add(planned.key)
                heapq.heappush(self.queue, (planned.at, next(self.order), (state.id, planned)))

    def _watch_until(self, connection: Connection, until: datetime) -> bool:
        """Let the monitor look until somebody does something (true) or until the end of the session."""
        while True:
            happens_at = self.queue[0][0] if self.queue else None
            ends = until if happens_at is None else min(until, happens_at)
            due_at = records.first_duty(connection)
            look = max(due_at or ends, self.looked_at) + LOOKS_EVERY
            if due_at is None or look > ends:
                return happens_at is not None and happens_at <= until
            self._watch(connection, look)
            self.looked_at = look

    def _watch(self, connection: Connection, at: datetime) -> None:
        for dossier_id in records.with_duty(connection, at, 10_000):
            receipt = service.execute(self.office, connection, dossier_id, Tick(), SYSTEM, at)
            self._plan(connection, receipt.state, at)


def _arrivals(
    figures: Shape,
    definitions: dict[str, Definition],
    dice: Random,
    calendar: WorkingCalendar,
    begins: datetime,
    until: datetime,
    dossiers: int,
) -> list[Arrival]:
    """Who will come when and with what, by the figures of the province."""
    minutes = calendar.between(begins, until)
    province_desk = next(place.code for place in figures.others if place.kind == "one_stop")
    arrivals: list[Arrival] = []
    while len(arrivals) < dossiers:
        at = calendar.add(begins, minutes=dice.randrange(minutes))
        if dice.random() < figures.provincial_share:
            procedure = _weighted(dice, figures.provincial_procedures)
            desk, rate = province_desk, _provincial_rate(figures, procedure, definitions)
        else:
            commune = dice.choices(figures.communes, [place.received for place in figures.communes])[0]
            share = figures.certified_share / (1 - figures.provincial_share)
            certified = dice.random() < share
            procedure = figures.certified_copy if certified else _weighted(dice, figures.commune_procedures)
            desk, rate = f"{commune.code}.01", 0.022 if certified else commune.late_rate * 1.3
        definition = definitions[procedure]
        if calendar.to_local(at).date() < definition.effective_from:
            continue
        arrivals.append(Arrival(at, procedure, desk, rate, _channel(figures, definition, dice)))
    return arrivals


def _weighted(dice: Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def _provincial_rate(figures: Shape, procedure: str, definitions: dict[str, Definition]) -> float:
    """The late rate of the body that decides; land papers share the rate of agriculture and environment."""
    kinds = {participant.kind for participant in definitions[procedure].participants.values()}
    by_kind: dict[str, Place] = {place.kind: place for place in figures.departments}
    if "land_registry" in kinds:
        return by_kind["department.agriculture"].late_rate
    rates = [by_kind[kind].late_rate for kind in kinds if kind in by_kind and kind != "committee.office"]
    return max(rates, default=0.1)


def _channel(figures: Shape, definition: Definition, dice: Random) -> Channel:
    if Channel.ONLINE in definition.channels and dice.random() < figures.online_share:
        return Channel.ONLINE
    return Channel.DIRECT
