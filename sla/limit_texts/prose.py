"""One text read: its limits, what it says about the clock, what it leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time as time_of_day
from decimal import Decimal

from sla.limit_texts.clauses import OPENER, Setting, settings
from sla.limit_texts.model import (
    Kind,
    Note,
    NoteKind,
    Piece,
    Reading,
    ReadLimit,
    Source,
    Verdict,
    reason,
)
from sla.limit_texts.roles import role_of
from sla.limit_texts.starts import from_reception
from sla.limit_texts.times import Shape, Time, find_times
from sla.limit_texts.words import fold, normalise, original
from sla.limits import Limit, Unit

BASE = (Kind.TOTAL, Kind.CASE, Kind.STAGE)
"""Kinds a deadline can start from."""


@dataclass(frozen=True, slots=True)
class Prose:
    """What stands in a text, before any verdict."""

    text: str
    limits: tuple[ReadLimit, ...] = ()
    doubtful: tuple[ReadLimit, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    unread: tuple[Piece, ...] = ()
    says_no_limit: bool = False

    @property
    def total(self) -> ReadLimit | None:
        """The limit for every case, if there is one."""
        return next(iter(self.of(Kind.TOTAL)), None)

    def of(self, *kinds: Kind) -> tuple[ReadLimit, ...]:
        """The limits of some kinds."""
        return tuple(each for each in self.limits if each.kind in kinds)

    def noted(self, kind: NoteKind) -> bool:
        """Whether something of that kind was noticed."""
        return any(note.kind is kind for note in self.notes)


_WORDING = (
    (
        NoteKind.PAUSE,
        re.compile(
            r"\b(?:không|chưa) (?:tính|bao gồm|kể|gồm)\b[^.;()]*\b(?:thời|ngày)\b[^.;()]*"
            r"|\btạm dừng tính\b[^.;()]*"
        ),
    ),
    (NoteKind.RESTART, re.compile(r"\b(?:tính|bắt đầu) lại\b[^.;()]*")),
    (
        NoteKind.SILENCE,
        re.compile(
            r"\b(?:coi|xem|mặc nhiên)(?: như| là)* (?:là )?(?:đã )?"
            r"(?:đồng ý|chấp thuận|thống nhất|nhất trí)\b[^.;()]*"
        ),
    ),
    (
        NoteKind.IMMEDIATE,
        re.compile(
            r"\bngay (?:sau )?khi\b[^.;]*|\bngay sau\b[^.;]*|\btự động phản hồi\b|\bphản hồi tự động\b"
            r"|\b(?:giải quyết|trả kết quả|cấp|đổi|thực hiện|trả|xác nhận) ngay\b(?! trong)[^.;]*"
        ),
    ),
)
_NO_LIMIT = re.compile(
    r"(?:^|[.;(:] ?)\W*(?:thời (?:hạn|gian|giạn)(?: giải quyết| thực hiện| xử lý)?:? ?(?:là )?)?"
    r"(?:không|chưa) (?:có )?quy định(?: cụ thể)?(?=\W*(?:$|[.;)]))"
    r"|\b(?:không|chưa) (?:có )?quy định(?: cụ thể)?(?: về)? thời (?:hạn|gian)"
    r"(?= giải quyết| thực hiện| xử lý| trả|\W*$|,| và)"
    r"|\bkhông có thời (?:gian|hạn)\b|\bkhông phải trả kết quả\b"
)
_OTHER_LABEL = re.compile(r"\b(?:cách thức|phí|lệ phí|hồ sơ|thời (?:hạn|gian) (?!giải|thực|xử)\w)[\w, ]*: ?$")
_REFERS = re.compile(
    r"^\W*(?:theo|tùy|tuỳ|căn cứ|hướng dẫn tại)\b|\bthực hiện theo (?:dự án|quy định|kế hoạch)\b"
    r"|\bquy định chi tiết\b|\btrong giấy hẹn\b"
)
_NO_HOLIDAYS = re.compile(
    r"(?:\b(?:không|chưa) (?:bao gồm|tính|kể|gồm)|\btrừ)(?: cả| các| những| vào)*"
    r" (?:ngày )?(?:nghỉ|lễ|tết|thứ|chủ nhật)\b"
)
_ROLE_DOUBTS = frozenset({"role_unclear", "per_unit", "open_sum"})


def read_limit_text(text: str) -> Reading:
    """What a text says about how long something may take; it never guesses."""
    return judge(read_prose(normalise(text)))


def read_prose(text: str, source: Source = Source.TEXT) -> Prose:
    """Everything a normalised text holds about time, not yet judged."""
    found = find_times(text)
    times = _with_cut_off(text, found)
    limits: list[ReadLimit] = []
    doubtful: list[ReadLimit] = []
    doubts: list[str] = []
    unread: list[Piece] = []
    notes = _wording_notes(text, source)
    for setting in settings(text, times):
        piece = _piece(text, setting.time.start, setting.time.end, source)
        role = role_of(setting)
        if role.note:
            notes.append(Note(role.note, piece))
            continue
        code = setting.time.code or role.code or _holidays_left_out(setting)
        condition, start = (original(text, each) for each in (role.condition, role.counted_from))
        read = [
            ReadLimit(limit, role.kind or Kind.TOTAL, piece, condition, start)
            for limit in setting.time.limits
        ]
        if not code:
            limits.extend(read)
            continue
        doubts.append(code)
        doubtful.extend(read)
        if not read or role.code:
            unread.append(piece)
    for time in found:
        if time.shape in (Shape.DATE, Shape.CLOCK):
            kind = NoteKind.DATE if time.shape is Shape.DATE else NoteKind.CUT_OFF
            notes.append(Note(kind, _piece(text, time.start, time.end, source)))
    return Prose(
        text,
        _followed(_once(limits)),
        tuple(doubtful),
        tuple(doubts),
        tuple(notes),
        tuple(unread),
        _says_no_limit(fold(text), source),
    )


def judge(prose: Prose) -> Reading:
    """The verdict on a text that stands alone."""
    code = doubt_of(prose)
    if code:
        verdict = Verdict.AMBIGUOUS if prose.limits or prose.doubtful else Verdict.NOT_UNDERSTOOD
        return refuse(prose, verdict, code)
    if prose.limits:
        if prose.says_no_limit:
            return refuse(prose, Verdict.CONTRADICTORY, "no_limit_differs")
        return Reading(Verdict.UNDERSTOOD, prose.limits, notes=prose.notes)
    if prose.says_no_limit:
        return Reading(Verdict.NO_LIMIT, notes=prose.notes)
    return _without_limit(prose)


def refuse(prose: Prose, verdict: Verdict, code: str, *more: ReadLimit) -> Reading:
    """A reading that was not understood: what was read is kept as candidates."""
    return Reading(
        verdict,
        candidates=(*more, *prose.limits, *prose.doubtful),
        notes=prose.notes,
        unread=prose.unread,
        reason=reason(code),
    )


def doubt_of(prose: Prose) -> str:
    """Why the limits of a text cannot be counted, or nothing."""
    if prose.doubts:
        return prose.doubts[0]
    if not prose.limits:
        return ""
    base = prose.of(*BASE)
    if not base:
        return "no_base"
    if prose.of(Kind.TOTAL) and prose.noted(NoteKind.IMMEDIATE):
        return "immediate"
    if len({each.limit for each in prose.of(Kind.TOTAL)}) > 1:
        return "several_without_condition"
    cases = {(each.condition, each.counted_from) for each in prose.of(Kind.CASE)}
    if len(cases) < len({(each.condition, each.counted_from, each.limit) for each in prose.of(Kind.CASE)}):
        return "several_without_condition"
    units = {each.limit.unit for each in base}
    if any(each.limit.unit not in units for each in prose.of(Kind.EXTRA)):
        return "mixed_units"
    return ""


def _without_limit(prose: Prose) -> Reading:
    low = fold(prose.text)
    if prose.noted(NoteKind.IMMEDIATE):
        note = next(note for note in prose.notes if note.kind is NoteKind.IMMEDIATE)
        perhaps = ReadLimit(Limit(Decimal(1), Unit.SAME_DAY), Kind.TOTAL, note.piece)
        return refuse(prose, Verdict.AMBIGUOUS, "immediate", perhaps)
    if prose.noted(NoteKind.COUNTED_BACK):
        return refuse(prose, Verdict.NOT_UNDERSTOOD, "counted_back")
    if _REFERS.search(low):
        return refuse(prose, Verdict.NOT_UNDERSTOOD, "refers_elsewhere")
    return refuse(prose, Verdict.NOT_UNDERSTOOD, "date_only" if prose.noted(NoteKind.DATE) else "no_time")


def _with_cut_off(text: str, times: tuple[Time, ...]) -> tuple[Time, ...]:
    """“trong ngày ...; sau 15 giờ thì trong ngày làm việc tiếp theo” is one limit with a cut-off."""
    same = [time for time in times if time.shape is Shape.SAME_DAY]
    following = [time for time in times if time.shape is Shape.NEXT_DAY]
    after = [
        time
        for time in times
        if time.shape is Shape.CLOCK and fold(text[: time.start]).endswith(("sau ", "từ "))
    ]
    if len(same) != 1 or not after or same[0].code:
        return times
    day, clock = same[0], after[0]
    others = tuple(time for time in times if time is not day and time not in following)
    certain = len(following) == 1 and not following[0].code and len(after) == 1 and clock.hour[0] < 24
    if not certain:
        return (*others, replace(day, code="role_unclear"))
    limit = Limit(Decimal(1), Unit.SAME_DAY, time_of_day(*clock.hour))
    return tuple(sorted((*others, replace(day, limits=(limit,))), key=lambda time: time.start))


def _holidays_left_out(setting: Setting) -> str:
    calendar = any(limit.unit is Unit.CALENDAR_DAY for limit in setting.time.limits)
    return "holidays_excluded" if calendar and _NO_HOLIDAYS.search(setting.after) else ""


def _wording_notes(text: str, source: Source) -> list[Note]:
    low = fold(text)
    return [
        Note(kind, _piece(text, match.start(), match.end(), source))
        for kind, pattern in _WORDING
        for match in pattern.finditer(low)
    ]


def _says_no_limit(low: str, source: Source) -> bool:
    if source is Source.UNIT_WORDS and low.strip(" .") == "không":
        return True
    found = _NO_LIMIT.search(low)
    if not found:
        return False
    start = found.start() + len(found.group()) - len(found.group().lstrip(" .;(:"))
    return not _OTHER_LABEL.search(low[:start])


def _piece(text: str, start: int, end: int, source: Source) -> Piece:
    return Piece(text[start:end], start, end, source)


def _once(limits: list[ReadLimit]) -> tuple[ReadLimit, ...]:
    """The limits without exact repetitions."""
    seen: dict[tuple[Limit, Kind, str, str], ReadLimit] = {}
    for each in limits:
        seen.setdefault((each.limit, each.kind, each.condition, each.counted_from), each)
    return tuple(seen.values())


def _followed(limits: tuple[ReadLimit, ...]) -> tuple[ReadLimit, ...]:
    """A limit that another one follows, counted from what the first brought about, is itself a stage."""
    return tuple(
        replace(each, kind=Kind.STAGE)
        if (each.kind is Kind.TOTAL and any(_starts_inside(later) for later in limits[at + 1 :]))
        or (each.kind is Kind.CASE and _is_stage_beside(each, limits, at))
        else each
        for at, each in enumerate(limits)
    )


def _is_stage_beside(case: ReadLimit, limits: tuple[ReadLimit, ...], at: int) -> bool:
    """A case followed by the next step of the same case; a plain label listed beside stages."""
    later = limits[at + 1 : at + 2]
    if later and _starts_inside(later[0]) and later[0].condition in ("", case.condition):
        return True
    stages = any(each.kind is Kind.STAGE and each.condition for each in limits)
    return stages and not re.search(OPENER, fold(case.condition))


def _starts_inside(limit: ReadLimit) -> bool:
    start = fold(limit.counted_from)
    beside = re.search(r"\b(?:lấy ý kiến|xin ý kiến|bổ sung|hoàn thiện)\b", start)
    return limit.kind is Kind.STAGE and bool(start) and not beside and not from_reception(start)
