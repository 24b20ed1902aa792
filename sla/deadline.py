"""Due dates: when a limit ends, why, what is left of it, and what late means.

``due`` gives one value that the slip prints, the screen shows and the monitor enforces; ``Deadline.lines``
shows the working behind it and ``recompute`` proves it. The rules are explained to an officer in
``docs/deadlines.md``. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dossiers.core.errors import BadInput
from dossiers.core.said import Said
from sla.counting import Cause, Opened, Piece, Ran, Stop, Stopped, Terms, terms_for
from sla.explanation import explain
from sla.limits import Limit, Rule, Unit
from sla.lines import Line, LineKind, LineUnit
from sla.recompute import recompute
from sla.stages import (
    MINUTE,
    Count,
    DayEnd,
    Extension,
    OutsideHours,
    Pause,
    PauseEffect,
    Stage,
    stages_of,
)
from sla.working_time import WorkingCalendar, from_epoch, to_epoch

__all__ = [
    "DayEnd", "Deadline", "Extension", "Line", "LineKind", "LineUnit", "OutsideHours", "Pause",
    "PauseEffect", "Portion", "consumed", "due", "is_late", "recompute", "remaining",
]  # fmt: skip

_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a limit: what is left of it, or what is used.

    ``amount`` is in ``unit``: the limit's own, but days for weeks, months and years. ``minutes`` is the
    same in minutes: a working day has the calendar's day length, a calendar day 1440. ``then`` are the
    extensions that follow and have not begun.
    """

    amount: Decimal
    unit: Unit
    minutes: int
    then: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date and everything it was counted from.

    ``start`` is on a whole minute, in UTC. ``due_at`` is the last minute in time, in UTC; ``None`` while a
    pause is open, and then ``remaining`` says what is left.
    """

    start: datetime
    due_at: datetime | None
    terms: Terms
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    remaining: Portion | None = None

    @property
    def limit(self) -> Limit:
        """The limit counted."""
        return self.terms.limit

    @property
    def rule(self) -> Rule:
        """The rule it was counted by."""
        return self.terms.rule

    @property
    def calendar_id(self) -> str:
        """The version of the calendar it was counted on."""
        return self.terms.calendar.id

    @property
    def provisional(self) -> bool:
        """Whether a date up to the due date (or the open pause) lies after the last official notice."""
        until = self.due_at or self.pauses[-1].since
        return self.terms.calendar.to_local(until).date() > self.terms.calendar.version.official_until

    @property
    def lines(self) -> tuple[Line, ...]:
        """The working shown, made each time it is asked for."""
        return explain(self.terms, to_epoch(self.start), _stops(self.pauses, self.start), self.extensions)


def due(
    start: datetime,
    limit: Limit,
    rule: Rule,
    calendar: WorkingCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    outside_hours: OutsideHours = OutsideHours.AS_IS,
    day_end: DayEnd = DayEnd.CLOSING,
) -> Deadline:
    """When the limit ends. Seconds of the start and of pauses are dropped: the minute counts.

    Raises ``BadInput``: ``calendar_out_of_range``, ``instant_naive``, ``limit_not_whole_minutes``,
    ``pause_reversed``, ``pause_before_start``, ``pauses_overlap``, ``pause_open_not_last``,
    ``extension_same_day``.
    """
    terms = terms_for(limit, rule, calendar, outside_hours, day_end)
    since = to_epoch(start)
    since -= since % MINUTE
    if not pauses and not extensions:
        moment = datetime.fromtimestamp
        return Deadline(moment(since, UTC), moment(terms.due(since), UTC), terms)
    for extension in extensions:
        if extension.limit.unit is Unit.SAME_DAY:
            raise BadInput(
                "Không gia hạn bằng thời hạn “trong ngày”.",
                code="extension_same_day",
                hint="Gia hạn bằng giờ, ngày, ngày làm việc, tuần, tháng hoặc năm.",
            )
    pieces = terms.walk(since, _stops(pauses, start), extensions)
    last = pieces[-1]
    granted = tuple(extensions)
    if isinstance(last, Ran):
        return Deadline(from_epoch(since), from_epoch(last.end), terms, tuple(pauses), granted)
    left = _left(terms, pieces, granted)
    return Deadline(from_epoch(since), None, terms, tuple(pauses), granted, left)


def is_late(at: datetime, due_at: datetime) -> bool:
    """Whether the instant is past the due minute: the whole of that minute is still in time."""
    return at >= due_at + _ONE_MINUTE


def remaining(deadline: Deadline, at: datetime) -> Portion:
    """What is left of the limit at an instant, as if the clock were stopped then.

    Where days are counted, a day that has begun is used. Nothing is left after the due date.
    """
    pieces = _played_until(deadline, at)
    last = pieces[-1]
    if isinstance(last, Ran):
        return _portion(deadline.terms, last.stage, 0)
    return _left(deadline.terms, pieces, deadline.extensions)


def consumed(deadline: Deadline, at: datetime) -> Portion:
    """What is used at an instant of the limit, or of the extension when one runs; a restart forgets."""
    stage = deadline.terms.stages[0]
    used = whole_days = 0
    for piece in _played_until(deadline, at):
        if isinstance(piece, Opened):
            whole_days = used if piece.cause is Cause.FRACTION else 0
            stage, used = piece.stage, 0
        elif isinstance(piece, Ran):
            used += piece.used
        elif piece.stop.pause.effect is PauseEffect.RESTART:
            stage, used, whole_days = deadline.terms.stages[0], 0, 0
    return _portion(deadline.terms, stage, used, whole_days=whole_days)


def _played_until(deadline: Deadline, at: datetime) -> list[Piece]:
    """What happened up to an instant, ending with a stop there unless the due date came first."""
    since = to_epoch(deadline.start)
    now = max(to_epoch(at), since)
    now -= now % MINUTE
    stops = [one for one in _stops(deadline.pauses, deadline.start) if one.since <= now]
    if stops and (stops[-1].until is None or stops[-1].until > now):
        stops[-1] = Stop(stops[-1].since, None, stops[-1].pause)
    else:
        stops.append(Stop(now, None, Pause(at, None)))
    return deadline.terms.walk(since, stops, deadline.extensions)


def _left(terms: Terms, pieces: Sequence[Piece], extensions: Sequence[Extension]) -> Portion:
    """What is left when the last piece is a stop that lasts."""
    stopped = pieces[-1]
    assert isinstance(stopped, Stopped)
    begun = sum(isinstance(one, Opened) and one.cause is Cause.EXTENSION for one in pieces)
    then = tuple(extensions[begun:])
    opened = next(one for one in reversed(pieces) if isinstance(one, Opened))
    stages = terms.stages
    if stopped.stop.pause.effect is PauseEffect.RESTART:
        return _portion(terms, stages[0], terms.need_of(stages[0], stopped.stop.since), stages[1:], then)
    if opened.extension is not None:
        stages = stages_of(opened.extension.limit, terms.rule, terms.calendar.version.day_minutes)
    rest = stages[1:] if stopped.stage.whole_of_fraction else ()
    return _portion(terms, stopped.stage, stopped.left, rest, then)


def _portion(
    terms: Terms,
    stage: Stage,
    amount: int,
    rest: tuple[Stage, ...] = (),
    then: tuple[Extension, ...] = (),
    *,
    whole_days: int = 0,
) -> Portion:
    """So many seconds or days of a stage, with the fraction that follows or the whole days before it."""
    each = terms.calendar.version.day_minutes
    unit = stage.limit.unit
    if stage.count is Count.CALENDAR_DAYS:
        return Portion(Decimal(amount), Unit.CALENDAR_DAY, amount * 24 * 60, then)
    if unit in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR):
        return Portion(Decimal(amount // MINUTE) / 60, unit, amount // MINUTE, then)
    minutes = amount * each if stage.count.in_days else amount // MINUTE
    minutes += whole_days * each + sum(one.need for one in rest) // MINUTE
    return Portion(Decimal(minutes) / each, unit, minutes, then)


def _stops(pauses: Sequence[Pause], start: datetime) -> list[Stop]:
    """The pauses in whole minutes. Raises ``BadInput`` unless each is possible and they are in order."""
    stops: list[Stop] = []
    free_from = to_epoch(start) // MINUTE * MINUTE
    wrong = "pause_before_start"
    for pause in pauses:
        since = to_epoch(pause.since) // MINUTE * MINUTE
        until = None if pause.until is None else to_epoch(pause.until) // MINUTE * MINUTE
        if stops and stops[-1].until is None:
            wrong = "pause_open_not_last"
        elif since >= free_from and (until is None or until >= since):
            stops.append(Stop(since, until, pause))
            free_from, wrong = until or since, "pauses_overlap"
            continue
        elif until is not None and until < since:
            wrong = "pause_reversed"
        raise BadInput(_WRONG_PAUSES[wrong], code=wrong, where=pause.since.isoformat())
    return stops


_WRONG_PAUSES = {
    "pause_before_start": Said("Tạm dừng không thể bắt đầu trước khi thời hạn bắt đầu."),
    "pause_open_not_last": Said("Lần tạm dừng trước chưa kết thúc."),
    "pause_reversed": Said("Tạm dừng kết thúc trước khi bắt đầu."),
    "pauses_overlap": Said("Các lần tạm dừng chồng lên nhau hoặc sai thứ tự."),
}
