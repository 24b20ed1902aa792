"""Running a log: its groups are agencies, its planned end is the promise, its instants are the clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from uuid import UUID

from sqlalchemy import Connection

from dossiers.agencies.models import Role
from dossiers.agencies.service import NewAgency, add_agencies
from dossiers.core.errors import Conflict, MotcuaError
from dossiers.records import repository as records
from sla.calendars.book import Purpose
from sla.calendars.model import CalendarVersion
from sla.calendars.service import assign, publish
from workflows import service
from workflows.commands import FinishStep, NewApplicant, Note, Receive, Register
from workflows.definitions.model import Channel, Definition
from workflows.deliveries.owing import telling_nobody
from workflows.engine.draft import Actor
from workflows.office import Office
from workflows.procedures import save
from workflows.replay.reading import Log, LogCase, LogEvent, Oddity
from workflows.service import load
from workflows.sweep import sweep

ROOT, PROCEDURE, CALENDAR = "LOG", "LOG", "log-plain"
_ROLES = frozenset({Role.RECEPTIONIST, Role.OFFICER})
_CHANNELS = {"Internet": Channel.ONLINE, "e-mail": Channel.ONLINE, "Post": Channel.POSTAL}


class Turn(IntEnum):
    """In what order things of one instant are done."""

    START = 0
    EVENT = 1
    END = 2


@dataclass(slots=True)
class ReplayReport:
    """What the engine made of the log."""

    cases: int
    closed: int = 0
    late: int = 0
    open: int = 0
    open_past_promise: int = 0
    late_cases: list[str] = field(default_factory=list)
    open_past_promise_cases: list[str] = field(default_factory=list)
    reported: list[Oddity] = field(default_factory=list)


Progress = Callable[[int], None]


def replay(office: Office, log: Log, *, progress: Progress | None = None) -> ReplayReport:
    """Run the log and say what the engine found.

    1. The groups become agencies, and one procedure lets every group hand to every other.
    2. Everything of the log happens in order of time, day by day, the monitor looking once a day.
    3. At the log's last event: who was late, who is open past the promise.

    Nobody is told anything: it happened long ago.
    """
    with telling_nobody(office):
        return _run(office, log, progress)


def _run(office: Office, log: Log, progress: Progress | None) -> ReplayReport:
    with office.database.writing() as connection:
        _set_up(connection, log)
    runner = _Runner(office, log)
    done = 0
    for day, happenings in _days(log):
        with office.database.writing() as connection:
            for case, turn, event, at in happenings:
                runner.happen(connection, case, turn, event, at)
        done += len(happenings)
        sweep(office, datetime.combine(day + timedelta(days=1), datetime.min.time(), happenings[0][3].tzinfo))
        if progress is not None:
            progress(done)
    sweep(office, log.last_event_at)
    return _report(office, log, runner)


Happening = tuple[LogCase, Turn, LogEvent | None, datetime]


def steps_in(log: Log) -> int:
    """How many things happen in a log, for a progress bar."""
    return sum(len(case.events) + 1 + (case.ended_at is not None) for case in log.cases)


def _days(log: Log) -> Iterator[tuple[date, list[Happening]]]:
    ordered = sorted(
        (happening for case in log.cases for happening in _happenings(case)),
        key=lambda item: (item[3], item[0].id, item[1]),
    )
    day: date | None = None
    gathered: list[Happening] = []
    for happening in ordered:
        if day is not None and happening[3].date() != day:
            yield day, gathered
            gathered = []
        day = happening[3].date()
        gathered.append(happening)
    if day is not None:
        yield day, gathered


def _happenings(case: LogCase) -> Iterator[Happening]:
    yield case, Turn.START, None, case.begins_at
    for event in case.events:
        yield case, Turn.EVENT, event, event.at
    if case.ended_at is not None:
        yield case, Turn.END, None, max(case.ended_at, case.begins_at)


class _Runner:
    """Carries out what the log says, case by case."""

    def __init__(self, office: Office, log: Log) -> None:
        self.office, self.log = office, log
        self.agencies = dict(zip(log.groups, _codes(log.groups), strict=True))
        self.dossiers: dict[str, UUID] = {}
        self.groups: dict[str, str] = {}
        self.closed: set[str] = set()
        self.oddities: list[Oddity] = list(log.oddities)

    def happen(
        self, connection: Connection, case: LogCase, turn: Turn, event: LogEvent | None, at: datetime
    ) -> None:
        """Let one thing happen; what the engine refuses is reported, and the rest goes on."""
        try:
            if turn is Turn.START:
                self._start(connection, case, at)
            elif event is not None:
                self._event(connection, case, event, at)
            else:
                self._end(connection, case, at)
        except MotcuaError as refusal:
            self.oddities.append(Oddity(case.id, f"refused:{refusal.code}", refusal.message))

    def _start(self, connection: Connection, case: LogCase, at: datetime) -> None:
        group = case.events[0].group if case.events else next(iter(self.agencies))
        desk = self.agencies[group]
        receipt = service.register(
            self.office,
            connection,
            Register(
                procedure=PROCEDURE,
                applicant=NewApplicant(name=f"Vụ việc {case.id}"),
                channel=_CHANNELS.get(case.channel, Channel.DIRECT),
                desk=desk,
                bindings=self._bindings(desk),
                submitted_at=min(case.started_at, at),
                promised_at=None if case.is_promised_too_early else case.promised_at,
            ),
            self._actor(group, case.events[0].resource if case.events else ""),
            at,
            code=case.id,
        )
        self.dossiers[case.id] = receipt.dossier_id
        self.groups[case.id] = ""
        self._move(connection, case, group, at)

    def _bindings(self, desk: str) -> dict[str, tuple[str, ...]]:
        groups: dict[str, tuple[str, ...]] = {_slug(group): (code,) for group, code in self.agencies.items()}
        return groups | {"desk": (desk,)}

    def _event(self, connection: Connection, case: LogCase, event: LogEvent, at: datetime) -> None:
        if case.id not in self.closed:
            self._move(connection, case, event.group, at)
        self._do(connection, case, Note(activity=event.activity), event.group, event.resource, at)

    def _end(self, connection: Connection, case: LogCase, at: datetime) -> None:
        group = self.groups[case.id]
        self._do(
            connection, case, FinishStep(task=self._live(connection, case), outcome="xong"), group, "", at
        )
        self.closed.add(case.id)

    def _move(self, connection: Connection, case: LogCase, group: str, at: datetime) -> None:
        """Hand the file over when another group does the next thing."""
        before = self.groups[case.id]
        if before == group:
            return
        task = self._live(connection, case)
        self._do(connection, case, FinishStep(task=task, outcome=_slug(group)), before or group, "", at)
        if before:
            self._do(connection, case, Receive(task=self._live(connection, case)), group, "", at)
        self.groups[case.id] = group

    def _live(self, connection: Connection, case: LogCase) -> int:
        return load(connection, self.dossiers[case.id]).state.live_tasks()[0].no

    def _do(
        self,
        connection: Connection,
        case: LogCase,
        command: FinishStep | Receive | Note,
        group: str,
        resource: str,
        at: datetime,
    ) -> None:
        service.execute(
            self.office, connection, self.dossiers[case.id], command, self._actor(group, resource), at
        )

    def _actor(self, group: str, resource: str) -> Actor:
        return Actor("partner", resource or "log", self.agencies[group], _ROLES)


def _set_up(connection: Connection, log: Log) -> None:
    if records.id_of(connection, log.cases[0].id) is not None:
        raise Conflict(
            f"Hồ sơ {log.cases[0].id} đã có trong cơ sở dữ liệu này.",
            code="already_replayed",
            where=log.cases[0].id,
            hint="Chạy lại nhật ký trên một cơ sở dữ liệu mới (MOTCUA_DATABASE_URL).",
        )
    first = min(case.started_at for case in log.cases)
    add_agencies(
        connection,
        [
            NewAgency(ROOT, "Nhật ký", "committee.log"),
            *(
                NewAgency(code, group, "log.group", ROOT)
                for group, code in zip(log.groups, _codes(log.groups), strict=True)
            ),
        ],
    )
    publish(connection, _calendar(log, first), first)
    assign(connection, ROOT, Purpose.PROCESSING, CALENDAR)
    save(connection, _definition(log, first), first, publish=True)


def _codes(groups: list[str]) -> list[str]:
    return [f"{ROOT}.{number:02d}" for number in range(1, len(groups) + 1)]


def _slug(group: str) -> str:
    return "g_" + re.sub(r"[^a-z0-9]+", "_", group.lower()).strip("_")


def _calendar(log: Log, first: datetime) -> CalendarVersion:
    """Monday to Friday, no holidays: the log gives its dates itself, only warnings count working time."""
    last = max(log.last_event_at, *(case.promised_at or case.started_at for case in log.cases))
    hours = ["08:00-12:00", "13:00-17:00"]
    return CalendarVersion.from_dict(
        {
            "name": CALENDAR,
            "version": "1",
            "title": "Thứ Hai đến thứ Sáu, không có ngày lễ",
            "utc_offset": "+00:00",
            "day_minutes": 480,
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours),
            "days": [],
            "covers_from": f"{first.year - 1}-01-01",
            "covers_until": f"{last.year + 2}-12-31",
            "official_until": f"{last.year + 2}-12-31",
        }
    )


def _definition(log: Log, first: datetime) -> Definition:
    groups = {_slug(group): group for group in log.groups}
    onward = [{"id": slug, "name": f"Chuyển {name}", "next": slug} for slug, name in groups.items()]
    done = {"id": "xong", "name": "Kết thúc", "next": "ket_thuc"}
    steps = [
        {"id": "tiep_nhan", "name": "Tiếp nhận", "agency": "desk", "role": "receptionist",
         "outcomes": [*onward, done]},
        *(
            {"id": slug, "name": name, "agency": slug,
             "outcomes": [*(way for way in onward if way["id"] != slug), done]}
            for slug, name in groups.items()
        ),
    ]  # fmt: skip
    return Definition.model_validate(
        {
            "code": PROCEDURE,
            "version": 1,
            "name": "Hồ sơ theo nhật ký",
            "field": "Nhật ký",
            "level": "commune",
            "effective_from": f"{first.year - 1}-01-01",
            "split": "example",
            "split_note": "Nhật ký không phân bổ thời gian cho từng nhóm.",
            "participants": {"desk": {"name": "Nơi tiếp nhận", "kind": "log.group"}}
            | {slug: {"name": name, "kind": "log.group"} for slug, name in groups.items()},
            "receiving": "desk",
            "competent": "desk",
            "clock": {"rule": "civil-code"},
            "limits": [],
            "stages": [],
            "steps": steps,
            "ends": {"ket_thuc": {"name": "Kết thúc"}},
            "note": "Hẹn trả do nhật ký ấn định cho từng hồ sơ.",
        }
    )


def _report(office: Office, log: Log, runner: _Runner) -> ReplayReport:
    report = ReplayReport(cases=len(log.cases), reported=runner.oddities)
    with office.database.reading() as connection:
        for case in log.cases:
            dossier_id = runner.dossiers.get(case.id)
            if dossier_id is None:
                continue
            row = records.lock(connection, dossier_id)
            assert row is not None
            late = row.late_since is not None
            if row.closed_at is not None:
                report.closed += 1
                report.late += late
            else:
                report.open += 1
                report.open_past_promise += late
            if late:
                where = report.late_cases if row.closed_at is not None else report.open_past_promise_cases
                where.append(case.id)
    return report
