"""Waiting for the applicant: supplements, financial obligations, fees at the desk."""

from __future__ import annotations

from dossiers.agencies.models import Role
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.said import Said, joined
from workflows.commands import (
    AskPayment,
    AskSupplement,
    CollectFee,
    ConfirmPayment,
    ReceiveSupplement,
    WaiveFee,
)
from workflows.definitions.model import AtCap, Fee, StepKind, SupplementEffect, SupplementRule
from workflows.engine.draft import Draft
from workflows.engine.fees import fees_of, is_settled
from workflows.engine.intake import as_data, check_papers
from workflows.engine.kinds import Kind
from workflows.engine.promising import deadline_of
from workflows.engine.state import Payment, Phase, TaskStatus
from workflows.engine.steps import complete, go_on, step_of

MOST_REQUESTS = 2
"""Officials may not send an applicant away to supplement more than twice (NĐ 63/2010/NĐ-CP, art. 20.4)."""

_DEFAULT_RULE = SupplementRule(effect=SupplementEffect.RESTART, basis="NĐ 61/2018/NĐ-CP, Điều 19 khoản 4")


def ask_supplement(draft: Draft, command: AskSupplement) -> None:
    """Ask the applicant for what is missing: the clock stops until it comes, or the time for it is over."""
    state = draft.state
    if state.phase.is_closed:
        raise Conflict("Hồ sơ đã kết thúc, không yêu cầu bổ sung được nữa.", code="dossier_closed")
    agency = _who_asks(draft, command)
    if state.open_supplement() is not None:
        raise Conflict(
            "Đã có một yêu cầu bổ sung đang chờ người nộp.",
            code="already_asked",
            hint="Yêu cầu bổ sung phải đầy đủ trong một lần.",
        )
    rule = draft.plan.definition.supplement or _DEFAULT_RULE
    most = rule.max_requests or MOST_REQUESTS
    if len(state.supplements) >= most:
        raise Conflict(
            Said(
                "Hồ sơ đã được yêu cầu bổ sung {n} lần, là mức tối đa của thủ tục này.",
                n=len(state.supplements),
            ),
            code="too_many_requests",
            hint="Giải quyết với hồ sơ hiện có: chấp thuận, hoặc từ chối và nêu lý do.",
            details={"basis": rule.basis or "NĐ 63/2010/NĐ-CP, Điều 20 khoản 4"},
        )
    cap = deadline_of(draft, rule.cap, draft.at).due_at if rule.cap else None
    draft.emit(
        Kind.SUPPLEMENT_ASKED,
        no=len(state.supplements) + 1,
        agency=agency,
        effect=rule.effect.value,
        content=draft.text(command.content),
        cap_at=cap,
        at_cap=rule.at_cap.value,
        late_request=_asked_late(draft, rule),
    )


def _who_asks(draft: Draft, command: AskSupplement) -> str:
    if command.task is None:
        draft.require(Role.RECEPTIONIST, draft.state.desk, Said("Yêu cầu bổ sung"))
        return draft.state.desk
    task = draft.live_task(command.task)
    draft.require(Role(task.role), task.agency, Said("Yêu cầu bổ sung"))
    if task.status is not TaskStatus.OPEN or not task.counted:
        raise Conflict(
            Said(
                "Bước “{step_name}” chưa được nhận nên chưa thể yêu cầu bổ sung.",
                step_name=draft.step_name(task),
            ),
            code="not_received",
            where=f"task {task.no}",
        )
    return task.agency


def _asked_late(draft: Draft, rule: SupplementRule) -> bool:
    """Whether the request comes after the time in which an officer may ask for one."""
    started = draft.state.clock.started_at
    if rule.ask_within is None or started is None:
        return False
    within = deadline_of(draft, rule.ask_within, draft.state.clock.window_from or started).due_at
    return within is not None and draft.at > within


def receive_supplement(draft: Draft, command: ReceiveSupplement) -> None:
    """Record what the applicant handed in; the clock goes on, or starts anew."""
    supplement = draft.state.open_supplement()
    if supplement is None:
        raise Conflict("Hồ sơ không chờ bổ sung.", code="nothing_asked")
    draft.require((Role.RECEPTIONIST, Role.CLERK, Role.OFFICER), draft.state.desk, Said("Nhận bổ sung"))
    papers = [as_data(paper) for paper in command.papers]
    check_papers(draft.plan.definition, papers, draft.conditions, complete=False)
    draft.emit(Kind.SUPPLEMENT_RECEIVED, no=supplement.no, papers=papers)


def lapse_supplement(draft: Draft, number: int) -> None:
    """The time to supplement is over: stop, refuse or return the dossier, as the procedure says."""
    supplement = draft.state.supplements[number]
    draft.emit(Kind.SUPPLEMENT_LAPSED, no=number)
    reason = {"supplement": number, "at_cap": supplement.at_cap}
    if draft.state.phase is Phase.REGISTERED:
        draft.emit(Kind.REFUSED, because=reason, reason=None, end=None, positive=False)
        return
    draft.emit(Kind.PROMISE_KEPT, promises=_unbroken(draft))
    if supplement.at_cap == AtCap.REFUSE:
        end = next((key for key, end in draft.plan.definition.ends.items() if not end.positive), None)
        draft.emit(Kind.FINISHED, because=reason, end=end, positive=False)
    else:
        draft.emit(Kind.STOPPED, because=reason, reason=None, end=supplement.at_cap, positive=False)


def _unbroken(draft: Draft) -> list[int]:
    return [item.no for item in draft.state.promises.values() if item.status in ("running", "suspended")]


def ask_payment(draft: Draft, command: AskPayment) -> None:
    """Ask the applicant to pay; when it pauses, the clock waits for the proof of payment."""
    state = draft.state
    if state.phase not in (Phase.REGISTERED, Phase.PROCESSING):
        raise Conflict("Hồ sơ đã kết thúc.", code="dossier_closed")
    agency, role = state.desk, Role.RECEPTIONIST
    if command.task is not None:
        task = draft.live_task(command.task)
        agency, role = task.agency, Role(task.role)
    draft.require(role, agency, Said("Yêu cầu thực hiện nghĩa vụ tài chính"))
    if command.pauses and (state.pausing_payment() or state.open_supplement()):
        raise Conflict("Hồ sơ đang chờ người nộp rồi.", code="already_waiting")
    draft.emit(
        Kind.PAYMENT_ASKED,
        no=len(state.payments) + 1,
        amount=command.amount,
        pauses=command.pauses,
        task=command.task,
        agency=agency,
    )


def confirm_payment(draft: Draft, command: ConfirmPayment) -> None:
    """Record the proof of payment; a step that waited for it is done."""
    payment = _awaited(draft, command.payment)
    if draft.actor.agency != draft.state.desk:
        draft.require(list(Role), payment.agency, Said("Xác nhận đã nộp"))
    draft.emit(Kind.PAYMENT_CONFIRMED, no=payment.no, receipt=command.receipt, amount=command.amount)
    _settled(draft, payment)


def _settled(draft: Draft, payment: Payment) -> None:
    """A step that waited for this payment is done."""
    task = draft.state.tasks.get(payment.task) if payment.task is not None else None
    if task is not None and task.is_live and task.kind == StepKind.PAYMENT:
        step = step_of(draft, task)
        done = complete(draft, task, step.ways[0].id)
        go_on(draft, done, step.ways[0])


def collect_fee(draft: Draft, command: CollectFee) -> None:
    """Record a fee the desk received: asked for and paid at once, no clock stops."""
    fee = _fee_at_desk(draft, command.fee, Said("Thu phí, lệ phí"))
    number = _asked_at_desk(draft, fee, command.quantity)
    draft.emit(
        Kind.PAYMENT_CONFIRMED,
        no=number,
        receipt=command.receipt,
        amount=fee.amount * command.quantity if command.amount is None else command.amount,
    )


def waive_fee(draft: Draft, command: WaiveFee) -> None:
    """Record that a fee need not be paid: the desk for fees of the procedure, else the agency that asked."""
    if (command.fee is None) is (command.payment is None):
        raise BadInput(
            "Nêu khoản thu của thủ tục, hoặc khoản đã yêu cầu nộp; chỉ một trong hai.",
            code="fee_or_payment",
            where="fee",
        )
    if command.fee is not None:
        fee = _fee_at_desk(draft, command.fee, Said("Miễn phí, lệ phí"))
        number = _asked_at_desk(draft, fee, 1)
    else:
        number = _awaited(draft, command.payment).no
        draft.require(list(Role), draft.state.payments[number].agency, Said("Miễn phí, lệ phí"))
    draft.emit(Kind.PAYMENT_WAIVED, no=number, reason=draft.text(command.reason))
    _settled(draft, draft.state.payments[number])


def _fee_at_desk(draft: Draft, wanted: str, what: str) -> Fee:
    """A fee of this case that is neither paid nor waived, which the desk may take or waive now."""
    state = draft.state
    if state.phase not in (Phase.REGISTERED, Phase.PROCESSING, Phase.FINISHED):
        raise Conflict("Hồ sơ đã kết thúc.", code="dossier_closed")
    draft.require((Role.RECEPTIONIST, Role.CLERK), state.desk, what)
    owed = fees_of(state, draft.plan.definition)
    if not owed:
        raise Conflict("Hồ sơ này không có phí, lệ phí phải nộp.", code="no_fee", where="fee")
    fee = next((each for each in owed if each.id == wanted), None)
    if fee is None:
        raise BadInput(
            Said("Hồ sơ này không có khoản thu “{wanted}”.", wanted=wanted),
            code="fee_unknown",
            where="fee",
            hint=Said(
                "Các khoản thu: {fees}.", fees=joined(", ", (f"{each.id} ({each.name})" for each in owed))
            ),
        )
    if is_settled(state, fee):
        raise Conflict(Said("{fee}: đã thu hoặc đã miễn.", fee=fee.name), code="fee_settled", where="fee")
    return fee


def _asked_at_desk(draft: Draft, fee: Fee, quantity: int) -> int:
    number = len(draft.state.payments) + 1
    draft.emit(
        Kind.PAYMENT_ASKED,
        no=number,
        amount=fee.amount * quantity,
        pauses=False,
        task=None,
        agency=draft.state.desk,
        fee=fee.id,
        quantity=quantity,
    )
    return number


def _awaited(draft: Draft, wanted: int | None) -> Payment:
    waiting = [item for item in draft.state.payments.values() if item.confirmed_at is None]
    if wanted is not None:
        waiting = [item for item in waiting if item.no == wanted]
    if not waiting:
        raise Conflict("Không có khoản nào đang chờ nộp.", code="nothing_to_pay", where="payment")
    return waiting[0]
