"""What is waited for, in plain words: opinions, supplements, payments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dossiers.core.said import Said
from workflows.engine.kinds import Kind
from workflows.views.money import money
from workflows.views.teller import Teller

Payload = Mapping[str, Any]

_EFFECTS = {
    "pause": Said("tạm dừng tính thời gian"),
    "restart": Said("tính lại thời hạn từ đầu khi bổ sung xong"),
}


def _opinion_asked(t: Teller, p: Payload) -> str:
    consent = Said(" Im lặng là đồng ý.") if p["silence"] == "consent" else ""
    return Said(
        "{who} lấy ý kiến của {agencies}, trả lời trong {limit}: {content}.{consent}",
        who=t.who,
        agencies=t.agencies(p["agencies"]),
        limit=t.limit(p["limit"]),
        content=t.text(p["content"]),
        consent=consent,
    )


def _opinion_answered(t: Teller, p: Payload) -> str:
    side = Said("nhất trí") if p["outcome"] == "agrees" else Said("không nhất trí")
    agency = t.state.tasks[p["task"]].agency
    return Said(
        "{who} ({agency}) cho ý kiến {side}: {content}.",
        who=t.who,
        agency=t.agency(agency),
        side=side,
        content=t.text(p["content"]),
    )


def _opinion_deemed(t: Teller, p: Payload) -> str:
    agency = t.state.tasks[p["task"]].agency
    return Said("{agency} không trả lời trong thời hạn nên được coi là nhất trí.", agency=t.agency(agency))


def _supplement_asked(t: Teller, p: Payload) -> str:
    cap = Said(" Hạn bổ sung: {cap_at}.", cap_at=t.at(p["cap_at"])) if p["cap_at"] else ""
    late = Said(" Yêu cầu này gửi sau thời hạn được phép yêu cầu.") if p.get("late_request") else ""
    return Said(
        "{who} yêu cầu người nộp bổ sung, hoàn thiện hồ sơ (lần {no}): {content}; {effect}.{cap}{late}",
        who=t.who,
        no=p["no"],
        content=t.text(p["content"]),
        effect=_EFFECTS.get(p["effect"], p["effect"]),
        cap=cap,
        late=late,
    )


def _supplement_received(t: Teller, p: Payload) -> str:
    return Said("{who} nhận bổ sung lần {no} ({n} loại giấy tờ).", who=t.who, no=p["no"], n=len(p["papers"]))


def _supplement_lapsed(t: Teller, p: Payload) -> str:
    return Said("hết thời hạn bổ sung lần {no} mà người nộp chưa bổ sung.", no=p["no"])


def _payment_asked(t: Teller, p: Payload) -> str:
    amount = Said(" {money}", money=money(p["amount"])) if p["amount"] is not None else ""
    agency = t.agency(p["agency"])
    if p.get("fee"):
        return Said("{agency} tính {fee}:{amount}.", agency=agency, fee=_fee_name(t, p["fee"]), amount=amount)
    pauses = Said(" Tạm dừng tính thời gian cho đến khi nộp xong.") if p["pauses"] else ""
    return Said(
        "{agency} yêu cầu người nộp thực hiện nghĩa vụ tài chính{amount}.{pauses}",
        agency=agency,
        amount=amount,
        pauses=pauses,
    )


def _payment_confirmed(t: Teller, p: Payload) -> str:
    amount = Said(" {money}", money=money(p["amount"])) if p.get("amount") is not None else ""
    fee = t.state.payments[p["no"]].fee
    if fee is not None:
        return Said(
            "{who} thu {fee}:{amount}, biên lai số {receipt}.",
            who=t.who,
            fee=_fee_name(t, fee),
            amount=amount,
            receipt=p["receipt"],
        )
    return Said(
        "{who} xác nhận người nộp đã nộp{amount}, chứng từ số {receipt}.",
        who=t.who,
        amount=amount,
        receipt=p["receipt"],
    )


def _payment_waived(t: Teller, p: Payload) -> str:
    payment = t.state.payments[p["no"]]
    if payment.fee is not None:
        what: str = _fee_name(t, payment.fee)
    else:
        what = Said("khoản phải nộp số {no}", no=payment.no)
    return Said("{who} miễn {what}.{because}", who=t.who, what=what, because=t.because(p["reason"]))


def _fee_name(t: Teller, fee: str) -> str:
    return next((f"“{each.name}”" for each in t.plan.definition.fees if each.id == fee), f"“{fee}”")


WAIT_WORDS: dict[Kind, Callable[[Teller, Any], str]] = {
    Kind.OPINION_ASKED: _opinion_asked,
    Kind.OPINION_ANSWERED: _opinion_answered,
    Kind.OPINION_DEEMED: _opinion_deemed,
    Kind.SUPPLEMENT_ASKED: _supplement_asked,
    Kind.SUPPLEMENT_RECEIVED: _supplement_received,
    Kind.SUPPLEMENT_LAPSED: _supplement_lapsed,
    Kind.PAYMENT_ASKED: _payment_asked,
    Kind.PAYMENT_CONFIRMED: _payment_confirmed,
    Kind.PAYMENT_WAIVED: _payment_waived,
}
