"""How events of work are told: intake, steps, hand-overs, opinions, waiting for the applicant, the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dossiers.history.events import read_actor
from workflows.engine.kinds import Kind
from workflows.views.money import money
from workflows.views.teller import Teller

Payload = Mapping[str, Any]

_CHANNELS = {"direct": "trực tiếp", "online": "trực tuyến", "postal": "bưu chính", "kiosk": "ki-ốt"}
_METHODS = {"direct": "trực tiếp", "postal": "qua bưu chính", "online": "trực tuyến"}
_RECEIVERS = {
    "applicant": " cho người nộp",
    "representative": " cho người được uỷ quyền nộp",
    "proxy": " cho người nhận thay",
}
_VERDICTS = {"early": "sớm hạn", "on_time": "đúng hạn", "late": "quá hạn"}
_FIELDS = {
    "applicant": "người nộp",
    "representative": "người được uỷ quyền",
    "channel": "kênh nộp",
    "facts": "thông tin vụ việc",
    "papers": "thành phần hồ sơ",
}
_EFFECTS = {"pause": "tạm dừng tính thời gian", "restart": "tính lại thời hạn từ đầu khi bổ sung xong"}


def _registered(t: Teller, p: Payload) -> str:
    channel = _CHANNELS.get(p["channel"], p["channel"])
    return f"{t.who} đăng ký hồ sơ thủ tục “{t.plan.definition.name}”, nộp {channel}."


def _accepted(t: Teller, p: Payload) -> str:
    earlier = f", nhận lúc {t.at(p['received_at'])}" if p.get("received_at") else ""
    text = f"{t.who} tiếp nhận hồ sơ{earlier}."
    return f"{text} Thời hạn tính từ khi {t.agency(p['trigger'])} nhận hồ sơ." if p["trigger"] else text


def _ended_by_lapse(p: Payload) -> str:
    because = p.get("because")
    return (
        f" vì người nộp không bổ sung trong thời hạn (yêu cầu số {because['supplement']})" if because else ""
    )


def _refused(t: Teller, p: Payload) -> str:
    return f"{t.who} từ chối tiếp nhận hồ sơ{_ended_by_lapse(p)}.{t.because(p.get('reason'))}"


def _finished(t: Teller, p: Payload) -> str:
    end = t.plan.definition.ends.get(p["end"] or "")
    name = end.name if end else p["end"] or "không có kết quả"
    return f"kết thúc giải quyết{_ended_by_lapse(p)}: {name}."


def _returned(t: Teller, p: Payload) -> str:
    to = _RECEIVERS.get(p.get("receiver") or "", "")
    signed = "; người nhận đã ký nhận" if p.get("signed") else ""
    return f"{t.who} trả kết quả {_METHODS.get(p['method'], p['method'])}{to}{signed}."


def _withdrawn(t: Teller, p: Payload) -> str:
    return f"{t.who} ghi nhận người nộp rút hồ sơ.{t.because(p['reason'])}"


def _stopped(t: Teller, p: Payload) -> str:
    return f"{t.who} dừng giải quyết hồ sơ{_ended_by_lapse(p)}.{t.because(p.get('reason'))}"


def _reopened(t: Teller, p: Payload) -> str:
    return f"{t.who} mở lại hồ sơ, làm tiếp từ bước {t.step(p['step'])}.{t.because(p['reason'])}"


def _corrected(t: Teller, p: Payload) -> str:
    fields = ", ".join(_FIELDS.get(name, name) for name in p["set"])
    return f"{t.who} đính chính {fields}; nội dung cũ vẫn được lưu.{t.because(p['reason'])}"


def _migrated(t: Teller, p: Payload) -> str:
    return (
        f"{t.who} chuyển hồ sơ từ phiên bản {p['from_version']} sang phiên bản {p['to_version']} "
        f"của thủ tục.{t.because(p['reason'])}"
    )


def _noted(t: Teller, p: Payload) -> str:
    return f"{t.who} ghi nhận: {p['activity']}."


def _files_attached(t: Teller, p: Payload) -> str:
    names = {paper.id: paper.name for paper in t.plan.definition.papers}
    papers = dict.fromkeys(names.get(item["paper"], "giấy tờ khác") for item in p["files"])
    return f"{t.who} đính kèm {len(p['files'])} tệp: {'; '.join(papers)}."


def _file_removed(t: Teller, p: Payload) -> str:
    return f"{t.who} gỡ một tệp đính kèm.{t.because(p['reason'])}"


def _step_opened(t: Teller, p: Payload) -> str:
    what = f"yêu cầu cho ý kiến, {t.task(p['task'])}," if p.get("asked_by") else t.task(p["task"])
    due = f", hạn {t.at(p['due_at'])}" if p.get("due_at") else ""
    again = f" lần thứ {p['visit']}" if p["visit"] > 1 else ""
    return f"mở {what} tại {t.agency(p['agency'])}{again}{due}."


def _step_taken(t: Teller, p: Payload) -> str:
    if read_actor(t.event.actor)[1] == p["official"]:
        return f"{t.who} nhận xử lý {t.task(p['task'])}."
    return f"{t.who} giao {t.task(p['task'])} cho {t.official(p['official'])}."


def _step_finished(t: Teller, p: Payload) -> str:
    result = p.get("result") or {}
    named = ", ".join(filter(None, (result.get("number"), result.get("name"))))
    text = f"{t.who} hoàn thành {t.task(p['task'])}: {t.outcome(p['task'], p['outcome'])}."
    return text + (f" Kết quả: {named}." if named else "") + t.because(p.get("reason"))


def _step_cancelled(t: Teller, p: Payload) -> str:
    return f"{t.who} huỷ {t.task(p['task'])}."


def _step_reverted(t: Teller, p: Payload) -> str:
    return f"{t.who} thu hồi {t.task(p['task'])} để làm lại.{t.because(p['reason'])}"


def _join_reached(t: Teller, p: Payload) -> str:
    return f"một nhánh đã xong, chờ hội tụ ở bước {t.step(p['step'])}."


def _batch_opened(t: Teller, p: Payload) -> str:
    return f"bước {t.step(p['step'])} giao cho {t.agencies(p['agencies'])}."


def _facts_set(t: Teller, p: Payload) -> str:
    case = t.plan.definition.case
    said = [
        f"{case[name].label if name in case else name}: {_fact(case.get(name), value)}"
        for name, value in p["facts"].items()
    ]
    return f"{t.who} ghi nhận thông tin vụ việc: {'; '.join(said)}."


def _fact(fact: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return str(fact.choices.get(value, value)) if fact is not None else str(value)


def _sent(t: Teller, p: Payload) -> str:
    by = f", cần xác nhận đã nhận trước {t.at(p['acknowledge_by'])}" if p["acknowledge_by"] else ""
    return f"{t.who} chuyển hồ sơ từ {t.agency(p['from'])} đến {t.agency(p['to'])} ({t.task(p['task'])}){by}."


def _received(t: Teller, p: Payload) -> str:
    handoff = t.state.handoffs[p["handoff"]]
    verdict = f" Bước trước: {_VERDICTS.get(p['verdict'], p['verdict'])}." if p["verdict"] else ""
    return f"{t.who} nhận bàn giao từ {t.agency(handoff.from_agency)}, {t.task(handoff.task)}.{verdict}"


def _sent_back(t: Teller, p: Payload) -> str:
    handoff = t.state.handoffs[p["handoff"]]
    return f"{t.who} trả lại hồ sơ cho {t.agency(handoff.from_agency)}.{t.because(p['reason'])}"


def _opinion_asked(t: Teller, p: Payload) -> str:
    consent = " Im lặng là đồng ý." if p["silence"] == "consent" else ""
    return (
        f"{t.who} lấy ý kiến của {t.agencies(p['agencies'])}, trả lời trong {t.limit(p['limit'])}: "
        f"{t.text(p['content'])}.{consent}"
    )


def _opinion_answered(t: Teller, p: Payload) -> str:
    side = "nhất trí" if p["outcome"] == "agrees" else "không nhất trí"
    agency = t.state.tasks[p["task"]].agency
    return f"{t.who} ({t.agency(agency)}) cho ý kiến {side}: {t.text(p['content'])}."


def _opinion_deemed(t: Teller, p: Payload) -> str:
    agency = t.state.tasks[p["task"]].agency
    return f"{t.agency(agency)} không trả lời trong thời hạn nên được coi là nhất trí."


def _supplement_asked(t: Teller, p: Payload) -> str:
    cap = f" Hạn bổ sung: {t.at(p['cap_at'])}." if p["cap_at"] else ""
    late = " Yêu cầu này gửi sau thời hạn được phép yêu cầu." if p.get("late_request") else ""
    return (
        f"{t.who} yêu cầu người nộp bổ sung, hoàn thiện hồ sơ (lần {p['no']}): {t.text(p['content'])}; "
        f"{_EFFECTS.get(p['effect'], p['effect'])}.{cap}{late}"
    )


def _supplement_received(t: Teller, p: Payload) -> str:
    return f"{t.who} nhận bổ sung lần {p['no']} ({len(p['papers'])} loại giấy tờ)."


def _supplement_lapsed(t: Teller, p: Payload) -> str:
    return f"hết thời hạn bổ sung lần {p['no']} mà người nộp chưa bổ sung."


def _payment_asked(t: Teller, p: Payload) -> str:
    amount = f" {money(p['amount'])}" if p["amount"] is not None else ""
    if p.get("fee"):
        return f"{t.agency(p['agency'])} tính {_fee_name(t, p['fee'])}:{amount}."
    pauses = " Tạm dừng tính thời gian cho đến khi nộp xong." if p["pauses"] else ""
    return f"{t.agency(p['agency'])} yêu cầu người nộp thực hiện nghĩa vụ tài chính{amount}.{pauses}"


def _payment_confirmed(t: Teller, p: Payload) -> str:
    amount = f" {money(p['amount'])}" if p.get("amount") is not None else ""
    if (fee := t.state.payments[p["no"]].fee) is not None:
        return f"{t.who} thu {_fee_name(t, fee)}:{amount}, biên lai số {p['receipt']}."
    return f"{t.who} xác nhận người nộp đã nộp{amount}, chứng từ số {p['receipt']}."


def _payment_waived(t: Teller, p: Payload) -> str:
    payment = t.state.payments[p["no"]]
    what = _fee_name(t, payment.fee) if payment.fee is not None else f"khoản phải nộp số {payment.no}"
    return f"{t.who} miễn {what}.{t.because(p['reason'])}"


def _fee_name(t: Teller, fee: str) -> str:
    return next((f"“{each.name}”" for each in t.plan.definition.fees if each.id == fee), f"“{fee}”")


def _member_requested(t: Teller, p: Payload) -> str:
    return (
        f"mở hồ sơ thành phần (thủ tục {p['procedure']}) tại {t.agency(p['agency'])} cho {t.task(p['task'])}."
    )


def _member_waiting(t: Teller, p: Payload) -> str:
    return f"đồng hồ của hồ sơ thành phần dừng, {t.task(p['task'])} chờ theo."


def _member_working(t: Teller, p: Payload) -> str:
    return f"đồng hồ của hồ sơ thành phần chạy tiếp, {t.task(p['task'])} tính tiếp."


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
    Kind.OPINION_ASKED: _opinion_asked,
    Kind.OPINION_ANSWERED: _opinion_answered,
    Kind.OPINION_DEEMED: _opinion_deemed,
    Kind.SUPPLEMENT_ASKED: _supplement_asked,
    Kind.SUPPLEMENT_RECEIVED: _supplement_received,
    Kind.SUPPLEMENT_LAPSED: _supplement_lapsed,
    Kind.PAYMENT_ASKED: _payment_asked,
    Kind.PAYMENT_CONFIRMED: _payment_confirmed,
    Kind.PAYMENT_WAIVED: _payment_waived,
    Kind.MEMBER_REQUESTED: _member_requested,
    Kind.MEMBER_WAITING: _member_waiting,
    Kind.MEMBER_WORKING: _member_working,
}
