"""How events of time are told: the clock, appointments, lateness, alerts, apologies, the ledger of heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dossiers.agencies.models import Capacity
from dossiers.core.said import Said, joined
from workflows.engine.kinds import Kind
from workflows.engine.plan import Plan
from workflows.views.durations import length
from workflows.views.teller import Teller

Payload = Mapping[str, Any]

_PAUSES = {
    "supplement": Said("chờ bổ sung"),
    "payment": Said("chờ nộp tiền"),
    "nothing_to_do": Said("không còn việc đang làm"),
}
_OWNERS = {
    "applicant": Said("thời gian này của người nộp"),
    "outside": Said("thời gian này của cơ quan ngoài"),
    "nobody": Said("không tính cho ai"),
    "agency": Said("thời gian này của cơ quan"),
}
_PROMISES = {
    "first": Said("hẹn trả kết quả"),
    "resumed": Said("tính tiếp sau khi tạm dừng, hẹn trả kết quả"),
    "restarted": Said("tính lại từ đầu, hẹn trả kết quả"),
    "reappointment": Said("hẹn lại ngày trả kết quả"),
    "case": Said("tính lại theo thông tin vụ việc, hẹn trả kết quả"),
    "calendar": Said("tính lại theo lịch làm việc mới, hẹn trả kết quả"),
    "correction": Said("tính lại sau đính chính, hẹn trả kết quả"),
    "migration": Said("tính lại theo phiên bản thủ tục mới, hẹn trả kết quả"),
}
_ALERTS = {
    "nearly_due": Said("hồ sơ sắp đến hẹn trả kết quả"),
    "step_overdue": Said("việc quá hạn"),
    "not_acknowledged": Said("chưa xác nhận nhận bàn giao đúng hạn"),
}
_BECAUSE = {
    "unfit": Said("phần việc còn lại không kịp trước ngày hẹn"),
    "broken": Said("đã quá ngày hẹn"),
    "offered": Said("cơ quan chủ động xin lỗi"),
}
_FAULTS = {
    "late": Said("trễ hẹn"),
    "broken_reappointment": Said("trễ cả ngày hẹn lại"),
    "unsigned_apology": Said("không ký thư xin lỗi đúng hạn"),
}


def _clock_started(t: Teller, p: Payload) -> str:
    return Said("bắt đầu tính thời hạn từ {base}.", base=t.at(p["base"]))


def _clock_paused(t: Teller, p: Payload) -> str:
    why = why_paused(t.plan, str(p["reason"]))
    basis = Said(" ({basis})", basis=p["basis"]) if p["basis"] else ""
    until = (
        Said(", dự kiến đến {expected_until}", expected_until=t.at(p["expected_until"]))
        if p["expected_until"]
        else ""
    )
    return Said(
        "tạm dừng tính thời gian: {why}{basis}; {owner}{until}.",
        why=why,
        basis=basis,
        owner=_OWNERS.get(p["owner"], p["owner"]),
        until=until,
    )


def why_paused(plan: Plan, reason: str) -> str:
    """The reason of a pause in words."""
    if not reason.startswith("step:"):
        return _PAUSES.get(reason, reason)
    step = plan.steps.get(reason.removeprefix("step:"))
    return (
        Said("chờ bước “{step}”", step=step.name)
        if step is not None
        else Said("chờ một bước không tính thời gian")
    )


def _clock_resumed(t: Teller, p: Payload) -> str:
    if p["base"]:
        return Said("tính lại thời hạn từ đầu, từ {base}.", base=t.at(p["base"]))
    return Said("tính tiếp thời gian.")


def _dues_moved(t: Teller, p: Payload) -> str:
    what = Said("hạn của {n} việc đang làm được tính lại theo lịch mới.", n=len(p["dues"]))
    return Said("{what}{because}", what=what, because=t.because(p.get("reason")))


def _promise_made(t: Teller, p: Payload) -> str:
    what = _PROMISES.get(p["kind"], Said("hẹn trả kết quả"))
    limit = (
        Said(" (thời hạn {limit}, lịch {calendar})", limit=t.limit(p["limit"]), calendar=p["calendar"])
        if p["limit"]
        else ""
    )
    guess = Said(" Tạm tính: lịch nghỉ của thời gian này chưa được công bố.") if p["provisional"] else ""
    return Said(
        "lịch hẹn số {promise}: {what} lúc {due_at}{limit}.{guess}",
        promise=p["promise"],
        what=what,
        due_at=t.at(p["due_at"]),
        limit=limit,
        guess=guess,
    )


def _promise_kept(t: Teller, p: Payload) -> str:
    numbers = joined(", ", (str(number) for number in p["promises"]))
    return (
        Said("lịch hẹn số {numbers} khép lại, không trễ.", numbers=numbers)
        if numbers
        else Said("lịch hẹn đã trễ khép lại.")
    )


def _promise_broken(t: Teller, p: Payload) -> str:
    return Said(
        "quá lịch hẹn số {promise} ({due_at}) mà chưa xong.", promise=p["promise"], due_at=t.at(p["due_at"])
    )


def _lateness_split(t: Teller, p: Payload) -> str:
    parts = [
        Said(
            "{agency} {length}",
            agency=t.agency(share["agency"]) if share["agency"] else Said("quy trình phân bổ vượt thời hạn"),
            length=length(share["minutes"]),
        )
        for share in p["shares"]
    ]
    said = Said(": {parts}", parts=joined("; ", parts)) if parts else ""
    return Said(
        "lịch hẹn số {promise} trễ {length}, phân theo cơ quan{said}.",
        promise=p["promise"],
        length=length(p["minutes"]),
        said=said,
    )


def _alert_raised(t: Teller, p: Payload) -> str:
    task = Said(", {task}", task=t.task(p["task"])) if p["task"] else ""
    what = _ALERTS.get(p["kind"], p["kind"])
    return Said(
        "cảnh báo {agency}: {what}{task} (lúc {due_at}).",
        agency=t.agency(p["agency"]),
        what=what,
        task=task,
        due_at=t.at(p["due_at"]),
    )


def _apology_asked(t: Teller, p: Payload) -> str:
    again = "" if p["can_reappoint"] else Said(" Không được hẹn lại lần nữa.")
    return Said(
        "{agency} phải gửi thư xin lỗi số {no} cho lịch hẹn số {promise} vì {because}; ký trước "
        "{sign_by}.{again}",
        agency=t.agency(p["agency"]),
        no=p["no"],
        promise=p["promise"],
        because=_BECAUSE.get(p["because"], p["because"]),
        sign_by=t.at(p["sign_by"]),
        again=again,
    )


def _apology_drafted(t: Teller, p: Payload) -> str:
    date = Said(", đề nghị hẹn lại {new_due_at}", new_due_at=t.at(p["new_due_at"])) if p["new_due_at"] else ""
    return Said(
        "{who} soạn thư xin lỗi số {no}{date}.{because}",
        who=t.who,
        no=p["no"],
        date=date,
        because=t.because(p["reason"]),
    )


def _apology_returned(t: Teller, p: Payload) -> str:
    return Said(
        "{who} trả lại bản soạn thư xin lỗi số {no}.{because}",
        who=t.who,
        no=p["no"],
        because=t.because(p["reason"]),
    )


def _apology_signed(t: Teller, p: Payload) -> str:
    date = Said(", hẹn lại {new_due_at}", new_due_at=t.at(p["new_due_at"])) if p["new_due_at"] else ""
    return Said(
        "{who} ký thư xin lỗi số {no}{date}.{because}",
        who=t.who,
        no=p["no"],
        date=date,
        because=t.because(p["reason"]),
    )


def _apology_withdrawn(t: Teller, p: Payload) -> str:
    return Said("thư xin lỗi số {no} không còn phải gửi.", no=p["no"])


def _fault_opened(t: Teller, p: Payload) -> str:
    head = t.official(p["head"]) if p["head"] else Said("khuyết thủ trưởng")
    capacity = Capacity(p["capacity"]).label if p["head"] else ""
    who = Said("{head}, {capacity}", head=head, capacity=capacity) if capacity else head
    minutes = Said("; {length}", length=length(p["minutes"])) if p["minutes"] is not None else ""
    return Said(
        "ghi sổ trách nhiệm mục {no}: {kind}, {agency} ({who} tại {instant}){minutes}.",
        no=p["no"],
        kind=_FAULTS.get(p["kind"], p["kind"]),
        agency=t.agency(p["agency"]),
        who=who,
        instant=t.at(p["instant"]),
        minutes=minutes,
    )


def _fault_settled(t: Teller, p: Payload) -> str:
    return Said("mục {no} của sổ trách nhiệm chốt {length}.", no=p["no"], length=length(p["minutes"]))


def _fault_explained(t: Teller, p: Payload) -> str:
    return Said(
        "{who} giải trình mục {no} của sổ trách nhiệm: {text}.", who=t.who, no=p["no"], text=t.text(p["text"])
    )


def _fault_acknowledged(t: Teller, p: Payload) -> str:
    return Said("{who} xác nhận trách nhiệm ở mục {no}.", who=t.who, no=p["no"])


def _fault_closed(t: Teller, p: Payload) -> str:
    return Said(
        "{who} khép lại mục {no} của sổ trách nhiệm: {text}.", who=t.who, no=p["no"], text=t.text(p["text"])
    )


def _fault_corrected(t: Teller, p: Payload) -> str:
    return Said(
        "{who} đính chính mục {no} của sổ trách nhiệm thành {length}: {text}.",
        who=t.who,
        no=p["no"],
        length=length(p["minutes"]),
        text=t.text(p["text"]),
    )


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
