"""What a reading of a text says: a verdict, what was read, what was only noticed, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sla.limits import Limit


class Verdict(StrEnum):
    """How far a text was understood. Only ``UNDERSTOOD`` may be counted with."""

    UNDERSTOOD = "understood"
    AMBIGUOUS = "ambiguous"
    """It has more than one possible meaning; ``candidates`` lists them."""
    CONTRADICTORY = "contradictory"
    """Two of its statements exclude each other; ``candidates`` holds both."""
    NO_LIMIT = "no_limit"
    """It says that no limit is set."""
    NOT_UNDERSTOOD = "not_understood"


class Kind(StrEnum):
    """What a limit is for."""

    TOTAL = "total"
    """From the reception of the dossier to its result."""
    CASE = "case"
    """The same, but only under ``condition``."""
    STAGE = "stage"
    """Begins or ends at an event inside the process: never the limit of the whole."""
    EXTRA = "extra"
    """Added to the total or the case under ``condition``."""
    EXCLUDED = "excluded"
    """Time that is not counted."""
    APPLICANT = "applicant"
    """Time the applicant has, not the office."""


class NoteKind(StrEnum):
    """Wording about the clock, and times that are no limit."""

    PAUSE = "pause"
    """Some time is not counted."""
    RESTART = "restart"
    """The limit is counted anew."""
    SILENCE = "silence"
    """Silence is consent."""
    CUT_OFF = "cut_off"
    """A time of day."""
    IMMEDIATE = "immediate"
    """At once, without a duration."""
    COUNTED_BACK = "counted_back"
    """A time before some event: a duty to act early, not a limit for handling."""
    DATE = "date"
    """A calendar date or a year."""
    OTHER_TIME = "other_time"
    """A duration of something else: validity, frequency, a reduction already made."""
    TEXT_CUT = "text_cut"
    """The source kept only the beginning of the text."""
    COLUMN_IS_SUM = "column_is_sum"
    """The value column is the sum of limits the text gives apart."""


class Source(StrEnum):
    """Which field of a row some words stood in."""

    TEXT = "text"
    UNIT_WORDS = "unit_words"
    """The value followed by the raw unit words."""
    COLUMNS = "columns"
    """The value and unit columns; no position in a text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a source; ``start`` and ``end`` are positions in its normalised text."""

    words: str
    start: int = 0
    end: int = 0
    source: Source = Source.TEXT


@dataclass(frozen=True, slots=True)
class ReadLimit:
    """A limit with what it is for, the words that restrict it and the words it is counted from."""

    limit: Limit
    kind: Kind
    piece: Piece
    condition: str = ""
    counted_from: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed that a caller may have to act on."""

    kind: NoteKind
    piece: Piece


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text was not understood: a stable code and a sentence in Vietnamese."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says about time.

    ``limits`` is filled only when the verdict is ``UNDERSTOOD``; whatever was read otherwise is in
    ``candidates``, so that nothing uncertain can be counted by mistake. ``unread`` holds the pieces with a
    number and a unit of time whose meaning was not understood.
    """

    verdict: Verdict
    limits: tuple[ReadLimit, ...] = ()
    candidates: tuple[ReadLimit, ...] = ()
    notes: tuple[Note, ...] = ()
    unread: tuple[Piece, ...] = ()
    reason: Reason | None = None

    @property
    def total(self) -> ReadLimit | None:
        """The limit of the whole, when the text gives one for every case."""
        return next((each for each in self.limits if each.kind is Kind.TOTAL), None)


MESSAGES = {
    "no_time": "Không thấy thời hạn nào trong văn bản.",
    "unit_missing": "Có số nhưng không có đơn vị thời gian.",
    "refers_elsewhere": "Văn bản dẫn chiếu sang quy định khác, không nêu thời hạn.",
    "date_only": "Văn bản chỉ nêu ngày cố định, không nêu thời hạn.",
    "counted_back": "Thời gian tính lùi trước một sự kiện, không phải thời hạn giải quyết.",
    "immediate": "Văn bản nói “ngay”, không nêu khoảng thời gian.",
    "hour_kind_unknown": "Không rõ là giờ làm việc hay giờ liên tục.",
    "range": "Văn bản nêu một khoảng hoặc hai số, không rõ lấy số nào.",
    "mixed_units": "Thời hạn cộng nhiều đơn vị khác nhau, không rõ tính đơn vị nào trước.",
    "numbers_disagree": "Số và chữ không khớp nhau.",
    "fraction": "Đơn vị này không có phần lẻ; có thể là ngày làm việc.",
    "zero": "Thời hạn bằng 0.",
    "too_large": "Số quá lớn để là thời hạn.",
    "unit_unclear": "Không rõ là ngày hay ngày làm việc.",
    "holidays_excluded": "“Ngày” mà không tính ngày nghỉ: không rõ có phải ngày làm việc hay không.",
    "open_sum": "Thời hạn cộng thêm một khoảng không nêu rõ.",
    "per_unit": "Thời hạn tính theo từng đơn vị (tờ, hồ sơ...), không rõ tổng.",
    "role_unclear": "Không rõ thời hạn này áp dụng cho việc gì.",
    "several_without_condition": "Có nhiều thời hạn khác nhau mà không nêu trường hợp áp dụng.",
    "no_base": "Chỉ có thời gian tăng thêm, loại trừ hoặc của người nộp, không có thời hạn giải quyết.",
    "text_cut": "Văn bản bị cắt ở chỗ đang nêu thời hạn hoặc trường hợp.",
    "column_unit_doubtful": "Cột và văn bản dùng hai loại ngày khác nhau.",
    "unit_differs": "Cùng một số nhưng cột và văn bản ghi hai đơn vị khác nhau.",
    "amount_differs": "Cột và văn bản ghi hai thời hạn khác nhau.",
    "no_limit_differs": "Cột ghi thời hạn nhưng văn bản nói không quy định.",
    "immediate_differs": "Cột ghi thời hạn nhưng văn bản nói làm ngay.",
    "open_end": "Văn bản nêu mốc kết thúc khác với thời hạn ở cột.",
    "value_unreadable": "Cột giá trị không phải là số.",
}
"""The reasons a text may not be understood: stable codes and what they say."""


def reason(code: str) -> Reason:
    """The reason with its Vietnamese sentence."""
    return Reason(code, MESSAGES[code])
