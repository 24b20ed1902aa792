"""What a time is for: the whole, a case, a stage, an extension, time not counted, or the applicant's time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sla.limit_texts.acts import AGENCY, CHANNEL, PARENTHESES, act_of, is_channel_case, is_general, label_kind
from sla.limit_texts.clauses import OPENER, STARTS_WITH_OPENER, Setting
from sla.limit_texts.conditions import condition_after, condition_before, label_of
from sla.limit_texts.model import Kind, NoteKind
from sla.limit_texts.starts import from_reception, start_of
from sla.limit_texts.times import Shape
from sla.limit_texts.words import any_of, tidy
from sla.limits import Unit


@dataclass(frozen=True, slots=True)
class Role:
    """``kind`` or ``note`` is set, or ``code`` says why neither is."""

    kind: Kind | None = None
    condition: str = ""
    counted_from: str = ""
    note: NoteKind | None = None
    code: str = ""


_EXCLUDED = re.compile(r"\b(?:không|chưa) (?:tính|bao gồm|kể|gồm)\b[^()]*$")
_BACK_BEFORE = re.compile(
    r"\btrước (?:thời hạn |thời điểm )?(?:là )?$|^\W*trước\b.*\b(?:ít nhất|tối thiểu)(?: là)? $"
)
_BACK_AFTER = re.compile(r"[\s,(]*trước (?:ngày|khi|thời điểm|lúc|thời hạn|thời gian|mỗi|kỳ|tháng)\b")
_AT_LEAST = re.compile(r"\b(?:ít nhất|tối thiểu|từ đủ|trên|hơn)(?: là)? $")
_OTHER_BEFORE = re.compile(
    r"\b(?:có|còn) (?:hiệu lực|giá trị)\b[^,.;:()]{0,40}$|"
    + any_of(
        *("thời hạn (?:sử dụng|hoạt động)", "kinh nghiệm", "độ tuổi", "lưu trữ", "định kỳ", "cắt giảm"),
        *("rút ngắn", "kế hoạch", "giai đoạn", "nhiệm kỳ", "chu kỳ"),
    )
    + r"(?: (?:là|trong|không quá|tối đa|còn|xuống|thời hạn|mỗi))* $"
)
_PLANNED_YEARS = re.compile(r"\b(?:kế hoạch|quy hoạch|giai đoạn|chương trình)\b[^.;:()]{0,40}$")
_OTHER_AFTER = re.compile(r"\s*(?:một lần|kinh nghiệm|tuổi|/ ?lần|/ ?năm|\(?một lần)\b")
_OVERDUE = re.compile(r"(?<!không )(?<!được )(?<!vượt )\bquá (?:thời hạn )?$")
_COUNTED_FROM_NEXT = re.compile(r"\b(?:tính|từ|bắt đầu|chuyển)(?: sang| vào| là)? ?$")
_PER_UNIT_BEFORE = re.compile(r"\bmỗi\b")
_PER_UNIT = re.compile(r"\s*/ ?(?!\d|(?:bộ )?hồ sơ\b)\w")
_OPEN_SUM = re.compile(r"\s*(?:\+|cộng|và) ?(?:thêm )?thời (?:gian|hạn)\b")
_EXTRA = re.compile(
    any_of(
        *("tăng thêm", "được tăng", "kéo dài thêm", "cộng thêm", "tính thêm", "(?:có thể|được) gia hạn"),
        *("gia hạn thêm", "kéo dài thời hạn thêm"),
    )
    + r"[^.;:()]{0,50}$"
)
_APPLICANT = (
    r"(?:các |mỗi )?(?:tổ chức|cá nhân|doanh nghiệp|thương nhân|chủ đầu tư|chủ sở hữu|cơ sở|hộ gia đình"
    r"|nhà đầu tư|công ty|chủ nhiệm|thí sinh|chủ hồ sơ|người dân|công dân"
    r"|người (?:nộp|đề nghị|yêu cầu|đăng ký|khai|sử dụng|lao động|dự tuyển))"
)
_APPLICANT_DOES = re.compile(
    rf"^[\s,(]*(?:{_APPLICANT}\b[^.;]{{0,90}}?\b)?(?:phải |có trách nhiệm |cần |thực hiện )*(?:có trá\w*$|"
    r"(?:nộp|bổ sung|hoàn thiện|sửa đổi|khắc phục|giải trình|chỉnh sửa|gửi hồ sơ|lập báo cáo|lập hồ sơ)\b)"
)
_APPLICANT_BEFORE = re.compile(
    rf"^\W*{_APPLICANT}\b.*\b(?:nộp|gửi|bổ sung|hoàn thiện)\b|phải gửi đến|\bkhắc phục\b"
)
_STEP = re.compile(r"\bbước (?:\d+|một|hai|ba|bốn)\b")
_CONDITION_GOES_ON = re.compile(r"\s*(?:,? ?thì\b|:|trở (?:lên|xuống)|\bđến dưới)")
_OPENER_INSIDE = re.compile(rf"(?:^|[\s,(]){OPENER}[^:]*$")
_LIST_MISSING = re.compile(r"\b(?:trường hợp|đối tượng|thủ tục|hồ sơ) (?:sau|dưới đây|sau đây)$")
_PUBLISHING = re.compile(r" (?:công khai|niêm yết)\b")
"""“15 ngày công khai ...”: what lasts so long, not how long handling may take."""
_FILLER = re.compile(
    r"(?:[\s,;:.()\-–/]|"
    + any_of(
        *("trong đó", "bao gồm(?! cả)", "gồm", "cụ thể", "như sau", "hợp lệ", "đầy đủ", "ngày", "và", "các"),
        *("là", "để", "trường hợp"),
    )
    + r"|\b(?:theo|đúng) (?:quy định|yêu cầu)[^,;]*+|\bđược (?:sửa đổi|bổ sung|bố sung)[^;]*+"
    r"|\b(?:không|chưa|đã) (?:tính|kể|bao gồm|gồm)\b[^;]*+|\b(?:bao gồm|kể) cả\b[^;]*+)*+"
    r"(?:k\w{0,2}|kể t\w?)?"
)
"""What may follow a plain limit without changing it."""
_LABEL_BEFORE_ACTOR = re.compile(r":\W*(?:trong|không|tối|chậm|thời|là|\W)*[\w ]{0,20}$")


def role_of(setting: Setting) -> Role:
    """What the time is for, or a code that says why that is not clear."""
    before, after = setting.before, setting.after
    if excluded := _EXCLUDED.search(before):
        return Role(Kind.EXCLUDED, tidy(excluded.group()))
    if note := _note_of(setting):
        return Role(note=note)
    if _PER_UNIT.match(after) or _PER_UNIT_BEFORE.search(before):
        return Role(code="per_unit")
    if _OPEN_SUM.match(after):
        return Role(code="open_sum")
    if _EXTRA.search(before):
        return Role(Kind.EXTRA, condition_before(before).partition(" thì ")[0] or condition_after(after)[0])
    return _base_role(setting)


def _note_of(setting: Setting) -> NoteKind | None:
    """What a time that is no limit is instead."""
    before, after = setting.before, setting.after
    if _BACK_BEFORE.search(before) or _BACK_AFTER.match(after):
        return NoteKind.COUNTED_BACK
    if _AT_LEAST.search(before) or _OTHER_BEFORE.search(before) or _OTHER_AFTER.match(after):
        return NoteKind.OTHER_TIME
    if _PLANNED_YEARS.search(before) and all(each.unit is Unit.YEAR for each in setting.time.limits):
        return NoteKind.OTHER_TIME
    if _OVERDUE.search(before):
        silent = "coi như" in after or "coi là" in after or "xem như" in after
        return NoteKind.SILENCE if silent else NoteKind.OTHER_TIME
    if setting.time.shape is Shape.NEXT_DAY and _COUNTED_FROM_NEXT.search(before):
        return NoteKind.CUT_OFF
    return None


def _base_role(setting: Setting) -> Role:
    clause, before = setting.clause, setting.before
    if _CONDITION_GOES_ON.match(setting.after) and _OPENER_INSIDE.search(before):
        return Role(code="role_unclear")
    counted_from, rest = start_of(before, setting.after, setting.time.shape)
    following, main = condition_after(rest) if setting.time.shape is not Shape.SAME_DAY else ("", "")
    if _LIST_MISSING.search(following) or _PUBLISHING.match(main):
        return Role(code="role_unclear")
    own = condition_before(before)
    label = label_of(before)
    heading = clause.heading if STARTS_WITH_OPENER.match(clause.heading) else ""
    shared = "" if is_channel_case(setting.shared, OPENER) else setting.shared
    condition = "; ".join(each for each in (heading, shared, own, following) if each)
    if _APPLICANT_DOES.search(main) or _APPLICANT_BEFORE.search(before):
        return Role(Kind.APPLICANT, condition, counted_from)
    if counted_from and not from_reception(counted_from):
        return Role(Kind.STAGE, condition, counted_from)
    if setting.nested and not (own or following or label):
        return Role(code="several_without_condition")
    step = _STEP.search(before) or _STEP.search(clause.heading)
    if setting.of_parts or step or (setting.nested and not condition):
        return Role(Kind.STAGE, condition or label or tidy(main) or clause.heading, counted_from)
    if condition:
        return Role(Kind.CASE, condition, counted_from)
    return _unconditioned(setting, label, main, counted_from)


def _unconditioned(setting: Setting, label: str, main: str, counted_from: str) -> Role:
    """A time that no condition restricts: its label or the act it is given for decides."""
    label = label or ("" if is_general(setting.clause.heading) else setting.clause.heading)
    if "trả kết quả" in label:
        return Role(Kind.TOTAL, "", counted_from)
    if label and not _acts_itself(setting.before):
        return Role(label_kind(label), label, counted_from)
    act = act_of(f"{label} , {main}" if label else main)
    if act is None:
        main = PARENTHESES.sub(" ", main)
        idle = _FILLER.fullmatch(main) or (CHANNEL.search(main) and not AGENCY.match(tidy(main)))
        return Role(Kind.TOTAL, "", counted_from) if idle else Role(code="role_unclear")
    return Role(act, (label or tidy(main)) if act is Kind.STAGE else "", counted_from)


def _acts_itself(before: str) -> bool:
    """Whether the words before the time are a sentence with an actor, not a label."""
    return bool(AGENCY.search(before)) and not _LABEL_BEFORE_ACTOR.search(before)
