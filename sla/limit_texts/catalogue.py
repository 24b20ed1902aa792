"""One row of the catalogue read: its value and unit columns against what its text says.

The columns and the text are two statements about one limit. Where they exclude each other the reading says
so; where the columns give no unit the text alone decides.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from sla.limit_texts.cuts import Description, description_of, unit_words_of
from sla.limit_texts.model import Kind, NoteKind, Piece, Reading, ReadLimit, Source, Verdict, reason
from sla.limit_texts.prose import BASE, Prose, doubt_of, judge, refuse
from sla.limit_texts.standing import ends_elsewhere, standing_role
from sla.limit_texts.times import find_times
from sla.limit_texts.words import fold, original
from sla.limits import Limit, Unit

_PLAIN_UNITS = {
    "working_day": Unit.WORKING_DAY,
    "calendar_day": Unit.CALENDAR_DAY,
    "month": Unit.MONTH,
    "year": Unit.YEAR,
}
_HOURS = (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)
_SIDE_CASE = re.compile(
    r"hồ sơ[\w ]* (?:không|chưa) (?:đầy đủ|hợp lệ|đủ|đáp ứng)|(?:không|chưa) (?:hợp lệ|đầy đủ|đủ điều kiện)"
    r"|không (?:cấp|đồng ý)|từ chối"
)

_APPLY_EARLY = re.compile(r"\bít nhất\b.*\b(?:nộp|gửi)\b")


def read_catalogue_row(value: str, unit: str, raw_unit: str, text: str) -> Reading:
    """What a row says: ``value`` and ``unit`` as extracted, the raw unit words and the description."""
    description = description_of(text)
    if unit == "hour":
        return _hours(value, description)
    if unit in _PLAIN_UNITS:
        return _plain(value, _PLAIN_UNITS[unit], description)
    if unit == "other":
        return _without_unit(value, description)
    return _worded(value, raw_unit, description)


def _plain(value: str, unit: Unit, text: Description) -> Reading:
    amount = _amount(value)
    if amount is None:
        return refuse(text.prose, Verdict.NOT_UNDERSTOOD, "value_unreadable")
    if amount == 0:
        return refuse(text.prose, Verdict.AMBIGUOUS, "zero")
    if amount != amount.to_integral_value() and unit is not Unit.WORKING_DAY:
        perhaps = _of_columns(value, Limit(amount, Unit.WORKING_DAY))
        return refuse(text.prose, Verdict.AMBIGUOUS, "fraction", perhaps)
    return _against(_of_columns(value, Limit(amount, unit)), text)


def _amount(value: str) -> Decimal | None:
    try:
        amount = Decimal(value.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= 10_000 else None


def _of_columns(value: str, limit: Limit) -> ReadLimit:
    return ReadLimit(limit, Kind.TOTAL, Piece(f"{value} {limit.unit}", source=Source.COLUMNS))


def _against(column: ReadLimit, text: Description) -> Reading:
    """A limit the columns state against the description."""
    prose = text.prose
    if not prose.limits and not prose.doubts:
        return _alone(column, text)
    base = prose.of(*BASE)
    agreed = any(each.limit == column.limit for each in base)
    if not agreed and any(each.limit.amount == column.limit.amount for each in base):
        return refuse(prose, Verdict.CONTRADICTORY, "unit_differs", column)
    if prose.doubts:
        return refuse(prose, Verdict.AMBIGUOUS, prose.doubts[0], column)
    if agreed:
        code = doubt_of(prose) or ("text_cut" if text.cut_short else "")
        return refuse(prose, Verdict.AMBIGUOUS, code, column) if code else text.understood()
    if text.cut_short and any(each.kind is not Kind.STAGE for each in base):
        return refuse(prose, Verdict.AMBIGUOUS, "text_cut", column)
    return _apart(column, text)


def _alone(column: ReadLimit, text: Description) -> Reading:
    """The description names no limit of its own."""
    prose = text.prose
    if prose.says_no_limit:
        return refuse(prose, Verdict.CONTRADICTORY, "no_limit_differs", column)
    if prose.noted(NoteKind.IMMEDIATE):
        return refuse(prose, Verdict.CONTRADICTORY, "immediate_differs", column)
    if ends_elsewhere(fold(prose.text)):
        return refuse(prose, Verdict.CONTRADICTORY, "open_end", column)
    if code := _other_time(column, prose):
        return refuse(prose, Verdict.AMBIGUOUS, code, column)
    if text.cut_short:
        return refuse(prose, Verdict.AMBIGUOUS, "text_cut", column)
    return text.understood(_standing(column, prose.text))


def _other_time(column: ReadLimit, prose: Prose) -> str:
    """Why a time in the text that is no limit throws doubt on the columns, or nothing.

    The columns may have taken it for the limit; and when an office must act so long before an event, that
    is a second deadline, while an applicant's duty to apply early is none.
    """
    aside = [note for note in prose.notes if note.kind in (NoteKind.OTHER_TIME, NoteKind.COUNTED_BACK)]
    if any(column.limit in time.limits for note in aside for time in find_times(note.piece.words)):
        return "role_unclear"
    if prose.noted(NoteKind.COUNTED_BACK) and not _APPLY_EARLY.search(fold(prose.text)):
        return "counted_back"
    return ""


def _standing(limit: ReadLimit, text: str) -> ReadLimit:
    """A limit of the columns with the case or stage its description names."""
    role = standing_role(text)
    if limit.kind is not Kind.TOTAL or role.kind is None:
        return limit
    start = limit.counted_from or original(text, role.counted_from)
    return replace(limit, kind=role.kind, condition=original(text, role.condition), counted_from=start)


def _apart(column: ReadLimit, text: Description) -> Reading:
    """The description names limits, none of them that of the columns."""
    prose = text.prose
    base = prose.of(*BASE)
    if any(each.limit == column.limit for each in prose.limits):
        return refuse(prose, Verdict.AMBIGUOUS, "role_unclear", column)
    staged = any(each.kind is Kind.STAGE for each in base)
    disputing = [
        each for each in base if each.kind is not Kind.STAGE and not (staged and _is_side_case(each))
    ]
    if disputing:
        total = prose.total
        sums = {total.limit.amount + each.limit.amount for each in prose.of(Kind.EXTRA)} if total else set()
        if (
            total
            and column.limit.amount in sums
            and {each.limit.unit for each in prose.limits} == {column.limit.unit}
        ):
            return text.understood(*prose.limits, note=NoteKind.COLUMN_IS_SUM)
        return refuse(prose, Verdict.CONTRADICTORY, "amount_differs", column)
    if prose.of(Kind.EXTRA) and not base:  # the column may already hold the extension
        return refuse(prose, Verdict.AMBIGUOUS, "no_base", column)
    counted = [each for each in prose.limits if each.kind in (*BASE, Kind.EXTRA)]
    if any(each.limit.unit is not column.limit.unit for each in counted):
        return refuse(prose, Verdict.AMBIGUOUS, "column_unit_doubtful", column)
    if any(each.limit.amount > column.limit.amount for each in base):
        return refuse(prose, Verdict.CONTRADICTORY, "amount_differs", column)
    return text.understood(column, *prose.limits)


def _is_side_case(limit: ReadLimit) -> bool:
    """A limit for refusing or for asking for more papers disputes no limit of the columns."""
    return limit.kind is Kind.CASE and bool(_SIDE_CASE.search(fold(limit.condition)))


def _hours(value: str, text: Description) -> Reading:
    """The column says “hours” without saying which; only the text can."""
    amount = _amount(value)
    prose = text.prose
    if not amount:
        return refuse(prose, Verdict.NOT_UNDERSTOOD, "value_unreadable" if amount is None else "zero")
    perhaps = [_of_columns(value, Limit(amount, unit)) for unit in _HOURS]
    base = prose.of(*BASE)
    if prose.doubts or (not base and not prose.says_no_limit and not prose.noted(NoteKind.IMMEDIATE)):
        disagree = prose.doubtful and all(each.limit.amount != amount for each in prose.doubtful)
        verdict = Verdict.CONTRADICTORY if disagree else Verdict.AMBIGUOUS
        return refuse(prose, verdict, "amount_differs" if disagree else "hour_kind_unknown", *perhaps)
    if not base:
        code = "no_limit_differs" if prose.says_no_limit else "immediate_differs"
        return refuse(prose, Verdict.CONTRADICTORY, code, *perhaps)
    for column in perhaps:
        same_unit = all(each.limit.unit is column.limit.unit for each in base)
        stages = all(each.kind is Kind.STAGE for each in base)
        if any(each.limit == column.limit for each in base):
            return _against(column, text)
        if same_unit and stages and sum(each.limit.amount for each in base) == amount:
            return text.understood(column, *prose.limits)
    return refuse(prose, Verdict.CONTRADICTORY, "amount_differs", *perhaps)


def _without_unit(value: str, text: Description) -> Reading:
    """A value without a unit means nothing by itself: the description alone decides."""
    prose = text.prose
    alone = _judged(text)
    amount = _amount(value)
    unsaid = all(each.limit.amount != amount for each in alone.limits)
    if alone.verdict is Verdict.UNDERSTOOD and amount and amount > 1 and unsaid:
        return refuse(prose, Verdict.CONTRADICTORY, "amount_differs")
    if alone.verdict is Verdict.NOT_UNDERSTOOD and amount and alone.reason == reason("no_time"):
        return refuse(prose, Verdict.NOT_UNDERSTOOD, "unit_missing")
    return alone


def _judged(text: Description) -> Reading:
    """A description that alone states the limit: cut anywhere, it may have gone on."""
    judged = judge(text.prose)
    if text.cut and judged.verdict is Verdict.UNDERSTOOD:
        return refuse(text.prose, Verdict.AMBIGUOUS, "text_cut")
    return text.noting_cut(judged)


def _worded(value: str, raw_unit: str, text: Description) -> Reading:
    """The unit column holds words, with the value before them or a whole text of its own."""
    words = unit_words_of(value, raw_unit)
    stated = words.prose
    told = bool(text.prose.limits or text.prose.doubts)
    if not stated.limits and not stated.doubts:
        return _wordless(words, text, told)
    stem = fold(stated.text).rstrip(" .")
    if told and stem and stem in fold(text.prose.text):
        return _judged(text) if not text.cut or words.cut else _judged(words)
    single = len(stated.limits) == len(stated.of(*BASE)) == 1 and not stated.doubts
    counts = single and bool(_amount(value)) and not words.cut_short
    if counts:
        return _against(_standing(stated.limits[0], ""), text) if told else _worded_alone(words, text)
    judged = _judged(words)
    if not told:
        return judged
    other = _judged(text)
    if judged.verdict is other.verdict is Verdict.UNDERSTOOD and _same(judged, other):
        return other
    both_clear = judged.verdict is other.verdict is Verdict.UNDERSTOOD
    return Reading(
        Verdict.CONTRADICTORY if both_clear else Verdict.AMBIGUOUS,
        candidates=(*judged.limits, *judged.candidates, *other.limits, *other.candidates),
        notes=(*judged.notes, *other.notes),
        unread=(*judged.unread, *other.unread),
        reason=reason("amount_differs") if both_clear else (judged.reason or other.reason),
    )


def _worded_alone(words: Description, text: Description) -> Reading:
    limit = _standing(words.prose.limits[0], text.prose.text)
    read = words.understood(limit)
    return replace(read, notes=(*read.notes, *text.prose.notes))


def _wordless(words: Description, text: Description, told: bool) -> Reading:
    """Unit words without a time: “Không quy định”, “Theo mô tả”, “/12 hàng năm”."""
    if not words.prose.text or (told and not words.prose.says_no_limit):
        return _judged(text)
    if told:
        return refuse(text.prose, Verdict.CONTRADICTORY, "no_limit_differs")
    judged = judge(words.prose)
    beside = _judged(text)
    if judged.verdict is Verdict.NOT_UNDERSTOOD and beside.verdict is not Verdict.NOT_UNDERSTOOD:
        return beside
    return words.noting_cut(judged)


def _same(one: Reading, other: Reading) -> bool:
    return {each.limit for each in one.limits} == {each.limit for each in other.limits}
