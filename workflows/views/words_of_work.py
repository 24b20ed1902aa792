"""How events of work are told: intake, steps, hand-overs, opinions, waiting for the applicant, the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dossiers.core.said import Said, joined
from dossiers.history.events import read_actor
from workflows.engine.kinds import Kind
from workflows.views.teller import Teller

Payload = Mapping[str, Any]

_CHANNELS = {
    "direct": Said("trực tiếp"),
    "online": Said("trực tuyến"),
    "postal": Said("bưu chính"),
    "kiosk": Said("ki-ốt"),
}
_METHODS = {"direct": Said("trực tiếp"), "postal": Said("qua bưu chính"), "online": Said("trực tuyến")}
_RECEIVERS = {
    "applicant": Said(" cho người nộp"),
    "representative": Said(" cho người được uỷ quyền nộp"),
    "proxy": Said(" cho người nhận thay"),
}
_VERDICTS = {"early": Said("sớm hạn"), "on_time": Said("đúng hạn"), "late": Said("quá hạn")}
_FIELDS = {
    "applicant": Said("người nộp"),
    "representative": Said("người được uỷ quyền"),
    "channel": Said("kênh nộp"),
    "facts": Said("thông tin vụ việc"),
    "papers": Said("thành phần hồ sơ"),
}


def _registered(t: Teller, p: Payload) -> str:
    channel = _CHANNELS.get(p["channel"], p["channel"])
    return Said(
        "{who} đăng ký hồ sơ thủ tục “{definition}”, nộp {channel}.",
        who=t.who,
        definition=t.plan.definition.name,
        channel=channel,
    )


def _accepted(t: Teller, p: Payload) -> str:
    earlier = Said(", nhận lúc {at}", at=t.at(p["received_at"])) if p.get("received_at") else ""
    text = Said("{who} tiếp nhận hồ sơ{earlier}.", who=t.who, earlier=earlier)
    return (
        Said("{text} Thời hạn tính từ khi {trigger} nhận hồ sơ.", text=text, trigger=t.agency(p["trigger"]))
        if p["trigger"]
        else text
    )


def _ended_by_lapse(p: Payload) -> str:
    because = p.get("because")
    return (
        Said(
            " vì người nộp không bổ sung trong thời hạn (yêu cầu số {supplement})",
            supplement=because["supplement"],
        )
        if because
        else ""
    )


def _refused(t: Teller, p: Payload) -> str:
    return Said(
        "{who} từ chối tiếp nhận hồ sơ{ended_by_lapse}.{because}",
        who=t.who,
        ended_by_lapse=_ended_by_lapse(p),
        because=t.because(p.get("reason")),
    )


def _finished(t: Teller, p: Payload) -> str:
    end = t.plan.definition.ends.get(p["end"] or "")
    name = end.name if end else p["end"] or Said("không có kết quả")
    return Said("kết thúc giải quyết{ended_by_lapse}: {name}.", ended_by_lapse=_ended_by_lapse(p), name=name)


def _returned(t: Teller, p: Payload) -> str:
    return Said(
        "{who} trả kết quả {method}{to}{signed}.",
        who=t.who,
        method=_METHODS.get(p["method"], p["method"]),
        to=_RECEIVERS.get(p.get("receiver") or "", ""),
        signed=Said("; người nhận đã ký nhận") if p.get("signed") else "",
    )


def _withdrawn(t: Teller, p: Payload) -> str:
    return Said("{who} ghi nhận người nộp rút hồ sơ.{because}", who=t.who, because=t.because(p["reason"]))


def _stopped(t: Teller, p: Payload) -> str:
    return Said(
        "{who} dừng giải quyết hồ sơ{ended_by_lapse}.{because}",
        who=t.who,
        ended_by_lapse=_ended_by_lapse(p),
        because=t.because(p.get("reason")),
    )


def _reopened(t: Teller, p: Payload) -> str:
    return Said(
        "{who} mở lại hồ sơ, làm tiếp từ bước {step}.{because}",
        who=t.who,
        step=t.step(p["step"]),
        because=t.because(p["reason"]),
    )


def _corrected(t: Teller, p: Payload) -> str:
    fields = joined(", ", (_FIELDS.get(name, name) for name in p["set"]))
    return Said(
        "{who} đính chính {fields}; nội dung cũ vẫn được lưu.{because}",
        who=t.who,
        fields=fields,
        because=t.because(p["reason"]),
    )


def _migrated(t: Teller, p: Payload) -> str:
    return Said(
        "{who} chuyển hồ sơ từ phiên bản {from_version} sang phiên bản {to_version} của thủ tục.{because}",
        who=t.who,
        from_version=p["from_version"],
        to_version=p["to_version"],
        because=t.because(p["reason"]),
    )


def _noted(t: Teller, p: Payload) -> str:
    return Said("{who} ghi nhận: {activity}.", who=t.who, activity=p["activity"])


def _files_attached(t: Teller, p: Payload) -> str:
    names = {paper.id: paper.name for paper in t.plan.definition.papers}
    papers = dict.fromkeys(names.get(item["paper"], Said("giấy tờ khác")) for item in p["files"])
    return Said(
        "{who} đính kèm {n} tệp: {papers}.", who=t.who, n=len(p["files"]), papers=joined("; ", papers)
    )


def _file_removed(t: Teller, p: Payload) -> str:
    return Said("{who} gỡ một tệp đính kèm.{because}", who=t.who, because=t.because(p["reason"]))


def _step_opened(t: Teller, p: Payload) -> str:
    what = (
        Said("yêu cầu cho ý kiến, {task},", task=t.task(p["task"]))
        if p.get("asked_by")
        else t.task(p["task"])
    )
    due = Said(", hạn {due_at}", due_at=t.at(p["due_at"])) if p.get("due_at") else ""
    again = Said(" lần thứ {visit}", visit=p["visit"]) if p["visit"] > 1 else ""
    return Said(
        "mở {what} tại {agency}{again}{due}.", what=what, agency=t.agency(p["agency"]), again=again, due=due
    )


def _step_taken(t: Teller, p: Payload) -> str:
    if read_actor(t.event.actor)[1] == p["official"]:
        return Said("{who} nhận xử lý {task}.", who=t.who, task=t.task(p["task"]))
    return Said(
        "{who} giao {task} cho {official}.",
        who=t.who,
        task=t.task(p["task"]),
        official=t.official(p["official"]),
    )


def _step_finished(t: Teller, p: Payload) -> str:
    result = p.get("result") or {}
    named = joined(", ", filter(None, (result.get("number"), result.get("name"))))
    text = Said(
        "{who} hoàn thành {task}: {outcome}.",
        who=t.who,
        task=t.task(p["task"]),
        outcome=t.outcome(p["task"], p["outcome"]),
    )
    return text + (Said(" Kết quả: {named}.", named=named) if named else "") + t.because(p.get("reason"))


def _step_cancelled(t: Teller, p: Payload) -> str:
    return Said("{who} huỷ {task}.", who=t.who, task=t.task(p["task"]))


def _step_reverted(t: Teller, p: Payload) -> str:
    return Said(
        "{who} thu hồi {task} để làm lại.{because}",
        who=t.who,
        task=t.task(p["task"]),
        because=t.because(p["reason"]),
    )


def _join_reached(t: Teller, p: Payload) -> str:
    return Said("một nhánh đã xong, chờ hội tụ ở bước {step}.", step=t.step(p["step"]))


def _batch_opened(t: Teller, p: Payload) -> str:
    return Said(
        "bước {step} giao cho {agencies}.", step=t.step(p["step"]), agencies=t.agencies(p["agencies"])
    )


def _facts_set(t: Teller, p: Payload) -> str:
    case = t.plan.definition.case
    said = [
        Said(
            "{case}: {fact}",
            case=case[name].label if name in case else name,
            fact=_fact(case.get(name), value),
        )
        for name, value in p["facts"].items()
    ]
    return Said("{who} ghi nhận thông tin vụ việc: {said}.", who=t.who, said=joined("; ", said))


def _fact(fact: Any, value: Any) -> str:
    if isinstance(value, bool):
        return Said("có") if value else Said("không")
    return str(fact.choices.get(value, value)) if fact is not None else str(value)


def _sent(t: Teller, p: Payload) -> str:
    by = (
        Said(", cần xác nhận đã nhận trước {acknowledge_by}", acknowledge_by=t.at(p["acknowledge_by"]))
        if p["acknowledge_by"]
        else ""
    )
    return Said(
        "{who} chuyển hồ sơ từ {from_} đến {to} ({task}){by}.",
        who=t.who,
        from_=t.agency(p["from"]),
        to=t.agency(p["to"]),
        task=t.task(p["task"]),
        by=by,
    )


def _received(t: Teller, p: Payload) -> str:
    handoff = t.state.handoffs[p["handoff"]]
    verdict = (
        Said(" Bước trước: {verdict}.", verdict=_VERDICTS.get(p["verdict"], p["verdict"]))
        if p["verdict"]
        else ""
    )
    return Said(
        "{who} nhận bàn giao từ {from_agency}, {task}.{verdict}",
        who=t.who,
        from_agency=t.agency(handoff.from_agency),
        task=t.task(handoff.task),
        verdict=verdict,
    )


def _sent_back(t: Teller, p: Payload) -> str:
    handoff = t.state.handoffs[p["handoff"]]
    return Said(
        "{who} trả lại hồ sơ cho {from_agency}.{because}",
        who=t.who,
        from_agency=t.agency(handoff.from_agency),
        because=t.because(p["reason"]),
    )


def _member_requested(t: Teller, p: Payload) -> str:
    return Said(
        "mở hồ sơ thành phần (thủ tục {procedure}) tại {agency} cho {task}.",
        procedure=p["procedure"],
        agency=t.agency(p["agency"]),
        task=t.task(p["task"]),
    )


def _member_waiting(t: Teller, p: Payload) -> str:
    return Said("đồng hồ của hồ sơ thành phần dừng, {task} chờ theo.", task=t.task(p["task"]))


def _member_working(t: Teller, p: Payload) -> str:
    return Said("đồng hồ của hồ sơ thành phần chạy tiếp, {task} tính tiếp.", task=t.task(p["task"]))


WORK_WORDS: dict[Kind, Callable[[Teller, Any], str]] = {
    Kind.REGISTERED: _registered,
    Kind.ACCEPTED: _accepted,
    Kind.REFUSED: _refused,
    Kind.FINISHED: _finished,
    Kind.RETURNED: _returned,
    Kind.WITHDRAWN: _withdrawn,
    Kind.STOPPED: _stopped,
    Kind.REOPENED: _reopened,
    Kind.CORRECTED: _corrected,
    Kind.MIGRATED: _migrated,
    Kind.NOTED: _noted,
    Kind.FILES_ATTACHED: _files_attached,
    Kind.FILE_REMOVED: _file_removed,
    Kind.STEP_OPENED: _step_opened,
    Kind.STEP_TAKEN: _step_taken,
    Kind.STEP_FINISHED: _step_finished,
    Kind.STEP_CANCELLED: _step_cancelled,
    Kind.STEP_REVERTED: _step_reverted,
    Kind.JOIN_REACHED: _join_reached,
    Kind.BATCH_OPENED: _batch_opened,
    Kind.FACTS_SET: _facts_set,
    Kind.SENT: _sent,
    Kind.RECEIVED: _received,
    Kind.SENT_BACK: _sent_back,
    Kind.MEMBER_REQUESTED: _member_requested,
    Kind.MEMBER_WAITING: _member_waiting,
    Kind.MEMBER_WORKING: _member_working,
}
