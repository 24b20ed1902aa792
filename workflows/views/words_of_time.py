"""How events of time are told: the clock, appointments, lateness, alerts, apologies, the ledger of heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dossiers.agencies.models import Capacity
from workflows.engine.kinds import Kind
from workflows.engine.plan import Plan
from workflows.views.durations import length
from workflows.views.teller import Teller

Payload = Mapping[str, Any]

_PAUSES = {"supplement": "chờ bổ sung", "payment": "chờ nộp tiền", "nothing_to_do": "không còn việc đang làm"}
_OWNERS = {
    "applicant": "thời gian này của người nộp",
    "outside": "thời gian này của cơ quan ngoài",
    "nobody": "không tính cho ai",
    "agency": "thời gian này của cơ quan",
}
_PROMISES = {
    "first": "hẹn trả kết quả",
    "resumed": "tính tiếp sau khi tạm dừng, hẹn trả kết quả",
    "restarted": "tính lại từ đầu, hẹn trả kết quả",
    "reappointment": "hẹn lại ngày trả kết quả",
    "case": "tính lại theo thông tin vụ việc, hẹn trả kết quả",
    "calendar": "tính lại theo lịch làm việc mới, hẹn trả kết quả",
    "correction": "tính lại sau đính chính, hẹn trả kết quả",
    "migration": "tính lại theo phiên bản thủ tục mới, hẹn trả kết quả",
}
_ALERTS = {
    "nearly_due": "hồ sơ sắp đến hẹn trả kết quả",
    "step_overdue": "việc quá hạn",
    "not_acknowledged": "chưa xác nhận nhận bàn giao đúng hạn",
}
_BECAUSE = {
    "unfit": "phần việc còn lại không kịp trước ngày hẹn",
    "broken": "đã quá ngày hẹn",
    "offered": "cơ quan chủ động xin lỗi",
}
_FAULTS = {
    "late": "trễ hẹn",
    "broken_reappointment": "trễ cả ngày hẹn lại",
    "unsigned_apology": "không ký thư xin lỗi đúng hạn",
}


def _clock_started(t: Teller, p: Payload) -> str:
    return f"bắt đầu tính thời hạn từ {t.at(p['base'])}."


def _clock_paused(t: Teller, p: Payload) -> str:
    why = why_paused(t.plan, str(p["reason"]))
    basis = f" ({p['basis']})" if p["basis"] else ""
    until = f", dự kiến đến {t.at(p['expected_until'])}" if p["expected_until"] else ""
    return f"tạm dừng tính thời gian: {why}{basis}; {_OWNERS.get(p['owner'], p['owner'])}{until}."


def why_paused(plan: Plan, reason: str) -> str:
    """The reason of a pause in words."""
    if not reason.startswith("step:"):
        return _PAUSES.get(reason, reason)
    step = plan.steps.get(reason.removeprefix("step:"))
    return f"chờ bước “{step.name}”" if step is not None else "chờ một bước không tính thời gian"


def _clock_resumed(t: Teller, p: Payload) -> str:
    if p["base"]:
        return f"tính lại thời hạn từ đầu, từ {t.at(p['base'])}."
    return "tính tiếp thời gian."


def _dues_moved(t: Teller, p: Payload) -> str:
    what = f"hạn của {len(p['dues'])} việc đang làm được tính lại theo lịch mới."
    return f"{what}{t.because(p.get('reason'))}"


def _promise_made(t: Teller, p: Payload) -> str:
    what = _PROMISES.get(p["kind"], "hẹn trả kết quả")
    limit = f" (thời hạn {t.limit(p['limit'])}, lịch {p['calendar']})" if p["limit"] else ""
    guess = " Tạm tính: lịch nghỉ của thời gian này chưa được công bố." if p["provisional"] else ""
    return f"lịch hẹn số {p['promise']}: {what} lúc {t.at(p['due_at'])}{limit}.{guess}"


def _promise_kept(t: Teller, p: Payload) -> str:
    numbers = ", ".join(str(number) for number in p["promises"])
    return f"lịch hẹn số {numbers} khép lại, không trễ." if numbers else "lịch hẹn đã trễ khép lại."


def _promise_broken(t: Teller, p: Payload) -> str:
    return f"quá lịch hẹn số {p['promise']} ({t.at(p['due_at'])}) mà chưa xong."


def _lateness_split(t: Teller, p: Payload) -> str:
    parts = [
        f"{t.agency(share['agency']) if share['agency'] else 'quy trình phân bổ vượt thời hạn'} "
        f"{length(share['minutes'])}"
        for share in p["shares"]
    ]
    said = f": {'; '.join(parts)}" if parts else ""
    return f"lịch hẹn số {p['promise']} trễ {length(p['minutes'])}, phân theo cơ quan{said}."


def _alert_raised(t: Teller, p: Payload) -> str:
    task = f", {t.task(p['task'])}" if p["task"] else ""
    what = _ALERTS.get(p["kind"], p["kind"])
    return f"cảnh báo {t.agency(p['agency'])}: {what}{task} (lúc {t.at(p['due_at'])})."


def _apology_asked(t: Teller, p: Payload) -> str:
    again = "" if p["can_reappoint"] else " Không được hẹn lại lần nữa."
    return (
        f"{t.agency(p['agency'])} phải gửi thư xin lỗi số {p['no']} cho lịch hẹn số {p['promise']} vì "
        f"{_BECAUSE.get(p['because'], p['because'])}; ký trước {t.at(p['sign_by'])}.{again}"
    )


def _apology_drafted(t: Teller, p: Payload) -> str:
    date = f", đề nghị hẹn lại {t.at(p['new_due_at'])}" if p["new_due_at"] else ""
    return f"{t.who} soạn thư xin lỗi số {p['no']}{date}.{t.because(p['reason'])}"


def _apology_returned(t: Teller, p: Payload) -> str:
    return f"{t.who} trả lại bản soạn thư xin lỗi số {p['no']}.{t.because(p['reason'])}"


def _apology_signed(t: Teller, p: Payload) -> str:
    date = f", hẹn lại {t.at(p['new_due_at'])}" if p["new_due_at"] else ""
    return f"{t.who} ký thư xin lỗi số {p['no']}{date}.{t.because(p['reason'])}"


def _apology_withdrawn(t: Teller, p: Payload) -> str:
    return f"thư xin lỗi số {p['no']} không còn phải gửi."


def _fault_opened(t: Teller, p: Payload) -> str:
    head = t.official(p["head"]) if p["head"] else "khuyết thủ trưởng"
    capacity = Capacity(p["capacity"]).label if p["head"] else ""
    who = f"{head}, {capacity}" if capacity else head
    minutes = f"; {length(p['minutes'])}" if p["minutes"] is not None else ""
    return (
        f"ghi sổ trách nhiệm mục {p['no']}: {_FAULTS.get(p['kind'], p['kind'])}, {t.agency(p['agency'])} "
        f"({who} tại {t.at(p['instant'])}){minutes}."
    )


def _fault_settled(t: Teller, p: Payload) -> str:
    return f"mục {p['no']} của sổ trách nhiệm chốt {length(p['minutes'])}."


def _fault_explained(t: Teller, p: Payload) -> str:
    return f"{t.who} giải trình mục {p['no']} của sổ trách nhiệm: {t.text(p['text'])}."


def _fault_acknowledged(t: Teller, p: Payload) -> str:
    return f"{t.who} xác nhận trách nhiệm ở mục {p['no']}."


def _fault_closed(t: Teller, p: Payload) -> str:
    return f"{t.who} khép lại mục {p['no']} của sổ trách nhiệm: {t.text(p['text'])}."


def _fault_corrected(t: Teller, p: Payload) -> str:
    minutes = length(p["minutes"])
    return f"{t.who} đính chính mục {p['no']} của sổ trách nhiệm thành {minutes}: {t.text(p['text'])}."


TIME_WORDS: dict[Kind, Callable[[Teller, Any], str]] = {
    Kind.CLOCK_STARTED: _clock_started,
    Kind.CLOCK_PAUSED: _clock_paused,
    Kind.CLOCK_RESUMED: _clock_resumed,
    Kind.DUES_MOVED: _dues_moved,
    Kind.PROMISE_MADE: _promise_made,
    Kind.PROMISE_KEPT: _promise_kept,
    Kind.PROMISE_BROKEN: _promise_broken,
    Kind.LATENESS_SPLIT: _lateness_split,
    Kind.ALERT_RAISED: _alert_raised,
    Kind.APOLOGY_ASKED: _apology_asked,
    Kind.APOLOGY_DRAFTED: _apology_drafted,
    Kind.APOLOGY_RETURNED: _apology_returned,
    Kind.APOLOGY_SIGNED: _apology_signed,
    Kind.APOLOGY_WITHDRAWN: _apology_withdrawn,
    Kind.FAULT_OPENED: _fault_opened,
    Kind.FAULT_SETTLED: _fault_settled,
    Kind.FAULT_EXPLAINED: _fault_explained,
    Kind.FAULT_ACKNOWLEDGED: _fault_acknowledged,
    Kind.FAULT_CLOSED: _fault_closed,
    Kind.FAULT_CORRECTED: _fault_corrected,
}
